"""`PastMean`: the plain floor."""

from __future__ import annotations

import numpy as np

from veedor.forecasters.contract import Forecaster
from veedor.forecasters.dispersion import fit_dispersion
from veedor.forecasters.history import History
from veedor.forecasts import CountDistribution
from veedor.spacetime import Periods


class PastMean(Forecaster):
    """Each cell's past incidents, plus half a one, divided by the time they took.

    No trend, season, neighbours or tuning: what anyone can compute by hand, and the floor that
    everything else must stand above. The half incident keeps a cell that recorded nothing above 0.

    Examples
    --------
    See ``docs/forecasters/past-mean.md``.
    """

    def _fit(self, history: History) -> None:
        counts = history.counts.values
        hours = float(history.periods.hours.sum())
        self.per_hour_ = (counts.sum(axis=0) + 0.5) / hours
        mean = history.periods.hours[:, None] * self.per_hour_
        self.dispersion_ = fit_dispersion(counts, mean)
        self.total_dispersion_ = fit_dispersion(counts.sum(axis=1), mean.sum(axis=1))

    def _predict(self, periods: Periods) -> tuple[CountDistribution, float | None]:
        mean = np.multiply.outer(periods.hours, self.per_hour_)
        return CountDistribution(mean, self.dispersion_), self.total_dispersion_
