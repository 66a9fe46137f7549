"""One pass over one table: the mapped columns as numbers and text, in large batches, in order."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import numpy as np
import pyarrow as pa

from veedor.incidents.columns import Columns, Source
from veedor.incidents.offsets import judge_offsets
from veedor.incidents.unread import MOST_EXAMPLES, Unread
from veedor.tables import points, times, written
from veedor.tables.angles import Axis, sql_angle
from veedor.tables.database import (
    NULL_WORDS,
    Database,
    Table,
    absent,
    evidence,
    identifier,
    reading,
)
from veedor.tables.geojson import LATITUDE, LONGITUDE
from veedor.tables.hours import ClockStyle, day_parts, find_clock_style
from veedor.tables.numerals import Evidence, find_decimal, sql_number, table_decimal
from veedor.tables.time_columns import as_text, is_text, time_style, typed, where
from veedor.tables.times import Style, unsettled_error
from veedor.tables.turned import refuse_half_days, refuse_rounded_instants, refuse_turned_days

TIME_ROLES = ("time", "start", "end", "date", "reported_at")
NUMBER_ROLES = ("latitude", "longitude", "x", "y", "precision", "count")
TEXT_ROLES = ("id", "category", "clock", "hour_band", "known_by", "incident", "zone")
_AXES: dict[str, Axis] = {"longitude": "x", "latitude": "y", "x": "x", "y": "y"}
#: Kinds of a place, as the SQL gives them.
PLACED, NO_PLACE, BAD_PLACE = range(3)

_BATCH = 250_000


def roles_in(table: Table, columns: Columns) -> dict[str, str]:
    """Role to header, for one table; a GeoJSON point is the place where none is mapped."""
    roles = {role: table.find(role, column) for role, column in columns.roles().items()}
    if not columns.placed and table.kind == "geojson":
        roles |= {"longitude": LONGITUDE, "latitude": LATITUDE}
    return roles


def find_styles(
    database: Database, tables: list[Table], columns: Columns, source: Source
) -> list[dict[str, Style]]:
    """Find how each column of times is written in each table.

    Where a sample leaves the order of day and month open, the whole column is looked at, and then
    the same column of the other files. Then an offset beside the times is judged: see
    `veedor.incidents.offsets`.

    Raises
    ------
    StudyError
        If the order is mixed, or open in all files; if a column of hours contradicts an offset.
    """
    styles: list[dict[str, Style]] = []
    for table in tables:
        roles = roles_in(table, columns)
        styles.append(
            {
                role: time_style(
                    database,
                    table,
                    roles[role],
                    source.time_format,
                    ignore_offset=source.offset == "ignore",
                    settled=False,
                )
                for role in TIME_ROLES
                if role in roles
            }
        )
        _refuse_spoilt(table, roles, source)
    for role in TIME_ROLES:
        known = {
            found[role].order
            for found in styles
            if role in found and found[role].order is not None and found[role].ordered
        }
        for table, found in zip(tables, styles, strict=True):
            open_style = found.get(role)
            if open_style is None or not open_style.unsettled:
                continue
            if len(known) != 1:
                raise unsettled_error(where(table, roles_in(table, columns)[role]), open_style)
            found[role] = open_style.in_order(str(next(iter(known))))
    for table, found in zip(tables, styles, strict=True):
        roles = roles_in(table, columns)
        judge_offsets(database, table, roles, found, source.time_zone, asked=source.offset)
    return styles


def _refuse_spoilt(table: Table, roles: Mapping[str, str], source: Source) -> None:
    """Refuse times that were spoilt before: see `veedor.tables.turned`."""
    for role in (*TIME_ROLES, "clock"):
        if role not in roles or (role == "clock" and source.clock_format is not None):
            continue
        if role != "clock" and source.time_format is not None:
            continue
        values, place = table.samples[roles[role]], where(table, roles[role])
        refuse_half_days(values, place)
        if role != "clock":
            refuse_turned_days(values, place)
            refuse_rounded_instants(values, place)


def clock_style(table: Table, roles: Mapping[str, str], source: Source) -> ClockStyle:
    """Find how the clock times or hour bands of a table are written.

    Raises
    ------
    StudyError
        If it cannot be known what numbers alone are.
    """
    role = next((role for role in ("clock", "hour_band") if role in roles), None)
    if role is None:
        return ClockStyle()
    return find_clock_style(
        table.samples[roles[role]],
        where(table, roles[role]),
        band=role == "hour_band",
        asked=source.clock_format,
        parts=day_parts(dict(source.day_parts)),
    )


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
            seen[role] = evidence(database, table, roles[role], settled=asked is not None)
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
    unread: Unread,
    first: points.PointFirst | None = None,
) -> Iterator[pa.RecordBatch]:
    """Read the mapped columns of a table.

    Yields
    ------
    RecordBatch
        ``<role>_t`` (int64, microseconds) and ``<role>_k`` (uint8, kind) of each time;
        ``place_x``, ``place_y`` (float64) and ``place_k`` (uint8); ``precision`` (float64);
        ``count`` (float64, 1 where missing); the text of the other roles; the flags of a layout
        (bool). What is unknown or unreadable is null.
    """
    outer: list[str] = []
    inner: list[str] = []
    odd: dict[str, Style] = {}
    for role, header in roles.items():
        column, kind = table.columns[header], table.types[header]
        inner.append(column)
        if role in TIME_ROLES and is_text(kind):
            text = as_text(table, header)
            odd[role] = styles[role]
            inner.append(f"{times.read_usual(text, styles[role])} AS {role}_u")
            outer += [
                f"epoch_us({role}_u) AS {role}_t",
                f"CASE WHEN {role}_u IS NULL THEN {text} END AS {role}_text",
            ]
        elif role in TIME_ROLES:
            instant, sort = typed(table, header, f"`{role}`", styles[role])
            inner.append(f"{instant} AS {role}_i")
            outer += [
                f"coalesce(epoch_us({role}_i), 0) AS {role}_t",
                f"(CASE WHEN {role}_i IS NOT NULL THEN {sort} WHEN {column} IS NULL "
                f"THEN {written.MISSING} ELSE {written.UNREADABLE} END)::UTINYINT AS {role}_k",
            ]
        elif role in TEXT_ROLES:
            text = column if kind == "VARCHAR" else f"{column}::VARCHAR"
            outer.append(f"{text} AS {identifier(role)}")
        elif role == "precision":
            outer.append(f"{_number(column, decimals.get(role))} AS precision")
        elif role == "count":
            number = _number(column, decimals.get(role))
            outer.append(f'CASE WHEN {absent(column, kind)} THEN 1 ELSE {number} END AS "count"')
    numbers, missing = _place(table, roles, decimals, first)
    if numbers:
        inner += [f"{number} AS place_{axis}_v" for axis, number in zip("xy", numbers, strict=True)]
        outer += [f"place_{axis}_v AS place_{axis}" for axis in "xy"]
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
                batch = _with_odd_times(database, batch, role, style, unread)
            yield batch


def _place(
    table: Table,
    roles: Mapping[str, str],
    decimals: Mapping[str, str],
    first: points.PointFirst | None,
) -> tuple[list[str], list[str]]:
    """SQL of x and y, and of whether there is none; nothing where no column says where."""
    if "point" in roles:
        header = roles["point"]
        column = table.columns[header]
        order = points.order_of(table.samples[header], first)
        place = points.sql_point(f"{column}::VARCHAR", order)
        return list(place), [absent(column, table.types[header])]
    pair = ("longitude", "latitude") if "latitude" in roles else ("x", "y")
    if pair[0] not in roles:
        return [], []
    numbers, missing = [], []
    for role in pair:
        column = table.columns[roles[role]]
        number = _number(column, decimals.get(role))
        if table.types[roles[role]] == "VARCHAR":
            number = f"coalesce({number}, {sql_angle(column, _AXES[role])})"
        numbers.append(number)
        missing.append(absent(column, table.types[roles[role]]))
    return numbers, missing


def _with_odd_times(
    database: Database, batch: pa.RecordBatch, role: str, style: Style, unread: Unread
) -> pa.RecordBatch:
    """Put in the kind of each time, reading the text of those that are not in the usual format."""
    read, text = batch[f"{role}_t"], batch[f"{role}_text"]
    kind = np.full(len(batch), times.usual_kind(style), dtype=np.uint8)
    micros = (read.fill_null(0) if read.null_count else read).to_numpy(zero_copy_only=False)
    if read.null_count:
        kind[read.is_null().to_numpy(zero_copy_only=False)] = written.MISSING
        coded = text.dictionary_encode()
        rows = np.flatnonzero(text.is_valid().to_numpy(zero_copy_only=False))
        if len(rows):
            words = ", ".join(map(written.quoted, NULL_WORDS))
            found = database.ask(
                pa.table({"t": coded.dictionary, "n": np.arange(len(coded.dictionary))}),
                f"SELECT coalesce(m.t, 0), coalesce(m.k, CASE WHEN trim(t) IN ('', {words}) "
                f"THEN {written.MISSING} ELSE {written.UNREADABLE} END)::UTINYINT "
                f"FROM (SELECT t, n, {times.read_text('t', style)} AS m FROM asked) ORDER BY n",
            )
            codes = coded.indices.take(pa.array(rows)).to_numpy()
            kinds = found.column(1).to_numpy()
            micros = micros.copy()
            micros[rows] = found.column(0).to_numpy()[codes]
            kind[rows] = kinds[codes]
            for at in np.flatnonzero(kinds == written.UNREADABLE)[:MOST_EXAMPLES]:
                unread.example(role, coded.dictionary[int(at)].as_py())
    columns = {name: batch[name] for name in batch.schema.names if name != f"{role}_text"}
    columns |= {f"{role}_t": pa.array(micros), f"{role}_k": pa.array(kind)}
    return pa.RecordBatch.from_pydict(columns)


def _number(column: str, decimal: str | None) -> str:
    return f"TRY_CAST({column} AS DOUBLE)" if decimal is None else sql_number(column, decimal)
