"""Give a site another secret key, and keep every second factor.

Where the key of SITE may have been seen, or is old. Stop the site first, and serve it again after:
whoever is signed in signs in anew, with the same password and second factor, and links of letters
for a lost password that were not used are void. What is broken off is done whole by asking again.
"""

from __future__ import annotations

from veedor.tasks.context import Context
from veedor.tasks.request import FolderThere, argument, request
from veedor.tasks.use_case import Done, use_case


@request
class Request:
    """Which site."""

    site: FolderThere = argument()


@use_case
def perform(request: Request, context: Context) -> Done:
    """Renew the key.

    Raises
    ------
    StudyError
        If the folder holds no site, or packages are missing.
    """
    from veedor.report.words import words_in
    from veedor.web.commands.words import renewed
    from veedor.web.site.folder import new_secret, read_site, write_secrets
    from veedor.web.site.opening import in_another_process, require_installed

    require_installed()
    site = read_site(request.site)
    new = new_secret()
    # Until all is closed under the new key, what former ones closed must open.
    write_secrets(site.folder, new, site.secret, *site.former)
    factors = int(in_another_process(site.folder, "close_again"))
    write_secrets(site.folder, new)
    return Done(request.site, factors, renewed(words_in(context.language), factors))
