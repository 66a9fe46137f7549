"""Spreadsheets (xlsx, ODS) to Parquet: a table like any other, every cell as text."""

from __future__ import annotations

import datetime as dt
import itertools
from collections.abc import Iterator
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet
import python_calamine

from veedor.errors import UnreadableError, phrase
from veedor.tables.dialect import Format, headerless, unnamed
from veedor.tables.escape import shown
from veedor.tables.files import InputFile, measure
from veedor.tables.heads import find_head
from veedor.tables.numerals import written
from veedor.tables.sheet_extent import refuse_far_cells

#: A sheet has at most 1,048,576 rows; more than this is no table.
MOST_BYTES = 4 << 30
_ROWS = 50_000
_MOST_COLUMNS = 2_000
_LOOKED_AT = 200


Cell = str | float | int | bool | dt.datetime | dt.date | dt.time | dt.timedelta
Rows = Iterator[list[Cell]]


def to_parquet(file: InputFile, folder: Path, known: Format) -> tuple[Path, Format]:
    """Write the sheets of a workbook that hold the table as a Parquet file of texts in `folder`.

    Without `sheets` it is the one with rows. The header is the first row that holds anything after
    `skip_rows`, or after the titles. Numbers are written without a ``.0``, days as ``2024-01-31``,
    times as ``2024-01-31 18:30:00``.

    Returns
    -------
    path : Path
    written : Format
        Sheets, rows before the header and that there is none, where they are not the usual ones.

    Raises
    ------
    HeaderlessError
        If the first row is data, and `header` does not say so.
    UnreadableError
        If the workbook is broken, out of proportion, has cells far from its table, has no or
        several sheets with rows, or its sheets have different headers.
    """
    measure(file.path, MOST_BYTES)
    refuse_far_cells(file.path, file.name)
    target = folder / f"sheet-{sum(1 for _ in folder.iterdir())}.parquet"
    try:
        with python_calamine.CalamineWorkbook.from_path(file.path) as book:
            chosen = _chosen(book, file.name, known.sheets)
            opened = [_opened(book, one, known, file.name) for one in chosen]
            names, skipped, _ = opened[0]
            for title, (others, _, _) in zip(chosen, opened, strict=True):
                _require_alike(names, others, title, file.name)
            schema = pa.schema([(name, pa.string()) for name in names if name])
            with pyarrow.parquet.ParquetWriter(target, schema) as writer:
                for _, _, rows in opened:
                    for batch in _batches(rows, names, schema):
                        writer.write_batch(batch)
    except (python_calamine.CalamineError, StopIteration) as error:
        raise UnreadableError(
            "A spreadsheet must be a sound xlsx or ODS workbook.",
            found=phrase("broken contents"),
            where=file.name,
            remedy="open it and save it again, or save the sheet as CSV",
        ) from error
    no_header = False if known.header is False else None
    return target, Format(skip_rows=skipped or None, header=no_header, sheets=known.sheets)


def sheet_headers(file: InputFile) -> dict[str, tuple[int, list[str]]]:
    """Sheets with rows, how many rows each has, and its header."""
    measure(file.path, MOST_BYTES)
    refuse_far_cells(file.path, file.name)
    found = {}
    try:
        with python_calamine.CalamineWorkbook.from_path(file.path) as book:
            for title in book.sheet_names:
                sheet = book.get_sheet_by_name(title)
                if sheet.height > 1:
                    first = itertools.islice(sheet.iter_rows(), _LOOKED_AT)
                    texts = [[_text(cell) or "" for cell in row] for row in first]
                    head = find_head(texts)
                    found[title] = (sheet.height, texts[head.titles] if head.named else [])
    except python_calamine.CalamineError:
        return {}  # reading it says what is wrong
    return found


def _chosen(
    book: python_calamine.CalamineWorkbook, name: str, sheets: tuple[str, ...]
) -> tuple[str, ...]:
    missing = [title for title in sheets if title not in book.sheet_names]
    full = [title for title in book.sheet_names if book.get_sheet_by_name(title).height > 1]
    if missing or (not sheets and len(full) != 1):
        listed = ", ".join(repr(shown(title, 40)) for title in full[:10]) or phrase("none")
        raise UnreadableError(
            "A spreadsheet must have the sheet that is read, or only one sheet with rows.",
            found=phrase(
                "no sheet {missing}; with rows: {listed}",
                missing=repr(shown(missing[0], 40)),
                listed=listed,
            )
            if missing
            else phrase(
                "{full} of {n} sheets with rows: {listed}",
                full=len(full),
                n=len(book.sheet_names),
                listed=listed,
            ),
            where=name,
            remedy='set sheet = "NAME" under [incidents] or [counts], or sheet = ["A", "B"] for '
            "parts of one table",
        )
    return sheets or tuple(full)


def _opened(
    book: python_calamine.CalamineWorkbook, title: str, known: Format, name: str
) -> tuple[list[str], int, Rows]:
    """Give the names of a sheet's columns, how many rows come before them, and the other rows."""
    sheet = book.get_sheet_by_name(title)
    above = sheet.start[0] if sheet.start else 0
    rows: Rows = sheet.iter_rows()
    first = list(itertools.islice(rows, _LOOKED_AT))
    texts = [[_text(cell) or "" for cell in row] for row in first]
    at = 0
    if known.skip_rows is None:
        found = find_head(texts)
        at = found.titles
    else:
        at = max(0, known.skip_rows - above)
        while at < len(texts) and not any(texts[at]):
            at += 1
        found = find_head(texts[at : at + 1])
    if at >= len(texts):
        raise UnreadableError(
            "A sheet must hold rows.",
            found=phrase("none"),
            where=phrase("{title} of {name}", title=title, name=name),
        )
    if known.header is None and not found.named:
        raise headerless(name, texts[at])
    if known.header is False:
        names, body = list(unnamed(max(map(len, texts)))), first[at:]
    else:
        names, body = _checked(texts[at], name), first[at + 1 :]
    whole = itertools.chain(body, rows)
    return names, at + above, (row for row in whole if any(cell != "" for cell in row))


def _checked(header: list[str], name: str) -> list[str]:
    named = [column for column in header if column]
    twice = sorted({column for column in named if named.count(column) > 1})
    if twice or not named or len(header) > _MOST_COLUMNS:
        raise UnreadableError(
            phrase(
                "A sheet must start with a header of at most {most_columns} unique names.",
                most_columns=_MOST_COLUMNS,
            ),
            found=phrase(
                "{columns} more than once",
                columns=", ".join(repr(shown(column)) for column in twice[:5]),
            )
            if twice
            else phrase("names: {n}", n=len(named)),
            where=phrase("header of {name}", name=name),
            remedy="mend the header, or set skip_rows to the rows before it",
        )
    return header


def _require_alike(names: list[str], others: list[str], title: str, name: str) -> None:
    if [one for one in others if one] != [one for one in names if one]:
        different = sorted(set(names) ^ set(others))
        raise UnreadableError(
            "Sheets that are read as one table must have the same header.",
            found=", ".join(repr(shown(one, 40)) for one in different[:5])
            or phrase("another order"),
            where=phrase("sheet {title} of {name}", title=repr(shown(title, 40)), name=name),
            remedy="read them in two studies, or make their headers the same",
        )


def _batches(rows: Rows, header: list[str], schema: pa.Schema) -> Iterator[pa.RecordBatch]:
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
