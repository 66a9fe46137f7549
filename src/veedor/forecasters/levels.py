"""`AreaTotals`: how many incidents all cells together will record in each period."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from veedor.forecasters.calendars import is_holiday, yearly_angle
from veedor.forecasters.completeness import completeness
from veedor.forecasters.dispersion import fit_dispersion
from veedor.forecasters.history import History
from veedor.spacetime import Periods

Floats = npt.NDArray[np.float64]

# Prior standard deviations of log effects: wide beside any calendar effect seen in practice, yet
# enough to keep an effect near 1 where the record says little.
_SLOT_SD, _HOLIDAY_SD, _SEASON_SD, _TREND_SD = 0.5, 0.3, 0.3, 0.2
_TREND_STEP_DAYS = 90.0
_SEASON_NEEDS_DAYS = 540.0
_HALF_LIVES_DAYS = (14.0, 28.0, 56.0, 112.0, 224.0, 448.0, np.inf)
_BURN_IN = 0.25
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
    history : History
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
        Of a period's total around its forecast one period ahead. The calendar and the half-life
        were fitted to the same record, so it is rather too small, more so further ahead.
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

    def __init__(self, history: History) -> None:
        self._history = history
        base = history.length.base
        pieces = history.whole_periods(base)
        self.days_per_period = float(history.periods.hours.mean() / 24.0)
        self._slot_hours = max(1, round(base.nominal_hours))
        self.seasonal = bool(pieces.hours.sum() / 24.0 >= _SEASON_NEEDS_DAYS)
        counts = _piece_totals(history, pieces)
        known = completeness(history, pieces)
        self._effects = self._fit_calendar(pieces, counts, known)
        factor = self._calendar(pieces) * known
        self._piece_middle, self._piece_counts = _middles(pieces), counts
        self._piece_factor = factor
        self._long_run_level = float((counts.sum() + 0.5) / factor.sum())
        self._follow_level(pieces, counts, factor)

    def predict(self, periods: Periods) -> Floats:
        """Expected totals, shape (periods,)."""
        pieces, owner = periods.split(self._history.length.base)
        factor = np.bincount(owner, weights=self._calendar(pieces), minlength=len(periods))
        return np.asarray(self.level * factor, dtype=np.float64)

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
        pieces, owner = periods.split(self._history.length.base)
        factor = np.bincount(owner, weights=self._calendar(pieces), minlength=len(periods))
        return level * factor

    def _fit_calendar(self, pieces: Periods, counts: Floats, known: Floats) -> Floats:
        """Penalised Poisson regression by Newton's method; returns the calendar's coefficients."""
        calendar = self._design(pieces)
        days = (pieces.end[-1] - pieces.start) / np.timedelta64(1, "D")
        knots = np.arange(_TREND_STEP_DAYS, days[0], _TREND_STEP_DAYS)
        ramps = np.clip((days[:, None] - knots) / _TREND_STEP_DAYS, 0.0, 1.0)
        design = np.column_stack([calendar, ramps, np.ones(len(pieces))])
        precision = np.concatenate(
            [
                self._prior_precision(),
                np.full(len(knots), _TREND_SD**-2.0),
                [1e-6],
            ]
        )
        offset = np.log(known * pieces.hours / 24.0)
        beta = np.zeros(design.shape[1])
        beta[-1] = np.log((counts.sum() + 0.5) / np.exp(offset).sum())
        objective = -np.inf
        for _ in range(100):
            eta = design @ beta + offset
            mean = np.exp(eta)
            gradient = design.T @ (counts - mean) - precision * beta
            curvature = (design.T * mean) @ design + np.diag(precision)
            step = np.linalg.solve(curvature, gradient)
            new, size = beta, 1.0
            value = objective
            while size > 1e-8:
                new = beta + size * step
                eta = design @ new + offset
                with np.errstate(over="ignore"):
                    value = float(counts @ eta - np.exp(eta).sum() - 0.5 * precision @ new**2)
                if value >= objective:
                    break
                size /= 2.0
            gained = value - objective
            beta, objective = new, value
            if gained < 1e-8 * max(1.0, abs(objective)):
                break
        coefficients: Floats = beta[: calendar.shape[1]]
        return coefficients

    def _follow_level(self, pieces: Periods, counts: Floats, factor: Floats) -> None:
        """Choose the half-life by forecasts a period ahead, then take the level at the cut-off."""
        periods = self._history.periods
        owner = periods.index_of(pieces.start)
        inside = owner >= 0
        n = len(periods)
        observed: Floats = np.bincount(owner[inside], weights=counts[inside], minlength=n).astype(
            np.float64
        )
        expected = np.bincount(owner[inside], weights=factor[inside], minlength=n)
        days = periods.hours / 24.0
        prior_level = self._long_run_level
        first = max(1, int(_BURN_IN * n))
        best = np.inf
        for half_life in _HALF_LIVES_DAYS:
            keep = 0.5 ** (days / half_life)
            level = np.empty(n + 1)
            a = b = 0.0
            for t in range(n):
                level[t] = (a + _PRIOR) / (b + _PRIOR / prior_level)
                a, b = keep[t] * a + observed[t], keep[t] * b + expected[t]
            level[n] = (a + _PRIOR) / (b + _PRIOR / prior_level)
            ahead = level[:n] * expected
            loss = _poisson_deviance(observed[first:], ahead[first:])
            if loss < best - 1e-9 or n <= first:
                best = loss
                self.half_life_days = float(half_life)
                self.level = float(level[n])
                self.training_totals: Floats = ahead
        if n <= first:
            self.half_life_days = float("inf")
        scored = slice(first, None) if n > first else slice(None)
        self.dispersion = fit_dispersion(
            observed[scored].astype(np.int64), np.maximum(self.training_totals[scored], 1e-9)
        )

    def _calendar(self, pieces: Periods) -> Floats:
        """Calendar factor of each piece, in days' worth."""
        factor: Floats = np.exp(self._design(pieces) @ self._effects) * pieces.hours / 24.0
        return factor

    def _prior_precision(self) -> Floats:
        deviations = np.full(168 // self._slot_hours, _SLOT_SD)
        parts = [deviations, np.array([_HOLIDAY_SD])]
        if self.seasonal:
            parts.append(np.full(4, _SEASON_SD))
        precision: Floats = np.concatenate(parts) ** -2.0
        return precision

    def _design(self, pieces: Periods) -> Floats:
        """Slot of the week, holiday, and yearly sines and cosines, shape (pieces, effects)."""
        starts = pieces.local_starts()
        slots = 168 // self._slot_hours
        slot = [(s.weekday() * 24 + s.hour) // self._slot_hours % slots for s in starts]
        parts = [np.eye(slots)[slot], is_holiday(starts, self._history)[:, None]]
        if self.seasonal:
            turn = yearly_angle(starts)
            parts += [np.column_stack([np.sin(k * turn), np.cos(k * turn)]) for k in (1, 2)]
        return np.concatenate(parts, axis=1)


def _middles(periods: Periods) -> npt.NDArray[np.datetime64]:
    middles: npt.NDArray[np.datetime64] = periods.start + (periods.end - periods.start) / 2
    return middles


def _piece_totals(history: History, pieces: Periods) -> Floats:
    """Incidents of the category in any cell, for each piece."""
    incidents = history.incidents
    mine = (incidents.category == incidents.index_of(history.category)) & (history.cell >= 0)
    piece = pieces.index_of(incidents.midpoint[mine])
    return np.bincount(piece[piece >= 0], minlength=len(pieces)).astype(np.float64)


def _poisson_deviance(observed: Floats, expected: Floats) -> float:
    safe = np.maximum(expected, 1e-12)
    ratio = np.where(observed > 0, observed / safe, 1.0)
    return float(2.0 * np.sum(observed * np.log(ratio) - observed + safe))
