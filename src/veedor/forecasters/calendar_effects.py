"""`Calendar`: how weekdays, hours, holidays and the season move an area's totals."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from veedor.arrays import Floats
from veedor.forecasters.calendars import Region, is_holiday, yearly_angle
from veedor.forecasters.task import Task
from veedor.spacetime import Periods
from veedor.statistics.regression import poisson_regression

# Prior standard deviations of log effects: wide beside any calendar effect seen in practice, yet
# enough to keep an effect near 1 where the record says little.
_SLOT_SD, _HOLIDAY_SD, _SEASON_SD, _TREND_SD = 0.5, 0.3, 0.3, 0.2
_TREND_STEP_DAYS = 90.0
_SEASON_NEEDS_DAYS = 540.0
_WEEK_HOURS, _YEAR_HOURS = 168, 8766


@dataclass(frozen=True, eq=False)
class Calendar:
    """Factors of weekday or hour of the week, public holidays, and a yearly wave.

    Parameters
    ----------
    region : Region
        Whose public holidays apply.
    slot_hours : int
        Hours of a slot of the week: 24 for weekdays. Pieces of a week or longer, as months, have
        neither slots nor holidays.
    seasonal : bool
        Whether there is a yearly wave: once the record is 540 days long, in pieces shorter than
        half a year.
    effects : array
        Coefficients of the logarithm.
    """

    region: Region
    slot_hours: int
    seasonal: bool
    effects: Floats

    @classmethod
    def fit(cls, task: Task, pieces: Periods, counts: Floats, known: Floats) -> Calendar:
        """Poisson regression with Gaussian priors, beside a trend that bends every 90 days.

        Parameters
        ----------
        task : Task
        pieces : Periods
            Days, or hours of the day.
        counts : array, shape (pieces,)
        known : array, shape (pieces,)
            Share of each that was known at the cut-off.
        """
        slot_hours = max(1, round(task.base.nominal_hours))
        long = bool(pieces.hours.sum() / 24.0 >= _SEASON_NEEDS_DAYS)
        seasonal = long and slot_hours < _YEAR_HOURS / 2
        blank = cls(task.region, slot_hours, seasonal, np.zeros(0))
        effects = blank._design(pieces)
        days = (pieces.end[-1] - pieces.start) / np.timedelta64(1, "D")
        knots = np.arange(_TREND_STEP_DAYS, days[0], _TREND_STEP_DAYS)
        ramps = np.clip((days[:, None] - knots) / _TREND_STEP_DAYS, 0.0, 1.0)
        design = np.column_stack([effects, ramps, np.ones(len(pieces))])
        precision = np.concatenate(
            [blank._prior_precision(), np.full(len(knots), _TREND_SD**-2.0), [1e-6]]
        )
        days_known = known * pieces.hours / 24.0
        expected = (counts.sum() + 0.5) / days_known.sum() * days_known
        beta = poisson_regression(design, counts, expected, precision).coefficients
        return cls(task.region, slot_hours, seasonal, beta[: effects.shape[1]])

    def factor(self, pieces: Periods) -> Floats:
        """Calendar factor of each piece, in days' worth, shape (pieces,)."""
        factor: Floats = np.exp(self._design(pieces) @ self.effects) * pieces.hours / 24.0
        return factor

    def _prior_precision(self) -> Floats:
        parts = []
        if self.slot_hours < _WEEK_HOURS:
            parts = [np.full(_WEEK_HOURS // self.slot_hours, _SLOT_SD), np.array([_HOLIDAY_SD])]
        if self.seasonal:
            parts.append(np.full(4, _SEASON_SD))
        precision: Floats = np.concatenate([*parts, np.zeros(0)]) ** -2.0
        return precision

    def _design(self, pieces: Periods) -> Floats:
        """Slot of the week, holiday, and yearly sines and cosines, shape (pieces, effects)."""
        starts = pieces.local_starts()
        parts = [np.zeros((len(starts), 0))]
        if self.slot_hours < _WEEK_HOURS:
            slots = _WEEK_HOURS // self.slot_hours
            slot = [(s.weekday() * 24 + s.hour) // self.slot_hours % slots for s in starts]
            parts += [np.eye(slots)[slot], is_holiday(starts, self.region)[:, None]]
        if self.seasonal:
            turn = yearly_angle(starts)
            parts += [np.column_stack([np.sin(k * turn), np.cos(k * turn)]) for k in (1, 2)]
        return np.concatenate(parts, axis=1)
