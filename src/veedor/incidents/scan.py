"""One pass over one table: the mapped columns as numbers and text, in large batches, in order."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

import pyarrow as pa

from veedor.errors import UnreadableError
from veedor.incidents import times
from veedor.incidents.columns import Columns
from veedor.incidents.geojson import LATITUDE, LONGITUDE
from veedor.incidents.tables import Database, Table, identifier, reading
from veedor.incidents.times import Style

TIME_ROLES = ("time", "start", "end", "date", "reported_at")
TEXT_ROLES = ("id", "category", "clock", "hour_band", "known_by")
#: Kinds of a place, as the SQL gives them.
PLACED, NO_PLACE, BAD_PLACE = range(3)

_BATCH = 250_000


def roles_in(table: Table, columns: Columns) -> dict[str, str]:
    """Role to header, for one table; a GeoJSON point is the place where none is mapped."""
    roles = {role: table.find(role, column) for role, column in columns.roles().items()}
    if columns.place is None and table.details["format"] == "geojson":
        roles |= {"longitude": LONGITUDE, "latitude": LATITUDE}
    return roles


def find_styles(
    database: Database, tables: list[Table], columns: Columns, asked: str | None
) -> list[dict[str, Style]]:
    """Find how each text column of times is written in each table.

    Where a sample leaves the order of day and month open, the whole column is looked at, and then the
    same column of the other files.

    Raises
    ------
    StudyError
        If the order is mixed, or open in all files.
    """
    styles: list[dict[str, Style]] = []
    for table in tables:
        roles = roles_in(table, columns)
        found: dict[str, Style] = {}
        for role in TIME_ROLES:
            if role in roles and table.types[roles[role]] == "VARCHAR":
                where = f"column {roles[role]!r} of {table.name}"
                style = times.find_style(table.samples[roles[role]], asked, where)
                if style.unsettled:
                    with reading(table.name):
                        probe = times.order_probe(table.columns[roles[role]])
                        seen = database.rows(f"SELECT {probe} FROM {table.relation}")[0]
                    database.malformed()
                    style = times.settle(style, seen[0], seen[1], where)
                found[role] = style
        styles.append(found)
    for role in TIME_ROLES:
        known = {
            style.day_first
            for found in styles
            if (style := found.get(role)) is not None and style.day_first is not None
        }
        for table, found in zip(tables, styles, strict=True):
            style = found.get(role)
            if style is None or not style.unsettled:
                continue
            where = f"column {roles_in(table, columns)[role]!r} of {table.name}"
            if len(known) != 1:
                raise times.unsettled_error(where)
            found[role] = style.settled(day_first=known.pop())
            known.add(found[role].day_first)
    return styles


def find_decimal(table: Table, roles: Mapping[str, str]) -> str:
    """Return the decimal mark of a table's coordinates: a comma if most of them have one."""
    commas = points = 0
    for role in ("latitude", "longitude", "x", "y", "precision"):
        for value in table.samples.get(roles.get(role, ""), [])[:2_000]:
            commas += re.fullmatch(r"\s*[-+]?\d+,\d+\s*", value) is not None
            points += "." in value
    return "," if commas > points else "."


def scan(
    database: Database,
    table: Table,
    roles: Mapping[str, str],
    styles: Mapping[str, Style],
    decimal: str,
) -> Iterator[pa.RecordBatch]:
    """Read the mapped columns of a table.

    Yields
    ------
    RecordBatch
        ``<role>_t`` (int64, microseconds) and ``<role>_k`` (uint8, kind) of each time;
        ``place_x``, ``place_y`` (float64) and ``place_k`` (uint8); ``precision`` (float64, NaN where
        unknown); the text of the other roles.
    """
    outer: list[str] = []
    middle: list[str] = []
    inner: dict[str, str] = {}
    for role, header in roles.items():
        column, kind = table.columns[header], table.types[header]
        if role in TIME_ROLES:
            usual, instant, sort = _time(table, role, header, styles)
            inner[f"{role}_u"] = usual
            middle += [
                f"coalesce({role}_u, {instant}) AS {role}_i",
                f"({column} IS NULL) AS {role}_n",
                f"{sort} AS {role}_s",
            ]
            outer += [
                f"coalesce(epoch_us({role}_i), 0) AS {role}_t",
                f"(CASE WHEN {role}_i IS NOT NULL THEN {role}_s WHEN {role}_n THEN {times.MISSING} "
                f"ELSE {times.UNREADABLE} END)::UTINYINT AS {role}_k",
            ]
        elif role in TEXT_ROLES:
            text = column if kind == "VARCHAR" else f"{column}::VARCHAR"
            middle.append(f"{text} AS {identifier(role)}")
            outer.append(identifier(role))
        elif role == "precision":
            middle.append(f"{_number(column, kind, decimal)} AS precision_v")
            outer.append("coalesce(precision_v, 'NaN'::DOUBLE) AS precision")
    pair = ("longitude", "latitude") if "latitude" in roles else ("x", "y")
    if pair[0] in roles:
        for axis, role in zip("xy", pair, strict=True):
            column, kind = table.columns[roles[role]], table.types[roles[role]]
            middle += [
                f"{_number(column, kind, decimal)} AS place_{axis}_v",
                f"({column} IS NULL) AS place_{axis}_n",
            ]
            outer.append(f"coalesce(place_{axis}_v, 'NaN'::DOUBLE) AS place_{axis}")
        outer.append(
            f"(CASE WHEN place_x_v IS NOT NULL AND place_y_v IS NOT NULL THEN {PLACED} "
            f"WHEN place_x_n OR place_y_n THEN {NO_PLACE} ELSE {BAD_PLACE} END)::UTINYINT AS place_k"
        )
    raw = [table.columns[header] for header in roles.values()]
    usuals = [f"{usual} AS {name}" for name, usual in inner.items()]
    query = (
        f"SELECT {', '.join(outer)} FROM (SELECT {', '.join(middle)} FROM "
        f"(SELECT {', '.join(raw + usuals)} FROM {table.relation}))"
    )
    with reading(table.name):
        yield from database.connection.sql(query).to_arrow_reader(_BATCH)


def _time(
    table: Table, role: str, header: str, styles: Mapping[str, Style]
) -> tuple[str, str, str]:
    """SQL of the values in the usual format, of the others, and of the kind."""
    column, kind = table.columns[header], table.types[header]
    if kind == "VARCHAR":
        style = styles[role]
        usual = times.read_usual(column, style)
        instant, sort = times.read_text(column, style)
        if usual is None:
            return "NULL::TIMESTAMP", instant, sort
        certain = times.usual_kind(style)
        return usual, instant, f"CASE WHEN {role}_u IS NOT NULL THEN {certain} ELSE {sort} END"
    typed = times.read_typed(column, kind)
    if typed is None:
        raise UnreadableError(
            f"The column mapped as `{role}` must hold dates or times.",
            found=f"values of type {kind.lower()}",
            where=f"column {header!r} of {table.name}",
            remedy="write the times as text, as 2022-01-31 18:30, or as timestamps",
        )
    return "NULL::TIMESTAMP", *typed


def _number(column: str, kind: str, decimal: str) -> str:
    if kind == "VARCHAR" and decimal == ",":
        return f"TRY_CAST(replace({column}, ',', '.') AS DOUBLE)"
    return f"TRY_CAST({column} AS DOUBLE)"
