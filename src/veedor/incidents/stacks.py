"""Incidents stacked on one exact point: snapped coordinates, or a station house's."""

from __future__ import annotations

import numpy as np

from veedor.arrays import Floats
from veedor.incidents.duplicates import Keys, keys_of
from veedor.incidents.quality_report import Share, Stack, StackedPlaces

_CHUNK = 1_000_000
#: Keys whose runs are counted at a time.
_AT_ONCE = 4_000_000
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

    Notes
    -----
    Points are told apart by keys of 64 bits: of 100 million different ones two share a key, and are
    counted as one, with a probability of 3 in 10,000.
    """
    ordered = np.empty(len(x_m), dtype=np.uint64)
    located = 0
    for first in range(0, len(x_m), _CHUNK):
        some, _, _ = _keys(x_m, y_m, first)
        ordered[located : located + len(some)] = some
        located += len(some)
    ordered = ordered[:located]
    ordered.sort()
    alone = points = begin = 0
    largest: list[tuple[int, int]] = []
    while begin < located:
        last = ordered[min(begin + _AT_ONCE, located) - 1]
        end = int(np.searchsorted(ordered, last, side="right"))
        key, counts = np.unique(ordered[begin:end], return_counts=True)
        alone += int(np.count_nonzero(counts == 1))
        points += len(key)
        order = np.argsort(-counts, kind="stable")[: 2 * TOP]
        largest += [(int(counts[at]), int(key[at])) for at in order if counts[at] > 1]
        begin = end
    return StackedPlaces(
        points, Share.of(located - alone, located), _top(_placed(largest, x_m, y_m), located)
    )


def _keys(x_m: Floats, y_m: Floats, first: int) -> tuple[Keys, Floats, Floats]:
    """Keys and places of those located in the chunk that begins at `first`."""
    x, y = x_m[first : first + _CHUNK], y_m[first : first + _CHUNK]
    there = np.isfinite(x)
    x, y = x[there], y[there]
    return keys_of((x, y)), x, y


def _placed(
    largest: list[tuple[int, int]], x_m: Floats, y_m: Floats
) -> list[tuple[int, float, float]]:
    """Look up where the largest stacks are, given by count and key; the largest first."""
    least = sorted((count for count, _ in largest), reverse=True)[:TOP]
    sought = {key: count for count, key in largest if count >= least[-1]}
    found: list[tuple[int, float, float]] = []
    for first in range(0, len(x_m), _CHUNK):
        if not sought:
            break
        some, x, y = _keys(x_m, y_m, first)
        hit = np.flatnonzero(np.isin(some, np.array(list(sought), dtype=np.uint64)))
        for at in hit[np.unique(some[hit], return_index=True)[1]]:
            found.append((sought.pop(int(some[at])), float(x[at]), float(y[at])))
    return sorted(found, key=lambda stack: (-stack[0], stack[1], stack[2]))[:TOP]


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
