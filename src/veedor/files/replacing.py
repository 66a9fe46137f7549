"""Files that are replaced whole or not at all, read within bounds, and known by their hash."""

from __future__ import annotations

import glob
import hashlib
import os
import secrets
import stat
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import msgspec

from veedor.errors import StudyError, UnreadableError, phrase
from veedor.files.locks import held

#: Ending of what `replacing` is writing; others have their own, to go on from.
_PARTIAL = ".new.part"


@contextmanager
def replacing(path: Path, mode: int = 0o644) -> Iterator[Path]:
    """Write a file beside its place and move it there only when it is complete.

    A link, folder, device or pipe in its place is refused, never followed or replaced. What a
    killed process left beside it is cleared.

    Parameters
    ----------
    path : Path
    mode : int
        Who may read it.

    Yields
    ------
    Path
        A new file in the same folder, to be written. On any error, Ctrl-C included, it is
        removed and the old file stays as it was.

    Raises
    ------
    StudyError
        If something else than a plain file is in its place.
    """
    require_replaceable(path)
    path.parent.mkdir(parents=True, exist_ok=True)
    _clear(path)
    partial, handle = _begun(path)
    try:
        yield partial
        with partial.open("rb") as written:
            os.fsync(written.fileno())
        partial.chmod(mode)
        partial.replace(path)
    except BaseException:
        partial.unlink(missing_ok=True)
        raise
    finally:
        os.close(handle)


def _begun(path: Path) -> tuple[Path, int]:
    """Make a new file beside `path`, held for as long as its handle is open."""
    while True:
        partial = path.with_name(f".{path.name}.{secrets.token_hex(4)}{_PARTIAL}")
        if sys.platform == "win32":  # what is held cannot be written to there
            return partial, os.open(partial, os.O_RDWR | os.O_CREAT | os.O_EXCL)
        handle = held(partial)
        if handle is not None:
            return partial, handle


def require_replaceable(path: Path) -> None:
    """Refuse a place where something else is than a plain file; nothing there is fine.

    Raises
    ------
    StudyError
    """
    try:
        mode = path.lstat().st_mode
    except (FileNotFoundError, NotADirectoryError):
        return
    if not stat.S_ISREG(mode):
        raise StudyError(
            "A file must be written to a new place, or over a plain file.",
            found=phrase("a link")
            if stat.S_ISLNK(mode)
            else phrase("a folder, a device or a pipe"),
            where=str(path),
            remedy="name another file, or the place itself that the link leads to",
        )


def _clear(path: Path) -> None:
    """Remove what killed processes left of an unfinished file, and what was made beside it."""
    if sys.platform == "win32":
        return
    for left in path.parent.glob(f".{glob.escape(path.name)}.*{_PARTIAL}"):
        if left.is_symlink():
            continue
        handle = held(left)
        if handle is None:
            continue  # another process is writing it
        try:
            for one in left.parent.glob(f"{glob.escape(left.stem)}.*"):
                one.unlink(missing_ok=True)
        finally:
            os.close(handle)


def content(path: Path, most_bytes: int, what: str) -> bytes:
    """Return the bytes of a plain file that is not too large for what it is.

    Parameters
    ----------
    path : Path
    most_bytes : int
    what : str
        What it is, with its article, for the error.

    Raises
    ------
    UnreadableError
        If it is a device or a pipe, which may have no end, or larger.
    OSError
        If it is not there or cannot be read.
    """
    require_readable(path, what)
    with path.open("rb") as stream:
        data = stream.read(most_bytes + 1)
    if len(data) > most_bytes:
        raise UnreadableError(
            phrase(
                "{what} must hold at most {most_bytes} MiB.", what=what, most_bytes=most_bytes >> 20
            ),
            found=phrase("more"),
            where=str(path),
        )
    return data


def require_readable(path: Path, what: str) -> None:
    """Refuse a folder, device or pipe, which may have no end; `what` it is, with its article.

    Raises
    ------
    UnreadableError
    OSError
        If there is nothing.
    """
    if not stat.S_ISREG(path.stat().st_mode):
        raise UnreadableError(
            phrase("{what} must be a plain file.", what=what),
            found=phrase("a folder, a device or a pipe"),
            where=str(path),
        )


class HashedFile(msgspec.Struct, frozen=True):
    """A file that was read or written: its name, hash and size."""

    name: str
    sha256: str
    bytes: int

    @classmethod
    def of(cls, path: Path, name: str) -> HashedFile:
        """Hash a file, under a name."""
        return cls(name, sha256(path), path.stat().st_size)


def sha256(path: Path) -> str:
    """Hash of a file's bytes, read in pieces."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()
