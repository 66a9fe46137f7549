"""`sampled`: a record too large to be read for a proposal: a sample of it, and all its months."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from veedor.arrays import Instants, Ints
from veedor.incidents.columns import Source
from veedor.incidents.scan import find_styles
from veedor.tables import times, written
from veedor.tables.clocks import LocalClock
from veedor.tables.database import Database, Table, reading, table
from veedor.tables.files import InputFile, find, opened
from veedor.tables.sampling import STRETCHES, rows_of, sample_of
from veedor.tables.time_columns import typed

#: A record of more rows is looked at as a sample; of a CSV a row is taken to have so many bytes.
MOST_ROWS = 2_000_000
_BYTES_A_ROW = 128
_YEARS = (1900, 2100)


@dataclass(frozen=True, eq=False)
class RecordedMonths:
    """Rows of a whole record by calendar month, of UTC or as they are written.

    Parameters
    ----------
    month : array of int64, shape (months,)
        Months since 1970, ascending; those with rows.
    rows : array of int64, shape (months,)
    first, last : array of datetime64[us], shape (months,)
        UTC instants of the first and last row of each.
    """

    month: Ints
    rows: Ints
    first: Instants
    last: Instants


@dataclass(frozen=True, eq=False)
class Sampled:
    """A sample of a record.

    Parameters
    ----------
    source : Source
        Of the sample.
    months : RecordedMonths or None
        Of the whole record, where its files hold times as such; else None.
    """

    source: Source
    months: RecordedMonths | None


def sampled(source: Source, folder: Path) -> Sampled | None:
    """Write a sample of a large record, rows spread over each of its files; None of a small one.

    Parameters
    ----------
    source : Source
    folder : Path
        Existing folder, which has to stay while the sample is read.
    """
    for part in ("unpacked", "sample"):
        (folder / part).mkdir()
    files = [
        file
        for path in find(source.paths)
        for file in opened(path, folder / "unpacked")
        if source.layout is None or not source.layout.sets_aside(file.name)
    ]
    rows = [_rows(file) for file in files]
    if sum(rows) <= MOST_ROWS:
        return None
    paths = []
    for nth, (file, held) in enumerate(zip(files, rows, strict=True)):
        target = folder / "sample" / str(nth) / Path(file.name).name
        target.parent.mkdir()
        if not sample_of(file, target, max(2, STRETCHES * held // sum(rows))):
            target.unlink(missing_ok=True)
            target.symlink_to(file.path.absolute())
        paths.append(str(target))
    return Sampled(replace(source, paths=tuple(paths)), _months(files, source, folder))


def _rows(file: InputFile) -> int:
    """Rows of a file, or about how many; 0 of one of which no sample can be made."""
    if file.kind == "csv":
        return file.path.stat().st_size // _BYTES_A_ROW
    return rows_of(file) or 0


def _months(files: Sequence[InputFile], source: Source, folder: Path) -> RecordedMonths | None:
    """Count the rows of all files by month; None where that would need reading texts."""
    if any(file.kind != "parquet" for file in files) or source.layout is not None:
        return None
    mapped = source.columns.roles()
    role = next((role for role in ("time", "start", "date") if role in mapped), None)
    if role is None:
        return None
    clock = LocalClock(source.time_zone)
    found = []
    with closing(Database(folder / "unpacked")) as database:
        tables = [table(database, file) for file in files]
        if any(times.read_typed("", _type_of(one, mapped[role], role)) is None for one in tables):
            return None
        styles = find_styles(database, tables, source.columns, source)
        for one, style in zip(tables, styles, strict=True):
            instant, kind = typed(one, one.find(role, mapped[role]), role, style[role])
            with reading(one.name):
                counted = database.rows(
                    "SELECT (year(i) - 1970) * 12 + month(i) - 1, count(*), epoch_us(min(i)), "
                    f"epoch_us(max(i)) FROM (SELECT {instant} AS i FROM {one.relation}) "
                    f"WHERE year(i) BETWEEN {_YEARS[0]} AND {_YEARS[1]} GROUP BY 1"
                )
            rows = np.array(counted, dtype=np.int64).reshape(-1, 4)
            if int(kind) != written.UTC:
                for end in (2, 3):
                    rows[:, end] = clock.to_utc(rows[:, end]).utc
            found.append(rows)
    each = np.concatenate(found)
    if len(each) == 0:
        return None
    month, at = np.unique(each[:, 0], return_inverse=True)
    total = np.bincount(at, weights=each[:, 1]).astype(np.int64)
    first = np.full(len(month), each[:, 2].max())
    last = np.full(len(month), each[:, 3].min())
    np.minimum.at(first, at, each[:, 2])
    np.maximum.at(last, at, each[:, 3])
    return RecordedMonths(month, total, first.view("datetime64[us]"), last.view("datetime64[us]"))


def _type_of(one: Table, column: str, role: str) -> str:
    return one.types[one.find(role, column)]
