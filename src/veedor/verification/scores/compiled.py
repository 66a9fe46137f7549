"""Loops over counts 0, 1, 2, ... of each forecast, compiled by numba when they are first called.

Most cells expect few incidents. Their probabilities by recurrence,

    P(k + 1) = P(k) mean (1 + alpha k) / ((1 + alpha mean) (k + 1)),

cost a few nanoseconds each, an incomplete beta function hundreds. From P(0) only for means from
which that is still a number: `walking` says which. Import this module where it is used: numba takes
its time to load.
"""

from __future__ import annotations

import numpy as np

from veedor.arrays import Floats, Ints
from veedor.compiling import compiled

# 1 / (k + 1), further than any walk goes; beyond, tails have vanished.
_INVERSE = 1.0 / np.arange(1.0, 4097.0)
_FAR = len(_INVERSE) - 1


@compiled
def _none_and_more(mean: float, alpha: float) -> tuple[float, float]:
    """Probability of no incident, and of at least one, neither one minus a number near one."""
    log_none = -np.log1p(alpha * mean) / alpha if alpha > 0.0 else -mean
    above = -np.expm1(log_none)
    return (1.0 - above if log_none > -0.7 else np.exp(log_none)), above


@compiled
def crps_sums(mean: Floats, alpha: Floats, y: Floats) -> Floats:
    """Sum of squared differences of the cumulative probabilities from those of each count."""
    score = np.empty(len(mean))
    for i in range(len(mean)):
        p, above = _none_and_more(mean[i], alpha[i])
        odds = mean[i] / (1.0 + alpha[i] * mean[i])
        more = alpha[i] * odds
        total, k = 0.0, 0
        while k < y[i]:
            total += (1.0 - above) ** 2
            p *= (odds + k * more) * _INVERSE[k]
            above = max(above - p, 0.0)
            k += 1
        while above > 1e-9 and k < _FAR:
            total += above * above
            p *= (odds + k * more) * _INVERSE[k]
            above -= p
            k += 1
        score[i] = total
    return score


@compiled
def ranked_sums(mean: Floats, alpha: Floats, y: Floats, edges: Floats) -> Floats:
    """Sum over the edges of the squared errors of the probabilities of at least that many."""
    score = np.empty(len(mean))
    for i in range(len(mean)):
        p, above = _none_and_more(mean[i], alpha[i])
        odds = mean[i] / (1.0 + alpha[i] * mean[i])
        more = alpha[i] * odds
        total, k = 0.0, 0
        for edge in edges:
            while k < edge - 1.0:
                p *= (odds + k * more) * _INVERSE[k]
                above = max(above - p, 0.0)
                k += 1
            total += (above - (1.0 if y[i] >= edge else 0.0)) ** 2
        score[i] = total
    return score


@compiled
def quantile_counts(mean: Floats, alpha: Floats, levels: Floats) -> Ints:
    """Smallest counts whose cumulative probabilities reach the rising levels, (level, forecast)."""
    found = np.empty((len(levels), len(mean)), dtype=np.int64)
    for i in range(len(mean)):
        p, above = _none_and_more(mean[i], alpha[i])
        odds = mean[i] / (1.0 + alpha[i] * mean[i])
        more = alpha[i] * odds
        k = 0
        for j in range(len(levels)):
            while above > 1.0 - levels[j] and k < _FAR:
                p *= (odds + k * more) * _INVERSE[k]
                above -= p
                k += 1
            found[j, i] = k
    return found


@compiled
def mean_pinballs(mean: Floats, alpha: Floats, y: Floats, levels: Floats) -> Floats:
    """Mean of the quantile scores at the rising levels."""
    score = np.empty(len(mean))
    for i in range(len(mean)):
        p, above = _none_and_more(mean[i], alpha[i])
        odds = mean[i] / (1.0 + alpha[i] * mean[i])
        more = alpha[i] * odds
        total, k = 0.0, 0
        for level in levels:
            while above > 1.0 - level and k < _FAR:
                p *= (odds + k * more) * _INVERSE[k]
                above -= p
                k += 1
            total += max(level * (y[i] - k), (level - 1.0) * (y[i] - k))
        score[i] = total / len(levels)
    return score


@compiled
def cumulative_sums(mean: Floats, alpha: Floats, y: Floats) -> tuple[Floats, Floats]:
    """Probability of fewer incidents than each count, and of at most as many."""
    fewer, at_most = np.empty(len(mean)), np.empty(len(mean))
    for i in range(len(mean)):
        p, _ = _none_and_more(mean[i], alpha[i])
        odds = mean[i] / (1.0 + alpha[i] * mean[i])
        more = alpha[i] * odds
        total, k = 0.0, 0
        while k < y[i]:
            total += p
            p *= (odds + k * more) * _INVERSE[k]
            k += 1
        fewer[i], at_most[i] = min(total, 1.0), min(total + p, 1.0)
    return fewer, at_most


@compiled
def none_and_more(mean: Floats, alpha: Floats) -> tuple[Floats, Floats]:
    """Probabilities of no incident, and of at least one, of each forecast."""
    none, above = np.empty(len(mean)), np.empty(len(mean))
    for i in range(len(mean)):
        none[i], above[i] = _none_and_more(mean[i], alpha[i])
    return none, above


@compiled
def log_score_moments(
    mean: Floats, alpha: Floats, first: Floats, chance: Floats, down: Floats
) -> tuple[Floats, Floats]:
    """Mean and variance of the negative log probability, over the counts of each forecast.

    The walk begins at `first`, whose probability is `chance`; what is below must be negligible.
    Summed is what is above the score of the first less `down`.
    """
    expected, variance = np.empty(len(mean)), np.empty(len(mean))
    for i in range(len(mean)):
        odds = mean[i] / (1.0 + alpha[i] * mean[i])
        more = alpha[i] * odds
        p, k = chance[i], int(first[i])
        base, total, square = -np.log(p) - down[i], 0.0, 0.0
        while p > 0.0 and (k <= mean[i] or p > 1e-24):
            beyond = -np.log(p) - base
            total += p * beyond
            square += p * beyond * beyond
            p *= (odds + k * more) * (_INVERSE[k] if k < _FAR else 1.0 / (k + 1.0))
            k += 1
        expected[i], variance[i] = base + total, max(square - total * total, 0.0)
    return expected, variance


@compiled
def crps_moments(
    mean: Floats,
    alpha: Floats,
    first: Floats,
    chance: Floats,
    down: Floats,
    above: Floats,
    of_first: Floats,
) -> tuple[Floats, Floats]:
    """Mean and variance of the CRPS over the counts of each forecast.

    The walk begins at `first`, whose probability is `chance`, that of more `above` and its CRPS
    `of_first`; what is below must be negligible. Summed is what is above `of_first` less `down`.
    """
    expected, variance = np.empty(len(mean)), np.empty(len(mean))
    for i in range(len(mean)):
        odds = mean[i] / (1.0 + alpha[i] * mean[i])
        more = alpha[i] * odds
        p, tail, k = chance[i], above[i], int(first[i])
        beyond, total, square = down[i], 0.0, 0.0
        while k <= mean[i] or p > 1e-24:
            total += p * beyond
            square += p * beyond * beyond
            beyond += 1.0 - 2.0 * tail  # from k to k + 1, by 2 F(k) - 1
            p *= (odds + k * more) * (_INVERSE[k] if k < _FAR else 1.0 / (k + 1.0))
            tail = max(tail - p, 0.0)
            k += 1
        expected[i] = of_first[i] - down[i] + total
        variance[i] = max(square - total * total, 0.0)
    return expected, variance
