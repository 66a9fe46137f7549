"""Tables of points with numbers, as vendors and forces export them: any encoding and delimiter."""

from __future__ import annotations

import tempfile
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv
import pyarrow.parquet

from veedor.errors import DataError, UnreadableError
from veedor.incidents.dialect import find_dialect
from veedor.incidents.escape import shown
from veedor.incidents.files import InputFile, opened

Floats = npt.NDArray[np.float64]


def read_table(path: Path, needed: tuple[str, ...]) -> pa.Table:
    """Read a CSV or Parquet file, plain or in one .gz or .zip.

    Parameters
    ----------
    path : Path
    needed : tuple of str
        Columns that it must have.

    Returns
    -------
    pyarrow.Table
        CSV columns as text.

    Raises
    ------
    UnreadableError
        If it cannot be read as a table.
    DataError
        If it has no rows, or not the columns.
    """
    with tempfile.TemporaryDirectory(prefix="veedor-") as name:
        tables = [_one(file, Path(name)) for file in opened(path, Path(name))]
    if len(tables) != 1:
        raise UnreadableError(
            "An archive must hold one table.", found=f"{len(tables)}", where=path.name
        )
    table = tables[0]
    missing = [column for column in needed if column not in table.column_names]
    if missing or table.num_rows == 0:
        raise DataError(
            f"A table must have rows, and the columns {', '.join(needed)}.",
            found=f"{table.num_rows} rows of "
            + ", ".join(shown(column) for column in table.column_names[:20]),
            where=path.name,
            remedy="rename the columns of the file",
        )
    return table


def _one(file: InputFile, folder: Path) -> pa.Table:
    if file.kind == "parquet":
        return pyarrow.parquet.read_table(file.path)
    if file.kind != "csv":
        raise UnreadableError(
            "A table must be CSV or Parquet.", found=file.kind, where=shown(file.name, 100)
        )
    dialect = find_dialect(file, folder)
    try:
        return pyarrow.csv.read_csv(
            dialect.path,
            read_options=pyarrow.csv.ReadOptions(
                column_names=list(dialect.header), skip_rows=dialect.blank_lines + 1
            ),
            parse_options=pyarrow.csv.ParseOptions(delimiter=dialect.delimiter),
            convert_options=pyarrow.csv.ConvertOptions(
                column_types=dict.fromkeys(dialect.header, pa.string())
            ),
        )
    except pa.ArrowInvalid as error:
        raise UnreadableError(
            "A table must have the same columns in every row.",
            found=shown(str(error), 200),
            where=shown(file.name, 100),
        ) from error


def numbers(table: pa.Table, name: str, path: Path) -> Floats:
    """One column as finite numbers; a decimal comma is read as a point.

    Raises
    ------
    DataError
        If a cell is no finite number.
    """
    column = table[name]
    if pa.types.is_string(column.type):
        column = pc.replace_substring(pc.utf8_trim_whitespace(column), ",", ".")
    try:
        values: Floats = column.cast(pa.float64()).to_numpy().astype(np.float64)
    except (pa.ArrowInvalid, pa.ArrowNotImplementedError) as error:
        raise DataError(
            f"The column {name} must hold numbers.", found=shown(str(error), 200), where=path.name
        ) from error
    wrong = np.flatnonzero(~np.isfinite(values))
    if len(wrong):
        raise DataError(
            f"The column {name} must hold finite numbers.",
            found=f"{len(wrong)} rows where it does not",
            where=f"{path.name}, rows {', '.join(str(row + 1) for row in wrong[:5])} of the data",
            remedy="give every row a number, or take those rows out",
        )
    return values


def degrees(table: pa.Table, path: Path) -> tuple[Floats, Floats]:
    """Longitude and latitude of the columns ``lon`` and ``lat``, in range.

    Raises
    ------
    DataError
        If one is out of range.
    """
    lon, lat = numbers(table, "lon", path), numbers(table, "lat", path)
    wrong = np.flatnonzero((np.abs(lat) > 90.0) | (np.abs(lon) > 180.0))
    if len(wrong):
        raise DataError(
            "lat must lie within -90 to 90 and lon within -180 to 180 degrees (WGS84).",
            found=f"{len(wrong)} rows outside, the first {lat[wrong[0]]:g}, {lon[wrong[0]]:g}",
            where=f"{path.name}, rows {', '.join(str(row + 1) for row in wrong[:5])} of the data",
            remedy="convert the coordinates to WGS84; check that lat and lon are not exchanged",
        )
    return lon, lat


def texts(table: pa.Table, name: str) -> npt.NDArray[np.str_]:
    """One column as trimmed text, empty where null."""
    column = pc.fill_null(table[name].cast(pa.string()), "")
    return np.asarray(pc.utf8_trim_whitespace(column).to_pylist(), dtype=np.str_)
