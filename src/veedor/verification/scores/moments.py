"""Mean and variance of a score where the forecast itself is right."""

from __future__ import annotations

from typing import Literal

import numpy as np

from veedor.arrays import Floats
from veedor.forecasts import CountDistribution
from veedor.verification.scores.crps import crps, half_mean_difference
from veedor.verification.scores.likelihood import log_score
from veedor.verification.scores.walking import blocks, walkable

KnownScore = Literal["log_score", "crps", "dawid_sebastiani"]

# Counts of a forecast that are walked through one by one: some milliseconds, where strata take up
# to a hundred.
_MOST_WALKED = 1_048_576.0
# Below, the first of them has no probability that a recurrence could go on from.
_LEAST_LOG_CHANCE = -600.0
# Strata of one stride, and of a standard deviation: sums over wide distributions.
_IN_A_ROW, _IN_A_DEVIATION = 1024, 64.0


def score_moments(distribution: CountDistribution, score: KnownScore) -> tuple[Floats, Floats]:
    r"""Mean and variance of a score of each forecast, over the counts that it expects.

    For the Dawid-Sebastiani score they are :math:`1 + \log \sigma^2` and two more than the excess
    kurtosis, :math:`2 + 6\alpha + 1/\sigma^2`. For the log score and the CRPS they are sums over
    counts: over every one, with probabilities by recurrence; of forecasts so wide that these are
    more than a million, over strata of counts, whose middles stand for them, within some
    millionths.

    Parameters
    ----------
    distribution : CountDistribution
    score : {"log_score", "crps", "dawid_sebastiani"}

    Returns
    -------
    mean, variance : array, shape of the distribution
        Variances are at least 0.

    References
    ----------
    Wei, W. & Held, L. (2014). Calibration tests for count data. TEST 23, 787-805.
    https://doi.org/10.1007/s11749-014-0380-8

    Examples
    --------
    >>> mean, variance = score_moments(CountDistribution(np.array([1.0]), 0.0), "dawid_sebastiani")
    >>> mean, variance  # 1 + log 1, 2 + 1 / 1
    (array([1.]), array([3.]))
    """
    if score == "dawid_sebastiani":
        spread = distribution.variance
        return 1.0 + np.log(spread), 2.0 + 6.0 * distribution.dispersion + 1.0 / spread
    mean, variance = np.empty(distribution.shape), np.empty(distribution.shape)
    flat_mean, flat_variance = mean.reshape(-1), variance.reshape(-1)
    for block, forecasts, _ in blocks(distribution, 0.0):
        flat_mean[block], flat_variance[block] = _sums(forecasts, score)
    return mean, variance


def _sums(forecasts: CountDistribution, score: KnownScore) -> tuple[Floats, Floats]:
    from veedor.verification.scores.compiled import none_and_more

    mean, variance = np.empty(forecasts.shape), np.empty(forecasts.shape)
    near = walkable(forecasts)
    alike = forecasts[near]
    none, more = none_and_more(alike.mean, alike.dispersion)
    nothing = np.zeros(alike.shape)
    mean[near], variance[near] = _walked(alike, score, nothing, none, more, nothing)
    first, last = _reach(forecasts)
    log_chance = forecasts.log_pmf(first)
    middling = ~near & (last - first <= _MOST_WALKED) & (log_chance > _LEAST_LOG_CHANCE)
    alike, first, log_chance = forecasts[middling], first[middling], log_chance[middling]
    middle, more = np.floor(alike.mean), 1.0 - alike.cdf(first)
    # What the sums are of is small near the middle, so that rounding of `chance` weighs nothing.
    down = (
        alike.log_pmf(middle) - log_chance
        if score == "log_score"
        else crps(alike, first) - crps(alike, middle)
    )
    walked = _walked(alike, score, first, np.exp(log_chance), more, down)
    mean[middling], variance[middling] = walked
    for place in np.flatnonzero(~near & ~middling):
        mean[place], variance[place] = _by_strata(forecasts[place : place + 1], score)
    return mean, variance


def _walked(
    forecasts: CountDistribution,
    score: KnownScore,
    first: Floats,
    chance: Floats,
    more: Floats,
    down: Floats,
) -> tuple[Floats, Floats]:
    """Sum over every count from the first of each forecast, by recurrence.

    Scores are summed less that of the first, plus `down`.
    """
    from veedor.verification.scores.compiled import crps_moments, log_score_moments

    alike = forecasts.mean, forecasts.dispersion, first, chance, down
    if score == "log_score":
        of_log: tuple[Floats, Floats] = log_score_moments(*alike)
        return of_log
    of_crps: tuple[Floats, Floats] = crps_moments(*alike, more, crps(forecasts, first))
    return of_crps


def _reach(forecasts: CountDistribution) -> tuple[Floats, Floats]:
    """Counts below and above which nothing weighs: tails are normal-like, or exponential-like."""
    mean, deviation = forecasts.mean, np.sqrt(forecasts.variance)
    scale = 1.0 + forecasts.dispersion * mean
    first = np.maximum(0.0, np.floor(mean - 12.0 * deviation))
    return first, mean + 12.0 * deviation + 45.0 * scale


def _by_strata(forecast: CountDistribution, score: KnownScore) -> tuple[float, float]:
    """Sum over a wide forecast's counts, by the middles of strata."""
    count, width = _strata(forecast)
    chance = width * np.exp(forecast.log_pmf(count))
    chance /= chance.sum()
    values = (
        log_score(forecast, count)
        if score == "log_score"
        else forecast.expected_absolute_error(count) - half_mean_difference(forecast)
    )
    mean = float(chance @ values)
    return mean, float(chance @ (values - mean) ** 2)


def _strata(forecast: CountDistribution) -> tuple[Floats, Floats]:
    """Middle counts of strata, and how many counts each holds, an odd number.

    They widen with the count, as a power of it, and stay narrow beside the standard deviation, or
    the scale of an exponential tail where that is longer.
    """
    mean, alpha = float(forecast.mean[0]), float(forecast.dispersion[0])
    deviation, scale = float(np.sqrt(forecast.variance[0])), 1.0 + alpha * mean
    first, last = (float(end[0]) for end in _reach(forecast))
    middles, widths = [], []
    while first < last:
        most = max(deviation, scale) / _IN_A_DEVIATION
        half = np.floor((max(1.0, min(first / _IN_A_ROW, most)) - 1.0) / 2.0)
        width = 2.0 * half + 1.0
        middles.append(first + half + width * np.arange(_IN_A_ROW))
        widths.append(np.full(_IN_A_ROW, width))
        first += width * _IN_A_ROW
    return np.concatenate(middles), np.concatenate(widths)
