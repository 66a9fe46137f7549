"""Where tasks run: in this process, or in several."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Protocol, TypeVar

import joblib

Task = TypeVar("Task")
Result = TypeVar("Result")
Shared = TypeVar("Shared")


class Executor(Protocol):
    """Runs independent tasks; the order of the results is not promised."""

    def run(
        self,
        function: Callable[[Shared, Task], Result],
        shared: Shared,
        tasks: Iterable[Task],
    ) -> Iterator[Result]:
        """Yield ``function(shared, task)`` for every task, as each is done."""


class SerialExecutor:
    """One task after another, here."""

    def run(
        self,
        function: Callable[[Shared, Task], Result],
        shared: Shared,
        tasks: Iterable[Task],
    ) -> Iterator[Result]:
        """Yield the results in the order of the tasks."""
        for task in tasks:
            yield function(shared, task)


class ProcessExecutor:
    """Several processes on this machine; large arrays are shared through memory-mapped files."""

    def __init__(self, workers: int) -> None:
        self.workers = workers

    def run(
        self,
        function: Callable[[Shared, Task], Result],
        shared: Shared,
        tasks: Iterable[Task],
    ) -> Iterator[Result]:
        """Yield results as they are done. An error, or Ctrl-C, ends the workers."""
        pool = joblib.Parallel(
            n_jobs=self.workers, return_as="generator_unordered", mmap_mode="r", max_nbytes="1M"
        )
        yield from pool(joblib.delayed(function)(shared, task) for task in tasks)


def make_executor(workers: int | None = None) -> Executor:
    """Processes by default, one a core; this process alone where there is only one.

    Parameters
    ----------
    workers : int, optional
        1 runs everything in this process.
    """
    count = workers or joblib.cpu_count()
    return SerialExecutor() if count == 1 else ProcessExecutor(count)
