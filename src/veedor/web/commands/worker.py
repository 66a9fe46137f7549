"""Do the jobs of a site, until Ctrl-C.

Takes one job after another of SITE, which `veedor web init` made: uploads that are looked at,
studies, audits. `veedor web run` starts one beside the server; more of them share the work, on the
machine that has the site's folder. Two never do the same job, and one that died is taken again.
"""

from __future__ import annotations

from veedor.tasks.context import Context
from veedor.tasks.request import FolderThere, argument, request
from veedor.tasks.use_case import Done, use_case


@request
class Request:
    """Whose jobs are done."""

    site: FolderThere = argument()


@use_case
def perform(request: Request, context: Context) -> Done:
    """Do jobs until the process is told to end.

    Raises
    ------
    StudyError
        If the folder holds no site, or packages are missing.
    """
    from veedor.report.words import words_in
    from veedor.web.commands.words import worked
    from veedor.web.site.opening import open_site

    site = open_site(request.site)
    from veedor.web.work.worker import Worker, ended_by_signals

    worker = Worker(site.settings.work.abandoned_after_s)
    with ended_by_signals(worker):
        worker.run()
    return Done(request.site, site, worked(words_in(context.language)))
