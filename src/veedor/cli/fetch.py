"""``veedor fetch``."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import click

_DAY = click.DateTime(["%Y-%m-%d"])


@click.command(name="fetch")
@click.argument("layout")
@click.option("--since", type=_DAY, required=True, help="First day, as 2022-01-01.")
@click.option(
    "--out",
    type=click.Path(path_type=Path, dir_okay=False),
    required=True,
    help="File to write: .csv, or .zip for portals that publish whole files.",
)
@click.option("--until", type=_DAY, help="Day before which to stop; without it, to the end.")
@click.option(
    "--token",
    envvar="VEEDOR_APP_TOKEN",
    help="Application token of a Socrata portal, or set VEEDOR_APP_TOKEN: the portal is then asked "
    "by SODA 3, without one by SODA 2.1.",
)
@click.option("--server", help="Address of a mirror, in place of the layout's portal.")
@click.option(
    "--page",
    type=click.IntRange(1, 100_000),
    default=10_000,
    show_default=True,
    help="Rows a request.",
)
@click.option(
    "--pause",
    type=click.FloatRange(0.0, 600.0),
    default=1.0,
    show_default=True,
    help="Least seconds between two requests.",
)
def command(
    layout: str,
    since: datetime,
    out: Path,
    until: datetime | None,
    token: str | None,
    server: str | None,
    page: int,
    pause: float,
) -> None:
    """Fetch open data of a layout from its portal, checked to be whole.

    LAYOUT is buenos-aires, chicago, new-york, los-angeles, san-francisco, mexico-city or
    data-police-uk. Rows are counted before and after, so that none is lost and none there twice.
    Stop it at any time: the same command goes on where it was. Where the portal has nothing new,
    nothing is fetched. What was asked, the hash and the date go into OUT.fetched.json.

    Example: veedor fetch chicago --since 2022-01-01 --out chicago.csv
    """
    import numpy as np

    from veedor.cli.console import Watched, printer
    from veedor.fetching import Client, Politeness, Wanted, fetch
    from veedor.fetching.fetch import utc_now
    from veedor.incidents.layouts import Socrata, find_layout

    known = find_layout(layout)
    if not isinstance(known.portals[0], Socrata):
        token = None  # it is a Socrata portal's, and nobody else's business
    wanted = Wanted(
        known,
        since.date(),
        out,
        until=None if until is None else until.date(),
        server=server,
        soda="2.1" if token is None else "3",
        page_rows=page,
    )
    client = Client(Politeness(pause_s=pause), np.random.default_rng(), token)
    try:
        with Watched() as progress:
            fetched = fetch(wanted, client, progress, utc_now())
    finally:
        client.close()
    console = printer()
    if fetched.unchanged:
        console.say(f"Nothing new since {fetched.record['fetched_at']}: {out}")
        return
    console.say(f"Wrote {out} and {out.name}.fetched.json")
    left_out = sorted(
        {name for one in fetched.record["sources"] for name in one.get("left_out", ())}
    )
    if left_out:
        console.say(f"Not fetched, about persons: {', '.join(left_out)}")
    console.say(f"Licence: {wanted.layout.licence} ({wanted.layout.page})")
    console.say(f"  veedor init mystudy --incidents {out}")
