"""How the cell of a point is found: by address on a lattice, by a tree among polygons."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import numpy as np
import numpy.typing as npt
import shapely

from veedor.arrays import Bools, Floats, Geometries, Ints
from veedor.spacetime.lattices import Lattice


class Tiling(Protocol):
    """Finds the cell of a point."""

    def locate(self, x_m: Floats, y_m: Floats) -> npt.NDArray[np.int32]:
        """Index of the cell that holds each (finite) point; -1 where none does."""

    def take(self, order: Ints, place: Ints) -> Tiling:
        """Return the same tiling for cells reordered so that old cell c becomes ``place[c]``."""


@dataclass(frozen=True, eq=False)
class LatticeTiling:
    """Cells that are tiles of a lattice, each with the specks that joined it.

    Parameters
    ----------
    lattice : Lattice
    i, j : array, shape (n,)
        Address of each cell's own tile.
    origin : (int, int)
        Address of the table's first entry.
    table : array of int32
        Cell of each address in the bounding block; -1 for none.
    clipped : array of bool
        Whether the ground of an address is only partly in the study area.
    polygons : array of geometries, shape (n,)
    """

    lattice: Lattice
    i: Ints
    j: Ints
    origin: tuple[int, int]
    table: npt.NDArray[np.int32]
    clipped: Bools
    polygons: Geometries

    @classmethod
    def of(
        cls,
        lattice: Lattice,
        i: Ints,
        j: Ints,
        at_i: Ints,
        at_j: Ints,
        number: Ints,
        polygons: Geometries,
    ) -> LatticeTiling:
        """Lay out the lookup table: address (at_i, at_j) belongs to cell `number`."""
        if len(i) == 0:
            empty = np.zeros((0, 0))
            return cls(lattice, i, j, (0, 0), empty.astype(np.int32), empty.astype(bool), polygons)
        west, south = int(at_i.min()), int(at_j.min())
        shape = (int(at_j.max()) - south + 1, int(at_i.max()) - west + 1)
        table = np.full(shape, -1, dtype=np.int32)
        table[at_j - south, at_i - west] = number
        clipped = np.zeros(shape, dtype=bool)
        clipped[at_j - south, at_i - west] = True
        uncut = shapely.covers(polygons[number], lattice.tiles(at_i, at_j))
        clipped[at_j[uncut] - south, at_i[uncut] - west] = False
        return cls(lattice, i, j, (west, south), table, clipped, polygons)

    def locate(self, x_m: Floats, y_m: Floats) -> npt.NDArray[np.int32]:
        """Look up addresses; test points on clipped ground against the polygon itself."""
        i, j = self.lattice.address(x_m, y_m)
        i -= self.origin[0]
        j -= self.origin[1]
        rows, columns = self.table.shape
        inside = (i >= 0) & (i < columns) & (j >= 0) & (j < rows)
        index = np.full(len(x_m), -1, dtype=np.int32)
        index[inside] = self.table[j[inside], i[inside]]
        doubtful = np.flatnonzero(inside & (index >= 0))
        doubtful = doubtful[self.clipped[j[doubtful], i[doubtful]]]
        if len(doubtful):
            shapely.prepare(self.polygons)
            hit = shapely.intersects_xy(
                self.polygons[index[doubtful]], x_m[doubtful], y_m[doubtful]
            )
            index[doubtful[~hit]] = -1
        return index

    def take(self, order: Ints, place: Ints) -> LatticeTiling:
        """Return the same tiling for reordered cells; addresses of dropped cells fall outside."""
        renumbered = np.append(place, -1).astype(np.int32)
        return LatticeTiling(
            self.lattice,
            self.i[order],
            self.j[order],
            self.origin,
            renumbered[self.table],
            self.clipped,
            self.polygons[order],
        )

    def neighbours(self) -> tuple[Ints, Ints]:
        """CSR of the cells whose tiles (or joined specks) touch, ascending."""
        rows, columns = self.table.shape
        padded = np.full((rows + 2, columns + 2), -1, dtype=np.int64)
        padded[1:-1, 1:-1] = self.table
        pairs = []
        for di, dj in self.lattice.offsets:
            other = padded[1 + dj : 1 + dj + rows, 1 + di : 1 + di + columns]
            both = (self.table >= 0) & (other >= 0) & (self.table != other)
            pairs.append(np.stack([self.table[both], other[both]], axis=1))
        unique = np.unique(np.concatenate(pairs), axis=0)
        indptr = np.searchsorted(unique[:, 0], np.arange(len(self.i) + 1)).astype(np.int64)
        return indptr, unique[:, 1].astype(np.int64)

    @property
    def raster(self) -> tuple[Ints, Ints, tuple[int, int]]:
        """Row and column of each cell in the block, and the block's shape."""
        return self.j - self.origin[1], self.i - self.origin[0], self.table.shape


@dataclass(frozen=True, eq=False)
class PolygonTiling:
    """Cells that are any disjoint polygons; on a shared border the first one holds the point."""

    polygons: Geometries

    def locate(self, x_m: Floats, y_m: Floats) -> npt.NDArray[np.int32]:
        """Query a tree of the polygons; O(n log cells)."""
        index = np.full(len(x_m), len(self.polygons), dtype=np.int32)
        points, cells = shapely.STRtree(self.polygons).query(
            shapely.points(x_m, y_m), predicate="intersects"
        )
        np.minimum.at(index, points, cells.astype(np.int32))
        index[index == len(self.polygons)] = -1
        return index

    def take(self, order: Ints, place: Ints) -> PolygonTiling:  # noqa: ARG002 - the protocol's
        """Return the same tiling for reordered cells."""
        return PolygonTiling(self.polygons[order])
