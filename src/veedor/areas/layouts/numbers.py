"""Columns of counts as whole numbers: plain digits at once, anything else by its column's rule."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from veedor.areas.layouts.file import AreaFile, names_a_rate
from veedor.areas.layouts.thousands import put_right
from veedor.areas.noticed import Notice
from veedor.errors import DataError, phrase
from veedor.tables.database import reading
from veedor.tables.escape import shown
from veedor.tables.kinds import there
from veedor.tables.source import Source
from veedor.tables.written import quoted

_PLAIN = quoted("-?[0-9]{1,9}")
_WHOLE = ("TINYINT", "SMALLINT", "INTEGER", "BIGINT", "UTINYINT", "USMALLINT", "UINTEGER")


@dataclass(frozen=True)
class Counted:
    """A column of counts.

    Parameters
    ----------
    header : str
    offence : str
        Code of the one offence that it counts; empty where a row names it.
    month : int
        How many months after the day of its row.
    part : str
        What is put behind the code that a row names, where the column counts a part of it.
    points : bool
        Whether its points stand between thousands, though programs took them for decimal ones.
    """

    header: str
    offence: str = ""
    month: int = 0
    part: str = ""
    points: bool = False


def counts_sql(file: AreaFile, counts: Sequence[Counted], missing: Sequence[str]) -> list[str]:
    """Give the SQL of columns ``v0``, ``v1``, ... of whole numbers, NULL where blank.

    Raises
    ------
    DataError
        If a cell holds what is no whole number, or a header says that a column holds rates.
    UnreadableError
        If the numbers of a column can be read in two ways.
    """
    table = file.source.table
    rates = [one.header for one in counts if names_a_rate(one.header)]
    if rates:
        raise DataError(
            "Counts must be counts: published rates are never read as such.",
            found=phrase("column {header}", header=shown(rates[0])),
            where=file.name,
            remedy="name a column of counts; rates are made from them and a population",
        )
    plain = {one.header for one in counts if table.types[one.header] in _WHOLE}
    plain |= _all_plain(file, [one.header for one in counts if one.header not in plain])
    return [
        f"{_sql(file, one, missing, plain=one.header in plain)} AS v{n}"
        for n, one in enumerate(counts)
    ]


def _sql(file: AreaFile, one: Counted, missing: Sequence[str], *, plain: bool) -> str:
    if plain:
        return _plain(file, one.header)
    return put_right(file, one.header) if one.points else _read(file, one.header, missing)


def _plain(file: AreaFile, header: str) -> str:
    return f"TRY_CAST({file.source.table.columns[header]} AS BIGINT)"


def _all_plain(file: AreaFile, headers: Sequence[str]) -> set[str]:
    """Return those columns of text that hold nothing but digits, and blanks."""
    table = file.source.table
    texts = [header for header in headers if table.types[header] == "VARCHAR"]
    if not texts:
        return set()
    odd = ", ".join(
        f"count(*) FILTER ({column} <> '' AND NOT regexp_full_match({column}, {_PLAIN}))"
        for column in (table.columns[header] for header in texts)
    )
    with reading(table.name):
        found = file.source.database.rows(f"SELECT {odd} FROM {table.relation}")[0]
    file.source.database.malformed()  # met again, and told, when the file is read
    return {header for header, n in zip(texts, found, strict=True) if n == 0}


def _read(file: AreaFile, header: str, missing: Sequence[str]) -> str:
    """Give the SQL of a column that is written otherwise, by the rule of all its numbers."""
    source, column = file.source, file.source.table.columns[header]
    if source.table.types[header] == "VARCHAR" and missing:
        words = ", ".join(map(quoted, missing))
        column = f"(CASE WHEN trim({column}) IN ({words}) THEN NULL ELSE {column} END)"
        table = replace(source.table, columns=source.table.columns | {header: column})
        source = Source(source.database, table, source.read_as)
    sql = source.number(header, whole=True).sql
    _refuse_parts(file, header, column, sql)
    return f"({sql})::BIGINT"


def _refuse_parts(file: AreaFile, header: str, column: str, sql: str) -> None:
    """Refuse what is no whole number; notice marks between thousands."""
    table, database = file.source.table, file.source.database
    wrong = f"isnan(v) OR v <> floor(v) OR abs(v) > {2**31 - 1}"
    marked = f"regexp_matches(said, '[0-9][.,][0-9]{{3}}') AND abs(v) >= 1000 AND {there('said')}"
    with reading(table.name):
        broken, example, thousands = database.rows(
            f"SELECT count_if({wrong}), min(said) FILTER ({wrong}), count_if({marked}) "
            f"FROM (SELECT {sql} AS v, {column}::VARCHAR AS said FROM {table.relation})"
        )[0]
    database.malformed()
    if broken:
        raise file.not_whole(header, str(example), int(broken))
    file.notice(Notice.THOUSANDS, int(thousands), columns=(header,))
