"""A table that is given to an audit, as vendors and forces export it: each fault is named."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv

from veedor.errors import DataError, UnreadableError
from veedor.incidents.dialect import find_dialect
from veedor.incidents.escape import shown
from veedor.incidents.files import InputFile, opened
from veedor.incidents.personal import Screen, refuse_personal_text
from veedor.incidents.whole import MOST_TABLE, parquet_table
from veedor.temporary import temporary_folder

Floats = npt.NDArray[np.float64]
Texts = npt.NDArray[np.str_]

_TRUE = frozenset({"1", "true", "yes", "si", "sí"})
_FALSE = frozenset({"0", "false", "no", ""})


@dataclass(frozen=True, eq=False)
class Sheet:
    """Columns by name, of CSV as they were written and of Parquet as they were typed.

    Parameters
    ----------
    name : str
        Of the file, for errors.
    table : pyarrow.Table
        Names are unique.
    decimal : str
        Decimal mark of numbers that are written as text.
    first_row : int
        Number that errors give to the first row: 2 below a line of names.
    """

    name: str
    table: pa.Table
    decimal: str = "."
    first_row: int = 2

    def __len__(self) -> int:
        return int(self.table.num_rows)

    def __contains__(self, column: str) -> bool:
        return column in self.table.column_names

    @property
    def columns(self) -> tuple[str, ...]:
        """Names of the columns."""
        return tuple(self.table.column_names)

    def text(self, column: str) -> Texts:
        """Return a column as text, without the blanks around it; empty where null.

        Raises
        ------
        DataError
            If there is no such column.
        PersonalDataRefusal
            If a text is or holds a personal datum.
        """
        texts = self._texts(column)
        screen = Screen("text", shown(column), places=True)
        screen.look(texts.unique().cast(pa.string()))
        screen.refuse()
        return np.asarray(texts.to_pylist(), dtype=np.str_)

    def numbers(self, column: str, *, empty: float | None = None) -> Floats:
        """Return a column as finite numbers.

        Parameters
        ----------
        column : str
        empty : float, optional
            What an empty field stands for; without it an empty field is an error.

        Raises
        ------
        DataError
            If a field is not a finite number.
        """
        texts = self._texts(column)
        blank = np.asarray(pc.equal(texts, ""))
        try:
            written = pc.if_else(pa.array(blank), "nan", texts)
            if self.decimal != ".":
                written = pc.replace_substring(written, self.decimal, ".")
            values: Floats = np.asarray(written.cast(pa.float64()), dtype=np.float64).copy()
        except (pa.ArrowInvalid, pa.ArrowNotImplementedError):
            values = np.array([_number(text, self.decimal) for text in texts.to_pylist()])
        wrong = ~np.isfinite(values)
        if empty is not None:
            wrong &= ~blank
            values[blank] = empty
        if bool(wrong.any()):
            raise self.fault(f"The column {column} must hold finite numbers.", wrong, column)
        return values

    def flags(self, column: str) -> npt.NDArray[np.bool_]:
        """Return a column of 1/0, true/false or yes/no as truth values.

        Raises
        ------
        DataError
            If a field is anything else.
        """
        texts = np.char.lower(self.text(column))
        true = np.isin(texts, list(_TRUE))
        wrong = ~true & ~np.isin(texts, list(_FALSE))
        if bool(wrong.any()):
            raise self.fault(f"The column {column} must hold 1 or 0.", wrong, column)
        return true

    def degrees(self) -> tuple[Floats, Floats]:
        """Longitude and latitude of the columns ``lon`` and ``lat``, in range.

        Raises
        ------
        DataError
            If one is out of range.
        """
        lon, lat = self.numbers("lon"), self.numbers("lat")
        for name, values, most in (("lat", lat, 90.0), ("lon", lon, 180.0)):
            wrong = np.abs(values) > most
            if bool(wrong.any()):
                raise self.fault(
                    "lat must lie within -90 to 90 and lon within -180 to 180 degrees (WGS84).",
                    wrong,
                    name,
                    remedy="convert the coordinates to WGS84; check that lat and lon are not "
                    "exchanged",
                )
        return lon, lat

    def rows(self, chosen: npt.NDArray[np.bool_] | npt.NDArray[np.int64]) -> Sheet:
        """Take rows by a mask, or by their places in any order."""
        made = self.table.filter if chosen.dtype == np.bool_ else self.table.take
        return Sheet(self.name, made(pa.array(chosen)), self.decimal, self.first_row)

    def fault(
        self, must: str, wrong: npt.NDArray[np.bool_], column: str, *, remedy: str = ""
    ) -> DataError:
        """Error that names the first rows at fault, and what they hold in a column."""
        at = np.flatnonzero(wrong)[:5]
        fields = self._texts(column).take(pa.array(at)).to_pylist()
        return DataError(
            must,
            found=f"{int(wrong.sum())} fields that do not, first "
            + ", ".join(repr(shown(field, 30)) for field in fields),
            where=f"{self.name}, rows {', '.join(str(row + self.first_row) for row in at)}",
            remedy=remedy,
        )

    def _texts(self, column: str) -> pa.ChunkedArray:
        if column not in self:
            raise DataError(
                f"The file must have the column {shown(column)}.",
                found=", ".join(shown(name) for name in self.columns[:20]),
                where=self.name,
            )
        return pc.utf8_trim_whitespace(pc.fill_null(self.table[column].cast(pa.string()), ""))


def read_sheet(path: Path, needed: Sequence[str]) -> Sheet:
    """Read a CSV of any encoding and delimiter, or a Parquet file; plain or in one .gz or .zip.

    Parameters
    ----------
    path : Path
    needed : sequence of str
        Columns that it must have.

    Raises
    ------
    UnreadableError
        If it is no such file.
    DataError
        If a column is missing or there are no rows.
    """
    with temporary_folder() as folder:
        sheets = [_one(file, folder, path) for file in opened(path, folder)]
    if len(sheets) != 1:
        raise UnreadableError(
            "An archive must hold one table.", found=f"{len(sheets)}", where=path.name
        )
    sheet = sheets[0]
    refuse_personal_text(sheet.columns, what="a header", where=shown(path.name))
    missing = [column for column in needed if column not in sheet]
    if missing or not len(sheet) or len(set(sheet.columns)) < len(sheet.columns):
        raise DataError(
            "A table must have rows, no column twice"
            + (f", and the columns {', '.join(needed)}." if needed else "."),
            found=f"{len(sheet)} rows of " + ", ".join(shown(name) for name in sheet.columns[:20]),
            where=path.name,
            remedy="rename the columns of the file",
        )
    return sheet


def _one(file: InputFile, folder: Path, path: Path) -> Sheet:
    if file.kind == "parquet":
        try:
            return Sheet(path.name, parquet_table(file.path), first_row=1)
        except (pa.ArrowException, OSError) as error:
            raise UnreadableError(
                "A Parquet file must be whole.",
                found=shown(str(error), 200),
                where=shown(file.name, 100),
            ) from error
    if file.kind != "csv":
        raise UnreadableError(
            "A table must be CSV or Parquet.", found=file.kind, where=shown(file.name, 100)
        )
    if file.path.stat().st_size > MOST_TABLE:
        raise UnreadableError(
            f"A table of an audit must hold at most {MOST_TABLE >> 30} GiB.",
            found="more",
            where=shown(file.name, 100),
        )
    dialect = find_dialect(file, folder, header=True)
    names = [name.strip() for name in dialect.header]
    try:
        table = pyarrow.csv.read_csv(
            dialect.path,
            read_options=pyarrow.csv.ReadOptions(column_names=names, skip_rows=dialect.skipped + 1),
            parse_options=pyarrow.csv.ParseOptions(delimiter=dialect.delimiter),
            convert_options=pyarrow.csv.ConvertOptions(
                column_types=dict.fromkeys(names, pa.string())
            ),
        )
    except pa.ArrowInvalid as error:
        raise UnreadableError(
            "A table must have the same columns in every row.",
            found=shown(str(error), 200),
            where=shown(file.name, 100),
        ) from error
    # Between commas, a comma within a number parts thousands as likely as decimals: not guessed.
    return Sheet(path.name, table, decimal="." if dialect.delimiter == "," else ",")


def _number(text: str, decimal: str) -> float:
    try:
        return float(text.replace(decimal, "."))
    except ValueError:
        return float("nan")
