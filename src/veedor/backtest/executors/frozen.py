"""A value as files whose large arrays several processes map into memory, and none copies."""

from __future__ import annotations

import mmap
import pickle
from pathlib import Path
from typing import Any

import cloudpickle

#: Bytes from which an array lies apart.
_LARGE = 2**20
_VALUE = "value"


def freeze(value: Any, folder: Path) -> None:
    """Write a value into an empty folder."""

    def with_the_rest(buffer: pickle.PickleBuffer) -> bool:
        view = buffer.raw()
        if view.nbytes < _LARGE:
            return True
        (folder / str(len(list(folder.iterdir())))).write_bytes(view)
        return False

    data = cloudpickle.dumps(value, protocol=5, buffer_callback=with_the_rest)
    (folder / _VALUE).write_bytes(data)


def thaw(folder: Path) -> Any:
    """Return what `freeze` wrote, its large arrays read-only."""
    arrays: list[mmap.mmap] = []
    while (path := folder / str(len(arrays))).exists():
        with path.open("rb") as stream:
            arrays.append(mmap.mmap(stream.fileno(), 0, access=mmap.ACCESS_READ))
    return pickle.loads((folder / _VALUE).read_bytes(), buffers=arrays)  # noqa: S301 - our own
