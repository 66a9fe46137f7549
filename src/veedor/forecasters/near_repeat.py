"""`NearRepeat`: incidents of the last two months, the nearer and the later the heavier."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from scipy import sparse
from scipy.spatial import cKDTree

from veedor.arrays import Floats, Instants
from veedor.errors import phrase
from veedor.forecasters.allocation import AllocatingForecaster
from veedor.forecasters.contract import FARTHEST_M
from veedor.forecasters.task import Task
from veedor.spacetime import Cells, Periods

_WEEK = np.timedelta64(7, "D")
# Cells of one size put many centres exactly at the reach; rounding must not decide which count.
_ROUNDING_M = 1e-6
_MOST_DAYS = 36_525


class NearRepeat(AllocatingForecaster):
    r"""Prospective hot-spotting, "ProMap": near repeats by the published weights.

    The risk intensity at the centre of cell c on day t is

    .. math:: \sum_{i:\; d_{ic} \le \text{reach}} \frac{1}{1 + w_{it}} \, \frac{1}{1 + s_{ic}},

    over the incidents of the last `reach_days` before the cut-off, with :math:`w_{it}` the whole
    weeks between incident i and the beginning of day t, and :math:`s_{ic}` the whole half cell
    widths in the distance :math:`d_{ic}` between the incident's own point and the centre. The
    mean over the days of a period, times the cell's ground, gives the shares. Which incidents
    count is settled at the cut-off; how much each counts declines with the lead. Nothing is
    tuned, and nothing is learned but the width of a cell.

    An incident always counts in its own cell, also where the centre is beyond the reach. Half a
    fresh incident spread over all the ground keeps every cell above 0; where the last two months
    recorded nothing it is the whole forecast. Of days in the record itself, only what was earlier
    than the day counts.

    Parameters
    ----------
    reach_m : float
        Metres from an incident within which it counts; above 0. Published: 400.
    reach_days : float
        Days before the cut-off from which incidents count; above 0. Published: two months.

    Raises
    ------
    StudyError
        In `fit`, if a reach is not above 0.

    Notes
    -----
    By the account of the open_cp library of the University of Leeds, from which the form is taken,
    the paper speaks of whole weeks and of "complete 1/2 grid widths", and gives weights in examples
    from which the product of reciprocals is inferred. Half widths are taken literally here, from
    the incident's point to the centre. Read otherwise, and not built in:

    - whole cells between the incident's cell and the other, as open_cp itself counts;
    - ``(1 + 1 / s) / w``, with s 1 in the incident's own cell and 2 in the next, or the largest
      weight in place of the sum (Johnson et al. 2007, Home Office Online Report 19/07);
    - today's intensity for all days ahead, in place of each day's own.

    The reach and the half-cell steps couple the weights to the cell size: with cells wider than
    800 m it is hardly more than a count of the last two months. O(incidents of the last two months
    x (cells within reach + days ahead)).

    References
    ----------
    Bowers, K. J., Johnson, S. D. & Pease, K. (2004). Prospective hot-spotting: the future of crime
    mapping? British Journal of Criminology 44, 641-658. https://doi.org/10.1093/bjc/azh036
    """

    looks_at_incidents = True

    def __init__(self, reach_m: float = 400.0, reach_days: float = 60) -> None:
        self.reach_m = reach_m
        self.reach_days = reach_days

    def check_parameters(self) -> None:
        """Refuse a reach that is not above 0, or beyond any study."""
        metres, days = (
            phrase("above 0, at most {most:,}", most=most) for most in (FARTHEST_M, _MOST_DAYS)
        )
        self._require("reach_m", metres, 0.0 < self.reach_m <= FARTHEST_M)
        self._require("reach_days", days, 0.0 < self.reach_days <= _MOST_DAYS)

    def _learn_shares(self, task: Task) -> None:
        cells = task.cells
        _ = task.points  # a record without any is one to say so of now
        width_m = cells.size_m or task.smoother.width_m
        self.step_m_ = width_m / 2.0

    def shares(self, task: Task, periods: Periods) -> Floats:
        """Mean intensity of each period's days times ground, as shares."""
        ground = task.cells.area_km2
        when, near = self._recent(task, periods)
        intensity = np.stack(
            [near.T @ weight for weight in self._time_weights(when, task, periods)]
        )
        mass = intensity * (ground / np.median(ground)) + 0.5 * ground / ground.sum()
        shares: Floats = mass / mass.sum(axis=1, keepdims=True)
        return shares

    def _recent(self, task: Task, periods: Periods) -> tuple[Instants, sparse.csr_matrix]:
        """Instants and spatial weights, shape (incidents, cells), of incidents that may count."""
        points, cells = task.points, task.cells
        incidents = points.incidents
        mine = points.located(task.category, cells)
        first = min(task.cutoff, periods.edges[0]) - self._reach
        mine = mine[incidents.midpoint_of(mine) >= first]
        weights = self._space_weights(
            incidents.x_m[mine], incidents.y_m[mine], points.cell_of(cells)[mine], cells
        )
        return incidents.midpoint_of(mine), weights

    def _space_weights(
        self, x_m: Floats, y_m: Floats, own: npt.NDArray[np.int32], cells: Cells
    ) -> sparse.csr_matrix:
        """Weight of each incident at each cell's centre, shape (incidents, cells)."""
        centres = np.column_stack([cells.x_m, cells.y_m])
        points = np.column_stack([x_m, y_m])
        near = cKDTree(centres).query_ball_point(points, self.reach_m + _ROUNDING_M)
        row = np.repeat(np.arange(len(points)), [len(found) for found in near])
        cell = np.concatenate([*near, np.zeros(0)]).astype(np.int64)
        beyond = cell != own[row]
        row = np.concatenate([row[beyond], np.arange(len(points))])
        cell = np.concatenate([cell[beyond], own])
        distance = np.hypot(*(points[row] - centres[cell]).T)
        steps = np.floor((distance + _ROUNDING_M) / self.step_m_)
        return sparse.csr_matrix(
            (1.0 / (1.0 + steps), (row, cell)), shape=(len(points), len(cells))
        )

    def _time_weights(self, when: Instants, task: Task, periods: Periods) -> Floats:
        """Mean over each period's days of each incident's weight, shape (periods, incidents)."""
        days, owner = periods.split(task.length.base)
        weights = np.zeros((len(periods), len(when)))
        for day, period in zip(days.start, owner, strict=True):
            known_at = min(day, task.cutoff)
            counts = (when < known_at) & (when >= known_at - self._reach)
            weeks = (day - when) // _WEEK
            weights[period] += np.where(counts, 1.0 / (1.0 + np.maximum(weeks, 0)), 0.0)
        mean: Floats = weights / np.bincount(owner, minlength=len(periods))[:, None]
        return mean

    @property
    def _reach(self) -> np.timedelta64:
        return np.timedelta64(round(86_400e6 * self.reach_days), "us")
