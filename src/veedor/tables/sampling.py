"""`sample_of`: a file of rows spread over a large one, for what may be said of a sample.

Stretches of rows one after the other are taken: from the beginning, which has the header, to the
end, at equal steps between. The same file gives the same sample.
"""

from __future__ import annotations

from pathlib import Path

import pyarrow.parquet as pq

from veedor.tables.database import Database, identifier, plain_path, reading
from veedor.tables.files import InputFile
from veedor.tables.written import quoted

STRETCHES = 64
_ROWS, _BYTES = 4_096, 512 << 10
#: Of a CSV the first stretch is longer: titles and a header may come before the rows.
_HEAD = 4 << 20
_NUMBER = "file_row_number"


def rows_of(file: InputFile) -> int | None:
    """Return how many rows a Parquet file says that it holds; None of another kind."""
    if file.kind != "parquet":
        return None
    with reading(file.name):
        return int(pq.read_metadata(file.path).num_rows)


def sample_of(file: InputFile, target: Path, stretches: int = STRETCHES) -> bool:
    """Write a sample of a CSV or Parquet file as a file of the same kind; whether one can be made.

    None can be made of a small file, of one of another kind, and of a CSV that cannot be entered in
    the middle: one in UTF-16, with no line feeds, or with quotes that go over several lines where
    it is entered.

    Parameters
    ----------
    file : InputFile
    target : Path
        The file to write.
    stretches : int
        How many, at least 2.
    """
    if file.kind == "parquet":
        return _of_parquet(file, target, stretches)
    return file.kind == "csv" and _of_csv(file.path, target, stretches)


def _of_parquet(file: InputFile, target: Path, stretches: int) -> bool:
    with reading(file.name):
        rows = rows_of(file) or 0
        named = {name.casefold() for name in pq.read_schema(file.path).names}
    if rows <= stretches * _ROWS or _NUMBER in named:
        return False
    starts = [(rows - _ROWS) * nth // (stretches - 1) for nth in range(stretches)]
    within = " OR ".join(f"{_NUMBER} BETWEEN {at} AND {at + _ROWS - 1}" for at in starts)
    database = Database(target.parent)
    try:
        with reading(file.name):
            database.connection.execute(
                f"COPY (SELECT * EXCLUDE ({identifier(_NUMBER)}) FROM read_parquet("
                f"{quoted(plain_path(file.path, database.folder))}, {_NUMBER} = true) "
                f"WHERE {within}) TO {quoted(str(target.absolute()))} (FORMAT parquet)"
            )
    finally:
        database.close()
    return True


def _of_csv(path: Path, target: Path, stretches: int) -> bool:
    size = path.stat().st_size
    if size <= _HEAD + stretches * _BYTES:
        return False
    with path.open("rb") as file, target.open("wb") as sample:
        head = _whole_lines(file.read(_HEAD))
        if b"\0" in head or not head or head.count(b'"') % 2:
            return False
        sample.write(head)
        for nth in range(1, stretches):
            last = size - _BYTES
            file.seek(len(head) + (last - len(head)) * nth // (stretches - 1))
            file.readline(_BYTES)
            piece = file.read(_BYTES)
            if nth < stretches - 1 or not piece.endswith(b"\n"):
                piece = _whole_lines(piece)
            # Where quotes go over lines, an end of one may be taken for its beginning.
            if not any(line.count(b'"') % 2 for line in piece.split(b"\n")):
                sample.write(piece)
    return True


def _whole_lines(piece: bytes) -> bytes:
    return piece[: piece.rfind(b"\n") + 1]
