"""The loops over pairs of incidents, compiled by numba when they are first called.

Import it where it is used, not at the top of a module: numba takes its time to load, and who
forecasts otherwise need not wait for it.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from veedor.arrays import Bools, Floats, Ints
from veedor.compiling import compiled

Bins = npt.NDArray[np.uint16]


@compiled
def count_candidates(
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
) -> int:
    """Count the parents in the squares and spans of days that may hold a pair."""
    many = 0
    for i in range(len(x)):
        column = int(np.floor((x[i] - west) / side))
        row = int(np.floor((y[i] - south) / side))
        early = min(max(day[i] - reach_days, 0) // span, spans - 1)
        late = min(max(day[i] - 1, 0) // span, spans - 1)
        for r in range(max(row - 2, 0), min(row + 3, rows)):
            for c in range(max(column - 2, 0), min(column + 3, columns)):
                square = (r * columns + c) * spans
                many += grid_start[square + late + 1] - grid_start[square + early]
    return many


@compiled
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
) -> None:
    """Write the bins of the pairs of every child, and the parents unless `parent` is empty.

    Parents are sorted by square of the grid and, within it, by span of days.
    """
    with_parent = len(parent) > 0
    most = reach_m * reach_m
    at = 0
    for i in range(len(x)):
        xi, yi, di = x[i], y[i], day[i]
        column = int(np.floor((xi - west) / side))
        row = int(np.floor((yi - south) / side))
        indptr[i] = at
        early = min(max(di - reach_days, 0) // span, spans - 1)
        late = min(max(di - 1, 0) // span, spans - 1)
        for r in range(max(row - 2, 0), min(row + 3, rows)):
            below = south + r * side
            north = max(below - yi, yi - below - side, 0.0)
            for c in range(max(column - 2, 0), min(column + 3, columns)):
                left = west + c * side
                east = max(left - xi, xi - left - side, 0.0)
                # A square whose nearest corner is out of reach; with room for rounding.
                if north * north + east * east > 1.000001 * most:
                    continue
                square = (r * columns + c) * spans
                first, end = grid_start[square + early], grid_start[square + late + 1]
                there_x, there_y = parent_x[first:end], parent_y[first:end]
                then = parent_day[first:end]
                for j in range(len(then)):
                    dx, dy, lag = there_x[j] - xi, there_y[j] - yi, di - then[j]
                    apart = dx * dx + dy * dy
                    if (apart < most) & (lag >= 1) & (lag <= reach_days):
                        ring = min(max(int(np.sqrt(apart) / step_m) - 1, 0), rings - 1)
                        index[at] = np.uint16((lag - 1) * rings + ring)
                        if with_parent:
                            parent[at] = first + j
                        at += 1
    indptr[len(x)] = at


@compiled
def sum_pairs(indptr: Ints, index: Bins, tables: Floats, sums: Floats) -> None:
    """Sum three tables over the pairs of each child, into shape (n, 3).

    Entry 3 b + t of `tables` is that of bin b in table t.
    """
    for i in range(len(sums)):
        mine = index[indptr[i] : indptr[i + 1]]
        half = len(mine) // 2
        # Two sums at once, since an addition waits for the one before.
        a = b = c = d = e = f = 0.0
        for k in range(half):
            # Signed, and multiplied once: numba then reads the three beside one another.
            one, other = 3 * np.int64(mine[k]), 3 * np.int64(mine[k + half])
            a += tables[one]
            b += tables[one + 1]
            c += tables[one + 2]
            d += tables[other]
            e += tables[other + 1]
            f += tables[other + 2]
        if len(mine) % 2:
            last = 3 * np.int64(mine[2 * half])
            a += tables[last]
            b += tables[last + 1]
            c += tables[last + 2]
        sums[i, 0], sums[i, 1], sums[i, 2] = a + d, b + e, c + f


@compiled
def sum_bins(indptr: Ints, index: Bins, weight: Floats, sums: Floats) -> None:
    """Add the weight of each child to the bins of its pairs."""
    for i in range(len(weight)):
        w = weight[i]
        if w != 0.0:
            for bin_ in index[indptr[i] : indptr[i + 1]]:
                sums[bin_] += w


@compiled
def divide(
    drawn: Floats,
    day: Ints,
    square: Ints,
    level: Floats,
    unit: Floats,
    room: Floats,
    least: Floats,
    background: Floats,
    intensity: Floats,
    amounts: Floats,
) -> None:
    """Divide each incident into background and offspring, and add up the background by square.

    The background of incident i, in square c on day d, is ``u * (room[c] - p)`` with
    ``u = level[d] * unit[c]``, where p is its own probability of being background and solves
    ``p = background / intensity`` (a quadratic); yet no less than ``u * least[c]``.
    """
    amounts[:] = 0.0
    for i in range(len(drawn)):
        c = square[i]
        u, most = level[day[i]] * unit[c], room[c]
        half = 0.5 * (most + drawn[i] / u + 1.0)
        p = most / (half + np.sqrt(max(half * half - most, 0.0)))
        own = u * max(most - p, least[c])
        intensity[i] = own + drawn[i]
        background[i] = own / intensity[i]
        amounts[c] += background[i]


@compiled
def add_scores(
    background: Floats,
    intensity: Floats,
    drawn: Floats,
    scored: Bools,
    score: Floats,
    products: Floats,
) -> None:
    """Add up the derivatives of the scored log intensities, and their products with one another."""
    n = len(score)
    here = np.empty(n)
    for i in range(len(background)):
        if scored[i]:
            here[0] = background[i]
            for k in range(1, n):
                here[k] = drawn[i, k - 1] / intensity[i]
            for k in range(n):
                score[k] += here[k]
                for other in range(n):
                    products[k, other] += here[k] * here[other]
