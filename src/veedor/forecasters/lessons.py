"""`Lesson`: what takes long to learn from a record, and serves forecasts of all its categories."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Hashable
from dataclasses import dataclass
from typing import Generic, TypeVar

import numpy as np

from veedor.forecasters.task import Task

Answer = TypeVar("Answer")


@dataclass(frozen=True)
class Lesson(ABC, Generic[Answer]):
    """What is learned of a record at one date, the same whichever category is forecast.

    It is learned where it is first asked for, unless it was learned elsewhere before, perhaps on
    another machine, and taught.

    Parameters
    ----------
    date : datetime64
        It is learned from what was known then.
    """

    date: np.datetime64

    @abstractmethod
    def learn(self, task: Task) -> Answer:
        """Learn it from the record of a task; what it gives can be pickled."""

    def ask(self, task: Task) -> Answer:
        """Return it, learned once, whoever asks."""
        return task.record.memo.ask(self._question(task), lambda: self.learn(task))

    def teach(self, task: Task, answer: Answer) -> None:
        """Let it be known to the record of a task, and all its cuts."""
        task.record.memo.ask(self._question(task), lambda: answer)

    def _question(self, task: Task) -> Hashable:
        places = None if task.covariates is None else task.covariates.digest
        return (self, task.cells.digest, places, task.begins)
