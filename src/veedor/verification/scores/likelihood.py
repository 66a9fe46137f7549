"""Scores of the probability, the mean and the variance: log score, deviance, Dawid-Sebastiani."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from scipy import special

from veedor.arrays import Floats
from veedor.forecasts import CountDistribution


def log_score(distribution: CountDistribution, observed: npt.ArrayLike) -> Floats:
    r"""Negative log probability of what was recorded, in nats.

    :math:`-\log P(y)`. From 0 (certain and right) up; smaller is better; never infinite, since a
    `CountDistribution` gives every count some probability.

    References
    ----------
    Good, I. J. (1952). Rational decisions. Journal of the Royal Statistical Society B 14, 107-114.
    https://doi.org/10.1111/j.2517-6161.1952.tb00104.x

    Examples
    --------
    >>> d = CountDistribution(np.array([1.0]), 0.0)
    >>> log_score(d, 0)
    array([1.])
    """
    score: Floats = -distribution.log_pmf(observed)
    return score


def poisson_deviance(distribution: CountDistribution, observed: npt.ArrayLike) -> Floats:
    r"""Poisson deviance of the means, :math:`2 (y \log(y / \mu) - y + \mu)`.

    From 0 up; smaller is better; :math:`y \log y` is 0 at 0. A proper score of the mean.

    References
    ----------
    McCullagh, P. & Nelder, J. A. (1989). Generalized Linear Models, 2nd ed., section 2.3.
    https://doi.org/10.1007/978-1-4899-3242-6

    Examples
    --------
    >>> poisson_deviance(CountDistribution(np.array([1.5, 2.0]), 0.0), [0, 2])
    array([3., 0.])
    """
    y = np.asarray(observed, dtype=np.float64)
    deviance: Floats = 2.0 * special.kl_div(y, distribution.mean)
    return deviance


def dawid_sebastiani(distribution: CountDistribution, observed: npt.ArrayLike) -> Floats:
    r"""Dawid-Sebastiani score, :math:`(y - \mu)^2 / \sigma^2 + \log \sigma^2`.

    It looks at the mean and the variance, :math:`\sigma^2 = \mu + \alpha\mu^2`, and at nothing
    else of the forecast. Smaller is better; without a bound below or above, so that 0 means
    nothing; always finite. Proper, and strictly so for means and variances.

    References
    ----------
    Dawid, A. P. & Sebastiani, P. (1999). Coherent dispersion criteria for optimal experimental
    design. The Annals of Statistics 27, 65-81. https://doi.org/10.1214/aos/1018031101

    Examples
    --------
    >>> d = CountDistribution(np.array([1.0, 2.0]), [0.0, 0.5])  # variances 1 and 4
    >>> dawid_sebastiani(d, [3, 2]).round(4)  # 4 / 1 + log 1, 0 / 4 + log 4
    array([4.    , 1.3863])
    """
    y = np.asarray(observed, dtype=np.float64)
    variance = distribution.variance
    score: Floats = (y - distribution.mean) ** 2 / variance + np.log(variance)
    return score
