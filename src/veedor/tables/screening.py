"""`screen_file`: every column of a file of anyone's is looked at before the file is kept.

`open_table` and the readers of incidents look at what they keep, and drop the rest at reading. A
file that is stored is kept whole, so that all of it is looked at, by the same rules.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.compute as pc

from veedor.errors import PersonalDataRefusal, UnreadableError, phrase
from veedor.files.temporary import temporary_folder
from veedor.tables.database import Database, Table, reading
from veedor.tables.escape import shown
from veedor.tables.files import InputFile, is_spreadsheet, opened
from veedor.tables.malformed import refuse_malformed
from veedor.tables.opening import ready, refuse_alike
from veedor.tables.personal import (
    Screen,
    names_a_place,
    refuse_personal_header,
    safe,
)
from veedor.tables.personal.likeness import refuse_likeness
from veedor.tables.spreadsheets import sheet_headers

_ROWS = 20_000
#: Tables of one file: each is opened by itself, so that thousands of small ones take minutes.
_MOST_TABLES = 100
#: Types of columns that can say nothing of a person: no letter, and no number of an identity.
_NO_TEXT = re.compile(r"BOOLEAN|DATE|TIME.*|DOUBLE|FLOAT|DECIMAL.*|U?(TINY|SMALL)INT")
#: Keys that say nothing of whom they stand for: UUIDs, and 16 hexadecimal digits or more.
_KEY = r"(?i)^\s*(?:[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}|[0-9a-f]{16,128})?\s*$"
_HEAD = 4096
_MARKUP = re.compile(rb"\s*<\s*[!?a-zA-Z]")
_UTF_16 = (b"\xff\xfe", b"\xfe\xff")


@dataclass(frozen=True)
class Screened:
    """What a file that may be kept is.

    Parameters
    ----------
    kind : str
        ``csv``, ``geojson``, ``parquet`` or ``workbook``, by its content.
    ending : str
        Of a name by which veedor's readers know it again.
    rows : int
    """

    kind: str
    ending: str
    rows: int


def screen_file(path: Path, progress: Callable[[int], None]) -> Screened:
    """Look at every value of every column of a file, of each table in its archive.

    Parameters
    ----------
    path : Path
        CSV of any encoding and delimiter, Parquet, xlsx, ODS or GeoJSON; plain, .gz or .zip.
    progress : callable
        Is told how many rows were looked at.

    Raises
    ------
    UnreadableError
        If it is not what veedor reads, is out of proportion, or holds what is no table.
    PersonalDataRefusal
        If anything in it is data about persons; tells which column and shape, never a value.
    """
    rows, kinds = 0, set()
    with temporary_folder() as folder:
        (folder / "unpacked").mkdir()
        members = []
        for file in opened(path, folder / "unpacked"):
            members.append(file)
            _require_few(len(members), path)
        ending = _ending(path, members)
        for file in members:
            _refuse_markup(file)
            kinds.add(file.kind)
            tables = _sheets(file)
            _require_few(len(tables), path)
            for sheets in tables:
                rows = _screen(file, folder, sheets, progress, rows)
    return Screened(min(kinds), ending, rows)


def _require_few(tables: int, path: Path) -> None:
    if tables > _MOST_TABLES:
        raise UnreadableError(
            phrase("A file must hold at most {n} tables.", n=_MOST_TABLES),
            found=phrase("more"),
            where=shown(path.name),
            remedy="join those that are alike, or give them in parts",
        )


def _screen(
    file: InputFile,
    folder: Path,
    sheets: tuple[str, ...],
    progress: Callable[[int], None],
    before: int,
) -> int:
    with closing(Database(folder / "unpacked")) as database:
        try:
            one = ready(database, file, sheets=sheets)
            refuse_alike(list(one.types), one.name)
            if len(one.types) < 2:
                raise UnreadableError(
                    "A table must have two columns or more.",
                    found=phrase("one"),
                    where=one.name,
                    remedy="check that it is a table, and what stands between its cells",
                )
            refuse_likeness(one, persons=False)
            rows = before
            looking = [_Column(header) for header in one.types]
            for batch in _batches(database, one):
                for column, values in zip(looking, batch.columns, strict=True):
                    column.look(values)
                rows += batch.num_rows
                progress(rows)
            for column in looking:
                column.refuse()
            refuse_malformed(database, one)
        except duckdb.OutOfMemoryException as error:
            raise UnreadableError(
                "A table must be readable in bounded memory.",
                found=phrase("more than fits"),
                where=shown(file.name),
                remedy="a file for each part",
            ) from error
    return rows


def _batches(database: Database, one: Table) -> Iterator[pa.RecordBatch]:
    """Read all columns as text; those that say nothing of a person as null."""
    asked = ", ".join(
        "NULL::VARCHAR" if _NO_TEXT.fullmatch(one.types[header]) else f"{column}::VARCHAR"
        for header, column in one.columns.items()
    )
    with reading(one.name):
        yield from database.connection.sql(f"SELECT {asked} FROM {one.relation}").to_arrow_reader(
            _ROWS
        )


class _Column:
    """A column, looked at batch by batch."""

    def __init__(self, header: str) -> None:
        self.header = safe(header)
        self.of_persons = _says_whose(header)
        self.only_keys = True
        self.screen = Screen("upload", self.header, places=names_a_place(header))

    def look(self, values: pa.Array) -> None:
        values = values.cast(pa.string())
        if self.of_persons and self.only_keys:
            found = pc.all(pc.match_substring_regex(values, _KEY)).as_py()
            self.only_keys = found is not False
        if not (self.of_persons and self.only_keys):
            self.screen.look(values)

    def refuse(self) -> None:
        if self.of_persons and self.only_keys:
            return
        if self.of_persons:
            raise self._refusal(
                phrase("a column that says it holds names or identifiers of persons")
            )
        try:
            self.screen.refuse()
        except PersonalDataRefusal as error:
            raise self._refusal(error.found) from error

    def _refusal(self, found: str) -> PersonalDataRefusal:
        return PersonalDataRefusal(
            "A kept column must not hold personal data.",
            found=found,
            where=phrase("column {column}", column=repr(self.header)),
            remedy="take the column out, or replace its values with keys that say nothing of a "
            "person, before the data reach veedor",
        )


def _says_whose(header: str) -> bool:
    """Whether a header says that its column is of persons, were the rows places."""
    try:
        refuse_personal_header("upload", header, of_places=True)
    except PersonalDataRefusal:
        return True
    return False


def _ending(path: Path, members: list[InputFile]) -> str:
    """Name a file by its content; refuse an archive in which is more than tables."""
    with path.open("rb") as file:
        head = file.read(4)
    if head.startswith(b"\x1f\x8b"):
        return ".geojson.gz" if members[0].kind == "geojson" else ".csv.gz"
    if head.startswith(b"PK") and zipfile.is_zipfile(path):  # a table's first column may be PK
        if is_spreadsheet(path):
            return ".xlsx" if _is_xlsx(path) else ".ods"
        with zipfile.ZipFile(path) as archive:
            others = sum(not one.is_dir() for one in archive.infolist()) - len(members)
        if others:
            raise UnreadableError(
                "All that is in an archive must be tables.",
                found=phrase("{n} other files", n=others),
                where=shown(path.name),
                remedy="take them out, or give the tables one by one",
            )
        return ".zip"
    return {"geojson": ".geojson", "parquet": ".parquet"}.get(members[0].kind, ".csv")


def _is_xlsx(path: Path) -> bool:
    with zipfile.ZipFile(path) as archive:
        return "xl/workbook.xml" in archive.namelist()


def _sheets(file: InputFile) -> list[tuple[str, ...]]:
    """Name each sheet of a workbook that has rows; any other file is one table."""
    names = list(sheet_headers(file)) if file.kind == "workbook" else []
    return [(name,) for name in names] or [()]


def _refuse_markup(file: InputFile) -> None:
    """Refuse pages, drawings and binary files, which a tolerant reader takes for text."""
    if file.kind != "csv":
        return
    with file.path.open("rb") as opened_file:
        head = opened_file.read(_HEAD)
    binary = b"\0" in head and not head.startswith(_UTF_16)
    if binary or _MARKUP.match(head.removeprefix(b"\xef\xbb\xbf")):
        raise UnreadableError(
            "A source file must be CSV, Parquet or GeoJSON, plain or in .gz or .zip, xlsx or ODS.",
            found=phrase("a page, a drawing or another format"),
            where=shown(file.name, 100),
            remedy="export it as CSV",
        )
