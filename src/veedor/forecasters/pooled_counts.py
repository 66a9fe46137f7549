"""`PooledCounts`: `PriorCounts` with a prior that all categories share in."""

from __future__ import annotations

from veedor.arrays import Floats
from veedor.forecasters.allocation import RefittedForecaster, everywhen
from veedor.forecasters.features import base_at
from veedor.forecasters.place_record import PlaceRecord
from veedor.forecasters.pooled_prior import PooledPriors
from veedor.forecasters.prior_counts import PriorCounts
from veedor.forecasters.refits import refit_at
from veedor.forecasters.task import Task
from veedor.spacetime import Periods


class PooledCounts(RefittedForecaster):
    """Each cell's long-run count, shrunk to what surroundings and all other categories suggest.

    A cell with few assaults but many recorded thefts and damages is expected to have more assaults
    than its own count says. See `PooledPriors` for the regression, which is fitted every 28 days of
    the record, for all categories together. Only categories that people report are used. Where the
    study has one category only, it is `PriorCounts`.
    """

    looks_at_incidents = True

    def _learn_shares(self, task: Task) -> None:
        record = PlaceRecord.of(task)
        self.alone_: PriorCounts | None = None
        if len(record.categories) < 2:
            self.alone_ = PriorCounts().fit_shares(task)
            return
        target = record.index_of(task.category)
        priors = PooledPriors.of(task, refit_at(task.record.covered))
        self.strength_ = priors.strengths[target]
        self.weight_of_others_ = priors.weight_of_others(target)
        self.converged_ = priors.converged[target]

    def shares_ahead(self, task: Task, late: Periods) -> Floats:
        """Shares of the last training periods, each from a record before it."""
        if self.alone_ is not None:
            return self.alone_.shares_ahead(task, late)
        return super().shares_ahead(task, late)

    def shares(self, task: Task, periods: Periods) -> Floats:
        """Posterior means of the cells' counts, as shares; the same in every period."""
        if self.alone_ is not None:
            return self.alone_.shares(task, periods)
        target = PlaceRecord.of(task).index_of(task.category)
        return everywhen(base_at(task, task.cutoff)[target], periods)
