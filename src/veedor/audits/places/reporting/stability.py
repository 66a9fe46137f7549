"""Which flagged places stay flagged whatever the reporting rates are, within their intervals.

The true count of place i is linear in u = 1/rate: v_i = sum over categories c of n_ic u_c, with
u_c between 1/high and 1/low of the stratum that the place belongs to. Places are ranked by v, or by
v per km2, from the top until the budget (a number of places, or an area) is spent.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import product

import numpy as np
import numpy.typing as npt

from veedor.arrays import Bools, Floats, Ints
from veedor.errors import DataError, phrase

ROBUST, FRAGILE, UNDETERMINED = "robust", "fragile", "undetermined"

# Values that differ by less of the largest are equal: sums in another order differ so.
_TIE = 1e-10
_MOST_CATEGORIES = 6


@dataclass(frozen=True, eq=False)
class Stability:
    """What each place can become for some admissible rates.

    Parameters
    ----------
    stays : array of bool, shape (places,)
        Proved: it is as it is flagged, among the top or not, for every admissible rate.
    changes : array of bool, shape (places,)
        Found: for some admissible rate it is not as it is flagged.
    flagged : array of bool, shape (places,)
    label : array of str, shape (places,)
        ``robust`` where it stays, ``fragile`` where it changes, ``undetermined`` where neither was
        proved nor found.
    """

    stays: Bools
    changes: Bools
    flagged: Bools
    label: npt.NDArray[np.str_]


def rank_stability(
    counts: Floats,
    low: Floats,
    high: Floats,
    stratum: Ints,
    flagged: Bools,
    *,
    weight: Floats | None = None,
    budget: float | None = None,
) -> Stability:
    """Label each place robust, fragile or undetermined, without sampling.

    Parameters
    ----------
    counts : array, shape (places, categories)
        Recorded; divided by the area where places are ranked by density.
    low, high : array in (0, 1], shape (strata, categories)
        Admissible reporting rates.
    stratum : array of int, shape (places,)
        Places of one stratum share their rates, which are then the same unknown number; for rates
        of each place's own give every place its own stratum.
    flagged : array of bool, shape (places,)
    weight : array, shape (places,), optional
        What flagging a place spends of the budget: 1 by default, or its area.
    budget : float, optional
        What is spent on the flagged places by default.

    Returns
    -------
    Stability
        Where each place has a stratum of its own, or there is one category, nothing is
        undetermined: the labels are exact. Where places share rates of several categories,
        ``robust`` and ``fragile`` are proved, by bounds on each pair of places and by rates at the
        corners of the intervals; what lies between is ``undetermined``.

    Notes
    -----
    Ties stay as they are flagged: only a place that is above a flagged one pushes it out. The cost
    is n log n for each corner, of which there are 2 to the number of categories (the outermost
    above six categories), and for shared rates the pairs within a stratum until the budget is
    spent.

    Examples
    --------
    Ten against nine, each reported at 40% to 60%: the second may have more. Five may not.

    >>> low, high = np.full((3, 1), 0.4), np.full((3, 1), 0.6)
    >>> counts, own = np.array([[10.0], [9.0], [5.0]]), np.arange(3)
    >>> top = np.array([True, False, False])
    >>> rank_stability(counts, low, high, own, top).label.tolist()
    ['fragile', 'fragile', 'robust']
    >>> rank_stability(counts, low[:1], high[:1], np.zeros(3, int), top).label.tolist()
    ['robust', 'robust', 'robust']
    """
    if not flagged.any():
        raise DataError("At least one place must be flagged.", found=phrase("none"))
    spends = np.ones(len(counts)) if weight is None else weight
    left = (float(spends[flagged].sum()) if budget is None else budget) * (1.0 + _TIE) - spends
    box = _Box.of(counts, low, high, stratum, flagged)
    changes = _changes_at_a_corner(box, flagged, spends, left)
    stays = _stays_by_pairs(box, flagged, spends, left)
    label = np.where(stays, ROBUST, np.where(changes, FRAGILE, UNDETERMINED))
    return Stability(stays, changes, flagged, label)


@dataclass(frozen=True, eq=False)
class _Box:
    """True counts of places over the box of admissible rates.

    ``tie`` is how far apart values must be to differ, and ``ahead`` what puts a flagged place
    before an unflagged one with which it ties.
    """

    counts: Floats
    most: Floats
    least: Floats
    stratum: Ints
    ahead: Floats
    tie: float

    @classmethod
    def of(cls, counts: Floats, low: Floats, high: Floats, stratum: Ints, flagged: Bools) -> _Box:
        most, least = 1.0 / low, 1.0 / high
        tie = _TIE * max(float((counts * most[stratum]).sum(axis=1).max()), 1e-300)
        ahead: Floats = np.where(flagged, 2.0 * tie, 0.0)
        return cls(counts, most, least, stratum, ahead, tie)

    def value(self, at_most: Bools) -> Floats:
        """Value of each place with the categories that are true at their most, shape (places,)."""
        chosen = np.where(at_most, self.most, self.least)
        found: Floats = (self.counts * chosen[self.stratum]).sum(axis=1) + self.ahead
        return found


class _Ladder:
    """Values in order, to weigh those above others: all of them, or those of the same stratum.

    A place of a stratum has the key of the stratum and its step in the order of all values, so
    that one sorted array of whole numbers holds every stratum's own order.
    """

    def __init__(self, values: Floats, stratum: Ints, weight: Floats) -> None:
        n = len(values)
        order = np.argsort(values, kind="stable")
        step = np.empty(n, dtype=np.int64)
        step[order] = np.arange(n)
        key = stratum * (n + 1) + step
        by_key = np.argsort(key, kind="stable")
        self._size, self._stratum = n + 1, stratum
        self._values, self._keys = values[order], key[by_key]
        self._sums = np.concatenate([[0.0], np.cumsum(weight[order])])
        self._own_sums = np.concatenate([[0.0], np.cumsum(weight[by_key])])

    def above(self, value: Floats, rows: Ints) -> tuple[Floats, Floats]:
        """Weight above the values of some places: in all strata, and in the place's own."""
        stratum = self._stratum[rows]
        at = np.searchsorted(self._values, value, side="right")
        own_at = np.searchsorted(self._keys, stratum * self._size + at)
        own_end = np.searchsorted(self._keys, (stratum + 1) * self._size)
        return (
            self._sums[-1] - self._sums[at],
            self._own_sums[own_end] - self._own_sums[own_at],
        )


def _ends(categories: int) -> list[Bools]:
    """Corners of a stratum's intervals: all of them, or with many categories the outermost."""
    if categories <= _MOST_CATEGORIES:
        return [np.array(end) for end in product((False, True), repeat=categories)]
    one = np.eye(categories, dtype=bool)
    return [np.zeros(categories, dtype=bool), np.ones(categories, dtype=bool), *one, *~one]


def _changes_at_a_corner(box: _Box, flagged: Bools, weight: Floats, left: Floats) -> Bools:
    """Whether a place leaves, or enters, the top at a corner of its own stratum's intervals.

    All other strata stand at their largest true counts for leaving, at their smallest for entering.
    """
    ends = _ends(box.counts.shape[1])
    largest = _Ladder(box.value(np.ones_like(ends[0])), box.stratum, weight)
    smallest = _Ladder(box.value(np.zeros_like(ends[0])), box.stratum, weight)
    rows_in, rows_out = np.flatnonzero(flagged), np.flatnonzero(~flagged)
    changes = np.zeros(len(flagged), dtype=bool)
    for end in ends:
        value = box.value(end)
        here = _Ladder(value, box.stratum, weight)
        for rows, there in ((rows_in, largest), (rows_out, smallest)):
            every, own = there.above(value[rows] + box.tie, rows)
            _, within = here.above(value[rows] + box.tie, rows)
            outside = every - own + within > left[rows]
            changes[rows] |= outside == flagged[rows]
    return changes


def _stays_by_pairs(box: _Box, flagged: Bools, weight: Floats, left: Floats) -> Bools:
    """Whether too few places can be above a flagged one, or enough must be above another.

    For two places of different strata the extremes of v_j - v_i are reached where each stands at an
    end; for two that share rates they are the sum over categories of (n_jc - n_ic) times the end
    that suits its sign. Counting stops where the answer is known.
    """
    most = np.ones(box.counts.shape[1], dtype=bool)
    largest, smallest = box.value(most), box.value(~most)
    above = np.empty(len(flagged))
    for rows, mine, others in (
        (np.flatnonzero(flagged), smallest, largest),
        (np.flatnonzero(~flagged), largest, smallest),
    ):
        every, own = _Ladder(others, box.stratum, weight).above(mine[rows] + box.tie, rows)
        above[rows] = every - own
    order = np.lexsort([-largest, box.stratum])
    first = np.flatnonzero(np.diff(box.stratum[order], prepend=-1))
    if len(first) < len(order):
        from veedor.audits.places.reporting.compiled import add_pairs

        start = np.append(first, len(order)).astype(np.int64)
        row, ends = box.stratum[order[first]], np.stack([box.least, box.most])
        ahead, total = box.ahead[order], above[order]
        sides = (flagged[order], weight[order], left[order])
        add_pairs(box.counts[order], ends[:, row], ahead, box.tie, *sides, start, total)
        above[order] = total
    stays: Bools = (above <= left) == flagged
    return stays
