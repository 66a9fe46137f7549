"""`Backtest`: every forecaster, at every origin, from what was known then."""

from __future__ import annotations

import time
from collections.abc import Generator, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from operator import itemgetter
from pathlib import Path
from typing import Any

import numpy as np

from veedor.backtest.archive import Archive, Written
from veedor.backtest.executors import Executor
from veedor.backtest.making import Absence, make_each
from veedor.backtest.plan import Plan
from veedor.files.sealed import Seals
from veedor.forecasters import Entry, Lesson
from veedor.forecasts import Forecast
from veedor.spacetime import Counts


@dataclass(frozen=True)
class Made:
    """That one task is done: a forecast, or that there is too little data for one.

    Parameters
    ----------
    category : str
    origin : datetime64
    forecaster : str
    seconds : float
        Fit and predict.
    """

    category: str
    origin: np.datetime64
    forecaster: str
    seconds: float


@dataclass(frozen=True, eq=False)
class Learned:
    """That a lesson is learned, which forecasts of every category need.

    Parameters
    ----------
    lesson : Lesson
    answer : object
        What was learned.
    forecaster : str
        The first that needs it.
    seconds : float
    """

    lesson: Lesson[Any]
    answer: Any
    forecaster: str
    seconds: float


@dataclass(frozen=True, eq=False)
class Backtest:
    """Rolling-origin forecasts, made wherever an executor makes them, and kept here.

    Parameters
    ----------
    plan : Plan
    folder : Path
        Of the archive.
    seals : Seals, optional
        Of the folder, if a later run may go on from it.
    """

    plan: Plan
    folder: Path
    seals: Seals | None = None

    def missing(self) -> list[tuple[str, int, Entry]]:
        """Return what the archive lacks: category, number of the origin, forecaster."""
        archive = Archive(self.folder)
        return [
            (category, number, entry)
            for category in self.plan.categories
            for number, origin in enumerate(self.plan.origins)
            for entry in self.plan.entries
            if not archive.has(category, entry.name, origin)
        ]

    def lessons(self) -> dict[Lesson[Any], str]:
        """Return what the missing forecasts need of one another: lessons, and who asks first."""
        asked: dict[Lesson[Any], str] = {}
        seen: set[tuple[int, str]] = set()
        for category, number, entry in self.missing():
            if (number, entry.name) not in seen:  # they serve every category
                seen.add((number, entry.name))
                for lesson in entry.make().lessons(self.plan.task(category, number)):
                    asked.setdefault(lesson, entry.name)
        return asked

    def learn(self, executor: Executor) -> Generator[Learned, None, None]:
        """Learn each of the `lessons` once, in whatever process; yields as each is learned.

        Forecasts made without, or in other processes, are the same, and take longer.
        """
        # The latest, which take longest, first: none is waited for at the end.
        lessons = sorted(self.lessons().items(), key=lambda asked: asked[0].date, reverse=True)
        yield from executor.run(_learn, self.plan, lessons)

    def knowing(self, learned: Sequence[Learned]) -> Backtest:
        """Return the same, whose forecasters know what was learned."""
        known = tuple((one.lesson, one.answer) for one in learned)
        return replace(self, plan=replace(self.plan, learned=known))

    def run(self, executor: Executor) -> Generator[Made, None, None]:
        """Make every forecast that the archive lacks; yields as each is made, and kept.

        Who makes it may be on another machine: it gets the plan, and hands back a file's content.
        Only this process writes, and knows the key of the seals.

        Raises
        ------
        StudyError
            If the reference has too little data at an origin.
        """
        archive = Archive(self.folder, self.seals)
        # What was learned of a category before one origin serves the next ones too.
        running = executor.run(_make, self.plan, self.missing(), together=itemgetter(0))
        with closing(running):
            for made, written in running:
                archive.keep(written)
                yield made

    def absences(self, category: str, forecaster: str) -> list[Absence]:
        """Origins at which a forecaster had too little data, in order."""
        return Archive(self.folder).absences(category, forecaster, self.plan.origins)

    def forecasts(self, category: str, forecaster: str) -> list[Forecast]:
        """Forecasts of the archive, one an origin, in order; there must be no absence."""
        plan = self.plan
        return Archive(self.folder).forecasts(category, forecaster, plan.origins, plan.cells)

    def outcomes(self, category: str) -> Counts:
        """What was recorded in the forecast periods, as known at the end; kept in the archive."""
        counts = self.plan.task(category).counts_in(self.plan.periods)
        Archive(self.folder).add_outcomes(counts, self.plan.cells, self.plan.periods)
        return counts


def _learn(plan: Plan, asked: tuple[Lesson[Any], str]) -> Learned:
    """Learn one lesson, from what all categories had recorded at its date."""
    lesson, forecaster = asked
    began = time.perf_counter()
    answer = lesson.learn(plan.tasks[0].until(lesson.date))
    return Learned(lesson, answer, forecaster, time.perf_counter() - began)


def _make(plan: Plan, asked: tuple[str, int, Entry]) -> tuple[Made, Written]:
    """Let one forecaster forecast one category from one origin."""
    category, number, entry = asked
    task = plan.task(category, number)
    began = time.perf_counter()
    (made,) = make_each([entry], task, plan.periods_of(number))
    seconds = time.perf_counter() - began
    return Made(category, plan.origins[number], entry.name, seconds), Written.of(made)
