"""`Spool`: columns written to disk as they are read, and mapped read-only at the end.

Resident memory then does not grow with the file; the system may drop the pages at any time.
"""

from __future__ import annotations

import mmap
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

    def append(self, name: str, values: AnyArray) -> None:
        """Add values at the end of a column; its first values fix its type."""
        if name not in self._files:
            self._files[name] = (self.folder / f"{name}.column").open("wb")
            self._types[name] = values.dtype
        self._files[name].write(np.ascontiguousarray(values).data)

    def close(self) -> None:
        """Close the files; arrays that are mapped stay."""
        for file in self._files.values():
            file.close()

    def column(self, name: str, dtype: npt.DTypeLike | None = None) -> AnyArray:
        """Map a column, read-only; empty if nothing was added."""
        kind = np.dtype(dtype) if dtype is not None else self._types[name]
        if name not in self._files:
            return np.empty(0, dtype=kind)
        self._files[name].flush()
        return mapped(self.folder / f"{name}.column", kind)


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
