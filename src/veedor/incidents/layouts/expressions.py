"""SQL that layouts are made of. Each takes quoted names or SQL, never text of the data."""

from __future__ import annotations

import re
from collections.abc import Iterable

from veedor.tables.database import NULL_WORDS
from veedor.tables.written import quoted


def cleaned(column: str, sql_type: str, missing: Iterable[str]) -> str:
    """Give a column as text without outer blanks, NULL where it holds a word for nothing.

    Examples
    --------
    >>> cleaned("c1", "DOUBLE", ["SD"])
    'CAST(c1 AS VARCHAR)'
    """
    if sql_type != "VARCHAR":
        return f"CAST({column} AS VARCHAR)"
    words = dict.fromkeys(word.casefold() for word in (*NULL_WORDS, *missing))
    pattern = quoted(rf"(?i)\s*(?:{'|'.join(map(re.escape, words))})?\s*")
    return f"CASE WHEN regexp_full_match({column}, {pattern}) THEN NULL ELSE trim({column}) END"


def matches(column: str, pattern: str) -> str:
    """Give SQL that is true where the whole text matches, and false where there is none."""
    return f"coalesce(regexp_full_match({column}, {quoted(pattern)}), false)"


def day(column: str, *, day_first: bool) -> str:
    """Give the day of a date or time as ``2024-01-31``; what is no date stays as it is."""
    order = "%d/%m/%Y" if day_first else "%m/%d/%Y"
    year_first = r"^(\d{4})[-/](\d{1,2})[-/](\d{1,2})(?:[T ].*)?$"
    other = r"^(\d{1,2})[-/](\d{1,2})[-/](\d{4})(?: .*)?$"
    three = quoted(r"\1/\2/\3")
    usual = f"try_strptime(regexp_replace({column}, {quoted(year_first)}, {three}), '%Y/%m/%d')"
    turned = f"try_strptime(regexp_replace({column}, {quoted(other)}, {three}), {quoted(order)})"
    return f"coalesce(strftime(coalesce({usual}, {turned}), '%Y-%m-%d'), {_no_date(column)})"


def instant(column: str, *, day_first: bool) -> str:
    """Give a time as ``2024-01-31 18:30:00``; what is no time stays as it is."""
    day = "%d/%m/%Y" if day_first else "%m/%d/%Y"
    text = f"regexp_replace(replace({column}, 'T', ' '), {quoted('[.]0+$')}, '')"
    formats = (
        "%Y-%m-%d %H:%M:%S",
        "%Y-%m-%d %H:%M",
        "%Y/%m/%d %I:%M:%S %p",
        f"{day} %I:%M:%S %p",
        f"{day} %H:%M:%S",
        f"{day} %H:%M",
    )
    listed = ", ".join(map(quoted, formats))
    read = f"try_strptime({text}, [{listed}])"
    return f"coalesce(strftime({read}, '%Y-%m-%d %H:%M:%S'), {_no_date(column)})"


def _no_date(column: str) -> str:
    """Mark a date that the order of its file does not allow: no other order is tried on it."""
    odd = matches(column, r"\s*\d{1,2}[-/.]\d{1,2}[-/.]\d{4}.*")
    return f"CASE WHEN {odd} THEN 'no date: ' || {column} ELSE {column} END"


def at(day_sql: str, clock: str) -> str:
    """Give a day with its clock time as one text; the day alone where there is no clock time."""
    return f"CASE WHEN {clock} IS NULL THEN {day_sql} ELSE {day_sql} || ' ' || {clock} END"


def whole(column: str) -> str:
    """Give a whole number without the ``.0`` that spreadsheets add."""
    return f"regexp_replace({column}, {quoted('[.]0+$')}, '')"


def degrees(column: str) -> str:
    """Give degrees with a point as the decimal mark; see `lost_point` for those without one."""
    digits = f"replace(replace({whole(column)}, '.', ''), ',', '')"
    mended = f"CAST(TRY_CAST({digits} AS DOUBLE) / 1e6 AS VARCHAR)"
    return f"CASE WHEN {lost_point(column)} THEN {mended} ELSE replace({column}, ',', '.') END"


def lost_point(column: str) -> str:
    """Give SQL that is true where degrees were written without their decimal point.

    That is a whole number of seven to nine digits, perhaps with marks between its thousands:
    degrees times a million.
    """
    return matches(
        column, r"[-+]?(?:\d{7,9}(?:[.]0+)?|\d{1,3}(?:[.]\d{3}){2}|\d{1,3}(?:,\d{3}){2})"
    )
