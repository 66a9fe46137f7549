"""Hold anyone's forecasts against what was recorded, and write a report.

FORECASTS are Parquet or CSV, whoever made them, with the columns category, start, end,
cell_id, mean and, if stated, dispersion and forecaster: a row for each period and cell; or
folders of them, as mystudy/results. All are taken together. Scores, ranking of places,
calibration, consistency tests, comparison with the reference, and when and where a forecast is
better. With --box-m they are a vendor's boxes with counts (lat, lon, count), each file a
forecaster, which say where and not how many.

    veedor verify-forecast vendor --outcomes incidents.csv --out verification
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from veedor.errors import phrase
from veedor.tasks.context import Context
from veedor.tasks.request import FileThere, Folder, There, argument, option, request
from veedor.tasks.use_case import Done, use_case

if TYPE_CHECKING:
    from veedor.study.boxes import Boxes


@request
class Request:
    """Which forecasts to verify, and by which record."""

    forecasts: tuple[There, ...] = argument()
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
    box_m: float | None = option(
        "FORECASTS are boxes with counts: the side of a box, in metres.", default=None, ge=1.0
    )
    category: str | None = option("Of boxes: the category, as the record names it.", default=None)
    begins: str | None = option(
        "Of boxes: the first day they were for, as 2024-01-01.", default=None
    )
    until: str | None = option("Of boxes: the first day they were no longer for.", default=None)
    period: str = option("Of boxes: held against each of these.", default="1 week")
    expected_total: float | None = option(
        "Of boxes: incidents a period, all cells; as many as the reference expects by default.",
        default=None,
        ge=0.0,
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
    from veedor.files.folders import replacing_folder, require_own
    from veedor.files.json_file import write_json
    from veedor.report.document import write_document
    from veedor.report.html import printable
    from veedor.report.verification import verification_report
    from veedor.report.words import words_in
    from veedor.report.words.terminal import headed
    from veedor.study.verification import verify_forecasts

    out = request.out
    require_own(out)
    results = verify_forecasts(
        request.forecasts,
        request.outcomes,
        cells=request.cells,
        reference=request.reference,
        boxes=_boxes(request),
        zones=request.zones,
        zone_id=request.zone_id,
        seed=request.seed,
        progress=context,
    )
    context.step(phrase("Writing the report"), None)
    words = words_in(context.language)
    document = verification_report(printable(results), words)
    with replacing_folder(out) as building:
        write_json(results, building / "results.json")
        write_document(document, building / "report.html", context.language)
    return Done(out, results, headed(words, document, out / "report.html"))


def _boxes(request: Request) -> Boxes | None:
    """Take what boxes with counts do not say of themselves; None where there are none."""
    from veedor.errors import StudyError
    from veedor.study.boxes import Boxes

    category, begins, until = request.category, request.begins, request.until
    if request.box_m is None:
        if any(one is not None for one in (category, begins, until, request.expected_total)):
            raise StudyError(
                "Settings of boxes must come with the side of a box.",
                found=phrase("none"),
                remedy="give it with --box-m, in metres; 500 feet are 152.4",
            )
        return None
    if category is None or begins is None or until is None:
        raise StudyError(
            "Boxes with counts must come with their category and the days they were for.",
            found=phrase("--box-m alone"),
            remedy="give --category, --begins and --until",
        )
    return Boxes(
        request.box_m, category, begins, until, request.period, request.expected_total or None
    )
