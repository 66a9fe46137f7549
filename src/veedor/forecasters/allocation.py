"""Forecasters that divide a forecast total among the cells."""

from __future__ import annotations

import pickle
from abc import abstractmethod
from itertools import pairwise
from typing import Any, Self

import numpy as np

from veedor.arrays import Floats
from veedor.forecasters.contract import Forecaster
from veedor.forecasters.dispersion import DispersionCurve, periods_held_back
from veedor.forecasters.levels import AreaTotals
from veedor.forecasters.refits import refit_at
from veedor.forecasters.task import Task
from veedor.forecasts import CountDistribution
from veedor.spacetime import Periods

# The last training periods are forecast in so many blocks, to fit the dispersion.
_MOST_BLOCKS = 6


class AllocatingForecaster(Forecaster):
    """Total from `AreaTotals`, times each cell's share, as negative binomial counts.

    Subclasses write `_learn_shares`, which learns from the training record, and `shares`, which
    applies what was learned to any record: the fitted one, one cut earlier, or a longer one. The
    dispersion, by level, is fitted to the last training periods, with shares from the record
    before them; see `periods_held_back` and `DispersionCurve`.
    """

    def _fit(self, task: Task) -> None:
        counts, periods = task.counts.values, task.periods
        self._learn_or_know(task)
        held_back = periods_held_back(len(counts))
        if held_back:
            shares = self.shares_ahead(task, periods.part(len(counts) - held_back, len(counts)))
        else:
            shares = self.shares(task, periods)
        seen = counts[-len(shares) :]
        ahead = self.totals_.training_totals[-len(shares) :, None] * shares
        self.dispersion_curve_ = DispersionCurve.fit(seen, ahead).recalibrated(seen, ahead)
        self.dispersion_quadratic_ = self.dispersion_curve_.quadratic
        self.dispersion_proportional_ = self.dispersion_curve_.proportional
        self.level_ = self.totals_.level
        self.level_half_life_days_ = _finite(self.totals_.half_life_days)
        self.total_dispersion_ = self.totals_.dispersion

    def fit_shares(self, task: Task) -> Self:
        """Learn from a record what `shares` needs and no more; it cannot `predict`."""
        with self._learning(task):
            self._learn_or_know(task)
        return self

    def _learn_or_know(self, task: Task) -> None:
        """Learn the shares, or take what an equal one learned from the same task."""
        vars(self).update(task.ask((type(self), _content(self)), lambda: self._learned(task)))

    def _learned(self, task: Task) -> dict[str, Any]:
        self.totals_ = AreaTotals.of(task)
        self._learn_shares(task)
        return {name: value for name, value in vars(self).items() if name.endswith("_")}

    def _predict(self, periods: Periods) -> tuple[CountDistribution, float | None]:
        mean = self.totals_.predict(periods)[:, None] * self.shares(self.task_, periods)
        distribution = CountDistribution(mean, self.dispersion_curve_.at(mean))
        return distribution, self.totals_.dispersion_of(periods)

    def shares_ahead(self, task: Task, late: Periods) -> Floats:
        """Shares of the last training periods, each block of them from the record before it.

        Parameters
        ----------
        task : Task
            The fitted one.
        late : Periods
            The last of its periods.

        Returns
        -------
        array, shape (periods, cells)
        """
        blocks = np.array_split(np.arange(len(late)), min(_MOST_BLOCKS, len(late)))
        rows = []
        for block in blocks:
            ahead = late.part(block[0], block[-1] + 1)
            rows.append(self.shares(task.until(ahead.edges[0]), ahead))
        return np.concatenate(rows)

    @abstractmethod
    def _learn_shares(self, task: Task) -> None:
        """Learn, into attributes that end in an underscore."""

    @abstractmethod
    def shares(self, task: Task, periods: Periods) -> Floats:
        """Share of each period's total in each cell, by what was learned.

        Parameters
        ----------
        task : Task
            On the cells of the fitted one; cut at or before the first period.
        periods : Periods

        Returns
        -------
        array, shape (periods, cells)
            Each above 0; each row sums to 1. Rows may be one array broadcast.
        """


class RefittedForecaster(AllocatingForecaster):
    """One whose `shares` learn anew on the dates of `refit_at`, from what was known then.

    What it learned from a record is therefore the same as from any longer one cut to it, and the
    last training periods are forecast as they would have been: each from the date before it.
    """

    def shares_ahead(self, task: Task, late: Periods) -> Floats:
        """Shares of the last training periods, each from the last date of learning before it."""
        covered = task.record.covered
        dates = [refit_at(covered, start) for start in late.start]
        firsts = [0, *(n for n in range(1, len(dates)) if dates[n] != dates[n - 1]), len(dates)]
        return np.concatenate([
            self.shares(task.until(dates[first]), late.part(first, last))
            for first, last in pairwise(firsts)
        ])  # fmt: skip


def everywhen(shares: Floats, periods: Periods) -> Floats:
    """Repeat shares that do not change, shape (cells,), for every period."""
    return np.broadcast_to(shares, (len(periods), len(shares)))


def _content(forecaster: Forecaster) -> bytes:
    """Bytes that are the same for the same parameters."""
    return pickle.dumps(sorted(forecaster.get_params().items()))


def _finite(value: float) -> float | None:
    return value if np.isfinite(value) else None
