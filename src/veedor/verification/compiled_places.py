"""Bins that numbers fall in, and how many in each, compiled by numba when they are first called.

Import this module where it is used: numba takes its time to load.
"""

from __future__ import annotations

import numpy as np

from veedor.arrays import Floats, Ints
from veedor.compiling import compiled


@compiled
def steps_above(edges: Floats, even: Ints, values: Floats) -> Ints:
    """First edge above each value, as `numpy.searchsorted` finds it, at a cost without logarithm.

    `even` is that of values spread evenly from 0 to the last edge: from there the way to the edge
    is a step or two, on average over all values. The last edge is above all.
    """
    many, last = len(even), len(edges) - 1
    scale = many / edges[last]
    found = np.empty(len(values), dtype=np.int64)
    for i in range(len(values)):
        value = values[i]
        at = min(even[min(int(value * scale), many - 1)], last)
        while at > 0 and edges[at - 1] > value:
            at -= 1
        while at < last and edges[at] <= value:
            at += 1
        found[i] = at
    return found


@compiled
def logarithmic(rng: np.random.Generator, share: Floats, where: Ints) -> Ints:
    """Draw a logarithmic number for the bin of each value, as `rng.logseries` would; 1 for 0.

    Most are 1 by their first uniform number alone: a logarithm is taken only of the others.

    References
    ----------
    Kemp, A. W. (1981). Efficient generation of logarithmically distributed pseudo-random variables.
    Applied Statistics 30, 249-253. https://doi.org/10.2307/2346348
    """
    found = np.ones(len(where), dtype=np.int64)
    for i in range(len(where)):
        p = share[where[i]]
        again = p > 0.0
        while again:
            again, v = False, rng.random()
            if v >= p:
                continue
            q = -np.expm1(np.log1p(-p) * rng.random())
            if v <= q * q:
                number = np.floor(1.0 + np.log(v) / np.log(q)) if v > 0.0 else 0.0
                found[i] = max(number, 1.0)
                again = number < 1.0
            elif v < q:
                found[i] = 2
    return found


@compiled
def gathered(row: Ints, where: Ints, size: Ints) -> tuple[Ints, Ints, Ints]:
    """Row, bin and sum of the sizes of what lies in one bin of a row: arrays sorted by both."""
    n = 0
    for i in range(len(row)):
        if i == 0 or row[i] != row[i - 1] or where[i] != where[i - 1]:
            n += 1
    rows, bins = np.empty(n, dtype=np.int64), np.empty(n, dtype=np.int64)
    counts, at = np.zeros(n, dtype=np.int64), -1
    for i in range(len(row)):
        if i == 0 or row[i] != row[i - 1] or where[i] != where[i - 1]:
            at += 1
            rows[at], bins[at] = row[i], where[i]
        counts[at] += size[i]
    return rows, bins, counts


@compiled
def picked(begins: Ints, chosen: Ints, where: Ints, size: Ints) -> tuple[Ints, Ints, Ints]:
    """Count, as `gathered`, the incidents chosen of each row, whose clusters begin at `begins`."""
    many, total = chosen.shape
    bins = np.empty(many * total, dtype=np.int64)
    n = 0
    for row in range(many):
        cluster = begins[row]
        passed = size[cluster]
        for place in range(total):
            while chosen[row, place] >= passed:
                cluster += 1
                passed += size[cluster]
            bins[row * total + place] = where[cluster]
            if place == 0 or where[cluster] != bins[row * total + place - 1]:
                n += 1
    rows, found = np.empty(n, dtype=np.int64), np.empty(n, dtype=np.int64)
    counts, at = np.zeros(n, dtype=np.int64), -1
    for row in range(many):
        for place in range(row * total, (row + 1) * total):
            if place == row * total or bins[place] != bins[place - 1]:
                at += 1
                rows[at], found[at] = row, bins[place]
            counts[at] += 1
    return rows, found, counts
