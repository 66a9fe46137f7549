"""`Executor`: what every way of running tasks promises."""

from __future__ import annotations

from collections.abc import Callable, Generator, Hashable, Iterable
from typing import Protocol, TypeVar

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
    ) -> Generator[Result, None, None]:
        """Yield ``function(shared, task)`` for every task, as each is done.

        An error that the function raises ends the run. Closing the generator lets go of what is
        queued.

        Parameters
        ----------
        function : callable
            Of a module. It may be called on another machine, where no path of this one leads
            anywhere: all that it needs it is given, and all that it makes it returns.
        shared : object
            Goes to each worker once.
        tasks : iterable
        together : callable, optional
            Tasks of which it gives the same make use of what was made for one another: they are
            best run one after the other, with the same ``shared``.
        """
