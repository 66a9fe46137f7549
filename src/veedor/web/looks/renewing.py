"""`renew`: another key signs the log from here on, named in it by the one before."""

from __future__ import annotations

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from django.conf import settings

from veedor.sealing import KeyRenewed, create_key, fingerprint, load_key, raw_key
from veedor.sealing.batches import Entry as SealedEntry
from veedor.sealing.parts import Code
from veedor.web.looks.appending import append, written
from veedor.web.looks.models import Entry
from veedor.web.site.keys import keep_what_is_of_the_first, replace_log_key


def renew() -> str:
    """Give the log another key, and return its fingerprint.

    The new key is in a file of its own until the log names it; then that file takes the place of
    the former. What was broken off is done whole by asking again.
    """
    new = settings.VEEDOR_SITE.log_key.with_name(f"{settings.VEEDOR_SITE.log_key.name}.new")
    key = load_key(new) if new.exists() else create_key(new)
    keep_what_is_of_the_first()
    if not _is_named(key.public_key()):

        def make(written_at: str, code: Code) -> KeyRenewed:
            public = raw_key(key.public_key()).hex()
            return KeyRenewed(written_at=written_at, code=code, public_key=public)

        with written():
            append(make)
    replace_log_key(new)
    return fingerprint(key.public_key())


def _is_named(key: Ed25519PublicKey) -> bool:
    return renewals()[-1:] == [raw_key(key).hex()]


def renewals() -> list[str]:
    """Return every key that the log names, in order, as 64 hexadecimal digits."""
    said = [SealedEntry.read(leaf, "the database").manifest for leaf in renewing_leaves()]
    return [one.public_key for one in said if isinstance(one, KeyRenewed)]


def renewing_leaves() -> list[bytes]:
    """Return the entries that name a key, as anyone may read them: they tell of nobody."""
    found = Entry.objects.filter(kind="key").order_by("number").values_list("leaf", flat=True)
    return [leaf.encode() for leaf in found]
