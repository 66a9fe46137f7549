"""`propose`: what `veedor init` writes into a new study.toml, and why; guesses, said to be."""

from __future__ import annotations

import re
import tempfile
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa

from veedor.errors import PersonalDataRefusal
from veedor.incidents import times
from veedor.incidents.columns import plain
from veedor.incidents.escape import shown
from veedor.incidents.files import find, opened
from veedor.incidents.geojson import LATITUDE, LONGITUDE
from veedor.incidents.headers import recognise
from veedor.incidents.hours import clock, hour_band
from veedor.incidents.layouts import Layout, laid_out, person_columns, recognise_layout
from veedor.incidents.personal import Screen, names_a_person, safe
from veedor.incidents.refusals import is_discovered, is_protest
from veedor.incidents.scan import TIME_ROLES, find_decimal
from veedor.incidents.tables import Database, Table, UnevenLinesError, reading, table
from veedor.incidents.whereabouts import zones_of

_EXAMPLES = 3
_MOST_VALUES = 200


@dataclass(frozen=True)
class ProposedColumn:
    """A column proposed for a role: up to three `examples`, escaped, and `why` it was taken."""

    role: str
    column: str
    examples: tuple[str, ...]
    why: str


@dataclass(frozen=True)
class ProposedValue:
    """A raw category value, its `count`, and its proposed `known_by`; None: never a category.

    `gathers` holds the spellings of one category that a layout knows; empty means its own.
    """

    value: str
    count: int
    known_by: str | None
    gathers: tuple[str, ...] = ()


@dataclass(frozen=True)
class Proposal:
    """What a file seems to hold. Everything in it is a guess for a person to confirm.

    Parameters
    ----------
    files : tuple of str
        Names of the files found; the first was looked at.
    columns : tuple of ProposedColumn
    values : tuple of ProposedValue
        Raw values of the category column, the most frequent first.
    time_zone, crs : str or None
        None where there are no coordinates to guess from.
    format, encoding, delimiter, decimal : str or None
        As found in the first file.
    ambiguous_dates : tuple of str
        Columns whose order of day and month cannot be known: `time_format` must be set.
    dropped : tuple of str
        Columns that will not be read.
    notes : tuple of str
        What a person must look at, in sentences.
    layout : str or None
        Name of the layout that the files are of; its columns are not guesses.
    """

    files: tuple[str, ...]
    columns: tuple[ProposedColumn, ...]
    values: tuple[ProposedValue, ...]
    time_zone: str | None
    crs: str | None
    format: str
    encoding: str | None
    delimiter: str | None
    decimal: str | None
    ambiguous_dates: tuple[str, ...]
    dropped: tuple[str, ...]
    notes: tuple[str, ...]
    layout: str | None = None

    def to_dict(self) -> dict[str, Any]:
        """Return the proposal as a dict that JSON can hold."""
        return asdict(self)


def propose(
    paths: Sequence[str],
    *,
    encoding: str | None = None,
    delimiter: str | None = None,
    layout: Layout | None = None,
) -> Proposal:
    """Look at the first of the files and propose how to read them.

    Parameters
    ----------
    paths : sequence of str
        Files, folders or globs.
    encoding, delimiter : str, optional
        Found where not given.
    layout : Layout, optional
        Recognised by the headers where not given.

    Raises
    ------
    UnreadableError
        If there is no file, or it is not what it claims to be, or not of the layout given.
    """
    found = find(tuple(paths))
    with tempfile.TemporaryDirectory(prefix="veedor-", ignore_cleanup_errors=True) as temporary:
        folder = Path(temporary)
        database = Database(folder)
        try:
            first = next(opened(found[0], folder))
            names = tuple(shown(path.name, 100) for path in found)
            try:
                one = table(database, first, encoding=encoding, delimiter=delimiter)
                return _propose(database, one, names, layout)
            except UnevenLinesError:
                one = table(
                    database, first, encoding=encoding, delimiter=delimiter, even_lines=True
                )
                return _propose(database, one, names, layout)
        finally:
            database.close()


def _propose(
    database: Database, one: Table, names: tuple[str, ...], layout: Layout | None
) -> Proposal:
    layout = layout or recognise_layout(list(one.columns))
    if layout is not None:
        return _known(database, laid_out(database, one, layout), names, layout)
    notes: list[str] = []
    roles, why, personal = _roles(one, notes)
    decimal = find_decimal(one, roles)
    ambiguous = _ambiguous(database, one, roles)
    if ambiguous:
        notes.append(
            "No day above 12 in " + ", ".join(ambiguous) + ": set time_format, such as %d/%m/%Y."
        )
    time_zone, crs = zones_of(one, roles, decimal)
    if time_zone is None:
        notes.append("No coordinates in degrees: set time_zone and crs.")
    else:
        notes.append(
            f"time_zone {time_zone} is that of the nearest listed town: a guess; check it."
        )
    values = _values(database, one, roles.get("category"))
    if any(value.known_by is None for value in values):
        notes.append("Protest and assembly are never a category: those values are left out.")
    if any(value.known_by == "discovered" for value in values):
        notes.append("Values that police go looking for are proposed as discovered: not forecast.")
    kept = set(roles.values())
    return Proposal(
        files=names,
        columns=tuple(
            ProposedColumn(role, column, _examples(one, column), why[role])
            for role, column in roles.items()
            if column not in (LATITUDE, LONGITUDE)
        ),
        values=values,
        time_zone=time_zone,
        crs=crs,
        format=one.details["format"],
        encoding=one.details.get("encoding"),
        delimiter=one.details.get("delimiter"),
        decimal=decimal if one.is_csv else None,
        ambiguous_dates=ambiguous,
        dropped=tuple(
            shown(column, 80) + (" (personal)" if column in personal else "")
            for column in one.columns
            if column not in kept and column not in (LATITUDE, LONGITUDE)
        ),
        notes=tuple(notes),
    )


def _known(database: Database, one: Table, names: tuple[str, ...], layout: Layout) -> Proposal:
    """Propose what a layout says: nothing of it is guessed from the values."""
    roles = layout.columns.roles()
    persons = person_columns(layout, one.headers)
    notes = [layout.delay, layout.rule, f"Licence: {layout.licence} ({layout.page})."]
    notes += [f"From {known.day}: {known.what}." for known in layout.breaks]
    return Proposal(
        files=names,
        columns=tuple(
            ProposedColumn(
                role,
                column,
                _examples(one, column),
                "made from " + ", ".join(shown(name, 40) for name in one.drawn.get(column, ())),
            )
            for role, column in roles.items()
        ),
        values=_gathered(_values(database, one, roles["category"]), layout),
        time_zone=layout.time_zone,
        crs=layout.crs,
        format=one.details["format"],
        encoding=one.details.get("encoding"),
        delimiter=one.details.get("delimiter"),
        decimal=None,
        ambiguous_dates=(),
        dropped=tuple(
            shown(name, 80) + (" (personal)" if name in persons else "")
            for name in one.unread(roles.values())
        ),
        notes=tuple(notes),
        layout=layout.name,
    )


def _gathered(values: tuple[ProposedValue, ...], layout: Layout) -> tuple[ProposedValue, ...]:
    """Gather the spellings of a category that a layout knows under one name."""
    owner = {plain(text): name for name, texts in layout.categories.items() for text in texts}
    found: dict[str, ProposedValue] = {}
    for value in values:
        name = owner.get(plain(value.value), value.value)
        same = found.get(name)
        found[name] = ProposedValue(
            name,
            value.count + (same.count if same else 0),
            value.known_by,
            layout.categories.get(name, ()),
        )
    return tuple(sorted(found.values(), key=lambda value: -value.count))


def _roles(one: Table, notes: list[str]) -> tuple[dict[str, str], dict[str, str], set[str]]:
    """Choose a column for each role, by its header, and check it against its values."""
    personal = {column for column in one.columns if names_a_person(column)}
    roles = recognise([column for column in one.columns if column not in personal])
    why = {
        role: f"its header {shown(column, 40)!r} is one used for this"
        for role, column in roles.items()
    }
    for role in ("id", "category", "known_by"):
        if role in roles and _is_personal(one, role, roles[role]):
            notes.append(
                f"Column {shown(roles[role], 40)!r} holds personal data: it is not proposed."
            )
            personal.add(roles.pop(role))
    if "id" in roles and len(set(one.samples[roles["id"]])) < len(one.samples[roles["id"]]):
        notes.append(f"Column {shown(roles['id'], 40)!r} repeats values: it is not proposed as id.")
        del roles["id"]
    if "date" in roles and any(":" in value for value in one.samples[roles["date"]][:50]):
        midnight = all(
            re.search(r"[T ]0?0:00(:00)?", value) for value in one.samples[roles["date"]][:50]
        )
        if not (midnight and {"clock", "hour_band"} & set(roles)):
            if "time" not in roles:
                roles["time"] = roles.pop("date")
                why["time"] = (
                    f"its header {shown(roles['time'], 40)!r}, and its values hold a clock time"
                )
            else:
                del roles["date"]
    for role, parse in (("clock", clock), ("hour_band", hour_band)):
        if role in roles and not any(parse(value) for value in one.samples[roles[role]][:200]):
            notes.append(f"Column {shown(roles[role], 40)!r} cannot be read as `{role}`.")
            del roles[role]
    _one_time(roles)
    if "latitude" in roles and "longitude" in roles:
        roles.pop("x", None)
        roles.pop("y", None)
    for pair in (("latitude", "longitude"), ("x", "y")):
        if len(set(pair) & set(roles)) == 1:
            for role in pair:
                roles.pop(role, None)
    if not {"time", "start", "date"} & set(roles):
        notes.append("No column of times was recognised: set time, or start and end, or date.")
    if "category" not in roles:
        notes.append("No column of categories was recognised: set category.")
    return roles, why, personal


def _one_time(roles: dict[str, str]) -> None:
    """Keep one way of saying when: an interval, a time, or a day with its hours."""
    if "start" in roles and "end" in roles:
        unwanted: tuple[str, ...] = ("time", "date", "clock", "hour_band")
    elif "date" in roles and {"clock", "hour_band"} & set(roles):
        unwanted = ("time", "start", "end", "hour_band" if "clock" in roles else "clock")
    elif "time" in roles:
        unwanted = ("start", "end", "date", "clock", "hour_band")
    elif "start" in roles:
        unwanted = ("end", "date", "clock", "hour_band")
    else:
        unwanted = ("end", "clock", "hour_band") if "date" not in roles else ("end",)
    for role in unwanted:
        roles.pop(role, None)


def _is_personal(one: Table, role: str, column: str) -> bool:
    screen = Screen(role, column, distinct=role != "id")
    values = one.samples[column]
    screen.look(pa.array(values if role == "id" else sorted(set(values)), pa.string()))
    try:
        screen.refuse()
    except PersonalDataRefusal:
        return True
    return False


def _examples(one: Table, column: str) -> tuple[str, ...]:
    different = dict.fromkeys(one.samples[column])
    return tuple(safe(value) for value in list(different)[:_EXAMPLES])


def _ambiguous(database: Database, one: Table, roles: dict[str, str]) -> tuple[str, ...]:
    found = []
    for role in TIME_ROLES:
        column = roles.get(role)
        if column is None or one.types[column] != "VARCHAR":
            continue
        where = f"column {column!r} of {one.name}"
        style = times.find_style(one.samples[column], None, where)
        if style.unsettled:
            with reading(one.name):
                probe = times.order_probe(one.columns[column])
                seen = database.rows(f"SELECT {probe} FROM {one.relation}")[0]
            database.malformed()
            if times.settle(style, seen[0], seen[1], where).unsettled:
                found.append(shown(column, 80))
    return tuple(found)


def _values(database: Database, one: Table, column: str | None) -> tuple[ProposedValue, ...]:
    if column is None:
        return ()
    with reading(one.name):
        rows = database.rows(
            f"SELECT {one.columns[column]}::VARCHAR AS v, count(*) FROM {one.relation} "
            f"WHERE v IS NOT NULL GROUP BY v ORDER BY count(*) DESC, v LIMIT {_MOST_VALUES}"
        )
    database.malformed()
    return tuple(
        ProposedValue(
            safe(value),
            int(count),
            None if is_protest(value) else "discovered" if is_discovered(value) else "reported",
        )
        for value, count in rows
    )
