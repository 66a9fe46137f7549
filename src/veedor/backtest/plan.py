"""`Plan`: what is forecast, by whom, from when; all that is needed to make a forecast of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from veedor.arrays import Instants
from veedor.errors import StudyError, phrase
from veedor.forecasters import Entry, Lesson, Task
from veedor.spacetime import Cells, Length, Periods
from veedor.spacetime.periods import before


@dataclass(frozen=True, eq=False)
class Plan:
    """Rolling origins of a backtest, the same wherever its forecasts are made.

    Parameters
    ----------
    tasks : tuple of Task
        One a category, from all that is known at the end; cut anew at every origin.
    entries : tuple of Entry
        The forecasters.
    periods : Periods
        The forecast periods, all origins together: consecutive.
    periods_per_origin : int
    lead : Length or None
        Time between each cut-off and the first period that is forecast from it; None for none.
    learned : tuple
        Lessons that were learned before, each with what was learned.
    """

    tasks: tuple[Task, ...]
    entries: tuple[Entry, ...]
    periods: Periods
    periods_per_origin: int
    lead: Length | None = None
    learned: tuple[tuple[Lesson[Any], Any], ...] = ()

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
        for lesson, answer in self.learned:
            lesson.teach(task, answer)
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
