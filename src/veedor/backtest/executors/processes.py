"""`ProcessExecutor`: several processes on this machine."""

from __future__ import annotations

import os
import pickle
import signal
import traceback
from collections.abc import Callable, Generator, Hashable, Iterable
from multiprocessing.connection import Connection, wait
from pathlib import Path
from typing import Any

import cloudpickle
import joblib
from joblib.externals.loky.backend import get_context

from veedor.backtest.executors.contract import Result, Shared, Task
from veedor.backtest.executors.dealing import Deal
from veedor.backtest.executors.frozen import freeze, thaw
from veedor.files.temporary import temporary_folder

_THREADS = tuple(
    f"{name}_NUM_THREADS" for name in ("OMP", "OPENBLAS", "MKL", "BLIS", "NUMBA", "NUMEXPR")
)
#: Seconds after which a process without a task asks whether there is one for it now.
_ASKED_AGAIN = 1.0


class ProcessExecutor:
    """Several processes on this machine; large arrays are shared through memory-mapped files.

    Each process is given one task at a time, so that a result is here as soon as it is made, and
    keeps what is shared from one task to the next. It ends with this object, or this process.

    Parameters
    ----------
    workers : int
    """

    def __init__(self, workers: int) -> None:
        self.workers = workers
        self._processes: list[_Process] = []

    def run(
        self,
        function: Callable[[Shared, Task], Result],
        shared: Shared,
        tasks: Iterable[Task],
        *,
        together: Callable[[Task], Hashable] | None = None,
    ) -> Generator[Result, None, None]:
        """Yield results as they are done. An error, or Ctrl-C, ends the workers."""
        deal = Deal(tasks, together)
        at: dict[Connection, _Process] = {}
        idle: list[_Process] = []

        def begin(process: _Process) -> None:
            given = deal.take(process)
            if given is None:
                idle.append(process)
            else:
                process.give(given[1])
                at[process.connection] = process

        with temporary_folder() as folder:
            freeze((function, shared), folder)
            try:
                for number in range(self.workers):
                    if number == len(self._processes):
                        self._processes.append(_Process(self.workers))
                    self._processes[number].begin(folder)
                    begin(self._processes[number])
                while at:
                    for connection in wait([*at], _ASKED_AGAIN if idle and deal.holds else None):
                        process = at.pop(connection)  # type: ignore[call-overload]
                        result = process.answer()
                        begin(process)
                        yield result
                    waiting, idle[:] = [*idle], []
                    for process in waiting:
                        begin(process)
                for process in self._processes:
                    process.begin(None)
            except BaseException:
                for process in self._processes:
                    process.end()
                self._processes.clear()
                raise


class _Process:
    """A worker: what it is given, and what it answers.

    It is of loky's kind, which does not run the script that began it once more, as `spawn` does.
    """

    def __init__(self, workers: int) -> None:
        threads = str(max(1, joblib.cpu_count() // workers))
        env = {name: os.environ.get(name, threads) for name in _THREADS}
        context = get_context("loky")
        self.connection, theirs = context.Pipe()
        self._process = context.Process(target=_serve, args=(theirs,), env=env, daemon=True)
        self._process.start()
        theirs.close()

    def begin(self, folder: Path | None) -> None:
        """Have what is shared read from a folder, and what was before forgotten."""
        self.connection.send_bytes(pickle.dumps((folder, None)))

    def give(self, task: Any) -> None:
        """Have a task performed."""
        self.connection.send_bytes(pickle.dumps((None, cloudpickle.dumps(task))))

    def answer(self) -> Any:
        """Return what a task returned, or raise what it raised."""
        try:
            data = self.connection.recv_bytes()
        except (EOFError, ConnectionError):
            self._process.join()
            raise RuntimeError(
                f"A worker process was ended by something else (exit code "
                f"{self._process.exitcode}): often the system, for want of memory."
            ) from None
        done, value = pickle.loads(data)  # noqa: S301 - of our own process
        if not done:
            raise value
        return value

    def end(self) -> None:
        """End at once, in mid-task too."""
        self._process.terminate()
        self._process.join()
        self.connection.close()


def _serve(connection: Connection) -> None:
    """Perform tasks until the asking process is gone."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # that process ends this one
    known: Any = None
    while True:
        try:
            folder, task = pickle.loads(connection.recv_bytes())  # noqa: S301 - of our own process
        except (EOFError, ConnectionError):
            return
        if task is None:
            known = None if folder is None else thaw(folder)
            continue
        try:
            function, shared = known
            answer = pickle.dumps((True, function(shared, pickle.loads(task))))  # noqa: S301
        except BaseException as error:  # noqa: BLE001 - raised where it was asked
            error.add_note(traceback.format_exc())
            answer = cloudpickle.dumps((False, error))
        try:
            connection.send_bytes(answer)
        except (BrokenPipeError, ConnectionError):
            return
