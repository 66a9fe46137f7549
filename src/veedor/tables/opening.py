"""`open_table`: one file of anyone's to a `Source`, whatever it is written as, screened."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

from veedor.errors import DataError, UnreadableError, phrase
from veedor.files.temporary import temporary_folder
from veedor.tables.database import Database, Table, described, reading, table
from veedor.tables.dialect import Format
from veedor.tables.escape import shown
from veedor.tables.files import InputFile, opened
from veedor.tables.names import first_alike, folded
from veedor.tables.personal.likeness import refuse_likeness
from veedor.tables.source import Source


def refuse_alike(names: Sequence[str], where: str) -> None:
    """Refuse headers that are the same, or differ by case and blanks only.

    Raises
    ------
    DataError
    """
    alike = first_alike(names) or tuple(name for name in names if names.count(name) > 1)[:2]
    if alike:
        raise DataError(
            "Columns must differ by more than case and blanks.",
            found=", ".join(repr(shown(name)) for name in alike),
            where=where,
            remedy="rename one, or leave it out",
        )


def the_one_file(path: Path, folder: Path) -> InputFile:
    """Return the one table that a file is, or that a .gz or .zip holds.

    Raises
    ------
    UnreadableError
        If it is not there, holds several, or is broken, encrypted or out of proportion.
    """
    if not os.path.isfile(path):  # noqa: PTH113 - a name that is too long is no file either
        raise UnreadableError(
            "A table must be a file that exists.",
            found=phrase("a folder, a device or a pipe")
            if os.path.exists(path)  # noqa: PTH110
            else phrase("no such file"),
            where=shown(path.name, 100),
        )
    files = list(opened(path, folder))
    if len(files) != 1:
        raise UnreadableError(
            "A table must be one file, alone in its archive.",
            found=phrase("{n} files", n=len(files)),
            where=shown(path.name),
            remedy="give one file a table",
        )
    return files[0]


def ready(
    database: Database,
    file: InputFile,
    *,
    may_be_empty: bool = False,
    sheets: tuple[str, ...] = (),
) -> Table:
    """Make a file with a header ready to be queried."""
    if file.kind == "parquet":  # DuckDB renames the second of two that differ by case
        with reading(file.name):
            refuse_alike(pq.read_schema(file.path).names, file.name)
    known = Format(header=True, even_lines=None, may_be_empty=may_be_empty, sheets=sheets)
    return table(database, file, known)


@contextmanager
def open_table(
    path: Path,
    keys: Sequence[str] = (),
    *,
    persons: bool = True,
    sheets: Callable[[InputFile], tuple[str, ...]] | None = None,
) -> Iterator[Source]:
    """Open a table, where it stands, and screen it.

    Parameters
    ----------
    path : Path
        CSV of any encoding and delimiter, Parquet, xlsx, ODS or GeoJSON; plain, .gz or .zip.
    keys : sequence of str
        Headers, of those that may be there, that hold keys of persons or groups.
    persons : bool
        Whether its rows are about persons' cases: then a header that names one is refused.
    sheets : callable, optional
        Chooses the sheets of a workbook that are parts of the table; the only one with rows where
        not given.

    Raises
    ------
    UnreadableError
        If it cannot be read as what it claims to be.
    PersonalDataRefusal
        If it holds images, embeddings, names or identifiers.
    """
    with temporary_folder() as folder:
        (folder / "unpacked").mkdir()
        file = the_one_file(path, folder / "unpacked")
        database = Database(folder / "unpacked")
        try:
            chosen = sheets(file) if sheets is not None and file.kind == "workbook" else ()
            source = Source(database, ready(database, file, sheets=chosen))
            refuse_likeness(source.table, persons=persons)
            wanted = {folded(key) for key in keys}
            source.screen_keys(
                [h for h in source.table.columns if folded(h) in wanted or _names_a_group(h)]
            )
            yield source
        except duckdb.OutOfMemoryException as error:
            raise UnreadableError(
                "A table must be countable in bounded memory.",
                found=phrase("more groups or keys than fit"),
                where=shown(path.name),
                remedy="fewer group columns, or a file for each part",
            ) from error
        finally:
            database.close()


def _names_a_group(header: str) -> bool:
    return header.casefold().startswith("group")


def held(name: str, rows: pa.Table, like: Table | None = None) -> Source:
    """Return rows that are held in memory as a source.

    Parameters
    ----------
    name : str
        For messages.
    rows : pyarrow.Table
    like : Table, optional
        The file that they were read from, whose lines errors name.
    """
    database = Database()
    database.connection.register("held", rows)
    one = described(database, name, "held", "held" if like is None else like.kind)
    if like is not None:
        one = replace(one, lines_before=like.lines_before)
    return Source(database, one)
