"""Rows of a CSV that are no rows of its header: refused, or named where a few can be left out."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from veedor.arrays import Ints
from veedor.errors import UnreadableError, phrase
from veedor.tables.database import NO_TEXT, SWALLOWS_LINES, Database, Table

#: Kinds of a row that is text and has more or fewer cells than the header: DuckDB's names.
_UNEVEN = ("MISSING COLUMNS", "TOO MANY COLUMNS")
_FIRST = 5


def refuse_malformed(database: Database, one: Table) -> None:
    """Refuse a CSV that was just read if rows of it have more or fewer cells than its header.

    Raises
    ------
    UnreadableError
    """
    if malformed := _malformed(database, one):
        raise _error(one, malformed)


def uneven_rows(database: Database, one: Table) -> Ints:
    """Give the rows, from 1 behind the header, that were left out of a CSV that was just read.

    They have more or fewer cells than the header.

    Raises
    ------
    UnreadableError
        If a row is left out for anything else, so that it is not known what it took with it.
    """
    malformed = _malformed(database, one)
    if any(kind not in _UNEVEN for _, kind in malformed):
        raise _error(one, malformed)
    return np.array([line - 1 - one.lines_before for line, _ in malformed], np.int64)


def refuse_uneven(one: Table, rows: Ints) -> None:
    """Refuse a CSV for rows, from 1 behind the header, of more or fewer cells than it.

    Raises
    ------
    UnreadableError
    """
    if rows.size:
        raise _error(one, [(int(row) + 1 + one.lines_before, _UNEVEN[0]) for row in rows])


def _malformed(database: Database, one: Table) -> list[tuple[int, str]]:
    return database.malformed() if one.kind == "csv" else []


def _error(one: Table, malformed: Sequence[tuple[int, str]]) -> UnreadableError:
    runs_on = any(kind == SWALLOWS_LINES for _, kind in malformed)
    broken = any(kind == NO_TEXT for _, kind in malformed)
    return UnreadableError(
        phrase("Every row must be text of the encoding of its file.")
        if broken
        else phrase("Every row must have as many cells as the header."),
        found=phrase(
            "{n} rows that do not{runs_on}",
            n=len(malformed),
            runs_on=phrase(", and a quote that runs on over the end of its line")
            if runs_on
            else "",
        ),
        where=phrase(
            "{name}, lines {malformed}",
            name=one.name,
            malformed=", ".join((str(line) for line, _ in malformed[:_FIRST])),
        ),
        remedy="mend the rows, or export the file again",
    )
