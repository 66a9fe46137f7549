"""`Located`: the cell and the address of each of a record's incidents."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from veedor.arrays import Floats, Ints
from veedor.incidents import Incidents
from veedor.record.known_rows import Indices, KnownRows
from veedor.spacetime import place_column

_CHUNK = 4_000_000
_METRES = 2**21  # more than a cell is wide, so that its metres tell a point of it from any other


class LocatedRows(NamedTuple):
    """Where the incidents of one category were, in the order of its `KnownRows`.

    Parameters
    ----------
    place : array of int32, shape (n,)
        The cell; the number of cells for an incident without a place, one more for one outside.
    point : array of int32, shape (n,)
        Number of the address, or corner, that it was written to, in the order in which the
        category's points were first known: the same for equal metres in one cell; -1 in no cell.
        Nothing else is known of a point, and it is only counted.
    cell_of_point : array of int32, shape (points of the category,)
    shared : array of int32, shape (points of the category,)
        Number of each of its points among those of all categories.
    """

    place: Indices
    point: Indices
    cell_of_point: Indices
    shared: Indices


class Located(NamedTuple):
    """Where all incidents of a record were.

    Parameters
    ----------
    cells : int
        Number of cells.
    places : tuple of LocatedRows
        One a category.
    cell_of_shared : array of int32, shape (points of all categories,)
    """

    cells: int
    places: tuple[LocatedRows, ...]
    cell_of_shared: Indices

    @classmethod
    def of(
        cls, incidents: Incidents, rows: Sequence[KnownRows], cell: Indices, cells: int
    ) -> Located:
        """Number the points; O(n) for n incidents.

        Parameters
        ----------
        incidents : Incidents
        rows : sequence of KnownRows
            One a category.
        cell : array of int32, shape (n,)
            -1 outside or without a place.
        cells : int
        """
        of_all, cell_of_shared = _points(cell, incidents.x_m, incidents.y_m)
        places = []
        for one in rows:
            point, shared = _numbered(of_all[one.row])
            place = place_column(cell[one.row], incidents.x_m[one.row], cells)
            places.append(
                LocatedRows(place, point, cell_of_shared[shared], shared.astype(np.int32))
            )
        return cls(cells, tuple(places), cell_of_shared)


def _points(cell: Indices, x_m: Floats, y_m: Floats) -> tuple[Indices, Indices]:
    """Number of each incident's point, -1 in no cell, and the cell of each point."""
    key = np.full(len(cell), -1, np.int64)
    for first in range(0, len(cell), _CHUNK):
        part = slice(first, first + _CHUNK)
        there = np.flatnonzero(cell[part] >= 0)
        x, y = (np.round(one[part][there]).astype(np.int64) % _METRES for one in (x_m, y_m))
        key[first + there] = (cell[part][there] * np.int64(_METRES) + x) * _METRES + y
    number, distinct = _numbered(key)
    return number, (distinct // _METRES // _METRES).astype(np.int32)


def _numbered(values: npt.NDArray[np.signedinteger]) -> tuple[Indices, Ints]:
    """Number values of 0 and more in the order in which they first stand; -1 stays."""
    encoded = pa.array(values, mask=values < 0).dictionary_encode()
    number = encoded.indices.fill_null(-1).to_numpy(zero_copy_only=False)
    return number.astype(np.int32, copy=False), encoded.dictionary.to_numpy()
