"""Places and their neighbours: who touches whom, global and local statistics, permutations."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
import shapely
from scipy import sparse

from veedor.arrays import Floats, Ints

#: ``(indptr, indices)``: the neighbours of cell c are ``indices[indptr[c]:indptr[c + 1]]``.
Neighbours = tuple[Ints, Ints]

_TIE = 1e-9
#: Shuffled values held in memory at a time.
_AT_ONCE = 2_000_000
#: Outlines that are meant to touch may miss by this much, in metres.
_TOUCH_M = 1.0


def queen_neighbours(polygons: npt.NDArray[Any]) -> Neighbours:
    """Queen contiguity: places that share a border or a corner.

    Outlines that miss each other by at most a metre are taken to touch, since projected corners are
    rounded. A place that touches none is an island, without neighbours.

    Parameters
    ----------
    polygons : array of shapely geometries, shape (n,)
        In metres.
    """
    tree = shapely.STRtree(polygons)
    left, right = tree.query(polygons, predicate="dwithin", distance=_TOUCH_M)
    apart = left != right
    left, right = left[apart], right[apart]
    order = np.lexsort((right, left))
    near = np.bincount(left, minlength=len(polygons))
    return np.concatenate([[0], np.cumsum(near)]), right[order].astype(np.int64)


def among(neighbours: Neighbours, kept: Ints) -> Neighbours:
    """Neighbours among the places that are kept, numbered anew.

    >>> row = np.array([0, 1, 3, 4]), np.array([1, 0, 2, 1])
    >>> among(row, np.array([1, 2]))
    (array([0, 1, 2]), array([1, 0]))
    """
    indptr, indices = neighbours
    n = len(indptr) - 1
    if len(kept) == n:
        return neighbours
    place = np.full(n, -1, dtype=np.int64)
    place[kept] = np.arange(len(kept))
    row = place[np.repeat(np.arange(n), np.diff(indptr))]
    column = place[indices]
    both = (row >= 0) & (column >= 0)
    count = np.bincount(row[both], minlength=len(kept))
    return np.concatenate([[0], np.cumsum(count)]).astype(np.int64), column[both]


def lag(values: npt.ArrayLike, neighbours: Neighbours) -> Floats:
    """Sum of the values of each place's neighbours, itself left out.

    Parameters
    ----------
    values : array, shape (..., cells)
    neighbours : (indptr, indices)
        As `veedor.spacetime.Cells.neighbours`.

    Returns
    -------
    array, shape (..., cells)

    Examples
    --------
    >>> row = np.array([0, 1, 3, 4]), np.array([1, 0, 2, 1])  # three cells in a row
    >>> lag([5.0, 1.0, 2.0], row)
    array([1., 7., 1.])
    """
    table = np.asarray(values, dtype=np.float64)
    indptr, indices = neighbours
    n = len(indptr) - 1
    matrix = sparse.csr_matrix((np.ones(len(indices)), indices, indptr), shape=(n, n))
    sums: Floats = (matrix @ table.reshape(-1, n).T).T.reshape(table.shape)
    return sums


def getis_ord(values: npt.ArrayLike, neighbours: Neighbours) -> Floats:
    r"""Getis-Ord :math:`G_i^*` of each place, as a z-score.

    .. math:: z_i = \frac{\sum_j w_{ij} x_j - W_i \bar x}
        {s \sqrt{(n W_i - W_i^2) / (n - 1)}}

    with weights 1 for a place and its neighbours, :math:`W_i` of them, and the mean and the
    standard deviation s (of n) of all places.

    Parameters
    ----------
    values : array, shape (..., cells)
        Counts, or rates.
    neighbours : (indptr, indices)

    Returns
    -------
    array, shape (..., cells)
        Above 0: more at the place and around it than elsewhere. NaN where all values are the same,
        or where every place is a neighbour.

    References
    ----------
    Ord, J. K. & Getis, A. (1995). Local spatial autocorrelation statistics: distributional issues
    and an application. Geographical Analysis 27, 286-306.
    https://doi.org/10.1111/j.1538-4632.1995.tb00912.x

    Examples
    --------
    >>> row = np.array([0, 1, 3, 4]), np.array([1, 0, 2, 1])
    >>> getis_ord([3.0, 3.0, 0.0], row).round(3)
    array([ 1.414,    nan, -0.707])
    """
    x = np.asarray(values, dtype=np.float64)
    n = x.shape[-1]
    size = np.diff(neighbours[0]) + 1.0
    mean, spread = x.mean(axis=-1, keepdims=True), x.std(axis=-1, keepdims=True)
    with np.errstate(invalid="ignore", divide="ignore"):
        error = spread * np.sqrt((n * size - size**2) / (n - 1))
        z = (x + lag(x, neighbours) - size * mean) / np.where(error > 0, error, np.nan)
    return np.asarray(z)


def morans_i(values: npt.ArrayLike, neighbours: Neighbours) -> Floats:
    r"""Moran's I with row-standardised weights.

    .. math:: I = \frac{n}{S_0} \frac{\sum_{ij} w_{ij} z_i z_j}{\sum_i z_i^2}, \quad z = x - \bar x

    with weights that share 1 among the neighbours of a place, so that :math:`S_0` is the number of
    places that have any. Islands count in n and in the mean.

    Parameters
    ----------
    values : array, shape (..., places)
    neighbours : (indptr, indices)

    Returns
    -------
    array, shape (...)
        Near 1 where neighbours are alike, near -1/(n-1) where they have nothing to do with each
        other, below where they differ. NaN where all values are the same or no places touch.

    References
    ----------
    Moran, P. A. P. (1950). Notes on continuous stochastic phenomena. Biometrika 37, 17-23.
    https://doi.org/10.1093/biomet/37.1-2.17

    Examples
    --------
    Four squares in a row, 0 0 1 1: of each row's neighbours, 1, 1/2, 1/2 and 1 are alike.

    >>> squares = shapely.box(np.arange(4.0) * 100, 0, np.arange(4.0) * 100 + 100, 100)
    >>> float(morans_i([0.0, 0.0, 1.0, 1.0], queen_neighbours(squares)))
    0.5
    """
    x = np.asarray(values, dtype=np.float64)
    z = x - x.mean(axis=-1, keepdims=True)
    degree = np.diff(neighbours[0])
    near = lag(z, neighbours) / np.maximum(degree, 1)
    with np.errstate(invalid="ignore", divide="ignore"):
        scale = x.shape[-1] / np.float64(np.count_nonzero(degree))
        found = scale * np.sum(z * near, axis=-1) / np.sum(z * z, axis=-1)
    return np.asarray(found)


def morans_i_p_value(
    values: Floats, neighbours: Neighbours, rng: np.random.Generator, permutations: int = 999
) -> float | None:
    """Share of random arrangements whose Moran's I is as large: (M + 1) / (R + 1), one-sided.

    None where Moran's I is undefined.

    References
    ----------
    Anselin (1995), see `local_moran`.
    """
    observed = float(morans_i(values, neighbours))
    if not np.isfinite(observed):
        return None
    as_large, at_once = 0, max(1, _AT_ONCE // len(values))
    for first in range(0, permutations, at_once):
        many = min(at_once, permutations - first)
        shuffled = rng.permuted(np.tile(values[:, None], (1, many)), axis=0)
        as_large += int(np.sum(morans_i(shuffled.T, neighbours) >= observed - 1e-12))
    return (as_large + 1) / (permutations + 1)


def local_moran(values: npt.ArrayLike, neighbours: Neighbours) -> Floats:
    r"""Local Moran's I of each place.

    :math:`I_i = (n - 1) z_i \sum_j w_{ij} z_j / \sum_k z_k^2` with :math:`z = x - \bar x` and
    weights that share 1 among the neighbours of a place.

    Parameters
    ----------
    values : array, shape (..., cells)
    neighbours : (indptr, indices)

    Returns
    -------
    array, shape (..., cells)
        Above 0: like its neighbours; below 0: unlike them. NaN for a place without neighbours, and
        where all values are the same.

    References
    ----------
    Anselin, L. (1995). Local indicators of spatial association: LISA. Geographical Analysis 27,
    93-115. https://doi.org/10.1111/j.1538-4632.1995.tb00338.x

    Examples
    --------
    >>> row = np.array([0, 1, 3, 4]), np.array([1, 0, 2, 1])
    >>> local_moran([1.0, 1.0, -2.0], row).round(3)
    array([ 0.333, -0.167, -0.667])
    """
    x = np.asarray(values, dtype=np.float64)
    z = x - x.mean(axis=-1, keepdims=True)
    square = np.sum(z**2, axis=-1, keepdims=True)
    with np.errstate(invalid="ignore", divide="ignore"):
        near = lag(z, neighbours) / np.diff(neighbours[0])
        found = (x.shape[-1] - 1) * z * near / np.where(square > 0, square, np.nan)
    return np.asarray(found)


def permutation_p_values(
    values: npt.ArrayLike,
    neighbours: Neighbours,
    rng: np.random.Generator,
    *,
    permutations: int = 99_999,
) -> tuple[Floats, Floats]:
    r"""Conditional permutation test of the neighbours of every place.

    The value of place i is held; its :math:`k_i` neighbours are drawn without replacement from all
    other places. As both :math:`G_i^*` and local Moran's :math:`I_i` then depend on the sum of the
    neighbours alone, this is the test of either. One set of draws of k places serves all places
    with k neighbours: for place i those are counted that do not hold i, which are draws from the
    others.

    Parameters
    ----------
    values : array, shape (..., cells)
        Tested row by row, all on the same draws.
    neighbours : (indptr, indices)
    rng : numpy.random.Generator
    permutations : int
        Draws; the smallest p-value is about 1 / (permutations + 1).

    Returns
    -------
    more, less : arrays in (0, 1], shape (..., cells)
        :math:`(M + 1) / (R + 1)`, with M of the R draws that sum to at least (at most) what the
        neighbours do. NaN for a place without neighbours.

    Notes
    -----
    O(rows x permutations x neighbours) for each number of neighbours, however many places.

    References
    ----------
    Anselin (1995), see `local_moran`.

    Davison, A. C. & Hinkley, D. V. (1997). Bootstrap Methods and their Application, section 4.3.
    https://doi.org/10.1017/CBO9780511802843
    """
    table = np.atleast_2d(np.asarray(values, dtype=np.float64))
    n = table.shape[-1]
    degree = np.diff(neighbours[0])
    sums = lag(table, neighbours)
    more, less = np.full(table.shape, np.nan), np.full(table.shape, np.nan)
    for k in np.unique(degree[degree > 0]):
        mine = np.flatnonzero(degree == k)
        drawn = draw_subsets(n, int(k), permutations, rng)
        held = drawn.ravel()
        left = permutations - np.bincount(held, minlength=n)[mine]
        for row, x in enumerate(table):
            drawn_sum = x[drawn].sum(axis=1)
            tie = _TIE * max(1.0, float(np.abs(drawn_sum).max()))
            ascending = np.sort(drawn_sum)
            wanted = sums[row, mine]
            own = np.repeat(drawn_sum, k)
            for into, sign, count in (
                (more, 1.0, permutations - np.searchsorted(ascending, wanted - tie, side="left")),
                (less, -1.0, np.searchsorted(ascending, wanted + tie, side="right")),
            ):
                beyond = sign * (own - sums[row, held]) >= -tie
                holds_itself = np.bincount(held[beyond], minlength=n)[mine]
                into[row, mine] = (count - holds_itself + 1) / (left + 1)
    shape = np.shape(values)
    return more.reshape(shape), less.reshape(shape)


def draw_subsets(n: int, k: int, many: int, rng: np.random.Generator) -> Ints:
    """Draw `many` sets of k different numbers below n, each set as likely as any other.

    Robert Floyd's method, for all sets at once; O(many k^2). Shape (many, k).

    >>> draw_subsets(3, 3, 1, np.random.default_rng(0)).sum()
    np.int64(3)
    """
    drawn = np.empty((many, k), dtype=np.int64)
    for place, largest in enumerate(range(n - k, n)):
        pick = rng.integers(0, largest + 1, size=many)
        taken = (drawn[:, :place] == pick[:, None]).any(axis=1)
        drawn[:, place] = np.where(taken, largest, pick)
    return drawn
