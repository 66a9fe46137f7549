"""Regular lattices of squares and hexagons over the projected plane."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import numpy as np
import shapely

from veedor.arrays import Floats, Geometries, Ints


class Lattice(Protocol):
    """Tiles of one shape, addressed by two whole numbers."""

    @property
    def size_m(self) -> float:
        """Side of a square or width of a hexagon, in metres."""

    @property
    def offsets(self) -> tuple[tuple[int, int], ...]:
        """Address differences of the tiles that touch a tile."""

    def address(self, x_m: Floats, y_m: Floats) -> tuple[Ints, Ints]:
        """Address of the tile that holds each point."""

    def tiles(self, i: Ints, j: Ints) -> Geometries:
        """Polygon of each tile."""

    def covering(self, bounds: tuple[float, float, float, float]) -> tuple[Ints, Ints]:
        """Addresses of tiles that cover the bounds, in canonical order."""

    def offset_m(self, i: Ints, j: Ints) -> tuple[Floats, Floats]:
        """East and north metres between the centres of tiles whose addresses differ by i, j."""


@dataclass(frozen=True)
class SquareLattice:
    """Squares of side `size_m`, with corners at multiples of it; tiles are half-open.

    Examples
    --------
    >>> SquareLattice(500.0).address(np.array([499.0, 500.0]), np.array([0.0, -1.0]))
    (array([0, 1]), array([ 0, -1]))
    """

    size_m: float

    @property
    def offsets(self) -> tuple[tuple[int, int], ...]:
        """Queen contiguity: squares that share an edge or a corner."""
        return tuple((i, j) for j in (-1, 0, 1) for i in (-1, 0, 1) if (i, j) != (0, 0))

    def address(self, x_m: Floats, y_m: Floats) -> tuple[Ints, Ints]:
        """Column and row of the square that holds each point, shape like `x_m`."""
        return (
            np.floor(x_m / self.size_m).astype(np.int64),
            np.floor(y_m / self.size_m).astype(np.int64),
        )

    def tiles(self, i: Ints, j: Ints) -> Geometries:
        """Square polygons, shape like `i`."""
        boxes: Geometries = shapely.box(
            i * self.size_m, j * self.size_m, (i + 1) * self.size_m, (j + 1) * self.size_m
        )
        return boxes

    def offset_m(self, i: Ints, j: Ints) -> tuple[Floats, Floats]:
        """East and north metres between the centres of tiles whose addresses differ by i, j."""
        east: Floats = self.size_m * i.astype(np.float64)
        north: Floats = self.size_m * j.astype(np.float64)
        return east, north

    def covering(self, bounds: tuple[float, float, float, float]) -> tuple[Ints, Ints]:
        """Addresses over the bounds (x min, y min, x max, y max), row by row from the south."""
        west, south, east, north = (np.floor(np.array(bounds) / self.size_m)).astype(np.int64)
        j, i = np.mgrid[south : north + 1, west : east + 1]
        return i.ravel(), j.ravel()


@dataclass(frozen=True)
class HexagonLattice:
    """Hexagons with a corner to the north, `size_m` wide between their two upright sides.

    Area is sqrt(3)/2 size_m squared. Addresses are axial coordinates (q, r).
    """

    size_m: float

    @property
    def offsets(self) -> tuple[tuple[int, int], ...]:
        """The six hexagons that share a side."""
        return ((1, 0), (0, 1), (-1, 1), (-1, 0), (0, -1), (1, -1))

    @property
    def _corner_m(self) -> float:
        return float(self.size_m / np.sqrt(3.0))

    def address(self, x_m: Floats, y_m: Floats) -> tuple[Ints, Ints]:
        """Axial coordinates of the hexagon whose centre is nearest to each point."""
        r = y_m / (1.5 * self._corner_m)
        q = x_m / self.size_m - r / 2.0
        s = -q - r
        q0, r0, s0 = np.rint(q), np.rint(r), np.rint(s)
        dq, dr, ds = np.abs(q0 - q), np.abs(r0 - r), np.abs(s0 - s)
        q_worst = (dq > dr) & (dq > ds)
        r_worst = ~q_worst & (dr > ds)
        q0 = np.where(q_worst, -r0 - s0, q0)
        r0 = np.where(r_worst, -q0 - s0, r0)
        return q0.astype(np.int64), r0.astype(np.int64)

    def tiles(self, i: Ints, j: Ints) -> Geometries:
        """Hexagon polygons, shape like `i`."""
        angles = np.pi / 3.0 * np.arange(6) + np.pi / 6.0
        x, y = self.offset_m(i, j)
        corners = np.stack(
            [
                x[:, None] + self._corner_m * np.cos(angles),
                y[:, None] + self._corner_m * np.sin(angles),
            ],
            axis=-1,
        )
        hexagons: Geometries = shapely.polygons(corners)
        return hexagons

    def offset_m(self, i: Ints, j: Ints) -> tuple[Floats, Floats]:
        """East and north metres between the centres of tiles whose addresses differ by i, j."""
        east: Floats = self.size_m * (i + j / 2.0)
        north: Floats = 1.5 * self._corner_m * j.astype(np.float64)
        return east, north

    def covering(self, bounds: tuple[float, float, float, float]) -> tuple[Ints, Ints]:
        """Addresses whose hexagons may meet the bounds, row by row from the south."""
        west, south, east, north = bounds
        row_m = 1.5 * self._corner_m
        rows = np.arange(np.floor(south / row_m) - 1, np.ceil(north / row_m) + 2)
        i: list[Ints] = []
        j: list[Ints] = []
        for row in rows:
            shift = row / 2.0
            columns = np.arange(
                np.floor(west / self.size_m - shift) - 1, np.ceil(east / self.size_m - shift) + 2
            )
            i.append(columns.astype(np.int64))
            j.append(np.full(len(columns), int(row), dtype=np.int64))
        return np.concatenate(i), np.concatenate(j)
