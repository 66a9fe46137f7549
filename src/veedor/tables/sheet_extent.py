"""How far the cells of a workbook lie apart, told from its parts before anything opens it."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import TypeAlias
from xml.parsers import expat

from veedor.errors import UnreadableError, phrase
from veedor.tables.escape import shown
from veedor.tables.files import CONTENT_OF_ODS

#: A rectangle of more cells than this must be filled to `_LEAST_FILLED`, ...
_FREE_CELLS = 1 << 20
_LEAST_FILLED = 0.02
#: ... and none may be of more: some 4 GB once it is read.
_MOST_CELLS = 128 << 20
_PIECE = 1 << 20
_CELL = re.compile(rb"<(?:\w+:)?c[ />]")
_PLACE = re.compile(rb"<(?:\w+:)?(?:c|row)\s[^>]*?\br=[\"']([A-Za-z]{0,3})(\d{0,7})[\"']")

_OF_TABLES = "urn:oasis:names:tc:opendocument:xmlns:table:1.0"
_OF_OFFICE = "urn:oasis:names:tc:opendocument:xmlns:office:1.0"
_TABLE, _ROW = f"{_OF_TABLES} table", f"{_OF_TABLES} table-row"
_CELLS = (f"{_OF_TABLES} table-cell", f"{_OF_TABLES} covered-table-cell")

#: How many cells a sheet has, and the last column and row that hold one.
Extent: TypeAlias = tuple[int, int, int]


def refuse_far_cells(path: Path, name: str) -> None:
    """Refuse a workbook with a sheet whose cells lie so far apart that reading it takes gigabytes.

    What a sheet says of its own size is not asked: the cells are.

    Raises
    ------
    UnreadableError
        If a sheet's rectangle is too large, or nearly empty.
    """
    with zipfile.ZipFile(path) as archive:
        for part, (cells, columns, rows) in _extents(archive, name):
            area = max(columns, 1) * max(rows, 1)
            if area > _MOST_CELLS or (area > _FREE_CELLS and cells < _LEAST_FILLED * area):
                raise UnreadableError(
                    "The cells of a sheet must lie together in one table.",
                    found=phrase(
                        "{cells:,} cells in {rows:,} rows and {columns:,} columns",
                        cells=cells,
                        rows=rows,
                        columns=columns,
                    ),
                    where=phrase("{name} of {whole}", name=part, whole=name),
                    remedy="delete what lies far from the table, or save the table as CSV",
                )


def _extents(archive: zipfile.ZipFile, name: str) -> Iterator[tuple[str, Extent]]:
    """Parts of a workbook that hold sheets, or sheets by name, and the extent of each."""
    for member in archive.infolist():
        if member.filename == CONTENT_OF_ODS:
            yield from _Repeated(archive, name).sheets
        elif re.search(r"worksheets/[^/]*\.xml$", member.filename):
            yield Path(member.filename).name, _extent(archive, member)


class _Repeated:
    """Extents of the sheets of an ODS workbook, which writes what is repeated once."""

    def __init__(self, archive: zipfile.ZipFile, name: str) -> None:
        self.sheets: list[tuple[str, Extent]] = []
        self._cells = self._columns = self._rows = 0
        self._row = self._row_times = 0
        self._column = self._in_row = self._last_filled = 0
        parser = expat.ParserCreate(namespace_separator=" ")
        parser.StartElementHandler = self._begin
        parser.EndElementHandler = self._end
        parser.StartDoctypeDeclHandler = self._refuse
        try:
            with archive.open(CONTENT_OF_ODS) as part:
                parser.ParseFile(part)
        except (expat.ExpatError, _DoctypeError, ValueError) as error:
            raise UnreadableError(
                "A spreadsheet must be a sound xlsx or ODS workbook.",
                found=phrase("broken contents"),
                where=name,
                remedy="open it and save it again, or save the sheet as CSV",
            ) from error

    def _refuse(self, *_: object) -> None:
        raise _DoctypeError

    def _begin(self, element: str, attributes: dict[str, str]) -> None:
        if element == _TABLE:
            self._name = shown(attributes.get(f"{_OF_TABLES} name", ""), 40)
            self._cells = self._columns = self._rows = self._row = 0
        elif element == _ROW:
            self._row_times = int(attributes.get(f"{_OF_TABLES} number-rows-repeated", "1"))
            self._column = self._in_row = self._last_filled = 0
        elif element in _CELLS:
            times = int(attributes.get(f"{_OF_TABLES} number-columns-repeated", "1"))
            self._column += times
            if f"{_OF_OFFICE} value-type" in attributes:
                self._in_row += times
                self._last_filled = self._column

    def _end(self, element: str) -> None:
        if element == _ROW:
            self._row += self._row_times
            if self._in_row:
                self._cells += self._in_row * self._row_times
                self._rows, self._columns = self._row, max(self._columns, self._last_filled)
        elif element == _TABLE:
            self.sheets.append((self._name, (self._cells, self._columns, self._rows)))


class _DoctypeError(Exception):
    """A sheet declares a document type: entities, which no table has."""


def _extent(archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> Extent:
    """Extent of a sheet of an xlsx workbook."""
    cells = columns = rows = 0
    rest = b""
    with archive.open(member) as part:
        while chunk := part.read(_PIECE):
            text = rest + chunk
            # A tag that the chunk cuts in two is looked at with the next.
            cut = text.rfind(b"<") if b"<" in text[-4096:] else len(text)
            text, rest = text[:cut], text[cut:]
            cells += len(_CELL.findall(text))
            for letters, digits in set(_PLACE.findall(text)):
                rows = max(rows, int(digits or 0))
                columns = max(columns, _column_number(letters))
        cells += len(_CELL.findall(rest))
        for letters, digits in _PLACE.findall(rest):
            rows, columns = max(rows, int(digits or 0)), max(columns, _column_number(letters))
    return cells, columns, rows


def _column_number(letters: bytes) -> int:
    number = 0
    for letter in letters.upper():
        number = 26 * number + letter - 64
    return number
