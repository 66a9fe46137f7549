"""A column of dates or times of any table, read as incidents' are: its style, and its SQL.

    style = time_style(database, table, header)
    sql = time_sql(table, header, style)    # {t: microseconds, k: kind}, NULL where unreadable

The style is found in a sample and, where that leaves the order of day and month open, in the whole
column. `read_times` does the same for texts that are no column of a file.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

import duckdb
import numpy as np
import numpy.typing as npt
import pyarrow as pa

from veedor.arrays import Ints
from veedor.errors import DataError, UnreadableError, phrase
from veedor.tables import times, written
from veedor.tables.database import NULL_WORDS, Database, Table, reading
from veedor.tables.escape import shown
from veedor.tables.times import Style
from veedor.tables.turned import refuse_turned_days


class UnreadableTimesError(DataError):
    """Texts of which some are no time that veedor reads."""


_NUMERIC = re.compile(r"U?(?:TINY|SMALL|BIG|HUGE)?INT(?:EGER)?|DOUBLE|FLOAT|DECIMAL.*")


def is_text(sql_type: str) -> bool:
    """Whether times of a column of this type are read as texts: texts, and numbers as if written.

    Examples
    --------
    >>> is_text("VARCHAR"), is_text("BIGINT"), is_text("DATE")
    (True, True, False)
    """
    return sql_type == "VARCHAR" or _NUMERIC.fullmatch(sql_type) is not None


def as_text(table: Table, header: str) -> str:
    """Give the SQL of a column as text."""
    column = table.columns[header]
    return column if table.types[header] == "VARCHAR" else f"{column}::VARCHAR"


def where(table: Table, header: str) -> str:
    """Name a column in a message."""
    return f"column {shown(header, 40)!r} of {table.name}"


def time_style(
    database: Database,
    table: Table,
    header: str,
    asked: str | None = None,
    *,
    ignore_offset: bool = False,
    settled: bool = True,
) -> Style:
    """Find how the times of a column are written.

    Parameters
    ----------
    asked : str, optional
        A `strptime` format.
    ignore_offset : bool
        Whether the clock time that stands before an offset is local.
    settled : bool
        Whether an order of day and month that cannot be known is an error.

    Raises
    ------
    StudyError
        If the order of day and month is mixed, or cannot be known.
    """
    if not is_text(table.types[header]):
        return Style(ignore_offset=ignore_offset)
    place = where(table, header)
    style = times.find_style(table.samples[header], asked, place, ignore_offset=ignore_offset)
    if style.unsettled and not style.short_years:
        with reading(table.name):
            probe = times.order_probe(as_text(table, header))
            seen = database.rows(f"SELECT {probe} FROM {table.relation}")[0]
        database.malformed()
        style = times.settle(style, seen[0], seen[1], place)
    if settled and style.unsettled:
        raise times.unsettled_error(place, style)
    return style


def time_sql(table: Table, header: str, style: Style) -> str:
    """Give the SQL of a column as ``{t: microseconds, k: kind}``, NULL where missing or unreadable.

    A kind is one of `veedor.tables.times`: ``INSTANT`` and ``DAY_ONLY`` are local, ``UTC`` is
    not, ``MONTH_ONLY`` is the first instant of a local month.
    """
    if is_text(table.types[header]):
        text = as_text(table, header)
        usual = times.read_usual(text, style)
        sort = times.usual_kind(style)
        return (
            f"CASE WHEN {usual} IS NOT NULL "
            f"THEN {{'t': epoch_us({usual}), 'k': {sort}::UTINYINT}} "
            f"WHEN {text} IS NOT NULL THEN {times.read_text(text, style)} END"
        )
    instant, sort_sql = typed(table, header, "a time", style)
    return (
        f"CASE WHEN {instant} IS NOT NULL "
        f"THEN {{'t': epoch_us({instant}), 'k': {sort_sql}::UTINYINT}} END"
    )


def typed(table: Table, header: str, role: str, style: Style) -> tuple[str, str]:
    """Give the SQL of a typed column's timestamp and kind.

    Raises
    ------
    UnreadableError
        If the type is no time.
    """
    kind = table.types[header]
    found = times.read_typed(table.columns[header], kind, ignore_offset=style.ignore_offset)
    if found is None:
        raise UnreadableError(
            phrase("The column mapped as {role} must hold dates or times.", role=role),
            found=phrase("values of type {kind}", kind=kind.lower()),
            where=where(table, header),
            remedy="write the times as text, as 2022-01-31 18:30, or as timestamps",
        )
    return found


def open_order_error(place: str, style: Style) -> DataError:
    """Return the error for a table, which no setting speaks of, whose order cannot be known."""
    return DataError(
        "The order of day and month must be known, and which number is the year.",
        found=phrase(
            "{examples}, and no row that shows it",
            examples=", ".join(repr(shown(value, 40)) for value in style.examples),
        ),
        where=place,
        remedy="write dates as 2023-01-31, year-month-day",
    )


def read_times(
    values: Sequence[str], place: str, asked: str | None = None
) -> tuple[Ints, npt.NDArray[np.uint8]]:
    """Read written times: microseconds since 1970, and the kind of each.

    Parameters
    ----------
    values : sequence of str
        Texts of one column; an empty one, or a word for nothing, is missing.
    place : str
        Where they stand, for messages.
    asked : str, optional
        A `strptime` format.

    Raises
    ------
    StudyError
        If the order of day and month is mixed.
    DataError
        If that order cannot be known, or a value that is there cannot be read.

    Examples
    --------
    >>> micros, kinds = read_times(["13/01/2023", "02/03/2023 5:00 p. m."], "a.csv")
    >>> micros.view("datetime64[us]").astype("datetime64[h]").tolist()
    [datetime.datetime(2023, 1, 13, 0, 0), datetime.datetime(2023, 3, 2, 17, 0)]
    >>> kinds.tolist() == [written.DAY_ONLY, written.INSTANT]
    True
    """
    there = [value for value in values if value.strip() and value not in NULL_WORDS]
    style = times.find_style(there, asked, place)
    if asked is None:
        refuse_turned_days(there, place)
    if style.unsettled:
        raise open_order_error(place, style)
    with duckdb.connect(config={"threads": 1}) as connection:
        connection.execute("SET TimeZone = 'UTC'")
        texts = pa.array(list(values), pa.string())
        connection.register("asked", pa.table({"v": texts, "n": np.arange(len(texts))}))
        found = connection.sql(
            f"SELECT coalesce(m.t, 0), coalesce(m.k, {written.UNREADABLE})::UTINYINT FROM "
            f"(SELECT n, {times.read_text('v', style)} AS m FROM asked) ORDER BY n"
        ).to_arrow_table()
    micros = found.column(0).to_numpy().astype(np.int64)
    kinds = found.column(1).to_numpy().astype(np.uint8)
    missing = [not value.strip() or value in NULL_WORDS for value in values]
    kinds[missing] = written.MISSING
    unread = [values[int(at)] for at in np.flatnonzero(kinds == written.UNREADABLE)]
    if unread:
        raise UnreadableTimesError(
            "Every time must be readable.",
            found=", ".join(shown(value, 40) for value in list(dict.fromkeys(unread))[:5]),
            where=place,
            remedy="write times as 2023-01-31 or 2023-01-31 18:30",
        )
    return micros, kinds
