"""The bands of distance and of time of a Knox table: what their ends may be."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

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
