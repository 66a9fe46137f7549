"""GeoJSON, GeoPackage, GeoParquet and CSV, each as its own specification has it."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv
import pyarrow.parquet as pq
import shapely

from veedor.errors import DataError, StudyError, phrase
from veedor.exporting.places import Places
from veedor.exporting.styles import add_styles
from veedor.files.replacing import replacing
from veedor.tables.escape import csv_field

_ROWS = 50_000
_LAYER = "places"
#: GDAL's flag for a time in UTC.
_UTC = 100


def write_places(places: Places, path: Path) -> None:
    """Write rows about places in the format that the file's ending names.

    ``.geojson`` (RFC 7946), ``.gpkg`` (OGC GeoPackage, by GDAL), ``.parquet`` (GeoParquet 1.1) or
    ``.csv`` (outlines as WKT in the column ``WKT``, times as ISO 8601 in UTC). Outlines are in
    WGS84 longitude and latitude. A crash leaves the old file.

    Raises
    ------
    StudyError
        If the ending is another.
    """
    write = FORMATS.get(path.suffix.lower())
    if write is None:
        raise StudyError(
            "An export must have a format that veedor writes.",
            found=path.name,
            remedy=phrase("name it with one of {formats}", formats=", ".join(FORMATS)),
        )
    with replacing(path) as partial:
        write(places, partial)


def _geojson(places: Places, path: Path) -> None:
    """Write a FeatureCollection, feature by feature."""
    outlines = [json.loads(text) for text in shapely.to_geojson(places.outlines)]
    with path.open("w", encoding="utf-8") as file:
        file.write('{"type": "FeatureCollection", "features": [')
        for at, row in enumerate(_rows(places.table)):
            place = int(places.place[at])
            feature = {
                "type": "Feature",
                "properties": row,
                "geometry": outlines[place] if place >= 0 else None,
            }
            file.write((",\n" if at else "\n") + json.dumps(feature, allow_nan=False))
        file.write("\n]}\n")


def _geopackage(places: Places, path: Path) -> None:
    """Write one layer, ``places``, and its styles, one of which it opens with."""
    import pyogrio.raw  # GDAL takes its time to load

    table = places.table
    times = [column.name for column in table.schema if pa.types.is_timestamp(column.type)]
    fields = [_field(table[name]) for name in table.column_names]
    located = bool(np.any(places.place >= 0))
    made = path.with_suffix(".gpkg")  # GDAL wants the ending, and makes the file itself
    try:
        pyogrio.raw.write(
            str(made),
            geometry=_wkb(places) if located else None,
            field_data=[values for values, _ in fields],
            fields=np.array(table.column_names, dtype=object),
            field_mask=[mask for _, mask in fields],
            layer=_LAYER,
            driver="GPKG",
            geometry_type="MultiPolygon" if located else None,
            crs="EPSG:4326" if located else None,
            promote_to_multi=located,
            gdal_tz_offsets=dict.fromkeys(times, np.full(table.num_rows, _UTC)),
        )
        if located:
            add_styles(made, _LAYER, "geom", table)
        made.replace(path)
    finally:
        for left in (
            made,
            made.with_name(made.name + "-journal"),
            made.with_name(made.name + "-wal"),
        ):
            left.unlink(missing_ok=True)


def _geoparquet(places: Places, path: Path) -> None:
    """Write GeoParquet 1.1: WKB, longitude first (OGC:CRS84, its default)."""
    table = places.table
    if len(places.outlines):
        box = [round(float(edge), 9) for edge in shapely.total_bounds(places.outlines)]
        about = {
            "version": "1.1.0",
            "primary_column": "geometry",
            "columns": {
                "geometry": {
                    "encoding": "WKB",
                    "geometry_types": sorted({one.geom_type for one in places.outlines}),
                    "bbox": box,
                    "orientation": "counterclockwise",
                }
            },
        }
        table = table.append_column("geometry", pa.array(_wkb(places), pa.binary()))
        table = table.replace_schema_metadata({"geo": json.dumps(about)})
    pq.write_table(table, path, compression="zstd")


def _csv(places: Places, path: Path) -> None:
    table = _plain(places.table)
    columns = {
        csv_field(name): pa.array([None if text is None else csv_field(text) for text in column])
        if pa.types.is_string(table[name].type)
        else table[name]
        for name in table.column_names
        for column in [table[name].to_pylist() if pa.types.is_string(table[name].type) else []]
    }
    if len(places.outlines):
        outlines = pa.array(shapely.to_wkt(places.outlines, rounding_precision=7))
        columns["WKT"] = outlines.take(_index(places))
    pyarrow.csv.write_csv(pa.table(columns), path)


#: Ending -> what writes it.
FORMATS: dict[str, Callable[[Places, Path], None]] = {
    ".geojson": _geojson,
    ".gpkg": _geopackage,
    ".parquet": _geoparquet,
    ".csv": _csv,
}


def _rows(table: pa.Table) -> Iterator[dict[str, Any]]:
    """Give each row as JSON can hold it: times as ISO 8601 in UTC, what is not finite as null."""
    for batch in _plain(table).to_batches(_ROWS):
        for row in batch.to_pylist():
            yield {
                name: None if isinstance(value, float) and not np.isfinite(value) else value
                for name, value in row.items()
            }


def _plain(table: pa.Table) -> pa.Table:
    """Write times as texts, and leave the rest."""
    for at, column in enumerate(table.schema):
        if pa.types.is_timestamp(column.type):
            texts = pa.array([_iso(one) for one in table[column.name].to_pylist()], pa.string())
            table = table.set_column(at, column.name, texts)
        elif pa.types.is_dictionary(column.type):
            table = table.set_column(at, column.name, pc.cast(table[column.name], pa.string()))
    return table


def _iso(instant: datetime | None) -> str | None:
    if instant is None:
        return None
    known = instant.replace(tzinfo=UTC) if instant.tzinfo is None else instant.astimezone(UTC)
    return known.isoformat().replace("+00:00", "Z")


def _index(places: Places) -> pa.Array:
    return pa.array(places.place, mask=places.place < 0)


def _wkb(places: Places) -> npt.NDArray[np.object_]:
    """Return the outline of each row, None where it has none."""
    outlines = np.empty(len(places.outlines) + 1, dtype=object)
    outlines[:-1] = shapely.to_wkb(places.outlines)
    rows: npt.NDArray[np.object_] = outlines[places.place]
    return rows


def _field(column: pa.ChunkedArray) -> tuple[npt.NDArray[Any], npt.NDArray[np.bool_]]:
    """Return the values of a column as GDAL takes them, and which of them are missing."""
    mask = pc.is_null(column, nan_is_null=True).to_numpy()
    kind = column.type
    if pa.types.is_timestamp(kind):
        return column.to_numpy().astype("datetime64[ms]"), mask
    if pa.types.is_dictionary(kind) or pa.types.is_string(kind) or pa.types.is_null(kind):
        return np.array(column.to_pylist(), dtype=object), mask
    if pa.types.is_boolean(kind) or pa.types.is_integer(kind) or pa.types.is_floating(kind):
        filled = pc.fill_null(column, pa.scalar(0).cast(kind))
        return filled.to_numpy(), mask
    if pa.types.is_date(kind):
        return np.array([str(one) for one in column.to_pylist()], dtype=object), mask
    raise DataError("A column must hold texts, numbers or times.", found=str(kind))
