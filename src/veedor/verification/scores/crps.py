"""Continuous ranked probability score of Poisson and negative binomial forecasts."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from scipy import special

from veedor.arrays import Floats
from veedor.forecasts import CountDistribution
from veedor.verification.scores.walking import blocks, walkable


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
    shape = np.broadcast_shapes(distribution.shape, np.shape(observed))
    score = np.empty(shape)
    flat = score.reshape(-1)
    for block, forecasts, y in blocks(distribution, observed):
        flat[block] = _crps(forecasts, y)
    return score


def _crps(distribution: CountDistribution, y: Floats) -> Floats:
    """Score one block: the sum and the quadrature are each other's oracle."""
    from veedor.verification.scores.compiled import crps_sums

    near = walkable(distribution, y)
    score = np.empty(len(y))
    score[near] = crps_sums(distribution.mean[near], distribution.dispersion[near], y[near])
    if not bool(np.all(near)):
        rest, counts = distribution[~near], y[~near]
        score[~near] = rest.expected_absolute_error(counts) - half_mean_difference(rest)
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
