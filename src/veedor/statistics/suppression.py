"""Small counts of a published table: hidden, and with them what would give them back."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from scipy import optimize, sparse

from veedor.arrays import Bools, Floats, Ints

#: Counts from 1 to one below this are small.
SMALL_COUNT = 10


class Addition(NamedTuple):
    """A cell of a table that is known to be the sum of others, by place."""

    total: int
    parts: tuple[int, ...]


def suppressed(values: npt.ArrayLike, additions: Sequence[Addition], k: int = SMALL_COUNT) -> Bools:
    """Choose which cells of a table of counts are not to be published.

    Those from 1 to k - 1, and then, as long as sums and differences of what is published hold one
    of them within less than k, the smallest published part of a sum that it is in, or a total
    where no part is left. What a reader knows: every published cell, all additions, and that no
    count is below 0; not which hidden cells are small, so that all hidden ones must be marked
    alike. Bounds are those of linear programming: where additions form a tree on each of at most
    two sides of a table, no whole numbers lie closer.

    Parameters
    ----------
    values : array of int, shape (cells,)
        At least 0.
    additions : sequence of Addition
        Every sum that a reader may know of, printed or not.
    k : int
        At least 2.

    Returns
    -------
    array of bool, shape (cells,)
        True where a cell is hidden. A 0 is hidden only where nothing else is left.

    Notes
    -----
    Two linear programs for each small cell and step: for tables of pages, not of whole records.

    References
    ----------
    Cox, L. H. (1980). Suppression methodology and statistical disclosure control. Journal of the
    American Statistical Association 75, 377-385. https://doi.org/10.1080/01621459.1980.10477481

    Examples
    --------
    One small part of a sum would be the rest of it, so that the smallest other one goes too.

    >>> suppressed([4, 30, 50, 84], [Addition(3, (0, 1, 2))]).tolist()
    [True, True, False, False]
    """
    counts = np.asarray(values, dtype=np.int64)
    small = (counts > 0) & (counts < k)
    hidden = small.copy()
    while True:
        held = _held(counts, additions, hidden, small, k)
        if held is None:
            return hidden
        hidden[_next_to(counts, additions, hidden, held)] = True


def _held(
    counts: Ints, additions: Sequence[Addition], hidden: Bools, small: Bools, k: int
) -> int | None:
    """Return the first small cell that what is published holds within less than k."""
    for cell in np.flatnonzero(small):
        low, high = bounds(counts, additions, hidden, int(cell))
        if high - low < k:
            return int(cell)
    return None


def bounds(
    values: npt.ArrayLike, additions: Sequence[Addition], hidden: Bools, cell: int
) -> tuple[float, float]:
    """Return between what a hidden cell must lie, given all that is published.

    >>> bounds([4, 30, 50, 84], [Addition(3, (0, 1, 2))], np.array([True, True, False, False]), 0)
    (0.0, 34.0)
    """
    counts = np.asarray(values, dtype=np.float64)
    reached = _reached(additions, hidden, cell)
    place = {one: n for n, one in enumerate(np.flatnonzero(reached).tolist())}
    matrix, right = _equations(counts, additions, reached, place)
    goal = np.zeros(len(place))
    ends = []
    for sign in (1.0, -1.0):
        goal[place[cell]] = sign
        found = optimize.linprog(goal, A_eq=matrix, b_eq=right, bounds=(0.0, None), method="highs")
        ends.append(sign * float(found.fun) if found.status == 0 else sign * -np.inf)
    return round(ends[0], 6) + 0.0, round(ends[1], 6) + 0.0


def _reached(additions: Sequence[Addition], hidden: Bools, cell: int) -> Bools:
    """Hidden cells that a cell's bounds can depend on: those it shares a chain of sums with."""
    reached = np.zeros(len(hidden), dtype=np.bool_)
    reached[cell] = True
    waiting = list(additions)
    grew = True
    while grew:
        grew = False
        rest = []
        for one in waiting:
            members = np.array([one.total, *one.parts])
            if reached[members].any():
                reached[members[hidden[members]]] = True
                grew = True
            else:
                rest.append(one)
        waiting = rest
    return reached


def _equations(
    counts: Floats, additions: Sequence[Addition], reached: Bools, place: dict[int, int]
) -> tuple[sparse.csr_array | None, Floats | None]:
    rows: list[int] = []
    columns: list[int] = []
    signs: list[float] = []
    right: list[float] = []
    for one in additions:
        members = [(one.total, 1.0), *((part, -1.0) for part in one.parts)]
        if not any(reached[cell] for cell, _ in members):
            continue
        known = 0.0
        for cell, sign in members:
            if reached[cell]:
                rows.append(len(right))
                columns.append(place[cell])
                signs.append(sign)
            else:
                known -= sign * float(counts[cell])
        right.append(known)
    if not right:
        return None, None
    shape = (len(right), len(place))
    return sparse.csr_array((signs, (rows, columns)), shape=shape), np.array(right)


def _next_to(counts: Ints, additions: Sequence[Addition], hidden: Bools, cell: int) -> int:
    """Return the cell that is hidden next: of the sums a small one's bounds rest on."""
    reached = _reached(additions, hidden, cell)
    touching = [one for one in additions if reached[[one.total, *one.parts]].any()]
    near = [one for one in touching if cell in (one.total, *one.parts)]
    for sums in (near, touching):
        parts = sorted({part for one in sums for part in one.parts if not hidden[part]})
        for cells in (
            [part for part in parts if counts[part] > 0],
            sorted({one.total for one in sums if not hidden[one.total]}),
            parts,
        ):
            if cells:
                return min(cells, key=lambda one: (int(counts[one]), one))
    raise AssertionError("a cell in no sum is held by none")  # pragma: no cover
