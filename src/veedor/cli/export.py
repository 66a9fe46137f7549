"""``veedor export``."""

from __future__ import annotations

from pathlib import Path

import click

_FILE = click.Path(path_type=Path, dir_okay=False)


@click.command(name="export")
@click.argument("folder", type=click.Path(path_type=Path))
@click.option(
    "--out", type=_FILE, required=True, help="File to write: .geojson, .gpkg, .parquet or .csv."
)
@click.option("--category", help="Only this category of the forecasts.")
@click.option("--forecaster", help="Only this forecaster's forecasts.")
@click.option("--table", help="A CSV in FOLDER that an audit wrote, in place of forecasts.")
@click.option("--zones", type=_FILE, help="GeoJSON of the places of --table.")
@click.option("--id", "key", help="Column of --table and property of --zones with the same ids.")
def command(
    folder: Path,
    out: Path,
    category: str | None,
    forecaster: str | None,
    table: str | None,
    zones: Path | None,
    key: str | None,
) -> None:
    """Write forecasts or audits for maps and tables: GeoJSON, GeoPackage, Parquet, CSV.

    FOLDER is a study, whose next/ is exported if it is there and results/ if not, with a row for
    each category, forecaster, period and cell; or, with --table, the folder of an audit.

    Example: veedor export mystudy --category robbery --forecaster Stack --out robbery.gpkg

    Example: veedor export audit --table places.csv --zones zones.geojson --out audit.geojson
    """
    from veedor.cli.console import Watched, printer
    from veedor.errors import StudyError
    from veedor.exporting import audit_places, forecast_places, write_places

    if table is None and (zones is not None or key is not None):
        raise StudyError(
            "--zones and --id must come with --table.", found="no --table", remedy="name it"
        )
    if table is not None and (category is not None or forecaster is not None):
        raise StudyError(
            "--category and --forecaster are of forecasts.", found="--table with one of them"
        )
    with Watched() as progress:
        progress.step("Exporting", None)
        if table is None:
            places = forecast_places(folder, category, forecaster)
        else:
            places = audit_places(folder / table, zones, key)
        write_places(places, out)
    printer().say(f"Wrote {places.table.num_rows:,} rows to {out}")
