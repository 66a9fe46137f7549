"""`Spool`: columns written to disk as they are read, and mapped read-only at the end.

Resident memory then does not grow with the file; the system may drop the pages at any time.
"""

from __future__ import annotations

import mmap
from collections.abc import Mapping
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np
import numpy.typing as npt

AnyArray = npt.NDArray[Any]


class Spool:
    """Columns of one growing table, one file each, in a folder that the caller removes.

    Parameters
    ----------
    folder : Path
        Existing folder.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._files: dict[str, BinaryIO] = {}
        self._types: dict[str, np.dtype[np.generic]] = {}
        #: Columns that have been another one so far, and for how many bytes.
        self._as: dict[str, tuple[str, int]] = {}

    def append(self, name: str, values: AnyArray, *, as_in: str | None = None) -> None:
        """Add values at the end of a column; its first values fix its type.

        Where they are those just added to the column `as_in`, and all before were too, nothing is
        written: `column` gives one array for both.
        """
        other, size = self._as.pop(name, (as_in, 0))
        if name not in self._files and other is not None and other == as_in:
            self._as[name] = (other, size + values.nbytes)
            return
        if name not in self._files:
            self._files[name] = (self.folder / f"{name}.column").open("wb")
            self._types[name] = values.dtype
            if other is not None and size:
                self._copy(other, size, self._files[name])
        self._files[name].write(np.ascontiguousarray(values).data)

    def _copy(self, name: str, size: int, target: BinaryIO) -> None:
        """Write the first bytes of a column elsewhere."""
        self._files[name].flush()
        with (self.folder / f"{name}.column").open("rb") as file:
            while size:
                size -= target.write(file.read(min(size, 1 << 20)))

    def close(self) -> None:
        """Close the files; arrays that are mapped stay."""
        for file in self._files.values():
            file.close()

    def column(self, name: str, dtype: npt.DTypeLike | None = None) -> AnyArray:
        """Map a column, read-only; empty if nothing was added."""
        name = self._as.get(name, (name, 0))[0]
        kind = np.dtype(dtype) if dtype is not None else self._types[name]
        if name not in self._files:
            return np.empty(0, dtype=kind)
        self._files[name].flush()
        return mapped(self.folder / f"{name}.column", kind)

    def columns(self, kinds: Mapping[str, npt.DTypeLike]) -> dict[str, AnyArray]:
        """Map columns, by name and type; one that is another of them is the same array."""
        made = {
            name: self.column(name, kind) for name, kind in kinds.items() if name not in self._as
        }
        return {name: made[self._as.get(name, (name, 0))[0]] for name in kinds}


def mapped(path: Path, dtype: npt.DTypeLike) -> AnyArray:
    """Map a file of plain values, read-only.

    The array is not an `np.memmap`: those are sent to worker processes by the name of a file,
    and this file is removed as soon as it is mapped.
    """
    if path.stat().st_size == 0:
        return np.empty(0, dtype=dtype)
    with path.open("rb") as file:
        view = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
    return np.frombuffer(view, dtype=dtype)


def give_back(array: AnyArray | None) -> None:
    """Give back the memory of a mapped column; its pages are read again when it is looked at.

    Other arrays are left as they are.
    """
    held: Any = array
    while isinstance(held, np.ndarray):
        held = held.base
    if isinstance(held, memoryview):
        held = held.obj
    if isinstance(held, mmap.mmap) and hasattr(mmap, "MADV_DONTNEED"):
        held.madvise(mmap.MADV_DONTNEED)
