"""What one job may take: memory, processor, time, files; and the walls that its process stands in.

It knows nothing of Django or the database: the process that performs a job holds itself to it, and
its worker looks every second at what all processes of the job take together.
"""

from __future__ import annotations

import os
import resource
import time
from collections.abc import Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Literal

import msgspec

from veedor.errors import Phrase, StudyError, phrase
from veedor.web.site.folder import Settings

_MIB = 1 << 20
#: Libraries map memory that they never touch: a wall stands so far behind the bound.
_UNTOUCHED = 2 << 30
#: Files are looked at again after so many times what looking took.
_RESTS = 20
#: Seconds of processor from the signal that says what ends a process to the one that does not.
_TOLD_S = 5
_PROC = Path("/proc")
_PAGE = os.sysconf("SC_PAGE_SIZE")
_TICKS = os.sysconf("SC_CLK_TCK")

Bound = Literal["memory", "processor", "clock", "bytes", "files"]


class Bounds(msgspec.Struct, frozen=True, kw_only=True):
    """What one job may take.

    Parameters
    ----------
    memory : int
        Bytes, of all its processes.
    processor_s, clock_s : int
    bytes, files : int
        Of the results of its project, with its own.
    """

    memory: int
    processor_s: int
    clock_s: int
    bytes: int
    files: int


def bounds_of(settings: Settings, *, screening: bool) -> Bounds:
    """Return what a job may take, by the settings of its site."""
    work = settings.work
    return Bounds(
        memory=work.memory_mib * _MIB or _of_the_machine() // 2,
        processor_s=work.processor_s,
        clock_s=settings.uploads.clock_s if screening else work.clock_s,
        bytes=work.project_mib * _MIB,
        files=work.project_files,
    )


def _of_the_machine() -> int:
    """Bytes of memory that the machine, or the container, has."""
    whole = _PAGE * os.sysconf("SC_PHYS_PAGES")
    try:
        allowed = Path("/sys/fs/cgroup/memory.max").read_text(encoding="ascii").strip()
    except OSError:
        return whole
    return min(whole, int(allowed)) if allowed.isdigit() else whole


def enclose(bounds: Bounds) -> None:
    """Put walls around this process, and those that it starts, which hold at every moment.

    Where a filter of system calls forbids it there are none, and only its worker looks.
    """
    memory = bounds.memory + _UNTOUCHED
    for kind, told, ended in (
        (resource.RLIMIT_DATA, memory, memory),
        (resource.RLIMIT_CPU, bounds.processor_s, bounds.processor_s + _TOLD_S),
        (resource.RLIMIT_FSIZE, bounds.bytes, bounds.bytes),
        (resource.RLIMIT_CORE, 0, 0),
    ):
        with suppress(OSError, ValueError):
            allowed = resource.getrlimit(kind)[1]
            most = ended if allowed == resource.RLIM_INFINITY else allowed
            resource.setrlimit(kind, (min(told, most), min(ended, most)))


class Watch:
    """Looks at what a job takes.

    Parameters
    ----------
    bounds : Bounds
    session : int
        Of the system, to which all processes of the job belong.
    folders : sequence of Path
        In which it writes.
    """

    def __init__(self, bounds: Bounds, session: int, folders: Sequence[Path]) -> None:
        self._bounds = bounds
        self._session = session
        self._folders = folders
        self._began = self._next_files = time.monotonic()

    def exceeded(self) -> Bound | None:
        """Name a bound that the job is over."""
        now = time.monotonic()
        if now - self._began > self._bounds.clock_s:
            return "clock"
        members = list(_members(self._session))
        if sum(spent for _, spent, _ in members) > self._bounds.processor_s:
            return "processor"
        # Pages that processes share count once; that is asked only where it may matter.
        if sum(held for *_, held in members) > self._bounds.memory and (
            sum(_own(pid) for pid, *_ in members) > self._bounds.memory
        ):
            return "memory"
        return self._of_files(now) if now >= self._next_files else None

    def _of_files(self, now: float) -> Bound | None:
        files = held = 0
        for folder in self._folders:
            for size in _sizes(folder):
                files, held = files + 1, held + size
        self._next_files = now + _RESTS * (time.monotonic() - now)
        if held > self._bounds.bytes:
            return "bytes"
        return "files" if files > self._bounds.files else None


def _members(session: int) -> Iterator[tuple[int, float, int]]:
    """Give each process of a session: its number, seconds of processor, bytes it holds."""
    if not _PROC.is_dir():
        return
    for name in os.listdir(_PROC):  # noqa: PTH208 - names are all that is needed
        if not name.isdigit():
            continue
        try:
            told = (_PROC / name / "stat").read_bytes()
        except OSError:  # it ended
            continue
        fields = told.rpartition(b")")[2].split()
        if int(fields[3]) == session:
            yield int(name), sum(map(int, fields[11:15])) / _TICKS, int(fields[21]) * _PAGE


def _own(pid: int) -> int:
    """Bytes that a process holds, of those that it shares its part."""
    try:
        told = (_PROC / str(pid) / "smaps_rollup").read_text(encoding="ascii")
    except OSError:
        return 0
    return next((int(one.split()[1]) << 10 for one in told.splitlines() if "Pss:" in one), 0)


def _sizes(folder: Path) -> Iterator[int]:
    """Bytes of each file below a folder that is being written."""
    try:
        with os.scandir(folder) as entries:
            for one in entries:
                if one.is_dir(follow_symlinks=False):
                    yield from _sizes(Path(one.path))
                else:
                    yield one.stat(follow_symlinks=False).st_size
    except FileNotFoundError:
        return


def over(bound: Bound, bounds: Bounds) -> StudyError:
    """Say which bound a job was over."""
    said: dict[Bound, tuple[Phrase, str]] = {
        "memory": (
            phrase("A job must take at most {n:,} MiB of memory.", n=bounds.memory // _MIB),
            "memory_mib",
        ),
        "processor": (
            phrase("A job must take at most {n:,} s of processor.", n=bounds.processor_s),
            "processor_s",
        ),
        "clock": (phrase("A job must end within {n:,} s.", n=bounds.clock_s), "clock_s"),
        "bytes": (
            phrase(
                "All results of a project must come to at most {n:,} MiB.", n=bounds.bytes // _MIB
            ),
            "project_mib",
        ),
        "files": (
            phrase("All results of a project must come to at most {n:,} files.", n=bounds.files),
            "project_files",
        ),
    }
    must, setting = said[bound]
    return StudyError(
        must,
        found=phrase("more"),
        remedy=phrase(
            "ask for less at once (a shorter record, fewer forecasters or places, a file in "
            "parts), or have those who keep the site allow more: {setting} in site.toml",
            setting=setting,
        ),
    )
