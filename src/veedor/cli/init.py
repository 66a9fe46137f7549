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
    from rich.markup import escape
    from rich.table import Table

    from veedor.cli.console import Watched, printer
    from veedor.study import propose_study

    with Watched() as progress:
        made = propose_study(
            study, incidents, area=area, zones=zones, layout=layout, progress=progress
        )
    console = printer()
    if made.proposal.layout is not None:
        console.print(f"Layout: {made.proposal.layout}", markup=False)
    table = Table(title="Columns that would be kept", title_justify="left")
    for name in ("Role", "Column", "Such as", "Why"):
        table.add_column(name)
    for column in made.proposal.columns:
        table.add_row(
            column.role,
            escape(column.column),
            escape(" | ".join(column.examples)),
            escape(column.why),
        )
    console.print(table)
    if made.proposal.dropped:
        console.print(f"Dropped at reading: {', '.join(made.proposal.dropped)}", markup=False)
    console.print(f"Time zone: {made.proposal.time_zone}; CRS: {made.proposal.crs}")
    for note in made.proposal.notes:
        console.print(f"Note: {note}", markup=False)
    if made.trouble:
        console.print(f"Not read yet: {made.trouble}", markup=False)
    console.print(f"Wrote {made.path}. Confirm every GUESS in it, then:", soft_wrap=True)
    console.print(f"  veedor check {study}\n  veedor run {study}", soft_wrap=True)
