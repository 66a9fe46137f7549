"""Temporary copies: gone at the end, and those of killed processes at the next start."""

from __future__ import annotations

import os
import secrets
import shutil
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from veedor.files.locks import held, release

_PREFIX = "veedor-"


@contextmanager
def temporary_folder(beside: Path | None = None) -> Iterator[Path]:
    """Yield a folder that only its user may read, removed at the end, whatever comes.

    While it is in use its lock is held, so what a killed process left, which may be copies of
    anyone's records, is known and removed by the next.

    Parameters
    ----------
    beside : Path, optional
        Existing folder to make it in; the system's where not given.
    """
    parent = Path(tempfile.gettempdir()) if beside is None else beside
    _clear(parent)
    handle = None
    while handle is None:
        folder = parent / f"{_PREFIX}{secrets.token_hex(6)}"
        handle = held(_lock(folder))
    try:
        folder.mkdir(mode=0o700)
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)
        release(handle, _lock(folder))


def _lock(folder: Path) -> Path:
    return folder.with_name(folder.name + ".lock")


def _clear(parent: Path) -> None:
    """Remove the folders whose lock nobody holds; the lock is there before the folder is."""
    for lock in parent.glob(f"{_PREFIX}*.lock"):
        try:
            if lock.is_symlink() or not _is_mine(lock):
                continue
            handle = held(lock)
        except OSError:
            continue
        if handle is None:
            continue
        folder = lock.with_suffix("")
        if folder.is_dir() and not folder.is_symlink() and _is_mine(folder):
            shutil.rmtree(folder, ignore_errors=True)
        release(handle, lock)


def _is_mine(path: Path) -> bool:
    return sys.platform == "win32" or path.lstat().st_uid == os.getuid()
