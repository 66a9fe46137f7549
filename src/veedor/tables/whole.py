"""Files that are held in memory at once, within bounds: a small one may unpack to anything."""

from __future__ import annotations

import gzip
import json
import zlib
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from veedor.errors import UnreadableError, phrase
from veedor.files.replacing import require_readable
from veedor.tables.escape import shown
from veedor.tables.files import MOST_RATIO

#: Of JSON, which takes some ten times as much in memory; and of tables.
MOST_DOCUMENT = 256 << 20
MOST_TABLE = 2 << 30
#: Letters of a name.
MOST_NAME = 2_000
#: Arrays and objects of a JSON document: a point of an outline is one.
_MOST_PARTS = 10_000_000
_MOST_ROWS = 50_000_000
_MOST_COLUMNS = 2_000
_FREE_BYTES = 16 << 20
_PIECE = 1 << 20


def whole(path: Path, most_bytes: int) -> bytes:
    """Return the bytes of a plain file, or of what is packed in a .gz.

    Parameters
    ----------
    path : Path
    most_bytes : int
        Unpacked.

    Raises
    ------
    UnreadableError
        If it is a device or a pipe, too large, or a broken or disproportionate archive.
    """
    require_readable(path, phrase("An input file"))
    packed = path.stat().st_size
    pieces, size = [], 0
    try:
        with path.open("rb") as file:
            is_packed = file.read(2) == b"\x1f\x8b"
        with gzip.open(path, "rb") if is_packed else path.open("rb") as stream:
            while piece := stream.read(_PIECE):
                size += len(piece)
                bomb = is_packed and size > _FREE_BYTES and size > MOST_RATIO * packed
                if bomb or size > most_bytes:
                    raise UnreadableError(
                        phrase(
                            "A file must hold at most {most_bytes} MiB, and an archive not unpack "
                            "to more than {most_ratio} times its size.",
                            most_bytes=most_bytes >> 20,
                            most_ratio=MOST_RATIO,
                        ),
                        found=phrase(
                            "{size} MiB and more from {packed:,} bytes",
                            size=size >> 20,
                            packed=packed,
                        ),
                        where=shown(path.name, 100),
                        remedy="check where the file comes from; split it if it is sound",
                    )
                pieces.append(piece)
    except (gzip.BadGzipFile, EOFError, zlib.error) as error:
        raise UnreadableError(
            "An archive must unpack.",
            found=phrase("a broken or cut off archive"),
            where=shown(path.name, 100),
            remedy="download it again, or unpack it first",
        ) from error
    return b"".join(pieces)


def json_document(path: Path) -> Any:
    """Return what a JSON file holds, plain or .gz.

    Raises
    ------
    UnreadableError
        As `whole`, and if it holds more arrays and objects than a map has points.
    ValueError
        If it is no JSON; NaN and Infinity are none.
    RecursionError
        If it is nested too deep.
    """
    data = whole(path, MOST_DOCUMENT)
    parts = data.count(b"[") + data.count(b"{")
    if parts > _MOST_PARTS:
        raise UnreadableError(
            phrase(
                "A JSON file must hold at most {most_parts:,} arrays and objects.",
                most_parts=_MOST_PARTS,
            ),
            found=phrase("about {parts:,}", parts=parts),
            where=shown(path.name, 100),
            remedy="simplify its outlines, or split it",
        )
    return json.loads(data.decode("utf-8-sig"), parse_constant=_refuse)


def parquet_table(path: Path, columns: list[str] | None = None, *, many_rows: int = 0) -> pa.Table:
    """Read a Parquet file that fits in memory, however small it is itself.

    Parameters
    ----------
    path : Path
    columns : list of str, optional
        Those of them that are there; all where not given.
    many_rows : int
        With more rows than this, columns are read beside one another.

    Raises
    ------
    UnreadableError
        If it is a device or a pipe, or holds more than fits.
    pyarrow.ArrowException, OSError
        If it is broken.
    """
    require_readable(path, phrase("An input file"))
    with pa.OSFile(str(path)) as source, pq.ParquetFile(source, pre_buffer=False) as file:
        about = file.metadata
        size = _modest_size(about, path)
        there = file.schema_arrow.names
        kept = None if columns is None else [name for name in columns if name in there]
        threads = about.num_rows > many_rows
        # Each row may repeat a text that the file holds once.
        folded = _texts(about) if about.num_rows * size > MOST_TABLE else []
        if not folded:
            return _plainly_typed(file.read(columns=kept, use_threads=threads))
        with pq.ParquetFile(
            source, metadata=about, read_dictionary=folded, pre_buffer=False
        ) as anew:
            table = anew.read(columns=kept, use_threads=threads)
    return _plainly_typed(_unfolded(table, path))


def _plainly_typed(table: pa.Table) -> pa.Table:
    """Write out columns of types that a file may have, and few functions know."""
    plain = {
        pa.string_view(): pa.string(),
        pa.binary_view(): pa.binary(),
        pa.float16(): pa.float32(),
    }
    if plain.keys().isdisjoint(table.schema.types):
        return table
    kept = [field.with_type(plain.get(field.type, field.type)) for field in table.schema]
    return table.cast(pa.schema(kept))


def _modest_size(about: pq.FileMetaData, path: Path) -> int:
    """Bytes that a file says it holds; one that says too much is refused."""
    if about.num_rows > _MOST_ROWS or about.num_columns > _MOST_COLUMNS:
        raise _too_large(
            path,
            phrase(
                "{rows:,} rows of {columns:,} columns",
                rows=about.num_rows,
                columns=about.num_columns,
            ),
        )
    size = sum(
        int(about.row_group(number).total_byte_size) for number in range(about.num_row_groups)
    )
    if max(size, 8 * about.num_rows * about.num_columns) > 2 * MOST_TABLE:
        raise _too_large(
            path,
            phrase("{rows:,} rows, {size} MiB", rows=about.num_rows, size=size >> 20),
        )
    return size


def _texts(about: pq.FileMetaData) -> list[str]:
    """Paths of the columns of texts, to be held as each different text once."""
    columns = (about.schema.column(number) for number in range(about.num_columns))
    return [column.path for column in columns if column.physical_type == "BYTE_ARRAY"]


def _unfolded(table: pa.Table, path: Path) -> pa.Table:
    """Write texts out as the file does, if all of them together are not too long."""
    stated = pq.read_schema(path)
    for place, column in enumerate(table.schema):
        if not pa.types.is_dictionary(column.type):
            continue
        size = sum(
            pc.sum(pc.binary_length(chunk.dictionary).take(chunk.indices)).as_py() or 0
            for chunk in table[place].chunks
        )
        if size > MOST_TABLE:
            raise _too_large(path, phrase("{size} MiB of text in one column", size=size >> 20))
        if not pa.types.is_dictionary(stated.field(stated.names.index(column.name)).type):
            plain = table[place].cast(column.type.value_type)
            table = table.set_column(place, column.name, plain)
    return table


def require_short(texts: pa.Array | pa.ChunkedArray, where: str, *, places: int = 0) -> None:
    """Refuse names that are longer than any: beside others, each would take as much room.

    Parameters
    ----------
    texts : array of text
    where : str
    places : int
        In how many rows each is to take as much room as the longest.

    Raises
    ------
    UnreadableError
    """
    chunks = texts.chunks if isinstance(texts, pa.ChunkedArray) else [texts]
    parts = [one.dictionary if isinstance(one, pa.DictionaryArray) else one for one in chunks]
    if not places and all(_text_bytes(one) <= MOST_NAME for one in parts):
        return  # all together are no longer than one may be
    longest = max((pc.max(pc.binary_length(one)).as_py() or 0 for one in parts), default=0)
    if longest > MOST_NAME or 4 * longest * places > MOST_TABLE:
        raise UnreadableError(
            phrase(
                "A name of a place, category or maker must hold at most {most_name:,} letters.",
                most_name=MOST_NAME,
            ),
            found=phrase("one of {longest:,}", longest=longest),
            where=shown(where, 100),
            remedy="check where the file comes from",
        )


def _text_bytes(texts: pa.Array) -> int:
    """Bytes of all letters of an array of texts, of which it may be a part."""
    letters = texts.buffers()[-1]
    return 0 if letters is None else int(letters.size)


def _too_large(path: Path, found: str) -> UnreadableError:
    return UnreadableError(
        phrase(
            "A table must hold at most {most_rows:,} rows of {most_columns:,} columns "
            "here, and {most_table} GiB.",
            most_rows=_MOST_ROWS,
            most_columns=_MOST_COLUMNS,
            most_table=2 * MOST_TABLE >> 30,
        ),
        found=found,
        where=shown(path.name, 100),
        remedy="check where the file comes from; split it if it is sound",
    )


def _refuse(constant: str) -> None:
    raise ValueError(f"{constant}, which is no number of JSON")
