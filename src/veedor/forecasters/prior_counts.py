"""`PriorCounts`: the reference that every forecaster is compared with."""

from __future__ import annotations

from veedor.arrays import Floats
from veedor.forecasters.allocation import AllocatingForecaster, everywhen
from veedor.forecasters.shrinkage import Shrinkage
from veedor.forecasters.task import Task
from veedor.spacetime import Periods


class PriorCounts(AllocatingForecaster):
    """Each cell's long-run count, shrunk to its surroundings by empirical Bayes.

    All past periods count alike. Bandwidth and strength of the shrinkage have the largest
    marginal likelihood; see `Shrinkage` for the formula. Totals follow `AreaTotals`.
    """

    def _learn_shares(self, task: Task) -> None:
        self.shrinkage_ = Shrinkage.fit(task.amounts, task.smoother)
        self.bandwidth_m_ = self.shrinkage_.bandwidth_m
        self.strength_ = self.shrinkage_.strength

    def shares(self, task: Task, periods: Periods) -> Floats:
        """Posterior means of the cells' counts, as shares; the same in every period."""
        return everywhen(self.shrinkage_.shares(task.amounts, task.smoother), periods)
