"""Write a whole site into one file, while it runs.

The file holds the database as it was at one moment, uploads, results, what is public, checkpoints,
site.toml and the keys, each with its SHA-256: whoever has it has the site. It is made whole or not
at all, readable by its owner only, and not compressed: close it (with age or gpg) before it leaves
the machine. Mail that waits in mail/ is not in it. Run it every night, as by cron, and now and then
`veedor web restore` into a new folder: a backup that was never restored is none. Exit code 2 if a
file that the database names is not there.

Example: veedor web backup mysite /media/disk/mysite-2026-11-30.backup
"""

from __future__ import annotations

from veedor.errors import phrase
from veedor.tasks.context import Context
from veedor.tasks.request import File, FolderThere, argument, request
from veedor.tasks.use_case import Done, use_case


@request
class Request:
    """Which site is copied, and into which file."""

    site: FolderThere = argument()
    file: File = argument()


@use_case
def perform(request: Request, context: Context) -> Done:
    """Write a backup.

    Returns
    -------
    Done
        ``results`` is the `Listed` of the backup.

    Raises
    ------
    StudyError
        If the folder holds no site, the file would be in it, the database does not answer or is of
        a newer veedor, or packages are missing.
    """
    from veedor.report.words import words_in
    from veedor.web.commands.words import backed_up
    from veedor.web.site.opening import answering, open_site, require_known

    open_site(request.site)
    from veedor.web.backups.taking import write_backup

    context.step(phrase("Copying the site"), None)
    with answering():
        require_known()
        taken = write_backup(request.file, context.advance)
    told = backed_up(words_in(context.language), request.site, request.file, taken)
    return Done(request.file, taken.listed, told, hindrances=taken.lacking)
