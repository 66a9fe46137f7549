"""Which bin a number falls in, compiled by numba when it is first called.

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
