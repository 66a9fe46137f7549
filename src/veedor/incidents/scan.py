"""One pass over one table: the mapped columns as numbers and text, in large batches, in order."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

import numpy as np
import pyarrow as pa

from veedor.errors import UnreadableError
from veedor.incidents import times
from veedor.incidents.columns import Columns
from veedor.incidents.geojson import LATITUDE, LONGITUDE
from veedor.incidents.numerals import Evidence, find_decimal, probe, sql_number, table_decimal
from veedor.incidents.tables import NULL_WORDS, Database, Table, identifier, reading
from veedor.incidents.times import Style

TIME_ROLES = ("time", "start", "end", "date", "reported_at")
NUMBER_ROLES = ("latitude", "longitude", "x", "y", "precision", "count")
TEXT_ROLES = ("id", "category", "clock", "hour_band", "known_by", "incident")
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

    Where a sample leaves the order of day and month open, the whole column is looked at, and then
    the same column of the other files.

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
                sample = table.samples[roles[role]]
                style: Style = times.find_style(sample, asked, where)
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
            found[role].day_first
            for found in styles
            if role in found and found[role].day_first is not None
        }
        for table, found in zip(tables, styles, strict=True):
            open_style = found.get(role)
            if open_style is None or not open_style.unsettled:
                continue
            where = f"column {roles_in(table, columns)[role]!r} of {table.name}"
            if len(known) != 1:
                raise times.unsettled_error(where)
            found[role] = open_style.settled(day_first=True in known)
    return styles


def find_decimals(
    database: Database,
    table: Table,
    roles: Mapping[str, str],
    asked: str | None,
    *,
    degrees: bool,
) -> dict[str, str]:
    """Find the decimal mark of each column of numbers that is text: role to mark.

    A sample decides; where it leaves a mark open, the whole column, and then the other columns of
    the table.

    Parameters
    ----------
    database : Database
    table : Table
    roles : mapping
        Role to header.
    asked : str, optional
        The mark that study.toml sets.
    degrees : bool
        Whether x and y are degrees.

    Raises
    ------
    UnreadableError
        If the numbers of a column can be read in two ways.
    """
    seen: dict[str, Evidence] = {}
    for role in NUMBER_ROLES:
        if role in roles and table.types[roles[role]] == "VARCHAR":
            seen[role] = Evidence.of(table.samples[roles[role]])
            if asked is None and not seen[role].settled:
                with reading(table.name):
                    counted = database.rows(probe(table.columns[roles[role]], table.relation))[0]
                database.malformed()
                seen[role] = Evidence(*counted)
    decided = table_decimal(seen)
    most = dict.fromkeys(("latitude", "longitude"), 180.0)
    if degrees:
        most |= dict.fromkeys("xy", 180.0)
    return {
        role: find_decimal(
            evidence,
            f"column {roles[role]!r} of {table.name}",
            asked=asked,
            most=most.get(role),
            whole=role == "count",
            table=decided,
            remedy='set decimal = "." or decimal = "," under [incidents]',
        )
        for role, evidence in seen.items()
    }


def scan(
    database: Database,
    table: Table,
    roles: Mapping[str, str],
    styles: Mapping[str, Style],
    decimals: Mapping[str, str],
) -> Iterator[pa.RecordBatch]:
    """Read the mapped columns of a table.

    Yields
    ------
    RecordBatch
        ``<role>_t`` (int64, microseconds) and ``<role>_k`` (uint8, kind) of each time;
        ``place_x``, ``place_y`` (float64) and ``place_k`` (uint8); ``precision`` (float64, NaN
        where unknown); ``count`` (float64, 1 where missing, NaN where unreadable); the text of the
        other roles; the flags of a layout (bool).
    """
    outer: list[str] = []
    inner: list[str] = []
    odd: dict[str, Style] = {}
    for role, header in roles.items():
        column, kind = table.columns[header], table.types[header]
        inner.append(column)
        if role in TIME_ROLES and kind == "VARCHAR":
            odd[role] = styles[role]
            inner.append(f"{times.read_usual(column, styles[role])} AS {role}_u")
            outer += [
                f"epoch_us({role}_u) AS {role}_t",
                f"CASE WHEN {role}_u IS NULL THEN {column} END AS {role}_text",
            ]
        elif role in TIME_ROLES:
            instant, sort = _typed(table, role, header)
            inner.append(f"{instant} AS {role}_i")
            outer += [
                f"coalesce(epoch_us({role}_i), 0) AS {role}_t",
                f"(CASE WHEN {role}_i IS NOT NULL THEN {sort} WHEN {column} IS NULL "
                f"THEN {times.MISSING} ELSE {times.UNREADABLE} END)::UTINYINT AS {role}_k",
            ]
        elif role in TEXT_ROLES:
            text = column if kind == "VARCHAR" else f"{column}::VARCHAR"
            outer.append(f"{text} AS {identifier(role)}")
        elif role == "precision":
            outer.append(
                f"coalesce({_number(column, decimals.get(role))}, 'NaN'::DOUBLE) AS precision"
            )
        elif role == "count":
            number = f"coalesce({_number(column, decimals.get(role))}, 'NaN'::DOUBLE)"
            outer.append(f'CASE WHEN {_absent(column, kind)} THEN 1 ELSE {number} END AS "count"')
    pair = ("longitude", "latitude") if "latitude" in roles else ("x", "y")
    if pair[0] in roles:
        missing = []
        for axis, role in zip("xy", pair, strict=True):
            column, kind = table.columns[roles[role]], table.types[roles[role]]
            inner.append(f"{_number(column, decimals.get(role))} AS place_{axis}_v")
            outer.append(f"coalesce(place_{axis}_v, 'NaN'::DOUBLE) AS place_{axis}")
            missing.append(_absent(column, kind))
        outer.append(
            f"(CASE WHEN place_x_v IS NOT NULL AND place_y_v IS NOT NULL THEN {PLACED} "
            f"WHEN {' OR '.join(missing)} THEN {NO_PLACE} ELSE {BAD_PLACE} END)::UTINYINT "
            "AS place_k"
        )
    flags = [identifier(name) for name in table.flags]
    inner += flags
    outer += flags
    query = (
        f"SELECT {', '.join(outer)} FROM "
        f"(SELECT {', '.join(dict.fromkeys(inner))} FROM {table.relation})"
    )
    with reading(table.name):
        for batch in database.connection.sql(query).to_arrow_reader(_BATCH):
            for role, style in odd.items():
                batch = _with_odd_times(database, batch, role, style)
            yield batch


def _typed(table: Table, role: str, header: str) -> tuple[str, str]:
    typed = times.read_typed(table.columns[header], table.types[header])
    if typed is None:
        raise UnreadableError(
            f"The column mapped as `{role}` must hold dates or times.",
            found=f"values of type {table.types[header].lower()}",
            where=f"column {header!r} of {table.name}",
            remedy="write the times as text, as 2022-01-31 18:30, or as timestamps",
        )
    return typed


def _with_odd_times(
    database: Database, batch: pa.RecordBatch, role: str, style: Style
) -> pa.RecordBatch:
    """Put in the kind of each time, reading the text of those that are not in the usual format."""
    read, text = batch[f"{role}_t"], batch[f"{role}_text"]
    kind = np.full(len(batch), times.usual_kind(style), dtype=np.uint8)
    micros = read.fill_null(0).to_numpy(zero_copy_only=False)
    if read.null_count:
        kind[read.is_null().to_numpy(zero_copy_only=False)] = times.MISSING
        coded = text.dictionary_encode()
        rows = np.flatnonzero(text.is_valid().to_numpy(zero_copy_only=False))
        if len(rows):
            instant, sort = times.read_text("t", style)
            words = ", ".join(map(times.quoted, NULL_WORDS))
            found = database.ask(
                pa.table({"t": coded.dictionary, "n": np.arange(len(coded.dictionary))}),
                "SELECT coalesce(epoch_us(i), 0), (CASE WHEN i IS NOT NULL THEN s "
                f"WHEN t IN ({words}) THEN {times.MISSING} ELSE {times.UNREADABLE} END)::UTINYINT "
                f"FROM (SELECT t, n, {instant} AS i, {sort} AS s FROM asked) ORDER BY n",
            )
            codes = coded.indices.take(pa.array(rows)).to_numpy()
            micros = micros.copy()
            micros[rows] = found.column(0).to_numpy()[codes]
            kind[rows] = found.column(1).to_numpy()[codes]
    columns = {name: batch[name] for name in batch.schema.names if name != f"{role}_text"}
    columns |= {f"{role}_t": pa.array(micros), f"{role}_k": pa.array(kind)}
    return pa.RecordBatch.from_pydict(columns)


def _absent(column: str, kind: str) -> str:
    if kind != "VARCHAR":
        return f"{column} IS NULL"
    # Not IN: DuckDB turns a long IN into a hash join, which loses the order of rows.
    words = "|".join(map(re.escape, NULL_WORDS))
    return f"{column} IS NULL OR regexp_full_match({column}, {times.quoted(words)})"


def _number(column: str, decimal: str | None) -> str:
    return f"TRY_CAST({column} AS DOUBLE)" if decimal is None else sql_number(column, decimal)
