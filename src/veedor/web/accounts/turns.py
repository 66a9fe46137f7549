"""One password at a time: hashing one takes a processor longer than hundreds of pages.

Limits by address do not bound what many addresses ask for. Without a bound on all of them, what is
tried faster than it can be hashed waits in a line that only grows, before everything else that the
site is asked. Whoever imports this before its processes are made shares the turn with them.
"""

from __future__ import annotations

import fcntl
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

#: Of one process: how many wait for their turn, and for how long.
_WAITING, _PATIENCE_S = 1, 2.0
_LOOK_S = 0.01


class CrowdedError(Exception):
    """So many passwords are tried that this one could not be; it counts as no attempt."""


class Turns:
    """Lets one thread of all processes in at a time.

    Parameters
    ----------
    patience_s : float
        Whoever waited for so long goes.
    """

    def __init__(self, patience_s: float = _PATIENCE_S) -> None:
        self._patience_s = patience_s
        self._room = threading.BoundedSemaphore(1 + _WAITING)
        self._threads = threading.Lock()
        self._lock, name = tempfile.mkstemp(prefix="veedor-turns-")
        Path(name).unlink()  # it is there for as long as a process is

    @contextmanager
    def taken(self) -> Iterator[None]:
        """Have the turn.

        Raises
        ------
        CrowdedError
            If others wait already, or none came in time.
        """
        until = time.monotonic() + self._patience_s
        if not self._room.acquire(blocking=False):
            raise CrowdedError
        try:
            if not self._threads.acquire(timeout=self._patience_s):
                raise CrowdedError
            try:
                self._take(until)
                try:
                    yield
                finally:
                    fcntl.lockf(self._lock, fcntl.LOCK_UN)
            finally:
                self._threads.release()
        finally:
            self._room.release()

    def _take(self, until: float) -> None:
        """Keep out other processes; those that die keep nobody out."""
        while True:
            try:
                fcntl.lockf(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                if time.monotonic() > until:
                    raise CrowdedError from None
                time.sleep(_LOOK_S)
            else:
                return


#: Of this process, and those that are copied of it.
TURNS = Turns()
