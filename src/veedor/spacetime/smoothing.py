"""Gaussian kernel sums over cells: filters on lattices, a sparse matrix elsewhere."""

from __future__ import annotations

from typing import Protocol, cast

import numpy as np
from scipy import ndimage, sparse
from scipy.spatial import cKDTree
from scipy.special import ndtr

from veedor.arrays import Floats
from veedor.spacetime.cells import Cells
from veedor.spacetime.lattices import SquareLattice
from veedor.spacetime.tilings import LatticeTiling, Tiling

_REACH = 4.0  # bandwidths; the kernel mass beyond is below 0.0004 and is normalised away
_MOST_PAIRS = 5_000_000


class Places(Protocol):
    """What a smoother needs to know of cells, or of the squares of a lattice."""

    @property
    def tiling(self) -> Tiling:
        """Finds the place of a point."""

    @property
    def area_km2(self) -> Floats:
        """Ground of each."""


class KernelSmoother:
    """Kernel-weighted sums of cell values.

    The weight of cell j at cell i is the Gaussian kernel of the distance of their centres; on
    squares it is averaged over cell j exactly (a product of normal probabilities), so that
    bandwidths below the cell size are right too. Weights are not normalised: divide the sums of
    two amounts to get a kernel mean, which is also the edge correction, since ground outside the
    cells has no weight in either.

    Parameters
    ----------
    cells : Cells or Places
        Places that are not `Cells` must be tiles of a lattice.

    Attributes
    ----------
    area_km2 : array, shape (cells,)
    width_m : float
        Side of a square with the ground of the median cell.
    widest_m : float
        Largest bandwidth it takes: infinite on lattices; for other polygons where five million
        pairs of cells are within reach.

    Notes
    -----
    On squares O(block x reach / size), on hexagons O(block log block) by Fourier transform,
    elsewhere O(pairs within 4 bandwidths), kept for each bandwidth.
    """

    def __init__(self, cells: Cells | Places) -> None:
        self._kernel: _Kernel
        self.area_km2 = cells.area_km2
        self.width_m = 1000.0 * float(np.sqrt(np.median(cells.area_km2)))
        self._ground: dict[float, Floats] = {}
        tiling = cells.tiling
        if not isinstance(tiling, LatticeTiling):
            self._kernel = _PolygonKernel(cast("Cells", cells))
        elif isinstance(tiling.lattice, SquareLattice):
            self._kernel = _SquareKernel(tiling)
        else:
            self._kernel = _HexagonKernel(tiling)
        self.widest_m = self._kernel.widest_m

    def sum(self, values: Floats, bandwidth_m: float) -> Floats:
        """Kernel-weighted sum over all cells, at each cell.

        Parameters
        ----------
        values : array, shape (..., cells)
            An amount a cell, such as a count or an area; several rows of them at once cost no more
            than one by one, and on lattices give the same as alone to the last digit.
        bandwidth_m : float
            Standard deviation of the kernel, in metres; above 0.

        Returns
        -------
        array, shape of `values`

        Examples
        --------
        >>> import shapely
        >>> from veedor.spacetime import Cells, SquareLattice, StudyArea
        >>> ground = StudyArea(shapely.box(0.0, 0.0, 300.0, 100.0), "EPSG:32721", "a street")
        >>> smoother = KernelSmoother(Cells.on_lattice(ground, SquareLattice(100.0)))
        >>> smoother.sum(np.array([[1.0, 0.0, 0.0], [0.0, 0.0, 2.0]]), 1.0)  # a narrow kernel
        array([[1., 0., 0.],
               [0., 0., 2.]])
        """
        return self._kernel.sum(values, bandwidth_m)

    def ground(self, bandwidth_m: float) -> Floats:
        """Kernel-weighted sum of the cells' areas in km2, shape (cells,); kept."""
        if bandwidth_m not in self._ground:
            self._ground[bandwidth_m] = self.sum(self.area_km2, bandwidth_m)
        return self._ground[bandwidth_m]

    def own_weight(self, bandwidth_m: float) -> float:
        """Weight of a cell at itself: what leaving it out takes away."""
        return self._kernel.own_weight(bandwidth_m)


class _Kernel(Protocol):
    widest_m: float

    def sum(self, values: Floats, bandwidth_m: float) -> Floats: ...

    def own_weight(self, bandwidth_m: float) -> float: ...


class _SquareKernel:
    """A separable filter over the block of squares."""

    widest_m = float("inf")

    def __init__(self, tiling: LatticeTiling) -> None:
        self._rows, self._columns, self._shape = tiling.raster
        self._size_m = tiling.lattice.size_m

    def sum(self, values: Floats, bandwidth_m: float) -> Floats:
        block = np.zeros((*values.shape[:-1], *self._shape))
        block[..., self._rows, self._columns] = values
        weights = self._weights(bandwidth_m)
        for axis in (-2, -1):
            block = ndimage.convolve1d(block, weights, axis=axis, mode="constant")
        smoothed: Floats = block[..., self._rows, self._columns]
        return smoothed

    def own_weight(self, bandwidth_m: float) -> float:
        weights = self._weights(bandwidth_m)
        return float(weights[len(weights) // 2] ** 2)

    def _weights(self, bandwidth_m: float) -> Floats:
        """Normal probability of each square along one axis, seen from the middle one's centre."""
        reach = min(int(np.ceil(_REACH * bandwidth_m / self._size_m)), max(self._shape))
        edges = (np.arange(-reach, reach + 2) - 0.5) * self._size_m / bandwidth_m
        weights: Floats = np.diff(ndtr(edges))
        return weights


class _HexagonKernel:
    """A convolution over the block of axial addresses, where equal steps are equal distances."""

    widest_m = float("inf")

    def __init__(self, tiling: LatticeTiling) -> None:
        self._rows, self._columns, self._shape = tiling.raster
        self._lattice = tiling.lattice

    def sum(self, values: Floats, bandwidth_m: float) -> Floats:
        # Where it is used: loading it takes longer than most commands that never smooth.
        from scipy import signal

        block = np.zeros((*values.shape[:-1], *self._shape))
        block[..., self._rows, self._columns] = values
        # Rows of hexagons are closer than their width, by 1.155.
        tiles = int(np.ceil(1.16 * _REACH * bandwidth_m / self._lattice.size_m))
        reach = min(tiles, max(self._shape))
        j, i = np.mgrid[-reach : reach + 1, -reach : reach + 1]
        east, north = self._lattice.offset_m(i, j)
        weights = np.exp(-0.5 * (east**2 + north**2) / bandwidth_m**2)
        weights[np.hypot(east, north) > _REACH * bandwidth_m] = 0.0
        if reach and values.size:
            weights = weights.reshape((1,) * (values.ndim - 1) + weights.shape)
            block = signal.fftconvolve(block, weights, mode="same", axes=(-2, -1))
        # Rounding of the transform must not make an amount negative.
        return np.maximum(block[..., self._rows, self._columns], 0.0)

    def own_weight(self, bandwidth_m: float) -> float:  # noqa: ARG002 - the protocol's
        return 1.0


class _PolygonKernel:
    """A sparse matrix of the pairs of cells within reach."""

    def __init__(self, cells: Cells) -> None:
        self._x_m, self._y_m = cells.x_m, cells.y_m
        self._matrices: dict[float, sparse.csr_matrix] = {}
        near = _MOST_PAIRS / len(cells)
        ground_m2 = 1e6 * float(np.median(cells.area_km2))
        self.widest_m = float("inf")
        if near < len(cells):
            self.widest_m = float(np.sqrt(near * ground_m2 / np.pi)) / _REACH

    def sum(self, values: Floats, bandwidth_m: float) -> Floats:
        n = len(self._x_m)
        smoothed: Floats = self._matrix(bandwidth_m) @ values.reshape(-1, n).T
        return smoothed.T.reshape(values.shape)

    def own_weight(self, bandwidth_m: float) -> float:  # noqa: ARG002 - the protocol's
        return 1.0

    def _matrix(self, bandwidth_m: float) -> sparse.csr_matrix:
        if bandwidth_m not in self._matrices:
            n = len(self._x_m)
            tree = cKDTree(np.column_stack([self._x_m, self._y_m]))
            pairs = tree.query_pairs(_REACH * bandwidth_m, output_type="ndarray")
            own = np.arange(n)
            i = np.concatenate([pairs[:, 0], pairs[:, 1], own])
            j = np.concatenate([pairs[:, 1], pairs[:, 0], own])
            square = (self._x_m[i] - self._x_m[j]) ** 2 + (self._y_m[i] - self._y_m[j]) ** 2
            weight = np.exp(-0.5 * square / bandwidth_m**2)
            self._matrices[bandwidth_m] = sparse.csr_matrix((weight, (i, j)), shape=(n, n))
        return self._matrices[bandwidth_m]
