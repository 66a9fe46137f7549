"""Columns of the lists beside a log: texts, times and times of the clock, found by their names."""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from veedor.arrays import Bools, Instants, Ints
from veedor.audits.access.cells import states_of
from veedor.audits.access.log import CellState
from veedor.errors import DataError, phrase
from veedor.tables.clocks import LocalClock
from veedor.tables.database import reading
from veedor.tables.kinds import text
from veedor.tables.malformed import refuse_malformed
from veedor.tables.names import words
from veedor.tables.source import Source
from veedor.tables.time_columns import open_order_error, time_sql, time_style, where
from veedor.tables.written import DAY_ONLY, UTC

#: An instant that is not said, as NaT is stored.
NOT_SAID = np.iinfo(np.int64).min
_DAY = 86_400_000_000
_WHOLE_DAY = 24 * 60
_MINUTES = re.compile(r"\s*(\d{1,2})(?:[:.h](\d{2}))?(?::\d{2})?\s*(?:h|hs)?\s*")


def header_of(source: Source, spelling: Sequence[str]) -> str | None:
    """Return the header that goes by one of some names; None where there is none."""
    said = {words(header): header for header in reversed(tuple(source.table.columns))}
    return next((said[one] for one in spelling if one in said), None)


def needed_header(source: Source, spelling: Sequence[str], role: str) -> str:
    """Return the header that goes by one of some names.

    Raises
    ------
    DataError
    """
    header = header_of(source, spelling)
    return header if header is not None else source.need(spelling[0], role=role)


def texts_of(source: Source, header: str) -> pa.Array:
    """Return a column as text without the blanks around it; null where empty."""
    return read_column(source, text(source.table.columns[header], source.table.types[header]).sql)


def read_column(source: Source, sql: str) -> pa.Array:
    """Return what an expression is in each row.

    Raises
    ------
    UnreadableError
        If rows have more or fewer cells than the header.
    """
    with reading(source.table.name):
        found = source.database.connection.sql(
            f"SELECT {sql} FROM {source.table.relation}"
        ).to_arrow_table()
    refuse_malformed(source.database, source.table)
    return found.column(0).combine_chunks()


def instants_of(
    source: Source, spelling: Sequence[str], clock: LocalClock, rows: int, *, end: bool = False
) -> Instants:
    """Return times in UTC; NaT where none is said.

    Parameters
    ----------
    source : Source
    spelling : sequence of str
        Names that the column may have.
    clock : LocalClock
        Times that say no offset are local.
    rows : int
    end : bool
        Whether a day lasts until the midnight after it; otherwise it begins at the one before.

    Raises
    ------
    DataError
        If a time cannot be read, or it is not known whether the day or the month comes first.
    """
    header = header_of(source, spelling)
    if header is None:
        return np.full(rows, np.datetime64("NaT", "us"), "datetime64[us]")
    style = time_style(source.database, source.table, header, settled=False)
    if style.unsettled:
        raise open_order_error(where(source.table, header), style)
    moment = time_sql(source.table, header, style)
    at: Ints = read_column(source, f"coalesce(({moment}).t, {NOT_SAID})").to_numpy()
    sort = read_column(source, f"coalesce(({moment}).k, 255)::UTINYINT").to_numpy()
    said = states_of(texts_of(source, header), "unit") == CellState.VALUE
    _refuse(source, (at == NOT_SAID) & said, phrase("Every time must be readable."),
            phrase("write times as 2023-01-31 or 2023-01-31 18:30"))  # fmt: skip
    known = at != NOT_SAID
    at = np.where((sort == DAY_ONLY) & end & known, at + _DAY, at)
    local = np.flatnonzero(known & (sort != UTC))
    at[local] = clock.to_utc(at[local]).utc
    found: Instants = at.view("datetime64[us]")
    return found


def minutes_of(source: Source, spelling: Sequence[str]) -> npt.NDArray[np.int16] | None:
    """Return times of the clock in minutes after midnight, -1 where none is said.

    None where there is no such column.

    Raises
    ------
    DataError
        If a cell is no time of the clock.
    """
    header = header_of(source, spelling)
    if header is None:
        return None
    said = texts_of(source, header)
    found = [None if one is None else _MINUTES.fullmatch(one) for one in said.to_pylist()]
    minutes = np.array(
        [-1 if one is None else 60 * int(one[1]) + int(one[2] or 0) for one in found], np.int16
    )
    there = np.asarray(said.is_valid())
    wrong = there & ((minutes < 0) | (minutes > _WHOLE_DAY))
    _refuse(source, wrong, phrase("A shift must begin and end at a time of the clock."),
            phrase("write them as 06:00 and 18:30"))  # fmt: skip
    return np.where(minutes < 0, minutes, minutes % _WHOLE_DAY).astype(np.int16)


def _refuse(source: Source, wrong: Bools, must: str, remedy: str) -> None:
    if wrong.any():
        raise DataError(
            must,
            found=phrase("{n:,} cells that are not", n=int(wrong.sum())),
            where=source.where([int(row) for row in np.flatnonzero(wrong)]),
            remedy=remedy,
        )
