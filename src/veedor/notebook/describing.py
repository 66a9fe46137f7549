"""`patterns`: what a record shows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pyarrow as pa

from veedor.errors import StudyError, phrase
from veedor.forecasters.calendars import is_holiday
from veedor.notebook.arguments import of_kind, region_of
from veedor.notebook.language import spoken
from veedor.notebook.places import CellsResult, ReadResult
from veedor.notebook.results import Picture, Result
from veedor.patterns import Columns, Patterns, PatternSettings, Recorded, find_patterns
from veedor.report import pattern_charts
from veedor.report.drawn_maps import Drawing
from veedor.report.words import Words
from veedor.report.words import patterns as text


@dataclass(frozen=True, eq=False, repr=False)
class PatternsResult(Result):
    """What a record shows, as `patterns` finds it.

    Parameters
    ----------
    found : Patterns
    by_cell : dict of str to dict of str to array
        Category -> column -> a value a cell.
    cells : CellsResult
    """

    found: Patterns
    by_cell: Mapping[str, Columns]
    cells: CellsResult

    @property
    def title(self) -> str:
        """What it is."""
        return spoken().say("Patterns of {names}", names=spoken().listed(list(self.by_cell)))

    def facts(self, words: Words) -> list[tuple[str, str]]:
        """What holds for the whole of it, as on the first lines of its report."""
        return [("", line) for line in text.points(words, self.found)]

    def to_arrow(self) -> pa.Table:
        """Return a row for each category and cell."""
        ids = self.cells.cells.cell_id.tolist()
        tables = [
            pa.table({"category": [name] * len(ids), "cell_id": ids} | dict(columns))
            for name, columns in self.by_cell.items()
        ]
        return pa.concat_tables(tables, promote_options="default")

    def plot(self) -> Picture:
        """Draw density, hot spots and their classes over time, by category."""
        cells = self.cells.cells
        drawing = Drawing(cells.lonlat_polygons(), self.cells.zones, f"cells-{cells.digest[:12]}")
        drawn = drawing.ground()
        for name, columns in self.by_cell.items():
            drawn += pattern_charts.maps(spoken(), drawing, columns, name)
        return Picture(drawn)


def patterns(
    record: ReadResult,
    cells: CellsResult,
    *,
    categories: Sequence[str] | None = None,
    country: str | None = None,
    subdivision: str | None = None,
    **settings: Any,
) -> PatternsResult:
    """Describe a record: concentration, hot spots, near repeats, seasons and change.

    Parameters
    ----------
    record : ReadResult
    cells : CellsResult
        At least three.
    categories : sequence of str, optional
        All that are not discovered by default; each with an incident in a cell.
    country, subdivision : str, optional
        Whose public holidays are looked at.
    **settings
        Of `veedor.patterns.PatternSettings`: ``seed``, ``permutations``, ``bandwidth_m`` ...

    Raises
    ------
    StudyError
        If there are too few cells, or a category has no incident in any.
    """
    incidents = of_kind(record, ReadResult, "record", "veedor.read").incidents
    places = of_kind(cells, CellsResult, "cells", "veedor.cells").cells
    recorded = Recorded(incidents, places, record.record.covered.begins, record.until)
    named = categories or [one.name for one in incidents.categories if one.known_by == "reported"]
    empty = [name for name in named if not recorded.in_cells(name).any()]
    if empty or len(places) < 3:
        raise StudyError(
            "Patterns must have three cells or more, and incidents in them of every category.",
            found=phrase(
                "{n} cells, none in them of {empty}",
                n=len(places),
                empty=", ".join(empty) or phrase("no category"),
            ),
            remedy="take smaller cells, or other categories",
        )
    unknown = settings.keys() - PatternSettings.__dataclass_fields__.keys()
    if unknown:
        raise StudyError(
            "A setting of patterns must be one of its own.",
            found=", ".join(sorted(unknown)),
            remedy=phrase(
                "use one of {settings}",
                settings=", ".join(PatternSettings.__dataclass_fields__),
            ),
        )
    public = is_holiday(recorded.days.local_starts(), region_of(country, subdivision))
    settings.setdefault(
        "holidays", [day for day, free in zip(recorded.dates, public, strict=True) if free]
    )
    found, by_cell = find_patterns(recorded, named, PatternSettings(**settings))
    return PatternsResult(found, by_cell, cells)
