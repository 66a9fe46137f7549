"""What the site's log is signed with, and what makes keys of accounts, projects and cases."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.conf import settings

from veedor.sealing import Pseudonyms, load_key


@lru_cache(maxsize=8)
def _key(path: Path) -> Ed25519PrivateKey:
    return load_key(path)


def log_key() -> Ed25519PrivateKey:
    """Return the key that the site's log is signed with."""
    return _key(settings.VEEDOR_SITE.log_key)


def pseudonyms() -> Pseudonyms:
    """Return what makes keys of accounts, projects and cases."""
    return _pseudonyms(settings.VEEDOR_SITE.log_key)


@lru_cache(maxsize=8)
def _pseudonyms(path: Path) -> Pseudonyms:
    return Pseudonyms(_key(path))
