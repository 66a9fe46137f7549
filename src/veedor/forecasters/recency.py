"""`Recency`: `PriorCounts` with the past discounted."""

from __future__ import annotations

from itertools import pairwise

import numpy as np

from veedor.arrays import Floats, Ints
from veedor.forecasters.allocation import AllocatingForecaster, everywhen
from veedor.forecasters.shrinkage import Shrinkage
from veedor.forecasters.task import Task
from veedor.spacetime import KernelSmoother, Periods

# In days, so that the choice does not depend on the length of a period.
_HALF_LIVES_DAYS = (28.0, 56.0, 112.0, 224.0, 448.0, 896.0, np.inf)
_MOST_ORIGINS = 12


class Recency(AllocatingForecaster):
    """Each cell's count with exponentially decaying weights, shrunk to its surroundings.

    A period's weight halves every `half_life_days_`. The half-life is the one whose shares gave
    the incidents of later training periods the largest (multinomial) likelihood: up to twelve
    origins in the second half of the training record, each looking only back. An infinite
    half-life makes this `PriorCounts`, and is chosen where recency does not help.
    """

    def _learn_shares(self, task: Task) -> None:
        counts, smoother = task.counts.values, task.smoother
        self.period_days_ = float(self.totals_.days_per_period)
        n = len(counts)
        origins = np.unique(np.linspace(max(1, n // 2), n, _MOST_ORIGINS + 1).astype(int))
        best = -np.inf
        self.half_life_days_: float | None = None
        early = counts[: origins[0]]
        plain = Shrinkage.fit(_discounted(early, 1.0), smoother)
        for half_life in _HALF_LIVES_DAYS:
            decay = 0.5 ** (self.period_days_ / half_life)
            shrinkage = Shrinkage.fit(_discounted(early, decay), smoother, plain.bandwidth_m)
            score = _score(counts, origins, decay, shrinkage, smoother)
            if score > best + 1e-9:
                best = score
                self.half_life_days_ = float(half_life) if np.isfinite(half_life) else None
        self.shrinkage_ = Shrinkage.fit(_discounted(counts, self._decay), smoother)
        self.bandwidth_m_ = self.shrinkage_.bandwidth_m
        self.strength_ = self.shrinkage_.strength

    def shares(self, task: Task, periods: Periods) -> Floats:
        """Posterior means of the cells' discounted counts, as shares; the same in every period."""
        amounts = _discounted(task.counts.values, self._decay)
        return everywhen(self.shrinkage_.shares(amounts, task.smoother), periods)

    @property
    def _decay(self) -> float:
        if self.half_life_days_ is None:
            return 1.0
        return float(0.5 ** (self.period_days_ / self.half_life_days_))


def _score(
    counts: Ints,
    origins: Ints,
    decay: float,
    shrinkage: Shrinkage,
    smoother: KernelSmoother,
) -> float:
    """Log likelihood of where the incidents between origins were, given the past of each."""
    score = 0.0
    amounts = _discounted(counts[: origins[0]], decay)
    for start, stop in pairwise(origins):
        shares = shrinkage.shares(amounts, smoother)
        block = counts[start:stop]
        score += float(block.sum(axis=0) @ np.log(shares))
        amounts = amounts * decay ** (stop - start) + _discounted(block, decay)
    return score


def _discounted(counts: Ints, decay: float) -> Floats:
    """Sum of the periods with weight decay per period of age, the last one with weight 1."""
    weights = decay ** np.arange(len(counts) - 1, -1, -1, dtype=np.float64)
    amounts: Floats = weights @ counts
    return amounts
