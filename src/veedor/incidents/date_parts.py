"""A day in several columns (year, month, day, hour, minute): one column of each kind of time."""

from __future__ import annotations

from dataclasses import replace

from veedor.incidents.columns import Columns
from veedor.tables.database import Database, Table, identifier, reading

_SAMPLE_ROWS = 2_000
_PARTS = ("year", "month", "day", "hour", "minute")


def assembled(
    database: Database, tables: list[Table], columns: Columns
) -> tuple[list[Table], Columns]:
    """Return tables with a column for the day and one for the clock, and the columns to read.

    An hour without a minute is an hour band; a month without a day is that whole month.
    """
    if columns.year is None and columns.hour is None:
        return tables, columns
    dated = "date" if columns.year is not None else columns.date
    timed = None if columns.minute is None else "clock"
    made = [_assembled(database, table, columns) for table in tables]
    return made, replace(
        columns,
        **dict.fromkeys(_PARTS),
        date=dated if columns.year is None else made_name(columns, ("year", "month", "day")),
        clock=columns.clock if timed is None else made_name(columns, ("hour", "minute")),
        hour_band=columns.hour if timed is None else None,
    )


def made_name(columns: Columns, roles: tuple[str, ...]) -> str:
    """Name a column by those that it is made of.

    Examples
    --------
    >>> made_name(Columns(year="Y", month="M"), ("year", "month", "day"))
    'Y, M'
    """
    return ", ".join(name for name in (getattr(columns, role) for role in roles) if name)


def _assembled(database: Database, table: Table, columns: Columns) -> Table:
    sql: dict[str, str] = {}
    drawn: dict[str, tuple[str, ...]] = {}
    for roles, put_together in ((("year", "month", "day"), _date), (("hour", "minute"), _clock)):
        given = {role: getattr(columns, role) for role in roles}
        if given[roles[0]] is None or (roles[0] == "hour" and given["minute"] is None):
            continue
        name = made_name(columns, roles)
        headers = {role: table.find(role, one) for role, one in given.items() if one is not None}
        sql[name] = put_together(
            {role: _whole(table.columns[header]) for role, header in headers.items()}
        )
        drawn[name] = tuple(headers.values())
    if not sql:
        return table
    new = {name: identifier(f"made {name}") for name in sql}
    listed = ", ".join(f"{one} AS {new[name]}" for name, one in sql.items())
    relation = f"(SELECT *, {listed} FROM {table.relation})"
    with reading(table.name):
        rows = database.rows(
            f"SELECT {', '.join(new.values())} FROM {relation} LIMIT {_SAMPLE_ROWS}"
        )
    database.malformed()
    samples = {
        name: [row[at] for row in rows if row[at] is not None] for at, name in enumerate(new)
    }
    return replace(
        table,
        relation=relation,
        columns=table.columns | new,
        types=table.types | dict.fromkeys(new, "VARCHAR"),
        samples=table.samples | samples,
        headers=table.headers or tuple(table.columns),
        drawn=table.drawn | drawn,
    )


def _whole(column: str) -> str:
    """Give a part as text without the ``.0`` that spreadsheets add, NULL where empty."""
    return f"nullif(regexp_replace(trim({column}::VARCHAR), '[.]0*$', ''), '')"


def _date(parts: dict[str, str]) -> str:
    year, month = parts["year"], parts["month"]
    century = f"CASE WHEN strlen({year}) = 2 THEN CASE WHEN {year} < '69' THEN '20' ELSE '19' END "
    text = f"{century}ELSE '' END || {year} || '-' || {_two(month)}"
    day = parts.get("day")
    return text if day is None else f"{text} || coalesce('-' || {_two(day)}, '')"


def _clock(parts: dict[str, str]) -> str:
    return f"{parts['hour']} || coalesce(':' || {_two(parts['minute'])}, '')"


def _two(part: str) -> str:
    return f"CASE WHEN strlen({part}) = 1 THEN '0' || {part} ELSE {part} END"
