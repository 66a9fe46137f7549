"""Folders that are replaced whole or not at all, and only where they are one's own.

A folder that a command writes holds ``manifest.json``, which lists the files in it. A folder is
replaced where it is new, empty, or holds nothing but what its manifest lists; what is anyone
else's is never replaced, removed or followed.
"""

from __future__ import annotations

import ctypes
import errno
import glob
import os
import secrets
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import msgspec

import veedor
from veedor.errors import StudyError, VeedorError, phrase
from veedor.files.json_file import write_json
from veedor.files.locks import alone, held, lock_of, release
from veedor.files.replacing import HashedFile, content, sha256
from veedor.files.sealed import Seals, key

MANIFEST = "manifest.json"
QUALITY = "quality.json"
#: A file of results that veedor reads again is smaller.
MOST_BYTES = 256 << 20
#: What systems put into folders that people look at.
_SYSTEM = frozenset((".DS_Store", "Thumbs.db", "desktop.ini"))
_NEW, _OLD = "veedor-new", "veedor-old"


class Manifest(msgspec.Struct, frozen=True, kw_only=True):
    """What ``manifest.json`` says of a folder: who wrote it, and every other file in it."""

    veedor: str
    outputs: tuple[HashedFile, ...] = ()


@contextmanager
def replacing_folder(target: Path) -> Iterator[Path]:
    """Make a folder beside its place, and put it there, with its manifest, when it is complete.

    Parameters
    ----------
    target : Path

    Yields
    ------
    Path
        A new folder to be filled. On any error, Ctrl-C included, it is removed and the old one
        stays as it was; so it does where the process is killed, at whatever moment.

    Raises
    ------
    StudyError
        If the place holds what is someone else's, or another process writes it.
    """
    require_own(target)
    busy = StudyError(
        "Only one command may write a folder at a time.",
        found=phrase("another one that has not ended"),
        where=str(target),
        remedy="wait for it to end, or name another folder",
    )
    with alone(target, busy):
        recover(target)
        building = target.with_name(f".{target.name}.{_NEW}-{secrets.token_hex(4)}")
        building.mkdir()
        try:
            yield building
            write_manifest(building, Manifest(veedor=veedor.__version__))
            put(building, target)
        finally:
            shutil.rmtree(building, ignore_errors=True)


def write_manifest(folder: Path, about: Manifest) -> None:
    """Write the manifest of a folder whose other files are complete; it lists them, in order."""
    outputs = tuple(
        HashedFile.of(path, path.relative_to(folder).as_posix())
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    )
    write_json(msgspec.structs.replace(about, outputs=outputs), folder / MANIFEST)


def require_own(target: Path) -> None:
    """Refuse to replace a folder that holds anything but what a command wrote into it.

    Raises
    ------
    StudyError
    """
    if target.is_symlink():
        raise StudyError(
            "A folder of results must be a folder of its own, not a link to another.",
            found=phrase("a link"),
            where=str(target),
            remedy="name the folder that it leads to, or move the whole study there",
        )
    if not target.exists():
        return
    if not target.is_dir():
        raise StudyError(
            "Results must go into a folder.",
            found=phrase("a file, device or pipe"),
            where=str(target),
        )
    others = _others(target)
    if others:
        raise StudyError(
            "A folder of results must be new, empty, or hold only what an earlier command wrote: "
            "it is replaced.",
            found=phrase("other files, as {others}", others=", ".join(others[:5])),
            where=str(target),
            remedy="move them elsewhere, or name another folder",
        )


def _others(target: Path) -> list[str]:
    """Files below a folder that no manifest of its own lists; links are never its own."""
    own = _own(target)
    return sorted(
        path.relative_to(target).as_posix()
        for place, folders, files in os.walk(target)
        for name in (*folders, *files)
        for path in [Path(place, name)]
        if (path.is_symlink() or name in files)
        and name not in _SYSTEM
        and (path.is_symlink() or path.relative_to(target).as_posix() not in own)
    )


def is_as_listed(target: Path) -> bool:
    """Whether a folder holds every file that its manifest lists, as it lists it."""
    listed = _listed(target) or ()
    return bool(listed) and all(
        (path := target / one.name).is_file()
        and path.stat().st_size == one.bytes
        and sha256(path) == one.sha256
        for one in listed
    )


def _own(target: Path) -> frozenset[str]:
    """Names of the files that a folder's manifest lists, and its own."""
    listed = _listed(target)
    if listed is None:
        return frozenset()
    return frozenset((MANIFEST, *(one.name for one in listed)))


def _listed(target: Path) -> tuple[HashedFile, ...] | None:
    """Files that a folder's manifest lists; None without one."""
    try:
        read = content(target / MANIFEST, MOST_BYTES, phrase("A manifest"))
        return msgspec.json.decode(read, type=Manifest).outputs
    except (OSError, ValueError, RecursionError, msgspec.MsgspecError, VeedorError):
        return None


def put(building: Path, target: Path) -> None:
    """Put a finished folder in the place of the old one, which goes.

    Where the system can, the two change places at once. Elsewhere the old one is set aside first,
    and `recover` brings it back if the process is killed before the new one is in its place.
    """
    require_own(target)
    target.parent.mkdir(parents=True, exist_ok=True)
    if not target.exists():
        building.rename(target)
        return
    if _exchanged(building, target):
        shutil.rmtree(building, ignore_errors=True)
        return
    old = _beside(target, _OLD)
    seals = _seals_of_old(target)
    seals.forget()
    target_seals = Seals(target, seals.kept, seals.about, seals.key)
    for path in target.rglob("*"):
        if path.is_file():
            target_seals.seal(path)
    target.rename(old)
    building.rename(target)
    shutil.rmtree(old, ignore_errors=True)
    seals.forget()


def recover(target: Path) -> None:
    """Bring back an old folder that was set aside when the process was killed; clear the rest.

    Only what this user's veedor set aside is brought back: a folder from elsewhere may hold
    anything under that name.
    """
    old, seals = _beside(target, _OLD), _seals_of_old(target)
    if old.is_dir() and not old.is_symlink() and not target.exists():
        seals.clear()
        if any(path.is_file() for path in old.rglob("*")):
            old.rename(target)
    for left in target.parent.glob(f".{glob.escape(target.name)}.veedor-*"):
        if left.is_symlink():
            left.unlink()
        else:
            shutil.rmtree(left, ignore_errors=True)


def clear_after_kill(target: Path) -> None:
    """Clear what a process left beside a folder when it was killed while it wrote it.

    Where another process writes the folder by now, what lies there is its own, and stays.
    """
    lock = lock_of(target)
    if not lock.parent.is_dir() or not _is_left_beside(target):
        return
    handle = held(lock)
    if handle is None:
        return
    try:
        recover(target)
    finally:
        release(handle, lock)


def _is_left_beside(target: Path) -> bool:
    beside = target.parent.glob(f".{glob.escape(target.name)}.veedor-*")
    return lock_of(target).exists() or any(beside)


def _beside(target: Path, name: str) -> Path:
    return target.with_name(f".{target.name}.{name}")


def _seals_of_old(target: Path) -> Seals:
    kept = _beside(target, f"{_OLD}-seals")
    return Seals(_beside(target, _OLD), kept, f"set aside: {target.absolute()}", key())


def _exchanged(one: Path, other: Path) -> bool:
    """Let two folders change places at once; False where the system cannot."""
    if not sys.platform.startswith("linux"):
        return False
    try:
        renameat2 = ctypes.CDLL(None, use_errno=True).renameat2
    except (OSError, AttributeError):
        return False
    here, exchange = -100, 2  # AT_FDCWD, RENAME_EXCHANGE of linux/fcntl.h and linux/fs.h
    if renameat2(here, os.fsencode(one), here, os.fsencode(other), exchange) == 0:
        return True
    failed = ctypes.get_errno()
    if failed in (errno.ENOSYS, errno.EINVAL, errno.EOPNOTSUPP, errno.EPERM):
        return False
    raise OSError(failed, os.strerror(failed), str(other))
