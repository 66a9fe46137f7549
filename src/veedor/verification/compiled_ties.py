"""Which sums of areas come before a cell in a random order, compiled by numba when first called.

Import this module where it is used: numba takes its time to load.
"""

from __future__ import annotations

import math

import numpy as np

from veedor.arrays import Floats, Ints
from veedor.compiling import compiled


@compiled
def sums_before(size: Floats, number: Ints, below: float, most: int) -> tuple[int, Floats, Floats]:
    """Sums of areas that may come before one more cell, and how likely each is.

    Besides that cell there are `number` cells of each `size`. All orders of them all are equally
    likely, so that any K of the n others come first with probability 1 / ((n + 1) C(n, K)). Only
    sums under `below` are listed; their number is -1 if there are more than `most`.
    """
    kinds, others = len(size), 0
    for kind in range(kinds):
        others += number[kind]
    choose = np.zeros(others + 2)  # logarithms of factorials
    for k in range(2, others + 2):
        choose[k] = choose[k - 1] + math.log(k)
    taken = np.zeros(kinds, dtype=np.int64)
    sums, weights = np.empty(most), np.empty(most)
    found, ground, many = 0, 0.0, 0
    ways = 0.0
    while True:
        if found == most:
            return -1, sums, weights
        sums[found] = ground
        order = choose[others] - choose[many] - choose[others - many]
        weights[found] = math.exp(ways - order) / (others + 1.0)
        found += 1
        # The next choice whose sum is small enough: one more of the first kind that still fits.
        kind = 0
        while kind < kinds:
            if taken[kind] < number[kind] and ground + size[kind] < below:
                ways += math.log((number[kind] - taken[kind]) / (taken[kind] + 1.0))
                taken[kind] += 1
                many += 1
                ground += size[kind]
                break
            many -= taken[kind]
            taken[kind] = 0
            # Added up anew, so that no rounding is carried along.
            ground, ways = 0.0, 0.0
            for other in range(kinds):
                k = taken[other]
                ground += k * size[other]
                ways += choose[number[other]] - choose[k] - choose[number[other] - k]
            kind += 1
        if kind == kinds:
            return found, sums, weights
