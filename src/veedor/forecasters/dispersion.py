"""Fitting the dispersion of negative binomial counts: one for all, or by level."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import NamedTuple

import numpy as np
from scipy import optimize

from veedor.arrays import Floats, Ints
from veedor.forecasters.dispersion_likelihood import (
    BOUNDS,
    LARGEST_DISPERSION,
    DispersionLikelihood,
    most_likely,
)
from veedor.forecasts import CountDistribution

# Searches stop at 1e-4 of a logarithm; how they get there turns rounding, which differs between
# processors, into digits. No record tells a dispersion to more than these.
_DECIMALS_OF_LOG = 5
# Log likelihood, in nats, that a part of the curve must be worth to stand.
_LEAST_GAIN = 1e-6

_MOST_HELD_BACK = 26

# Means within a fiftieth of a log unit of each other are taken as one level in fitting.
_LEVELS_A_LOG_UNIT = 50.0

# PIT of counts with a smaller mean says next to nothing of the spread; nor do fewer counts.
_LEAST_MEAN, _FEWEST_COUNTS = 0.05, 200
_FARTHEST_FACTOR, _FACTORS_TRIED = 4.0, 17
# What the recalibration may cost in log likelihood: half the 95% point of chi-squared (1), rounded.
_MOST_COST = 2.0


def periods_held_back(periods: int) -> int:
    """How many of the last training periods a dispersion is fitted to: a fifth, at most 26.

    Means for them come from the periods before, since means fitted to the very counts they are
    judged by look too certain. 0 where the record is too short for that.
    """
    return min(_MOST_HELD_BACK, periods // 5)


def fit_dispersion(counts: Ints, mean: Floats) -> float:
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

    found = optimize.minimize_scalar(loss, bounds=BOUNDS, method="bounded", options={"xatol": 1e-4})
    poisson = float(mu.sum())
    return float(np.exp(_settled(found.x))) if found.fun < poisson - 1e-9 else 0.0


def _settled(logarithm: Floats) -> Floats:
    """Return what was found, to the digits that do not depend on the processor."""
    settled: Floats = np.round(logarithm, _DECIMALS_OF_LOG)
    return settled


@dataclass(frozen=True)
class DispersionCurve:
    r"""Dispersion by level: :math:`\alpha = q + p / \mu`, so variance = mean (1 + p) + q mean^2.

    Busy cells usually vary less around their mean, in proportion, than quiet ones. The part p is in
    proportion to the mean, as where one event enters several records; the part q is that of means
    that are themselves uncertain, and is what remains in the busiest cells.

    Parameters
    ----------
    quadratic, proportional : float
        q and p, at least 0; both 0 is the Poisson.

    References
    ----------
    Cameron, A. C. & Trivedi, P. K. (2013). Regression Analysis of Count Data, 2nd ed., section
    3.3 (NB1, in proportion to the mean, and NB2). https://doi.org/10.1017/CBO9781139013567
    """

    quadratic: float
    proportional: float

    @classmethod
    def fit(cls, counts: Ints, mean: Floats) -> DispersionCurve:
        """Largest likelihood.

        Parameters
        ----------
        counts, mean : array, one shape
            Means to within 2%: they are sorted into levels, so that an evaluation costs
            O(levels x distinct counts), after O(n log n) for n counts.
        """
        if not counts.any():
            return cls(0.0, 0.0)
        pairs = _Pairs.of(counts, mean)
        likelihood, total = pairs.likelihood(), pairs.times * pairs.level
        typical = float(total @ pairs.level / total.sum())
        with np.errstate(over="ignore"):  # of a mean that is next to nothing
            parts = np.array([np.ones(likelihood.groups), typical / pairs.levels])

        def loss(logarithms: Floats) -> float:
            alpha = np.minimum(np.exp(logarithms) @ parts, LARGEST_DISPERSION)
            return likelihood.slopes(alpha).loss

        # From one dispersion for all, and from one in proportion: a valley may lie between them.
        middle, low = np.log(pairs.moment()), BOUNDS[0] / 2.0
        starts = ((middle, middle - 2.0), (low, middle))
        at, least = min(
            (most_likely(likelihood, parts, np.array(start)) for start in starts),
            key=lambda one: round(one[1] / _LEAST_GAIN),
        )
        if loss(np.full(2, BOUNDS[0])) <= least + _LEAST_GAIN:
            return cls(0.0, 0.0)
        at = _settled(at)
        for part in range(2):  # where one adds nothing, the search may end anywhere
            without = np.where(np.arange(2) == part, BOUNDS[0], at)
            at = without if loss(without) <= loss(at) + _LEAST_GAIN else at
        quadratic, proportional = np.exp(at)
        return cls(float(quadratic), float(proportional * typical))

    def at(self, mean: Floats) -> Floats:
        """Dispersion of counts with these means, shape of `mean`; at most 100,000."""
        alpha: Floats = self.quadratic + self.proportional / mean
        return np.minimum(alpha, LARGEST_DISPERSION)

    def times(self, factor: float) -> DispersionCurve:
        """Return the curve with every dispersion times `factor`."""
        return DispersionCurve(self.quadratic * factor, self.proportional * factor)

    def recalibrated(self, counts: Ints, mean: Floats) -> DispersionCurve:
        r"""Return the curve times the factor that makes the PIT as wide as a uniform's.

        The likelihood weighs the far tail heavily; what a reader relies on is that intervals hold
        what they should. For a count y with :math:`a = F(y - 1), b = F(y)` the non-randomised PIT
        is uniform on [a, b], and over calibrated forecasts its mean squared distance from 1/2 is
        1/12:

        .. math:: \sum_i w_i \frac{(b_i - 1/2)^3 - (a_i - 1/2)^3}{3 (b_i - a_i)}
                  = \frac{1}{12} \sum_i w_i, \qquad w_i = \min(\mu_i, 1).

        The factor is between 1/4 and 4, and no farther from 1 than costs two units of log
        likelihood over all counts (about a 95% likelihood interval): the PIT of small counts tells
        little of their spread, and must not overrule a proper score that does. It is 1 with fewer
        than 200 counts of a mean of 0.05 or more, and where the curve is 0.

        References
        ----------
        Czado, C., Gneiting, T. & Held, L. (2009). Predictive model assessment for count data.
        Biometrics 65, 1254-1261. https://doi.org/10.1111/j.1541-0420.2009.01191.x
        """
        told = mean >= _LEAST_MEAN
        if self == DispersionCurve(0.0, 0.0) or int(told.sum()) < _FEWEST_COUNTS:
            return self
        pairs = _Pairs.of(counts[told], mean[told])
        level, k = pairs.level, pairs.counts
        weight = pairs.times * np.minimum(level, 1.0)

        @cache  # both ends are asked for again
        def excess(log_factor: float) -> float:
            alpha = self.times(float(np.exp(log_factor))).at(level)
            distribution = CountDistribution(level, alpha)
            high, pmf = distribution.cdf(k), np.exp(distribution.log_pmf(k))
            width = np.maximum(pmf, np.finfo(np.float64).tiny)
            low = np.maximum(high - width, 0.0)  # cheaper than a second cumulative probability
            above, below = high - 0.5, low - 0.5
            # Multiplied, since a third power takes as long as ten products.
            spread = (above * above * above - below * below * below) / (3.0 * width)
            return float(weight @ np.minimum(spread, 0.25) / weight.sum() - 1.0 / 12.0)

        farthest = widest = float(np.log(_FARTHEST_FACTOR))
        if excess(widest) >= 0.0:
            # Far too narrow, or so much too wide that most counts lie beyond a median near 0 and
            # the distance grows again: what is wanted lies before the smallest.
            tried = np.linspace(-farthest, farthest, _FACTORS_TRIED)
            widest = float(tried[int(np.argmin([excess(factor) for factor in tried]))])
        if excess(-farthest) <= 0.0:
            log_factor = -farthest
        elif excess(widest) >= 0.0:
            log_factor = widest
        else:
            log_factor = float(_settled(optimize.brentq(excess, -farthest, widest, xtol=1e-4)))
        pairs = _Pairs.of(counts, mean)
        likelihood = pairs.likelihood()

        def cost(log_factor: float) -> float:
            return likelihood.slopes(self.times(float(np.exp(log_factor))).at(pairs.levels)).loss

        allowed = cost(0.0) + _MOST_COST
        if cost(log_factor) > allowed:
            part = optimize.brentq(
                lambda part: cost(part * log_factor) - allowed, 0.0, 1.0, xtol=1e-3
            )
            log_factor = float(_settled(part * log_factor))
        return self.times(float(np.exp(log_factor)))


class _Pairs(NamedTuple):
    """Every distinct pair of a level of the mean and a count, and how often it is there.

    Parameters
    ----------
    levels : array, shape (levels,)
        Average mean of each.
    place, counts, times : array, shape (pairs,)
        The level's number, the count, and how often.
    """

    levels: Floats
    place: Ints
    counts: Ints
    times: Floats

    @classmethod
    def of(cls, counts: Ints, mean: Floats) -> _Pairs:
        """Sort counts with known means into levels."""
        counts, mean = np.ravel(counts), np.ravel(mean)
        step = np.floor(np.log(mean) * _LEVELS_A_LOG_UNIT).astype(np.int64)
        step -= step.min()
        size = np.bincount(step)
        there = np.flatnonzero(size)
        levels = np.bincount(step, weights=mean)[there] / size[there]
        pair, times = np.unique(step * (counts.max() + 1) + counts, return_counts=True)
        place = np.searchsorted(there, pair // (counts.max() + 1))
        return cls(levels, place, pair % (counts.max() + 1), times.astype(np.float64))

    @property
    def level(self) -> Floats:
        """Level of each pair."""
        return self.levels[self.place]

    def likelihood(self) -> DispersionLikelihood:
        """Likelihood of the dispersion of each level."""
        return DispersionLikelihood(self.level, self.counts, self.times, self.place)

    def moment(self) -> float:
        """Dispersion that the squared errors have, at least a ten thousandth, for all levels."""
        level = self.level
        excess = self.times @ ((self.counts - level) ** 2 - level)
        return max(float(excess / (self.times @ level**2)), 1e-4)
