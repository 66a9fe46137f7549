"""`Deal`: which task a worker is given next."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable, Hashable, Iterable
from dataclasses import dataclass, field
from typing import Generic

from veedor.backtest.executors.contract import Task


@dataclass(eq=False)
class _Group(Generic[Task]):
    """Tasks that belong together, and how long those of them took that are done."""

    tasks: deque[tuple[int, Task]] = field(default_factory=deque)
    done: int = 0
    seconds: float = 0.0
    longest: float = 0.0
    since: float = 0.0

    def took(self, seconds: float) -> None:
        self.done += 1
        self.seconds += seconds
        self.longest = max(self.longest, seconds)

    def is_worth_sharing(self, now: float) -> bool:
        """Tell whether another worker, which must learn it all anew, would save time.

        What is learned anew takes about as long as the longest task did; without it a task takes
        what the others took. A worker that is at one for longer than that is slow, or gone.
        """
        if self.done < 2 or now - self.since > self.longest:
            return True
        usual = (self.seconds - self.longest) / (self.done - 1)
        return (len(self.tasks) + 1) // 2 * usual > self.longest


class Deal(Generic[Task]):
    """Gives tasks out one by one, those that belong together to one worker, in their order.

    A worker that has nothing left takes the next group, and where there is none the latter half of
    what another has before it, if that saves time. So a slow worker holds up one task, not its
    group, and a group that is nearly done is not learned once more for its last tasks.

    Parameters
    ----------
    tasks : iterable
        Taken one by one where none belong together.
    together : callable, optional
        See `Executor.run`.
    clock : callable
        Seconds. A worker's task is taken to be done when it asks for the next.

    Examples
    --------
    >>> deal = Deal(["a1", "a2", "a3", "b1"], lambda task: task[0])
    >>> [deal.take(worker) for worker in (1, 2, 1, 2)]
    [(0, 'a1'), (3, 'b1'), (1, 'a2'), (2, 'a3')]
    >>> deal.take(1) is None
    True
    """

    def __init__(
        self,
        tasks: Iterable[Task],
        together: Callable[[Task], Hashable] | None = None,
        *,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._clock = clock
        self._coming = enumerate(tasks)
        self._returned: deque[tuple[int, Task]] = deque()
        self._groups: deque[_Group[Task]] = deque()
        self._held: dict[Hashable, _Group[Task]] = {}
        self._at: dict[Hashable, _Group[Task]] = {}
        self._all_came = together is not None
        if together is not None:
            groups: dict[Hashable, _Group[Task]] = {}
            for number, task in self._coming:
                groups.setdefault(together(task), _Group()).tasks.append((number, task))
            self._groups.extend(groups.values())

    @property
    def holds(self) -> bool:
        """Whether tasks that belong together wait for their worker."""
        held = (*self._groups, *self._held.values())
        return bool(self._returned) or any(group.tasks for group in held)

    @property
    def may_give(self) -> bool:
        """Whether a worker may yet be given a task: not once all are known to be out or done."""
        return self.holds or not self._all_came

    def take(self, worker: Hashable) -> tuple[int, Task] | None:
        """Return the next task of a worker, with its number; None where there is none for it now.

        Where others still hold some (`holds`) it is to ask again.
        """
        now = self._clock()
        if (at := self._at.pop(worker, None)) is not None:
            at.took(now - at.since)
        if self._returned:
            return self._returned.popleft()
        mine = self._held.get(worker)
        if mine is None or not mine.tasks:
            mine = self._groups.popleft() if self._groups else self._shared(now)
            if mine is None:
                coming = next(self._coming, None)
                self._all_came = coming is None
                return coming
            self._held[worker] = mine
        mine.since, self._at[worker] = now, mine
        return mine.tasks.popleft()

    def give_back(self, number: int, task: Task) -> None:
        """Take a task back that was not done: it is the next to be given out."""
        self._returned.append((number, task))

    def _shared(self, now: float) -> _Group[Task] | None:
        """Return the latter half of the largest group that is worth it, of what is left of it."""
        most = max(
            (group for group in self._held.values() if group.is_worth_sharing(now)),
            key=lambda group: len(group.tasks),
            default=None,
        )
        if most is None or not most.tasks:
            return None
        half = _Group[Task]()
        for _ in range((len(most.tasks) + 1) // 2):
            half.tasks.appendleft(most.tasks.pop())
        return half
