"""`SerialExecutor`, and which executor a number of processes asks for."""

from __future__ import annotations

from collections.abc import Callable, Generator, Hashable, Iterable

import joblib

from veedor.backtest.executors.contract import Executor, Result, Shared, Task
from veedor.backtest.executors.processes import ProcessExecutor


class SerialExecutor:
    """One task after another, here."""

    def run(
        self,
        function: Callable[[Shared, Task], Result],
        shared: Shared,
        tasks: Iterable[Task],
        *,
        together: Callable[[Task], Hashable] | None = None,  # noqa: ARG002 - all are together
    ) -> Generator[Result, None, None]:
        """Yield the results in the order of the tasks."""
        for task in tasks:
            yield function(shared, task)


def make_executor(workers: int | None = None) -> Executor:
    """Processes by default, one a core; this process alone where there is only one.

    Parameters
    ----------
    workers : int, optional
        1 runs everything in this process.
    """
    count = workers or joblib.cpu_count()
    return SerialExecutor() if count == 1 else ProcessExecutor(count)
