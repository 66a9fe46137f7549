"""A table that is given to an audit, as vendors and forces export it: each fault is named."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import duckdb
import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv

from veedor.errors import DataError, UnreadableError
from veedor.files.temporary import temporary_folder
from veedor.tables.dialect import find_dialect
from veedor.tables.escape import shown
from veedor.tables.files import InputFile, opened
from veedor.tables.numerals import (
    Evidence,
    find_decimal,
    probe,
    sql_number,
    table_decimal,
)
from veedor.tables.personal import Screen, refuse_personal_text
from veedor.tables.whole import MOST_TABLE, parquet_table, require_short

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
    first_row : int
        Number that errors give to the first row: 2 below a line of names.
    whole : pyarrow.Table, optional
        The table that these rows were taken from, whose columns say how numbers are written.
    places : array of int, optional
        Where these rows stand in it.
    """

    name: str
    table: pa.Table
    first_row: int = 2
    whole: pa.Table | None = None
    places: npt.NDArray[np.int64] | None = None

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
        require_short(texts, f"{self.name}, column {shown(column)}", places=len(texts))
        screen = Screen("text", shown(column), places=True)
        screen.look(texts.unique().cast(pa.string()))
        screen.refuse()
        return np.asarray(texts.to_pylist(), dtype=np.str_)

    def numbers(
        self,
        column: str,
        *,
        empty: float | None = None,
        most: float | None = None,
        whole: bool = False,
    ) -> Floats:
        """Return a column as finite numbers, read as all of the column writes them.

        Parameters
        ----------
        column : str
        empty : float, optional
            What an empty field stands for; without it an empty field is an error.
        most : float, optional
            No number of the column can be larger, as 180 for a longitude.
        whole : bool
            Whether the column holds whole numbers, so that ``1.250`` is one thousand and more.

        Raises
        ------
        DataError
            If a field is not a finite number.
        UnreadableError
            If the numbers can be read in two ways; see `veedor.tables.numerals`.
        """
        texts = self._texts(column)
        blank = np.asarray(pc.equal(texts, ""))
        if _typed(self.table, column):
            values: Floats = np.asarray(
                pc.fill_null(self.table[column].cast(pa.float64()), np.nan), dtype=np.float64
            ).copy()
        else:
            decimal = self._decimal(column, most, whole)
            sql = f"SELECT {sql_number('field', decimal)} AS number FROM given"
            read = _asked(sql, texts)["number"]
            values = np.asarray(pc.fill_null(read, np.nan), dtype=np.float64).copy()
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
        lon, lat = self.numbers("lon", most=180.0), self.numbers("lat", most=90.0)
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
        at = np.flatnonzero(chosen) if chosen.dtype == np.bool_ else chosen.astype(np.int64)
        return Sheet(
            self.name, self.table.take(pa.array(at)), self.first_row,
            self.table if self.whole is None else self.whole,
            at if self.places is None else self.places[at],
        )  # fmt: skip

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
            where=f"{self.name}, rows {', '.join(str(row) for row in self.row_numbers(at))}",
            remedy=remedy,
        )

    def row_numbers(self, at: npt.NDArray[np.int64]) -> list[int]:
        """Numbers of some rows, as they are counted in the file."""
        places = at if self.places is None else self.places[at]
        return [int(place) + self.first_row for place in places]

    def _decimal(self, column: str, most: float | None, whole: bool) -> str:
        """Decimal mark of a column of text, from all of the file; coordinates settle open ones."""
        table = self.table if self.whole is None else self.whole
        seen = {
            name: _evidence(table, name)
            for name in dict.fromkeys((column, "lat", "lon"))
            if name in table.column_names and not _typed(table, name)
        }
        return find_decimal(
            seen[column],
            f"column {column!r} of {self.name}",
            most=most,
            whole=whole,
            table=table_decimal(seen),
        )

    def _texts(self, column: str) -> pa.ChunkedArray:
        if column not in self:
            raise DataError(
                f"The file must have the column {shown(column)}.",
                found=", ".join(shown(name) for name in self.columns[:20]),
                where=self.name,
            )
        return _trimmed(self.table, column)


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
    alike = colliding(sheet.columns)
    if alike:
        raise DataError(
            "Columns must differ by more than case and blanks.",
            found=" and ".join(repr(shown(name)) for name in alike),
            where=path.name,
            remedy="rename one, or leave it out",
        )
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


def colliding(names: Sequence[str]) -> tuple[str, ...]:
    """First names that are the same but for case, blanks and ways to write a letter.

    >>> colliding(["lat", "Count", "count "]), colliding(["lat", "lon"])
    (('Count', 'count '), ())
    """
    first: dict[str, str] = {}
    for name in names:
        bare = " ".join(unicodedata.normalize("NFKC", name).split()).casefold()
        if bare in first and first[bare] != name:
            return first[bare], name
        first.setdefault(bare, name)
    return ()


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
    return Sheet(path.name, table)


def _trimmed(table: pa.Table, column: str) -> pa.ChunkedArray:
    return pc.utf8_trim_whitespace(pc.fill_null(table[column].cast(pa.string()), ""))


def _typed(table: pa.Table, column: str) -> bool:
    """Whether a column holds numbers and not texts."""
    kind = table.schema.field(column).type
    return bool(pa.types.is_floating(kind) or pa.types.is_integer(kind))


def _asked(sql: str, texts: pa.ChunkedArray) -> pa.Table:
    """Ask something of a column of texts, called ``field``, of a table called ``given``."""
    with duckdb.connect() as connection:
        connection.register("given", pa.table({"field": texts}))
        return connection.sql(sql).to_arrow_table()


def _evidence(table: pa.Table, column: str) -> Evidence:
    """How the numbers of a column are written."""
    found = _asked(probe("field", "given"), _trimmed(table, column))
    return Evidence(*(one[0].as_py() for one in found.columns))
