"""A forecaster as the system in a simulated world, where its forecasts decide what it is fed."""

from __future__ import annotations

import numpy as np
import shapely

from veedor.arrays import Floats, Ints
from veedor.errors import StudyError, TooLittleDataError
from veedor.forecasters import Task, find_forecaster, make_forecaster
from veedor.incidents import Category, Incidents
from veedor.record import Points
from veedor.spacetime import Cells, Length, Periods, SquareLattice, StudyArea

_SIDE_M = 500.0
_CRS = "EPSG:32616"
_BEGINS = np.datetime64("2020-01-06T00:00", "us")
_WEEK = np.timedelta64(7, "D")
_PRIOR_WEEKS = 8


class ForecasterSystem:
    """Fits a forecaster anew to what was recorded so far, and scores zones by its next forecast.

    Zones stand as squares of 500 m in rows; a round is a week; the incidents of a zone are spread
    over its square and its week. The record to start from fills the eight weeks before.

    Parameters
    ----------
    forecaster : str
        Name, as in study.toml; made with its default parameters.
    seed : int
        Of where in its square and week an incident lies.

    Notes
    -----
    Each allotment is a fit in every run: take few runs and rounds. A simulation that feeds parts
    of incidents (weighting by presence) is fed whole ones, rounded up by chance.
    """

    def __init__(self, forecaster: str, seed: int = 0) -> None:
        find_forecaster(forecaster)
        self.forecaster = forecaster
        self.seed = seed

    def start(self, record: Floats) -> None:
        """Forget everything and spread a record over the weeks before the first round."""
        runs, zones = record.shape
        self._rng = np.random.default_rng([self.seed, 3])
        self._cells, self._cell_of_zone = _squares(zones)
        self._week = 0
        self._known: list[Ints] = []
        self._shape = (runs, zones)
        for number in range(_PRIOR_WEEKS):
            share = record * (number + 1) // _PRIOR_WEEKS - record * number // _PRIOR_WEEKS
            self.learn(share)

    def learn(self, added: Floats) -> None:
        """Take the incidents of a week."""
        whole = np.floor(added + self._rng.random(self._shape)).astype(np.int64)
        run, zone = np.nonzero(whole)
        many = whole[run, zone]
        week = np.full(int(many.sum()), self._week)
        self._known.append(np.stack([np.repeat(run, many), np.repeat(zone, many), week]))
        self._week += 1

    def scores(self) -> Floats:
        """Fit to each run's record and return the means of the next week, shape (runs, zones)."""
        cutoff = _BEGINS + self._week * _WEEK
        periods = Periods(np.array([cutoff, cutoff + _WEEK]), "UTC")
        known = np.concatenate(self._known, axis=1)
        made = np.empty(self._shape)
        for run in range(self._shape[0]):
            task = self._task(known[1:, known[0] == run], cutoff)
            try:
                fitted = make_forecaster(self.forecaster).fit(task)
            except TooLittleDataError as error:
                raise StudyError(
                    "The system must be able to forecast from the record it starts with.",
                    found=str(error),
                    remedy="start from a larger prior",
                ) from error
            made[run] = fitted.predict(periods).distribution.mean[0, self._cell_of_zone]
        return made

    def _task(self, known: Ints, cutoff: np.datetime64) -> Task:
        zone, week = known
        n = len(zone)
        rng = np.random.default_rng([self.seed, 4])
        minute = np.sort(rng.integers(0, 10_080, n))
        when = _BEGINS + week * _WEEK + minute.astype("timedelta64[m]")
        cell = self._cell_of_zone[zone]
        aside = rng.uniform(-0.45 * _SIDE_M, 0.45 * _SIDE_M, (2, n))
        incidents = Incidents(
            id=np.arange(n),
            category=np.zeros(n, dtype=np.int16),
            start=when,
            end=when.copy(),
            reported_at=None,
            x_m=self._cells.x_m[cell] + aside[0],
            y_m=self._cells.y_m[cell] + aside[1],
            precision_m=None,
            categories=(Category("simulated", "reported"),),
            crs=_CRS,
            time_zone="UTC",
        )
        record = Points.of(incidents, cutoff=cutoff, begins=_BEGINS)
        return Task(record, "simulated", self._cells, Length(1, "week"))


def _squares(zones: int) -> tuple[Cells, Ints]:
    """Squares in rows, and the cell of each zone."""
    columns = int(np.ceil(np.sqrt(zones)))
    place = np.arange(zones)
    x, y = (_SIDE_M * axis.astype(np.float64) for axis in (place % columns, place // columns))
    ground = shapely.union_all(shapely.box(x, y, x + _SIDE_M, y + _SIDE_M))
    area = StudyArea(ground, _CRS, "zones of a simulated world")
    cells = Cells.on_lattice(area, SquareLattice(_SIDE_M))
    half = np.full(zones, _SIDE_M / 2)
    return cells, cells.locate(np.add(x, half), np.add(y, half)).astype(np.int64)
