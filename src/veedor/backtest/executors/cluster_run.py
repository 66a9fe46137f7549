"""One run on a dask cluster: its tasks are given out, watched, and given out again."""

from __future__ import annotations

import asyncio
import logging
import secrets
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import Any, Generic

import cloudpickle
import dask
from distributed import Client, KilledWorker

from veedor.backtest.executors.cluster_worker import perform
from veedor.backtest.executors.cluster_workers import ANSWERS, Workers, heard
from veedor.backtest.executors.contract import Task
from veedor.backtest.executors.dealing import Deal
from veedor.backtest.executors.store import Carried, carried
from veedor.backtest.installed import installed_here
from veedor.errors import ClusterError, phrase

#: Tasks that a worker has: one that it is at, and one that it need not wait for.
_AT_ONCE = 2
#: Of a task; with a worker it is lost twice over, since it may be what ended it.
_MOST_LOSSES, _WITH_ITS_WORKER = 12, 2
_FIRST_SECONDS = 30.0
#: A task is late, and done once more, after so many times the longest that is done, and seconds.
_LATE, _LATE_SECONDS = 3.0, 5.0
#: What is shared does not reach a worker, after so many times what sharing it took, and seconds.
_STALLED, _STALLED_SECONDS = 10.0, 20.0


@dataclass(frozen=True)
class Ended:
    """That a run is over, and the error that ended it."""

    error: BaseException | None = None


@dataclass(frozen=True)
class _Out(Generic[Task]):
    """A task that a worker has."""

    number: int
    task: Task
    worker: str
    since: float


class _LostError(Exception):
    """The scheduler, or what was shared, is gone."""


class _FailedError(Exception):
    """A task, or what yields the tasks, raised an error of its own."""

    def __init__(self, error: BaseException) -> None:
        super().__init__(str(error))
        self.error = error


class _UnreachableError(Exception):
    """A result is on a worker that is gone, or does not answer."""


class ClusterRun(Generic[Task]):
    """Runs the tasks of a deal on a cluster, in a thread of its own.

    Parameters
    ----------
    address : str
    known : tuple
        The function, and what is shared.
    deal : Deal
    store : str or None
        Of this run alone.
    patience : float
    tell : callable
        Is given each result, as it was carried, and then an `Ended`.
    """

    def __init__(
        self,
        address: str,
        known: tuple[Any, Any],
        deal: Deal[Task],
        store: str | None,
        patience: float,
        tell: Callable[[Carried | Ended], None],
    ) -> None:
        self.address = address
        self.known = known
        self.deal = deal
        self.store = store
        self.patience = patience
        self.tell = tell
        self._out: dict[asyncio.Task[Any], _Out[Task]] = {}
        self._over: asyncio.Queue[asyncio.Task[Any]] = asyncio.Queue()
        self._busy: Counter[str] = Counter()
        self._losses: Counter[int] = Counter()
        self._finished: set[int] = set()
        self._longest = 0.0
        self._looked = 0.0
        self._loop = asyncio.new_event_loop()
        self._sessions = 0

    def main(self) -> None:
        """Run until all is done, something ends it, or `cancel`."""
        ended = Ended()
        try:
            # What a task takes along may be large, and is sent once; what is lost is told below.
            large = {"distributed.admin.large-graph-warning-threshold": "1 TiB"}
            with dask.config.set(large), _quiet("distributed.client"):
                self._running = self._loop.create_task(self._all())
                self._loop.run_until_complete(self._running)
        except asyncio.CancelledError:
            pass
        except _FailedError as failed:
            ended = Ended(failed.error)
        except BaseException as error:  # noqa: BLE001 - raised where it was asked
            ended = Ended(error)
        finally:
            self._loop.close()
            self.tell(ended)

    def cancel(self) -> None:
        """Let go of all that is queued, from any thread."""
        with suppress(RuntimeError):  # it is over
            self._loop.call_soon_threadsafe(lambda: self._running.cancel())

    async def _all(self) -> None:
        """Go on with another connection wherever one is lost."""
        patience, fruitless = min(_FIRST_SECONDS, self.patience), 0
        while True:
            client, done = await self._connected(patience), len(self._finished)
            try:
                await self._session(client)
            except (_LostError, OSError) as error:
                fruitless = fruitless + 1 if len(self._finished) == done else 0
                if fruitless > _MOST_LOSSES:
                    raise _no_scheduler(self.address, error) from error
            else:
                return
            finally:
                self._take_back()
                await _closed(client)
            patience = self.patience

    async def _connected(self, patience: float) -> Any:
        """Return a connection to the scheduler, as soon as there is one."""
        began = time.monotonic()
        while True:
            client = None
            try:
                client = Client(  # type: ignore[no-untyped-call]
                    self.address, asynchronous=True, set_as_default=False, timeout=patience
                )
                return await client
            except OSError as error:
                await _closed(client)
                if time.monotonic() - began > patience:
                    raise _no_scheduler(self.address, error) from error
            except (ValueError, TypeError, RuntimeError) as error:
                await _closed(client)
                raise _no_scheduler(self.address, error) from error
            await asyncio.sleep(0.5)

    async def _session(self, client: Any) -> None:
        """Give tasks out, over one connection, until all are done."""
        workers = Workers(client, self.patience)
        names, began = await workers.first(), time.monotonic()
        shared = await asyncio.wait_for(self._share(client, names), self.patience)
        stalled = max(_STALLED_SECONDS, _STALLED * (time.monotonic() - began))
        while True:
            names = await workers.names()
            self._lose_gone(workers)
            self._give(client, shared, names)
            if not self._out and not self.deal.may_give:
                return
            await self._require_reached(client, shared, stalled)
            with suppress(TimeoutError):
                self._over.put_nowait(await asyncio.wait_for(self._over.get(), 1.0))
            while not self._over.empty():
                self._take(self._over.get_nowait())

    async def _require_reached(self, client: Any, shared: Any, stalled: float) -> None:
        """Begin anew where a worker waits for what is shared, and none that has it answers.

        A scheduler lets go of copies that no task waits for; the last may be on a worker that was
        stopped, which counts as there.
        """
        now = time.monotonic()
        late = {one.worker for one in self._out.values() if now - one.since > stalled}
        if self.store is not None or not late or now - self._looked < stalled:
            return
        answer = await asyncio.wait_for(client.who_has([shared]), ANSWERS)
        having = {name for names in answer.values() for name in names}
        if late <= having:
            return
        self._looked = now
        if not any(await asyncio.gather(*(_answers(client, name) for name in having))):
            raise _LostError("what is shared does not reach a worker")

    async def _share(self, client: Any, names: list[str]) -> Any:
        """Send the function and what is shared: to two workers, from which the others have it."""
        if self.store is not None:
            data = cloudpickle.dumps(self.known, protocol=5)
            return await asyncio.to_thread(carried, data, self.store)
        self._sessions += 1
        begin = self._sessions % len(names)
        two = [*names[begin:], *names[:begin]][:2]
        (future,) = await client.scatter([self.known], hash=False, workers=two, broadcast=True)
        return future

    def _give(self, client: Any, shared: Any, names: list[str]) -> None:
        """Give workers what they have room for; those with nothing to do, what is late elsewhere.

        Every worker has one task before any has two.
        """
        for most in range(1, _AT_ONCE + 1):
            for name in names:
                if self._busy[name] < most:
                    given = self._taken(name)
                    if given is not None:
                        self._begin(client, shared, name, *given)
        idle = [name for name in names if not self._busy[name]]
        for name, late in zip(idle, self._late() if idle else [], strict=False):
            self._begin(client, shared, name, late.number, late.task)

    def _taken(self, worker: str) -> tuple[int, Task] | None:
        try:
            return self.deal.take(worker)
        except Exception as error:  # what yields the tasks is not ours
            raise _FailedError(error) from error

    def _late(self) -> list[_Out[Task]]:
        """Return tasks that are out once, for far longer than others took, the latest first."""
        now, late = time.monotonic(), max(_LATE_SECONDS, _LATE * self._longest)
        times = Counter(one.number for one in self._out.values())
        out = (one for one in self._out.values() if times[one.number] == 1)
        return sorted((one for one in out if now - one.since > late), key=lambda one: one.since)

    def _begin(self, client: Any, shared: Any, worker: str, number: int, task: Task) -> None:
        running = asyncio.create_task(self._result(client, shared, worker, task))
        running.add_done_callback(heard)
        running.add_done_callback(self._over.put_nowait)
        self._out[running] = _Out(number, task, worker, time.monotonic())
        self._busy[worker] += 1

    async def _result(self, client: Any, shared: Any, worker: str, task: Task) -> Any:
        data = cloudpickle.dumps(task, protocol=5)
        packed = await asyncio.to_thread(carried, data, self.store)
        future = client.submit(
            perform,
            installed_here(),
            shared,
            packed,
            self.store,
            key=f"veedor-{secrets.token_hex(8)}",
            workers=[worker],  # and no other: the scheduler would have one that stopped steal it
            pure=False,
        )
        error = await future.exception()
        if error is not None:
            raise error
        if future.status != "finished":
            raise _LostError(future.status)
        # Not `result`, which waits for the results of all workers where one does not answer.
        try:
            got = await asyncio.wait_for(client.scheduler.gather(keys=[future.key]), ANSWERS)
        except TimeoutError as late:
            raise _UnreachableError("its worker does not answer") from late
        if got["status"] != "OK":
            raise _UnreachableError("its worker is gone")
        return got["data"][future.key]

    def _take(self, running: asyncio.Task[Any]) -> None:
        """Hand a result on; give a task out again whose worker was lost."""
        one = self._out.pop(running, None)
        if one is None:
            return  # of an earlier connection
        self._busy[one.worker] -= 1
        try:
            answer = running.result()
        except asyncio.CancelledError:
            return  # another worker was first
        except (KilledWorker, _UnreachableError) as error:
            self._lose(one, _WITH_ITS_WORKER if isinstance(error, KilledWorker) else 1, error)
            return
        except (_LostError, OSError) as error:
            self._lose(one, 1, error)
            raise _LostError(str(error)) from error
        except Exception as error:
            raise ClusterError(
                "Workers must be able to run what they are given.",
                found=phrase("{kind}: {error}", kind=type(error).__name__, error=error),
                where=one.worker,
                remedy="install the same version of veedor, and of what it needs, on every worker",
            ) from error
        done, value = answer
        if not done:
            raise _FailedError(value)
        if one.number not in self._finished:
            self._finished.add(one.number)
            self._longest = max(self._longest, time.monotonic() - one.since)
            self.tell(value)
        for other, out in self._out.items():
            if out.number == one.number:
                other.cancel()

    def _lose_gone(self, workers: Workers) -> None:
        """Take back what workers had that are gone."""
        for running, one in [*self._out.items()]:
            if not workers.has(one.worker):
                del self._out[running]
                running.cancel()
                self._busy[one.worker] -= 1
                self._lose(one, _WITH_ITS_WORKER, _UnreachableError("its worker is gone"))

    def _lose(self, one: _Out[Task], times: int, error: Exception) -> None:
        """Give a task back, unless it is done, or was lost too often."""
        self._losses[one.number] += times
        if self._losses[one.number] > _MOST_LOSSES:
            raise ClusterError(
                "A cluster must finish a task that it began.",
                found=phrase(
                    "a task lost {times} times, the last time: {error}",
                    times=self._losses[one.number],
                    error=error,
                ),
                where=self.address,
                remedy="read the logs of its workers: often the system ends them for want of "
                "memory; give them more, and fewer to a machine",
            ) from error
        if one.number not in self._finished and all(
            other.number != one.number for other in self._out.values()
        ):
            self.deal.give_back(one.number, one.task)

    def _take_back(self) -> None:
        """Take back all that is out, since nobody waits for it any more."""
        out = {one.number: one.task for one in self._out.values()}
        for running in self._out:
            running.cancel()
        self._out.clear()
        self._busy.clear()
        for number, task in out.items():
            if number not in self._finished:
                self.deal.give_back(number, task)


async def _answers(client: Any, name: str) -> bool:
    """Tell whether a worker answers, which one that is at a task does too."""
    asked = client.run(int, workers=[name], on_error="return")
    try:
        return bool((await asyncio.wait_for(asked, ANSWERS)).get(name) == 0)
    except OSError:
        return False


async def _closed(client: Any) -> None:
    """Close a connection, or what was to become one."""
    with suppress(Exception):
        await asyncio.wait_for(client.close(), 5.0)


@contextmanager
def _quiet(name: str) -> Iterator[None]:
    logger = logging.getLogger(name)
    before = logger.level
    logger.setLevel(logging.CRITICAL)
    try:
        yield
    finally:
        logger.setLevel(before)


def _no_scheduler(address: str, error: Exception) -> ClusterError:
    return ClusterError(
        "There must be a dask scheduler.",
        found=phrase("{kind}: {error}", kind=type(error).__name__, error=error),
        where=address,
        remedy="name its address, as tcp://10.0.0.1:8786, and run the same command again: what was "
        "finished is kept",
    )
