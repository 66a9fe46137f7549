"""`propose`: what `veedor init` writes into a new study.toml, and why; guesses, said to be."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import TypeVar

from veedor.errors import UnreadableError, phrase
from veedor.files.temporary import temporary_folder
from veedor.incidents.choosing import PLACE_ROLES, choose_roles
from veedor.incidents.layouts import (
    Layout,
    find_layout,
    holds_no_incidents,
    laid_out,
    person_columns,
    recognise_layout,
)
from veedor.incidents.proposal import MOST_VALUES, Proposal, ProposedColumn, with_values
from veedor.incidents.proposed_times import ambiguous, offset_of
from veedor.incidents.scan import find_decimals
from veedor.incidents.whereabouts import zones_of
from veedor.tables.database import Database, Table, UnevenLinesError, reading, table
from veedor.tables.dialect import Format, HeaderlessError
from veedor.tables.escape import shown
from veedor.tables.files import InputFile, find, opened
from veedor.tables.geojson import LATITUDE, LONGITUDE
from veedor.tables.personal import names_a_place, safe
from veedor.tables.points import is_x_first, read_point
from veedor.tables.spreadsheets import sheet_headers

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
                    unread.append(phrase("Its categories are not here: {error}", error=error))
                    continue
                seen += values
    if proposal is None:
        raise UnreadableError(
            "A source must hold incidents.",
            found=phrase("only files of another kind"),
            where=names[0],
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
    known = Format(encoding=encoding, delimiter=delimiter, sheets=_sheets(file))
    while True:
        with closing(Database(folder)) as database:
            try:
                return look(database, table(database, file, known))
            except HeaderlessError:
                if known.header is not None:
                    raise
                known = replace(known, header=False)
            except UnevenLinesError:
                if known.even_lines:
                    raise
                known = replace(known, even_lines=True)


def _sheets(file: InputFile) -> tuple[str, ...]:
    """Sheets to read of a workbook of several: the longest, and all that have its header."""
    if file.kind != "workbook":
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
    roles, why, personal, parts = choose_roles(database, one, notes)
    decimals = _decimals(database, one, roles, notes)
    open_dates = ambiguous(database, one, roles)
    if open_dates:
        notes.append(
            phrase(
                "No day above 12 in {columns}: set time_format, such as %d/%m/%Y.",
                columns=", ".join(open_dates),
            )
        )
    time_zone, crs = zones_of(one, roles, decimals)
    if "latitude" in roles and (time_zone is None or time_zone.startswith("Antarctica/")):
        time_zone, crs = _exchanged(one, roles, why, decimals, notes) or (time_zone, crs)
    if not PLACE_ROLES & set(roles) and one.kind != "geojson":
        notes.insert(
            0,
            phrase(
                "No place was found: map latitude and longitude, x and y, or point; or zone, "
                "where the record names beats or districts, with their polygons as [cells]."
            ),
        )
    elif time_zone is None and "latitude" in roles:
        notes.insert(
            0,
            phrase(
                "The middle of the coordinates lies at sea: check which column is the "
                "latitude, and their signs; then set time_zone and crs."
            ),
        )
    elif time_zone is None:
        notes.insert(
            0,
            phrase(
                "The coordinates are not in degrees: set input_crs to theirs, time_zone and crs."
            ),
        )
    else:
        notes.append(
            phrase(
                "time_zone {time_zone} is where the middle of the data lies; check it.",
                time_zone=time_zone,
            )
        )
    offset, because = offset_of(database, one, roles, time_zone or "UTC")
    if offset is not None:
        notes.append(because)
    if parts:
        notes.append(
            phrase("The hours of words for parts of the day are guesses: set those of the source.")
        )
    kept = set(roles.values())
    return Proposal(
        files=names,
        columns=tuple(
            ProposedColumn(role, column, _examples(one, column, role), why[role])
            for role, column in roles.items()
            if column not in (LATITUDE, LONGITUDE)
        ),
        values=(),
        time_zone=time_zone,
        crs=crs,
        format=one.kind,
        encoding=one.written.encoding,
        delimiter=one.written.delimiter,
        decimal=next(iter(decimals.values()), None) if one.kind == "csv" else None,
        ambiguous_dates=open_dates,
        dropped=tuple(
            phrase("{column} (personal)", column=shown(column, 80))
            if column in personal
            else shown(column, 80)
            for column in one.columns
            if column not in kept and column not in (LATITUDE, LONGITUDE)
        ),
        notes=tuple(notes),
        skip_rows=one.written.skip_rows,
        header=one.written.header,
        sheets=one.written.sheets,
        offset=offset,
        day_parts=tuple(parts.items()),
    )


def _exchanged(
    one: Table,
    roles: dict[str, str],
    why: dict[str, str],
    decimals: dict[str, str],
    notes: list[str],
) -> tuple[str, str | None] | None:
    """Exchange latitude and longitude where only so they lie where people live."""
    turned = roles | {"latitude": roles["longitude"], "longitude": roles["latitude"]}
    time_zone, crs = zones_of(one, turned, decimals)
    if time_zone is None or time_zone.startswith("Antarctica/"):
        return None
    roles |= turned
    why["latitude"] = why["longitude"] = phrase(
        "its values: as the headers say they lie at sea or a pole"
    )
    notes.append(
        phrase(
            "Column {latitude} seems to hold latitudes and {longitude} longitudes: exchange "
            "them if that is wrong.",
            latitude=repr(shown(turned["latitude"], 40)),
            longitude=repr(shown(turned["longitude"], 40)),
        )
    )
    return time_zone, crs


def _decimals(
    database: Database, one: Table, roles: dict[str, str], notes: list[str]
) -> dict[str, str]:
    try:
        return find_decimals(database, one, roles, None, degrees=False)
    except UnreadableError as error:
        notes.append(error.told)
        return {}


def _known(one: Table, names: tuple[str, ...], layout: Layout) -> Proposal:
    """Propose what a layout says: nothing of it is guessed from the values."""
    roles = layout.columns.roles()
    persons = person_columns(layout, one.headers)
    notes = [
        layout.delay,
        layout.rule,
        phrase("Licence: {licence} ({page}).", licence=layout.licence, page=layout.page),
    ]
    return Proposal(
        files=names,
        columns=tuple(
            ProposedColumn(
                role,
                column,
                _examples(one, column),
                phrase(
                    "made from {columns}",
                    columns=", ".join(shown(name, 40) for name in one.drawn.get(column, ())),
                ),
            )
            for role, column in roles.items()
        ),
        values=(),
        time_zone=layout.time_zone,
        crs=layout.crs,
        format=one.kind,
        encoding=one.written.encoding,
        delimiter=one.written.delimiter,
        decimal=None,
        ambiguous_dates=(),
        dropped=tuple(
            phrase("{column} (personal)", column=shown(name, 80))
            if name in persons
            else shown(name, 80)
            for name in one.unread(roles.values())
        ),
        notes=tuple(notes),
        layout=layout.name,
    )


def _examples(one: Table, column: str, role: str = "") -> tuple[str, ...]:
    different = dict.fromkeys(one.samples[column])
    if role == "point":
        x_first = is_x_first(different)
        found = (read_point(text, x_first=x_first) for text in different)
        different = dict.fromkeys(f"{place[0]:g}, {place[1]:g}" for place in found if place)
    place = names_a_place(column)
    return tuple(safe(value, place=place) for value in list(different)[:_EXAMPLES])


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
