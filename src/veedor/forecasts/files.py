"""A forecast as files that anyone can read: Parquet rows and a GeoJSON of the cells."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import shapely

from veedor.errors import ForecastFileError
from veedor.files import replacing
from veedor.forecasts.distributions import CountDistribution
from veedor.forecasts.forecast import Forecast
from veedor.spacetime import Cells, Periods

_MANY_ROWS = 100_000
_COLUMNS = ("category", "start", "end", "cell_id", "mean", "dispersion")


def write_forecast(forecast: Forecast, path: Path) -> None:
    """Write a forecast as Parquet, a row per (category, period, cell).

    Columns are ``category, start, end`` (UTC), ``cell_id, mean, dispersion``; who made it, from
    which data and when stands in the file's metadata under ``veedor``. A crash leaves the old
    file.
    """
    periods, cells = forecast.distribution.shape
    dictionary = pa.array(forecast.cells.cell_id.tolist())
    utc = pa.timestamp("us", tz="UTC")
    table = pa.table(
        {
            "category": pa.DictionaryArray.from_arrays(
                np.zeros(periods * cells, dtype=np.int32), pa.array([forecast.category])
            ),
            "start": pa.array(np.repeat(forecast.periods.start, cells)).cast(utc),
            "end": pa.array(np.repeat(forecast.periods.end, cells)).cast(utc),
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
    table = table.replace_schema_metadata({"veedor": json.dumps(head, sort_keys=True)})
    with replacing(path) as partial:
        pq.write_table(table, partial, compression="zstd")


def read_forecast(path: Path, cells: Cells) -> Forecast:
    """Read a forecast that `write_forecast`, or anyone in that format, wrote.

    Parameters
    ----------
    path : Path
    cells : Cells
        The cells it is for; rows may come in any order.

    Raises
    ------
    ForecastFileError
        If a column is missing, a cell is unknown, or a (period, cell) is missing or given twice.
    """
    table, head = _open(path)
    categories = pc.unique(table["category"]).to_pylist()
    if len(categories) != 1:
        raise ForecastFileError(
            "A forecast file must hold one category.", found=f"{categories}", where=path.name
        )
    start = table["start"].to_numpy().astype("datetime64[us]")
    end = table["end"].to_numpy().astype("datetime64[us]")
    edges = np.unique(np.concatenate([start, end]))
    periods = Periods(edges, str(head.get("time_zone", "UTC")))
    row = periods.index_of(start)
    if bool(np.any(periods.end[row] != end)):
        raise ForecastFileError(
            "The periods of a forecast must follow one another without gaps or overlaps.",
            found="periods that do not",
            where=path.name,
        )
    names = table["cell_id"].cast(pa.string()).to_numpy(zero_copy_only=False)
    column = columns_of(names, cells, path)
    order = order_of_slots(row, column, (len(periods), len(cells)), path)
    shape = (len(periods), len(cells))
    return Forecast(
        distribution=CountDistribution(
            table["mean"].to_numpy()[order].reshape(shape),
            table["dispersion"].to_numpy()[order].reshape(shape),
        ),
        cells=cells,
        periods=periods,
        category=categories[0],
        forecaster=str(head.get("forecaster", path.stem)),
        version=str(head.get("version", "")),
        parameters=head.get("parameters", {}),
        data_cutoff=np.datetime64(head.get("data_cutoff", edges[0]), "us"),
        issued_at=np.datetime64(head.get("issued_at", edges[0]), "us"),
        total_dispersion=head.get("total_dispersion"),
    )


def write_cells(cells: Cells, path: Path) -> None:
    """Write the cells as GeoJSON (WGS84), with ``cell_id`` and ``area_km2``."""
    features = [
        {
            "type": "Feature",
            "id": str(cell_id),
            "properties": {"cell_id": str(cell_id), "area_km2": round(float(area), 6)},
            "geometry": json.loads(outline),
        }
        for cell_id, area, outline in zip(
            cells.cell_id,
            cells.area_km2,
            shapely.to_geojson(shapely.set_precision(cells.lonlat_polygons(), 1e-7)),
            strict=True,
        )
    ]
    with replacing(path) as partial:
        partial.write_text(
            json.dumps({"type": "FeatureCollection", "features": features}), encoding="utf-8"
        )


def _open(path: Path) -> tuple[pa.Table, dict[str, Any]]:
    try:
        # A small file takes read_table and its threads three times as long.
        with pq.ParquetFile(path, pre_buffer=False) as file:
            table = file.read(use_threads=file.metadata.num_rows > _MANY_ROWS)
    except (OSError, pa.ArrowInvalid) as error:
        raise ForecastFileError(
            "A forecast must be a Parquet file.", found=str(error), where=path.name
        ) from error
    missing = [name for name in _COLUMNS if name not in table.column_names]
    if missing:
        raise ForecastFileError(
            f"A forecast file must have the columns {', '.join(_COLUMNS)}.",
            found=f"no {', '.join(missing)}; it has {', '.join(table.column_names)}",
            where=path.name,
        )
    if table.num_rows == 0:
        raise ForecastFileError("A forecast must have rows.", found="none", where=path.name)
    raw = (table.schema.metadata or {}).get(b"veedor", b"{}")
    return table, json.loads(raw)


def order_of_slots(
    row: npt.NDArray[np.int64],
    column: npt.NDArray[np.int64],
    shape: tuple[int, int],
    path: Path,
) -> npt.NDArray[np.int64]:
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
            found=f"{int((given == 0).sum())} missing and {int((given > 1).sum())} repeated",
            where=path.name,
        )
    return np.argsort(slot, kind="stable")


def columns_of(names: npt.NDArray[Any], cells: Cells, path: Path) -> npt.NDArray[np.int64]:
    """Index of each named cell, shape like `names`.

    Raises
    ------
    ForecastFileError
        If a name is not a cell's.
    """
    order = np.argsort(cells.cell_id)
    ordered = cells.cell_id[order]
    wanted = names.astype(str)
    at = np.minimum(np.searchsorted(ordered, wanted), len(ordered) - 1)
    unknown = ordered[at] != wanted
    if bool(unknown.any()):
        raise ForecastFileError(
            "Every cell of a forecast must be one of the study's cells.",
            found=f"{int(unknown.sum())} rows elsewhere, as {sorted(set(wanted[unknown]))[:5]}",
            where=path.name,
        )
    index: npt.NDArray[np.int64] = order[at]
    return index
