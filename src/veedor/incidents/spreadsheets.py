"""Spreadsheets (xlsx) to Parquet: a table like any other, every cell as text."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet
import python_calamine

from veedor.errors import UnreadableError
from veedor.incidents.escape import shown
from veedor.incidents.files import InputFile, measure
from veedor.incidents.numerals import written

#: A sheet has at most 1,048,576 rows; more than this is no table.
MOST_BYTES = 4 << 30
_ROWS = 50_000
_MOST_COLUMNS = 2_000

Cell = str | float | int | bool | dt.datetime | dt.date | dt.time | dt.timedelta


def to_parquet(file: InputFile, folder: Path) -> Path:
    """Write the one sheet of a workbook that holds rows as a Parquet file of texts in `folder`.

    The first row that holds anything is the header. Numbers are written without a ``.0``, days as
    ``2024-01-31``, times as ``2024-01-31 18:30:00``.

    Raises
    ------
    UnreadableError
        If the workbook is broken, out of proportion, or has no or several sheets with rows.
    """
    measure(file.path, MOST_BYTES)
    target = folder / f"sheet-{sum(1 for _ in folder.iterdir())}.parquet"
    try:
        with python_calamine.CalamineWorkbook.from_path(file.path) as book:
            rows = _only_sheet(book, file.name)
            header = _header(next(rows), file.name)
            schema = pa.schema([(name, pa.string()) for name in header if name])
            with pyarrow.parquet.ParquetWriter(target, schema) as writer:
                for batch in _batches(rows, header, schema):
                    writer.write_batch(batch)
    except (python_calamine.CalamineError, StopIteration) as error:
        raise UnreadableError(
            "A spreadsheet must be a sound xlsx workbook.",
            found="broken contents",
            where=file.name,
            remedy="open it and save it again, or save the sheet as CSV",
        ) from error
    return target


def _only_sheet(book: python_calamine.CalamineWorkbook, name: str) -> Iterator[list[Cell]]:
    full = []
    for title in book.sheet_names:
        sheet = book.get_sheet_by_name(title)
        if sheet.height > 1:
            full.append(sheet)
    if len(full) != 1:
        raise UnreadableError(
            "A spreadsheet must have one sheet with rows under a header.",
            found=f"{len(full)} of {len(book.sheet_names)} sheets with rows",
            where=name,
            remedy="save the sheet that holds the incidents as CSV",
        )
    return (row for row in full[0].iter_rows() if any(cell != "" for cell in row))


def _header(row: list[Cell], name: str) -> list[str]:
    header = [_text(cell) or "" for cell in row]
    named = [column for column in header if column]
    twice = sorted({column for column in named if named.count(column) > 1})
    if twice or not named or len(header) > _MOST_COLUMNS:
        raise UnreadableError(
            f"A sheet must start with a header of at most {_MOST_COLUMNS} unique names.",
            found=", ".join(repr(shown(column)) for column in twice[:5]) + " more than once"
            if twice
            else f"{len(named)} names",
            where=f"header of {name}",
            remedy="mend the header",
        )
    return header


def _batches(
    rows: Iterator[list[Cell]], header: list[str], schema: pa.Schema
) -> Iterator[pa.RecordBatch]:
    places = [at for at, name in enumerate(header) if name]
    held: list[list[str | None]] = [[] for _ in places]
    for row in rows:
        for column, at in zip(held, places, strict=True):
            column.append(_text(row[at]) if at < len(row) else None)
        if len(held[0]) == _ROWS:
            yield pa.RecordBatch.from_arrays(
                [pa.array(column, pa.string()) for column in held], schema=schema
            )
            held = [[] for _ in places]
    if held[0]:
        yield pa.RecordBatch.from_arrays(
            [pa.array(column, pa.string()) for column in held], schema=schema
        )


def _text(cell: Cell) -> str | None:
    if isinstance(cell, str):
        return cell.strip() or None
    if isinstance(cell, bool):
        return str(cell).lower()
    if isinstance(cell, float):
        return written(cell)
    if isinstance(cell, dt.datetime):
        at_midnight = cell.time() == dt.time()
        return cell.strftime("%Y-%m-%d" if at_midnight else "%Y-%m-%d %H:%M:%S")
    return str(cell)
