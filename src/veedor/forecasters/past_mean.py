"""`PastMean`: the plain floor."""

from __future__ import annotations

import numpy as np

from veedor.arrays import Floats, Ints
from veedor.forecasters.contract import Forecaster
from veedor.forecasters.dispersion import fit_dispersion, periods_held_back
from veedor.forecasters.task import Task
from veedor.forecasts import CountDistribution
from veedor.spacetime import Periods


class PastMean(Forecaster):
    """Each cell's share of the past incidents, times their mean number.

    Half an incident is added to every cell before shares are taken, so that a cell that recorded
    nothing stays above 0; the total is the plain mean. No trend, season, neighbours or tuning:
    what anyone can compute by hand, and the floor that everything else must stand above. Only
    the dispersion is fitted, to the last training periods with means from those before.
    """

    def _fit(self, task: Task) -> None:
        counts, hours = task.counts.values, task.periods.hours
        self.per_hour_ = _per_hour(counts, hours)
        held_back = periods_held_back(len(counts))
        early = slice(None, -held_back) if held_back else slice(None)
        late = slice(-held_back, None)
        ahead = np.multiply.outer(hours[late], _per_hour(counts[early], hours[early]))
        self.dispersion_ = fit_dispersion(counts[late], ahead)
        self.total_dispersion_ = fit_dispersion(counts[late].sum(axis=1), ahead.sum(axis=1))

    def _predict(self, periods: Periods) -> tuple[CountDistribution, float | None]:
        mean = np.multiply.outer(periods.hours, self.per_hour_)
        return CountDistribution(mean, self.dispersion_), self.total_dispersion_


def _per_hour(counts: Ints, hours: Floats) -> Floats:
    """Expected incidents of each cell an hour."""
    incidents = counts.sum(axis=0) + 0.5
    per_hour: Floats = incidents / incidents.sum() * (counts.sum() + 0.5) / float(hours.sum())
    return per_hour
