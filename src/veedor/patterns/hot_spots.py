"""Hot spots: places that, with those around them, have more incidents than chance gives."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from veedor.arrays import Floats, Ints
from veedor.errors import DataError, phrase
from veedor.spacetime import Cells, KernelSmoother
from veedor.statistics.discoveries import FALSE_DISCOVERY_RATE, false_discovery_q
from veedor.statistics.spatial import (
    Neighbours,
    among,
    getis_ord,
    lag,
    local_moran,
    permutation_p_values,
)

HOT, COLD, NEITHER = 1, -1, 0
#: What a place and its neighbours are, against the mean of all places.
QUADRANTS = ("high among high", "low among low", "low among high", "high among low")


@dataclass(frozen=True, eq=False)
class HotSpots:
    """Local statistics of every place, and which of them stand out.

    Parameters
    ----------
    z : array, shape (cells,)
        Getis-Ord :math:`G_i^*`.
    moran : array, shape (cells,)
        Local Moran's I.
    quadrant : array of int, shape (cells,)
        Index into `QUADRANTS`; -1 where undefined.
    p_value : array, shape (cells,)
        Of the conditional permutation, two-sided: twice the smaller tail, at most 1.
    q_value : array, shape (cells,)
        `false_discovery_q` of the p-values over all places.
    kind : array of int, shape (cells,)
        1 hot, -1 cold, 0 neither. Hot is q at most `rate` with z above 0 and more around the place
        than chance gives; cold is the same with z below 0 and less. A place where the two disagree,
        such as a busy one among places that are quieter than chance gives, is neither.
    permutations : int
    rate : float
        False discovery rate.

    Notes
    -----
    NaN in the arrays for places that have no value (a rate without a denominator) or, for what
    needs neighbours, no neighbours.
    """

    z: Floats
    moran: Floats
    quadrant: Ints
    p_value: Floats
    q_value: Floats
    kind: Ints
    permutations: int
    rate: float


def hot_spots(
    values: npt.ArrayLike,
    neighbours: Neighbours,
    rng: np.random.Generator,
    *,
    permutations: int = 99_999,
    rate: float = FALSE_DISCOVERY_RATE,
) -> HotSpots:
    """Find hot and cold spots: Getis-Ord and local Moran, permuted, adjusted for many places.

    Parameters
    ----------
    values : array, shape (cells,)
        Counts, or `empirical_bayes_rates`; NaN where there is none: such a place is left out, as
        itself and as a neighbour.
    neighbours : (indptr, indices)
        As `veedor.spacetime.Cells.neighbours`.
    rng : numpy.random.Generator
    permutations : int
    rate : float
        False discovery rate.

    Raises
    ------
    DataError
        If fewer than three places have a value.

    Examples
    --------
    >>> from shapely import box
    >>> from veedor.spacetime import SquareLattice, StudyArea
    >>> ground = StudyArea(box(0, 0, 4500, 4500), "EPSG:32721", "made up")
    >>> cells = Cells.on_lattice(ground, SquareLattice(500.0))
    >>> counts = np.where(np.hypot(cells.x_m - 2250, cells.y_m - 2250) < 800, 20, 0)
    >>> found = hot_spots(counts, cells.neighbours, np.random.default_rng(1))
    >>> int((counts > 0).sum()), int((found.kind == HOT).sum())
    (9, 5)
    """
    x = np.asarray(values, dtype=np.float64)
    given = np.flatnonzero(np.isfinite(x))
    if len(given) < 3:
        raise DataError("Hot spots need at least three places with a value.", found=str(len(given)))
    near = among(neighbours, given)
    own = x[given]
    z, moran = getis_ord(own, near), local_moran(own, near)
    more, less = permutation_p_values(own, near, rng, permutations=permutations)
    p_value = np.minimum(1.0, 2.0 * np.minimum(more, less))
    q_value = false_discovery_q(p_value)
    named = q_value <= rate
    kind = np.select(
        [named & (more < less) & (z > 0), named & (less < more) & (z < 0)], [HOT, COLD], NEITHER
    )
    aside = own - own.mean()
    around = lag(aside, near)
    quadrant = np.select(
        [(aside > 0) & (around > 0), (aside <= 0) & (around <= 0), aside <= 0], [0, 1, 2], 3
    )
    quadrant[~np.isfinite(moran)] = -1

    return HotSpots(
        z=_spread(z, given, len(x)),
        moran=_spread(moran, given, len(x)),
        quadrant=_spread(quadrant.astype(np.float64), given, len(x), -1.0).astype(np.int64),
        p_value=_spread(p_value, given, len(x)),
        q_value=_spread(q_value, given, len(x)),
        kind=_spread(kind.astype(np.float64), given, len(x), NEITHER).astype(np.int64),
        permutations=permutations,
        rate=rate,
    )


def _spread(part: Floats, given: Ints, places: int, fill: float = np.nan) -> Floats:
    """Put the values of the places that have one among all places."""
    whole = np.full(places, fill)
    whole[given] = part
    return whole


def empirical_bayes_rates(counts: npt.ArrayLike, denominator: npt.ArrayLike) -> Floats:
    r"""Rates per denominator, standardised so that small denominators do not stand out by chance.

    With :math:`p_i = y_i / d_i`, :math:`b = \sum y / \sum d`, :math:`s^2 = \sum d_i (p_i - b)^2 /
    \sum d` and :math:`a = s^2 - b / \bar d`: :math:`(p_i - b) / \sqrt{a + b / d_i}`, without a
    where the root would not be of a positive number.

    Parameters
    ----------
    counts : array, shape (cells,)
    denominator : array, shape (cells,)
        People, homes, parked cars, street metres: whatever is exposed; at least 0.

    Returns
    -------
    array, shape (cells,)
        Standard deviations above (below) the overall rate. NaN where the denominator is 0 or not
        known: there a rate is undefined. To be tested by `hot_spots`.

    Raises
    ------
    DataError
        If a denominator is negative, or all are 0.

    References
    ----------
    Assunção, R. M. & Reis, E. A. (1999). A new proposal to adjust Moran's I for population density.
    Statistics in Medicine 18, 2147-2162.
    https://doi.org/10.1002/(SICI)1097-0258(19990830)18:16<2147::AID-SIM179>3.0.CO;2-I

    Examples
    --------
    >>> empirical_bayes_rates([2, 20, 5, 1], [100, 1000, 100, 0]).round(2)
    array([-0.16, -0.42,  1.78,   nan])
    """
    y, d = np.asarray(counts, dtype=np.float64), np.asarray(denominator, dtype=np.float64)
    if bool(np.any(d < 0)) or not bool(np.any(d > 0)):
        raise DataError(
            "Denominators must be at least 0, and some above.",
            found=phrase("{n} negative ones of {of}", n=int(np.sum(d < 0)), of=len(d)),
        )
    exposed = d > 0
    y, d = y[exposed], d[exposed]
    rate, overall = y / d, y.sum() / d.sum()
    between = np.sum(d * (rate - overall) ** 2) / d.sum() - overall / d.mean()
    variance = between + overall / d
    variance = np.where(variance > 0, variance, overall / d)
    found = np.full(len(exposed), np.nan)
    if overall > 0:
        found[exposed] = (rate - overall) / np.sqrt(variance)
    return found


def kernel_density(counts: npt.ArrayLike, cells: Cells, bandwidth_m: float) -> Floats:
    """Gaussian kernel density of recorded incidents, per km2, with ground outside left out.

    Parameters
    ----------
    counts : array, shape (cells,)
    cells : Cells
    bandwidth_m : float
        Standard deviation of the kernel: a choice, to be stated with the map.

    Returns
    -------
    array, shape (cells,)
        At the centre of each cell; the kernel's share of the counts by its share of the ground.
    """
    smoother = KernelSmoother(cells)
    density: Floats = smoother.sum(np.asarray(counts, dtype=np.float64), bandwidth_m)
    return density / smoother.ground(bandwidth_m)
