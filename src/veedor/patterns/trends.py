"""Monotone trends of single series: Mann-Kendall, corrected for autocorrelation."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import special, stats

from veedor.arrays import Floats
from veedor.errors import DataError, phrase

_MOST_SLOPES = 8_000_000
_FEWEST_STEPS = 6
_MOST_PERSISTENT = 0.95
_NOTHING = 1e-9


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
    Hamed and Rao's

    .. math:: 1 + \frac{2}{T(T-1)(T-2)} \sum_i (T-i)(T-i-1)(T-i-2) \rho_i

    with :math:`\rho_i` the autocorrelations of the ranks; :math:`z = (S - \mathrm{sign} S) /
    \sqrt V`. Those autocorrelations are not the series' own, too noisy and too low, but those of a
    first-order autoregression, :math:`\rho_i = \frac{6}{\pi} \arcsin(a^i / 2)`: its coefficient a
    is fitted to the normal scores of the series together with a straight trend, corrected for bias
    as in Hamed (2009), :math:`(T a + 2) / (T - 4)`, and kept between 0 and 0.95.

    Parameters
    ----------
    series : array, shape (steps, series)
        At equal steps, at least 6 of them.

    Raises
    ------
    DataError
        If there are fewer than 6 steps.

    Notes
    -----
    O(steps^2 x series), in pieces of bounded memory. A negative autocorrelation leaves V as it is:
    a smaller variance would find trends by a chance estimate. The test's size by length and
    autocorrelation stands in the documentation, under Patterns.

    References
    ----------
    Hamed, K. H. & Rao, A. R. (1998). A modified Mann-Kendall trend test for autocorrelated data.
    Journal of Hydrology 204, 182-196. https://doi.org/10.1016/S0022-1694(97)00125-X

    Hamed, K. H. (2009). Enhancing the effectiveness of prewhitening in trend analysis of hydrologic
    data. Journal of Hydrology 368, 143-155 (the bias).
    https://doi.org/10.1016/j.jhydrol.2009.01.040

    Examples
    --------
    >>> found = mann_kendall(np.array([[1.0], [2.0], [2.5], [4.0], [3.0], [6.0], [7.0]]))
    >>> found.tau.round(3), found.slope
    (array([0.905]), array([1.]))
    """
    x = np.asarray(series, dtype=np.float64)
    steps, many = x.shape
    if steps < _FEWEST_STEPS:
        raise DataError(
            "A Mann-Kendall test needs at least 6 steps.",
            found=phrase("{steps} steps", steps=steps),
        )
    early, late = np.triu_indices(steps, 1)
    rising, slope = np.empty(many), np.empty(many)
    piece = max(1, _MOST_SLOPES // len(early))
    for first in range(0, many, piece):
        part = slice(first, first + piece)
        change = x[late, part] - x[early, part]
        rising[part] = np.sign(change).sum(axis=0)
        slope[part] = np.median(change / (late - early)[:, None], axis=0)
    variance = _variance(x) * _autocorrelation_factor(steps, _autoregression(x))
    with np.errstate(invalid="ignore", divide="ignore"):
        z = np.where(variance > 0, (rising - np.sign(rising)) / np.sqrt(variance), np.nan)
    return MannKendall(rising / len(early), slope, z, 2.0 * special.ndtr(-np.abs(z)))


def _variance(x: Floats) -> Floats:
    """Variance of S without a trend, with ties."""
    steps = len(x)
    # A tie group of t holds t(t-1)(2t+5): each of its members adds (t-1)(2t+5).
    ties = stats.rankdata(x, method="max", axis=0) - stats.rankdata(x, method="min", axis=0) + 1.0
    held = np.sum((ties - 1.0) * (2.0 * ties + 5.0), axis=0)
    return np.asarray((steps * (steps - 1.0) * (2.0 * steps + 5.0) - held) / 18.0)


def _autoregression(x: Floats) -> Floats:
    """Coefficient of a first-order autoregression about a trend, of normal scores, shape (series,).

    Least squares of each score on the one before, a constant and the step; then the bias.
    """
    steps = len(x)
    scores = special.ndtri((stats.rankdata(x, axis=0) - 0.375) / (steps + 0.25))
    basis, _ = np.linalg.qr(np.column_stack([np.ones(steps - 1), np.arange(steps - 1.0)]))
    now, before = (part - basis @ (basis.T @ part) for part in (scores[1:], scores[:-1]))
    square = np.sum(before**2, axis=0)
    # What is straight, or constant, leaves nothing to correlate.
    fitted = np.sum(now * before, axis=0) / np.where(square > _NOTHING, square, np.inf)
    return np.asarray(np.clip((steps * fitted + 2.0) / (steps - 4.0), 0.0, _MOST_PERSISTENT))


def _autocorrelation_factor(steps: int, coefficient: Floats) -> Floats:
    total = np.zeros(len(coefficient))
    for i in range(1, steps - 2):
        weight = float((steps - i) * (steps - i - 1) * (steps - i - 2))
        total += weight * 6.0 / np.pi * np.arcsin(coefficient**i / 2.0)
    return 1.0 + 2.0 / (steps * (steps - 1.0) * (steps - 2.0)) * total
