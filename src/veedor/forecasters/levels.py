"""`AreaTotals`: how many incidents all cells together will record in each period."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from veedor.arrays import Floats, Instants, Ints
from veedor.forecasters.calendar_effects import Calendar
from veedor.forecasters.dispersion import fit_dispersion
from veedor.forecasters.task import Task
from veedor.spacetime import Periods

_HALF_LIVES_DAYS = (3.5, 7.0, 14.0, 28.0, 56.0, 112.0, 224.0, 448.0, np.inf)
_BURN_IN = 0.25
# The dispersion is that of the last third, by a calendar and a half-life fitted to the rest.
_TESTED_SHARE, _FEWEST_TESTED = 1.0 / 3.0, 5
# Forecasts of many periods are tested at so many distances, from the nearest to the farthest.
_MOST_DISTANCES = 8
# Half an incident at the long-run level, never discounted: a category that goes quiet keeps a
# small level, since what stopped may begin again.
_PRIOR = 0.5


class AreaTotals:
    r"""Expected totals: a level that drifts, times the calendar.

    The calendar (weekday or hour of the week, public holidays, and a yearly wave once the record
    is 18 months long) is a Poisson regression with Gaussian priors, fitted beside a slowly moving
    trend that keeps it honest. The level is then followed by discounting: with calendar factors
    :math:`c_t` and counts :math:`y_t`,

    .. math:: a_t = \omega a_{t-1} + y_t, \quad b_t = \omega b_{t-1} + c_t, \quad
              \text{level} = \frac{a_t + 1/2}{b_t + 1/(2\bar\lambda)},

    and the half-life of the discount is the one whose forecasts a period ahead had the smallest
    Poisson deviance within the training record. An infinite half-life is the plain average.
    The half incident at the long-run level :math:`\bar\lambda` is never discounted.

    Recent counts are compared with what could be known of them at the cut-off; see
    `completeness`.

    Parameters
    ----------
    task : Task
        Needs at least one whole period.

    Attributes
    ----------
    level : float
        Incidents a day when the calendar factor is 1.
    half_life_days : float
        May be infinite.
    seasonal : bool
        Whether a yearly wave was fitted.
    dispersion : float
        Of a period's total around its forecast one period ahead: in the last third of the
        training periods, by a calendar and a half-life fitted to those before. With fewer than
        fifteen periods nothing is held back, and it is rather too small.
    days_per_period : float
        Mean over the training periods.
    training_totals : array, shape (training periods,)
        What would have been forecast for each, a period ahead.

    References
    ----------
    Harvey, A. C. & Fernandes, C. (1989). Time series models for count or qualitative
    observations. Journal of Business & Economic Statistics 7, 407-417.
    https://doi.org/10.1080/07350015.1989.10509750
    """

    def __init__(self, task: Task) -> None:
        self._base = base = task.base
        periods = task.periods
        pieces = task.whole_periods(base)
        self.days_per_period = float(periods.hours.mean() / 24.0)
        self._ends = periods.end[-1]
        record = _Record(
            pieces,
            task.record.totals(task.category, pieces, task.cells),
            task.record.completeness(task.category, pieces),
            periods,
            periods.index_of(pieces.start),
        )
        self._calendar = Calendar.fit(task, pieces, record.counts, record.known)
        self.seasonal = self._calendar.seasonal
        self._piece_middle, self._piece_counts = _middles(pieces), record.counts
        self._piece_factor = self._calendar.factor(pieces) * record.known
        self._long_run_level = float((record.counts.sum() + 0.5) / self._piece_factor.sum())
        course = _Course(record, self._piece_factor, len(periods))
        self.half_life_days = course.best_half_life()
        ahead, self.level = course.follow(self.half_life_days)
        self.training_totals: Floats = ahead
        self._tested = self._test(task, record, course)
        self.dispersion = self._tested.dispersion(1, 1)

    @classmethod
    def of(cls, task: Task) -> AreaTotals:
        """Fit the totals of a task's record; done once for each, whoever asks."""
        return task.ask("area totals", lambda: cls(task))

    def predict(self, periods: Periods) -> Floats:
        """Expected totals, shape (periods,)."""
        return self.level * self._calendar_days(periods)

    def dispersion_of(self, periods: Periods) -> float:
        """Dispersion of the totals of periods around what `predict` expects, from now on.

        Parameters
        ----------
        periods : Periods
            Of the training periods' length, after them.

        Returns
        -------
        float
            One for all. It is that of the same training periods as `dispersion`, each forecast from
            as far before as any of `periods` lies ahead; never less than `dispersion`.
        """
        ahead = (periods.start[[0, -1]] - self._ends) / np.timedelta64(1, "D")
        first, last = np.rint(ahead / self.days_per_period).astype(int) + 1
        return max(self.dispersion, self._tested.dispersion(max(1, int(first)), max(1, int(last))))

    def course(self, periods: Periods, window_days: float = 28.0) -> Floats:
        """Course of the recorded totals through past periods: calendar times a smooth level.

        Parameters
        ----------
        periods : Periods
            Within the training record.
        window_days : float
            Standard deviation of the Gaussian window that smooths the level.

        Returns
        -------
        array, shape (periods,)
            Above 0. It looks both ways, so it describes the past and forecasts nothing.
        """
        days = (self._piece_middle - periods.start[0]) / np.timedelta64(1, "D")
        at = (_middles(periods) - periods.start[0]) / np.timedelta64(1, "D")
        level = np.empty(len(periods))
        for first in range(0, len(periods), 1000):
            weight = np.exp(-0.5 * ((at[first : first + 1000, None] - days) / window_days) ** 2)
            level[first : first + 1000] = (weight @ self._piece_counts + _PRIOR) / (
                weight @ self._piece_factor + _PRIOR / self._long_run_level
            )
        return level * self._calendar_days(periods)

    def _calendar_days(self, periods: Periods) -> Floats:
        """Calendar factor of each period, in days' worth, shape (periods,)."""
        pieces, owner = periods.split(self._base)
        days = np.bincount(owner, weights=self._calendar.factor(pieces), minlength=len(periods))
        return days.astype(np.float64)

    def _test(self, task: Task, record: _Record, course: _Course) -> _Tested:
        n = len(record.periods)
        tested = int(n * _TESTED_SHARE)
        if tested < _FEWEST_TESTED:
            first = course.first if n > course.first else 0
            return course.tested(self.half_life_days, first)
        early = n - tested
        before = record.pieces.start < record.periods.start[early]
        pieces = record.pieces.part(0, int(before.sum()))
        calendar = Calendar.fit(task, pieces, record.counts[before], record.known[before])
        rolling = _Course(record, calendar.factor(record.pieces) * record.known, early)
        return rolling.tested(rolling.best_half_life(), early)


@dataclass(frozen=True, eq=False)
class _Record:
    """Totals of the pieces of the training record, and the periods that they lie in."""

    pieces: Periods
    counts: Floats
    known: Floats
    periods: Periods
    owner: Ints


class _Course:
    """The level through the training periods, for any half-life.

    Parameters
    ----------
    record : _Record
    factor : array, shape (pieces,)
        Calendar factor, times the share that was known.
    judged : int
        Periods, from the first, that the half-life is chosen by.
    """

    def __init__(self, record: _Record, factor: Floats, judged: int) -> None:
        inside = record.owner >= 0
        owner, n = record.owner[inside], len(record.periods)
        observed = np.bincount(owner, weights=record.counts[inside], minlength=n)
        self.observed: Floats = observed.astype(np.float64)
        expected = np.bincount(owner, weights=factor[inside], minlength=n)
        self._expected: Floats = expected.astype(np.float64)
        self._days = record.periods.hours / 24.0
        mine = record.pieces.start < record.periods.end[judged - 1]
        self._prior_level = float((record.counts[mine].sum() + 0.5) / factor[mine].sum())
        self._judged = judged
        self.first = max(1, int(_BURN_IN * judged))

    def best_half_life(self) -> float:
        """Half-life in days with the smallest deviance a period ahead; infinite if untested."""
        scored = slice(self.first, self._judged)
        if self._judged <= self.first:
            return float("inf")
        losses = [
            _poisson_deviance(self.observed[scored], self.follow(half_life)[0][scored])
            for half_life in _HALF_LIVES_DAYS
        ]
        return float(_HALF_LIVES_DAYS[int(np.argmin(losses))])

    def tested(self, half_life_days: float, first: int) -> _Tested:
        """Periods from `first` on, with the levels that a half-life gives before each."""
        levels, _ = self._levels(half_life_days)
        return _Tested(self.observed, self._expected, levels, first)

    def follow(self, half_life_days: float) -> tuple[Floats, float]:
        """Total of each period as forecast before it, and the level at the end."""
        levels, at_the_end = self._levels(half_life_days)
        return levels * self._expected, at_the_end

    def _levels(self, half_life_days: float) -> tuple[Floats, float]:
        """Level before each period, and at the end."""
        keep = 0.5 ** (self._days / half_life_days)
        least, level, a, b = _PRIOR / self._prior_level, [], 0.0, 0.0
        # Plain numbers: a step of single elements of arrays takes ten times as long.
        steps = (keep.tolist(), self.observed.tolist(), self._expected.tolist())
        for kept, observed, expected in zip(*steps, strict=True):
            level.append((a + _PRIOR) / (b + least))
            a, b = kept * a + observed, kept * b + expected
        return np.array(level), (a + _PRIOR) / (b + least)


@dataclass(frozen=True, eq=False)
class _Tested:
    """Training periods from `first` on, and what is forecast for them.

    Parameters
    ----------
    observed, expected : array, shape (training periods,)
        Counts, and what the calendar makes of a level of 1.
    levels : array, shape (training periods,)
        As known before each.
    first : int
    """

    observed: Floats
    expected: Floats
    levels: Floats
    first: int

    def dispersion(self, first: int, last: int) -> float:
        """Dispersion of each tested period, forecast from `first` to `last` periods before."""
        farthest = self.first + 1
        nearest, last = min(first, farthest), min(last, farthest)
        steps = np.unique(np.rint(np.linspace(nearest, last, _MOST_DISTANCES)).astype(np.intp))
        tested = np.arange(self.first, len(self.observed))
        mean = self.levels[tested - steps[:, None] + 1] * self.expected[tested]
        counts = np.broadcast_to(self.observed[tested].astype(np.int64), mean.shape)
        return fit_dispersion(counts, np.maximum(mean, 1e-9))


def _middles(periods: Periods) -> Instants:
    middles: Instants = periods.start + (periods.end - periods.start) / 2
    return middles


def _poisson_deviance(observed: Floats, expected: Floats) -> float:
    safe = np.maximum(expected, 1e-12)
    ratio = np.where(observed > 0, observed / safe, 1.0)
    return float(2.0 * np.sum(observed * np.log(ratio) - observed + safe))
