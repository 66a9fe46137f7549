"""How the numbers, dates and names of a column are written: by the rules of every table of veedor.

``10.000`` is ten or ten thousand and ``03/04/2022`` is in March or in April: the whole column says
which, or the table is refused. Names of groups that differ only in what nobody means to tell apart
are refused too: two halves of a group are not two groups.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable

from veedor.errors import DataError
from veedor.tables.database import Database, Table, reading
from veedor.tables.escape import shown
from veedor.tables.numerals import Evidence, find_decimal, probe, read_number, sql_number
from veedor.tables.time_columns import as_text, is_text, time_sql, time_style, where
from veedor.tables.times import MONTH_ONLY
from veedor.tables.written import let

#: A day that stands for a time that cannot be read.
NO_DAY = "DATE '0001-01-01'"
#: Years outside these are a mistake of reading or of writing.
_YEARS = (1900, 2200)


def number_sql(
    database: Database, table: Table, header: str, *, whole: bool = False, most: float | None = None
) -> tuple[str, str]:
    """Give the SQL of a number: NULL where empty, NaN where it is no finite number.

    And say how a number was read that could be read in two ways by itself; empty if none could.

    Parameters
    ----------
    database : Database
    table : Table
    header : str
    whole : bool
        Whether the column holds whole numbers.
    most : float, optional
        No number of the column can be larger.

    Raises
    ------
    UnreadableError
        If the numbers of the column can be read in two ways.
    """
    column, kind = table.columns[header], table.types[header]
    if kind != "VARCHAR":
        value = column if kind == "DOUBLE" else f"TRY_CAST({column} AS DOUBLE)"
        finite = f"CASE WHEN {column} IS NULL OR isfinite({value}) THEN {value}"
        return f"{finite} ELSE 'NaN'::DOUBLE END", ""
    seen = Evidence.of(table.samples[header])
    if not seen.settled:
        with reading(table.name):
            seen = Evidence(*database.rows(probe(column, table.relation))[0])
        database.malformed()
    decimal = find_decimal(
        seen, f"column {shown(header)!r} of {table.name}", whole=whole, most=most,
        remedy="write the numbers without marks between thousands, and not with three decimals",
    )  # fmt: skip
    value = sql_number(column, decimal)
    said, read = "", read_number(seen.example, decimal)
    if read is not None:
        said = (
            f"In column {shown(header)!r} {shown(seen.example.strip(), 30)} is read as "
            f"{read:.12g}, as the rest of the column shows."
        )
    return f"CASE WHEN trim({column}) <> '' THEN coalesce({value}, 'NaN'::DOUBLE) END", said


def day_sql(database: Database, table: Table, header: str) -> str:
    """Give the SQL of the day of a time: NULL where empty, `NO_DAY` where it cannot be read.

    Parameters
    ----------
    database : Database
    table : Table
    header : str

    Raises
    ------
    StudyError
        If the column has days first and months first.
    DataError
        If nothing in the column shows which of the two comes first.
    """
    style = time_style(database, table, header, settled=False)
    if style.unsettled:
        raise DataError(
            "The order of day and month must be known.",
            found=f"dates as {shown(style.examples[0], 30)!r}, and no row that shows it",
            where=where(table, header),
            remedy="write the dates as year-month-day",
        )
    day = let(
        time_sql(table, header, style),
        "v__t",
        f"CASE WHEN v__t.k <> {MONTH_ONLY} THEN make_timestamp(v__t.t)::DATE END",
    )
    text = as_text(table, header)
    there = f"trim({text}) <> ''" if is_text(table.types[header]) else f"{text} IS NOT NULL"
    first, last = _YEARS
    sane = let(day, "v__d", f"CASE WHEN year(v__d) BETWEEN {first} AND {last} THEN v__d END")
    return f"CASE WHEN {there} THEN coalesce({sane}, {NO_DAY}) END"


def folded(name: str) -> str:
    """Return what is left of a name without case, width, and blanks that nobody sees.

    >>> folded(" White\u00a0 Irish "), folded("STRASSE") == folded("straße")
    ('white irish', True)
    """
    whole = unicodedata.normalize("NFKC", name).casefold()
    seen = "".join(c for c in whole if unicodedata.category(c) != "Cf")
    return " ".join(unicodedata.normalize("NFC", seen).split())


def distinct_names(names: Iterable[str], where: str) -> None:
    """Refuse names of groups that differ only by case, width or blanks.

    Raises
    ------
    DataError
    """
    alike: dict[str, str] = {}
    for name in names:
        other = alike.setdefault(folded(name), name)
        if other != name:
            raise DataError(
                "Names of groups must differ by more than case and blanks.",
                found=f"{shown(other, 30)!r} and {shown(name, 30)!r}",
                where=where,
                remedy="write the group in one way, or name the two otherwise",
            )
