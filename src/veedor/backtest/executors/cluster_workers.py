"""`Workers`: who is there, once it is known that each is fit for a run."""

from __future__ import annotations

import asyncio
import time
from typing import Any

from veedor.backtest.executors.cluster_worker import require_same
from veedor.backtest.installed import installed_here
from veedor.errors import ClusterError, phrase

_SECONDS_BETWEEN = 1.0
#: How long those are waited for that do not answer, once another does.
_FOR_THE_OTHERS = 5.0
#: What does not answer a question in so many seconds is asked again.
ANSWERS = 30.0


def heard(task: asyncio.Task[Any]) -> None:
    """Take note of how a task ended, where nobody waits for it any more."""
    if not task.cancelled():
        task.exception()


class Workers:
    """Workers of a cluster, as they come and go.

    Parameters
    ----------
    client : Client
    patience : float
        Seconds to wait for one.
    """

    def __init__(self, client: Any, patience: float) -> None:
        self.client = client
        self.patience = patience
        self._fit: set[str] = set()
        self._asked: dict[asyncio.Task[Any], str] = {}
        self._names: list[str] = []
        self._looked = -_SECONDS_BETWEEN
        self._seen = time.monotonic()

    async def first(self) -> list[str]:
        """Wait until there is a worker, and all that are there were heard, or do not answer.

        A cluster that grows as it is needed begins one.

        Raises
        ------
        ClusterError
        """
        needed = self.client.submit(int, pure=False)
        since = None
        while not (names := await self.names()) or self._asked:
            now = time.monotonic()
            since = now if names and since is None else since
            if since is not None and now - since > _FOR_THE_OTHERS:
                break
            await asyncio.sleep(0.1)
        del needed
        return names

    def has(self, name: str) -> bool:
        """Tell whether a worker was there when the scheduler was last asked."""
        return name in self._names

    async def names(self) -> list[str]:
        """Return the addresses of the workers that are there, and fit.

        Raises
        ------
        ClusterError
            If there was none for too long, or one is not fit.
        OSError
            If the scheduler does not answer.
        """
        for asked in [one for one in self._asked if one.done()]:
            self._hear(asked, self._asked.pop(asked))
        now = time.monotonic()
        if now - self._looked >= _SECONDS_BETWEEN:
            threads: dict[str, int] = await asyncio.wait_for(self.client.nthreads(), ANSWERS)
            asked_of = {*self._asked.values()}
            self._ask({n: threads[n] for n in threads if n not in self._fit | asked_of})
            self._names, self._looked = sorted(threads), now
        fit = [name for name in self._names if name in self._fit]
        if fit:
            self._seen = now
        elif now - self._seen > self.patience:
            raise ClusterError(
                "A cluster must have workers.",
                found=phrase("none for {seconds:.0f} seconds", seconds=now - self._seen),
                where=self.client.scheduler.address,
                remedy="start some: dask worker ADDRESS --nworkers -1 --nthreads 1",
            )
        return fit

    def _ask(self, threads: dict[str, int]) -> None:
        """Ask workers what they have installed, each by itself, without waiting for the answer."""
        for name, n in threads.items():
            if n != 1:
                raise ClusterError(
                    "Workers must run one task at a time.",
                    found=phrase("{n} threads", n=n),
                    where=name,
                    remedy="start them with --nworkers -1 --nthreads 1: processes, not threads",
                )
        for name in threads:
            answers = self.client.run(installed_here, workers=[name], on_error="return")
            asked = asyncio.ensure_future(asyncio.wait_for(answers, ANSWERS))
            asked.add_done_callback(heard)
            self._asked[asked] = name

    def _hear(self, asked: asyncio.Task[Any], name: str) -> None:
        try:
            answer = asked.result().get(name, OSError())
        except OSError:
            return
        if isinstance(answer, dict):
            require_same(installed_here(), answer, name)
            self._fit.add(name)
        elif not isinstance(answer, OSError):
            raise ClusterError(
                "Workers must have veedor, and dask of the same version.",
                found=phrase("{kind}: {error}", kind=type(answer).__name__, error=answer),
                where=name,
                remedy="install there what is installed here, from one file of constraints",
            )
