"""Print a link by which an administrator or auditor makes an account.

For the first administrator's link that was lost, and where no administrator is left who could
invite another. Whoever may run this on the machine may let anybody in: auditors are told.
"""

from __future__ import annotations

from typing import Literal

from veedor.errors import phrase
from veedor.tasks.context import Context
from veedor.tasks.request import FolderThere, argument, option, request
from veedor.tasks.use_case import Done, use_case


@request
class Request:
    """To which site, and for whom."""

    site: FolderThere = argument()
    role: Literal["administrator", "auditor"] = option(
        "What the account will be.", default="administrator"
    )
    office: str = option(
        "The force, council or newsroom that it is of.", default="", metavar=phrase("NAME")
    )


@use_case
def perform(request: Request, context: Context) -> Done:
    """Make an invitation.

    Raises
    ------
    StudyError
        If the folder holds no site, or packages are missing.
    """
    from veedor.report.words import words_in
    from veedor.web.commands.words import invited
    from veedor.web.site.folder import read_site
    from veedor.web.site.opening import in_another_process, require_installed

    require_installed()
    site = read_site(request.site)
    office = request.office or site.settings.site.title
    link = in_another_process(request.site, "invite", office, request.role)
    return Done(request.site, link, invited(words_in(context.language), link))
