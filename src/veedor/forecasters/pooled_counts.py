"""`PooledCounts`: `PriorCounts` with a prior that all categories share in."""

from __future__ import annotations

from veedor.forecasters.allocation import AllocatingForecaster, Floats, everywhen
from veedor.forecasters.history import History
from veedor.forecasters.place_record import PlaceRecord
from veedor.forecasters.pooled_prior import PooledPrior
from veedor.forecasters.prior_counts import PriorCounts
from veedor.spacetime import KernelSmoother, Periods


class PooledCounts(AllocatingForecaster):
    """Each cell's long-run count, shrunk to what surroundings and all other categories suggest.

    A cell with few assaults but many recorded thefts and damages is expected to have more assaults
    than its own count says. See `PooledPrior` for the regression. Only categories that people
    report are used. Where the study has one category only, it is `PriorCounts`.
    """

    def _learn_shares(self, history: History) -> None:
        record = PlaceRecord.of(history)
        self.smoother_ = KernelSmoother(history.cells)
        self.alone_: PriorCounts | None = None
        if len(record.categories) < 2:
            self.alone_ = PriorCounts().fit_shares(history)
            return
        target = record.categories.index(history.category)
        amounts = record.discounted(history.cutoff)
        self.prior_ = PooledPrior.fit(amounts, target, history.cells, self.smoother_)
        self.strength_ = self.prior_.strength
        self.weight_of_others_ = self.prior_.weight_of_others
        self.converged_ = self.prior_.converged

    def shares(self, history: History, periods: Periods) -> Floats:
        """Posterior means of the cells' counts, as shares; the same in every period."""
        if self.alone_ is not None:
            return self.alone_.shares(history, periods)
        amounts = PlaceRecord.of(history).discounted(history.cutoff)
        return everywhen(self.prior_.shares(amounts, history.cells, self.smoother_), periods)
