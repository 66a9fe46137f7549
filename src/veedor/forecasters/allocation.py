"""Forecasters that divide a forecast total among the cells."""

from __future__ import annotations

from abc import abstractmethod

import numpy as np
import numpy.typing as npt

from veedor.forecasters.contract import Forecaster
from veedor.forecasters.dispersion import fit_dispersion, periods_held_back
from veedor.forecasters.history import History
from veedor.forecasters.levels import AreaTotals
from veedor.forecasts import CountDistribution
from veedor.spacetime import Cells, Periods

Floats = npt.NDArray[np.float64]
Values = npt.NDArray[np.int64]


class AllocatingForecaster(Forecaster):
    """Total from `AreaTotals`, times each cell's share, as negative binomial counts.

    Subclasses write `_learn_shares`, which may tune itself on the training counts, and `_shares`,
    which applies what was learned to counts. The dispersion is fitted to the last training
    periods, with shares from the periods before them; see `periods_held_back`.
    """

    def _fit(self, history: History) -> None:
        counts = history.counts.values
        self.totals_ = AreaTotals(history)
        self._learn_shares(counts, history.cells)
        self.shares_ = self._shares(counts, history.cells)
        held_back = periods_held_back(len(counts))
        if held_back:
            early = self._shares(counts[:-held_back], history.cells)
            ahead = self.totals_.training_totals[-held_back:, None] * early
            self.dispersion_ = fit_dispersion(counts[-held_back:], ahead)
        else:
            self.dispersion_ = fit_dispersion(
                counts, self.totals_.training_totals[:, None] * self.shares_
            )
        self.level_ = self.totals_.level
        self.level_half_life_days_ = _finite(self.totals_.half_life_days)
        self.total_dispersion_ = self.totals_.dispersion

    def _predict(self, periods: Periods) -> tuple[CountDistribution, float | None]:
        mean = self.totals_.predict(periods)[:, None] * self.shares_
        return CountDistribution(mean, self.dispersion_), self.total_dispersion_

    @abstractmethod
    def _learn_shares(self, counts: Values, cells: Cells) -> None:
        """Tune on counts, shape (periods, cells)."""

    @abstractmethod
    def _shares(self, counts: Values, cells: Cells) -> Floats:
        """Share of the total in each cell, shape (cells,), each above 0, summing to 1."""


def _finite(value: float) -> float | None:
    return value if np.isfinite(value) else None
