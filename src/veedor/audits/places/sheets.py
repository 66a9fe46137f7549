"""A CSV that is given to an audit: its columns, read as text or as numbers, each fault named."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.csv

from veedor.errors import DataError, UnreadableError
from veedor.incidents.escape import shown

Floats = npt.NDArray[np.float64]
Texts = npt.NDArray[np.str_]

_TRUE = frozenset({"1", "true", "yes", "si", "sí"})
_FALSE = frozenset({"0", "false", "no", ""})


@dataclass(frozen=True, eq=False)
class Sheet:
    """Columns of a CSV by name, every value as it was written.

    Parameters
    ----------
    name : str
        Of the file, for errors.
    columns : dict of str to array of str
        All of one length, at least 1.
    """

    name: str
    columns: dict[str, Texts]

    def __len__(self) -> int:
        return len(next(iter(self.columns.values())))

    def __contains__(self, column: str) -> bool:
        return column in self.columns

    def text(self, column: str) -> Texts:
        """Return a column as text, without the blanks around it.

        Raises
        ------
        DataError
            If there is no such column.
        """
        if column not in self.columns:
            raise DataError(
                f"The file must have the column {column}.",
                found=", ".join(shown(name) for name in self.columns),
                where=self.name,
            )
        return self.columns[column]

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
        texts = self.text(column)
        blank = texts == ""
        filled = np.where(blank, "nan" if empty is None else repr(float(empty)), texts)
        try:
            values: Floats = filled.astype(np.float64)
        except ValueError:
            values = np.array([_number(text) for text in filled.tolist()])
        wrong = ~np.isfinite(values)
        if empty is not None:
            wrong &= ~blank
        if bool(wrong.any()):
            raise self.fault(f"The column {column} must hold finite numbers.", wrong, texts)
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
            raise self.fault(f"The column {column} must hold 1 or 0.", wrong, texts)
        return true

    def fault(self, must: str, wrong: npt.NDArray[np.bool_], values: Texts) -> DataError:
        """Error that names the first rows at fault; the row after the header is row 2."""
        rows = np.flatnonzero(wrong)[:5]
        return DataError(
            must,
            found=f"{int(wrong.sum())} fields that do not, first "
            + ", ".join(repr(shown(str(values[row]), 30)) for row in rows),
            where=f"{self.name}, rows {', '.join(str(row + 2) for row in rows)}",
        )


def read_sheet(path: Path, needed: Sequence[str]) -> Sheet:
    """Read a CSV in UTF-8, plain or .gz, with a line of column names.

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
    try:
        names = pyarrow.csv.open_csv(path).schema.names
        table = pyarrow.csv.read_csv(
            path,
            convert_options=pyarrow.csv.ConvertOptions(
                column_types=dict.fromkeys(names, pa.string()), strings_can_be_null=False
            ),
        )
    except (OSError, pa.ArrowInvalid, UnicodeDecodeError) as error:
        raise UnreadableError(
            "An audit's table must be a readable CSV in UTF-8.",
            found=shown(str(error), 200),
            where=path.name,
            remedy="save it as CSV in UTF-8, with commas between the fields",
        ) from error
    clean = [name.strip() for name in table.column_names]
    missing = [name for name in needed if name not in clean]
    doubled = sorted({shown(name) for name in clean if clean.count(name) > 1})
    if missing or doubled or table.num_rows == 0:
        raise DataError(
            f"The file must have rows, and each of the columns {', '.join(needed)} once.",
            found=f"{table.num_rows} rows of {', '.join(shown(name) for name in clean)}"
            + (f"; doubled: {', '.join(doubled)}" if doubled else ""),
            where=path.name,
        )
    return Sheet(
        path.name,
        {
            name: np.char.strip(table.column(place).to_numpy().astype(np.str_))
            for place, name in enumerate(clean)
        },
    )


def _number(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        return float("nan")
