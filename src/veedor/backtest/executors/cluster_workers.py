"""`Workers`: who is there, once it is known that each is fit for a run."""

from __future__ import annotations

import asyncio
import time
from typing import Any

from veedor.backtest.executors.cluster_worker import require_same
from veedor.backtest.installed import installed_here
from veedor.errors import ClusterError, phrase

_SECONDS_BETWEEN = 1.0
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
        self._asked: dict[asyncio.Task[Any], list[str]] = {}
        self._names: list[str] = []
        self._looked = -_SECONDS_BETWEEN
        self._seen = time.monotonic()

    async def first(self) -> list[str]:
        """Wait until there is a worker, and all that are there were heard.

        A cluster that grows as it is needed begins one.

        Raises
        ------
        ClusterError
        """
        needed = self.client.submit(int, pure=False)
        while not (names := await self.names()) or self._asked:
            await asyncio.sleep(0.1)
        del needed
        return names

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
            asked_of = {name for names in self._asked.values() for name in names}
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
        """Ask workers what they have installed, without waiting for the answer."""
        for name, n in threads.items():
            if n != 1:
                raise ClusterError(
                    "Workers must run one task at a time.",
                    found=phrase("{n} threads", n=n),
                    where=name,
                    remedy="start them with --nworkers -1 --nthreads 1: processes, not threads",
                )
        if threads:
            answers = self.client.run(installed_here, workers=[*threads], on_error="return")
            asked = asyncio.ensure_future(asyncio.wait_for(answers, ANSWERS))
            asked.add_done_callback(heard)
            self._asked[asked] = [*threads]

    def _hear(self, asked: asyncio.Task[Any], names: list[str]) -> None:
        try:
            answers = asked.result()
        except OSError:
            return
        for name in names:
            answer = answers.get(name, OSError())
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
