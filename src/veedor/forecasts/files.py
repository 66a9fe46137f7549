"""A forecast as a table that anyone can read: a row per category, period and cell."""

from __future__ import annotations

import io
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from veedor.arrays import Instants, Ints
from veedor.errors import ForecastFileError, phrase
from veedor.files.replacing import replacing
from veedor.forecasts.distributions import CountDistribution
from veedor.forecasts.forecast import Forecast
from veedor.forecasts.other_forms import refuse_other_forms
from veedor.forecasts.stated import FIRST, LAST, head_of
from veedor.forecasts.written_periods import with_instants
from veedor.spacetime import Cells, Periods
from veedor.tables.escape import shown
from veedor.tables.rows import read_table
from veedor.tables.whole import parquet_table, require_short

_MANY_ROWS = 100_000
_COLUMNS = ("category", "start", "end", "cell_id", "mean")
_TIME = pa.timestamp("us", tz="UTC")
_TYPES = {
    "category": pa.string(),
    "forecaster": pa.string(),
    "start": _TIME,
    "end": _TIME,
    "cell_id": pa.string(),
    "mean": pa.float64(),
    "dispersion": pa.float64(),
}
_SAID = {pa.string(): "text", pa.float64(): "numbers", _TIME: "times, as 2026-01-05T00:00:00Z"}


def write_forecast(forecast: Forecast, path: Path) -> None:
    """Write a forecast as Parquet: see `forecast_bytes`. A crash leaves the old file."""
    with replacing(path) as partial:
        partial.write_bytes(forecast_bytes(forecast))


def forecast_bytes(forecast: Forecast) -> bytes:
    """Return a forecast as its Parquet file has it, a row per (category, period, cell).

    Columns are ``category, start, end`` (UTC), ``cell_id, mean, dispersion``; who made it, from
    which data and when stands in the file's metadata under ``veedor``.
    """
    stream = io.BytesIO()
    pq.write_table(table_of(forecast), stream, compression="zstd")
    return stream.getvalue()


def table_of(forecast: Forecast) -> pa.Table:
    """Return the rows of a forecast as its file has them, one for each period and cell."""
    periods, cells = forecast.distribution.shape
    dictionary = pa.array(forecast.cells.cell_id.tolist())
    table = pa.table(
        {
            "category": pa.DictionaryArray.from_arrays(
                np.zeros(periods * cells, dtype=np.int32), pa.array([forecast.category])
            ),
            "start": pa.array(np.repeat(forecast.periods.start, cells)).cast(_TIME),
            "end": pa.array(np.repeat(forecast.periods.end, cells)).cast(_TIME),
            "cell_id": pa.DictionaryArray.from_arrays(
                np.tile(np.arange(cells, dtype=np.int32), periods), dictionary
            ),
            "mean": forecast.distribution.mean.ravel(),
            "dispersion": forecast.distribution.dispersion.ravel(),
        }
    )
    head = {
        "forecaster": forecast.forecaster,
        "version": forecast.version,
        "parameters": forecast.parameters,
        "data_cutoff": str(forecast.data_cutoff),
        "issued_at": str(forecast.issued_at),
        "time_zone": forecast.periods.time_zone,
        "total_dispersion": forecast.total_dispersion,
    }
    for name in forecast.unstated:
        head.pop(name)
    return table.replace_schema_metadata({"veedor": json.dumps(head, sort_keys=True)})


def read_forecast(path: Path, cells: Cells) -> Forecast:
    """Read a file that holds one forecast: see `read_forecasts`.

    Raises
    ------
    ForecastFileError
        As `read_forecasts`, and if there are several: of two categories, or with a gap between
        their periods.
    """
    found = read_forecasts(path, cells)
    if len(found) != 1:
        what = sorted({f"{one.category} by {one.forecaster}" for one in found})
        raise ForecastFileError(
            "A forecast file must hold one forecast here.",
            found=phrase(
                "{n}: {forecasts}; or periods with gaps between them",
                n=len(found),
                forecasts=", ".join(what[:5]),
            ),
            where=path.name,
        )
    return found[0]


def read_forecasts(
    path: Path, cells: Cells, *, time_zone: Callable[[], str] | None = None
) -> list[Forecast]:
    """Read every forecast of a file that `write_forecast`, or anyone in that format, wrote.

    Parameters
    ----------
    path : Path
        Parquet, or any table that `veedor.tables.rows.read_table` reads, with the columns
        ``category, start, end, cell_id, mean`` and, if its maker states them, ``dispersion`` (0,
        Poisson, without) and ``forecaster`` (the file's name without). Times that carry no offset,
        and days, are local. Where each period ends a day before the next one begins, or on the day
        on which it begins, its last day is part of it.
    cells : Cells
        The cells it is for; rows may come in any order.
    time_zone : callable, optional
        Gives the IANA name of the local time; asked only for files with local times.

    Returns
    -------
    list of Forecast
        One for each forecaster, category and run of periods that follow one another.

    Raises
    ------
    ForecastFileError
        If a column is missing, a cell is unknown, periods overlap, or a (period, cell) is missing
        or given twice.
    """
    table, head = forecast_table(path, time_zone)
    return [
        forecast
        for of, rows in _by_maker_and_category(table, str(head.get("forecaster", path.stem)))
        for forecast in _forecasts(rows, head, cells, of, path)
    ]


def _by_maker_and_category(
    table: pa.Table, maker: str
) -> Iterator[tuple[tuple[str, str], pa.Table]]:
    """Rows of each maker and category; `maker` made all, unless the file says who did."""
    parts = [(maker, table)]
    if "forecaster" in table.column_names:
        parts = _by_name(table, "forecaster")
    for name, rows in parts:
        for category, mine in _by_name(rows, "category"):
            yield (name, category), mine


def _by_name(table: pa.Table, column: str) -> list[tuple[str, pa.Table]]:
    """Rows by what they say in a column of text, in its order."""
    names = sorted(pc.unique(table[column]).to_pylist())
    if len(names) == 1:
        return [(names[0], table)]
    return [(name, table.filter(pc.equal(table[column], name))) for name in names]


def _forecasts(
    table: pa.Table, head: dict[str, Any], cells: Cells, of: tuple[str, str], path: Path
) -> list[Forecast]:
    """Forecasts of one maker and category, one for each run of periods without a gap."""
    start, end = _instants(table["start"]), _instants(table["end"])
    periods = _distinct(start, end)
    if bool(np.any(periods[:, 1] <= periods[:, 0])) or bool(
        np.any(periods[1:, 0] < periods[:-1, 1])
    ):
        raise ForecastFileError(
            "The periods of a forecast must not overlap, and end after they start.",
            found=phrase("periods that do, or do not"),
            where=phrase("{name}, category {of}", name=path.name, of=of[1]),
        )
    column = columns_of(table["cell_id"], cells, path)
    row = np.searchsorted(periods[:, 0], start)
    order = order_of_slots(row, column, (len(periods), len(cells)), path)
    shape = (len(periods), len(cells))
    mean = table["mean"].to_numpy()[order].reshape(shape)
    dispersion = (
        table["dispersion"].to_numpy()[order].reshape(shape)
        if "dispersion" in table.column_names
        else np.zeros(shape)
    )
    breaks = np.flatnonzero(periods[1:, 0] > periods[:-1, 1]) + 1
    made = []
    for run in np.split(np.arange(len(periods)), breaks):
        edges = np.append(periods[run, 0], periods[run[-1], 1])
        made.append(
            Forecast(
                distribution=CountDistribution(mean[run], dispersion[run]),
                cells=cells,
                periods=Periods(edges, str(head.get("time_zone", "UTC"))),
                category=of[1],
                forecaster=of[0],
                version=str(head.get("version", "")),
                parameters=head.get("parameters", {}),
                data_cutoff=head.get("data_cutoff", edges[0]),
                issued_at=head.get("issued_at", edges[0]),
                total_dispersion=head.get("total_dispersion"),
                unstated=frozenset({"data_cutoff", "issued_at"} - head.keys()),
            )
        )
    return made


def _instants(column: pa.ChunkedArray) -> Instants:
    instants: Instants = column.to_numpy().astype("datetime64[us]", copy=False)
    return instants


def _distinct(start: Instants, end: Instants) -> Instants:
    """Distinct pairs of start and end, in order, shape (n, 2)."""
    # Rows of one period mostly follow one another: few are left to sort.
    other = (start[1:] != start[:-1]) | (end[1:] != end[:-1])
    if not other.any():
        return np.array([[start[0], end[0]]])
    pairs = np.column_stack([start, end])[np.append(True, other)]
    pairs = pairs[np.lexsort((pairs[:, 1], pairs[:, 0]))]
    distinct: Instants = pairs[np.append(True, np.any(pairs[1:] != pairs[:-1], axis=1))]
    return distinct


def forecast_table(
    path: Path, time_zone: Callable[[], str] | None = None
) -> tuple[pa.Table, dict[str, Any]]:
    """Read the rows of a forecast file, and what it says of its maker; see `read_forecasts`.

    Returns
    -------
    Table
        The known columns in their types, filled in every row; others as they are.
    dict
        Empty where the file says nothing.

    Raises
    ------
    ForecastFileError, UnreadableError
        If it is no forecast file, or holds more than fits in memory.
    """
    parquet = path.suffix.lower() in (".parquet", ".pq")
    try:
        # Threads take longer than a small file does.
        table = parquet_table(path, many_rows=_MANY_ROWS) if parquet else _written(path)
    except (OSError, pa.ArrowException) as error:
        raise ForecastFileError(
            "A forecast must be a Parquet or CSV file.",
            found=shown(str(error), 200),
            where=path.name,
        ) from error
    names = table.column_names
    missing = [name for name in _COLUMNS if name not in names]
    if missing:
        raise ForecastFileError(
            phrase("A forecast file must have the columns {columns}.", columns=", ".join(_COLUMNS)),
            found=phrase(
                "no {missing}; it has {names}",
                missing=", ".join(missing),
                names=", ".join(shown(name, 40) for name in names[:20]),
            ),
            where=path.name,
        )
    twice = [name for name in _TYPES if names.count(name) > 1]
    if twice:
        raise ForecastFileError(
            "A forecast file must have each of its columns once.",
            found=phrase("{twice} more than once", twice=", ".join(twice)),
            where=path.name,
        )
    if table.num_rows == 0:
        raise ForecastFileError("A forecast must have rows.", found=phrase("none"), where=path.name)
    head = head_of(table, path)
    return _typed(with_instants(table, head, path.name, time_zone), path), head


def _written(path: Path) -> pa.Table:
    """Read the known columns of a table that is not Parquet; an empty field is missing."""
    rows = read_table(path)
    refuse_other_forms(rows)
    for name in _COLUMNS:
        rows.source.need(name)
    columns = {}
    for name, kind in _TYPES.items():
        if name in rows:
            if kind == pa.float64():
                columns[name] = pa.array(rows.numbers(name, usual="."))
            else:
                texts = rows.texts(name)
                columns[name] = pc.if_else(pc.equal(texts, ""), pa.scalar(None, pa.string()), texts)
    return pa.table(columns)


def _typed(table: pa.Table, path: Path) -> pa.Table:
    """Give every column that is used its type; nothing may be missing."""
    for place, name in enumerate(table.column_names):
        kind = _TYPES.get(name)
        if kind is None:
            continue
        stated = table.column(place)
        try:
            column = _cast(stated, kind)
        except (pa.ArrowInvalid, pa.ArrowNotImplementedError) as error:
            raise ForecastFileError(
                phrase("The column {name} must hold {said}.", name=name, said=_SAID[kind]),
                found=shown(str(error), 200),
                where=path.name,
            ) from error
        if kind == pa.string():
            require_short(column, path.name)
        if column.null_count:
            first = int(np.argmax(column.is_null().to_numpy()))
            raise ForecastFileError(
                phrase("The column {name} must be filled in every row.", name=name),
                found=phrase(
                    "{n} empty, the first in row {row}",
                    n=column.null_count,
                    row=first + 1,
                ),
                where=path.name,
            )
        if kind == _TIME:
            times = _instants(column)
            if not FIRST <= times.min() <= times.max() < LAST:
                raise ForecastFileError(
                    phrase(
                        "The column {name} must hold times of the years 1000 to 9999.", name=name
                    ),
                    found=phrase("others"),
                    where=path.name,
                )
        if column is not stated:
            table = table.set_column(place, name, column)
    return table


def _cast(column: pa.ChunkedArray, kind: pa.DataType) -> pa.ChunkedArray:
    """Return a column in its type; text may stay a dictionary, if none of its words is missing."""
    if column.type == kind:
        return column
    coded = pa.types.is_dictionary(column.type) and column.type.value_type == kind == pa.string()
    if coded and not any(chunk.dictionary.null_count for chunk in column.chunks):
        return column
    return column.cast(kind)


def order_of_slots(
    row: Ints,
    column: Ints,
    shape: tuple[int, int],
    path: Path,
) -> Ints:
    """Order that lays rows of a file out by period, then cell, for ``reshape(shape)``.

    Raises
    ------
    ForecastFileError
        Unless every period and cell is given once.
    """
    slot = row * shape[1] + column
    given = np.bincount(slot, minlength=shape[0] * shape[1])
    if bool(np.any(given != 1)):
        raise ForecastFileError(
            "A forecast must give every period and cell once.",
            found=phrase(
                "{missing} missing and {repeated} repeated",
                missing=int((given == 0).sum()),
                repeated=int((given > 1).sum()),
            ),
            where=path.name,
        )
    order = np.empty_like(slot)
    order[slot] = np.arange(len(slot))
    return order


def columns_of(names: pa.ChunkedArray, cells: Cells, path: Path) -> Ints:
    """Index of each named cell, shape like `names`; each distinct name is looked up once.

    Raises
    ------
    ForecastFileError
        If a name is not a cell's.
    """
    coded = names.dictionary_encode().combine_chunks()
    code = coded.indices.to_numpy()
    wanted = coded.dictionary.to_numpy(zero_copy_only=False).astype(str)
    if np.array_equal(wanted, cells.cell_id):
        return np.asarray(code, dtype=np.int64)
    order = np.argsort(cells.cell_id)
    ordered = cells.cell_id[order]
    at = np.minimum(np.searchsorted(ordered, wanted), len(ordered) - 1)
    unknown = (ordered[at] != wanted)[code]
    if bool(unknown.any()):
        elsewhere = sorted(set(wanted[code[unknown]]))
        raise ForecastFileError(
            "Every cell of a forecast must be one of the study's cells.",
            found=phrase(
                "{unknown} rows elsewhere, as {elsewhere}",
                unknown=int(unknown.sum()),
                elsewhere=", ".join(shown(name, 40) for name in elsewhere[:5]),
            ),
            where=path.name,
        )
    index: Ints = order[at][code]
    return index
