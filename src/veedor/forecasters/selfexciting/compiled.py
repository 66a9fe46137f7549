"""The loops over pairs of incidents, compiled by numba when they are first called.

Import it where it is used, not at the top of a module: numba takes its time to load, and who
forecasts otherwise need not wait for it.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import numpy.typing as npt
from numba import njit

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Bins = npt.NDArray[np.uint16]


def _compiled(function: Callable[..., Any]) -> Callable[..., Any]:
    """Compile, and keep the machine code on disk where there is a folder to keep it in."""
    # No fastmath: sums keep their order, so that the same record gives the same bytes.
    try:
        made: Callable[..., Any] = njit(cache=True, nogil=True)(function)
    except (RuntimeError, OSError):
        made = njit(nogil=True)(function)
    return made


@_compiled
def find_pairs(
    parent_x: Floats,
    parent_y: Floats,
    parent_day: Ints,
    grid_start: Ints,
    columns: int,
    rows: int,
    west: float,
    south: float,
    side: float,
    span: int,
    spans: int,
    x: Floats,
    y: Floats,
    day: Ints,
    reach_days: int,
    reach_m: float,
    step_m: float,
    rings: int,
    indptr: Ints,
    index: Bins,
    parent: npt.NDArray[np.int32],
) -> int:
    """Count (empty `index`) or write the bins of the pairs of every child.

    Parents are sorted by square of the grid and, within it, by span of days. The writing is
    without a branch: every candidate is written where the next pair belongs, and the place moves
    on only if it was one. So `index` needs one entry more than there are pairs.
    """
    fill = len(index) > 0
    with_parent = len(parent) > 0
    most = reach_m * reach_m
    at = 0
    for i in range(len(x)):
        xi, yi, di = x[i], y[i], day[i]
        column = int(np.floor((xi - west) / side))
        row = int(np.floor((yi - south) / side))
        if not fill:
            indptr[i] = at
        early = min(max(di - reach_days, 0) // span, spans - 1)
        late = min(max(di - 1, 0) // span, spans - 1)
        for r in range(max(row - 2, 0), min(row + 3, rows)):
            for c in range(max(column - 2, 0), min(column + 3, columns)):
                square = (r * columns + c) * spans
                first = grid_start[square + early]
                end = grid_start[square + late + 1]
                if fill:
                    for j in range(first, end):
                        dx, dy, lag = parent_x[j] - xi, parent_y[j] - yi, di - parent_day[j]
                        apart = dx * dx + dy * dy
                        ring = min(max(int(np.sqrt(apart) / step_m) - 1, 0), rings - 1)
                        index[at] = np.uint16((lag - 1) * rings + ring)
                        if with_parent:
                            parent[at] = j
                        at += (apart < most) & (lag >= 1) & (lag <= reach_days)
                else:
                    for j in range(first, end):
                        dx, dy, lag = parent_x[j] - xi, parent_y[j] - yi, di - parent_day[j]
                        at += (dx * dx + dy * dy < most) & (lag >= 1) & (lag <= reach_days)
    if not fill:
        indptr[len(x)] = at
    return at


@_compiled
def expect_once(
    indptr: Ints,
    index: Bins,
    table: Floats,
    unit: Floats,
    room: Floats,
    least: Floats,
    leave_out: bool,
    scored: npt.NDArray[np.bool_],
    background: Floats,
    intensity: Floats,
    inverse: Floats,
) -> float:
    """Intensity of every child and, bin by bin, the sum of its inverses; returns the log sum.

    The background of child i is ``unit[i] * (room[i] - p)``, where p is its own probability of
    being background and solves ``p = background / intensity`` (a quadratic), yet no less than
    ``unit[i] * least[i]``; or ``unit[i] * room[i]`` where nothing is left out.
    """
    inverse[:] = 0.0
    total = 0.0
    for i in range(len(unit)):
        first, end = indptr[i], indptr[i + 1]
        # Two sums at once, since an addition waits for the one before.
        even = odd = 0.0
        for k in range(first, end - 1, 2):
            even += table[index[k]]
            odd += table[index[k + 1]]
        if (end - first) % 2:
            even += table[index[end - 1]]
        drawn = even + odd
        u, most = unit[i], room[i]
        if leave_out:
            half = 0.5 * (most + drawn / u + 1.0)
            p = most / (half + np.sqrt(max(half * half - most, 0.0)))
            own = u * max(most - p, least[i])
        else:
            own = u * most
        rate = own + drawn
        background[i] = own / rate
        intensity[i] = rate
        if scored[i]:
            total += np.log(rate)
            weight = 1.0 / rate
            for k in range(first, end):
                inverse[index[k]] += weight
    return total
