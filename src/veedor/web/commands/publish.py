"""Write everything that anyone may read of a site as files, for any web server.

Writes into DIR: every public page in every language, every published file, the data for machines
and the feeds, with relative links. It needs no program where it is served, and keeps what is
public when the site is gone. What stood in DIR stays until the new copy is whole.
"""

from __future__ import annotations

from veedor.errors import phrase
from veedor.tasks.context import Context
from veedor.tasks.request import Folder, FolderThere, argument, request
from veedor.tasks.use_case import Done, use_case


@request
class Request:
    """Which site is copied, and where to."""

    site: FolderThere = argument()
    dir: Folder = argument()


@use_case
def perform(request: Request, context: Context) -> Done:
    """Write what is public as files.

    Returns
    -------
    Done
        ``results`` is how many files were written.

    Raises
    ------
    StudyError
        If the folder holds no site, DIR what is someone else's, or packages are missing.
    """
    from veedor.report.words import words_in
    from veedor.web.commands.words import copied
    from veedor.web.site.opening import migrate, open_site

    open_site(request.site)
    migrate()
    from veedor.web.observatory.copying import write_copy

    context.step(phrase("Writing what is public"), None)
    files = write_copy(request.dir, context.advance)
    return Done(request.dir, files, copied(words_in(context.language), request.dir, files))
