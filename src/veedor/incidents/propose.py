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
from veedor.incidents.choosing import PLACE_ROLES, choose_roles, choose_zone, lost_mark
from veedor.incidents.layouts import (
    Layout,
    find_layout,
    holds_no_incidents,
    laid_out,
    person_columns,
    recognise_layout,
)
from veedor.incidents.named_zones import OfferedZones
from veedor.incidents.proposal import MOST_VALUES, Proposal, ProposedColumn, with_values
from veedor.incidents.proposed_places import exchanged, placeless, turned
from veedor.incidents.proposed_times import ambiguous, header_in_utc, offset_of
from veedor.incidents.scan import find_decimals
from veedor.incidents.whereabouts import time_zone_at, utm_crs, zones_of
from veedor.tables.database import Database, Table, UnevenLinesError, reading, table
from veedor.tables.dialect import Format, HeaderlessError
from veedor.tables.escape import shown
from veedor.tables.files import InputFile, find, opened
from veedor.tables.geojson import LATITUDE, LONGITUDE
from veedor.tables.personal import names_a_place, safe
from veedor.tables.points import PointFirst, order_of, read_point
from veedor.tables.spreadsheets import sheet_headers

Looked = TypeVar("Looked")

_EXAMPLES = 3


def propose(
    paths: Sequence[str],
    *,
    encoding: str | None = None,
    delimiter: str | None = None,
    layout: Layout | None = None,
    zones: OfferedZones | None = None,
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
    zones : OfferedZones, optional
        Those that a record without coordinates may name.

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
                        return _propose(database, one, names, layout, zones)
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
    database: Database,
    one: Table,
    names: tuple[str, ...],
    layout: Layout | None,
    zones: OfferedZones | None,
) -> tuple[Proposal, Counter[str]]:
    """Propose columns from one file; give the counts of its categories beside."""
    layout = layout or recognise_layout(list(one.columns))
    if layout is not None:
        one = laid_out(database, one, layout)
        proposal = _known(one, names, layout, zones)
    else:
        proposal = _guessed(database, one, names, zones)
    return proposal, _values(database, one, proposal.column("category"))


def _values_as(proposal: Proposal, database: Database, one: Table) -> Counter[str]:
    """Count the categories of a further file, read as the first is."""
    column = proposal.column("category")
    if proposal.layout is not None:
        one = laid_out(database, one, find_layout(proposal.layout))
    return _values(database, one, None if column is None else one.find("category", column))


def _guessed(
    database: Database, one: Table, names: tuple[str, ...], zones: OfferedZones | None
) -> Proposal:
    """Propose what the headers and values of a file of no known layout seem to say."""
    notes: list[str] = []
    roles, why, personal, parts = choose_roles(database, one, notes)
    zones_by = None
    if zones is not None and one.kind != "geojson" and not PLACE_ROLES & set(roles):
        zones_by = choose_zone(one, roles, why, personal, zones)
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
    point_first: PointFirst | None = None
    if time_zone is None or time_zone.startswith("Antarctica/"):
        if "latitude" in roles:
            time_zone, crs = exchanged(one, roles, why, decimals, notes) or (time_zone, crs)
        elif "point" in roles:
            point_first, time_zone, crs = turned(one, roles, time_zone, crs, notes)
    if zones is not None and zones_by is not None:
        time_zone = time_zone_at(zones.longitude, zones.latitude)
        crs = utm_crs(zones.longitude, zones.latitude)
    if not PLACE_ROLES & set(roles) and one.kind != "geojson":
        notes.insert(0, placeless(one, roles, personal, zones))
    elif time_zone is None and lost_mark(one, roles):
        notes.insert(
            0,
            phrase(
                "The coordinates have no decimal mark: a spreadsheet seems to have taken it away. "
                "Take the file as it was before, or write it again with the mark."
            ),
        )
    elif time_zone is None and ("latitude" in roles or crs is not None):
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
    elif (in_utc := header_in_utc(database, one, roles)) is not None:
        offset = "utc"
        notes.append(
            phrase(
                "The header of column {column} says UTC, and its times carry no offset: they are "
                "converted to local time.",
                column=repr(shown(in_utc, 40)),
            )
        )
    if parts:
        notes.append(
            phrase("The hours of words for parts of the day are guesses: set those of the source.")
        )
    kept = set(roles.values())
    return Proposal(
        files=names,
        columns=tuple(
            ProposedColumn(role, column, _examples(one, column, role, point_first), why[role])
            for role, column in roles.items()
            if column not in (LATITUDE, LONGITUDE)
        ),
        values=(),
        time_zone=time_zone,
        crs=crs,
        format=one.kind,
        encoding=one.written.encoding,
        delimiter=one.written.delimiter,
        decimal=_seen_decimal(one, roles, decimals),
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
        zones_by=zones_by,
        point_first=point_first,
    )


def _decimals(
    database: Database, one: Table, roles: dict[str, str], notes: list[str]
) -> dict[str, str]:
    try:
        return find_decimals(database, one, roles, None, degrees=False)
    except UnreadableError as error:
        notes.append(error.told)
        return {}


def _seen_decimal(one: Table, roles: dict[str, str], decimals: dict[str, str]) -> str | None:
    """Return the decimal mark of a CSV, where a number that is kept is written with it."""
    held = (
        mark for role, mark in decimals.items() if any(mark in n for n in one.samples[roles[role]])
    )
    return next(held, None) if one.kind == "csv" else None


def _known(
    one: Table, names: tuple[str, ...], layout: Layout, zones: OfferedZones | None
) -> Proposal:
    """Propose what a layout says: nothing of it is guessed from the values."""
    roles = layout.columns.roles()
    persons = person_columns(layout, one.headers)
    named = None if zones is None or "zone" not in roles else one.samples[roles["zone"]]
    zones_by = None if zones is None or named is None else zones.named_by(roles["zone"], named)
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
        zones_by=None if zones_by is None else zones_by[1],
    )


def _examples(
    one: Table, column: str, role: str = "", first: PointFirst | None = None
) -> tuple[str, ...]:
    different = dict.fromkeys(one.samples[column])
    if role == "point":
        order = order_of(different, first)
        found = (read_point(text, order) for text in different)
        return tuple(dict.fromkeys(f"{place[0]:.9g}, {place[1]:.9g}" for place in found if place))[
            :_EXAMPLES
        ]
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
