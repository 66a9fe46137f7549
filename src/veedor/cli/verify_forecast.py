"""``veedor verify-forecast``."""

from __future__ import annotations

from pathlib import Path

import click

_FILE = click.Path(path_type=Path, exists=True, dir_okay=False)


@click.command(name="verify-forecast")
@click.argument("forecasts", nargs=-1, required=True, type=_FILE)
@click.option(
    "--outcomes",
    required=True,
    type=click.Path(path_type=Path, exists=True),
    help="Recorded incidents (CSV, Parquet, GeoJSON), or a study that tells how to read them.",
)
@click.option(
    "--cells", type=_FILE, help="GeoJSON of the cells; cells.geojson near the forecasts by default."
)
@click.option(
    "--reference",
    help="Forecaster to compare with; by default PriorCounts, made from the earlier record.",
)
@click.option("--zones", type=_FILE, help="GeoJSON of zones, for skill and coverage by zone.")
@click.option("--zone-id", help="Property that names a zone; their number by default.")
@click.option("--seed", type=int, default=0, show_default=True, help="Of intervals and tests.")
@click.option(
    "--out",
    type=click.Path(path_type=Path, file_okay=False),
    default=Path("verification"),
    show_default=True,
    help="Folder for report.html and results.json.",
)
def command(
    forecasts: tuple[Path, ...],
    outcomes: Path,
    cells: Path | None,
    reference: str | None,
    zones: Path | None,
    zone_id: str | None,
    seed: int,
    out: Path,
) -> None:
    """Hold anyone's forecasts against what was recorded, and write a report.

    FORECASTS are Parquet or CSV, whoever made them, with the columns category, start, end,
    cell_id, mean and, if stated, dispersion and forecaster: a row for each period and cell. Several
    files are taken together. Scores, ranking of places, calibration, consistency tests, comparison
    with the reference, and when and where a forecast is better.

    \b
    veedor verify-forecast vendor/*.parquet --outcomes incidents.csv --out verification
    """  # noqa: D301 - click wants the character
    from veedor.cli.console import Rows, Watched, interval, printer
    from veedor.files.folders import replacing_folder, require_own
    from veedor.files.json_file import write_json
    from veedor.report.document import write_document
    from veedor.report.verification import verification_report
    from veedor.study.verification import verify_forecasts

    require_own(out)
    with Watched() as progress:
        results = verify_forecasts(
            forecasts,
            outcomes,
            cells=cells,
            reference=reference,
            zones=zones,
            zone_id=zone_id,
            seed=seed,
            progress=progress,
        )
        progress.step("Writing the report", None)
        document = verification_report(results)
        with replacing_folder(out) as building:
            write_json(results, building / "results.json")
            write_document(document, building / "report.html")
    table = Rows(
        title="Information gain over the reference, nats per incident, with 95% interval",
    )
    for name in ("Category", "Forecaster", "Reference"):
        table.add_column(name)
    table.add_column("Gain", justify="right")
    for category in results["categories"]:
        for row in category["comparisons"]:
            table.add_row(
                category["name"],
                row["forecaster"],
                category["reference"],
                interval(row["gain"]),
            )
    console = printer()
    if table.rows:
        console.print(table)
    console.say(f"Report: {out / 'report.html'}")
