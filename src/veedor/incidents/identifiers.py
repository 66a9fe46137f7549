"""`IdSpool`: ids kept as integers while all of them are, as bytes otherwise."""

from __future__ import annotations

from typing import TypeAlias

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from veedor.arrays import Ints
from veedor.incidents.spool import AnyArray, Spool

#: Ids as they were written; as integers where each is written as its integer is.
Ids: TypeAlias = pa.StringArray | Ints

#: Longer ids set their row aside: they are texts.
MOST_BYTES = 128
_CHUNK = 1_000_000
_POWERS = 10 ** np.arange(1, 19, dtype=np.int64)


class IdSpool:
    """Spools the ids of the rows that are kept.

    Parameters
    ----------
    spool : Spool
        Where they go; columns ``id``, ``id_bytes``, ``id_lengths`` for `name` ``id``.
    name : str
    """

    def __init__(self, spool: Spool, name: str = "id") -> None:
        self._spool = spool
        self._name = name
        self._integers = True
        self._count = 0
        self._width = 1

    def append(self, ids: Ids) -> None:
        """Add ids without nulls, none longer than `MOST_BYTES`."""
        if self._integers:
            numbers = as_integers(ids) if isinstance(ids, pa.Array) else ids
            if numbers is not None:
                self._spool.append(self._name, numbers)
                self._count += len(numbers)
                return
            self._to_text()
        self._append_text(*lengths_and_bytes(as_text(ids)))

    def _to_text(self) -> None:
        """Write again as text what was spooled as integers: canonical, so nothing is lost."""
        self._integers = False
        count, self._count = self._count, 0
        if count == 0:
            return
        numbers = self._spool.column(self._name, np.int64)
        for first in range(0, count, _CHUNK):
            self._append_text(*lengths_and_bytes(as_text(numbers[first : first + _CHUNK])))

    def _append_text(self, lengths: npt.NDArray[np.int32], data: npt.NDArray[np.uint8]) -> None:
        self._count += len(lengths)
        if len(lengths):
            self._width = max(self._width, int(lengths.max()))
        self._spool.append(f"{self._name}_lengths", lengths)
        self._spool.append(f"{self._name}_bytes", data)

    def finish(self, spool: Spool) -> AnyArray:
        """Return the ids, shape (n,): int64, or bytes of one width, mapped from `spool`."""
        if self._integers:
            return self._spool.column(self._name, np.int64)
        lengths = self._spool.column(f"{self._name}_lengths", np.int32)
        data = self._spool.column(f"{self._name}_bytes", np.uint8)
        kind = np.dtype(f"S{self._width}")
        at = 0
        for first in range(0, self._count, _CHUNK):
            some = lengths[first : first + _CHUNK].astype(np.int64)
            end = at + int(some.sum())
            spool.append(
                f"{self._name}_text", fixed_width(some, data[at:end], self._width).view(kind)
            )
            at = end
        return spool.column(f"{self._name}_text", kind)


def as_text(ids: Ids) -> pa.StringArray:
    """Return ids as they were written."""
    return ids if isinstance(ids, pa.Array) else pa.array(ids).cast(pa.string())


def as_integers(ids: pa.StringArray, besides_digits: int | None = None) -> Ints | None:
    """Return ids as integers if each is written as its integer is; None otherwise.

    None also if one has `besides_digits` digits, or, where that is asked, is missing.

    Examples
    --------
    >>> as_integers(pa.array(["7", "-12"])).tolist(), as_integers(pa.array(["07"]))
    ([7, -12], None)
    """
    if besides_digits is not None and ids.null_count:
        return None
    try:
        numbers: Ints = pc.cast(ids, pa.int64()).to_numpy(zero_copy_only=False)
    except pa.ArrowInvalid:
        return None
    if len(numbers) == 0:
        return numbers
    low, high = int(numbers.min()), int(numbers.max())
    if low == np.iinfo(np.int64).min:
        return None
    if low >= 0 and len(str(low)) == len(str(high)):
        digits = np.full(1, len(str(low)))  # the usual case: numbered in a row
    else:
        digits = np.searchsorted(_POWERS, np.abs(numbers), side="right") + 1 + (numbers < 0)
    if besides_digits is not None and np.any(digits == besides_digits):
        return None
    lengths, _ = lengths_and_bytes(ids)
    return numbers if np.all(lengths == digits) else None


def lengths_and_bytes(
    texts: pa.StringArray,
) -> tuple[npt.NDArray[np.int32], npt.NDArray[np.uint8]]:
    """Return the byte length of each text, shape (n,), and all their bytes in a row."""
    if len(texts) == 0:
        return np.empty(0, dtype=np.int32), np.empty(0, dtype=np.uint8)
    wide = pa.types.is_large_string(texts.type)
    _, offsets, data = texts.buffers()
    bounds = np.frombuffer(offsets, dtype=np.int64 if wide else np.int32)
    bounds = bounds[texts.offset : texts.offset + len(texts) + 1]
    if data is None:
        return np.zeros(len(texts), dtype=np.int32), np.empty(0, dtype=np.uint8)
    values = np.frombuffer(data, dtype=np.uint8)[bounds[0] : bounds[-1]]
    return np.diff(bounds).astype(np.int32), values


def fixed_width(lengths: Ints, data: npt.NDArray[np.uint8], width: int) -> npt.NDArray[np.uint8]:
    """Lay texts out in rows of one width, filled up with zero bytes: shape (n * width,)."""
    if np.all(lengths == width):
        return data
    rows = np.zeros(len(lengths) * width, dtype=np.uint8)
    starts = np.cumsum(lengths) - lengths
    shift = np.repeat(np.arange(len(lengths), dtype=np.int64) * width - starts, lengths)
    rows[np.arange(len(data), dtype=np.int64) + shift] = data
    return rows
