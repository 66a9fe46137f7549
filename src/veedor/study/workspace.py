"""The folder a command works in, one command a study at a time."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock, Timeout

from veedor.errors import StudyError

WORK = ".veedor"


@contextmanager
def temporary_workspace(folder: Path) -> Iterator[Path]:
    """Yield a folder for temporary files, removed at the end; one process a study at a time.

    Raises
    ------
    StudyError
        If another process works on the study.
    """
    work = folder / WORK
    work.mkdir(parents=True, exist_ok=True)
    lock = FileLock(work / "lock", timeout=0)
    try:
        lock.acquire()
    except Timeout as error:
        raise StudyError(
            "Only one command may work on a study at a time.",
            found="another one that has not ended",
            where=folder.name,
            remedy="wait for it to end, or stop it",
        ) from error
    try:
        for left in work.glob("reading-*"):
            shutil.rmtree(left, ignore_errors=True)
        with tempfile.TemporaryDirectory(prefix="reading-", dir=work) as name:
            yield Path(name)
    finally:
        (work / "lock").unlink(missing_ok=True)
        lock.release()
        if work.exists() and not any(work.iterdir()):
            work.rmdir()
