"""A batch: the entries that one command appended, and the checkpoint after them, in one file."""

from __future__ import annotations

import base64
import json
from collections.abc import Sequence
from dataclasses import dataclass

import msgspec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from veedor.errors import SealError, phrase
from veedor.sealing.checkpoints import Checkpoint
from veedor.sealing.keys import signed_by
from veedor.sealing.manifests import Manifest, decode, encode

_FORM = phrase("A batch must be entries and a checkpoint, in canonical JSON.")


@dataclass(frozen=True)
class Entry:
    """A signed manifest.

    Parameters
    ----------
    manifest : Manifest
    message : bytes
        Its canonical JSON, which is signed.
    signature : bytes
        64 bytes of Ed25519.
    """

    manifest: Manifest
    message: bytes
    signature: bytes

    @classmethod
    def signed(cls, manifest: Manifest, key: Ed25519PrivateKey) -> Entry:
        """Sign a manifest."""
        message = encode(manifest)
        return cls(manifest, message, key.sign(message))

    @classmethod
    def read(cls, leaf: bytes, where: str) -> Entry:
        """Read an entry as `leaf` gives it.

        Raises
        ------
        SealError
            If it is none.
        """
        try:
            return _entry(_ENTRY_READER.decode(leaf), where)
        except (msgspec.MsgspecError, RecursionError, ValueError) as error:
            raise SealError(_FORM, found=str(error), where=where) from error

    def is_by(self, key: Ed25519PublicKey) -> bool:
        """Whether the signature is the key's."""
        return signed_by(key, self.signature, self.message)

    @property
    def leaf(self) -> bytes:
        """The entry as it stands in the log: canonical JSON of manifest and signature."""
        note = base64.b64encode(self.signature)
        return b'{"manifest":' + self.message + b',"signature":"' + note + b'"}'


@dataclass(frozen=True)
class Batch:
    """Entries that were appended at once, and the checkpoint after the last.

    Parameters
    ----------
    entries : tuple of Entry
        At least one.
    checkpoint : Checkpoint
    """

    entries: tuple[Entry, ...]
    checkpoint: Checkpoint


class _WrittenEntry(msgspec.Struct, forbid_unknown_fields=True):
    manifest: msgspec.Raw
    signature: str


class _WrittenBatch(msgspec.Struct, forbid_unknown_fields=True):
    checkpoint: str
    entries: list[_WrittenEntry]


_READER = msgspec.json.Decoder(_WrittenBatch)
_ENTRY_READER = msgspec.json.Decoder(_WrittenEntry)


def _entry(one: _WrittenEntry, where: str) -> Entry:
    return Entry(
        decode(bytes(one.manifest), where),
        bytes(one.manifest),
        base64.b64decode(one.signature, validate=True),
    )


def encode_batch(leaves: Sequence[bytes], checkpoint: Checkpoint) -> bytes:
    """Bytes of a batch: canonical JSON, and a newline."""
    note = json.dumps(checkpoint.text, ensure_ascii=False).encode()
    return b'{"checkpoint":' + note + b',"entries":[' + b",".join(leaves) + b"]}\n"


def decode_batch(text: bytes, where: str) -> Batch:
    """Read a batch strictly: it must be the bytes that `encode_batch` writes.

    Raises
    ------
    SealError
        If it is not.
    """
    try:
        read = _READER.decode(text)
        entries = tuple(_entry(one, where) for one in read.entries)
    except (msgspec.MsgspecError, RecursionError, ValueError) as error:
        raise SealError(_FORM, found=str(error), where=where) from error
    batch = Batch(entries, Checkpoint.parse(read.checkpoint, where))
    if not entries or encode_batch([one.leaf for one in entries], batch.checkpoint) != text:
        raise SealError(_FORM, found=phrase("no entries, or another form"), where=where)
    return batch
