"""``veedor audit reporting``."""

from __future__ import annotations

from pathlib import Path

import click

_FILE = click.Path(path_type=Path, dir_okay=False)

#: Options of which one of each must be given.
ONE_OF = (("counts", "forecast"), ("rates", "published"))


@click.command(name="reporting")
@click.option("--counts", type=_FILE, help="CSV: place, count[, category, flagged, ...].")
@click.option("--forecast", type=_FILE, help="Forecast file (Parquet), instead of --counts.")
@click.option("--places", type=_FILE, help="CSV of facts on each place: place[, zone, ...].")
@click.option("--rates", type=_FILE, help="CSV: category, low, high[, zone or group].")
@click.option("--published", metavar="SURVEY", help="Shipped rates instead, as us-ncvs-2017.")
@click.option("--area", default="United States", show_default=True, help="Area of --published.")
@click.option("--by", default="", metavar="COLUMN", help="Rates differ by this column of places.")
@click.option("--top", type=click.IntRange(min=1), help="Flag so many places.")
@click.option(
    "--area-fraction",
    type=click.FloatRange(0.0, 1.0, min_open=True),
    help="Flag the densest places up to this share of the area (column area_km2).",
)
@click.option("--groups", help="Columns of group counts, as white,black.")
@click.option("--reference", help="The group that others are compared with.")
@click.option("--population", help="Column of all residents; population by default.")
@click.option("--pair", multiple=True, metavar="A,B", help="Break-even ratio of two places.")
@click.option(
    "--out", type=click.Path(path_type=Path, file_okay=False), required=True, help="Folder."
)
def command(
    counts: Path | None,
    forecast: Path | None,
    places: Path | None,
    rates: Path | None,
    published: str | None,
    area: str,
    by: str,
    top: int | None,
    area_fraction: float | None,
    groups: str | None,
    reference: str | None,
    population: str | None,
    pair: tuple[str, ...],
    out: Path,
) -> None:
    """Ask whether the answer would survive what was never recorded.

    Reporting rates are intervals: by category, and with --by also by zone or group. Says which
    flagged places stay flagged for every admissible rate (robust), which do not (fragile), how many
    incidents there may have been, how large each disparity may be, and which difference in
    reporting would close it or swap two places.

    \b
    OUT/estimates.csv  a row a figure
    OUT/places.csv     a row a place: its label, what was recorded, what may have been
    OUT/results.json   everything
    OUT/report.html    for people

    Example: veedor audit reporting --counts counts.csv --rates rates.csv --top 100 --out audit
    """  # noqa: D301 - click wants the character
    from veedor.audits.places.reporting import (
        Questions,
        audit_reporting,
        published_intervals,
        read_counts,
        read_forecast_counts,
        read_rates,
        write_places,
    )
    from veedor.cli.audit.exactly_one import require_one
    from veedor.cli.console import Watched, printer
    from veedor.errors import StudyError
    from veedor.files.folders import replacing_folder, require_own
    from veedor.report import write_document
    from veedor.report.audit_reporting import reporting_document
    from veedor.tables.rows import read_table

    require_own(out)
    require_one({"--counts": counts, "--forecast": forecast})
    require_one({"--rates": rates, "--published": published})
    record = read_counts(counts) if counts else read_forecast_counts(forecast or Path())
    if places:
        record = record.joined(read_table(places, ()))
    known = read_rates(rates, by=by) if rates else published_intervals(published or "", area)
    pairs = [tuple(part.strip() for part in text.split(",")) for text in pair]
    if any(len(names) != 2 for names in pairs):
        raise StudyError("A pair must be two places, as A,B.", found=", ".join(pair))
    names = [name.strip() for name in (groups or "").split(",") if name.strip()]
    with Watched() as progress:
        progress.step("Auditing reporting", None)
        found, outcomes = audit_reporting(
            record,
            known,
            Questions(
                top=top,
                area_fraction=area_fraction,
                groups={name: name for name in names},
                reference=reference or "",
                population=population or "population",
                pairs=[(names[0], names[1]) for names in pairs],
            ),
        )
    document = reporting_document(found)
    with replacing_folder(out) as building:
        write_places(outcomes, building / "places.csv")
        found.write(building)
        write_document(document, building / "report.html")
    console = printer()
    for sentence in document.plain.sentences:
        console.say(sentence)
    console.say(f"Report: {out / 'report.html'}")
