"""Moments of the information gain of cells, compiled by numba when first called.

Import this module where it is used: numba takes its time to load.
"""

from __future__ import annotations

import math

import numpy as np

from veedor.arrays import Floats, Ints
from veedor.compiling import compiled

_ONE_BY_ONE = 2000.0
_STIRLING_UP_TO = 1e-3


@compiled
def _log_none(mean: float, alpha: float) -> float:
    """Minus the log of the probability of no incident."""
    return math.log1p(alpha * mean) / alpha if alpha * mean > 1e-12 else mean


@compiled
def _log_rising(alpha: float, count: float) -> float:
    """Sum of log(1 + alpha j) over j from 0 to count - 1."""
    if alpha <= 0.0 or count <= 1.0:
        return 0.0
    if alpha > _STIRLING_UP_TO:
        size = 1.0 / alpha
        return math.lgamma(count + size) - math.lgamma(size) + count * math.log(alpha)
    end = alpha * count
    return (
        ((1.0 + end) * math.log1p(end) - end) / alpha
        - 0.5 * math.log1p(end)
        + alpha / 12.0 * (1.0 / (1.0 + end) - 1.0)
    )


@compiled
def _one_by_one(
    mean: float, alpha: float, step: float, rising: float, reference_rising: float
) -> tuple[float, float, float]:
    """Mean, mean square and mean times count of the gain over that of no incident."""
    p = math.exp(-_log_none(mean, alpha))
    share = mean / (1.0 + alpha * mean)
    y = d = first = second = crossed = largest = 0.0
    while True:
        p *= share * (1.0 + alpha * y) / (y + 1.0)
        d += step + math.log1p(rising * y) - math.log1p(reference_rising * y)
        y += 1.0
        first += p * d
        second += p * d * d
        crossed += p * d * y
        largest = max(largest, d * d)
        left = p * (1.0 + alpha * mean)
        if y > mean and left <= 1e-6 and left * largest <= 1e-9 * second:
            return first, second, crossed


@compiled
def _by_strides(
    mean: float, alpha: float, step: float, rising: float, reference_rising: float
) -> tuple[float, float, float]:
    """Give the same where counts are large: by strides, each standing for those around it."""
    spread = math.sqrt(mean * (1.0 + alpha * mean))
    scale = max(spread, 1.0 + alpha * mean)
    y = max(0.0, math.floor(mean - 12.0 * spread))
    end = mean + 12.0 * spread + 40.0 * (1.0 + alpha * mean)
    log_share = math.log(mean) - math.log1p(alpha * mean)
    log_none = _log_none(mean, alpha)
    weight = first = second = crossed = 0.0
    while y < end:
        stride = max(1.0, math.floor(min(1.0 + y / 64.0, scale / 16.0)))
        at = y + math.floor((stride - 1.0) / 2.0)
        p = stride * math.exp(
            at * log_share - log_none + _log_rising(alpha, at) - math.lgamma(at + 1.0)
        )
        d = at * step + _log_rising(rising, at) - _log_rising(reference_rising, at)
        weight += p
        first += p * d
        second += p * d * d
        crossed += p * d * at
        y += stride
    return first / weight, second / weight, crossed / weight


@compiled
def gain_moments(
    mean: Floats,
    alpha: Floats,
    forecast_mean: Floats,
    forecast_alpha: Floats,
    reference_mean: Floats,
    reference_alpha: Floats,
    group: Ints,
    groups: int,
) -> Floats:
    """Sum moments of log q(y) - log p(y) over the cells of each group; y has `mean` and `alpha`.

    Shape (periods, groups, 4): mean; variance, of independent cells; the mean times the slope of
    the gain on the count; and, not a sum but the largest, what one incident changes.
    """
    periods, cells = mean.shape
    found = np.zeros((periods, groups, 4))
    for t in range(periods):
        for c in range(cells):
            m, a = mean[t, c], alpha[t, c]
            q, b = forecast_mean[t, c], forecast_alpha[t, c]
            p, r = reference_mean[t, c], reference_alpha[t, c]
            step = math.log(q / p) + math.log1p(r * p) - math.log1p(b * q)
            none = _log_none(p, r) - _log_none(q, b)
            spread = m * (1.0 + a * m)
            if b == r:  # the gain is linear in the count
                first, variance, slope = step * m, step * step * spread, step
            else:
                if m + 12.0 * math.sqrt(spread) + 25.0 * (1.0 + a * m) < _ONE_BY_ONE:
                    first, second, crossed = _one_by_one(m, a, step, b, r)
                else:
                    first, second, crossed = _by_strides(m, a, step, b, r)
                variance = max(second - first * first, 0.0)
                slope = (crossed - first * m) / spread
            g = group[c]
            found[t, g, 0] += none + first
            found[t, g, 1] += variance
            found[t, g, 2] += slope * m
            found[t, g, 3] = max(found[t, g, 3], abs(step))
    return found
