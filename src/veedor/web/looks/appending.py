"""`append`: one more entry of the log, in the transaction that it belongs to."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.conf import settings
from django.db import DatabaseError, connection, transaction

from veedor.errors import SealError, phrase
from veedor.sealing import AccountChange, Head, KeyRenewed, Look, Purpose, Witnessed, raw_key
from veedor.sealing.appending import now
from veedor.sealing.batches import Entry
from veedor.sealing.manifests import this_code
from veedor.sealing.parts import Code
from veedor.web.looks import models
from veedor.web.looks.given_out import require_not_older
from veedor.web.site.keys import log_key

#: A clock that was set back by less stands still until it has caught up.
_SET_BACK_S = 2.0
#: How long one that appends waits for another; SQLite's own time is in its settings.
_PATIENCE = "20s"

#: Makes an entry, given when it is written and by what code.
Made = Callable[[str, Code], Purpose | Look | AccountChange | Witnessed | KeyRenewed]


class NotWrittenError(Exception):
    """The log could not be written, so that nothing may be shown or changed."""

    def __init__(self, why: SealError | None) -> None:
        super().__init__(str(why or "the database"))
        self.why = why


@contextmanager
def written() -> Iterator[None]:
    """Do what is within and write it into the log, both or neither; it is committed at the end.

    Raises
    ------
    NotWrittenError
        If the database is busy, full or gone, the clock is behind, or the database is an older one.
    """
    try:
        with transaction.atomic(durable=True):
            yield
    except DatabaseError as error:
        raise NotWrittenError(None) from error
    except SealError as error:
        raise NotWrittenError(error) from error


def append(make: Made) -> models.Entry:
    """Append an entry; it is in the log once the transaction ends.

    Raises
    ------
    SealError
        If this clock is behind the last entry's, or the database is older than a checkpoint that
        was given out.
    """
    with transaction.atomic():
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute(f"SET LOCAL lock_timeout = '{_PATIENCE}'")
        end = models.LogEnd.objects.select_for_update().get()
        require_not_older(end)
        entry, head = end.head.then(make(_instant(end.head), this_code()), signing_key())
        manifest = entry.manifest
        look = manifest if isinstance(manifest, Look) else None
        row = models.Entry.objects.create(
            number=manifest.number,
            leaf=entry.leaf.decode(),
            kind=manifest.__struct_config__.tag,
            at=datetime.fromisoformat(manifest.written_at).astimezone(UTC),
            account=getattr(manifest, "account", ""),
            project=getattr(manifest, "project", "") or "",
            office=getattr(manifest, "office", ""),
            role=getattr(manifest, "role", ""),
            what=_what(manifest),
            why=_why(manifest),
            under=look.purpose if look is not None else None,
        )
        end.move_to(head)
    return row


def signing_key() -> Ed25519PrivateKey:
    """Return the key that signs what follows: the one that the log named last.

    Raises
    ------
    SealError
        If the key of the site is another: it would sign what nobody believes.
    """
    key = log_key()
    named = (
        models.Entry.objects.filter(kind="key").order_by("-number").values_list("leaf", flat=True)
    )
    leaf = named.first()
    if leaf is not None:
        said = Entry.read(leaf.encode(), "the database").manifest
        if getattr(said, "public_key", "") != raw_key(key.public_key()).hex():
            raise SealError(
                "An access log must be signed by the key that it named last.",
                found=phrase("another key in the place of the log's"),
                where=str(settings.VEEDOR_SITE.log_key),
                remedy="where a renewal was broken off, ask for it again: "
                "`veedor web renew SITE --log-key`; else put back the key that is its own",
            )
    return key


def _instant(head: Head) -> str:
    """When it is by this clock; when it was last, where the clock was set back by a moment."""
    at = now()
    if at >= head.written_at:
        return at
    behind = datetime.fromisoformat(head.written_at) - datetime.fromisoformat(at)
    return head.written_at if behind.total_seconds() < _SET_BACK_S else at


def _what(manifest: object) -> str:
    for name in ("thing", "change", "witness"):
        if hasattr(manifest, name):
            return str(getattr(manifest, name))
    return ""


def _why(manifest: object) -> str:
    if isinstance(manifest, Purpose):
        return manifest.purpose
    if isinstance(manifest, Look):
        return models.Entry.objects.values_list("why", flat=True).get(number=manifest.purpose)
    return ""
