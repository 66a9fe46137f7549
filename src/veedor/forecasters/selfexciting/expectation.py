"""What a fitted process expects of the days ahead, and what it might do."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import sparse

from veedor.arrays import Floats, Ints
from veedor.forecasters.selfexciting.edges import gather, spread
from veedor.forecasters.selfexciting.events import DAY, Events
from veedor.forecasters.task import Task
from veedor.spacetime import Periods


@dataclass(frozen=True, eq=False)
class DaysAhead:
    r"""Expected incidents of each day and cell from the background and from recorded incidents.

    Expected incidents of day d in cell c, given all days before, are

    .. math:: b\, m_d\, s_c + \kappa \sum_{d_j < d} h_{d - d_j} K_c(x_j)

    with K the kernel's mass over the cell. The process is linear in the days before, so putting
    their expectations in their place gives its expectation exactly.

    Parameters
    ----------
    given : array, shape (days, cells)
        From the background and from the incidents of the record.
    lags : array, shape (reach_days,)
        Kappa times the probability of each lag from 1.
    between : sparse array, shape (cells, cells)
        Mass of the kernel of an incident in a cell over each cell.
    """

    given: Floats
    lags: Floats
    between: sparse.csr_array

    def expected(self) -> Floats:
        """Expected incidents of all generations, shape (days, cells)."""
        mean = self.given.copy()
        into = self.between.T.tocsr()
        for day in range(1, len(mean)):
            back = min(day, len(self.lags))
            mean[day] += into @ (self.lags[:back][::-1] @ mean[day - back : day])
        return mean

    def sample(self, rng: np.random.Generator, size: int) -> Ints:
        """Draw the days one after another, each given those before, shape (size, days, cells)."""
        days, cells = self.given.shape
        drawn = np.zeros((size, days, cells), dtype=np.int64)
        into = self.between.T.tocsr()
        for day in range(days):
            back = min(day, len(self.lags))
            mean = np.broadcast_to(self.given[day], (size, cells))
            if back:
                recent = np.einsum("k,skc->sc", self.lags[:back][::-1], drawn[:, day - back : day])
                mean = mean + (into @ recent.T).T
            drawn[:, day] = rng.poisson(mean)
        return drawn


def drawn_by_record(
    record: Events,
    days: int,
    lags: Floats,
    edges: Floats,
    ring_mass: Floats,
) -> Floats:
    """Expected direct offspring of the recorded incidents in the days ahead.

    Parameters
    ----------
    record : Events
    days : int
        Days after the record's last.
    lags : array, shape (reach_days,)
        Kappa times the probability of each lag from 1.
    edges : array, shape (rings + 1,)
    ring_mass : array, shape (rings,)

    Returns
    -------
    array, shape (days, cells)

    Notes
    -----
    Incidents that share a square as wide as the innermost disc are put at their mean place.
    """
    age = len(record.course) - record.day
    recent = np.flatnonzero(age <= len(lags))
    drawn = np.zeros((days, len(record.ground.cells)))
    if len(recent) == 0:
        return drawn
    place, x_m, y_m = gather(record.x_m[recent], record.y_m[recent], float(edges[1]))
    onto = spread(record.ground.cells, x_m, y_m, edges, ring_mass).T.tocsr()
    many = np.zeros((len(lags) + 1, len(x_m)))
    np.add.at(many, (age[recent], place), 1.0)
    for day in range(min(days, len(lags))):
        # An incident of age a is a + day days before this one.
        weight = lags[day:]
        drawn[day] = onto @ (weight @ many[1 : len(weight) + 1])
    return drawn


def days_until(task: Task, periods: Periods) -> tuple[Periods, Floats]:
    """Civil days from the cut-off to the end of the periods, and how much of each is in which.

    Returns
    -------
    days : Periods
    share : array, shape (periods, days)
        Share of the day's hours that lie in the period.
    """
    hours = (periods.edges[-1] - task.cutoff) / np.timedelta64(1, "h")
    most = int(hours / 24.0) + 2
    zone = task.record.zone
    days = Periods.stepping(task.cutoff, DAY, 0, most, zone)
    needed = int(np.searchsorted(days.edges, periods.edges[-1]))
    days = days.part(0, needed)
    later = np.maximum(periods.start[:, None], days.start)
    earlier = np.minimum(periods.end[:, None], days.end)
    overlap = np.maximum((earlier - later) / np.timedelta64(1, "h"), 0.0)
    share: Floats = overlap / days.hours
    return days, share
