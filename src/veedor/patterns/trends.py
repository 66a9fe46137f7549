"""Trends of single places: Mann-Kendall, and a Poisson trend against the whole record."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import special, stats

from veedor.errors import DataError
from veedor.patterns.discoveries import false_discovery_q

Floats = npt.NDArray[np.float64]

_MOST_SLOPES = 8_000_000
_FEWEST_STEPS = 6
_FEWEST_INCIDENTS = 10


@dataclass(frozen=True, eq=False)
class MannKendall:
    """Trends of many series, all arrays of shape (series,).

    Parameters
    ----------
    tau : array in [-1, 1]
        Share of pairs of steps that rise less the share that fall; ties are neither.
    slope : array
        Median of the slopes between all pairs of steps (Theil-Sen), per step.
    z, p_value : array
        With the variance corrected for autocorrelation; two-sided. NaN for a series that is
        constant.
    """

    tau: Floats
    slope: Floats
    z: Floats
    p_value: Floats


def mann_kendall(series: npt.ArrayLike) -> MannKendall:
    r"""Mann-Kendall test for a monotone trend, corrected for autocorrelation.

    :math:`S = \sum_{i<j} \mathrm{sign}(x_j - x_i)` has, without a trend, variance
    :math:`V = [T(T-1)(2T+5) - \sum t(t-1)(2t+5)] / 18` over groups of t ties. It is multiplied by

    .. math:: 1 + \frac{2}{T(T-1)(T-2)} \sum_i (T-i)(T-i-1)(T-i-2) \rho_i

    with the autocorrelations :math:`\rho_i` of the ranks of the series less its Theil-Sen line that
    are significant at 5%; :math:`z = (S - \mathrm{sign} S) / \sqrt V`.

    Parameters
    ----------
    series : array, shape (steps, series)
        At equal steps, at least 6 of them.

    Returns
    -------
    MannKendall

    Raises
    ------
    DataError
        If there are fewer than 6 steps.

    Notes
    -----
    O(steps^2 x series), in pieces of bounded memory. A factor below 1 leaves V as it is: with few
    steps chance alone gives negative autocorrelations, and a smaller variance would then find
    trends where there are none.

    References
    ----------
    Hamed, K. H. & Rao, A. R. (1998). A modified Mann-Kendall trend test for autocorrelated data.
    Journal of Hydrology 204, 182-196. https://doi.org/10.1016/S0022-1694(97)00125-X

    Examples
    --------
    >>> found = mann_kendall(np.array([[1.0], [2.0], [2.5], [4.0], [3.0], [6.0], [7.0]]))
    >>> found.tau.round(3), found.slope
    (array([0.905]), array([1.]))
    """
    x = np.asarray(series, dtype=np.float64)
    steps, many = x.shape
    if steps < _FEWEST_STEPS:
        raise DataError("A Mann-Kendall test needs at least 6 steps.", found=f"{steps} steps")
    early, late = np.triu_indices(steps, 1)
    rising, slope = np.empty(many), np.empty(many)
    piece = max(1, _MOST_SLOPES // len(early))
    for first in range(0, many, piece):
        part = slice(first, first + piece)
        change = x[late, part] - x[early, part]
        rising[part] = np.sign(change).sum(axis=0)
        slope[part] = np.median(change / (late - early)[:, None], axis=0)
    variance = _variance(x) * _autocorrelation_factor(x - slope * np.arange(steps)[:, None])
    with np.errstate(invalid="ignore", divide="ignore"):
        z = np.where(variance > 0, (rising - np.sign(rising)) / np.sqrt(variance), np.nan)
    return MannKendall(rising / len(early), slope, z, 2.0 * special.ndtr(-np.abs(z)))


def _variance(x: Floats) -> Floats:
    """Variance of S without a trend, with ties."""
    steps = len(x)
    ordered = np.sort(x, axis=0)
    # A tie group of t holds t(t-1)(2t+5); summed over its members each adds (t-1)(2t+5).
    ties = np.empty(x.shape[1])
    for column in range(x.shape[1]):
        _, many = np.unique(ordered[:, column], return_counts=True)
        ties[column] = np.sum(many * (many - 1.0) * (2.0 * many + 5.0))
    return np.asarray((steps * (steps - 1.0) * (2.0 * steps + 5.0) - ties) / 18.0)


def _autocorrelation_factor(detrended: Floats) -> Floats:
    steps = len(detrended)
    rank = stats.rankdata(detrended, axis=0)
    rank -= rank.mean(axis=0)
    square = np.sum(rank**2, axis=0)
    limit = special.ndtri(0.975) / np.sqrt(steps)
    total = np.zeros(detrended.shape[1])
    for i in range(1, steps - 2):
        with np.errstate(invalid="ignore", divide="ignore"):
            rho = np.sum(rank[i:] * rank[:-i], axis=0) / square
        weight = float((steps - i) * (steps - i - 1) * (steps - i - 2))
        total += np.where(np.abs(rho) > limit, weight * rho, 0.0)
    factor = 1.0 + 2.0 / (steps * (steps - 1.0) * (steps - 2.0)) * total
    return np.maximum(factor, 1.0)


@dataclass(frozen=True, eq=False)
class PoissonTrend:
    """Trends of many places against that of all of them, all arrays of shape (places,).

    Parameters
    ----------
    change : array
        Yearly change of the place's share of the record: 0.1 is 10% more a year than all places
        together. NaN for places with fewer than 10 incidents.
    low, high : array
        95% interval.
    p_value, q_value : array
        Two-sided; `false_discovery_q` over all places.
    dispersion : float
        Variance by mean of the counts about what is expected, of all places together; at least 1.
    """

    change: Floats
    low: Floats
    high: Floats
    p_value: Floats
    q_value: Floats
    dispersion: float


def poisson_trend(counts: npt.ArrayLike, years: npt.ArrayLike) -> PoissonTrend:
    r"""Log-linear trend of each place's share of the record: a score test.

    Given its total :math:`N_c`, a place without a trend of its own has its incidents in the periods
    in the same shares :math:`\pi_t` as all places together. With time :math:`\tau_t` in years from
    the record's mean, :math:`U_c = \sum_t \tau_t y_{tc}`, :math:`v = \sum_t \pi_t \tau_t^2` and
    dispersion :math:`\phi`: :math:`b_c = U_c / (N_c v)` with standard error
    :math:`\sqrt{\phi / (N_c v)}`; change is :math:`e^b - 1`.

    As it is held against the whole record, what moves all places alike - a season, a change of how
    incidents are recorded - is no trend here.

    Parameters
    ----------
    counts : array of int, shape (periods, places)
    years : array, shape (periods,)
        Middle of each period, in years from any instant.

    Returns
    -------
    PoissonTrend

    Examples
    --------
    >>> counts = np.array([[20, 40, 300], [40, 20, 300]])
    >>> found = poisson_trend(counts, [0.0, 1.0])
    >>> found.change.round(2)
    array([ 0.95, -0.49,  0.  ])
    """
    y, when = np.asarray(counts, dtype=np.float64), np.asarray(years, dtype=np.float64)
    total, place = y.sum(axis=1), y.sum(axis=0)
    nothing = np.full(y.shape[1], np.nan)
    if total.sum() == 0 or len(y) < 2:
        return PoissonTrend(nothing, nothing, nothing, nothing, nothing, 1.0)
    share = total / total.sum()
    tau = when - np.sum(share * when)
    spread = float(np.sum(share * tau**2))
    enough = place >= _FEWEST_INCIDENTS
    dispersion = _dispersion(y[:, enough], share) if enough.any() else 1.0
    with np.errstate(invalid="ignore", divide="ignore"):
        slope = np.where(enough, tau @ y / (place * spread), np.nan)
        error = np.sqrt(dispersion / (place * spread))
        reach = special.ndtri(0.975) * error
        p_value = 2.0 * special.ndtr(-np.abs(slope / error))
    return PoissonTrend(
        np.expm1(slope),
        np.expm1(slope - reach),
        np.expm1(slope + reach),
        p_value,
        false_discovery_q(p_value),
        dispersion,
    )


def _dispersion(y: Floats, share: Floats) -> float:
    used = share > 0
    expected = share[used, None] * y.sum(axis=0)
    freedom = max((int(used.sum()) - 1) * y.shape[1], 1)
    pearson = float(np.sum((y[used] - expected) ** 2 / expected))
    return float(max(1.0, pearson / freedom))
