"""All patterns of a record: of each category, of all together, and what the whole of it names."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor

import msgspec
import numpy as np

from veedor.patterns.changes import Changes, Watched, find_changes, watch_last_weeks
from veedor.patterns.findings import Findings, findings
from veedor.patterns.near_repeats import NearRepeats
from veedor.patterns.of_places import (
    Columns,
    PlaceHotSpots,
    SpanConcentration,
    concentrations,
    hot_spots_of,
    near_repeats_of,
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


class DescribedCells(msgspec.Struct, frozen=True):
    """The cells that a record was described on."""

    count: int
    shape: str
    size_m: float | None
    area_km2: float
    area_source: str


class Patterns(msgspec.Struct, frozen=True, eq=False):
    """What a record shows.

    Parameters
    ----------
    span : (str, str)
        Local days from which, and before which, it was described.
    cells : DescribedCells
    categories : tuple of CategoryPatterns
    changes : Changes or None
    watch : Watched or None
    findings : Findings
    """

    span: tuple[str, str]
    cells: DescribedCells
    categories: tuple[CategoryPatterns, ...]
    changes: Changes | None
    watch: Watched | None
    findings: Findings


def find_patterns(
    record: Recorded,
    categories: Sequence[str],
    settings: PatternSettings,
    advance: Callable[[int], object] = int,
) -> tuple[Patterns, dict[str, Columns]]:
    """Find every pattern of every category, level shifts, and what the whole of it names.

    Parameters
    ----------
    record : Recorded
    categories : sequence of str
        Each with an incident in a cell.
    settings : PatternSettings
    advance : callable, optional
        Called with the number of categories done.

    Returns
    -------
    Patterns
        The same for the same record, settings and versions.
    dict of str to dict of str to array
        Category -> column -> a value a cell.
    """
    seed = settings.seed
    _ = record.day  # made once, before two threads ask for it
    draws = [np.random.default_rng([seed, k]).spawn(5) for k in range(len(categories))]
    found, by_cell = [], {}
    # Pairs are counted in compiled loops, which leave the interpreter to all other patterns.
    with ThreadPoolExecutor(max_workers=1) as aside:
        pairs = [
            aside.submit(near_repeats_of, record, category, draw[2], settings)
            for category, draw in zip(categories, draws, strict=True)
        ]
        try:
            for number, (category, draw) in enumerate(zip(categories, draws, strict=True)):
                one, by_cell[category] = _of_category(
                    record, category, draw, settings, pairs[number]
                )
                found.append(one)
                advance(number + 1)
        finally:
            aside.shutdown(wait=False, cancel_futures=True)
    rng = np.random.default_rng([seed, len(categories)])
    changes = find_changes(record, categories, rng)
    watch = watch_last_weeks(record, categories, rng)
    cells, edges = record.cells, record.days.edges
    return Patterns(
        span=(record.local_day(edges[0]), record.local_day(edges[-1])),
        cells=DescribedCells(
            len(cells), cells.shape, cells.size_m, float(cells.area_km2.sum()), cells.source
        ),
        categories=tuple(found),
        changes=changes,
        watch=watch,
        findings=findings(found, changes, watch),
    ), by_cell


def _of_category(
    record: Recorded,
    category: str,
    draws: list[np.random.Generator],
    settings: PatternSettings,
    pairs: Future[NearRepeats | None],
) -> tuple[CategoryPatterns, Columns]:
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
        near_repeats=pairs.result(),
        emerging=emerging,
        seasons=seasons_of(record, category, draws[4], settings),
        map_change=moved,
        before_after=None
        if settings.change is None
        else before_after(record, category, settings.change),
    ), {**by_cell, **classes, **change}
