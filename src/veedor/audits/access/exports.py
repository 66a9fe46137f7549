"""`read_exports`: every export in the files of a log, its form known, its rows read."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from veedor.audits.access.log import Kind
from veedor.audits.access.parts import Part, cut, tables_in
from veedor.audits.access.presets import (
    GENERIC,
    ROLES,
    UNREAD,
    Preset,
    lists_accounts,
    named,
    recognised,
)
from veedor.audits.access.rows import RawRows, StackedError, read_rows
from veedor.errors import DataError, StudyError, UnreadableError, phrase
from veedor.progress import Progress
from veedor.suggestions import did_you_mean
from veedor.tables.clocks import LocalClock
from veedor.tables.database import Database
from veedor.tables.escape import shown
from veedor.tables.files import opened
from veedor.tables.malformed import refuse_uneven
from veedor.tables.names import folded

_MOST_ROWS = 200_000_000
#: Rows of more or fewer cells than the header that an export may have: so many, and this part.
_MOST_UNEVEN, _UNEVEN_SHARE = 500, 0.001


@dataclass(eq=False)
class Export:
    """One export and its rows.

    Parameters
    ----------
    part : Part
    number : int
        Which of the exports in its file, from 1.
    preset : Preset
    columns : tuple of str
        Roles that it exports.
    not_read : int
        Headers of no role.
    rows : RawRows
    """

    part: Part
    number: int
    preset: Preset
    columns: tuple[str, ...]
    not_read: int
    rows: RawRows


@dataclass(frozen=True)
class _Asked:
    """What is said of the exports beforehand."""

    kind: Kind
    preset: Preset | None
    columns: Mapping[str, str]
    times: str | None


def read_exports(
    database: Database,
    folder: Path,
    files: Sequence[Path],
    kind: Kind,
    clock: LocalClock,
    *,
    preset: str | None,
    columns: Mapping[str, str],
    times: str | None,
    progress: Progress,
) -> list[Export]:
    """Read every export in some files.

    Raises
    ------
    StudyError
        If a role or a header that is named is none.
    DataError
        If an export is of another kind, of no form that is known, or a list of accounts.
    UnreadableError
        If it cannot be read.
    """
    unknown = next((role for role in columns if role not in ROLES), None)
    if unknown is not None:
        raise StudyError(
            phrase("A column of a log must be one of: {roles}.", roles=", ".join(ROLES)),
            found=repr(shown(unknown, 60)),
            remedy=did_you_mean(unknown, ROLES),
        )
    asked = _Asked(kind, None if preset is None else named(preset), columns, times)
    unpacked = folder / "unpacked"
    unpacked.mkdir()
    found: list[Export] = []
    for given, path in enumerate(files):
        for file in opened(path, unpacked):
            number = 0
            for table in tables_in(database, file):
                for export in _read(database, folder, Part(table, file, given), asked, clock):
                    number += 1
                    export.number = number
                    found.append(export)
                    progress.advance(sum(len(one.rows) for one in found))
    if sum(len(one.rows) for one in found) > _MOST_ROWS:
        raise UnreadableError(
            phrase("A log must hold at most {most:,} rows.", most=_MOST_ROWS),
            found=phrase("more"),
            remedy="read it year by year",
        )
    return found


def _read(
    database: Database, folder: Path, part: Part, asked: _Asked, clock: LocalClock
) -> Iterator[Export]:
    """Read an export, or those that it turns out to be."""
    try:
        whole = _one(database, part, asked, clock)
        if not whole.rows.uneven.size:
            yield whole
            return
        error = None
    except (StackedError, UnreadableError) as met:
        error = met
    # Rows of another width may be those of another export, before they are a mistake in this one.
    pieces = cut(database, part, folder)
    if len(pieces) > 1:
        for piece in pieces:
            yield _with_few_uneven(_one(database, piece, asked, clock))
    elif error is None:
        yield _with_few_uneven(whole)
    elif isinstance(error, StackedError):
        raise DataError(
            "An export below another in one file must begin with a header of a known form.",
            found=phrase("a further header that cannot be told from the rows"),
            where=part.table.name,
            remedy="save each export as a file of its own",
        ) from error
    else:
        raise error


def _with_few_uneven(export: Export) -> Export:
    """Let an export pass that does without rows of another width, where these are few.

    Raises
    ------
    UnreadableError
        If they are more than a thousandth of its rows, or many.
    """
    uneven = export.rows.uneven
    every = len(export.rows) + uneven.size
    if uneven.size > min(_MOST_UNEVEN, _UNEVEN_SHARE * every):
        refuse_uneven(export.part.table, uneven)
    return export


def _one(database: Database, part: Part, asked: _Asked, clock: LocalClock) -> Export:
    headers = tuple(part.table.columns)
    preset = asked.preset or recognised(headers) or GENERIC
    _refuse_other_kind(part, preset, asked)
    roles = preset.roles(headers)
    for role, header in asked.columns.items():
        alike = [one for one in headers if folded(one) == folded(header)]
        if not alike:
            raise StudyError(
                "A column that is named must be in each file of the log.",
                found=phrase("no column {header}", header=repr(shown(header, 60))),
                where=part.table.name,
                remedy=did_you_mean(header, headers),
            )
        roles = {one: name for one, name in roles.items() if name != alike[0]} | {role: alike[0]}
    if "at" not in roles or len(roles) < 2:
        listed = ", ".join(shown(one, 30) for one in headers[:20])
        raise DataError(
            "The form of a log must be known, or its columns named.",
            found=phrase("columns {headers}", headers=listed),
            where=part.table.name,
            remedy='name them, as in --column at="Fecha y hora" --column user=Operador',
        )
    times = asked.times or preset.clock
    rows = read_rows(database, part, preset, roles, clock, times_are=times)
    told = {
        role
        for role in roles
        if role not in ("id", "clock", "window", "window_start", "window_end")
    }
    if {"window", "window_start"} & roles.keys():
        told.add("window_days")
    left = [h for h in headers if h not in roles.values() and folded(h) not in UNREAD]
    return Export(part, 1, preset, tuple(sorted(told - {"at"})), len(left), rows)


def _refuse_other_kind(part: Part, preset: Preset, asked: _Asked) -> None:
    """Refuse what is no log, or of a kind that is not the one asked for."""
    if lists_accounts(tuple(part.table.columns)):
        raise DataError(
            "A log must be of look-ups.",
            found=phrase("a list of accounts"),
            where=part.table.name,
            remedy="give it by --accounts",
        )
    if asked.kind not in preset.kinds:
        raise DataError(
            "Logs of different kinds must not be read together: one look-up stands in several.",
            found=phrase(
                "a log of the kind {found}, where {kind} was asked for",
                found=preset.kinds[0],
                kind=asked.kind,
            ),
            where=part.table.name,
            remedy=phrase("read it by itself, with --kind {found}", found=preset.kinds[0]),
        )
