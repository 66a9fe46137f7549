"""The lines of a pack as a reader sees them, and a reader's file with the answers in it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

import msgspec
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from veedor.audits.reading.pack import ANSWER, FOR_READERS, ITEM, ReadingKey, screen_shown
from veedor.errors import DataError, listed, phrase
from veedor.tables.csv_file import write_rows
from veedor.tables.escape import csv_field, shown
from veedor.tables.rows import Rows, read_table


class Line(msgspec.Struct, frozen=True):
    """A line of a reader's file, before it is answered.

    Parameters
    ----------
    item : str
        What the line is called.
    texts : tuple of str
        What is shown of it, a text for each shown column.
    """

    item: str
    texts: tuple[str, ...]


def read_lines(pack: Path, key: ReadingKey, reader: int) -> tuple[Line, ...]:
    """Read a reader's file as it was made, in its order.

    Parameters
    ----------
    pack : Path
        Its folder.
    key : ReadingKey
    reader : int
        From 1.

    Raises
    ------
    DataError
        If columns or lines are not those of the key, or a line is answered already.
    PersonalDataRefusal
        If what is shown holds data about persons.
    """
    rows = read_table(pack / FOR_READERS / f"reader_{reader}.csv", (ITEM, ANSWER))
    headers = tuple(csv_field(one) for one in key.shown)
    if rows.columns != (ITEM, *headers, ANSWER):
        raise DataError(
            "A reader's file must show the columns that the pack was made with, and no other.",
            found=listed(shown(one) for one in rows.columns),
            where=rows.name,
            remedy="give the pack as `veedor reading pack` wrote it",
        )
    items = [str(one) for one in rows.text(ITEM)]
    if items != [slot.item for slot in key.slots if slot.reader == reader]:
        raise DataError(
            "A reader's file must hold the lines of its pack, in their order.",
            found=phrase("{n} lines, some of them others or elsewhere", n=len(items)),
            where=rows.name,
            remedy="give the pack as `veedor reading pack` wrote it",
        )
    answered = np.array([bool(one) for one in rows.text(ANSWER)])
    if answered.any():
        raise rows.fault(phrase("A pack must be given before anyone answers it."), answered, ANSWER)
    texts = [_texts(rows, header) for header in headers]
    return tuple(
        Line(item, line) for item, line in zip(items, zip(*texts, strict=True), strict=True)
    )


def _texts(rows: Rows, header: str) -> list[str]:
    """Texts of a shown column as they are, however long, screened."""
    texts = pc.fill_null(rows.all_rows[header].cast(pa.string()), "")
    screen_shown(header, texts, rows.name)
    return [str(one) for one in texts.to_pylist()]


def write_filled(
    path: Path,
    shown_columns: Sequence[str],
    lines: Iterable[tuple[Line, str]],
    language: str,
) -> None:
    """Write a reader's file with an answer in each line, as scoring reads it."""
    header = (ITEM, *shown_columns, ANSWER)
    rows = ((line.item, *line.texts, answer) for line, answer in lines)
    write_rows(header, rows, path, filled_in=language)
