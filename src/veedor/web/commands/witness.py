"""Give checkpoints of a site's access log to witnesses, and keep those of other sites.

Whoever keeps a checkpoint can show later that the log was cut or rewritten: give it to people who
do not answer to whoever keeps the site. Who they are is said in site.toml, [witnesses]; so is how
often the workers of the site do this by themselves: every day. Exit code 2 if a witness could not
be reached, or the log of another site does not go on from where it was.

Example: veedor web witness mysite
"""

from __future__ import annotations

from veedor.tasks.context import Context
from veedor.tasks.request import FolderThere, argument, request
from veedor.tasks.use_case import Done, use_case


@request
class Request:
    """Whose checkpoints are given out."""

    site: FolderThere = argument()


@use_case
def perform(request: Request, context: Context) -> Done:
    """Give out a checkpoint, and fetch those of other sites.

    Returns
    -------
    Done
        ``results`` is the `Checkpoint`.

    Raises
    ------
    StudyError
        If the folder holds no site, or packages are missing.
    SealError
        If the log cannot be written, or the database is an older one.
    """
    from veedor.errors import SealError, VeedorError, phrase
    from veedor.report.words import words_in
    from veedor.web.commands.words import witnessed
    from veedor.web.site.opening import migrate, open_site

    site = open_site(request.site)
    migrate()
    from veedor.web.looks.appending import NotWrittenError
    from veedor.web.looks.starting import require_sound
    from veedor.web.looks.watching import watch
    from veedor.web.looks.witnessing import give_out

    require_sound()
    try:
        given = give_out()
    except NotWrittenError as error:
        raise error.why or SealError(
            "The access log must be written.",
            found=phrase("a database that is busy, full or gone"),
            where=str(request.site),
        ) from error
    hindrances, watched = list(given.hindrances), []
    for address in site.settings.witnesses.sites:
        try:
            watched.append((address, watch(address)))
        except VeedorError as error:
            hindrances.append(error)
    told = witnessed(words_in(context.language), given, watched)
    return Done(request.site, given.checkpoint, told, hindrances=tuple(hindrances))
