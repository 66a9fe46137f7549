"""`Rows`: a table of anyone's, held in memory; its columns are read as they are asked for."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from veedor.arrays import Bools, Floats, Ints, Texts
from veedor.errors import DataError, UnreadableError, listed, phrase
from veedor.files.temporary import temporary_folder
from veedor.tables.database import Database, Table, reading
from veedor.tables.escape import shown
from veedor.tables.files import InputFile
from veedor.tables.kinds import TRUE, UNKNOWN, Column
from veedor.tables.malformed import refuse_malformed
from veedor.tables.opening import held, ready, refuse_alike, the_one_file
from veedor.tables.personal import Screen, safe
from veedor.tables.personal.likeness import refuse_likeness
from veedor.tables.source import Source
from veedor.tables.whole import MOST_TABLE, parquet_table, require_short

Coded = tuple[Texts, Ints]


@dataclass(frozen=True, eq=False)
class Rows:
    """Rows of a table, by the names of its columns whatever their case.

    Parameters
    ----------
    source : Source
        All rows of the table, which say how its columns are written.
    all_rows : pyarrow.Table
    places : array of int
        Which of them these are.
    """

    source: Source
    all_rows: pa.Table
    places: Ints

    @classmethod
    def of(cls, name: str, table: pa.Table, like: Table | None = None) -> Rows:
        """Hold a table; errors name the rows of the file that it is `like`."""
        return cls(held(name, table, like), table, np.arange(table.num_rows))

    def __len__(self) -> int:
        return len(self.places)

    def __contains__(self, column: str) -> bool:
        return self.source.find(column) is not None

    @property
    def name(self) -> str:
        """Name of the file, for errors."""
        return self.source.table.name

    @property
    def columns(self) -> tuple[str, ...]:
        """Headers, as the file has them."""
        return tuple(self.source.table.columns)

    def texts(self, column: str) -> pa.ChunkedArray:
        """Return a column as Arrow has text, without the blanks around it; empty where null.

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
        return texts

    def text(self, column: str) -> Texts:
        """Return a column as text, as `texts` does."""
        return np.asarray(self.texts(column).to_pylist(), dtype=np.str_)

    def coded(self, column: str) -> Coded:
        """Different texts of a column in order, and which of them stands in each row."""
        found = self.texts(column).combine_chunks().dictionary_encode()
        names, place = np.unique(
            np.array(found.dictionary.to_pylist(), dtype=np.str_), return_inverse=True
        )
        return names, place[found.indices.to_numpy()].astype(np.int64)

    def numbers(
        self,
        column: str,
        *,
        empty: float | None = None,
        most: float | None = None,
        whole: bool = False,
        usual: str | None = None,
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
            Whether the column holds whole numbers from 0, so that ``1.250`` is above a thousand.
        usual : str, optional
            The decimal mark of such files, where a column leaves it open whether 1.250 is whole.

        Raises
        ------
        DataError
            If a field is not a finite number.
        UnreadableError
            If the numbers can be read in two ways; see `veedor.tables.numerals`.
        """
        header = self.source.need(column)
        read = self._read(self.source.number(header, whole=whole, most=most, usual=usual))
        blank = read.is_null().to_numpy(zero_copy_only=False)
        values: Floats = read.to_numpy(zero_copy_only=False).astype(np.float64)
        wrong = ~np.isfinite(values)
        if empty is not None:
            wrong &= ~blank
            values[blank] = empty
        if bool(wrong.any()):
            raise self.fault(
                phrase("The column {column} must hold finite numbers.", column=column),
                wrong,
                column,
            )
        return values

    def flags(self, column: str) -> Bools:
        """Return a column of truth values; an empty field is false.

        Raises
        ------
        DataError
            If a field is anything else.
        """
        codes = self._read(self.source.truth(self.source.need(column))).to_numpy()
        wrong = (codes >= UNKNOWN) & (np.asarray(self._texts(column).to_pylist()) != "")
        if bool(wrong.any()):
            raise self.fault(
                phrase("The column {column} must hold true or false, 1 or 0.", column=column),
                wrong,
                column,
            )
        flags: Bools = codes == TRUE
        return flags

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
                    phrase(
                        "lat must lie within -90 to 90 and lon within -180 to 180 degrees (WGS84)."
                    ),
                    wrong,
                    name,
                    remedy=phrase(
                        "convert the coordinates to WGS84; check that lat and lon are not exchanged"
                    ),
                )
        return lon, lat

    def chosen(self, rows: Bools | Ints) -> Rows:
        """Take rows by a mask, or by their places in any order."""
        return replace(self, places=self.places[rows])

    def fault(self, must: str, wrong: Bools, column: str, *, remedy: str = "") -> DataError:
        """Error that names the first rows at fault, and what they hold in a column."""
        at, rows = np.flatnonzero(wrong)[:5], int(wrong.sum())
        texts = self._texts(column).take(pa.array(at)).to_pylist()
        fields = listed(
            repr(shown(safe(text, place=True), 30)) if text.strip() else phrase("an empty field")
            for text in texts
        )
        return DataError(
            must,
            found=phrase("1 row in which that does not hold, with {fields}", fields=fields)
            if rows == 1
            else phrase(
                "{rows:,} rows in which that does not hold, the first with {fields}",
                rows=rows,
                fields=fields,
            ),
            where=self.source.where([int(place) for place in self.places[at]]),
            remedy=remedy,
        )

    def _read(self, column: Column) -> pa.Array:
        with reading(self.name):
            found = self.source.database.connection.sql(
                f"SELECT {column.sql} FROM {self.source.table.relation}"
            ).to_arrow_table()
        return self._taken(found.column(0)).combine_chunks()

    def _texts(self, column: str) -> pa.ChunkedArray:
        held = self._taken(self.all_rows[self.source.need(column)])
        return pc.utf8_trim_whitespace(pc.fill_null(held.cast(pa.string()), ""))

    def _taken(self, values: pa.ChunkedArray) -> pa.ChunkedArray:
        whole = len(self.places) == self.all_rows.num_rows and bool(
            np.array_equal(self.places, np.arange(len(self.places)))
        )
        return values if whole else values.take(pa.array(self.places))


def slots(axes: Mapping[str, Coded], where: str, *, complete: bool) -> Ints:
    """Place of each row in a table that has an axis for each of some columns.

    Parameters
    ----------
    axes : mapping
        What each axis is, to its names and the place of each row on it.
    where : str
        For errors.
    complete : bool
        Whether every place must have its row.

    Raises
    ------
    DataError
        If a place has more than one row, or none where it must have one.
    """
    shape = tuple(len(names) for names, _ in axes.values())
    slot = np.ravel_multi_index(tuple(place for _, place in axes.values()), shape)
    counted = np.bincount(slot, minlength=math.prod(shape))
    wrong = np.flatnonzero(counted != 1 if complete else counted > 1)
    if len(wrong):
        first = np.unravel_index(wrong[0], shape)
        named = ", ".join(
            f"{axis} {shown(str(names[at]))!r}"
            for (axis, (names, _)), at in zip(axes.items(), first, strict=True)
        )
        raise DataError(
            phrase("Each {axes} must have one row.", axes=", ".join(axes)),
            found=phrase(
                "{counted} for {named}, and {n} more such",
                counted=counted[wrong[0]],
                named=named,
                n=len(wrong) - 1,
            ),
            where=where,
        )
    return slot.astype(np.int64)


def read_table(
    path: Path,
    needed: Sequence[str] = (),
    *,
    may_be_empty: bool = False,
    may_end_empty: bool = False,
) -> Rows:
    """Read a table of places, counts or rates that fits in memory, and screen it.

    Parameters
    ----------
    path : Path
        CSV of any encoding and delimiter, Parquet, xlsx, ODS or GeoJSON; plain, .gz or .zip.
    needed : sequence of str
        Columns that it must have.
    may_be_empty : bool
        Whether a header alone will do.
    may_end_empty : bool
        Whether rows at the end without anything in them are none, as spreadsheets append them to a
        table that was filled in by hand.

    Raises
    ------
    UnreadableError
        If it cannot be read as what it claims to be.
    DataError
        If a column is missing or there twice, a row has more or fewer cells than the header, or
        there are no rows.
    PersonalDataRefusal
        If it holds images or embeddings, or personal data in a header.
    """
    with temporary_folder() as folder:
        file = the_one_file(path, folder)
        with closing(Database(folder)) as database:
            table, one = _in_memory(database, file, may_be_empty)
    refuse_alike(table.column_names, one.name)
    rows = Rows.of(one.name, _without_empty_end(table) if may_end_empty else table, one)
    refuse_likeness(rows.source.table, persons=False)
    for column in needed:
        rows.source.need(column)
    return rows


def _without_empty_end(table: pa.Table) -> pa.Table:
    """Leave out the rows at the end in which every cell is empty, but where all are so."""
    left = table.num_rows
    while left and not any(
        cell is not None and str(cell).strip()
        for cell in table.slice(left - 1, 1).to_pylist()[0].values()
    ):
        left -= 1
    return table.slice(0, left) if left else table


def _in_memory(database: Database, file: InputFile, may_be_empty: bool) -> tuple[pa.Table, Table]:
    one = ready(database, file, may_be_empty=may_be_empty)
    if one.parquet is not None:
        try:
            return parquet_table(one.parquet), one
        except (pa.ArrowException, OSError) as error:
            raise UnreadableError(
                "A Parquet file must be whole.", found=shown(str(error), 200), where=file.name
            ) from error
    if file.path.stat().st_size > MOST_TABLE:
        raise UnreadableError(
            phrase(
                "A table that is held in memory must hold at most {most_table} GiB.",
                most_table=MOST_TABLE >> 30,
            ),
            found=phrase("more"),
            where=file.name,
        )
    listed = ", ".join(one.columns.values())
    with reading(one.name):
        found = database.connection.sql(f"SELECT {listed} FROM {one.relation}")
        table = found.to_arrow_reader(100_000).read_all()
    refuse_malformed(database, one)
    return table.rename_columns(list(one.columns)), one
