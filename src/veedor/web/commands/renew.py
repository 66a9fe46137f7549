"""Give a site another secret key, or its access log another key, and lose nothing.

Where the key of SITE may have been seen, or is old. Stop the site first, and serve it again after:
whoever is signed in signs in anew, with the same password and second factor, and links of letters
for a lost password that were not used are void.

With --log-key, the access log is signed by another key from here on; the site may be served
meanwhile. The former key signs an entry that names the new one, so that who knows the log by its
first key goes on with it. Give out a checkpoint at once: `veedor web witness SITE`.

What is broken off is done whole by asking again.
"""

from __future__ import annotations

from veedor.tasks.context import Context
from veedor.tasks.request import FolderThere, argument, option, request
from veedor.tasks.use_case import Done, use_case


@request
class Request:
    """Which site."""

    site: FolderThere = argument()
    log_key: bool = option("The key of the access log, not the secret key.", default=False)


@use_case
def perform(request: Request, context: Context) -> Done:
    """Renew the key.

    Raises
    ------
    StudyError
        If the folder holds no site, or packages are missing.
    """
    from veedor.report.words import words_in
    from veedor.web.commands.words import log_key_renewed, renewed
    from veedor.web.site.folder import new_secret, read_site, write_secrets
    from veedor.web.site.opening import in_another_process, require_installed

    require_installed()
    site = read_site(request.site)
    if request.log_key:
        found = in_another_process(site.folder, "renew_log_key").strip()
        return Done(request.site, found, log_key_renewed(words_in(context.language), found))
    new = new_secret()
    # Until all is closed under the new key, what former ones closed must open.
    write_secrets(site.folder, new, site.secret, *site.former)
    factors = int(in_another_process(site.folder, "close_again"))
    write_secrets(site.folder, new)
    return Done(request.site, factors, renewed(words_in(context.language), factors))
