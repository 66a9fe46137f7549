"""Rows that share an id: the same content is one incident, another content is an error.

Ids are compared by 64-bit keys, of which all are held and a bounded part is sorted at a time, and
then, where keys agree, exactly.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

import numpy as np
import numpy.typing as npt

from veedor.arrays import Bools
from veedor.errors import ConflictingRowsError, phrase
from veedor.incidents.spool import AnyArray

Keys = npt.NDArray[np.uint64]
Positions = npt.NDArray[np.int64]

#: Keys sorted at a time.
_AT_ONCE = 4_000_000
_CHUNK = 1_000_000
#: A table of which numbers are ids may have so many bytes an id: as many as a key.
_MOST_RANGE = 8
#: Bits of a key by which most others are told from those looked for.
_LOW = np.uint64(0xFFFFF)
_ODD = np.uint64(0x9E3779B97F4A7C15)


def repeated(
    ids: AnyArray, content: Mapping[str, AnyArray], where: Callable[[int], str]
) -> Positions:
    """Return the positions of rows that repeat an earlier one, ascending.

    Parameters
    ----------
    ids : array of int64 or bytes, shape (n,)
    content : dict of array, shape (n,)
        What must be the same.
    where : callable
        Names the row at a position.

    Raises
    ------
    ConflictingRowsError
        If two rows share an id and differ in content: both rows, and the columns that differ.
    """
    if _numbered_apart(ids):
        return np.empty(0, dtype=np.int64)
    again: list[Positions] = []
    for positions in groups(lambda chunk: _keys(ids[chunk]), len(ids)):
        same = ids[positions[1:]] == ids[positions[:-1]]
        if not same.all():  # two ids with one key: sort by the ids themselves
            positions = positions[np.lexsort((positions, ids[positions]))]
            same = ids[positions[1:]] == ids[positions[:-1]]
        earlier, later = positions[:-1][same], positions[1:][same]
        differing = {
            name: ~_equal(values[earlier], values[later]) for name, values in content.items()
        }
        conflicts = np.logical_or.reduce(list(differing.values()))
        if conflicts.any():
            at = int(np.argmin(np.where(conflicts, later, np.iinfo(np.int64).max)))
            names = [name for name, differ in differing.items() if differ[at]]
            raise ConflictingRowsError(
                "Rows that share an id must be the same.",
                found=phrase(
                    "two rows of one id that differ in {names}; {n_conflicts} such pairs so far",
                    names=", ".join(names),
                    n_conflicts=np.count_nonzero(conflicts),
                ),
                where=phrase(
                    "{where} and {where_2}",
                    where=where(int(earlier[at])),
                    where_2=where(int(later[at])),
                ),
                remedy="map another column as id, one that is unique for each incident, or none",
            )
        again.append(later)
    return np.sort(np.concatenate(again)) if again else np.empty(0, dtype=np.int64)


def _numbered_apart(ids: AnyArray) -> bool:
    """Whether ids are numbers, all different, and so close that a table of their range tells so.

    The table has a byte for each number from the least to the largest: at most as much memory as
    the keys of all ids, and several times faster than these.

    Examples
    --------
    >>> _numbered_apart(np.array([7, 9, 8])), _numbered_apart(np.array([7, 9, 7]))
    (True, False)
    """
    if ids.dtype.kind != "i" or len(ids) == 0:
        return False
    low, high = int(ids.min()), int(ids.max())
    if high - low >= _MOST_RANGE * len(ids):
        return False
    seen = np.zeros(high - low + 1, dtype=bool)
    for first in range(0, len(ids), _CHUNK):
        seen[ids[first : first + _CHUNK] - low] = True
    return int(np.count_nonzero(seen)) == len(ids)


def counted_before(incident: AnyArray, category: AnyArray, row: AnyArray) -> Positions:
    """Return the positions of rows whose incident was counted before in their category, ascending.

    Parameters
    ----------
    incident : array of int64 or bytes, shape (n,)
        Empty bytes where a row is an incident of its own.
    category, row : array of int, shape (n,)
        Positions of one row, which stands for several incidents, do not repeat one another.

    Examples
    --------
    >>> counted_before(np.array([7, 7, 7, 8]), np.array([0, 1, 0, 0]), np.arange(4)).tolist()
    [2]
    """
    again: list[Positions] = []

    def keys(chunk: slice) -> Keys:
        return keys_of((incident[chunk], category[chunk]))

    for positions in groups(keys, len(incident)):
        if incident.dtype.kind == "S":
            positions = positions[incident[positions] != b""]
        if len(positions) == 0:
            continue
        order = np.lexsort((positions, category[positions], incident[positions]))
        positions = positions[order]
        new = np.append(
            True,
            (incident[positions[1:]] != incident[positions[:-1]])
            | (category[positions[1:]] != category[positions[:-1]]),
        )
        first = positions[np.flatnonzero(new)[np.cumsum(new) - 1]]
        again.append(positions[row[positions] != row[first]])
    return np.sort(np.concatenate(again)) if again else np.empty(0, dtype=np.int64)


def identical(content: Mapping[str, AnyArray], n: int) -> int:
    """Return how many rows are the same as an earlier one in all of `content`."""
    # A column that is another one, as the end of incidents at exact times, tells nothing more.
    different = tuple({id(values): values for values in content.values()}.values())

    def keys(chunk: slice) -> Keys:
        return keys_of(tuple(values[chunk] for values in different))

    count = 0
    for positions in groups(keys, n):
        same = np.ones(len(positions) - 1, dtype=bool)
        for values in different:
            same &= _equal(values[positions[1:]], values[positions[:-1]])
        count += int(np.count_nonzero(same))
    return count


def groups(keys: Callable[[slice], Keys], n: int) -> Iterator[Positions]:
    """Give positions whose keys are not unique, sorted by key and position, part by part.

    Parameters
    ----------
    keys : callable
        Gives the 64-bit keys of a slice of the rows.
    n : int
        Number of rows.
    """
    key = np.empty(n, dtype=np.uint64)
    for first in range(0, n, _CHUNK):
        rows = slice(first, min(first + _CHUNK, n))
        key[rows] = keys(rows)
    parts = -(-n // _AT_ONCE)
    # The share of a part: its highest bits, of which 32 are taken times the number of parts.
    of_part = np.empty(n if parts > 1 else 0, dtype=np.uint16)
    for first in range(0, len(of_part), _CHUNK):
        high = key[first : first + _CHUNK] >> np.uint64(32)
        of_part[first : first + _CHUNK] = (high * np.uint64(parts)) >> np.uint64(32)
    for part in range(parts):
        places = np.flatnonzero(of_part == part) if parts > 1 else np.arange(n)
        mine = key[places] if parts > 1 else key
        ordered = np.sort(mine)
        twice = ordered[1:][ordered[1:] == ordered[:-1]]
        if len(twice) == 0:
            continue
        # Those few of which there may be two are looked up and put in order, not all.
        marked = np.zeros(int(_LOW) + 1, dtype=bool)
        marked[(twice & _LOW).astype(np.int64)] = True
        again = np.flatnonzero(marked[(mine & _LOW).astype(np.int64)])
        at = np.searchsorted(twice, mine[again])
        at[at == len(twice)] = 0
        again = again[twice[at] == mine[again]]
        yield places[again[np.argsort(mine[again], kind="stable")]]


def keys_of(columns: tuple[AnyArray, ...]) -> Keys:
    """Return a 64-bit key of each row of several columns, shape (n,)."""
    mixed = np.zeros(len(columns[0]), dtype=np.uint64)
    for values in columns:
        mixed = _mixed(mixed ^ _keys(values))
    return mixed


def _keys(values: AnyArray) -> Keys:
    """Return a 64-bit key of each value; equal values have equal keys."""
    if values.dtype.kind == "S":
        width = -(-values.dtype.itemsize // 8)
        words = values.astype(f"S{8 * width}").view(np.uint64).reshape(len(values), width)
        keys = np.zeros(len(values), dtype=np.uint64)
        for word in words.T:
            keys = _mixed(keys ^ word)
        return keys
    if values.dtype.itemsize == 8:
        return _mixed(np.ascontiguousarray(values).view(np.uint64))
    if values.dtype.kind == "f":
        return _mixed(values.astype(np.float64).view(np.uint64))
    return _mixed(values.astype(np.int64).view(np.uint64))


def _mixed(keys: Keys) -> Keys:
    """Spread keys over all 64 bits; a bijection.

    Steele, Lea & Flood (2014), doi:10.1145/2660193.2660195.
    """
    keys = keys + _ODD
    keys = (keys ^ (keys >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    keys = (keys ^ (keys >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return keys ^ (keys >> np.uint64(31))


def _equal(a: AnyArray, b: AnyArray) -> Bools:
    same: Bools = a == b
    if a.dtype.kind == "f":
        same = same | (np.isnan(a) & np.isnan(b))
    return same
