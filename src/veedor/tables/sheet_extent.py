"""`refuse_far_cells`: a sheet is read as a rectangle; one cell far away makes it a vast one."""

from __future__ import annotations

import re
import zipfile
from pathlib import Path

from veedor.errors import UnreadableError

#: A rectangle of more cells than this must be filled to `_LEAST_FILLED`, ...
_FREE_CELLS = 1 << 20
_LEAST_FILLED = 0.02
#: ... and none may be of more: some 4 GB once it is read.
_MOST_CELLS = 128 << 20
_CHUNK = 1 << 20
_CELL = re.compile(rb"<(?:\w+:)?c[ />]")
_PLACE = re.compile(rb"<(?:\w+:)?(?:c|row)\s[^>]*?\br=[\"']([A-Za-z]{0,3})(\d{0,7})[\"']")


def refuse_far_cells(path: Path, name: str) -> None:
    """Refuse a workbook with a sheet whose cells lie so far apart that reading it takes gigabytes.

    What a sheet says of its own size is not asked: the cells are.

    Raises
    ------
    UnreadableError
        If a sheet's rectangle is too large, or nearly empty.
    """
    with zipfile.ZipFile(path) as archive:
        for member in archive.infolist():
            if not re.search(r"worksheets/[^/]*\.xml$", member.filename):
                continue
            cells, columns, rows = _extent(archive, member)
            area = max(columns, 1) * max(rows, 1)
            if area > _MOST_CELLS or (area > _FREE_CELLS and cells < _LEAST_FILLED * area):
                raise UnreadableError(
                    "The cells of a sheet must lie together in one table.",
                    found=f"{cells:,} cells in {rows:,} rows and {columns:,} columns",
                    where=f"{Path(member.filename).name} of {name}",
                    remedy="delete what lies far from the table, or save the table as CSV",
                )


def _extent(archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> tuple[int, int, int]:
    """How many cells a sheet has, and the last column and row that hold one."""
    cells = columns = rows = 0
    rest = b""
    with archive.open(member) as part:
        while chunk := part.read(_CHUNK):
            text = rest + chunk
            # A tag that the chunk cuts in two is looked at with the next.
            cut = text.rfind(b"<") if b"<" in text[-4096:] else len(text)
            text, rest = text[:cut], text[cut:]
            cells += len(_CELL.findall(text))
            for letters, digits in set(_PLACE.findall(text)):
                rows = max(rows, int(digits or 0))
                columns = max(columns, _column(letters))
        cells += len(_CELL.findall(rest))
        for letters, digits in _PLACE.findall(rest):
            rows, columns = max(rows, int(digits or 0)), max(columns, _column(letters))
    return cells, columns, rows


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters.upper():
        number = 26 * number + letter - 64
    return number
