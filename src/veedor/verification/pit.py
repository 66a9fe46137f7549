"""Probability integral transform: where recorded counts fell in their forecast distributions."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from veedor.arrays import Floats, Ints
from veedor.forecasts import CountDistribution
from veedor.verification.scores.walking import blocks, walkable


def cumulative_around(
    distribution: CountDistribution, observed: npt.ArrayLike
) -> tuple[Floats, Floats]:
    """Forecast probabilities of fewer incidents than each count, F(y - 1), and at most as many."""
    from veedor.verification.scores.compiled import cumulative_sums

    shape = np.broadcast_shapes(distribution.shape, np.shape(observed))
    fewer, at_most = np.empty(shape), np.empty(shape)
    flat_fewer, flat_at_most = fewer.reshape(-1), at_most.reshape(-1)
    for block, forecasts, y in blocks(distribution, observed):
        near = walkable(forecasts, y)
        low, high = np.empty(len(y)), np.empty(len(y))
        low[near], high[near] = cumulative_sums(
            forecasts.mean[near], forecasts.dispersion[near], y[near]
        )
        if not bool(np.all(near)):
            rest, counts = forecasts[~near], y[~near]
            low[~near], high[~near] = rest.cdf(counts - 1.0), rest.cdf(counts)
        flat_fewer[block], flat_at_most[block] = low, high
    return fewer, at_most


def pit_cdf(distribution: CountDistribution, observed: Ints, at: npt.ArrayLike) -> Floats:
    r"""Non-randomised probability integral transform of each count.

    For a count y and u in [0, 1],

    .. math:: F^{(y)}(u) = \min\left(1, \max\left(0,
              \frac{u - F(y - 1)}{F(y) - F(y - 1)}\right)\right).

    Averaged over counts it is u itself where the forecast is calibrated, counts being whole
    numbers notwithstanding. The coverage of a central interval of level L is its difference
    between (1 + L)/2 and (1 - L)/2.

    Parameters
    ----------
    distribution : CountDistribution
    observed : array of int, shape of `distribution`
    at : array, shape (m,)
        Values of u.

    Returns
    -------
    array, shape (m, *shape of distribution)
        `pit_by_period` averages it without holding it all.

    References
    ----------
    Czado, C., Gneiting, T. & Held, L. (2009). Predictive model assessment for count data.
    Biometrics 65, 1254-1261. https://doi.org/10.1111/j.1541-0420.2009.01191.x

    Examples
    --------
    >>> half = CountDistribution(np.array([np.log(2.0)]), 0.0)  # P(0) = 1/2
    >>> pit_cdf(half, np.array([0]), [0.25, 0.5, 1.0]).ravel()
    array([0.5, 1. , 1. ])
    """
    lower, upper = cumulative_around(distribution, observed)
    width = np.maximum(upper - lower, np.finfo(np.float64).tiny)
    # At 1 it is 1 for any count, one so surprising that F(y - 1) rounds to 1 too.
    return np.stack(
        [
            np.where(u >= 1.0, 1.0, np.clip((u - lower) / width, 0.0, 1.0))
            for u in np.atleast_1d(np.asarray(at, dtype=np.float64))
        ]
    )


def pit_by_period(distribution: CountDistribution, observed: Ints, at: npt.ArrayLike) -> Floats:
    """Mean of `pit_cdf` over the cells of each period, shape (m, periods), a period at a time.

    Examples
    --------
    >>> half = CountDistribution(np.full((1, 2), np.log(2.0)), 0.0)
    >>> pit_by_period(half, np.array([[0, 0]]), [0.25, 0.5])
    array([[0.5],
           [1. ]])
    """
    rows = [
        pit_cdf(distribution[period], counts, at).mean(axis=1)
        for period, counts in enumerate(observed)
    ]
    return np.stack(rows, axis=1)


def pit_histogram(cumulative: Floats) -> Floats:
    """Height of each bar of the PIT histogram, all 1 where calibrated.

    Parameters
    ----------
    cumulative : array, shape (bins + 1,)
        Mean of `pit_cdf` at evenly spaced values from 0 to 1.

    Returns
    -------
    array, shape (bins,)

    Examples
    --------
    >>> pit_histogram(np.array([0.0, 0.5, 1.0]))
    array([1., 1.])
    """
    heights: Floats = np.diff(cumulative) * (len(cumulative) - 1)
    return heights


def randomised_pit(
    distribution: CountDistribution, observed: npt.ArrayLike, rng: np.random.Generator
) -> Floats:
    r"""Randomised probability integral transform of each count.

    :math:`F(y - 1) + V\,(F(y) - F(y - 1))` with V uniform on [0, 1): itself uniform where the
    forecast is calibrated. Use it where each count needs one value, as in a test of uniformity
    or on a map; for a histogram `pit_cdf` says the same without the noise of V.

    Parameters
    ----------
    distribution : CountDistribution
    observed : array of whole numbers, broadcastable
    rng : numpy.random.Generator

    Returns
    -------
    array in [0, 1]

    References
    ----------
    Smith, J. Q. (1985). Diagnostic checks of non-standard time series models. Journal of
    Forecasting 4, 283-291. https://doi.org/10.1002/for.3980040305

    Czado, C., Gneiting, T. & Held, L. (2009), as in `pit_cdf`.

    Examples
    --------
    >>> half = CountDistribution(np.full(1000, np.log(2.0)), 0.0)  # P(0) = 1/2
    >>> value = randomised_pit(half, np.zeros(1000), np.random.default_rng(0))
    >>> bool(value.min() >= 0.0), bool(value.max() <= 0.5)
    (True, True)
    """
    lower, upper = cumulative_around(distribution, observed)
    value: Floats = lower + rng.random(lower.shape) * (upper - lower)
    return value


def randomised_pit_histogram(values: Floats, bins: int = 10) -> Floats:
    """Height of each bar of the histogram of randomised values, all about 1 where calibrated.

    Undefined (NaN) without values.

    Examples
    --------
    >>> randomised_pit_histogram(np.array([0.1, 0.2, 0.7, 1.0]), bins=2)
    array([1., 1.])
    """
    if values.size == 0:
        return np.full(bins, np.nan)
    number, _ = np.histogram(values, bins=bins, range=(0.0, 1.0))
    heights: Floats = number * (bins / values.size)
    return heights
