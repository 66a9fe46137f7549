"""Columns written again, in chunks: without some rows, or without some places."""

from __future__ import annotations

import numpy as np

from veedor.incidents.places import REASONS
from veedor.incidents.spool import AnyArray, Spool

_CHUNK = 1_000_000


def without_rows(
    columns: dict[str, AnyArray], rows: AnyArray, spool: Spool, part: str
) -> dict[str, AnyArray]:
    """Write columns without some rows, ascending, as `part` of a spool."""
    n = len(columns["row"])
    for first in range(0, n, _CHUNK):
        keep = np.ones(min(_CHUNK, n - first), dtype=bool)
        keep[_among(rows, first)] = False
        for name, values in columns.items():
            spool.append(f"{part}-{name}", values[first : first + _CHUNK][keep])
    return {name: spool.column(f"{part}-{name}", values.dtype) for name, values in columns.items()}


def without_places(
    columns: dict[str, AnyArray], rows: AnyArray, reason: str, spool: Spool
) -> dict[str, AnyArray]:
    """Write the places and notes with no place for some rows, ascending, for a reason."""
    changed = {"x_m": np.nan, "y_m": np.nan, "notes": REASONS.index(reason) + 1}
    for name, value in changed.items():
        for first in range(0, len(columns[name]), _CHUNK):
            values = columns[name][first : first + _CHUNK].copy()
            mine = _among(rows, first)
            values[mine] = values[mine] | np.uint8(value) if name == "notes" else value
            spool.append(f"placed-{name}", values)
    return {name: spool.column(f"placed-{name}") for name in changed}


def _among(rows: AnyArray, first: int) -> AnyArray:
    """Positions of the rows within the chunk that begins at `first`."""
    low, high = np.searchsorted(rows, (first, first + _CHUNK))
    mine: AnyArray = rows[low:high] - first
    return mine
