"""What is forecast: a cell size, a period, and how much history."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import numpy.typing as npt

from benchmarks.chicago import MOST_ORIGINS, on_wider_ground, prepared, study_toml
from veedor.backtest import Backtest, Plan
from veedor.forecasters import Entry, Task
from veedor.record import Points
from veedor.spacetime import Length, Periods
from veedor.study.config import parse_study
from veedor.study.laying_out import forecast_periods

SIZES_M = (250, 500)
LENGTHS = ("week", "day")
RECENT_WEEKS = 13


@dataclass(frozen=True)
class Case:
    """One backtest.

    Parameters
    ----------
    size_m : int
    length : str
        ``"week"`` or ``"day"``: at each weekly origin the week, or the seven days, ahead.
    origins : int
        Weekly, the first on 1 October 2017.
    recent_only : bool
        Whether only the 13 weeks before each origin are seen, instead of all since 2016.
    gaps : int
        Gaps of up to twice so many cells are closed; 1 is the ground of ``veedor run``.
    """

    size_m: int
    length: str
    origins: int = MOST_ORIGINS
    recent_only: bool = False
    gaps: int = 1

    @property
    def name(self) -> str:
        """Short, also for folders; the number of origins changes no forecast."""
        ground = "" if self.gaps == 1 else f"-gaps{self.gaps}"
        recent = "-recent" if self.recent_only else ""
        return f"{self.size_m}m-{self.length}{ground}{recent}"

    @property
    def periods_per_origin(self) -> int:
        """1 or 7."""
        return 7 if self.length == "day" else 1

    def origin_instants(self) -> npt.NDArray[np.datetime64]:
        """Cut-offs, without reading any incident."""
        study = parse_study(study_toml(self.size_m, self.length, self.origins).encode())
        return forecast_periods(study).start[:: self.periods_per_origin]

    def backtest(
        self, folder: Path, categories: tuple[str, ...], names: tuple[str, ...]
    ) -> Backtest:
        """Read the data; forecasts are kept in a folder of the case's own."""
        ready = prepared(self.size_m, self.length, self.origins)
        if self.gaps > 1:
            ready = on_wider_ground(ready, self.gaps)
        tasks = {task.category: task for task in ready.tasks}
        return Backtest(
            Plan(
                tuple(tasks[name] for name in categories),
                tuple(Entry.of(name) for name in names),
                ready.periods,
                self.periods_per_origin,
            ),
            folder / self.name,
        )

    def known(self, task: Task, origin: np.datetime64) -> Task:
        """Return what a forecaster sees."""
        cut = task.until(origin)
        if not self.recent_only:
            return cut
        weeks = Periods.stepping(origin, Length(1, "week"), -RECENT_WEEKS, 0, cut.record.zone)
        begins = weeks.edges[0]
        late = np.flatnonzero(cut.points.incidents.start >= begins)
        recent = cut.points.incidents.take(late)
        return replace(cut, record=Points.of(recent, cutoff=origin, begins=begins))
