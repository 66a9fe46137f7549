"""Poisson and negative binomial counts as one family, in log space."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy import special

from veedor.arrays import Floats, Ints
from veedor.errors import ForecastFileError, phrase

# Below this, alpha times any squared count vanishes beside rounding, and the Poisson is exact.
_POISSON_BELOW = 1e-18
_STIRLING_UP_TO = 1e-3
_LARGEST, MOST_DISPERSED = 1e12, 1e6
# Below this, the incomplete beta function loses more than the Poisson is off.
_NO_BETA_BELOW = 1e-13
# Up to here a cumulative probability is the plain sum of its terms, several times faster than the
# incomplete beta function, and right to more digits; the first term of larger means may vanish.
_SUMMED_UP_TO, _SUMMED_MEAN = 20.0, 200.0


@dataclass(frozen=True, eq=False)
class CountDistribution:
    r"""Counts with a mean and a dispersion: variance = mean + alpha mean^2.

    .. math::

        P(k) = \frac{\Gamma(k + r)}{\Gamma(r)\, k!}
               \frac{(\alpha\mu)^k}{(1 + \alpha\mu)^{k + r}}, \qquad r = 1 / \alpha,

    with the Poisson as the limit for alpha = 0.

    Parameters
    ----------
    mean : array
        Expected incidents, above 0 and at most 1e12.
    dispersion : array or float
        alpha from 0 to 1e6; broadcast to the shape of `mean`.

    Raises
    ------
    ForecastFileError
        If a mean or a dispersion is out of its range, or not a number.

    References
    ----------
    Cameron, A. C. & Trivedi, P. K. (2013). Regression Analysis of Count Data, 2nd ed., section
    3.3 (the NB2 form). https://doi.org/10.1017/CBO9781139013567

    Examples
    --------
    >>> d = CountDistribution(np.array([2.0]), 0.5)
    >>> d.variance
    array([4.])
    >>> np.exp(d.log_pmf(0))  # (1 + 0.5 * 2) ** -2
    array([0.25])
    """

    mean: Floats
    dispersion: Floats

    def __init__(self, mean: npt.ArrayLike, dispersion: npt.ArrayLike) -> None:
        means = np.asarray(mean, dtype=np.float64)
        alphas = np.broadcast_to(np.asarray(dispersion, dtype=np.float64), means.shape)
        object.__setattr__(self, "mean", means)
        object.__setattr__(self, "dispersion", alphas)
        wrong = ~((means > 0.0) & (means <= _LARGEST))
        if bool(wrong.any()):
            raise ForecastFileError(
                "Every forecast mean must be above 0 and at most a million million.",
                found=phrase(
                    "{n} that are not, the first is {first}",
                    n=int(wrong.sum()),
                    first=means[wrong][0],
                ),
                remedy="a place with no past incidents still gets a small positive mean",
            )
        wrong = ~((alphas >= 0.0) & (alphas <= MOST_DISPERSED))
        if bool(wrong.any()):
            raise ForecastFileError(
                "Every dispersion must be at least 0 and at most a million.",
                found=phrase(
                    "{n} that are not, the first is {first}",
                    n=int(wrong.sum()),
                    first=alphas[wrong][0],
                ),
            )

    @property
    def shape(self) -> tuple[int, ...]:
        """Shape of `mean`."""
        return self.mean.shape

    @property
    def variance(self) -> Floats:
        """Variance of each count, shape of `mean`."""
        variance: Floats = self.mean * (1.0 + self.dispersion * self.mean)
        return variance

    def __getitem__(self, key: Any) -> CountDistribution:
        return CountDistribution(self.mean[key], self.dispersion[key])

    def scaled(self, factor: Floats) -> CountDistribution:
        """Return the same distributions with means times `factor` and dispersions kept."""
        return CountDistribution(self.mean * factor, self.dispersion)

    def log_pmf(self, count: npt.ArrayLike) -> Floats:
        """Natural logarithm of the probability of `count`.

        Parameters
        ----------
        count : array of whole numbers >= 0, broadcastable with `mean`; int or float

        Returns
        -------
        array
            At most 0, and finite for every count.

        Notes
        -----
        Above a dispersion of 0.001 the ratio of gamma functions is a beta function. Below, the
        gamma functions are huge and nearly equal, so Stirling's series is subtracted term by
        term and only the correction to the Poisson remains.
        """
        k = _whole(count)
        mean, alpha = self.mean, self.dispersion
        strong = alpha > _STIRLING_UP_TO
        if bool(np.all(strong)):
            return np.minimum(_strong_log_pmf(k, mean, alpha), 0.0)
        poisson = special.xlogy(k, mean) - mean - special.gammaln(k + 1.0)
        slight = (alpha > 0.0) & ~strong
        result: Floats = poisson
        if bool(np.any(slight)):
            a = np.where(slight, np.maximum(alpha, _POISSON_BELOW), _STIRLING_UP_TO)
            result = np.where(slight, poisson + _slight_correction(k, mean, a), result)
        if bool(np.any(strong)):
            a = np.where(strong, alpha, 1.0)
            result = np.where(strong, _strong_log_pmf(k, mean, a), result)
        return np.minimum(result, 0.0)

    def cdf(self, count: npt.ArrayLike) -> Floats:
        """Probability of at most `count`; 0 below zero. Arguments as in `log_pmf`."""
        k = np.asarray(count, dtype=np.float64)
        at = np.floor(np.maximum(k, 0.0))
        below = k < 0.0
        result: Floats = np.where(below, 0.0, self._cdf(at))
        return result

    def _cdf(self, k: Floats, extra_size: float = 0.0) -> Floats:
        """Cumulative probability with `extra_size` added to the negative binomial's size."""
        shape = np.broadcast_shapes(k.shape, self.shape)
        k, mean, alpha = (
            np.broadcast_to(one, shape).ravel() for one in (k, self.mean, self.dispersion)
        )
        summed = (k <= _SUMMED_UP_TO) & (mean <= _SUMMED_MEAN)
        if bool(np.all(summed)):
            return _sum_of_terms(k, mean, alpha, extra_size).reshape(shape)
        result = np.empty(k.shape)
        for part, cumulative in ((summed, _sum_of_terms), (~summed, _incomplete)):
            result[part] = cumulative(k[part], mean[part], alpha[part], extra_size)
        return result.reshape(shape)

    def probability_of_any(self) -> Floats:
        """Probability of at least one incident, shape of `mean`."""
        mean, alpha = self.mean, self.dispersion
        a = np.where(alpha > _POISSON_BELOW, alpha, 1.0)
        log_none = np.where(alpha > _POISSON_BELOW, -np.log1p(a * mean) / a, -mean)
        any_at_all: Floats = -np.expm1(log_none)
        return any_at_all

    def quantile(self, probability: npt.ArrayLike) -> Ints:
        """Return the smallest count whose cumulative probability reaches `probability`.

        Parameters
        ----------
        probability : array in [0, 1), broadcastable with `mean`

        Notes
        -----
        Bisection between 0 and a bound that doubles until it is high enough.
        """
        p = np.asarray(probability, dtype=np.float64)
        if bool(np.any((p < 0.0) | (p >= 1.0) | np.isnan(p))):
            raise ValueError(f"probability must be in [0, 1), got {probability!r}")
        shape = np.broadcast_shapes(p.shape, self.shape)
        p = np.broadcast_to(p, shape)
        low = np.full(shape, -1.0)
        high = np.broadcast_to(np.ceil(self.mean + 10.0 * np.sqrt(self.variance) + 10.0), shape)
        while bool(np.any(short := self.cdf(high) < p)):
            high = np.where(short, 2.0 * high, high)
        while True:
            middle = np.floor((low + high) / 2.0)
            between = (middle > low) & (middle < high)
            if not bool(np.any(between)):
                break
            reached = self.cdf(middle) >= p
            high = np.where(between & reached, middle, high)
            low = np.where(between & ~reached, middle, low)
        return high.astype(np.int64)

    def sample(self, rng: np.random.Generator, size: int) -> Ints:
        """Draw counts, shape (size, shape of mean): a Poisson with a gamma-distributed rate."""
        shape = (size, *self.shape)
        dispersed = self.dispersion > _POISSON_BELOW
        a = np.where(dispersed, self.dispersion, 1.0)
        gamma = rng.standard_gamma(np.broadcast_to(1.0 / a, shape)) * a
        rate = self.mean * np.where(dispersed, gamma, 1.0)
        return rng.poisson(rate).astype(np.int64)

    def expected_absolute_error(self, count: npt.ArrayLike) -> Floats:
        r"""Expectation of :math:`|X - k|`, exactly.

        From :math:`\sum_{j \le k} j\,P(j) = \mu\, F_{r+1}(k - 1)`, where :math:`F_{r+1}` is the
        cumulative probability with the size raised by one and the odds kept.
        """
        k = _whole(count)
        partial = np.where(k > 0.0, self._cdf(np.maximum(k - 1.0, 0.0), extra_size=1.0), 0.0)
        error: Floats = k * (2.0 * self._cdf(k) - 1.0) + self.mean * (1.0 - 2.0 * partial)
        return error


def _sum_of_terms(k: Floats, mean: Floats, alpha: Floats, extra_size: float) -> Floats:
    """Cumulative probability term by term, shape (n,) as the arguments."""
    log1p, dispersed = np.log1p(alpha * mean), alpha > _POISSON_BELOW
    none = np.where(dispersed, log1p / np.where(dispersed, alpha, 1.0), mean) + extra_size * log1p
    total = np.exp(-none)
    left = np.flatnonzero(k > 0.0)
    last, term, alpha = k[left], total[left], alpha[left]
    ratio = mean[left] / (1.0 + alpha * mean[left])
    j = 0
    while len(left):
        j += 1
        term = term * ratio * (1.0 + alpha * (extra_size + j - 1.0)) / j
        total[left] += term
        more = last > j
        left, last = left[more], last[more]
        term, alpha, ratio = term[more], alpha[more], ratio[more]
    return np.minimum(total, 1.0)


def _incomplete(k: Floats, mean: Floats, alpha: Floats, extra_size: float) -> Floats:
    """Cumulative probability by the incomplete beta and gamma functions."""
    dispersed = alpha > _NO_BETA_BELOW
    result = np.empty(k.shape)
    a = alpha[dispersed]
    odds = a * mean[dispersed]
    result[dispersed] = special.betaincc(
        k[dispersed] + 1.0, 1.0 / a + extra_size, odds / (1.0 + odds)
    )
    result[~dispersed] = special.pdtr(k[~dispersed], mean[~dispersed])
    return result


def _slight_correction(k: Floats, mean: Floats, alpha: Floats) -> Floats:
    """Log probability over the Poisson's, for small dispersions."""
    size = 1.0 / alpha
    x, y = alpha * k, alpha * mean
    log_x, log_y = np.log1p(x), np.log1p(y)
    series = _stirling(k + size) - _stirling(size)
    correction: Floats = (
        (k - 0.5) * log_x + size * (log_x - x) + series - k * log_y - size * (log_y - y)
    )
    return correction


def _stirling(z: Floats) -> Floats:
    """Stirling's series of the log gamma function beyond its leading terms, for z >= 1000."""
    series: Floats = (1.0 / 12.0 - 1.0 / (360.0 * z * z)) / z
    return series


def _strong_log_pmf(k: Floats, mean: Floats, alpha: Floats) -> Floats:
    """Log probability for dispersions that are not small."""
    k, mean, alpha = np.broadcast_arrays(k, mean, alpha)
    log1p = np.log1p(alpha * mean)
    log_pmf = np.asarray(-log1p / alpha)
    # Most cells record nothing most of the time: the beta function only for those that did.
    some = k > 0.0
    n, a = k[some], alpha[some]
    log_pmf[some] += (
        n * (np.log(a * mean[some]) - log1p[some]) - np.log(n) - special.betaln(n, 1.0 / a)
    )
    return log_pmf


def _whole(count: npt.ArrayLike) -> Floats:
    k = np.asarray(count, dtype=np.float64)
    if bool(np.any((k < 0.0) | (k != np.floor(k)))):
        raise ValueError("a count must be a whole number of at least 0")
    return k
