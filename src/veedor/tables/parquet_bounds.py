"""`refuse_unending`: Parquet files of a few bytes that would take hours, or all memory, to read."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from veedor.errors import UnreadableError, phrase
from veedor.tables.escape import shown

_ROWS_FREE, _MOST_ROWS_A_BYTE = 5_000_000, 10
#: Lists and structures in one another: of tables a few, and each level is read again for the next.
_MOST_NESTED = 32


def _nested(kind: pa.DataType) -> int:
    """Levels of lists and structures in one another."""
    levels, inside = 0, [kind]
    while inside and levels <= _MOST_NESTED:
        inside = [one.field(n).type for one in inside for n in range(one.num_fields)]
        levels += 1
    return levels


def refuse_unending(path: Path, name: str) -> None:
    """Refuse a Parquet file whose rows or types repeat so often that reading it would not end.

    Rows that are records of something differ, and take bytes.
    """
    try:
        about = pq.read_metadata(path)
        rows, kinds = about.num_rows, about.schema.to_arrow_schema().types
    except (pa.ArrowException, OSError):
        return  # its reader says what is wrong with it
    if any(_nested(kind) > _MOST_NESTED for kind in kinds):
        raise UnreadableError(
            phrase("A Parquet file must be nested at most {most} deep.", most=_MOST_NESTED),
            found=phrase("deeper types"),
            where=shown(name, 100),
            remedy="write what is in it as columns of their own",
        )
    if rows > _ROWS_FREE and rows > _MOST_ROWS_A_BYTE * path.stat().st_size:
        raise UnreadableError(
            phrase(
                "A Parquet file must not hold more than {most_rows_a_byte} rows a byte.",
                most_rows_a_byte=_MOST_ROWS_A_BYTE,
            ),
            found=phrase("{rows:,} rows in {size:,} bytes", rows=rows, size=path.stat().st_size),
            where=shown(name, 100),
            remedy="check where the file comes from",
        )
