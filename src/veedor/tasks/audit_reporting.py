"""Ask whether the answer would survive what was never recorded.

Reporting rates are intervals: by category, and with --by also by zone or group. Says which
flagged places stay flagged for every admissible rate (robust), which do not (fragile), how many
incidents there may have been, how large each disparity may be, and which difference in
reporting would close it or swap two places.

    OUT/estimates.csv  a row a figure
    OUT/places.csv     a row a place: its label, what was recorded, what may have been
    OUT/results.json   everything
    OUT/report.html    for people

Example: veedor audit reporting --counts counts.csv --rates rates.csv --top 100 --out audit
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from veedor.errors import phrase
from veedor.tasks.audited import Labelled, require_one, task_of
from veedor.tasks.context import Context
from veedor.tasks.request import File, Folder, option, request
from veedor.tasks.settings_file import Settled

if TYPE_CHECKING:
    from veedor.audits.places.reporting import ReportingAudit
    from veedor.report.document import Document

#: Fields of which one of each must be given.
ONE_OF = (("counts", "forecast"), ("rates", "published"))


@request
class Request(Labelled, Settled):
    """Which record to doubt, and within which reporting rates."""

    counts: File | None = option("CSV: place, count[, category, flagged, ...].", default=None)
    forecast: File | None = option("Forecast file (Parquet), instead of --counts.", default=None)
    places: File | None = option("CSV of facts on each place: place[, zone, ...].", default=None)
    rates: File | None = option("CSV: category, low, high[, zone or group].", default=None)
    published: str | None = option(
        "Shipped rates instead, as us-ncvs-2017.", default=None, metavar=phrase("SURVEY")
    )
    area: str = option("Area of --published.", default="United States")
    by: str | None = option(
        "Rates differ by this column of places.", default=None, metavar=phrase("COLUMN")
    )
    top: int | None = option("Flag so many places.", default=None, ge=1)
    area_fraction: float | None = option(
        "Flag the densest places up to this share of the area (column area_km2).",
        default=None,
        gt=0.0,
        le=1.0,
    )
    groups: tuple[str, ...] = option(
        "Columns of group counts, as white,black.", default=(), commas=True
    )
    reference: str | None = option("The group that others are compared with.", default=None)
    population: str | None = option("Column of all residents; population by default.", default=None)
    zones: File | None = option("GeoJSON of outlines of the places, for maps.", default=None)
    id: str = option("Zone id.", default="id")
    pair: tuple[str, ...] = option("Break-even ratio of two places.", default=(), metavar="A,B")
    out: Folder = option("Folder.")


def audit(request: Request, context: Context, into: Path) -> tuple[ReportingAudit, Document]:
    """Make the audit and its page, and write ``places.csv``."""
    from veedor.audits.places.by_place import OUTLINES, PlaceOutlines, write_outlines
    from veedor.audits.places.reporting import (
        Questions,
        audit_reporting,
        published_intervals,
        read_counts,
        read_forecast_counts,
        read_rates,
        write_places,
    )
    from veedor.errors import StudyError
    from veedor.report.audit_reporting import reporting_document
    from veedor.report.words import words_in
    from veedor.tables.rows import read_table

    require_one({"--counts": request.counts, "--forecast": request.forecast})
    require_one({"--rates": request.rates, "--published": request.published})
    if request.counts is not None:
        record = read_counts(request.counts)
    else:
        record = read_forecast_counts(request.forecast or Path())
    if request.places is not None:
        record = record.joined(read_table(request.places, ()))
    if request.rates is not None:
        known = read_rates(request.rates, by=request.by or "")
    else:
        known = published_intervals(request.published or "", request.area)
    pairs = [tuple(part.strip() for part in text.split(",")) for text in request.pair]
    if any(len(names) != 2 for names in pairs):
        raise StudyError("A pair must be two places, as A,B.", found=", ".join(request.pair))
    questions = Questions(
        top=request.top,
        area_fraction=request.area_fraction,
        groups={name: name for name in request.groups},
        reference=request.reference or "",
        population=request.population or "population",
        pairs=[(names[0], names[1]) for names in pairs],
    )
    context.step(phrase("Auditing reporting"), None)
    made, outcomes = audit_reporting(record, known, questions)
    write_places(outcomes, into / "places.csv")
    outlines = None
    if request.zones is not None:
        figures = made.by_place[0]
        outlines = PlaceOutlines.read(request.zones, request.id, figures.place)
        if outlines.known.any():
            write_outlines(figures, outlines, into / OUTLINES)
    told = request.labelled(made, context.language)
    return made, reporting_document(told, words_in(context.language), outlines)


perform = task_of(audit)
