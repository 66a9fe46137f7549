"""`Pairs`: every pair of incidents within reach, as one small number each."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from veedor.arrays import Floats, Ints

#: A pair is stored as the number of its (lag, ring), in two bytes.
MOST_BINS = 65_536
_MOST_ENTRIES = 16_000_000
_SPANS_PER_REACH = 8
_BLOCK = 4_000_000


@dataclass(frozen=True, eq=False)
class Grid:
    """Incidents sorted into squares, and into spans of days within each.

    Parameters
    ----------
    x_m, y_m, day : array, shape (n,)
        Sorted by square and span.
    order : array of int64, shape (n,)
        Place of each in the arrays it was made of.
    start : array of int64, shape (squares * spans + 1,)
    shape : (rows, columns)
    corner : (west, south)
    side_m : float
        At least half the reach, so that what is near lies within two squares.
    span : int
        Days in a span.
    spans : int
    """

    x_m: Floats
    y_m: Floats
    day: Ints
    order: Ints
    start: Ints
    shape: tuple[int, int]
    corner: tuple[float, float]
    side_m: float
    span: int
    spans: int

    @property
    def layout(self) -> tuple[Ints, int, int, float, float, float, int, int]:
        """What the compiled loops need to know of the squares and spans."""
        rows, columns = self.shape
        return (self.start, columns, rows, *self.corner, self.side_m, self.span, self.spans)

    @classmethod
    def of(cls, x_m: Floats, y_m: Floats, day: Ints, reach_m: float, reach_days: int) -> Grid:
        """Sort; O(n log n)."""
        if len(x_m) == 0:
            none = np.zeros(0, dtype=np.int64)
            start = np.zeros(2, dtype=np.int64)
            return cls(x_m, y_m, none, none, start, (1, 1), (0.0, 0.0), reach_m, 1, 1)
        span = max(1, reach_days // _SPANS_PER_REACH)
        spans = int(day.max()) // span + 1
        west, south = float(x_m.min()), float(y_m.min())
        wide, high = float(x_m.max()) - west, float(y_m.max()) - south
        side = max(reach_m / 2.0, float(np.sqrt(wide * high * spans / _MOST_ENTRIES)))
        rows, columns = int(high / side) + 1, int(wide / side) + 1
        row = ((y_m - south) / side).astype(np.int64)
        square = row * columns + ((x_m - west) / side).astype(np.int64)
        entry = square * spans + day // span
        order = np.argsort(entry, kind="stable")
        many = np.bincount(entry, minlength=rows * columns * spans)
        start = np.concatenate([[0], np.cumsum(many)]).astype(np.int64)
        return cls(
            x_m[order],
            y_m[order],
            day[order],
            order,
            start,
            (rows, columns),
            (west, south),
            side,
            span,
            spans,
        )


@dataclass(frozen=True, eq=False)
class Pairs:
    """For each child, the bins of the earlier incidents within reach.

    A bin is ``(lag - 1) * rings + ring``: the lag in civil days, from 1, and the ring that the
    distance falls in. Incidents of the same day are in no order and make no pair.

    Parameters
    ----------
    indptr : array of int64, shape (n + 1,)
    index : array of uint16
        Bins of child i at ``index[indptr[i]:indptr[i + 1]]``.
    """

    indptr: Ints
    index: npt.NDArray[np.uint16]

    def __len__(self) -> int:
        return int(self.indptr[-1])

    @classmethod
    def of(
        cls, grid: Grid, x_m: Floats, y_m: Floats, day: Ints, edges: Floats, reach_days: int
    ) -> Pairs:
        """Find the pairs of children at the given places with the incidents in the grid.

        O(n + candidates), where about every second candidate is a pair; two bytes a pair.
        """
        from veedor.forecasters.selfexciting.compiled import count_candidates

        most = count_candidates(*grid.layout, x_m, y_m, day, reach_days)
        indptr = np.zeros(len(x_m) + 1, dtype=np.int64)
        # Memory that is not written to is not taken, and what is left over is given back.
        index = np.empty(most, dtype=np.uint16)
        _find(grid, x_m, y_m, day, edges, reach_days, indptr, index, _NO_PARENT)
        index.resize(int(indptr[-1]), refcheck=False)
        return cls(indptr, index)

    def sums(self, tables: Floats) -> Floats:
        """Sum tables over the pairs of each child.

        Parameters
        ----------
        tables : array, shape (bins, tables)

        Returns
        -------
        array, shape (n, tables)
        """
        from veedor.forecasters.selfexciting.compiled import sum_pairs

        n, many = len(self.indptr) - 1, tables.shape[1]
        sums = np.empty((n, many))
        for first in range(0, many, 3):
            # Three at a time: as fast as one, and the rest is padding.
            three = np.zeros((len(tables), 3))
            three[:, : min(3, many - first)] = tables[:, first : first + 3]
            found = np.empty((n, 3))
            sum_pairs(self.indptr, self.index, three.ravel(), found)
            sums[:, first : first + 3] = found[:, : many - first]
        return sums

    def by_bin(self, weight: Floats, bins: int) -> Floats:
        """Sum the weights of the children over the pairs in each bin, shape (bins,)."""
        from veedor.forecasters.selfexciting.compiled import sum_bins

        sums = np.zeros(bins)
        sum_bins(self.indptr, self.index, weight, sums)
        return sums


def sums_by_parent(
    grid: Grid,
    pairs: Pairs,
    x_m: Floats,
    y_m: Floats,
    day: Ints,
    edges: Floats,
    reach_days: int,
    table: Floats,
    weight: Floats,
) -> Floats:
    """Sum over the children of each parent of ``table[bin] * weight[child]``, shape (parents,).

    Pairs do not remember their parents; they are found again, a block of children at a time.
    """
    sums = np.zeros(len(grid.order))
    first = 0
    while first < len(x_m):
        last = int(np.searchsorted(pairs.indptr, pairs.indptr[first] + _BLOCK, side="right")) - 1
        last = min(max(last, first + 1), len(x_m))
        many = int(pairs.indptr[last] - pairs.indptr[first])
        index = np.empty(many, dtype=np.uint16)
        parent = np.empty(many, dtype=np.int32)
        block = slice(first, last)
        indptr = np.empty(last - first + 1, dtype=np.int64)
        _find(grid, x_m[block], y_m[block], day[block], edges, reach_days, indptr, index, parent)
        child = np.repeat(np.arange(first, last), np.diff(pairs.indptr[first : last + 1]))
        sums += np.bincount(parent, weights=table[index] * weight[child], minlength=len(sums))
        first = last
    back = np.empty_like(sums)
    back[grid.order] = sums
    return back


_NO_PARENT = np.zeros(0, dtype=np.int32)


def _find(
    grid: Grid,
    x_m: Floats,
    y_m: Floats,
    day: Ints,
    edges: Floats,
    reach_days: int,
    indptr: Ints,
    index: npt.NDArray[np.uint16],
    parent: npt.NDArray[np.int32],
) -> None:
    from veedor.forecasters.selfexciting.compiled import find_pairs

    find_pairs(
        grid.x_m,
        grid.y_m,
        grid.day,
        *grid.layout,
        x_m,
        y_m,
        day,
        reach_days,
        float(edges[-1]),
        float(edges[1] / 2.0),
        len(edges) - 1,
        indptr,
        index,
        parent,
    )
