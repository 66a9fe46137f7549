"""All patterns of a record, found together."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor

import msgspec
import numpy as np

from veedor.patterns.changes import Changes, Watched, find_changes, watch_last_weeks
from veedor.patterns.findings import Findings, findings
from veedor.patterns.of_category import CategoryPatterns, patterns_of
from veedor.patterns.of_places import Columns, near_repeats_of
from veedor.patterns.record import Recorded
from veedor.patterns.settings import PatternSettings


class Ground(msgspec.Struct, frozen=True):
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
    cells : Ground
    categories : tuple of CategoryPatterns
    changes : Changes or None
    watch : Watched or None
    findings : Findings
    """

    span: tuple[str, str]
    cells: Ground
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
                one, by_cell[category] = patterns_of(
                    record, category, draw, settings, pairs[number].result
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
        cells=Ground(
            len(cells), cells.shape, cells.size_m, float(cells.area_km2.sum()), cells.source
        ),
        categories=tuple(found),
        changes=changes,
        watch=watch,
        findings=findings(found, changes, watch),
    ), by_cell
