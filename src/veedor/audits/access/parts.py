"""`Part`: one export of a released file, with a header of its own; files cut where another begins.

Files that somebody put together hold one export below another, by the same header again or by that
of another form, and a workbook holds a sheet a month. Each is an export by itself: what one of them
does not say, another may.
"""

from __future__ import annotations

import mmap
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from veedor.audits.access.presets import ROLES, starts_of_headers
from veedor.errors import UnreadableError, phrase
from veedor.tables.database import Database, Table, described, identifier
from veedor.tables.dialect import Format, find_dialect
from veedor.tables.files import InputFile
from veedor.tables.names import words
from veedor.tables.opening import ready
from veedor.tables.personal.likeness import refuse_likeness
from veedor.tables.spreadsheets import sheet_headers
from veedor.tables.written import quoted

_MOST_PARTS = 1_000
_PIECE = 4 << 20


@dataclass(frozen=True)
class Part:
    """One export.

    Parameters
    ----------
    table : Table
    file : InputFile
        What it was read from.
    given : int
        Which of the files that were given that is, or is in.
    """

    table: Table
    file: InputFile
    given: int


def tables_in(database: Database, file: InputFile) -> Iterator[Table]:
    """Give the tables in a file as its sheets are, each as if it had one header.

    Raises
    ------
    UnreadableError
        If one cannot be read.
    PersonalDataRefusal
        If there are images or embeddings.
    """
    titles = [""]
    if file.kind == "workbook":
        titles = [title for title, (rows, _) in sheet_headers(file).items() if rows > 1] or [""]
    for title in titles:
        one = ready(database, file, sheets=(title,) if title else ())
        refuse_likeness(one, persons=False)
        yield one


def is_header(text: str) -> bool:
    """Whether what stands where a time should is the header of a further export.

    >>> is_header(" Search Time"), is_header("2025-06-18")
    (True, False)
    """
    return words(text) in (*ROLES["at"], *ROLES["clock"])


def cut(database: Database, part: Part, folder: Path) -> list[Part]:
    """Cut an export before each further header in it.

    Parameters
    ----------
    database : Database
    part : Part
        Whose rows are those of several exports.
    folder : Path
        For copies.

    Returns
    -------
    list of Part
        The same one alone where no header of a known form is found below its own.
    """
    if part.table.parquet is not None:
        found = _cut_rows(database, part.table)
        return [replace(part, table=one) for one in found]
    pieces = _cut_bytes(database, part.file, folder)
    if len(pieces) < 2:
        return [part]
    return [Part(ready(database, one), one, part.given) for one in pieces]


def _cut_bytes(database: Database, file: InputFile, folder: Path) -> list[InputFile]:
    # As UTF-8, whatever it is written in: a copy, where it is not.
    path = find_dialect(file, database.folder, Format(header=True, even_lines=None)).path
    with (
        path.open("rb") as stream,
        mmap.mmap(stream.fileno(), 0, access=mmap.ACCESS_READ) as held,
    ):
        starts = [found.start("header") for found in _header_lines().finditer(held)]
        _refuse_many(len(starts), file.name)
        ends = [*starts[1:], len(held)]
        pieces = []
        for start, end in zip([0, *starts[1:]], ends, strict=True) if len(starts) > 1 else ():
            target = folder / f"part-{sum(1 for _ in folder.iterdir())}"
            with target.open("wb") as copy:
                for at in range(start, end, _PIECE):
                    copy.write(held[at : min(at + _PIECE, end)])
            pieces.append(replace(file, path=target))
    return pieces


def _header_lines() -> re.Pattern[bytes]:
    """Pattern of lines that begin as a header of a known form does."""
    starts = [
        rb'"?[ ]{0,3}%b[ ]{0,3}"?[,;\t|]"?[ ]{0,3}%b[ ]{0,3}"?[,;\t|]'
        % (re.escape(first.encode()), re.escape(second.encode()))
        for first, second in starts_of_headers()
    ]
    return re.compile(rb"(?:\A(?:\xef\xbb\xbf)?|[\r\n])(?P<header>%b)" % b"|".join(starts), re.I)


def _cut_rows(database: Database, table: Table) -> list[Table]:
    """Cut a table of texts in Parquet, as a sheet is, before each row that is a header."""
    numbered = f"read_parquet({quoted(str(table.parquet))}, file_row_number = true)"
    columns = list(table.columns.values())
    heads = " OR ".join(
        f"(lower(trim({columns[0]}::VARCHAR)) = {quoted(first.lower())} "
        f"AND lower(trim({columns[1]}::VARCHAR)) = {quoted(second.lower())})"
        for first, second in starts_of_headers()
        if len(columns) > 1
    )
    found = (
        database.rows(
            f"SELECT file_row_number, {', '.join(columns)} FROM {numbered} WHERE {heads} "
            "ORDER BY file_row_number"
        )
        if heads
        else []
    )
    _refuse_many(len(found), table.name)
    if not found:
        return [table]
    parts = []
    headers: list[list[str]] = [
        list(table.columns),
        *([str(c or "") for c in r[1:]] for r in found),
    ]
    bounds = [-1, *(int(row[0]) for row in found)]
    for header, above, below in zip(headers, bounds, [*bounds[1:], None], strict=True):
        listed = ", ".join(
            f"{column} AS {identifier(name.strip())}"
            for column, name in zip(columns, header, strict=True)
            if name.strip()
        )
        until = "" if below is None else f" AND file_row_number < {below}"
        rows = f"(SELECT {listed} FROM {numbered} WHERE file_row_number > {above}{until})"
        one = described(database, table.name, rows, table.kind)
        parts.append(replace(one, parquet=table.parquet))
    return parts


def _refuse_many(parts: int, name: str) -> None:
    if parts > _MOST_PARTS:
        raise UnreadableError(
            phrase(
                "A file must hold at most {most:,} exports, one below another.", most=_MOST_PARTS
            ),
            found=phrase("{n:,} headers", n=parts),
            where=name,
            remedy="check where the file comes from",
        )
