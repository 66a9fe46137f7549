"""Write forecasts or audits for maps and tables: GeoJSON, GeoPackage, Parquet, CSV.

FOLDER is a study, whose next/ is exported if it is there and results/ if not, with a row for
each category, forecaster, period and cell; or the folder of an audit of places, with a row for each
of its places and a style for each figure. With --table, any table of an audit.

Example: veedor export mystudy --category robbery --forecaster Stack --out robbery.gpkg

Example: veedor export audit --out audit.gpkg

Example: veedor export audit --table places.csv --zones zones.geojson --out audit.geojson
"""

from __future__ import annotations

from pathlib import Path

from veedor.errors import phrase
from veedor.tasks.context import Context
from veedor.tasks.request import File, argument, option, request
from veedor.tasks.use_case import Done, use_case


@request
class Request:
    """What to export, and where to."""

    folder: Path = argument()
    out: File = option("File to write: .geojson, .gpkg, .parquet or .csv.")
    category: str | None = option("Only this category of the forecasts.", default=None)
    forecaster: str | None = option("Only this forecaster's forecasts.", default=None)
    table: str | None = option(
        "A CSV in FOLDER that an audit wrote, in place of forecasts.", default=None
    )
    zones: File | None = option(
        "GeoJSON of the places of --table, if not the places.geojson beside it.", default=None
    )
    id: str | None = option(
        "Column of --table and property of --zones with the same ids.", default=None
    )


@use_case
def perform(request: Request, context: Context) -> Done:
    """Write forecasts, or a table of an audit, into a file for maps or tables.

    Returns
    -------
    Done
        ``folder`` is the file; ``results`` are its `Places`.

    Raises
    ------
    StudyError
        If what is asked for is not there, or belongs to the other kind of export.
    """
    from veedor.audits.places.by_place import OUTLINES
    from veedor.errors import StudyError
    from veedor.exporting import audit_places, audit_table, forecast_places, write_places
    from veedor.report.words import words_in
    from veedor.report.words.data import exported

    table = request.table or audit_table(request.folder)
    if table is None and (request.zones is not None or request.id is not None):
        raise StudyError(
            "--zones and --id must come with --table.", found=phrase("no --table"), remedy="name it"
        )
    if table is not None and (request.category, request.forecaster) != (None, None):
        raise StudyError(
            "--category and --forecaster are of forecasts.",
            found=phrase("a table of an audit with one of them"),
        )
    context.step(phrase("Exporting"), None)
    if table is None:
        places = forecast_places(request.folder, request.category, request.forecaster)
    else:
        beside = request.folder / OUTLINES
        zones = request.zones or (beside if beside.is_file() else None)
        places = audit_places(request.folder / table, zones, request.id)
    context.go_on()
    write_places(places, request.out)
    document = exported(words_in(context.language), places.table.num_rows, request.out)
    return Done(request.out, places, document)
