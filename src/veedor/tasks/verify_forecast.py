"""Hold anyone's forecasts against what was recorded, and write a report.

FORECASTS are Parquet or CSV, whoever made them, with the columns category, start, end,
cell_id, mean and, if stated, dispersion and forecaster: a row for each period and cell. Several
files are taken together. Scores, ranking of places, calibration, consistency tests, comparison
with the reference, and when and where a forecast is better.

    veedor verify-forecast vendor/*.parquet --outcomes incidents.csv --out verification
"""

from __future__ import annotations

from pathlib import Path

from veedor.tasks.context import Context
from veedor.tasks.request import FileThere, Folder, There, argument, option, request
from veedor.tasks.use_case import Done, use_case


@request
class Request:
    """Which forecasts to verify, and by which record."""

    forecasts: tuple[FileThere, ...] = argument()
    outcomes: There = option(
        "Recorded incidents (CSV, Parquet, GeoJSON), or a study that tells how to read them."
    )
    cells: FileThere | None = option(
        "GeoJSON of the cells; cells.geojson near the forecasts by default.", default=None
    )
    reference: str | None = option(
        "Forecaster to compare with; by default PriorCounts, made from the earlier record.",
        default=None,
    )
    zones: FileThere | None = option(
        "GeoJSON of zones, for skill and coverage by zone.", default=None
    )
    zone_id: str | None = option(
        "Property that names a zone; their number by default.", default=None
    )
    seed: int = option("Of intervals and tests.", default=0)
    out: Folder = option("Folder for report.html and results.json.", default=Path("verification"))


@use_case
def perform(request: Request, context: Context) -> Done:
    """Verify forecasts into a folder.

    Returns
    -------
    Done
        ``results`` is what stands in ``results.json``.

    Raises
    ------
    VeedorError
        If files cannot be read, or forecasters do not forecast the same cells and periods.
    """
    from dataclasses import replace

    from veedor.files.folders import replacing_folder, require_own
    from veedor.files.json_file import write_json
    from veedor.report.document import write_document
    from veedor.report.verification import verification_report
    from veedor.report.words import words_in
    from veedor.report.words.studies import verified
    from veedor.study.verification import verify_forecasts

    out = request.out
    require_own(out)
    results = verify_forecasts(
        request.forecasts,
        request.outcomes,
        cells=request.cells,
        reference=request.reference,
        zones=request.zones,
        zone_id=request.zone_id,
        seed=request.seed,
        progress=context,
    )
    context.step("Writing the report", None)
    document = verification_report(results)
    with replacing_folder(out) as building:
        write_json(results, building / "results.json")
        write_document(document, building / "report.html")
    headline = verified(words_in(context.language), results, out)
    return Done(out, results, replace(document, headline=headline))
