"""Ed25519 keys: one private key for each log, kept outside of it."""

from __future__ import annotations

import glob
import hashlib
import os
import tempfile
from pathlib import Path

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
    load_pem_public_key,
)

from veedor.errors import SealError, phrase
from veedor.files.replacing import content

#: Keys and certificates are small.
MOST_BYTES = 1 << 20


def default_key(log: Path) -> Path:
    """Where a log's private key lies where none is named: beside the log, never in it."""
    place = log.resolve()
    return place.with_name(f"{place.name}.key")


def create_key(path: Path) -> Ed25519PrivateKey:
    """Make a private key and write it as PEM that only its owner may read (mode 0600).

    Raises
    ------
    SealError
        If there is such a file already: a key is never replaced.
    """
    key = Ed25519PrivateKey.generate()
    clear_copies(path)
    handle, name = tempfile.mkstemp(prefix=f".{path.name}.", suffix=".part", dir=path.parent)
    part = Path(name)  # mode 0600
    try:
        with os.fdopen(handle, "wb") as stream:
            stream.write(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
            stream.flush()
            os.fsync(stream.fileno())
        os.link(part, path)  # whole or not at all, and never over another
    except FileExistsError as error:
        raise SealError(
            "A new key must not replace another: who loses the key of a log can never add to it.",
            found=phrase("a file that is there already"),
            where=str(path),
            remedy="name another file, or use the key that is there with --key",
        ) from error
    finally:
        part.unlink(missing_ok=True)
    return key


def clear_copies(path: Path) -> None:
    """Remove copies of a private key that a command left when it broke off while it made one."""
    for left in path.parent.glob(f".{glob.escape(path.name)}.*.part"):
        left.unlink()


def is_key_of(path: Path, log: Path) -> bool:
    """Whether a private key is that of a log, or there is no log yet that has one.

    Raises
    ------
    SealError
        If one of them is no key.
    """
    public = log / "public-key.pem"
    if not public.exists():
        return not log.exists() or not any(log.iterdir())
    return raw(load_public_key(content(public, MOST_BYTES, phrase("A key")), str(public))) == raw(
        load_key(path).public_key()
    )


def load_key(path: Path) -> Ed25519PrivateKey:
    """Read a private key.

    Raises
    ------
    SealError
        If there is none, or it is not an Ed25519 key in PEM without a password.
    UnreadableError
        If it is a device or a pipe, or larger than any.
    """
    try:
        key = load_pem_private_key(content(path, MOST_BYTES, phrase("A key")), None)
        if not isinstance(key, Ed25519PrivateKey):
            raise TypeError(f"a {type(key).__name__}")  # noqa: TRY301
    except (OSError, ValueError, TypeError, UnsupportedAlgorithm) as error:
        raise SealError(
            "The key of a log must be an Ed25519 private key in PEM, without a password.",
            found=f"{type(error).__name__}: {error}",
            where=str(path),
            remedy="make one with `veedor log seal ... --new-key FILE`",
        ) from error
    return key


def public_pem(key: Ed25519PublicKey) -> bytes:
    """PEM of a public key."""
    return key.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)


def load_public_key(text: bytes, where: str) -> Ed25519PublicKey:
    """Read a public key from PEM that is exactly as `public_pem` writes it.

    Raises
    ------
    SealError
        If it is not.
    """
    try:
        key = load_pem_public_key(text)
        if not isinstance(key, Ed25519PublicKey):
            raise TypeError(f"a {type(key).__name__}")  # noqa: TRY301
        if public_pem(key) != text:
            raise ValueError("bytes that do not belong to the key")  # noqa: TRY301
    except (ValueError, TypeError, UnsupportedAlgorithm) as error:
        raise SealError(
            "A public key must be an Ed25519 key in PEM.",
            found=f"{type(error).__name__}: {error}",
            where=where,
        ) from error
    return key


def fingerprint(key: Ed25519PublicKey) -> str:
    """SHA-256 of the 32 bytes of a public key, in hexadecimal: what one compares by telephone."""
    return hashlib.sha256(raw(key)).hexdigest()


def raw(key: Ed25519PublicKey) -> bytes:
    """Return the 32 bytes of a public key."""
    return key.public_bytes(Encoding.Raw, PublicFormat.Raw)


def signed_by(key: Ed25519PublicKey, signature: bytes, message: bytes) -> bool:
    """Whether a signature over a message is the key's."""
    try:
        key.verify(signature, message)
    except InvalidSignature:
        return False
    return True
