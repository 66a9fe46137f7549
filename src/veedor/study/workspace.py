"""The folder a command works in, one command a study at a time."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from veedor.errors import StudyError, phrase
from veedor.files.locks import held, release
from veedor.files.temporary import temporary_folder

WORK = ".veedor"


@contextmanager
def temporary_workspace(folder: Path) -> Iterator[Path]:
    """Yield a folder for temporary files, removed at the end; one process a study at a time.

    Raises
    ------
    StudyError
        If another process works on the study, or ``.veedor`` is a link, which is not followed.
    """
    work = folder / WORK
    if work.is_symlink() or (work.exists() and not work.is_dir()):
        raise StudyError(
            phrase("{work} of a study must be a folder of its own.", work=WORK),
            found=phrase("a link or a file"),
            where=str(work),
            remedy="remove it",
        )
    work.mkdir(parents=True, exist_ok=True)
    lock = work / "lock"
    if lock.is_symlink():
        lock.unlink()
    handle = held(lock)
    if handle is None:
        raise StudyError(
            "Only one command may work on a study at a time.",
            found=phrase("another one that has not ended"),
            where=folder.name,
            remedy="wait for it to end, or stop it",
        )
    try:
        with temporary_folder(work) as workspace:
            yield workspace
    finally:
        release(handle, lock)
        if work.exists() and not any(work.iterdir()):
            work.rmdir()
