"""`SerialExecutor`, and which executor a number of processes asks for."""

from __future__ import annotations

from collections.abc import Callable, Generator, Hashable, Iterable
from importlib.util import find_spec

import joblib

from veedor.backtest.executors.contract import Executor, Result, Shared, Task
from veedor.backtest.executors.processes import ProcessExecutor
from veedor.errors import StudyError, phrase


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


def make_executor(
    workers: int | None = None, scheduler: str | None = None, store: str | None = None
) -> Executor:
    """Processes by default, one a core; this process alone where there is only one.

    Parameters
    ----------
    workers : int, optional
        1 runs everything in this process.
    scheduler : str, optional
        Of a dask cluster, whose workers it is to be instead.
    store : str, optional
        That all its machines see; see `DaskExecutor`.

    Raises
    ------
    StudyError
        If what is asked for does not go together, or dask is not installed.
    """
    if scheduler is None and store is not None:
        raise _not_both(phrase("a shared store without a scheduler"))
    if scheduler is not None and workers is not None:
        raise _not_both(phrase("a number of processes and a scheduler"))
    if scheduler is not None:
        if find_spec("distributed") is None:
            raise StudyError(
                "A run on a cluster must have dask.",
                found=phrase("it is not installed"),
                remedy="install it with: pip install 'veedor[cluster]'",
            )
        from veedor.backtest.executors.cluster import DaskExecutor

        return DaskExecutor(scheduler, store=store)
    count = workers or joblib.cpu_count()
    return SerialExecutor() if count == 1 else ProcessExecutor(count)


def _not_both(found: str) -> StudyError:
    return StudyError(
        "Forecasts must be made in processes here, or on the workers of a scheduler.",
        found=found,
        remedy="use --jobs alone, or --scheduler with or without --store",
    )
