"""`DaskExecutor`: workers of a dask cluster, on whatever machines they are."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Generator, Hashable, Iterable
from pickle import loads
from queue import SimpleQueue
from threading import Thread
from typing import Any

from veedor.backtest.executors.cluster_run import ClusterRun, Ended
from veedor.backtest.executors.contract import Result, Shared, Task
from veedor.backtest.executors.dealing import Deal
from veedor.backtest.executors.store import Carried, content_of, opened

_SECONDS_TO_LET_GO = 15.0


class DaskExecutor:
    """Workers of a dask cluster, each of which must run one task at a time.

    What is shared goes to each worker once. Tasks that belong together go to one worker as long as
    that is not slower. A task is done again where its worker is lost, or late when all others are
    done, and all that was not finished where the scheduler is.

    Parameters
    ----------
    address : str
        Of the scheduler, as ``tcp://10.0.0.1:8786``; for ``tls://`` the certificates are those of
        dask's configuration. It is trusted as one trusts this program: what it sends is run.
    store : str, optional
        URL, as fsspec has them, of a folder that every machine sees: what is large goes there, and
        not through the scheduler. It is removed again.
    patience : float
        Seconds to wait for a scheduler that is gone, or for a worker.
    """

    def __init__(self, address: str, *, store: str | None = None, patience: float = 300.0) -> None:
        self.address = address
        self.store = store
        self.patience = patience

    def run(
        self,
        function: Callable[[Shared, Task], Result],
        shared: Shared,
        tasks: Iterable[Task],
        *,
        together: Callable[[Task], Hashable] | None = None,
    ) -> Generator[Result, None, None]:
        """Yield results as they are done; on an error, or Ctrl-C, what is queued is cancelled.

        Raises
        ------
        ClusterError
            If there is no scheduler or no worker, workers have other versions, or tasks are lost
            again and again.
        """
        found: SimpleQueue[Carried | Ended] = SimpleQueue()
        store = self.store and f"{self.store.rstrip('/')}/veedor-{secrets.token_hex(8)}"
        deal = Deal(tasks, together)
        with opened(store):  # until the last result is read from it
            run: ClusterRun[Task] = ClusterRun(
                self.address, (function, shared), deal, store, self.patience, found.put
            )
            thread = Thread(target=run.main, name="veedor-cluster", daemon=True)
            thread.start()
            try:
                while not isinstance(one := found.get(), Ended):
                    result: Any = loads(content_of(one))  # noqa: S301 - of workers that are trusted
                    yield result
                if one.error is not None:
                    raise one.error
            finally:
                run.cancel()
                thread.join(_SECONDS_TO_LET_GO)
