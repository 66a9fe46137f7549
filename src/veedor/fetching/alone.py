"""`alone`: one process at a time writes a file."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from veedor.errors import FetchError


@contextmanager
def alone(out: Path) -> Iterator[None]:
    """Hold the right to write a file; the system takes it back when the process ends, or dies.

    Raises
    ------
    FetchError
        If another process holds it.
    """
    path = out.with_name(f".{out.name}.lock")
    path.parent.mkdir(parents=True, exist_ok=True)
    while True:
        handle = os.open(path, os.O_RDWR | os.O_CREAT, 0o644)
        try:
            _take(handle)
        except OSError as error:
            os.close(handle)
            raise FetchError(
                "Only one fetch may write a file at a time.",
                found="another one that is running",
                where=out.name,
                remedy="wait for it to end, or name another file with --out",
            ) from error
        if _is_there(handle, path):
            break
        os.close(handle)  # its holder removed it between our opening and our taking it
    try:
        yield
    finally:
        if sys.platform == "win32":
            os.close(handle)
            path.unlink(missing_ok=True)
        else:
            path.unlink(missing_ok=True)
            os.close(handle)


def _is_there(handle: int, path: Path) -> bool:
    try:
        return os.path.samestat(os.fstat(handle), path.stat())
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
