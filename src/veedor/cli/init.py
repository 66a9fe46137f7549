"""``veedor init``."""

from __future__ import annotations

from pathlib import Path

import click


@click.command(name="init")
@click.argument("study", type=click.Path(path_type=Path, file_okay=False))
@click.option(
    "--incidents",
    required=True,
    multiple=True,
    help="CSV (plain, gz, zip), Parquet, GeoJSON or xlsx: a file, folder or glob. May be given "
    "again.",
)
@click.option(
    "--layout",
    help="What the files are: buenos-aires, chicago, new-york, los-angeles, san-francisco, "
    "mexico-city or data-police-uk. Recognised by their headers where not given.",
)
@click.option("--area", help="GeoJSON outline of the study area.")
@click.option("--zones", help="GeoJSON of zones; the study area is their union.")
def command(
    study: Path,
    incidents: tuple[str, ...],
    layout: str | None,
    area: str | None,
    zones: str | None,
) -> None:
    """Write a commented study.toml for your own incidents.

    Looks at the files, proposes a column for each role, the time zone, a projected CRS, the
    categories and the days to forecast, and marks each as a GUESS for you to confirm. Files of a
    layout that veedor knows need no guessing. Nothing is run, and nothing is overwritten.

    Example: veedor init mystudy --incidents incidents.csv
    """
    from veedor.cli.console import Rows, Watched, printer
    from veedor.study import propose_study

    with Watched() as progress:
        made = propose_study(
            study, incidents, area=area, zones=zones, layout=layout, progress=progress
        )
    console = printer()
    notes = list(made.proposal.notes)
    if notes and made.proposal.time_zone is None:
        console.say(notes.pop(0))
    if made.proposal.layout is not None:
        console.say(f"Layout: {made.proposal.layout}")
    table = Rows(title="Columns that would be kept")
    for name in ("Role", "Column", "Such as", "Why"):
        table.add_column(name)
    for column in made.proposal.columns:
        table.add_row(
            column.role,
            column.column,
            " | ".join(column.examples),
            column.why,
        )
    console.print(table)
    if made.proposal.dropped:
        console.say(f"Dropped at reading: {', '.join(made.proposal.dropped)}")
    console.say(f"Time zone: {made.proposal.time_zone}; CRS: {made.proposal.crs}")
    for note in notes:
        console.say(f"Note: {note}")
    if made.trouble:
        console.say(f"Not read yet: {made.trouble}")
    console.say(f"Wrote {made.path}. Confirm every GUESS in it, then:")
    console.say(f"  veedor check {study}")
    console.say(f"  veedor run {study}")
