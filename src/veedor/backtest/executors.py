"""Where tasks run: in this process, or in several."""

from __future__ import annotations

import math
from collections.abc import Callable, Hashable, Iterable, Iterator
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
        *,
        together: Callable[[Task], Hashable] | None = None,
    ) -> Iterator[Result]:
        """Yield ``function(shared, task)`` for every task, as each is done.

        Parameters
        ----------
        function : callable
        shared : object
        tasks : iterable
        together : callable, optional
            Tasks of which it gives the same make use of what was made for one another: they are
            best run one after the other, with the same ``shared``.
        """


class SerialExecutor:
    """One task after another, here."""

    def run(
        self,
        function: Callable[[Shared, Task], Result],
        shared: Shared,
        tasks: Iterable[Task],
        *,
        together: Callable[[Task], Hashable] | None = None,  # noqa: ARG002 - all are together
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
        *,
        together: Callable[[Task], Hashable] | None = None,
    ) -> Iterator[Result]:
        """Yield results as they are done. An error, or Ctrl-C, ends the workers.

        Tasks that belong together go to one process, in their order, and their results come when
        all are done; where there are fewer such groups than keep every process busy, each is cut
        into runs.
        """
        pool = joblib.Parallel(
            n_jobs=self.workers, return_as="generator_unordered", mmap_mode="r", max_nbytes="1M"
        )
        runs = _runs([*tasks], together, self.workers)
        for results in pool(joblib.delayed(_one_by_one)(function, shared, run) for run in runs):
            yield from results


def _one_by_one(
    function: Callable[[Shared, Task], Result], shared: Shared, tasks: list[Task]
) -> list[Result]:
    return [function(shared, task) for task in tasks]


def _runs(
    tasks: list[Task], together: Callable[[Task], Hashable] | None, workers: int
) -> list[list[Task]]:
    """Cut tasks into runs for one process each, as few as keep all of them busy.

    >>> _runs(["a1", "a2", "b1", "b2"], lambda task: task[0], 2)
    [['a1', 'a2'], ['b1', 'b2']]
    >>> _runs(["a1", "a2", "a3"], lambda task: task[0], 2)
    [['a1', 'a2'], ['a3']]
    """
    if together is None:
        return [[task] for task in tasks]
    groups: dict[Hashable, list[Task]] = {}
    for task in tasks:
        groups.setdefault(together(task), []).append(task)
    pieces = workers // math.gcd(len(groups) or 1, workers)
    runs = []
    for group in groups.values():
        each = math.ceil(len(group) / pieces)
        runs += [group[start : start + each] for start in range(0, len(group), each)]
    return runs


def make_executor(workers: int | None = None) -> Executor:
    """Processes by default, one a core; this process alone where there is only one.

    Parameters
    ----------
    workers : int, optional
        1 runs everything in this process.
    """
    count = workers or joblib.cpu_count()
    return SerialExecutor() if count == 1 else ProcessExecutor(count)
