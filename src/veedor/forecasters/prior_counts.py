"""`PriorCounts`: the reference that every forecaster is compared with."""

from __future__ import annotations

import numpy as np

from veedor.forecasters.allocation import AllocatingForecaster, Floats, Values
from veedor.forecasters.shrinkage import Shrinkage
from veedor.spacetime import Cells, KernelSmoother


class PriorCounts(AllocatingForecaster):
    """Each cell's long-run count, shrunk to its surroundings by empirical Bayes.

    All past periods count alike. Bandwidth and strength of the shrinkage have the largest
    marginal likelihood; see `Shrinkage` for the formula. Totals follow `AreaTotals`.
    """

    def _learn_shares(self, counts: Values, cells: Cells) -> None:
        self.smoother_ = KernelSmoother(cells)
        self.shrinkage_ = Shrinkage.fit(
            counts.sum(axis=0).astype(np.float64), cells, self.smoother_
        )
        self.bandwidth_m_ = self.shrinkage_.bandwidth_m
        self.strength_ = self.shrinkage_.strength

    def _shares(self, counts: Values, cells: Cells) -> Floats:
        return self.shrinkage_.shares(counts.sum(axis=0).astype(np.float64), cells, self.smoother_)
