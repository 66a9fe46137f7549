"""What a record shows of one category: every pattern of it, in numbers and codes."""

from __future__ import annotations

from collections.abc import Callable

import msgspec
import numpy as np

from veedor.patterns.near_repeats import NearRepeats
from veedor.patterns.of_places import (
    Columns,
    PlaceHotSpots,
    SpanConcentration,
    concentrations,
    hot_spots_of,
)
from veedor.patterns.of_times import (
    BeforeAfter,
    EmergingCounts,
    MapChangeCounts,
    Seasons,
    before_after,
    emerging_of,
    map_change_of,
    seasons_of,
)
from veedor.patterns.record import Recorded
from veedor.patterns.settings import PatternSettings


class Counted(msgspec.Struct, frozen=True):
    """Incidents of a category in the record, and those of them that no map has."""

    recorded: int
    without_a_place: int
    outside_the_cells: int
    in_cells: int


class CategoryPatterns(msgspec.Struct, frozen=True, eq=False):
    """Every pattern of one category; None where the record is too short for it.

    Parameters
    ----------
    name : str
    counted : Counted
    concentration : tuple of SpanConcentration
        The whole record first, then each calendar year.
    hot_spots : PlaceHotSpots
    near_repeats : NearRepeats or None
    emerging : EmergingCounts or None
    seasons : Seasons
    map_change : MapChangeCounts or None
    before_after : BeforeAfter or None
    """

    name: str
    counted: Counted
    concentration: tuple[SpanConcentration, ...]
    hot_spots: PlaceHotSpots
    near_repeats: NearRepeats | None
    emerging: EmergingCounts | None
    seasons: Seasons
    map_change: MapChangeCounts | None
    before_after: BeforeAfter | None


def patterns_of(
    record: Recorded,
    category: str,
    draws: list[np.random.Generator],
    settings: PatternSettings,
    pairs: Callable[[], NearRepeats | None],
) -> tuple[CategoryPatterns, Columns]:
    """Find every pattern of a category, and what is a value a cell.

    Parameters
    ----------
    record : Recorded
    category : str
    draws : list of numpy.random.Generator
        One a pattern; the third is that of the pairs.
    settings : PatternSettings
    pairs : callable
        Returns the near repeats, which are counted aside.
    """
    rows, located = record.rows(category), record.incidents.located
    hot, by_cell = hot_spots_of(record, category, draws[1], settings)
    emerging, classes = emerging_of(record, category)
    moved, change = map_change_of(record, category, draws[3], settings.seed)
    return CategoryPatterns(
        name=category,
        counted=Counted(
            recorded=len(rows),
            without_a_place=int(np.sum(~located[rows])),
            outside_the_cells=int(np.sum(located[rows] & (record.cell[rows] < 0))),
            in_cells=int(record.in_cells(category).sum()),
        ),
        concentration=concentrations(record, category, draws[0], settings.seed),
        hot_spots=hot,
        near_repeats=pairs(),
        emerging=emerging,
        seasons=seasons_of(record, category, draws[4], settings),
        map_change=moved,
        before_after=None
        if settings.change is None
        else before_after(record, category, settings.change),
    ), {**by_cell, **classes, **change}
