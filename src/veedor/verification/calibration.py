"""Do stated uncertainties hold? PIT histograms, interval coverage, reliability."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from veedor.forecasts import CountDistribution

Floats = npt.NDArray[np.float64]


def pit_cdf(
    distribution: CountDistribution, observed: npt.NDArray[np.int64], at: npt.ArrayLike
) -> Floats:
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
    upper = distribution.cdf(observed)
    lower = distribution.cdf(observed - 1)
    width = np.maximum(upper - lower, np.finfo(np.float64).tiny)
    # At 1 it is 1 for any count, one so surprising that F(y - 1) rounds to 1 too.
    return np.stack(
        [
            np.where(u >= 1.0, 1.0, np.clip((u - lower) / width, 0.0, 1.0))
            for u in np.atleast_1d(np.asarray(at, dtype=np.float64))
        ]
    )


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


def reliability_bins(mean: Floats, bins: int = 10) -> npt.NDArray[np.int64]:
    """Bin of each forecast, by its mean, so that each bin expects about as many incidents.

    Parameters
    ----------
    mean : array, any shape
    bins : int

    Returns
    -------
    array of int, shape of `mean`, from 0 (smallest means); equal means share a bin
    """
    values, inverse, number = np.unique(mean, return_inverse=True, return_counts=True)
    mass = np.cumsum(values * number)
    bin_of_value = np.minimum((mass - 0.5 * values * number) / mass[-1] * bins, bins - 1)
    index: npt.NDArray[np.int64] = bin_of_value.astype(np.int64)[inverse].reshape(mean.shape)
    return index
