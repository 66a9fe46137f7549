"""CRPS of forecasts that come as samples of counts, plain and fair."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from veedor.arrays import Floats


def crps_of_samples(
    samples: npt.ArrayLike, observed: npt.ArrayLike, *, fair: bool = False
) -> Floats:
    r"""CRPS of a forecast known by m samples of it.

    .. math:: \frac1m \sum_i |x_i - y| - \frac{1}{2 m^2} \sum_{i, j} |x_i - x_j|

    is the CRPS of the samples taken as the whole forecast. With ``fair``, the second sum is divided
    by :math:`2 m (m - 1)` instead, and the expectation over samples is the CRPS of the
    distribution that they were drawn from, however few they are.

    Parameters
    ----------
    samples : array, shape (m, ...)
    observed : array, shape of one sample
    fair : bool

    Returns
    -------
    array, shape of `observed`
        In incidents; smaller is better. Plain from 0 up; fair may be below 0. Fair is undefined
        (NaN) for a single sample.

    Raises
    ------
    ValueError
        If there is no sample.

    References
    ----------
    Gneiting, T. & Raftery, A. E. (2007). Strictly proper scoring rules, prediction, and
    estimation. Journal of the American Statistical Association 102, 359-378, equation 21.
    https://doi.org/10.1198/016214506000001437

    Ferro, C. A. T. (2014). Fair scores for ensemble forecasts. Quarterly Journal of the Royal
    Meteorological Society 140, 1917-1923. https://doi.org/10.1002/qj.2270

    Examples
    --------
    >>> samples = np.array([[0], [1], [4]])  # distances from 3: 3, 2, 1; among them: 1, 4, 3
    >>> crps_of_samples(samples, [3]).round(4)  # 6 / 3 - 8 / 9
    array([1.1111])
    >>> crps_of_samples(samples, [3], fair=True).round(4)  # 6 / 3 - 8 / 6
    array([0.6667])
    """
    x = np.sort(np.asarray(samples, dtype=np.float64), axis=0)
    m = len(x)
    if m == 0:
        raise ValueError("the CRPS of samples needs at least one sample")
    y = np.asarray(observed, dtype=np.float64)
    distance = np.abs(x - y).mean(axis=0)
    # Of sorted samples, the sum over pairs i < j of x_j - x_i.
    between = np.tensordot(2.0 * np.arange(m) - (m - 1.0), x, axes=1)
    if fair and m == 1:
        return np.full(distance.shape, np.nan)
    score: Floats = distance - between / (m * (m - 1.0) if fair else float(m * m))
    return score
