"""Moran's I: whether zones near each other are predicted alike."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
import shapely
from scipy import sparse

Floats = npt.NDArray[np.float64]
Geometries = npt.NDArray[Any]

#: Outlines that are meant to touch may miss by this much, in metres.
_TOUCH_M = 1.0


def queen_neighbours(polygons: Geometries) -> sparse.csr_array:
    """Row-standardised queen contiguity: zones that share a border or a corner, shape (n, n).

    Each row sums to 1; the row of a zone that touches none (an island) is empty. Outlines that
    miss each other by at most a metre are taken to touch, since projected corners are rounded.
    """
    tree = shapely.STRtree(polygons)
    left, right = tree.query(polygons, predicate="dwithin", distance=_TOUCH_M)
    apart = left != right
    left, right = left[apart], right[apart]
    near = np.bincount(left, minlength=len(polygons))
    return sparse.csr_array((1.0 / near[left], (left, right)), shape=(len(polygons), len(polygons)))


def morans_i(values: Floats, near: sparse.csr_array) -> Floats:
    r"""Moran's I with row-standardised weights.

    .. math:: I = \frac{n}{S_0} \frac{\sum_{ij} w_{ij} z_i z_j}{\sum_i z_i^2}, \quad z = x - \bar x

    Parameters
    ----------
    values : array, shape (n,) or (n, r)
    near : sparse array, shape (n, n)
        Of `queen_neighbours`; islands count in n and in the mean, and have no neighbours.

    Returns
    -------
    array, shape () or (r,)
        Near 1 where neighbours are alike, near -1/(n-1) where they have nothing to do with each
        other, below where they differ. NaN where all values are the same or no zones touch.

    References
    ----------
    Moran, P. A. P. (1950). Notes on continuous stochastic phenomena. Biometrika 37, 17-23.
    https://doi.org/10.1093/biomet/37.1-2.17

    Examples
    --------
    Four squares in a row, 0 0 1 1: of each row's neighbours, 1, 1/2, 1/2 and 1 are alike.

    >>> squares = shapely.box(np.arange(4.0) * 100, 0, np.arange(4.0) * 100 + 100, 100)
    >>> float(morans_i(np.array([0.0, 0.0, 1.0, 1.0]), queen_neighbours(squares)))
    0.5
    """
    z = values - values.mean(axis=0)
    square = np.sum(z * z, axis=0)
    total = near.sum()
    with np.errstate(invalid="ignore", divide="ignore"):
        result: Floats = np.asarray(len(values) / total * np.sum(z * (near @ z), axis=0) / square)
    return result


def permutation_p_value(
    values: Floats, near: sparse.csr_array, rng: np.random.Generator, replicates: int = 999
) -> float | None:
    """Share of random arrangements whose I is at least as large: (M + 1) / (R + 1), one-sided.

    References
    ----------
    Anselin, L. (1995). Local indicators of spatial association. Geographical Analysis 27, 93-115.
    https://doi.org/10.1111/j.1538-4632.1995.tb00338.x
    """
    observed = float(morans_i(values, near))
    if not np.isfinite(observed):
        return None
    shuffled = rng.permuted(np.tile(values[:, None], (1, replicates)), axis=0)
    as_large = int(np.sum(morans_i(shuffled, near) >= observed - 1e-12))
    return (as_large + 1) / (replicates + 1)
