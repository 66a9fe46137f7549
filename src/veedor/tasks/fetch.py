"""Fetch open data of a layout from its portal, checked to be whole.

LAYOUT is one of those that `veedor init --help` lists. Rows are counted before and after, so
that none is lost and none there twice. Stop it at any time: the same command goes on where it
was. Where the portal has nothing new, nothing is fetched. What was asked, the hash and the date
go into OUT.fetched.json.

Example: veedor fetch chicago --since 2022-01-01 --out chicago.csv
"""

from __future__ import annotations

from datetime import date

from veedor.tasks.context import Context
from veedor.tasks.request import File, argument, option, request
from veedor.tasks.use_case import Done, use_case


@request
class Request:
    """What to fetch, from where, and into which file."""

    layout: str = argument()
    since: date = option("First day, as 2022-01-01.")
    out: File = option("File to write: .csv, or .zip for portals that publish whole files.")
    until: date | None = option("Day before which to stop; without it, to the end.", default=None)
    token: str | None = option(
        "Application token of a Socrata portal, or set VEEDOR_APP_TOKEN: the portal is then asked "
        "by SODA 3, without one by SODA 2.1.",
        default=None,
        variable="VEEDOR_APP_TOKEN",
    )
    server: str | None = option(
        "Address of a mirror, in place of the layout's portal.", default=None
    )
    page: int = option("Rows a request.", default=10_000, ge=1, le=100_000)
    pause: float = option("Least seconds between two requests.", default=1.0, ge=0.0, le=600.0)


@use_case
def perform(request: Request, context: Context) -> Done:
    """Fetch a layout's data into one file, with its origin beside it.

    Returns
    -------
    Done
        ``folder`` is the file; ``results`` is what `Fetched` says of it.

    Raises
    ------
    FetchError
        If a portal refuses or fails, or its data change all the while.
    StudyError
        If there is no such layout or no portal for it, or the file's ending does not fit.
    """
    import numpy as np

    from veedor.fetching import Client, Politeness, Wanted, fetch
    from veedor.incidents.layouts import Socrata, find_layout
    from veedor.report.words import words_in
    from veedor.report.words.data import fetched

    layout = find_layout(request.layout)
    # A token is a Socrata portal's, and nobody else's business.
    socrata = any(isinstance(portal, Socrata) for portal in layout.portals)
    token = request.token if socrata else None
    wanted = Wanted(
        layout,
        request.since,
        request.out,
        until=request.until,
        server=request.server,
        soda="2.1" if token is None else "3",
        page_rows=request.page,
    )
    client = Client(Politeness(pause_s=request.pause), np.random.default_rng(), token)
    try:
        found = fetch(wanted, client, context, context.clock())
    finally:
        client.close()
    return Done(request.out, found, fetched(words_in(context.language), found, layout))
