"""`PooledCounts`: `PriorCounts` with a prior that all categories share in."""

from __future__ import annotations

from veedor.arrays import Floats
from veedor.forecasters.allocation import AllocatingForecaster, everywhen
from veedor.forecasters.place_record import PlaceRecord
from veedor.forecasters.pooled_prior import PooledPrior
from veedor.forecasters.prior_counts import PriorCounts
from veedor.forecasters.task import Task
from veedor.spacetime import Periods


class PooledCounts(AllocatingForecaster):
    """Each cell's long-run count, shrunk to what surroundings and all other categories suggest.

    A cell with few assaults but many recorded thefts and damages is expected to have more assaults
    than its own count says. See `PooledPrior` for the regression. Only categories that people
    report are used. Where the study has one category only, it is `PriorCounts`.
    """

    looks_at_incidents = True

    def _learn_shares(self, task: Task) -> None:
        record = PlaceRecord.of(task)
        self.alone_: PriorCounts | None = None
        if len(record.categories) < 2:
            self.alone_ = PriorCounts().fit_shares(task)
            return
        target = record.categories.index(task.category)
        self.prior_ = PooledPrior.of(task, record, target)
        self.strength_ = self.prior_.strength
        self.weight_of_others_ = self.prior_.weight_of_others
        self.converged_ = self.prior_.converged

    def shares(self, task: Task, periods: Periods) -> Floats:
        """Posterior means of the cells' counts, as shares; the same in every period."""
        if self.alone_ is not None:
            return self.alone_.shares(task, periods)
        amounts = PlaceRecord.of(task).discounted(task.cutoff)
        return everywhen(self.prior_.shares(amounts, task.smoother), periods)
