"""What a report of patterns names: findings that hold for the whole of it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

import msgspec
import numpy as np

from veedor.patterns.changes import Changes, ShiftedSeries, Watched
from veedor.patterns.seasons import Effect
from veedor.statistics import false_discovery_q, family_wise_p, smallest_q

if TYPE_CHECKING:
    from veedor.patterns.description import CategoryPatterns

#: How often a report of a record without any pattern names anything at all.
FAMILY_RATE = 0.05


class Asked(msgspec.Struct, frozen=True):
    """One question that was asked of the record.

    Parameters
    ----------
    kind : str
        Code of the pattern.
    category : str or None
        None: of all together.
    p_value, adjusted_p_value : float
    named : bool
    """

    kind: str
    category: str | None
    p_value: float
    adjusted_p_value: float
    named: bool


class Findings(msgspec.Struct, frozen=True):
    """All questions that have an answer, and which of them name something."""

    tests: int
    each: tuple[Asked, ...]
    family_rate: float = FAMILY_RATE


def findings(
    categories: Sequence[CategoryPatterns], changes: Changes | None, watch: Watched | None
) -> Findings:
    """Adjust one p-value of each kind of pattern and category for looking at all of them.

    Where a kind looks at many cells, bands, hours or areas its p-value is the smallest q-value over
    these (Simes): that there is nothing anywhere. Over all kinds and categories Holm's adjustment
    holds whatever they share. A section names what it names at its own 5%; what is named here is
    named in at most 5% of reports of a record without any pattern.
    """
    asked = [(kind, of, p) for kind, of, p in _asked(categories, changes, watch) if p is not None]
    adjusted = family_wise_p([p for _, _, p in asked])
    return Findings(
        len(asked),
        tuple(
            Asked(kind, category, p, float(after), bool(after <= FAMILY_RATE))
            for (kind, category, p), after in zip(asked, adjusted, strict=True)
        ),
    )


def _asked(
    categories: Sequence[CategoryPatterns], changes: Changes | None, watch: Watched | None
) -> Iterator[tuple[str, str | None, float | None]]:
    for one in categories:
        yield from ((kind, one.name, p_value) for kind, p_value in _of_category(one))
        if changes is not None:
            yield "level_shift", one.name, _simes(changes.categories, one.name)
            yield "level_shift_of_an_area", one.name, _simes(changes.areas, one.name)
    if changes is not None:
        yield "level_shift_of_the_recording", None, _simes(changes.recording)
    if watch is not None:
        yield "alarms_of_the_watch", None, watch.p_value


def _of_category(one: CategoryPatterns) -> Iterator[tuple[str, float | None]]:
    yield "concentration", one.concentration[0].test.p_value
    yield "hot_spots", one.hot_spots.p_value
    if one.hot_spots.rates is not None:
        yield "hot_spots_by_rate", one.hot_spots.rates.p_value
    if one.near_repeats is not None:
        p_value = float(one.near_repeats.p_value[1, 1])
        yield "near_repeats", p_value if np.isfinite(p_value) else None
    if one.emerging is not None:
        yield "trends_of_places", one.emerging.trends.p_value
        yield "hot_spots_of_single_steps", one.emerging.steps_p_value
    yield "hours_of_the_week", smallest_q(one.seasons.clock.q_value)
    if one.seasons.effects is not None:
        yield "kinds_of_day", _simes(one.seasons.effects)
    if one.map_change is not None:
        yield "change_of_the_map", one.map_change.p_value
    if one.before_after is not None:
        yield "before_and_after", one.before_after.test.p_value


def _simes(tests: Sequence[ShiftedSeries | Effect], category: str | None = None) -> float | None:
    """P-value of there being nothing in any of these, of one category or of all."""
    mine = [one for one in tests if category is None or getattr(one, "category", None) == category]
    return smallest_q(
        false_discovery_q([np.nan if one.p_value is None else one.p_value for one in mine])
    )
