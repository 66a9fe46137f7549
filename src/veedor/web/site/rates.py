"""How often something may be done, counted for all processes of a server in memory they share.

Each who is counted has a bucket of so many requests, filled again evenly within a minute; of it one
number is kept: when it will be full again (the generic cell rate algorithm). The table has a fixed
size and nothing is written to a disk: a request costs some microseconds. Whoever imports this
before its processes are made shares it with them.
"""

from __future__ import annotations

import fcntl
import hashlib
import mmap
import secrets
import struct
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

_MINUTE_S = 60.0
#: Of each who is counted: 64 bits that tell who, and when the bucket is full again.
_SLOT = struct.Struct("=Qd")
#: Slots, and those among which one is taken: a full row loses whose bucket is fullest.
SLOTS, _ROW = 1 << 16, 8


class Rates:
    """A table of buckets.

    Parameters
    ----------
    slots : int
        A power of two.
    """

    def __init__(self, slots: int = SLOTS) -> None:
        self._rows = slots // _ROW
        self._memory = mmap.mmap(-1, slots * _SLOT.size)
        self._secret = secrets.token_bytes(16)  # so that nobody chooses whose slot theirs is
        self._threads = threading.Lock()
        self._lock, name = tempfile.mkstemp(prefix="veedor-rates-")
        Path(name).unlink()  # it is there for as long as a process is

    def wait(self, who: str, a_minute: int, now: float | None = None) -> float:
        """Take one from a bucket; return 0.0, or in how many seconds there will be one.

        Parameters
        ----------
        who : str
            And what is counted.
        a_minute : int
            How many a bucket holds, and is given in a minute.
        now : float, optional
            Seconds of the clock that all processes have.
        """
        digest = hashlib.blake2b(who.encode(), digest_size=16, key=self._secret).digest()
        row, tag = struct.unpack("=QQ", digest)
        begin = (row % self._rows) * _ROW * _SLOT.size
        at = time.monotonic() if now is None else now
        each = _MINUTE_S / a_minute
        with self._alone():
            place, full_at = self._found(begin, tag, at)
            later = full_at + each - at - _MINUTE_S
            if later > 1e-9:
                return later
            _SLOT.pack_into(self._memory, place, tag, full_at + each)
        return 0.0

    def _found(self, begin: int, tag: int, at: float) -> tuple[int, float]:
        """Find where a bucket is, and when it is full again; where there is none, the fullest."""
        slots = [
            (full_at, begin + n * _SLOT.size, known)
            for n, (known, full_at) in enumerate(
                _SLOT.iter_unpack(self._memory[begin : begin + _ROW * _SLOT.size])
            )
        ]
        for full_at, place, known in slots:
            if known == tag:
                return place, max(full_at, at)
        return min(slots)[1], at

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """Keep out other threads, and other processes; those that die keep nobody out."""
        with self._threads:
            fcntl.lockf(self._lock, fcntl.LOCK_EX)
            try:
                yield
            finally:
                fcntl.lockf(self._lock, fcntl.LOCK_UN)


#: Of this process, and those that are copied of it.
RATES = Rates()
