"""Rows that are no further look-ups: released again, exported twice, repeated within moments."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from veedor.arrays import Bools, Ints
from veedor.audits.access.log import Codes

#: Limits of exports and of sheets: a file with as many rows to the row ends where it was cut.
CAPS = (20_000, 55_000, 1_000_000, 1_048_575)
#: Microseconds within which the same user asks the same again by one press of a key.
MOMENT = 1_000_000
_MOST_BEHIND = 64
#: Rows that are hashed at a time: a column of temporaries would be as large as the column.
_BLOCK = 1 << 20

Hashed = npt.NDArray[np.uint64]


@dataclass(frozen=True)
class Repeats:
    """Which rows stay, and how many do not.

    Parameters
    ----------
    keep : array of bool, shape (row,)
    same_id, same_row : int
        Rows left out: their id was there before; the whole row was, in another release.
    differing : int
        Of those with an id that was there before, whose time or user is another.
    shared : mapping of (int, int) to int
        Pairs of releases to look-ups that both hold.
    """

    keep: Bools
    same_id: int
    same_row: int
    differing: int
    shared: Mapping[tuple[int, int], int]


def cap_of(rows: int) -> int | None:
    """Limit that an export of so many rows has reached.

    >>> cap_of(1_048_575), cap_of(1_048_574)
    (1048575, None)
    """
    return rows if rows in CAPS else None


def find_repeats(
    at: Ints,
    release: npt.NDArray[np.int16],
    ids: Hashed | None,
    content: Hashed,
    core: Hashed,
) -> Repeats:
    """Find rows that are look-ups of another row.

    A look-up is known by its id. Where exports without ids overlap others, it is known by who
    looked up when and why (``core``); as many stay as the export that holds most of them has.

    Parameters
    ----------
    at : array of int64, shape (row,)
    release : array of int16, shape (row,)
        In order of preference.
    ids : array of uint64 or None
        0 where there is none.
    content, core : array of uint64
    """
    keep = np.ones(at.size, bool)
    shared: dict[tuple[int, int], int] = {}
    same_id = differing = same_row = 0
    if ids is not None:
        places = _repeated(ids, ids != 0)
        order = places[np.lexsort((content[places], release[places], ids[places]))]
        first, extra = _groups(ids[order])
        keep[order[extra]] = False
        same_id = int(extra.sum())
        differing = int((core[order[extra]] != core[order[first][extra]]).sum())
        _share(shared, release[order], release[order[first]], extra)
    bare = np.ones(at.size, bool) if ids is None else ids == 0
    if bare.any() and np.unique(release).size > 1:
        places = _repeated(core, keep)
        # Of a look-up with an id and one without, the one with it stays.
        source = release[places].astype(np.int64) + np.where(bare[places], at.size, 0)
        order = np.lexsort((content[places], source, core[places]))
        places, source = places[order], source[order]
        first, extra = _groups(core[places], source)
        # Two ids are two look-ups, however alike.
        extra &= bare[places]
        keep[places[extra]] = False
        same_row = int(extra.sum())
        _share(shared, release[places], release[places[first]], extra)
    return Repeats(keep, same_id, same_row, differing, shared)


def near_repeats(at: Ints, same: Sequence[Codes]) -> Bools:
    """Whether a row says the same as one of the same user within a second before it.

    Parameters
    ----------
    at : array of int64, shape (row,)
        In order.
    same : sequence of array of int32
        User first, then what else must be the same; a user who is not known repeats nothing.

    Returns
    -------
    array of bool, shape (row,)
    """
    near = np.zeros(at.size, bool)
    rows = np.flatnonzero(same[0] >= 0) if same else np.empty(0, np.int64)
    for behind in range(1, _MOST_BEHIND):
        rows = rows[rows >= behind]
        rows = rows[at[rows] - at[rows - behind] <= MOMENT]
        if not rows.size:
            break
        alike = np.ones(rows.size, bool)
        for codes in same:
            alike &= codes[rows] == codes[rows - behind]
        near[rows[alike]] = True
    return near


def mixed(*parts: npt.NDArray[np.int64] | Codes | Hashed) -> Hashed:
    """Hash some columns of numbers into one (the finaliser of SplitMix64, chained)."""
    made = np.zeros(parts[0].size, np.uint64)
    for start in range(0, made.size, _BLOCK):
        block = made[start : start + _BLOCK]
        for part in parts:
            piece = part[start : start + _BLOCK]
            block ^= piece if piece.dtype == np.uint64 else piece.astype(np.int64).view(np.uint64)
            block += np.uint64(0x9E3779B97F4A7C15)
            block ^= block >> np.uint64(30)
            block *= np.uint64(0xBF58476D1CE4E5B9)
            block ^= block >> np.uint64(27)
            block *= np.uint64(0x94D049BB133111EB)
            block ^= block >> np.uint64(31)
    return made


def _repeated(values: Hashed, among: Bools) -> Ints:
    """Places of the values that are there more than once."""
    ordered = np.sort(values[among])
    twice = np.unique(ordered[1:][ordered[1:] == ordered[:-1]])
    if not twice.size:
        return np.empty(0, np.int64)
    at = np.minimum(np.searchsorted(twice, values), twice.size - 1)
    return np.flatnonzero(among & (twice[at] == values))


def _groups(values: Hashed, source: Ints | None = None) -> tuple[Ints, Bools]:
    """Of sorted rows the first with the same value, and whether a row is another than that.

    With sources, the second row of one is the same as the second of another.
    """
    n = values.size
    if not n:
        return np.empty(0, np.int64), np.empty(0, bool)
    changed = np.r_[True, values[1:] != values[:-1]]
    if source is None:
        return _leads(changed), ~changed
    number = np.arange(n) - _leads(changed | np.r_[True, source[1:] != source[:-1]])
    order = np.lexsort((source, number, values))
    value, place = values[order], number[order]
    begun = np.r_[True, (value[1:] != value[:-1]) | (place[1:] != place[:-1])]
    first = np.empty(n, np.int64)
    first[order] = order[_leads(begun)]
    return first, first != np.arange(n)


def _leads(begins: Bools) -> Ints:
    """Place of the first row of the group of each, of groups that begin where it is said."""
    leads: Ints = np.maximum.accumulate(np.where(begins, np.arange(begins.size), 0))
    return leads


def _share(
    shared: dict[tuple[int, int], int],
    of: npt.NDArray[np.int16],
    first: npt.NDArray[np.int16],
    extra: Bools,
) -> None:
    pairs = np.column_stack([first[extra], of[extra]])
    for (one, other), count in zip(*np.unique(pairs, axis=0, return_counts=True), strict=True):
        if one != other:
            key = (int(one), int(other))
            shared[key] = shared.get(key, 0) + int(count)
