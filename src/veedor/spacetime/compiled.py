"""Counting by place and period, as compiled loops.

Each incident is looked for first in the period of the one before and in the next: where a record is
roughly in order of time hardly anything is searched for.
"""

from __future__ import annotations

from veedor.arrays import Ints
from veedor.compiling import compiled
from veedor.spacetime.counts import Indices


@compiled
def count_each(place: Indices, middle: Ints, edges: Ints, table: Ints) -> None:
    """Count incidents into `table`, shape (periods, places).

    Parameters
    ----------
    place : array of int32, shape (n,)
    middle : array of int64, shape (n,)
        Instants; one in no period is passed over.
    edges : array of int64, shape (periods + 1,)
    table : array of int64
    """
    period, last = 0, len(edges) - 2
    for at in range(len(place)):
        instant = middle[at]
        if instant < edges[0] or instant >= edges[last + 1]:
            continue
        if instant >= edges[period + 1] and instant < edges[min(period + 2, last + 1)]:
            period += 1
        elif instant < edges[period] or instant >= edges[period + 1]:
            low, high = 0, last
            while low < high:
                middling = (low + high + 1) // 2
                if instant >= edges[middling]:
                    low = middling
                else:
                    high = middling - 1
            period = low
        table[period, place[at]] += 1
