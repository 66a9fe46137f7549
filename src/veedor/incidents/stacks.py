"""Incidents stacked on one exact point: snapped coordinates, or a station house's."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from veedor.arrays import Floats
from veedor.incidents.duplicates import groups, keys_of
from veedor.incidents.quality_report import Share, Stack, StackedPlaces

#: Points are shown to this many metres: a point may be a home.
ROUNDED_M = 100
TOP = 10
#: A point is suspected if it holds at least this share of all located incidents, ...
SUSPECT_SHARE = 0.005
#: ... at least this many, and at least this many times the tenth largest stack.
SUSPECT_COUNT = 20
SUSPECT_TIMES = 3.0


def find_stacks(x_m: Floats, y_m: Floats) -> StackedPlaces:
    """Find the points that hold more than one incident.

    Parameters
    ----------
    x_m, y_m : array, shape (n,)
        Metres; NaN without a place.
    """
    located = int(np.count_nonzero(np.isfinite(x_m)))
    stacked = points = 0
    largest: list[tuple[int, float, float]] = []

    def keys(chunk: slice) -> npt.NDArray[np.uint64]:
        return keys_of((x_m[chunk], y_m[chunk]))

    for positions in groups(keys, len(x_m)):
        x, y = x_m[positions], y_m[positions]
        there = np.isfinite(x)
        x, y = x[there], y[there]
        if len(x) == 0:
            continue
        new = np.append(True, (x[1:] != x[:-1]) | (y[1:] != y[:-1]))
        starts = np.flatnonzero(new)
        counts = np.diff(np.append(starts, len(x)))
        several = counts > 1
        stacked += int(counts[several].sum())
        points += int(np.count_nonzero(several))
        order = np.argsort(-counts, kind="stable")[: 2 * TOP]
        largest += [
            (int(counts[at]), float(x[starts[at]]), float(y[starts[at]]))
            for at in order
            if several[at]
        ]
    largest.sort(key=lambda stack: (-stack[0], stack[1], stack[2]))
    return StackedPlaces(
        points + located - stacked, Share.of(stacked, located), _top(largest[:TOP], located)
    )


def _top(largest: list[tuple[int, float, float]], located: int) -> list[Stack]:
    tenth = largest[-1][0] if len(largest) == TOP else 0
    least = max(SUSPECT_COUNT, SUSPECT_SHARE * located, SUSPECT_TIMES * tenth)
    return [
        Stack(
            x_m=round(x / ROUNDED_M) * ROUNDED_M,
            y_m=round(y / ROUNDED_M) * ROUNDED_M,
            count=count,
            suspected=count >= least,
        )
        for count, x, y in largest
    ]
