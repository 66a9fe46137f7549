"""Which forecasts can be walked through count by count, and blocks of them.

Most cells expect few incidents, and P(0), P(1), ... by recurrence is then many times faster than
an incomplete gamma or beta function for each threshold. Work goes in blocks, so that memory does
not grow with the number of cells and periods.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import numpy.typing as npt

from veedor.arrays import Bools, Floats
from veedor.forecasts import CountDistribution

LARGEST_MEAN = 100.0
"""P(0) of a larger one comes near the smallest number there is."""
MOST_COUNTS = 400
"""A walk of more steps costs more than the functions that it saves."""
_BLOCK = 131_072


def walkable(distribution: CountDistribution, observed: Floats | float = 0.0) -> Bools:
    """Whether the tail of each forecast, and each count, is reached within a few hundred steps.

    Counts beyond the steps have a probability below 1e-15: tails are normal-like, or
    exponential-like with a scale of 1 + alpha mean.
    """
    mean, alpha = distribution.mean, distribution.dispersion
    steps = mean + 10.0 * np.sqrt(distribution.variance) + 40.0 * (1.0 + alpha * mean)
    near: Bools = (steps <= MOST_COUNTS) & (mean <= LARGEST_MEAN) & (observed <= MOST_COUNTS)
    return near


def blocks(
    distribution: CountDistribution, observed: npt.ArrayLike
) -> Iterator[tuple[slice, CountDistribution, Floats]]:
    """Parts of the flattened forecasts and counts, broadcast to one shape, with their places."""
    y = np.asarray(observed, dtype=np.float64)
    shape = np.broadcast_shapes(distribution.shape, y.shape)
    mean = np.broadcast_to(distribution.mean, shape).ravel()
    alpha = np.broadcast_to(distribution.dispersion, shape).ravel()
    y = np.broadcast_to(y, shape).ravel()
    for start in range(0, len(y), _BLOCK):
        block = slice(start, start + _BLOCK)
        yield block, CountDistribution(mean[block], alpha[block]), y[block]
