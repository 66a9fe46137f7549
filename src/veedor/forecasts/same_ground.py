"""Only forecasts for the same cells, periods and category are compared: which of them differ."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from veedor.errors import SameGroundError, phrase
from veedor.forecasts.forecast import Forecast
from veedor.spacetime import Cells, Periods

_SHOWN = 5
# Of a kilometre squared, and of a metre: the same ground measured twice.
_SAME_AREA, _SAME_PLACE_M = 1e-6, 1.0


def require_same_ground(first: Forecast, second: Forecast) -> None:
    """Refuse to compare forecasts for different cells, periods or categories.

    Cells are the same where their ids, order, area and centre are.

    Raises
    ------
    SameGroundError
        Names the categories, and the first five cells and periods that differ.
    """
    names = (first.forecaster, second.forecaster)
    if names[0] == names[1]:
        names = ("the first", "the second")
    differs = []
    if first.category != second.category:
        differs.append(f"category {first.category!r} and {second.category!r}")
    if not np.array_equal(first.periods.edges, second.periods.edges):
        differs.append(f"periods ({_periods(first.periods, second.periods, names)})")
    cells = _cells(first.cells, second.cells, names)
    if cells:
        differs.append(f"cells ({cells})")
    if differs:
        raise SameGroundError(
            "Forecasts can only be compared on the same cells, periods and category.",
            found=phrase("different {differs}", differs=", ".join(differs)),
            where=phrase(
                "{first} and {second}",
                first=first.forecaster,
                second=second.forecaster,
            ),
            remedy="compare on the cells and periods that both forecast, in one order",
        )


def _periods(first: Periods, second: Periods, names: tuple[str, str]) -> str:
    ours, theirs = (
        {f"{start} to {end}" for start, end in zip(each.start, each.end, strict=True)}
        for each in (first, second)
    )
    return _only(sorted(ours - theirs), sorted(theirs - ours), names)


def _cells(first: Cells, second: Cells, names: tuple[str, str]) -> str:
    """What differs, in words; empty if nothing does."""
    ours, theirs = first.cell_id, second.cell_id
    if not np.array_equal(ours, theirs):
        missing = np.setdiff1d(ours, theirs), np.setdiff1d(theirs, ours)
        if len(missing[0]) or len(missing[1]):
            return _only(missing[0], missing[1], names)
        place = int(np.flatnonzero(ours != theirs)[0])
        return (
            f"the same {len(ours)} in another order, first at place {place + 1}: "
            f"{ours[place]} and {theirs[place]}"
        )
    moved = (
        (np.abs(first.area_km2 - second.area_km2) > _SAME_AREA)
        | (np.abs(first.x_m - second.x_m) > _SAME_PLACE_M)
        | (np.abs(first.y_m - second.y_m) > _SAME_PLACE_M)
    )
    if first.crs == second.crs and bool(moved.any()):
        return f"{int(moved.sum())} of one id and another ground: {_few(ours[moved])}"
    return ""


def _only(ours: Iterable[str], theirs: Iterable[str], names: tuple[str, str]) -> str:
    parts = [
        f"{len(labels)} only in {name}: {_few(labels)}"
        for labels, name in ((list(ours), names[0]), (list(theirs), names[1]))
        if labels
    ]
    return "; ".join(parts)


def _few(labels: Iterable[str]) -> str:
    listed = [str(label) for label in labels]
    return ", ".join(listed[:_SHOWN]) + (", ..." if len(listed) > _SHOWN else "")
