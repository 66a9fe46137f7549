"""Gaussian kernel sums over cells: a separable filter on squares, a sparse matrix elsewhere."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from scipy import ndimage, sparse
from scipy.spatial import cKDTree
from scipy.special import ndtr

from veedor.spacetime.cells import Cells
from veedor.spacetime.tilings import LatticeTiling

Floats = npt.NDArray[np.float64]

_REACH = 4.0  # bandwidths; the kernel mass beyond is below 0.0004 and is normalised away


class KernelSmoother:
    """Kernel-weighted sums of cell values.

    The weight of cell j at cell i is the Gaussian kernel of the distance of their centres; on
    squares it is averaged over cell j exactly (a product of normal probabilities), so that
    bandwidths below the cell size are right too. Weights are not normalised: divide the sums of
    two amounts to get a kernel mean, which is also the edge correction, since ground outside the
    cells has no weight in either.

    Parameters
    ----------
    cells : Cells

    Notes
    -----
    On squares O(block x reach / size); elsewhere O(pairs within 4 bandwidths), kept per bandwidth.
    """

    def __init__(self, cells: Cells) -> None:
        self._cells = cells
        self._matrices: dict[float, sparse.csr_matrix] = {}
        tiling = cells.tiling
        self._raster = tiling.raster if isinstance(tiling, LatticeTiling) else None

    def sum(self, values: Floats, bandwidth_m: float) -> Floats:
        """Kernel-weighted sum over all cells, at each cell.

        Parameters
        ----------
        values : array, shape (cells,)
            An amount a cell, such as a count or an area.
        bandwidth_m : float
            Standard deviation of the kernel, in metres; above 0.

        Returns
        -------
        array, shape (cells,)
        """
        if self._raster is None or self._cells.size_m is None:
            smoothed: Floats = self._matrix(bandwidth_m) @ values
            return smoothed
        rows, columns, shape = self._raster
        block = np.zeros(shape)
        block[rows, columns] = values
        weights = _square_weights(self._cells.size_m, bandwidth_m)
        for axis in (0, 1):
            block = ndimage.convolve1d(block, weights, axis=axis, mode="constant")
        result: Floats = block[rows, columns]
        return result

    def own_weight(self, bandwidth_m: float) -> Floats:
        """Weight of each cell at itself, shape (cells,): what leaving it out takes away."""
        if self._raster is None or self._cells.size_m is None:
            diagonal: Floats = self._matrix(bandwidth_m).diagonal()
            return diagonal
        weights = _square_weights(self._cells.size_m, bandwidth_m)
        return np.full(len(self._cells), weights[len(weights) // 2] ** 2)

    def _matrix(self, bandwidth_m: float) -> sparse.csr_matrix:
        if bandwidth_m not in self._matrices:
            cells = self._cells
            tree = cKDTree(np.column_stack([cells.x_m, cells.y_m]))
            pairs = tree.query_pairs(_REACH * bandwidth_m, output_type="ndarray")
            own = np.arange(len(cells))
            i = np.concatenate([pairs[:, 0], pairs[:, 1], own])
            j = np.concatenate([pairs[:, 1], pairs[:, 0], own])
            square = (cells.x_m[i] - cells.x_m[j]) ** 2 + (cells.y_m[i] - cells.y_m[j]) ** 2
            weight = np.exp(-0.5 * square / bandwidth_m**2)
            self._matrices[bandwidth_m] = sparse.csr_matrix(
                (weight, (i, j)), shape=(len(cells), len(cells))
            )
        return self._matrices[bandwidth_m]


def _square_weights(size_m: float, bandwidth_m: float) -> Floats:
    """Normal probability of each cell along one axis, seen from the centre of the middle one."""
    reach = int(np.ceil(_REACH * bandwidth_m / size_m))
    edges = (np.arange(-reach, reach + 2) - 0.5) * size_m / bandwidth_m
    weights: Floats = np.diff(ndtr(edges))
    return weights
