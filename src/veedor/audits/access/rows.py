"""`read_rows`: the rows of one export as they stand, in columns; nothing is judged yet."""

from __future__ import annotations

import re
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from veedor.arrays import Bools, Ints
from veedor.audits.access.log import NUMBERS
from veedor.audits.access.parts import Part, is_header
from veedor.audits.access.presets import Preset
from veedor.errors import DataError, phrase
from veedor.tables.clocks import LocalClock
from veedor.tables.database import Database, Table, reading
from veedor.tables.escape import shown
from veedor.tables.kinds import text
from veedor.tables.malformed import uneven_rows
from veedor.tables.source import Source
from veedor.tables.time_columns import open_order_error, time_sql, time_style, where
from veedor.tables.times import Style
from veedor.tables.written import DAY_ONLY, INSTANT, MONTH_ONLY, quoted

#: Columns of texts, in the order in which they are read.
TEXTS = ("user", "force", "unit", "key", "case", "reason", "search_type", "event")
#: Time that is missing.
NO_TIME = np.iinfo(np.int64).min
_DAY = 86_400_000_000
_BATCH = 1 << 19
_THREADS = 2
_BLANK = "[ \u00a0\u202f]"
#: Times as the exports of one maker write them, which are read several times faster if named.
_NAMED_TIMES = re.compile(
    rf"\d{{1,2}}/\d{{1,2}}/\d{{4}},({_BLANK})\d{{1,2}}:\d\d:\d\d({_BLANK})[AP]M(?:({_BLANK})UTC)?"
)
#: What stands between both ends of a time that is asked for.
_BETWEEN = ("\r\n", "\n", "\r", " - ", " – ", " to ", " hasta ")
#: Times of a day are read before 1970 by mistake only, and after the next century's start too.
_SANE = (0, 4_102_444_800_000_000)

Hashed = npt.NDArray[np.uint64]


class StackedError(DataError):
    """An export in which the header of another one stands among the rows."""


@dataclass(eq=False)
class RawRows:
    """Rows of one export.

    Parameters
    ----------
    at : array of int64, shape (row,)
        UTC, microseconds since 1970; `NO_TIME` where there is none, or none that can be read.
    id : array of uint64, shape (row,), or None
        Hash of the id; 0 where the cell is empty.
    content : array of uint64, shape (row,)
        Hash of all that is read of the row.
    texts : dict of str to list of DictionaryArray
        By the batch.
    numbers : dict of str to array of float32
    odd : dict of str to list of DictionaryArray
        What stands in a column of numbers and is none.
    unread_times, days_only, moved : int
        Rows whose time cannot be read, says a day only, or is none or two of the local clock.
    uneven : array of int64
        Rows of more or fewer cells than the header, from 1 behind it, in order; they are not here.
    """

    at: Ints
    id: Hashed | None
    content: Hashed
    texts: dict[str, list[pa.DictionaryArray]] = field(default_factory=dict)
    numbers: dict[str, npt.NDArray[np.float32]] = field(default_factory=dict)
    odd: dict[str, list[pa.DictionaryArray]] = field(default_factory=dict)
    unread_times: int = 0
    days_only: int = 0
    moved: int = 0
    uneven: Ints = field(default_factory=lambda: np.empty(0, np.int64))

    def __len__(self) -> int:
        return self.at.size

    def places(self) -> npt.NDArray[np.int32]:
        """Give where each row stands behind the header, from 1: those that are not here count."""
        rows = np.arange(1, len(self) + 1)
        before = np.searchsorted(self.uneven - np.arange(self.uneven.size), rows, side="right")
        return (rows + before).astype(np.int32)


def read_rows(
    database: Database,
    part: Part,
    preset: Preset,
    roles: Mapping[str, str],
    clock: LocalClock,
    *,
    times_are: str | None,
) -> RawRows:
    """Read an export once, from its first row to its last.

    Parameters
    ----------
    database : Database
    part : Part
    preset : Preset
    roles : mapping of str to str
        Role to header.
    clock : LocalClock
    times_are : {"utc", "local"} or None
        Of times that say no offset.

    Raises
    ------
    StackedError
        If the header of another export stands among the rows.
    UnreadableError
        If rows are not text, or a quote runs on over the end of its line.
    DataError
        If times say no offset, and it is not known what they are.
    """
    table, roles = _with_ends(*_with_clock(part.table, dict(roles)))
    source = Source(database, table)
    select = _select(source, preset, roles)
    gathered: dict[str, list[np.ndarray]] = {}
    found = RawRows(np.empty(0, np.int64), None, np.empty(0, np.uint64))
    with reading(table.name), ThreadPoolExecutor(_THREADS) as pool:
        batches = database.connection.sql(select.of(table.relation)).to_arrow_reader(_BATCH)
        for batch in batches:
            whole = dict(zip(select.columns, batch.columns, strict=True))
            sorts = whole.pop("sort").to_numpy(zero_copy_only=False)
            at = whole.pop("at").to_numpy(zero_copy_only=False)
            gathered.setdefault("at", []).append(
                _instants(found, at, sorts, clock, times_are, table)
            )
            coded = {name: pool.submit(_coded, column) for name, column in whole.items()}
            for name, column in whole.items():
                if name in TEXTS:
                    found.texts.setdefault(name, []).append(coded[name].result())
                elif name.startswith("odd_"):
                    kept = found.odd.setdefault(name.removeprefix("odd_"), [])
                    kept.append(coded[name].result())
                else:
                    # A view would keep the texts of the whole batch as long as its numbers.
                    kept_numbers = column.to_numpy(zero_copy_only=False).copy()
                    gathered.setdefault(name, []).append(kept_numbers)
    found.uneven = uneven_rows(database, part.table)
    not_read = [one for one in found.odd.pop("at", []) if not pa.types.is_null(one.type)]
    if any(is_header(one) for batch in not_read for one in batch.dictionary.to_pylist()):
        raise StackedError("An export must hold no further header.", where=table.name)
    found.unread_times += sum(len(one) - one.null_count for one in not_read)
    whole_columns = {name: _joined(gathered, name) for name in [*gathered]}
    found.at = whole_columns["at"]
    found.content = whole_columns["content"].astype(np.uint64, copy=False)
    found.id = whole_columns.get("id")
    found.numbers = {name: whole_columns[name] for name in NUMBERS if name in whole_columns}
    return found


def _coded(column: pa.Array) -> pa.Array:
    """Code texts; nothing where there are none, and numbers as they are."""
    if column.null_count == len(column):
        return pa.nulls(len(column))
    return column.dictionary_encode() if pa.types.is_string(column.type) else column


def _joined(gathered: dict[str, list[np.ndarray]], name: str) -> np.ndarray:
    """Put the pieces of a column together, and let go of them."""
    return np.concatenate(gathered.pop(name))


@dataclass(frozen=True)
class _Select:
    """SQL of what is read of each row: parts that are worked out once, and columns of them."""

    inner: dict[str, str]
    columns: dict[str, str]

    def of(self, relation: str) -> str:
        """Give the query over a relation."""
        inner = ", ".join(f"{sql} AS {name}" for name, sql in self.inner.items())
        outer = ", ".join(f"{sql} AS {name}" for name, sql in self.columns.items())
        return f"SELECT {outer} FROM (SELECT {inner} FROM {relation})"


def _select(source: Source, preset: Preset, roles: Mapping[str, str]) -> _Select:
    table = source.table
    inner = {
        "v_at": time_sql(table, roles["at"], _style(source, preset, roles["at"])),
        "v_said": _text(table, roles["at"]),
    }
    columns = {
        "at": f"coalesce(v_at.t, {NO_TIME})",
        "sort": "coalesce(v_at.k, 255)::UTINYINT",
        "odd_at": "CASE WHEN v_at.t IS NULL THEN v_said END",
    }
    hashed = ["v_at.t"]
    if "id" in roles:
        inner["v_id"] = f"nullif(trim({_text(table, roles['id'])}), '')"
        columns["id"] = "CASE WHEN v_id IS NULL THEN 0::UBIGINT ELSE hash(v_id) END"
        hashed.append("v_id")
    for name in TEXTS:
        if name in roles:
            inner[f"v_{name}"] = _text(table, roles[name])
            columns[name] = f"v_{name}"
            hashed.append(f"v_{name}")
    for name in ("networks", "devices"):
        if name in roles:
            inner[f"v_{name}"] = _text(table, roles[name])
            inner[f"v_{name}_n"] = source.number(
                roles[name], whole=True, usual=".", sampled=True
            ).sql
            # A part of a network is none: such a number was written with another mark.
            columns |= _number(name, f"v_{name}_n", f"v_{name}", also=f"v_{name}_n % 1 = 0")
            hashed.append(f"v_{name}")
    window = _window(source, preset, roles)
    if window:
        inner |= window
        columns |= _number("window_days", f"(v_last.t - v_first.t) / {_DAY}.0", "v_window")
        hashed += ["v_first.t", "v_last.t"]
    columns["content"] = f"hash({', '.join(hashed)})"
    return _Select(inner, columns)


def _text(table: Table, header: str) -> str:
    """Give the SQL of a column as it is written; blanks are trimmed off the different texts."""
    if table.types[header] == "VARCHAR":
        return table.columns[header]
    return text(table.columns[header], table.types[header]).sql


def _number(name: str, read: str, said: str, also: str = "true") -> dict[str, str]:
    """Give the SQL of a number from 0, and of what is said where there is none."""
    value = f"CASE WHEN {read} >= 0 AND {also} THEN {read} ELSE 'NaN'::DOUBLE END"
    return {
        name: f"({value})::FLOAT",
        f"odd_{name}": f"CASE WHEN isnan({value}) THEN {said} END",
    }


def _window(source: Source, preset: Preset, roles: Mapping[str, str]) -> dict[str, str]:
    """Give the SQL of both ends of the time that is asked for."""
    table = source.table
    ends = [roles[one] for one in ("window_start", "window_end") if one in roles]
    if len(ends) < 2:
        return {}
    first, last = (time_sql(table, one, _style(source, preset, one)) for one in ends)
    return {
        "v_first": first,
        "v_last": last,
        "v_window": _text(table, roles.get("window", ends[0])),
    }


def _style(source: Source, preset: Preset, header: str) -> Style:
    """How times are written; those of a known form as it writes them."""
    table = source.table
    seen = [_NAMED_TIMES.fullmatch(value.strip()) for value in table.samples[header][:200]]
    named = [one for one in seen if one is not None]
    asked = None
    if preset.headers and named and 2 * len(named) > len(seen):
        blanks = named[0].groups()
        zone = f"{blanks[2]}UTC" if blanks[2] else ""
        asked = f"%m/%d/%Y,{blanks[0]}%I:%M:%S{blanks[1]}%p{zone}"
    style = time_style(source.database, table, header, asked, settled=False)
    if style.unsettled and preset.headers:
        style = style.settled(day_first=False)
    if style.unsettled:
        raise open_order_error(where(table, header), style)
    return style


def _with_clock(table: Table, roles: dict[str, str]) -> tuple[Table, dict[str, str]]:
    """Make one column of instants of one of days and one of clock times."""
    clock = roles.pop("clock", None)
    if clock is None or clock == roles["at"]:
        return table, roles
    day = roles["at"]
    both = f"concat_ws(' ', {_text(table, day)}, {_text(table, clock)})"
    seen = [
        f"{one} {other}"
        for one, other in zip(table.samples[day], table.samples[clock], strict=False)
    ]
    return _more(table, {f"{day} {clock}": (both, seen)}), roles | {"at": f"{day} {clock}"}


def _with_ends(table: Table, roles: dict[str, str]) -> tuple[Table, dict[str, str]]:
    """Make two columns of one that holds both ends of the time that is asked for."""
    header = roles.get("window")
    if header is None or "window_start" in roles:
        return table, roles
    said = f"{table.columns[header]}::VARCHAR"
    between = max(_BETWEEN, key=lambda mark: sum(mark in one for one in table.samples[header]))
    pairs = [value.split(between) for value in table.samples[header]]
    made = {
        f"{header} {place}": (
            f"trim(split_part({said}, {quoted(between)}, {place}))",
            [pair[place - 1].strip() for pair in pairs if len(pair) == 2],
        )
        for place in (1, 2)
    }
    first, last = made
    return _more(table, made), roles | {"window_start": first, "window_end": last}


def _more(table: Table, made: Mapping[str, tuple[str, list[str]]]) -> Table:
    """Add columns of texts, each worked out once a row, to a table."""
    names = {header: f"v__{place}" for place, header in enumerate(made, len(table.columns))}
    listed = ", ".join(f"{made[header][0]} AS {name}" for header, name in names.items())
    return replace(
        table,
        relation=f"(SELECT *, {listed} FROM {table.relation})",
        columns=table.columns | names,
        types=table.types | dict.fromkeys(made, "VARCHAR"),
        samples=table.samples | {header: seen for header, (_, seen) in made.items()},
    )


def _instants(
    found: RawRows,
    at: Ints,
    sorts: npt.NDArray[np.uint8],
    clock: LocalClock,
    times_are: str | None,
    table: Table,
) -> Ints:
    """Turn times into UTC, as the column says or as is known of the form."""
    at = at.astype(np.int64)
    strange: Bools = (at < _SANE[0]) | (at >= _SANE[1]) | (sorts == MONTH_ONLY)
    found.unread_times += int((strange & (at != NO_TIME)).sum())
    at[strange] = NO_TIME
    found.days_only = int(((sorts == DAY_ONLY) & ~strange).sum())
    bare = ((sorts == INSTANT) | (sorts == DAY_ONLY)) & ~strange
    if not bare.any() or times_are == "utc":
        return at
    if times_are is None:
        raise DataError(
            "It must be known whether times without an offset are UTC or local.",
            found=phrase("{n:,} times that say neither", n=int(bare.sum())),
            where=shown(table.name, 100),
            remedy="say it with --times utc or --times local; most logs are exported in UTC",
        )
    places = np.flatnonzero(bare)
    turned = clock.to_utc(at[places])
    found.moved = int((turned.nonexistent | turned.ambiguous).sum())
    at[places] = turned.utc
    return at
