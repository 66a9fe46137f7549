"""Fitting the dispersion of negative binomial counts by maximum likelihood."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from scipy import optimize

Floats = npt.NDArray[np.float64]

# Bounds of log alpha: below e^-14 counts are Poisson for any purpose, above e^5 nothing is known.
_BOUNDS = (-14.0, 5.0)

_MOST_HELD_BACK = 26


def periods_held_back(periods: int) -> int:
    """How many of the last training periods a dispersion is fitted to: a fifth, at most 26.

    Means for them come from the periods before, since means fitted to the very counts they are
    judged by look too certain. 0 where the record is too short for that.
    """
    return min(_MOST_HELD_BACK, periods // 5)


def fit_dispersion(counts: npt.NDArray[np.int64], mean: Floats) -> float:
    r"""Dispersion alpha that makes counts with known means most likely.

    Parameters
    ----------
    counts, mean : array, one shape

    Returns
    -------
    float
        alpha >= 0; 0 where the counts vary no more than a Poisson's, and where there is not one
        incident, which says nothing about dispersion.

    Notes
    -----
    With :math:`r = 1/\alpha`, :math:`\log\Gamma(k + r) - \log\Gamma(r) - k \log r =
    \sum_{j<k} \log(1 + \alpha j)`, so that the part with the counts needs only how many counts
    exceed each j: O(largest count) an evaluation, plus O(n) for the means.

    Lawless, J. F. (1987). Negative binomial and mixed Poisson regression. Canadian Journal of
    Statistics 15, 209-225. https://doi.org/10.2307/3314912
    """
    k, mu = np.ravel(counts), np.ravel(mean)
    if not k.any():
        return 0.0
    exceeding = k.size - np.cumsum(np.bincount(k))
    j = np.arange(len(exceeding))
    hit = k > 0
    k_hit, mu_hit = k[hit], mu[hit]

    def loss(log_alpha: float) -> float:
        a = float(np.exp(log_alpha))
        fixed = float(np.dot(exceeding, np.log1p(a * j)))
        spread = float(np.sum(np.log1p(a * mu))) / a
        return spread + float(np.dot(k_hit, np.log1p(a * mu_hit))) - fixed

    found = optimize.minimize_scalar(
        loss, bounds=_BOUNDS, method="bounded", options={"xatol": 1e-4}
    )
    poisson = float(mu.sum())
    return float(np.exp(found.x)) if found.fun < poisson - 1e-9 else 0.0
