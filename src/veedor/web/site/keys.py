"""What the site's log is signed with, and what makes keys of accounts, projects and cases."""

from __future__ import annotations

import os
from functools import lru_cache
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from django.conf import settings

from veedor.files.replacing import replacing
from veedor.sealing import Pseudonyms, load_key, raw_key


@lru_cache(maxsize=8)
def _key(path: Path, written: tuple[int, int]) -> Ed25519PrivateKey:  # noqa: ARG001 - read anew
    return load_key(path)


def log_key() -> Ed25519PrivateKey:
    """Return the key that the site's log is signed with, as its file is now."""
    path: Path = settings.VEEDOR_SITE.log_key
    try:
        about = path.stat()
    except OSError:
        return load_key(path)  # and say what is wrong with it
    return _key(path, (about.st_ino, about.st_mtime_ns))


def first_key() -> Ed25519PublicKey:
    """Return the key by which the log is known: the one that it began with."""
    kept = _of_the_first()
    if kept is None:
        return log_key().public_key()
    return Ed25519PublicKey.from_public_bytes(kept[0])


def pseudonyms() -> Pseudonyms:
    """Return what makes keys of accounts, projects and cases: the same for as long as the log."""
    kept = _of_the_first()
    return Pseudonyms(log_key() if kept is None else kept[1])


def keep_what_is_of_the_first() -> None:
    """Keep what the log is known by, and what names are made with, where its key is to go."""
    if _of_the_first() is None:
        key = log_key()
        lines = (raw_key(key.public_key()).hex(), Pseudonyms(key).secret.hex())
        with replacing(settings.VEEDOR_SITE.log_first, mode=0o600) as part:
            part.write_text("\n".join(lines) + "\n", encoding="ascii")


def replace_log_key(new: Path) -> None:
    """Let another file be the key, and the former be no more."""
    new.replace(settings.VEEDOR_SITE.log_key)
    folder = os.open(settings.VEEDOR_SITE.folder, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def _of_the_first() -> tuple[bytes, bytes] | None:
    """Public key and secret of names; None where the first key is the one of now."""
    try:
        text = settings.VEEDOR_SITE.log_first.read_text(encoding="ascii")
    except FileNotFoundError:
        return None
    public, secret = (bytes.fromhex(line) for line in text.split())
    return public, secret
