"""`alone`: one process at a time writes a file or a folder."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from veedor.errors import VeedorError

_NO_LINK = getattr(os, "O_NOFOLLOW", 0)


@contextmanager
def alone(path: Path, busy: VeedorError) -> Iterator[None]:
    """Hold the right to write `path`; the system takes it back when the process ends, or dies.

    Parameters
    ----------
    path : Path
        The lock is ``.NAME.lock`` beside it; a link in its place is not followed.
    busy : VeedorError
        Raised if another process holds it.
    """
    lock = lock_of(path)
    lock.parent.mkdir(parents=True, exist_ok=True)
    handle = held(lock)
    if handle is None:
        raise busy
    try:
        yield
    finally:
        release(handle, lock)


def lock_of(path: Path) -> Path:
    """Where the lock of a file or folder is."""
    return path.with_name(f".{path.name}.lock")


def held(lock: Path) -> int | None:
    """Take a lock, made where it is not there; None where another process holds it."""
    while True:
        handle = os.open(lock, os.O_RDWR | os.O_CREAT | _NO_LINK, 0o600)
        try:
            _take(handle)
        except OSError:
            os.close(handle)
            return None
        if _is_there(handle, lock):
            return handle
        os.close(handle)  # its holder removed it between our opening and our taking it


def release(handle: int, lock: Path) -> None:
    """Give a lock back, and remove it."""
    if sys.platform == "win32":
        os.close(handle)
        lock.unlink(missing_ok=True)
    else:
        lock.unlink(missing_ok=True)
        os.close(handle)


def _is_there(handle: int, lock: Path) -> bool:
    try:
        return os.path.samestat(os.fstat(handle), lock.stat())
    except FileNotFoundError:
        return False


if sys.platform == "win32":
    import msvcrt

    def _take(handle: int) -> None:
        msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)
else:
    import fcntl

    def _take(handle: int) -> None:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
