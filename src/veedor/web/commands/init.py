"""Make a site: an observatory that `veedor web run` serves.

Makes the folder SITE with site.toml (its title, address, language and mail server, to be edited),
its secret key, and its database, whole or not at all. Prints a link by which the first
administrator makes an account: once, within 7 days (`veedor web invite SITE` prints another).
"""

from __future__ import annotations

from veedor.errors import phrase
from veedor.tasks.context import Context
from veedor.tasks.request import Folder, argument, option, request
from veedor.tasks.use_case import Done, use_case


@request
class Request:
    """Where a site goes, and what it is called."""

    site: Folder = argument()
    title: str = option("What the site is called.", default="veedor", metavar=phrase("NAME"))
    address: str = option(
        "What people type to reach it; with https, behind a proxy that has the certificate.",
        default="http://127.0.0.1:8000",
        metavar=phrase("ADDRESS"),
    )
    time_zone: str = option(
        "Time zone in which times are shown.",
        default="America/Argentina/Buenos_Aires",
        metavar=phrase("ZONE"),
    )
    office: str = option(
        "The force, council or newsroom that the first administrator is of; by default the title.",
        default="",
        metavar=phrase("NAME"),
    )


@use_case
def perform(request: Request, context: Context) -> Done:
    """Make a site.

    Returns
    -------
    Done
        ``folder`` is the site's; ``results`` is its `Site`.

    Raises
    ------
    StudyError
        If something is there already, a setting is wrong, or packages are missing.
    """
    from veedor.report.words import words_in
    from veedor.web.commands.words import made
    from veedor.web.site.folder import About, making, read_site
    from veedor.web.site.opening import in_another_process, require_installed
    from veedor.web.site.words import settings_file

    require_installed()
    words = words_in(context.language)
    about = About(
        title=request.title,
        address=request.address,
        language="es" if context.language == "en" else context.language,
        time_zone=request.time_zone,
        proxies=int(request.address.startswith("https:")),
    )
    with making(request.site, settings_file(words, about)) as building:
        site = read_site(building)
        in_another_process(building, "migrate", "--no-input")
        office = request.office or request.title
        link = in_another_process(building, "invite", office, "administrator")
    return Done(request.site, site, made(words, request.site, about, link))
