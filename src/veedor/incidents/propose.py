"""`propose`: what `veedor init` writes into a new study.toml, and why; guesses, said to be."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Sequence
from contextlib import closing
from pathlib import Path
from typing import TypeVar

import pyarrow as pa

from veedor.errors import PersonalDataRefusal, UnreadableError
from veedor.incidents import times
from veedor.incidents.dialect import HeaderlessError
from veedor.incidents.escape import shown
from veedor.incidents.files import InputFile, find, opened
from veedor.incidents.geojson import LATITUDE, LONGITUDE
from veedor.incidents.headers import recognise
from veedor.incidents.hours import clock, hour_band
from veedor.incidents.layouts import (
    Layout,
    find_layout,
    holds_no_incidents,
    laid_out,
    person_columns,
    recognise_layout,
)
from veedor.incidents.personal import Screen, names_a_person, safe
from veedor.incidents.proposal import MOST_VALUES, Proposal, ProposedColumn, with_values
from veedor.incidents.scan import TIME_ROLES, find_decimals
from veedor.incidents.spreadsheets import sheet_headers
from veedor.incidents.tables import Database, Table, UnevenLinesError, reading, table
from veedor.incidents.whereabouts import zones_of
from veedor.temporary import temporary_folder

Looked = TypeVar("Looked")

_EXAMPLES = 3


def propose(
    paths: Sequence[str],
    *,
    encoding: str | None = None,
    delimiter: str | None = None,
    layout: Layout | None = None,
) -> Proposal:
    """Look at the first of the files and propose how to read them all.

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
    names = tuple(shown(path.name, 100) for path in found)
    proposal: Proposal | None = None
    seen: Counter[str] = Counter()
    unread: list[str] = []
    for path in found:
        with temporary_folder() as folder:
            for file in opened(path, folder):
                if layout is None and holds_no_incidents(file.name):
                    continue

                def look(
                    database: Database, one: Table, known: Proposal | None = proposal
                ) -> tuple[Proposal, Counter[str]]:
                    if known is None:
                        return _propose(database, one, names, layout)
                    return known, _values_as(known, database, one)

                try:
                    proposal, values = _looked(file, folder, encoding, delimiter, look)
                except UnreadableError as error:
                    if proposal is None:
                        raise
                    unread.append(f"Its categories are not here: {error}")
                    continue
                seen += values
    if proposal is None:
        raise UnreadableError(
            "A source must hold incidents.", found="only files of another kind", where=names[0]
        )
    return with_values(proposal, seen, unread)


def _looked(
    file: InputFile,
    folder: Path,
    encoding: str | None,
    delimiter: str | None,
    look: Callable[[Database, Table], Looked],
) -> Looked:
    """Look at a file; again with its line ends made the same where it cannot be parsed.

    Where no header names its columns, or it is a workbook of several sheets, it is looked at as
    study.toml will have to say.
    """
    header, even_lines = None, False
    sheets = _sheets(file)
    while True:
        with closing(Database(folder)) as database:
            try:
                return look(
                    database,
                    table(
                        database,
                        file,
                        encoding=encoding,
                        delimiter=delimiter,
                        even_lines=even_lines,
                        header=header,
                        sheets=sheets,
                    ),
                )
            except HeaderlessError:
                if header is not None:
                    raise
                header = False
            except UnevenLinesError:
                if even_lines:
                    raise
                even_lines = True


def _sheets(file: InputFile) -> tuple[str, ...]:
    """Sheets to read of a workbook of several: the longest, and all that have its header."""
    if file.kind != "xlsx":
        return ()
    heads = sheet_headers(file)
    if len(heads) < 2:
        return ()
    longest = max(heads, key=lambda title: heads[title][0])
    return tuple(title for title, head in heads.items() if head[1] == heads[longest][1])


def _propose(
    database: Database, one: Table, names: tuple[str, ...], layout: Layout | None
) -> tuple[Proposal, Counter[str]]:
    """Propose columns from one file; give the counts of its categories beside."""
    layout = layout or recognise_layout(list(one.columns))
    if layout is not None:
        one = laid_out(database, one, layout)
        proposal = _known(one, names, layout)
    else:
        proposal = _guessed(database, one, names)
    return proposal, _values(database, one, proposal.column("category"))


def _values_as(proposal: Proposal, database: Database, one: Table) -> Counter[str]:
    """Count the categories of a further file, read as the first is."""
    column = proposal.column("category")
    if proposal.layout is not None:
        one = laid_out(database, one, find_layout(proposal.layout))
    return _values(database, one, None if column is None else one.find("category", column))


def _guessed(database: Database, one: Table, names: tuple[str, ...]) -> Proposal:
    """Propose what the headers and values of a file of no known layout seem to say."""
    notes: list[str] = []
    roles, why, personal = _roles(one, notes)
    decimals = _decimals(database, one, roles, notes)
    ambiguous = _ambiguous(database, one, roles)
    if ambiguous:
        notes.append(
            "No day above 12 in " + ", ".join(ambiguous) + ": set time_format, such as %d/%m/%Y."
        )
    time_zone, crs = zones_of(one, roles, decimals)
    if time_zone is None:
        notes.append("No coordinates in degrees: set time_zone and crs.")
    else:
        notes.append(f"time_zone {time_zone} is where the middle of the data lies; check it.")
    kept = set(roles.values())
    return Proposal(
        files=names,
        columns=tuple(
            ProposedColumn(role, column, _examples(one, column), why[role])
            for role, column in roles.items()
            if column not in (LATITUDE, LONGITUDE)
        ),
        values=(),
        time_zone=time_zone,
        crs=crs,
        format=one.details["format"],
        encoding=one.details.get("encoding"),
        delimiter=one.details.get("delimiter"),
        decimal=next(iter(decimals.values()), None) if one.is_csv else None,
        ambiguous_dates=ambiguous,
        dropped=tuple(
            shown(column, 80) + (" (personal)" if column in personal else "")
            for column in one.columns
            if column not in kept and column not in (LATITUDE, LONGITUDE)
        ),
        notes=tuple(notes),
        skip_rows=one.details.get("skip_rows"),
        header=one.details.get("header"),
        sheets=tuple(one.details.get("sheet", ())),
    )


def _decimals(
    database: Database, one: Table, roles: dict[str, str], notes: list[str]
) -> dict[str, str]:
    try:
        return find_decimals(database, one, roles, None, degrees=False)
    except UnreadableError as error:
        notes.append(str(error))
        return {}


def _known(one: Table, names: tuple[str, ...], layout: Layout) -> Proposal:
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
        values=(),
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


def _values(database: Database, one: Table, column: str | None) -> Counter[str]:
    if column is None:
        return Counter()
    with reading(one.name):
        rows = database.rows(
            f"SELECT {one.columns[column]}::VARCHAR AS v, count(*) FROM {one.relation} "
            f"WHERE v IS NOT NULL GROUP BY v ORDER BY count(*) DESC, v LIMIT {MOST_VALUES}"
        )
    database.malformed()
    counts: Counter[str] = Counter()
    for value, count in rows:
        counts[value] += int(count)
    return counts
