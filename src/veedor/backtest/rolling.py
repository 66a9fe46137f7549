"""`Backtest`: every forecaster, at every origin, from what was known then."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass
from operator import itemgetter
from pathlib import Path

import numpy as np

from veedor.arrays import Instants
from veedor.backtest.archive import Archive
from veedor.backtest.executors import Executor
from veedor.backtest.making import Absence, make_each
from veedor.errors import StudyError, phrase
from veedor.files.sealed import Seals
from veedor.forecasters import Entry, Task
from veedor.forecasts import Forecast
from veedor.spacetime import Cells, Counts, Length, Periods
from veedor.spacetime.periods import before


@dataclass(frozen=True)
class Made:
    """What one task made: the forecasts of one category at one origin.

    A forecaster that had too little data has its seconds too: see `Backtest.absences`.

    Parameters
    ----------
    category : str
    origin : datetime64
    seconds : dict
        Fit and predict, by forecaster; those found in the archive are left out.
    """

    category: str
    origin: np.datetime64
    seconds: dict[str, float]


@dataclass(frozen=True, eq=False)
class Backtest:
    """Rolling-origin forecasts.

    Parameters
    ----------
    tasks : tuple of Task
        One a category, from all that is known at the end; cut anew at every origin.
    entries : tuple of Entry
        The forecasters.
    periods : Periods
        The forecast periods, all origins together: consecutive.
    periods_per_origin : int
    folder : Path
        Of the archive.
    seals : Seals, optional
        Of the folder, if a later run may go on from it.
    lead : Length or None
        Time between each cut-off and the first period that is forecast from it; None for none.
    """

    tasks: tuple[Task, ...]
    entries: tuple[Entry, ...]
    periods: Periods
    periods_per_origin: int
    folder: Path
    seals: Seals | None = None
    lead: Length | None = None

    def __post_init__(self) -> None:
        if len(self.periods) % self.periods_per_origin or not len(self.periods):
            raise StudyError(
                "Forecast periods must be a whole number of origins.",
                found=phrase(
                    "{n_periods} periods, {periods_per_origin} an origin",
                    n_periods=len(self.periods),
                    periods_per_origin=self.periods_per_origin,
                ),
            )

    @property
    def categories(self) -> tuple[str, ...]:
        """Categories that are forecast."""
        return tuple(task.category for task in self.tasks)

    @property
    def forecasters(self) -> tuple[str, ...]:
        """Names of the forecasters."""
        return tuple(entry.name for entry in self.entries)

    @property
    def cells(self) -> Cells:
        """Cells that are forecast."""
        return self.tasks[0].cells

    @property
    def length(self) -> Length:
        """Length of a period."""
        return self.tasks[0].length

    def task(self, category: str, number: int | None = None) -> Task:
        """Task of a category, cut for origin `number`; uncut without one."""
        task = self.tasks[self.categories.index(category)]
        return task if number is None else task.until(self.cutoffs[number])

    @property
    def origins(self) -> Instants:
        """Beginnings of the first periods that are forecast together, shape (origins,)."""
        return self.periods.start[:: self.periods_per_origin]

    @property
    def cutoffs(self) -> Instants:
        """Cut-offs, shape (origins,): a lead before each origin."""
        zone = self.periods.time_zone
        return np.array([before(origin, self.lead, zone) for origin in self.origins])

    def periods_of(self, number: int) -> Periods:
        """Periods that origin `number` forecasts."""
        first = number * self.periods_per_origin
        return self.periods.part(first, first + self.periods_per_origin)

    def run(self, executor: Executor) -> Iterator[Made]:
        """Make every forecast that the archive lacks; yields as each task is done.

        Raises
        ------
        StudyError
            If the reference has too little data at an origin.
        """
        tasks = [
            (category, number)
            for category in self.categories
            for number in range(len(self.origins))
        ]
        # What was learned of a category before one origin serves the next ones too.
        yield from executor.run(_make, self, tasks, together=itemgetter(0))

    def absences(self, category: str, forecaster: str) -> list[Absence]:
        """Origins at which a forecaster had too little data, in order."""
        archive = Archive(self.folder)
        found = (archive.absence(category, forecaster, origin) for origin in self.origins)
        return [absence for absence in found if absence is not None]

    def forecasts(self, category: str, forecaster: str) -> list[Forecast]:
        """Forecasts of the archive, one an origin, in order; there must be no absence."""
        archive = Archive(self.folder)
        return [archive.get(category, forecaster, origin, self.cells) for origin in self.origins]

    def outcomes(self, category: str) -> Counts:
        """What was recorded in the forecast periods, as known at the end; kept in the archive."""
        counts = self.task(category).counts_in(self.periods)
        Archive(self.folder).add_outcomes(counts, self.cells, self.periods)
        return counts


def _make(backtest: Backtest, asked: tuple[str, int]) -> Made:
    """Let every forecaster that has not yet forecast one category from one origin."""
    category, number = asked
    origin = backtest.origins[number]
    archive = Archive(backtest.folder, backtest.seals)
    missing = [one for one in backtest.entries if not archive.has(category, one.name, origin)]
    seconds: dict[str, float] = {}
    if missing:
        task = backtest.task(category, number)
        began = time.perf_counter()
        for made in make_each(missing, task, backtest.periods_of(number)):
            seconds[made.forecaster] = time.perf_counter() - began
            archive.add(made)
            began = time.perf_counter()
    return Made(category, origin, seconds)
