"""Checkpoints: signed tree heads, as short texts that anyone can keep.

::

    example.org/weekly-test          the log's name
    12                               entries
    CsUYapGGPo4dkMgIAUqom/Xa...      head of the Merkle tree, base64

    — example.org/weekly-test Az3grlgtzPICa5OS...    Ed25519, over the three lines

This is the form of C2SP's tlog-checkpoint and signed-note, so other tools read it.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
from dataclasses import dataclass

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from veedor.errors import SealError, phrase
from veedor.sealing.keys import raw, signed_by

_ED25519 = b"\x01"
_FORM = phrase("A checkpoint must be a signed tree head: name, size, head, and one signature line.")


@dataclass(frozen=True)
class Checkpoint:
    """A tree head and its signature.

    Parameters
    ----------
    origin : str
        Name of the log: no blanks, no ``+``.
    size : int
        Entries.
    root : bytes
        Head of the tree, 32 bytes.
    signature : bytes
        Four bytes that name the key, and 64 of Ed25519.
    """

    origin: str
    size: int
    root: bytes
    signature: bytes

    @classmethod
    def signed(cls, origin: str, size: int, root: bytes, key: Ed25519PrivateKey) -> Checkpoint:
        """Sign a tree head."""
        public = key.public_key()
        message = body(origin, size, root)
        return cls(origin, size, root, _key_id(origin, public) + key.sign(message))

    @classmethod
    def parse(cls, text: str, where: str) -> Checkpoint:
        """Read a checkpoint strictly: one text, one meaning.

        Raises
        ------
        SealError
            If it is not exactly as `text` writes it.
        """
        lines = text.split("\n")
        try:
            origin, size, root, _, signature, _ = lines
            read = cls(
                origin,
                int(size),
                base64.b64decode(root, validate=True),
                base64.b64decode(signature.rpartition(" ")[2], validate=True),
            )
            if read.text != text or not 0 <= read.size < 2**53:
                raise ValueError("another form")  # noqa: TRY301
            require_origin(origin)
        except (ValueError, binascii.Error) as error:
            raise SealError(_FORM, found=f"{text[:60]!r}", where=where) from error
        if len(read.root) != 32 or len(read.signature) != 68:
            raise SealError(
                _FORM, found=phrase("a head or signature of another length"), where=where
            )
        return read

    @property
    def text(self) -> str:
        """The checkpoint as it is kept and published."""
        note = base64.b64encode(self.signature).decode()
        return f"{body(self.origin, self.size, self.root).decode()}\n— {self.origin} {note}\n"

    def is_by(self, key: Ed25519PublicKey) -> bool:
        """Whether the signature is the key's."""
        return self.signature[:4] == _key_id(self.origin, key) and signed_by(
            key, self.signature[4:], body(self.origin, self.size, self.root)
        )


def body(origin: str, size: int, root: bytes) -> bytes:
    """Return the three lines that are signed, and that a timestamp is for."""
    return f"{origin}\n{size}\n{base64.b64encode(root).decode()}\n".encode()


def require_origin(origin: str) -> None:
    """Refuse a name of a log that its checkpoints cannot carry.

    Raises
    ------
    SealError
        If it is empty, has blanks or a plus sign, or what cannot be printed.
    """
    if not origin or "+" in origin or not origin.isprintable() or origin.split() != [origin]:
        raise SealError(
            "The name of a log must be one word without a plus sign.",
            found=repr(origin),
            remedy="write it as example.org/weekly-test",
        )


def _key_id(origin: str, key: Ed25519PublicKey) -> bytes:
    return hashlib.sha256(origin.encode() + b"\n" + _ED25519 + raw(key)).digest()[:4]
