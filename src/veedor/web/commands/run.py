"""Serve a site, and its work, until Ctrl-C.

Serves SITE, which `veedor web init` made, on 127.0.0.1:8000. Its database is brought up to date
first. For the world, put a proxy with a certificate before it.
"""

from __future__ import annotations

from veedor.errors import phrase
from veedor.tasks.context import Context
from veedor.tasks.request import FolderThere, argument, option, request
from veedor.tasks.use_case import Done, use_case


@request
class Request:
    """Which site is served, and where."""

    site: FolderThere = argument()
    bind: str = option(
        "Address of this machine and port to listen at.",
        default="127.0.0.1:8000",
        metavar=phrase("ADDRESS"),
    )
    processes: int = option("Processes that answer.", default=2, ge=1, le=64)
    workers: int = option(
        "Workers that do its jobs beside it; 0 where `veedor web worker` is started by itself.",
        default=1,
        ge=0,
        le=64,
    )


@use_case
def perform(request: Request, context: Context) -> Done:
    """Serve a site until the process is told to end.

    Raises
    ------
    StudyError
        If the folder holds no site, or packages are missing.
    SealError
        If the database is older than a checkpoint of the access log that was given out.
    """
    from veedor.report.words import words_in
    from veedor.web.commands.words import ended, serving
    from veedor.web.site.keeping import workers_beside
    from veedor.web.site.opening import migrate, open_site
    from veedor.web.site.serving import serve

    words = words_in(context.language)
    site = open_site(request.site)
    migrate()
    from veedor.web.looks.starting import require_sound

    require_sound()
    context.rest()
    context.tell(serving(words, site, request.bind))
    with workers_beside(site.folder, request.workers):
        serve(request.bind, request.processes)
    return Done(request.site, site, ended(words))
