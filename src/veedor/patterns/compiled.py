"""The loops over pairs of incidents and over shuffled days, compiled when they are first called."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from veedor.arrays import Floats, Ints
from veedor.compiling import compiled

Shorts = npt.NDArray[np.int16]

_AT_ONCE = 1024
_FULL = 32_000


@compiled
def count_pairs(
    x: Floats,
    y: Floats,
    start: Ints,
    rows: int,
    columns: int,
    west: float,
    south: float,
    side: float,
    group: Ints,
    days: Shorts,
    squared_edges: Floats,
    lag_edges: tuple[np.int16, ...],
    counts: Ints,
    by_group: Ints,
) -> None:
    """Count pairs by distance band and by lag up to each edge, for many orders of the days at once.

    Days and tallies are two bytes, of which a core compares and adds sixteen in a step. A tally
    holds pairs of one district and is emptied before it overflows. The edges of the lags are a
    tuple, so that their number is known when this is compiled and the innermost loop unrolled.
    """
    n, many = days.shape
    bands, lags = len(squared_edges), len(lag_edges)
    reach = squared_edges[bands - 1]
    tally = np.zeros((bands, lags, many), dtype=np.int16)
    held = np.zeros(bands, dtype=np.int64)
    near = np.empty((bands, _AT_ONCE), dtype=np.int64)
    met = np.zeros(bands, dtype=np.int64)
    district = group[0]
    for i in range(n):
        if group[i] != district:
            for band in range(bands):
                _empty(tally[band], counts[band], by_group[district, band])
                held[band] = 0
            district = group[i]
        column = min(int((x[i] - west) / side), columns - 1)
        row = min(int((y[i] - south) / side), rows - 1)
        first, last = max(column - 1, 0), min(column + 1, columns - 1)
        for r in range(row, min(row + 2, rows)):
            # Each pair once: the later one in the sorted arrays; the row above comes later.
            begin = max(start[r * columns + first], i + 1)
            for j in range(begin, start[r * columns + last + 1]):
                squared = (x[i] - x[j]) ** 2 + (y[i] - y[j]) ** 2
                if squared > reach:
                    continue
                band = 0
                while squared > squared_edges[band]:
                    band += 1
                near[band, met[band]] = j
                met[band] += 1
                held[band] += 1
                if met[band] == _AT_ONCE:
                    _add_lags(days, i, near[band], lag_edges, tally[band])
                    met[band] = 0
                    if held[band] > _FULL - _AT_ONCE:
                        _empty(tally[band], counts[band], by_group[district, band])
                        held[band] = 0
        for band in range(bands):
            if met[band] > 0:
                _add_lags(days, i, near[band, : met[band]], lag_edges, tally[band])
                met[band] = 0
                if held[band] > _FULL - _AT_ONCE:
                    _empty(tally[band], counts[band], by_group[district, band])
                    held[band] = 0
    for band in range(bands):
        _empty(tally[band], counts[band], by_group[district, band])


@compiled
def _add_lags(
    days: Shorts, i: int, near: Ints, lag_edges: tuple[np.int16, ...], tally: Shorts
) -> None:
    """Add the lags of one incident to others, four at a time: a tally is fetched once for four."""
    mine, whole = days[i], len(near) - len(near) % 4
    for first in range(0, whole, 4):
        a, b = days[near[first]], days[near[first + 1]]
        c, d = days[near[first + 2]], days[near[first + 3]]
        for p in range(len(mine)):
            day = mine[p]
            to_a = np.int16(abs(np.int16(day - a[p])))
            to_b = np.int16(abs(np.int16(day - b[p])))
            to_c = np.int16(abs(np.int16(day - c[p])))
            to_d = np.int16(abs(np.int16(day - d[p])))
            for k, edge in enumerate(lag_edges):
                two = np.int16(np.int16(to_a <= edge) + np.int16(to_b <= edge))
                more = np.int16(np.int16(to_c <= edge) + np.int16(to_d <= edge))
                tally[k, p] = np.int16(tally[k, p] + two + more)
    for place in range(whole, len(near)):
        a = days[near[place]]
        for p in range(len(mine)):
            lag = np.int16(abs(np.int16(mine[p] - a[p])))
            for k, edge in enumerate(lag_edges):
                tally[k, p] = np.int16(tally[k, p] + np.int16(lag <= edge))


@compiled
def _empty(tally: Shorts, counts: Ints, group_counts: Ints) -> None:
    lags, many = tally.shape
    for k in range(lags):
        for p in range(many):
            found = int(tally[k, p])
            counts[k, p] += found
            group_counts[k] += found
            tally[k, p] = 0


@compiled
def shuffle_parts(values: Shorts, ends: Ints, uniform: Floats) -> None:
    """Shuffle each part of `values` in place (Fisher and Yates), part k being up to ``ends[k]``.

    `uniform` holds as many numbers from [0, 1): 53 random bits make every order of a part of a
    million alike to one in 10^10.
    """
    first = 0
    for end in ends:
        for i in range(end - 1, first, -1):
            j = first + int(uniform[i] * (i - first + 1))
            values[i], values[j] = values[j], values[i]
        first = end
