"""The bands of distance and of time of a Knox table: their ends, and how they are named."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

#: Positions that differ by no more than this are one place, in metres: coordinates are rounded.
SAME_PLACE_M = 1.0
#: Of distance, and of time, after the same place and the same day.
MOST_BANDS = 12
#: Days that a record, and a lag, may span: what two bytes hold.
LONGEST_DAYS = int(np.iinfo(np.int16).max)


def ascending(ends: npt.ArrayLike, above: float, most: float = np.inf) -> bool:
    """Whether ends of bands ascend from above `above` to at most `most`, and are not too many.

    >>> ascending([100.0, 200.0], 1.0), ascending([7, 7], 0), ascending([], 0)
    (True, False, False)
    >>> ascending([5.0, float("nan")], 1.0), ascending([5.0, float("inf")], 1.0)
    (False, False)
    """
    given = np.asarray(ends, dtype=np.float64)
    few = 1 <= len(given) <= MOST_BANDS
    inside = bool(np.all(np.isfinite(given) & (given <= most)))
    return few and inside and bool(np.all(np.diff(given, prepend=above) > 0))


def distance_words(edges: Floats) -> tuple[str, ...]:
    """Name the bands of distance, the first of them the same place.

    >>> distance_words(np.array([1.0, 100.0, 200.0]))
    ('same place', '1 to 100 m', '100 to 200 m')
    """
    between = [f"{a:g} to {b:g} m" for a, b in pairwise(edges)]
    return ("same place", *between)


def time_words(lags: Ints) -> tuple[str, ...]:
    """Name the bands of time, the first of them the same day.

    >>> time_words(np.array([0, 1, 7, 8]))
    ('same day', '1 day', '2 to 7 days', '8 days')
    """
    between = [
        f"{a + 1} to {b} days" if b > a + 1 else f"{b} day" + "s" * (b > 1)
        for a, b in pairwise(lags.tolist())
    ]
    return ("same day", *between)
