r"""Proper scores of count forecasts, one value for each period and cell.

===================  ==============================================  ====================
Score                Formula                                         Unit
===================  ==============================================  ====================
`log_score`          :math:`-\log P(y)`                              nats
`poisson_deviance`   :math:`2(y\log(y/\mu) - y + \mu)`               none
`crps`               :math:`\sum_k (F(k) - 1\{y \le k\})^2`          incidents
`brier_any`          :math:`(P(Y \ge 1) - 1\{y \ge 1\})^2`           probability squared
===================  ==============================================  ====================

All are smaller when better and 0 is perfect. Each takes a `CountDistribution` and the observed
counts (whole numbers, int or float, of a shape that broadcasts), and gives an array of that shape.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import special

from veedor.forecasts import CountDistribution

Floats = npt.NDArray[np.float64]

# Summation is used up to this many terms, quadrature beyond; each is the other's oracle.
_MOST_TERMS = 400


@dataclass(frozen=True)
class ScoreDefinition:
    """How to read a score."""

    label: str
    unit: str
    orientation: str
    meaning: str


SCORES = {
    "log_score": ScoreDefinition(
        "Log score",
        "nats per cell and period",
        "smaller is better",
        "How surprising the recorded counts were, given the forecast distribution.",
    ),
    "poisson_deviance": ScoreDefinition(
        "Poisson deviance",
        "per cell and period",
        "smaller is better",
        "Distance of the expected from the recorded counts; only the means matter.",
    ),
    "crps": ScoreDefinition(
        "CRPS",
        "incidents per cell and period",
        "smaller is better",
        "Continuous ranked probability score: distance of the whole distribution from the count.",
    ),
    "brier": ScoreDefinition(
        "Brier score of at least one",
        "probability squared, per cell and period",
        "smaller is better",
        "Squared error of the probability that a cell records at least one incident.",
    ),
}


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


def brier_any(distribution: CountDistribution, observed: npt.ArrayLike) -> Floats:
    r"""Brier score of the event that at least one incident is recorded.

    :math:`(P(Y \ge 1) - 1\{y \ge 1\})^2`, from 0 to 1; smaller is better.

    References
    ----------
    Brier, G. W. (1950). Verification of forecasts expressed in terms of probability. Monthly
    Weather Review 78, 1-3. https://doi.org/10.1175/1520-0493(1950)078<0001:VOFEIT>2.0.CO;2

    Examples
    --------
    >>> half = CountDistribution(np.array([np.log(2.0)]), 0.0)
    >>> brier_any(half, 3)
    array([0.25])
    """
    happened = np.asarray(observed) >= 1
    score: Floats = (distribution.probability_of_any() - happened) ** 2
    return score


def crps(distribution: CountDistribution, observed: npt.ArrayLike) -> Floats:
    r"""Continuous ranked probability score, :math:`\sum_k (F(k) - 1\{y \le k\})^2`.

    In incidents, from 0 up; smaller is better; for a certain forecast it is the absolute error.

    Parameters
    ----------
    distribution : CountDistribution
    observed : array of whole numbers, broadcastable

    Notes
    -----
    For narrow distributions the sum itself, with the probabilities by recurrence; for wide ones
    :math:`E|X - y| - \frac12 E|X - X'|`, where the first part is exact and the second, the mean
    difference, is an integral over the characteristic function,

    .. math:: \tfrac12 E|X - X'| = \frac{1}{2\pi} \int_0^\infty
              \frac{1 - (1 + c\,u(s))^{-1/\alpha}}{s^2}\, ds, \quad
              u = \frac{2 s^2}{1 + s^2}, \; c = 2\alpha\mu(1 + \alpha\mu),

    which unlike the hypergeometric form stays exact for any dispersion.

    References
    ----------
    Matheson, J. E. & Winkler, R. L. (1976). Scoring rules for continuous probability
    distributions. Management Science 22, 1087-1096. https://doi.org/10.1287/mnsc.22.10.1087

    Wei, W. & Held, L. (2014). Calibration tests for count data. TEST 23, 787-805.
    https://doi.org/10.1007/s11749-014-0380-8

    Examples
    --------
    >>> crps(CountDistribution(np.array([1.0]), 0.0), 1).round(6)
    array([0.211981])
    """
    y = np.asarray(observed, dtype=np.float64)
    shape = np.broadcast_shapes(distribution.shape, y.shape)
    mean = np.broadcast_to(distribution.mean, shape).ravel()
    alpha = np.broadcast_to(distribution.dispersion, shape).ravel()
    y = np.broadcast_to(y, shape).ravel()
    deviation = np.sqrt(mean * (1.0 + alpha * mean))
    # Counts beyond this have a probability below 1e-15: normal-like or exponential-like tails.
    terms = np.maximum(mean + 10.0 * deviation + 40.0 * (1.0 + alpha * mean), y)
    summed = (terms <= _MOST_TERMS) & (mean <= 100.0)
    score = np.empty(len(mean))
    score[summed] = _crps_sum(mean[summed], alpha[summed], y[summed])
    wide = ~summed
    if bool(np.any(wide)):
        rest = CountDistribution(mean[wide], alpha[wide])
        score[wide] = rest.expected_absolute_error(y[wide]) - half_mean_difference(rest)
    return score.reshape(shape)


def _crps_sum(mean: Floats, alpha: Floats, y: Floats) -> Floats:
    """Sum term by term, dropping forecasts whose remaining terms vanish."""
    score = np.zeros(len(mean))
    row = np.arange(len(mean))
    odds = mean / (1.0 + alpha * mean)
    dispersed = alpha > 0.0
    probability = np.exp(
        np.where(
            dispersed,
            -np.log1p(alpha * mean) / np.where(dispersed, alpha, 1.0),
            -mean,
        )
    )
    above = 1.0 - probability
    np.copyto(above, -np.expm1(np.log(probability)), where=probability > 0.5)
    k = 0
    while len(row):
        term = np.where(k >= y, above, 1.0 - above)
        score[row] += term**2
        going = (above > 1e-9) | (k < y)
        if not bool(going.all()) and (k % 4 == 0 or not bool(going.any())):
            row, odds, alpha, y = row[going], odds[going], alpha[going], y[going]
            probability, above = probability[going], above[going]
        probability = probability * odds * (1.0 + alpha * k) / (k + 1.0)
        above = np.maximum(above - probability, 0.0)
        k += 1
    return score


def half_mean_difference(distribution: CountDistribution) -> Floats:
    r"""Half the expected distance of two independent draws, :math:`\frac12 E|X - X'|`.

    Shape of the distribution, in incidents. For the Poisson
    :math:`\mu e^{-2\mu}(I_0(2\mu) + I_1(2\mu))`; else by double-exponential quadrature of the
    integral given with `crps`.
    """
    mean, alpha = distribution.mean, distribution.dispersion
    poisson = mean * (special.i0e(2.0 * mean) + special.i1e(2.0 * mean))
    dispersed = alpha > 1e-14
    if not bool(np.any(dispersed)):
        return np.asarray(poisson, dtype=np.float64)
    a = np.where(dispersed, alpha, 1.0)
    variance = mean * (1.0 + a * mean)
    scale = 1.0 / np.sqrt(4.0 * variance)
    total = np.zeros(np.shape(mean))
    nodes = np.linspace(-4.2, 4.2, 169)
    for w in nodes:
        s = scale * np.exp(np.sinh(w))
        with np.errstate(over="ignore"):
            u = 2.0 / (1.0 + s**-2.0)
        missing = -np.expm1(-np.log1p(2.0 * a * variance * u) / a)
        total += missing / s * np.cosh(w)
    result: Floats = np.where(dispersed, total * (nodes[1] - nodes[0]) / (2.0 * np.pi), poisson)
    return result
