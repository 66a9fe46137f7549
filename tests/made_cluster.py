"""A dask scheduler and workers in processes of their own, to be killed and started again."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Event, Thread
from types import TracebackType

import veedor

ROOT = Path(__file__).parents[1]
SOURCE = Path(veedor.__file__).parents[1]


class Cluster:
    """A scheduler at one address, and workers that come and go."""

    def __init__(self, logs: Path) -> None:
        self.logs = logs
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self.address = f"tcp://127.0.0.1:{self.port}"
        self.workers: list[subprocess.Popen[bytes]] = []
        self.start_scheduler()

    def start_scheduler(self) -> None:
        """Start a scheduler, always at the same address."""
        self.scheduler = self._started(
            *("scheduler", "--host", "127.0.0.1", "--port", str(self.port), "--no-dashboard")
        )

    def wait_for_scheduler(self) -> None:
        """Return once it listens."""
        while True:
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", self.port)) == 0:
                    return
            time.sleep(0.1)

    def kill_scheduler(self) -> None:
        """Kill the scheduler; its workers end by themselves."""
        self.scheduler.kill()
        self.scheduler.wait()

    def start_worker(self, threads: int = 1, path: Path | None = None) -> None:
        """Start a worker; `path` comes before all places that it imports from."""
        given = ("--nthreads", str(threads), "--no-nanny", "--no-dashboard")
        self.workers.append(self._started("worker", self.address, *given, path=path))

    def kill_worker(self, number: int) -> None:
        """Kill a worker, as the system does for want of memory."""
        self.workers[number].kill()
        self.workers[number].wait()

    def stop_worker(self, number: int) -> None:
        """Stop a worker in its tracks: it holds what it has, and does nothing."""
        self.workers[number].send_signal(signal.SIGSTOP)

    @contextmanager
    def supervised(self, workers: int) -> Iterator[None]:
        """Start workers, and the scheduler, in place of those that ended, as a supervisor does."""
        over = Event()

        def supervise() -> None:
            while not over.is_set():
                if self.scheduler.poll() is not None:
                    self.start_scheduler()
                self.workers = [one for one in self.workers if one.poll() is None]
                while len(self.workers) < workers:
                    self.start_worker()
                over.wait(0.2)

        thread = Thread(target=supervise)
        thread.start()
        try:
            yield
        finally:
            over.set()
            thread.join()

    def _started(
        self, what: str, *options: str, path: Path | None = None
    ) -> subprocess.Popen[bytes]:
        places = [str(one) for one in (path, SOURCE, ROOT) if one is not None]
        with (self.logs / f"{what}.log").open("ab") as log:
            return subprocess.Popen(
                [sys.executable, "-m", f"distributed.cli.dask_{what}", *options],
                stdout=log,
                stderr=log,
                env={**os.environ, "PYTHONPATH": os.pathsep.join(places)},
                cwd=self.logs,
            )

    def __enter__(self) -> Cluster:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        where: TracebackType | None,
    ) -> None:
        for process in (*self.workers, self.scheduler):
            process.kill()
            process.wait()
