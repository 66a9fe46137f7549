"""`PriorCounts`: the reference that every forecaster is compared with."""

from __future__ import annotations

import numpy as np

from veedor.forecasters.allocation import AllocatingForecaster, Floats, everywhen
from veedor.forecasters.history import History
from veedor.forecasters.shrinkage import Shrinkage
from veedor.spacetime import KernelSmoother, Periods


class PriorCounts(AllocatingForecaster):
    """Each cell's long-run count, shrunk to its surroundings by empirical Bayes.

    All past periods count alike. Bandwidth and strength of the shrinkage have the largest
    marginal likelihood; see `Shrinkage` for the formula. Totals follow `AreaTotals`.
    """

    def _learn_shares(self, history: History) -> None:
        self.smoother_ = KernelSmoother(history.cells)
        self.shrinkage_ = Shrinkage.fit(_amounts(history), history.cells, self.smoother_)
        self.bandwidth_m_ = self.shrinkage_.bandwidth_m
        self.strength_ = self.shrinkage_.strength

    def shares(self, history: History, periods: Periods) -> Floats:
        """Posterior means of the cells' counts, as shares; the same in every period."""
        shares = self.shrinkage_.shares(_amounts(history), history.cells, self.smoother_)
        return everywhen(shares, periods)


def _amounts(history: History) -> Floats:
    amounts: Floats = history.counts.values.sum(axis=0).astype(np.float64)
    return amounts
