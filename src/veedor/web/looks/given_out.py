"""The newest checkpoint that was given out, kept beside the database: an older one stops."""

from __future__ import annotations

from pathlib import Path

from django.conf import settings
from filelock import FileLock

from veedor.errors import SealError, phrase
from veedor.files.replacing import replacing
from veedor.sealing import Checkpoint
from veedor.web.looks.models import Entry, LogEnd

_NEWEST = "newest"


def folder() -> Path:
    """Where checkpoints are kept."""
    kept: Path = settings.VEEDOR_SITE.checkpoints
    return kept


def newest() -> Checkpoint | None:
    """Return the newest checkpoint that was given out; None before the first."""
    path = folder() / _NEWEST
    try:
        return Checkpoint.parse(path.read_text(encoding="utf-8"), str(path))
    except FileNotFoundError:
        return None


def keep(checkpoint: Checkpoint) -> None:
    """Keep a checkpoint that is about to be given out, unless a newer one was."""
    folder().mkdir(exist_ok=True)
    with FileLock(folder() / ".lock"):
        given = newest()
        if given is not None and given.size >= checkpoint.size:
            return
        with replacing(folder() / _NEWEST) as part:
            part.write_text(checkpoint.text, encoding="utf-8")


def require_not_older(end: LogEnd) -> None:
    """Refuse a database whose log does not go on from the newest checkpoint that was given out.

    Raises
    ------
    SealError
        If it has fewer entries, or others: it was restored from an older copy, or changed.
    """
    given = newest()
    if given is not None:
        require_goes_on(end, given, folder() / _NEWEST)


def require_goes_on(end: LogEnd, given: Checkpoint, where: Path) -> None:
    """Refuse a database whose log does not go on from a checkpoint that is kept somewhere.

    Raises
    ------
    SealError
        If it has fewer entries, or others: it was restored from an older copy, or changed.
    """
    if given.origin != end.origin:
        found = phrase("the log {name}", name=end.origin)
    elif end.size < given.size:
        found = phrase("{n} entries, where {given} were given out", n=end.size, given=given.size)
    elif _root_at(given.size, end) != given.root.hex():
        found = phrase("other entries than those of the checkpoint")
    else:
        return
    raise SealError(
        "The database of a site must hold every entry of which a checkpoint was given out.",
        found=found,
        where=str(where),
        remedy="restore a newer copy of the database. If there is none, say so in public first, "
        "then take that file away: whoever keeps a checkpoint will see that the log was cut",
    )


def _root_at(size: int, end: LogEnd) -> str:
    """Head of the tree of the first entries: every entry names the head before it."""
    if size == end.size:
        return end.root
    leaf = Entry.objects.values_list("leaf", flat=True).get(number=size)
    return leaf.split('"previous":"', 1)[1][:64]
