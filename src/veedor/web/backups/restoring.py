"""`restore`: a site made anew from its backup, with its access log verified before it is there."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path

import msgspec
from django.contrib.sessions.models import Session
from django.db import transaction
from django.db.migrations.loader import MigrationLoader

from veedor.errors import SealError, StudyError, phrase
from veedor.sealing import verify
from veedor.web.backups.archive import Snapshot
from veedor.web.backups.tables import copy_in, require_fits
from veedor.web.looks.appending import signing_key
from veedor.web.looks.exporting import write_log
from veedor.web.looks.models import LogEnd
from veedor.web.looks.starting import require_sound
from veedor.web.site.keys import first_key
from veedor.web.site.opening import require_all_known


class Restored(msgspec.Struct, frozen=True):
    """What is there again.

    Parameters
    ----------
    entries : int
        Of the access log.
    written_at : str
        When the last of them was written; empty without any.
    checkpoint : str
        Of them all.
    """

    entries: int
    written_at: str
    checkpoint: str


def restore_database(folder: Path, snapshot: Snapshot) -> Restored:
    """Put the database of a backup, whose files are unpacked, into the place of the site's own.

    Nobody is signed in any more: a session that was ended since would be open again.

    Parameters
    ----------
    folder : Path
        Of the site that is open.
    snapshot : Snapshot

    Raises
    ------
    StudyError
        If it is of a newer veedor, or does not fit where it is to go.
    SealError
        If its log does not hold.
    """
    _require_known(snapshot)
    require_fits(snapshot)
    with transaction.atomic(durable=True):
        copy_in(folder, snapshot)
        require_sound()
        Session.objects.all().delete()
        return _verified(folder)


def _require_known(snapshot: Snapshot) -> None:
    require_all_known(snapshot.migrations)
    disk = {".".join(one) for one in MigrationLoader(None).disk_migrations}
    unknown = sorted(set(snapshot.migrations) - disk)
    if unknown and snapshot.vendor == "postgresql":
        raise StudyError(
            "A backup must be restored with the packages that its database was made with.",
            found=phrase("migrations that are not known: {names}", names=", ".join(unknown[:3])),
            remedy="restore it with the version of veedor that made it, then go forward",
        )


def _verified(folder: Path) -> Restored:
    scratch = Path(tempfile.mkdtemp(prefix="looks-", dir=folder / "work"))
    try:
        end = LogEnd.objects.get()
        written = write_log(end, scratch / "log")
        checked = verify(scratch / "log", public_key=first_key())
    finally:
        shutil.rmtree(scratch, ignore_errors=True)
    is_whole = (written.size, written.root.hex()) == (end.size, end.root)
    if not (checked.holds and is_whole):
        codes = sorted({one.what.code for one in checked.problems}) or [str(written.size)]
        raise SealError(
            "The access log of a backup must hold.",
            found=", ".join(codes[:5]),
            remedy="take an earlier backup, and find out who had this one",
        )
    return Restored(end.size, end.written_at, end.head.checkpoint(signing_key()).text)
