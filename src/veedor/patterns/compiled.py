"""The loop over pairs of incidents, compiled by numba when it is first called."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from veedor.compiling import compiled

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Shorts = npt.NDArray[np.int16]

_FULL = 8_000


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
    lag_edges: Shorts,
    counts: Ints,
    by_group: Ints,
) -> None:
    """Count pairs by distance band and by lag up to each edge, for many orders of the days at once.

    Days and tallies are two bytes, of which a core compares and adds sixteen in a step. A tally
    holds the pairs of one incident and is emptied well before it overflows.
    """
    n, many = days.shape
    bands, lags = len(squared_edges), len(lag_edges)
    reach = squared_edges[bands - 1]
    tally = np.zeros((bands, lags, many), dtype=np.int16)
    met = np.zeros(bands, dtype=np.int64)
    for i in range(n):
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
                if met[band] == _FULL:
                    _empty(tally[band], counts[band], by_group[group[i], band])
                    met[band] = 0
                met[band] += 1
                for k in range(lags):
                    edge = lag_edges[k]
                    for p in range(many):
                        lag = np.int16(abs(np.int16(days[i, p] - days[j, p])))
                        tally[band, k, p] = np.int16(tally[band, k, p] + np.int16(lag <= edge))
        for band in range(bands):
            if met[band] > 0:
                _empty(tally[band], counts[band], by_group[group[i], band])
                met[band] = 0


@compiled
def _empty(tally: Shorts, counts: Ints, group_counts: Ints) -> None:
    lags, many = tally.shape
    for k in range(lags):
        for p in range(many):
            found = int(tally[k, p])
            counts[k, p] += found
            group_counts[k] += found
            tally[k, p] = 0
