"""Only forecasts for the same cells, periods and category are compared: which of them differ."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from veedor.errors import Phrase, SameGroundError, listed, phrase
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
        names = (phrase("the first"), phrase("the second"))
    differs: list[str] = []
    if first.category != second.category:
        differs.append(
            phrase(
                "category {first} and {second}",
                first=repr(first.category),
                second=repr(second.category),
            )
        )
    if not np.array_equal(first.periods.edges, second.periods.edges):
        periods = _periods(first.periods, second.periods, names)
        differs.append(phrase("periods ({differing})", differing=periods))
    cells = _cells(first.cells, second.cells, names)
    if cells:
        differs.append(phrase("cells ({differing})", differing=cells))
    if differs:
        raise SameGroundError(
            "Forecasts can only be compared on the same cells, periods and category.",
            found=phrase("different {differs}", differs=listed(differs)),
            where=phrase(
                "{first} and {second}",
                first=first.forecaster,
                second=second.forecaster,
            ),
            remedy="compare on the cells and periods that both forecast, in one order",
        )


def _periods(first: Periods, second: Periods, names: tuple[str, str]) -> str:
    ours, theirs = (
        dict.fromkeys(zip(map(str, each.start), map(str, each.end), strict=True))
        for each in (first, second)
    )

    def without(
        some: dict[tuple[str, str], None], others: dict[tuple[str, str], None]
    ) -> list[str]:
        return [
            phrase("{start} to {end}", start=start, end=end)
            for start, end in sorted(some.keys() - others.keys())
        ]

    return _only(without(ours, theirs), without(theirs, ours), names)


def _cells(first: Cells, second: Cells, names: tuple[str, str]) -> str:
    """What differs, in words; empty if nothing does."""
    ours, theirs = first.cell_id, second.cell_id
    if not np.array_equal(ours, theirs):
        missing = np.setdiff1d(ours, theirs), np.setdiff1d(theirs, ours)
        if len(missing[0]) or len(missing[1]):
            return _only(missing[0], missing[1], names)
        place = int(np.flatnonzero(ours != theirs)[0])
        return phrase(
            "the same {n} in another order, first at place {place}: {ours} and {theirs}",
            n=len(ours),
            place=place + 1,
            ours=ours[place],
            theirs=theirs[place],
        )
    moved = (
        (np.abs(first.area_km2 - second.area_km2) > _SAME_AREA)
        | (np.abs(first.x_m - second.x_m) > _SAME_PLACE_M)
        | (np.abs(first.y_m - second.y_m) > _SAME_PLACE_M)
    )
    if first.crs == second.crs and bool(moved.any()):
        return phrase(
            "{n} of one id and another ground: {few}", n=int(moved.sum()), few=_few(ours[moved])
        )
    return ""


def _only(ours: Iterable[str], theirs: Iterable[str], names: tuple[str, str]) -> str:
    return listed(
        (
            phrase("{n} only in {name}: {few}", n=len(labels), name=name, few=_few(labels))
            for labels, name in ((list(ours), names[0]), (list(theirs), names[1]))
            if labels
        ),
        "; ",
    )


def _few(labels: Iterable[str]) -> str:
    shown = [label if isinstance(label, Phrase) else str(label) for label in labels]
    return listed([*shown[:_SHOWN], *(["..."] if len(shown) > _SHOWN else [])])
