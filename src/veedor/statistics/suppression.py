"""Small counts of a published table: hidden, and with them what would give them back."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from scipy import optimize, sparse
from scipy.sparse import csgraph

from veedor.arrays import Bools, Floats, Ints

#: Counts from 1 to one below this are small.
SMALL_COUNT = 10


class Addition(NamedTuple):
    """A cell of a table that is known to be the sum of others, by place."""

    total: int
    parts: tuple[int, ...]


def suppressed(
    values: npt.ArrayLike,
    additions: Sequence[Addition],
    k: int = SMALL_COUNT,
    *,
    of_few: npt.ArrayLike = False,
) -> Bools:
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
    of_few : array of bool, shape (cells,)
        Cells that are as small ones are, however much they count: what few people did often.

    Returns
    -------
    array of bool, shape (cells,)
        True where a cell is hidden. A 0 is hidden only where nothing else is left.

    Notes
    -----
    Where hidden cells and sums form no ring, the bounds of all cells follow from those of their
    neighbours at once; only cells of a ring (rows and columns, say) need two linear programs each.

    References
    ----------
    Cox, L. H. (1980). Suppression methodology and statistical disclosure control. Journal of the
    American Statistical Association 75, 377-385. https://doi.org/10.1080/01621459.1980.10477481

    Examples
    --------
    One small part of a sum would be the rest of it, so that the smallest other one goes too.

    >>> suppressed([4, 30, 50, 84], [Addition(3, (0, 1, 2))]).tolist()
    [True, True, False, False]

    Of what two people did 400 times, no more is told.

    >>> suppressed([400, 30, 50, 480], [Addition(3, (0, 1, 2))], of_few=[1, 0, 0, 0]).tolist()
    [True, True, False, False]
    """
    counts = np.asarray(values, dtype=np.int64)
    small = (counts > 0) & ((counts < k) | np.asarray(of_few, dtype=np.bool_))
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
    sums = _sums(counts, additions, hidden)
    low, high = _passed_on(sums, len(counts))
    loose = _in_rings(sums, len(counts))
    for cell in map(int, np.flatnonzero(small)):
        if high[cell] - low[cell] < k:
            return cell
        if loose[cell]:
            least, most = _programmed(sums, cell)
            if most - least < k:
                return cell
    return None


def bounds(
    values: npt.ArrayLike, additions: Sequence[Addition], hidden: Bools, cell: int
) -> tuple[float, float]:
    """Return between what a hidden cell must lie, given all that is published.

    >>> bounds([4, 30, 50, 84], [Addition(3, (0, 1, 2))], np.array([True, True, False, False]), 0)
    (0.0, 34.0)
    """
    counts = np.asarray(values, dtype=np.int64)
    sums = _sums(counts, additions, hidden)
    if _in_rings(sums, len(counts))[cell]:
        return _programmed(sums, cell)
    low, high = _passed_on(sums, len(counts))
    return float(low[cell]), float(high[cell])


class _Sum(NamedTuple):
    """What an addition says of hidden cells: signs times cells are what is known."""

    cells: Ints
    signs: Floats
    known: float


def _sums(counts: Ints, additions: Sequence[Addition], hidden: Bools) -> list[_Sum]:
    found = []
    for one in additions:
        members = np.array([one.total, *one.parts])
        signs = np.array([1.0, *(-1.0 for _ in one.parts)])
        hides = hidden[members]
        if hides.any():
            known = -float(signs[~hides] @ counts[members[~hides]])
            found.append(_Sum(members[hides], signs[hides], known))
    return found


def _passed_on(sums: Sequence[_Sum], cells: int) -> tuple[Floats, Floats]:
    """Bounds of hidden cells, each sum's passed on to the next: exact where there is no ring.

    A path from a cell to any other has no more sums than there are. In a ring they hold, and may
    be wider than they need be.
    """
    low, high = np.zeros(cells), np.full(cells, np.inf)
    for _ in sums:
        before = low.copy(), high.copy()
        for members, signs, known in sums:
            ends = np.sort(signs * np.stack([low[members], high[members]]), axis=0)
            least, most = known - _of_others(ends[1]), known - _of_others(ends[0])
            given = np.sort(signs * np.stack([least, most]), axis=0)
            low[members] = np.maximum(low[members], given[0])
            high[members] = np.minimum(high[members], given[1])
        if np.array_equal(before[0], low) and np.array_equal(before[1], high):
            break
    return low, high


def _of_others(values: Floats) -> Floats:
    """Sum of all values but each; those without an end are all of one sign."""
    endless = np.isinf(values)
    finite = np.where(endless, 0.0, values)
    others = finite.sum() - finite
    beyond = endless.sum() - endless > 0
    return np.asarray(np.where(beyond, values[endless][:1].sum(), others))


def _in_rings(sums: Sequence[_Sum], cells: int) -> Bools:
    """Hidden cells that are tied, by a chain of sums, to sums that come back to where they began.

    Cells and sums that are linked without a ring have one link less than they are many.
    """
    if not sums:
        return np.zeros(cells, dtype=np.bool_)
    columns = np.concatenate([one.cells for one in sums])
    rows = np.repeat(np.arange(cells, cells + len(sums)), [len(one.cells) for one in sums])
    size = cells + len(sums)
    links = sparse.coo_array((np.ones(len(rows)), (rows, columns)), shape=(size, size))
    many, part = csgraph.connected_components(links, directed=False)
    rings = np.bincount(part[rows], minlength=many) >= np.bincount(part, minlength=many)
    return np.asarray(rings[part[:cells]])


def _programmed(sums: Sequence[_Sum], cell: int) -> tuple[float, float]:
    """Bounds of a cell by linear programming, over the cells that it is tied to."""
    tied, cells = _tied(sums, cell)
    place = {one: n for n, one in enumerate(sorted(cells))}
    columns = [place[one] for each in tied for one in each.cells.tolist()]
    rows = np.repeat(np.arange(len(tied)), [len(each.cells) for each in tied])
    signs = np.concatenate([each.signs for each in tied])
    matrix = sparse.csr_array((signs, (rows, columns)), shape=(len(tied), len(place)))
    right = np.array([each.known for each in tied])
    goal = np.zeros(len(place))
    ends = []
    for sign in (1.0, -1.0):
        goal[place[cell]] = sign
        found = optimize.linprog(goal, A_eq=matrix, b_eq=right, bounds=(0.0, None), method="highs")
        ends.append(sign * float(found.fun) if found.status == 0 else sign * -np.inf)
    return round(ends[0], 6) + 0.0, round(ends[1], 6) + 0.0


def _tied(sums: Sequence[_Sum], cell: int) -> tuple[list[_Sum], set[int]]:
    """Sums and hidden cells that a cell's bounds can depend on: by a chain of sums."""
    cells, waiting = {cell}, list(sums)
    found: list[_Sum] = []
    while True:
        near = [one for one in waiting if not cells.isdisjoint(one.cells.tolist())]
        if not near:
            return found, cells
        found += near
        waiting = [one for one in waiting if cells.isdisjoint(one.cells.tolist())]
        cells.update(other for one in near for other in one.cells.tolist())


def _next_to(counts: Ints, additions: Sequence[Addition], hidden: Bools, cell: int) -> int:
    """Return the cell that is hidden next: of the sums a small one's bounds rest on."""
    _, tied = _tied(_sums(counts, additions, hidden), cell)
    touching = [one for one in additions if not tied.isdisjoint((one.total, *one.parts))]
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
