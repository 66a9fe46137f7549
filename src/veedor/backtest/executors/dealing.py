"""`Deal`: which task a worker is given next."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Hashable, Iterable
from typing import Generic

from veedor.backtest.executors.contract import Task


class Deal(Generic[Task]):
    """Gives tasks out one by one, those that belong together to one worker, in their order.

    A worker that has nothing left takes the next group, and where there is none the latter half of
    what the worker with the most still has before it: no worker is idle while another has more than
    it is at. So a slow worker holds up one task, not its group.

    Parameters
    ----------
    tasks : iterable
        Taken one by one where none belong together.
    together : callable, optional
        See `Executor.run`.

    Examples
    --------
    >>> deal = Deal(["a1", "a2", "a3", "b1"], lambda task: task[0])
    >>> [deal.take(worker) for worker in (1, 2, 1, 2)]
    [(0, 'a1'), (3, 'b1'), (1, 'a2'), (2, 'a3')]
    >>> deal.take(1) is None
    True
    """

    def __init__(
        self, tasks: Iterable[Task], together: Callable[[Task], Hashable] | None = None
    ) -> None:
        self._coming = enumerate(tasks)
        self._returned: deque[tuple[int, Task]] = deque()
        self._groups: deque[deque[tuple[int, Task]]] = deque()
        self._held: dict[Hashable, deque[tuple[int, Task]]] = {}
        if together is not None:
            groups: dict[Hashable, deque[tuple[int, Task]]] = {}
            for number, task in self._coming:
                groups.setdefault(together(task), deque()).append((number, task))
            self._groups.extend(groups.values())

    def take(self, worker: Hashable) -> tuple[int, Task] | None:
        """Return the next task of a worker, with its number; None where there is none to give."""
        if self._returned:
            return self._returned.popleft()
        mine = self._held.setdefault(worker, deque())
        if not mine:
            if self._groups:
                mine = self._held[worker] = self._groups.popleft()
            else:
                self._share(mine)
        return mine.popleft() if mine else next(self._coming, None)

    def give_back(self, number: int, task: Task) -> None:
        """Take a task back that was not done: it is the next to be given out."""
        self._returned.append((number, task))

    def _share(self, mine: deque[tuple[int, Task]]) -> None:
        most = max(self._held.values(), key=len)
        for _ in range((len(most) + 1) // 2):
            mine.appendleft(most.pop())
