"""Make a site anew from a file that `veedor web backup` wrote.

SITE must be new or empty, and so must the database that DATABASE_URL names, if the backup is of
PostgreSQL. Every byte is held against the list in the backup, and the access log is verified,
before anything is in its place. What happened after the backup is not in it: whoever holds a later
checkpoint of the access log will see that it was cut, so say so in public before the site is
served. Accounts that were ended since are open again; everybody signs in anew.

Example: veedor web restore /media/disk/mysite-2026-11-30.backup mysite
"""

from __future__ import annotations

from pathlib import Path

from veedor.errors import phrase
from veedor.tasks.context import Context
from veedor.tasks.request import FileThere, Folder, argument, request
from veedor.tasks.use_case import Done, use_case


@request
class Request:
    """Which backup is restored, and where to."""

    file: FileThere = argument()
    site: Folder = argument()


@use_case
def perform(request: Request, context: Context) -> Done:
    """Restore a backup.

    Returns
    -------
    Done
        ``folder`` is the site's; ``results`` is the `Site`.

    Raises
    ------
    StudyError
        If something is there already, the backup is not as it was written or is of a newer
        veedor, the database is not empty, or packages are missing.
    SealError
        If the access log in it does not hold.
    """
    import shutil

    from veedor.report.words import words_in
    from veedor.web.backups.archive import TABLES, reading
    from veedor.web.commands.words import restored
    from veedor.web.site.folder import placing, read_site
    from veedor.web.site.opening import require_installed

    require_installed()
    with placing(request.site) as building, reading(request.file) as backup:
        context.step(phrase("Unpacking the backup"), len(backup.listed.files))
        for n, _ in enumerate(backup.unpack(building), start=1):
            context.advance(n)
        read_site(building)
        context.step(phrase("Restoring the database, and verifying the access log"), None)
        found = _in_the_database(building, backup.listed.database)
        shutil.rmtree(building / TABLES, ignore_errors=True)
    site = read_site(request.site)
    told = restored(words_in(context.language), request.site, backup.listed.made_at, found)
    return Done(request.site, site, told)


def _in_the_database(building: Path, snapshot: object) -> dict[str, object]:
    """Restore the database in a process of its own; raise the error that it met."""
    import msgspec

    from veedor.web.site.opening import in_another_process
    from veedor.web.work.packed import unpacked_error

    asked = building / "work" / "snapshot.json"
    asked.write_bytes(msgspec.json.encode(snapshot))
    told = msgspec.json.decode(in_another_process(building, "restore_database", str(asked)))
    asked.unlink()
    if "error" in told:
        raise unpacked_error(told["error"])
    found: dict[str, object] = told["restored"]
    return found
