"""How likely negative binomial counts are by their dispersion, and the likeliest dispersion."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from veedor.arrays import Floats, Ints

# Bounds of log alpha: below e^-14 counts are Poisson for any purpose, above e^5 nothing is known.
BOUNDS = (-14.0, 5.0)
LARGEST_DISPERSION = 1e5

# Terms of the inner sum that are added one by one; those of larger counts by Stirling's series,
# which is exact to twelve digits from there.
_SUMMED = 64
# Steps end where the next would gain less, in nats: what is found then is right to far more digits
# than are kept, whatever rounding did on the way.
_LEAST_STEP_GAIN, _LONGEST_STEP, _MOST_STEPS = 1e-12, 2.0, 60
# Differences of a loss smaller than this, in proportion, may be rounding.
_ROUNDING = 1e-13


class Slopes(NamedTuple):
    """Loss of all counts, and its derivatives by each group's dispersion, shape (groups,)."""

    loss: float
    first: Floats
    second: Floats


class DispersionLikelihood:
    r"""Likelihood of the dispersions of groups of negative binomial counts with known means.

    With :math:`r = 1/\alpha`, :math:`\log\Gamma(k + r) - \log\Gamma(r) - k \log r =
    \sum_{j<k} \log(1 + \alpha j)`, so that of a group's counts it needs only how many exceed each
    j. The loss is minus the log likelihood, in nats, without what no dispersion moves:

    .. math:: \sum_i (1/\alpha + k_i) \log(1 + \alpha \mu_i)
              - \sum_i \sum_{j < k_i} \log(1 + \alpha j).

    Parameters
    ----------
    mean, count : array, shape (n,)
    times : array, shape (n,)
        How often there is that count with that mean.
    group : array of int, shape (n,)
        Counts of one group have one dispersion.

    Notes
    -----
    O(n + groups x 64) an evaluation: the terms of larger counts are added by Stirling's series.

    References
    ----------
    Lawless, J. F. (1987). Negative binomial and mixed Poisson regression. Canadian Journal of
    Statistics 15, 209-225. https://doi.org/10.2307/3314912
    """

    def __init__(self, mean: Floats, count: Ints, times: Floats, group: Ints) -> None:
        self._mean, self._times, self._group = mean, times, group
        self._weights = np.array([times, times * count])
        self.groups = n = int(group.max()) + 1
        most = min(int(count.max()), _SUMMED)
        place = group * (most + 1) + np.minimum(count, most)
        table = np.bincount(place, weights=times, minlength=n * (most + 1)).reshape(n, most + 1)
        exceeding = np.cumsum(table[:, :0:-1], axis=1)[:, ::-1]
        self._group_of_j, j = np.nonzero(exceeding)
        self._exceeding = exceeding[self._group_of_j, j]
        self._j = j.astype(np.float64)
        self._large = np.flatnonzero(count > _SUMMED)
        self._large_count = count[self._large].astype(np.float64)
        self._many_larger = self._by_group(group[self._large], times[self._large])

    def slopes(self, alpha: Floats) -> Slopes:
        """Loss of dispersions above 0, shape (groups,), and its derivatives."""
        odds = self._mean * alpha[self._group]
        ratio = self._mean / (1.0 + odds)
        log_often, log_seen = self._sums(np.log1p(odds))
        often, seen = self._sums(ratio)
        square_often, square_seen = self._sums(ratio**2)
        size = 1.0 / alpha
        loss = float((size * log_often + log_seen).sum())
        first = size * (often - size * log_often) + seen
        second = 2.0 * size**2 * (size * log_often - often) - size * square_often - square_seen

        grown = 1.0 + alpha[self._group_of_j] * self._j
        ratio = self._j / grown
        first -= self._by_group(self._group_of_j, self._exceeding * ratio)
        second += self._by_group(self._group_of_j, self._exceeding * ratio**2)
        loss -= float(self._exceeding @ np.log(grown))
        if len(self._large):
            group, times = self._group[self._large], self._times[self._large]
            upper = _stirling(self._large_count, alpha[group])
            lower = _stirling(np.full(self.groups, float(_SUMMED)), alpha)
            loss -= float(times @ upper[0] - self._many_larger @ lower[0])
            first -= self._by_group(group, times * upper[1]) - self._many_larger * lower[1]
            second -= self._by_group(group, times * upper[2]) - self._many_larger * lower[2]
        return Slopes(loss, first, second)

    def _sums(self, values: Floats) -> Floats:
        """Sums of a value of each pair by group: over the counts, and over what they count."""
        return np.array([self._by_group(self._group, one * values) for one in self._weights])

    def _by_group(self, group: Ints, terms: Floats) -> Floats:
        return np.bincount(group, weights=terms, minlength=self.groups).astype(np.float64)


def _stirling(k: Floats, a: Floats) -> tuple[Floats, Floats, Floats]:
    r"""Sum of :math:`\log(1 + \alpha j)` over j < k up to a constant of alpha, and its derivatives.

    The constant cancels in the difference of two k.
    """
    size, x = 1.0 / a, a * k
    grown, log = 1.0 + x, np.log1p(x)
    inverse = 1.0 / grown
    at, own = size * grown, k * inverse
    value = (k + size - 0.5) * log - k + (1.0 / 12.0 - 1.0 / (360.0 * at**2)) / at
    bend = (x - log) * size**2
    square = (a * inverse) ** 2
    first = bend - 0.5 * own + (1.0 / 12.0 - square / 120.0) * inverse**2
    second = (
        (k * own - 2.0 * bend) * size
        + 0.5 * own**2
        - (own / 6.0 + a * inverse**2 / 60.0 - square * own / 30.0) * inverse**2
    )
    return value, first, second


def most_likely(
    likelihood: DispersionLikelihood, parts: Floats, start: Floats
) -> tuple[Floats, float]:
    """Logarithms of the weights of some parts of the dispersion that are the likeliest.

    Newton's method between `BOUNDS`, downhill where the loss is not convex.

    Parameters
    ----------
    likelihood : DispersionLikelihood
    parts : array, shape (parts, groups)
        What each weight of 1 adds to each group's dispersion.
    start : array, shape (parts,)

    Returns
    -------
    logarithms : array, shape (parts,)
    loss : float
        There, in nats.
    """
    at = np.clip(start, *BOUNDS)
    added, slopes = _of_parts(likelihood, parts, at)
    for _ in range(_MOST_STEPS):
        gradient = added @ slopes.first
        curvature = (added * slopes.second) @ added.T + np.diag(gradient)
        free = ((at > BOUNDS[0]) | (gradient < 0.0)) & ((at < BOUNDS[1]) | (gradient > 0.0))
        step = np.zeros(len(at))
        step[free] = _downhill(gradient[free], curvature[np.ix_(free, free)])
        if -gradient @ step < _LEAST_STEP_GAIN:
            break
        most = slopes.loss + _ROUNDING * (1.0 + abs(slopes.loss))
        while True:
            tried = np.clip(at + step, *BOUNDS)
            added, found = _of_parts(likelihood, parts, tried)
            if found.loss <= most:
                break
            step /= 2.0
        at, slopes = tried, found
    return at, slopes.loss


def _of_parts(likelihood: DispersionLikelihood, parts: Floats, at: Floats) -> tuple[Floats, Slopes]:
    """What each part adds to each group's dispersion, where more moves it; and the slopes there."""
    added = parts * np.exp(at)[:, None]
    alpha = added.sum(axis=0)
    slopes = likelihood.slopes(np.minimum(alpha, LARGEST_DISPERSION))
    return np.where(alpha < LARGEST_DISPERSION, added, 0.0), slopes


def _downhill(gradient: Floats, curvature: Floats) -> Floats:
    """Newton's step, turned downhill along each axis of the curvature, and not too long."""
    value, vector = np.linalg.eigh(curvature)
    bent = np.maximum(np.abs(value), np.finfo(np.float64).tiny)
    step: Floats = -vector @ (vector.T @ gradient / bent)
    longest = float(np.max(np.abs(step), initial=0.0))
    return step * min(1.0, _LONGEST_STEP / longest) if longest > 0.0 else step
