"""`SeasonalNaive`, `RecentMean` and `ShrunkenMean`: floors from each cell's own counts alone."""

from __future__ import annotations

from abc import abstractmethod

import numpy as np

from veedor.arrays import Floats, Instants, Ints
from veedor.errors import TooLittleDataError, phrase
from veedor.forecasters.contract import Forecaster
from veedor.forecasters.dispersion import DispersionCurve, fit_dispersion, periods_held_back
from veedor.forecasters.shrinkage import best_strength
from veedor.forecasters.task import Task
from veedor.forecasts import CountDistribution
from veedor.spacetime import Length, Periods
from veedor.spacetime.periods import local_time, utc_instant

_YEAR_OF_MONTHS, _YEAR_OF_WEEKS = Length(12, "month"), Length(52, "week")
_MOST_YEARS = 50
_DAY = np.timedelta64(1, "D")
_MOST_PERIODS = 10_000


class OwnPastForecaster(Forecaster):
    """Means from each cell's own counts, as far back as the record was behind its cut-off.

    Subclasses write `_row`. The dispersion, by level, is that of the last training periods around
    what would have been forecast for each from what is known as long before it as the record is
    behind its cut-off: for counts that are published late, further ahead than one period.
    """

    def _fit(self, task: Task) -> None:
        counts, periods = task.counts.values, task.periods
        covered = task.record.covered
        self.behind_days_ = float((covered.cutoff - covered.through) / _DAY)
        held_back = periods_held_back(len(counts))
        seen, ahead = [], []
        for number in range(len(counts) - held_back, len(counts)):
            row = self._row(task, periods.part(number, number + 1), periods.start[number])
            if row is not None:
                seen.append(counts[number])
                ahead.append(row)
        if not ahead:  # nothing to judge by: how the counts vary around their own means
            seen = [*counts]
            ahead = [_with_half(counts.sum(axis=0)) / len(counts)] * len(counts)
        observed, mean = np.stack(seen), np.stack(ahead)
        self.dispersion_curve_ = DispersionCurve.fit(observed, mean).recalibrated(observed, mean)
        self.dispersion_quadratic_ = self.dispersion_curve_.quadratic
        self.dispersion_proportional_ = self.dispersion_curve_.proportional
        self.total_dispersion_ = fit_dispersion(observed.sum(axis=1), mean.sum(axis=1))

    def _predict(self, periods: Periods) -> tuple[CountDistribution, float | None]:
        task, rows = self._fitted_task(), []
        for number in range(len(periods)):
            row = self._row(task, periods.part(number, number + 1), task.cutoff)
            if row is None:
                raise self._too_little(task)
            rows.append(row)
        mean = np.stack(rows)
        return CountDistribution(mean, self.dispersion_curve_.at(mean)), self.total_dispersion_

    def _end_of_known(self, cutoff: np.datetime64) -> np.datetime64:
        """End of what is known at a cut-off, were it always as far behind as the record is."""
        end: np.datetime64 = cutoff - np.timedelta64(round(self.behind_days_ * 86_400e6), "us")
        return end

    @abstractmethod
    def _row(self, task: Task, period: Periods, cutoff: np.datetime64) -> Floats | None:
        """Means of one period, shape (cells,), from what is known at a cut-off.

        None where the record does not reach that far back.
        """

    @abstractmethod
    def _too_little(self, task: Task) -> TooLittleDataError:
        """What it needs that the record lacks."""


class SeasonalNaive(OwnPastForecaster):
    """Each cell's count in the same period a year before, or the last one that is known.

    Of months the same ones of the year; of weeks and shorter periods those 52 weeks before, which
    begin on the same weekday. Half an incident in the whole record is added to every cell before
    shares are taken, so that none is 0.

    References
    ----------
    Hyndman, R. J. & Athanasopoulos, G. (2021). Forecasting: Principles and Practice, 3rd ed.,
    section 5.2. OTexts.
    """

    def _row(self, task: Task, period: Periods, cutoff: np.datetime64) -> Floats | None:
        end = self._end_of_known(cutoff)
        for years in range(1, _MOST_YEARS + 1):
            edges = _years_before(period, task.length, years, task.record.zone)
            if edges[0] < task.begins:
                return None
            if edges[1] <= end:
                then = Periods(edges, task.record.zone)
                part = float(then.hours[0]) / float(task.periods.hours.sum())
                mean = _with_half(task.counts_in(then).values[0], part)
                return mean * float(period.hours[0] / then.hours[0])
        return None

    def _too_little(self, task: Task) -> TooLittleDataError:
        return TooLittleDataError(
            "A forecast of the same period last year needs a record that reaches back to it.",
            found=phrase("one that begins {begins}", begins=task.begins),
            remedy="use an earlier history_from, or a later first origin",
        )


class RecentMean(OwnPastForecaster):
    """Each cell's mean of the last periods that are known: of months, usually a year of them.

    Parameters
    ----------
    periods : int
        How many; a record that holds fewer gives what it has. At least 1.

    Notes
    -----
    Half an incident is added to every cell before shares are taken, so that none is 0.
    """

    def __init__(self, periods: int = 12) -> None:
        self.periods = periods

    def check_parameters(self) -> None:
        """Refuse a number of periods below 1, or beyond any record."""
        must = phrase("from 1 to {most:,}", most=_MOST_PERIODS)
        self._require("periods", must, 1 <= self.periods <= _MOST_PERIODS)

    def _row(self, task: Task, period: Periods, cutoff: np.datetime64) -> Floats | None:
        past = task.periods
        last = int(np.searchsorted(past.end, self._end_of_known(cutoff), side="right"))
        known = slice(max(last - self.periods, 0), last)
        if last == 0:
            return None
        counts, hours = task.counts.values[known].sum(axis=0), float(past.hours[known].sum())
        return self._expected(counts) * float(period.hours[0] / hours)

    def _expected(self, counts: Ints) -> Floats:
        """Incidents that each cell is expected to record in as long a time."""
        return _with_half(counts)

    def _too_little(self, task: Task) -> TooLittleDataError:
        return TooLittleDataError(
            "A mean of the last periods needs one that is known.",
            found=phrase("none from {begins} to {cutoff}", begins=task.begins, cutoff=task.cutoff),
            remedy="use a later first origin",
        )


class ShrunkenMean(RecentMean):
    r"""`RecentMean` shrunk to the mean of all cells by empirical Bayes.

    With n incidents in a cell and m in the mean of all, the cell's rate is Gamma with mean m and
    shape :math:`\phi`, and the posterior mean

    .. math:: \frac{\phi + n}{\phi / m + 1},

    with the :math:`\phi` of the largest marginal likelihood. Places, neighbours and people play no
    part: `PriorCounts` shrinks to what is around.

    References
    ----------
    Clayton, D. & Kaldor, J. (1987). Empirical Bayes estimates of age-standardized relative risks
    for use in disease mapping. Biometrics 43, 671-681. https://doi.org/10.2307/2532003
    """

    def _expected(self, counts: Ints) -> Floats:
        amounts = counts.astype(np.float64)
        mean = np.full(len(counts), (amounts.sum() + 0.5) / len(counts))
        strength, _ = best_strength(amounts, mean)
        expected: Floats = (strength + amounts) / (strength / mean + 1.0)
        return expected


def _with_half(counts: Ints, part: float = 1.0) -> Floats:
    """Counts with part of half an incident more in each cell and in all together, none 0."""
    more = counts + 0.5 * part
    found: Floats = more / more.sum() * (float(counts.sum()) + 0.5 * part)
    return found


def _years_before(period: Periods, length: Length, years: int, zone: str) -> Instants:
    """Edges of the same period some years before, on the wall clock."""
    year = _YEAR_OF_MONTHS if length.unit == "month" else _YEAR_OF_WEEKS
    edges = [utc_instant(year.step(local_time(edge, zone), -years), zone) for edge in period.edges]
    return np.array(edges, dtype="datetime64[us]")
