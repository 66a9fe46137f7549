"""`Ground`: the cells in an order of their own, and the finer squares that hold the background."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import shapely
from scipy import ndimage
from scipy.spatial import cKDTree

from veedor.arrays import Bools, Floats, Ints
from veedor.spacetime import Cells, SquareLattice
from veedor.spacetime.tilings import LatticeTiling

_MOST_SQUARES = 1_000_000
# Points a side at which a square is looked up for its share of ground in the cells.
_POINTS = 4
_BLOCK = 100_000


@dataclass(frozen=True, eq=False)
class Ground:
    """Where a record lies.

    The background of the fit is finer than the cells: inside a cell incidents are recorded at some
    addresses again and again, and with one density a cell each of them would look like the
    offspring of the one before.

    Parameters
    ----------
    cells : Cells
        In `canonical_order`.
    squares : LatticeTiling
        Squares of the background that have ground in the cells.
    area_km2 : array, shape (squares,)
        Ground of each in the cells, from points.
    """

    cells: Cells
    squares: LatticeTiling
    area_km2: Floats

    def __len__(self) -> int:
        return len(self.area_km2)

    @property
    def tiling(self) -> LatticeTiling:
        """The squares, under the name that `Cells` has for it."""
        return self.squares

    @classmethod
    def of(cls, cells: Cells, resolution_m: float) -> Ground:
        """Lay out squares of about `resolution_m` a side, at least, that fit square cells."""
        cells = cells.take(canonical_order(cells))
        side = resolution_m
        if cells.shape == "square" and cells.size_m is not None and cells.size_m > resolution_m:
            side = cells.size_m / int(cells.size_m / resolution_m)
        bounds = _bounds(cells)
        while (bounds[2] - bounds[0]) * (bounds[3] - bounds[1]) / side**2 > _MOST_SQUARES:
            side *= 2.0
        lattice = SquareLattice(side)
        i, j = lattice.covering(bounds)
        inside = np.concatenate(
            [
                _share(cells, i[first : first + _BLOCK], j[first : first + _BLOCK], side)
                for first in range(0, len(i), _BLOCK)
            ]
        )
        kept = inside > 0.0
        if not np.any(kept):
            # Polygons that slip between all points: the squares of their centroids.
            middle = np.unique(np.stack(lattice.address(cells.x_m, cells.y_m)), axis=1)
            i, j, inside = middle[0], middle[1], np.ones(middle.shape[1])
            kept = inside > 0.0
        i, j, inside = i[kept], j[kept], inside[kept]
        return cls(cells, _tiling(lattice, i, j), inside * side**2 / 1e6)

    def inside(self, x_m: Floats, y_m: Floats) -> Floats:
        """Share of the square around each point that lies in a cell, shape like `x_m`."""
        side = self.squares.lattice.size_m
        west, south = self.squares.origin
        rows, columns = self.squares.table.shape
        row = np.floor(y_m / side).astype(np.int64) - south
        column = np.floor(x_m / side).astype(np.int64) - west
        known = (row >= 0) & (row < rows) & (column >= 0) & (column < columns)
        square = self.squares.table[np.where(known, row, 0), np.where(known, column, 0)]
        full = side**2 / 1e6
        share: Floats = np.append(self.area_km2 / full, 0.0)[np.where(known, square, -1)]
        return share

    def surrounded(self, x_m: Floats, y_m: Floats, reach_m: float) -> Bools:
        """Whether all squares within reach of each point lie in the cells, shape (n,)."""
        side = self.squares.lattice.size_m
        reach = int(np.ceil(reach_m / side))
        full = np.append(self.area_km2 >= side**2 / 1e6, False)[self.squares.table]
        # Beyond the table lies nothing, nor does the point where rounding puts it there.
        deep = ndimage.minimum_filter(full, 2 * reach + 1, mode="constant", cval=False)
        square = self.squares.locate(x_m, y_m)
        rows, columns, _ = self.squares.raster
        surrounded: Bools = np.append(deep[rows, columns], False)[square]
        return surrounded

    def square_of(self, x_m: Floats, y_m: Floats) -> Ints:
        """Square of each point; the nearest where a sliver of ground has none."""
        square = self.squares.locate(x_m, y_m).astype(np.int64)
        stray = np.flatnonzero(square < 0)
        if len(stray):
            side = self.squares.lattice.size_m
            centres = np.column_stack([self.squares.i + 0.5, self.squares.j + 0.5]) * side
            _, square[stray] = cKDTree(centres).query(np.column_stack([x_m[stray], y_m[stray]]))
        return square


def canonical_order(cells: Cells) -> Ints:
    """Cells by their ids: the same order however they were given, so that no sum depends on it."""
    return np.argsort(cells.cell_id, kind="stable")


def _bounds(cells: Cells) -> tuple[float, float, float, float]:
    west, south, east, north = shapely.total_bounds(cells.polygons)
    return float(west), float(south), float(east), float(north)


def _share(cells: Cells, i: Ints, j: Ints, side: float) -> Floats:
    """Share of each square that lies in a cell."""
    part = (np.arange(_POINTS) + 0.5) / _POINTS
    x = (i[:, None, None] + part[:, None]) * side
    y = (j[:, None, None] + part[None, :]) * side
    x, y = np.broadcast_arrays(x, y)
    cell = cells.locate(x.ravel(), y.ravel()).reshape(len(i), -1)
    share: Floats = np.mean(cell >= 0, axis=1)
    return share


def _tiling(lattice: SquareLattice, i: Ints, j: Ints) -> LatticeTiling:
    west, south = int(i.min()), int(j.min())
    table = np.full((int(j.max()) - south + 1, int(i.max()) - west + 1), -1, dtype=np.int32)
    table[j - south, i - west] = np.arange(len(i))
    # What lies in a cell lies in the study area, so no square needs a second look.
    return LatticeTiling(
        lattice,
        i,
        j,
        (west, south),
        table,
        np.zeros(table.shape, dtype=bool),
        np.empty(0, dtype=object),
    )
