"""Tables that are held in memory, of whichever library, as Arrow tables that can be written."""

from __future__ import annotations

from typing import Any

import pyarrow as pa

from veedor.errors import StudyError, phrase
from veedor.tables.escape import shown


def table_of(value: Any) -> pa.Table | None:
    """Return an Arrow table of a table of pandas, polars, DuckDB or Arrow; None for all else.

    An index of pandas that has a name is a column like the others.

    >>> table_of(pa.table({"a": [1]})).num_rows, table_of("incidents.csv")
    (1, None)

    Raises
    ------
    StudyError
        If a column holds more than one kind of value, has the name of another, or is of a kind that
        no file of tables holds.
    """
    try:
        table = _converted(value)
    except (pa.ArrowException, TypeError, ValueError) as error:
        raise StudyError(
            "A table must have columns of one kind each, and of different names.",
            found=shown(" ".join(map(str, error.args)), 300),
            remedy="make every column one of numbers, of text or of times",
        ) from error
    return None if table is None else _writable(table)


def _converted(value: Any) -> pa.Table | None:
    if isinstance(value, pa.Table):
        return value
    if isinstance(value, pa.RecordBatch):
        return pa.Table.from_batches([value])
    if type(value).__module__.split(".")[0] == "pandas" and hasattr(value, "columns"):
        named = [name for name in value.index.names if name is not None]
        whole = value.reset_index(level=named) if named else value
        return pa.Table.from_pandas(whole, preserve_index=False)
    if not hasattr(value, "__arrow_c_stream__"):
        return None
    try:
        return pa.table(value)
    except (pa.ArrowInvalid, TypeError):
        if hasattr(value, "columns"):
            raise
        return None  # a single column is no table


def _writable(table: pa.Table) -> pa.Table:
    """Return columns as Parquet takes them: not every writer knows views, as of polars."""
    for place, field in enumerate(table.schema):
        kind = field.type
        if isinstance(kind, pa.BaseExtensionType) and kind.extension_name.startswith("pandas."):
            raise StudyError(
                "A column must be of a kind that every library has: numbers, text or times.",
                found=phrase(
                    "{kind} in column {column}",
                    kind=kind.extension_name,
                    column=repr(shown(field.name, 60)),
                ),
                remedy="turn it into times (in pandas, .dt.to_timestamp()), numbers or text",
            )
        plain = _without_views(table.column(place))
        table = table.set_column(place, field.name, plain)
    return table


def _without_views(column: pa.ChunkedArray) -> pa.ChunkedArray:
    """Return texts that are views, or categories of such, as texts."""
    kind = column.type
    if pa.types.is_string_view(kind):
        return column.cast(pa.large_string())
    if not (pa.types.is_dictionary(kind) and pa.types.is_string_view(kind.value_type)):
        return column
    parts = [
        pa.DictionaryArray.from_arrays(part.indices, part.dictionary.cast(pa.string()))
        for part in column.chunks
    ]
    return pa.chunked_array(parts, type=pa.dictionary(kind.index_type, pa.string()))
