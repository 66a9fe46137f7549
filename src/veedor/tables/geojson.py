"""GeoJSON points, streamed into Parquet: a table like any other, in memory that does not grow."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any, BinaryIO

import ijson
import pyarrow as pa
import pyarrow.parquet
from pyproj import CRS, Transformer
from pyproj.exceptions import ProjError

from veedor.errors import UnreadableError, phrase
from veedor.tables.escape import shown
from veedor.tables.files import InputFile
from veedor.tables.numerals import written
from veedor.tables.other_formats import refuse_other_json

#: Names of the columns that hold the geometry.
LONGITUDE, LATITUDE = "geometry.longitude", "geometry.latitude"
_CRS_PATH = ("crs", "properties", "name")
_ROWS = 50_000
_MOST_COLUMNS = 2_000
#: Of arrays and objects in one another: below it, ijson's names of places in the text stay short.
_DEEPEST = 100


def to_parquet(file: InputFile, folder: Path) -> Path:
    """Write the features of a GeoJSON file, whole or one a line, as a Parquet file in `folder`.

    Properties become text columns; the place of a Point becomes two numbers, of any other geometry
    none. Where the file has the older `crs` member, before its features or after them, places are
    turned into degrees in WGS84.

    Raises
    ------
    UnreadableError
        If the file breaks off, is no GeoJSON, or is in a CRS that is not known.
    """
    target = folder / f"geojson-{sum(1 for _ in folder.iterdir())}.parquet"
    try:
        to_degrees = _to_degrees(_crs_name(file), file)
        names = _property_names(file)
        schema = pa.schema(
            [
                *((name, pa.string()) for name in names),
                (LONGITUDE, pa.float64()),
                (LATITUDE, pa.float64()),
            ]
        )
        with pyarrow.parquet.ParquetWriter(target, schema) as writer:
            for rows in _batches(file):
                if to_degrees is not None:
                    _turn(rows, to_degrees)
                writer.write_batch(pa.RecordBatch.from_pylist(rows, schema=schema))
    except (ijson.JSONError, UnicodeDecodeError, RecursionError, pa.ArrowInvalid) as error:
        raise UnreadableError(
            "A GeoJSON file must be well-formed.",
            found=phrase("text that breaks off or is not JSON"),
            where=file.name,
            remedy="export it again",
        ) from error
    return target


def _crs_name(file: InputFile) -> str | None:
    """Return the name that the `crs` member holds, wherever it stands.

    Nesting so deep that a small file would fill the memory is refused on the way.
    """
    depth = 0
    keys: list[str] = [""]
    name = None
    with file.path.open("rb") as stream:
        stream.seek(_after_mark(stream))
        for event, value in ijson.basic_parse(stream, multiple_values=True, use_float=True):
            if event == "map_key" and depth <= len(_CRS_PATH):
                keys[depth:] = [value]
            elif event == "string" and depth == len(_CRS_PATH) and tuple(keys[1:]) == _CRS_PATH:
                name = name or value
            depth += event in ("start_map", "start_array")
            depth -= event in ("end_map", "end_array")
            del keys[depth + 1 :]
            if depth > _DEEPEST:
                raise UnreadableError(
                    phrase(
                        "A GeoJSON file must nest at most {deepest} arrays and objects.",
                        deepest=_DEEPEST,
                    ),
                    found=phrase("more"),
                    where=file.name,
                )
    return name


def _to_degrees(name: str | None, file: InputFile) -> Transformer | None:
    """Return what turns places into WGS84; None where they are that already."""
    if name is None or name.endswith(("CRS84", ":4326")):
        return None
    try:
        return Transformer.from_crs(CRS.from_user_input(name), "EPSG:4326", always_xy=True)
    except ProjError as error:
        raise UnreadableError(
            "The crs member of a GeoJSON file must name a CRS that is known.",
            found=repr(shown(name)),
            where=file.name,
            remedy="convert the file to EPSG:4326",
        ) from error


def _turn(rows: list[dict[str, Any]], to_degrees: Transformer) -> None:
    placed = [row for row in rows if row[LONGITUDE] is not None]
    lon, lat = to_degrees.transform(
        [row[LONGITUDE] for row in placed], [row[LATITUDE] for row in placed]
    )
    for row, x, y in zip(placed, lon, lat, strict=True):
        row[LONGITUDE], row[LATITUDE] = x, y


def _after_mark(stream: BinaryIO) -> int:
    """Position after the byte order mark, if there is one."""
    return 3 if stream.read(3) == b"\xef\xbb\xbf" else 0


def _property_names(file: InputFile) -> list[str]:
    names: dict[str, None] = {}
    features = 0
    for feature in _features(file):
        features += 1
        names.update(dict.fromkeys(feature["properties"]))
        if len(names) > _MOST_COLUMNS:
            raise UnreadableError(
                phrase(
                    "GeoJSON features must have at most {most_columns} properties.",
                    most_columns=_MOST_COLUMNS,
                ),
                found=phrase("more"),
                where=file.name,
            )
    if features == 0:
        raise UnreadableError(
            "A GeoJSON file must hold features.", found=phrase("none"), where=file.name
        )
    return [name for name in names if name not in (LONGITUDE, LATITUDE)]


def _batches(file: InputFile) -> Iterator[list[dict[str, Any]]]:
    rows: list[dict[str, Any]] = []
    for feature in _features(file):
        row: dict[str, Any] = {name: _text(value) for name, value in feature["properties"].items()}
        row[LONGITUDE], row[LATITUDE] = _point(feature["geometry"])
        rows.append(row)
        if len(rows) == _ROWS:
            yield rows
            rows = []
    if rows:
        yield rows


def _features(file: InputFile) -> Iterator[dict[str, Any]]:
    """Give each feature of a collection, of a stream of features, or of newline-delimited ones."""
    with file.path.open("rb") as stream:
        start = _after_mark(stream)
        stream.seek(start)
        collection = False
        for prefix, event, _ in ijson.parse(stream, multiple_values=True, use_float=True):
            if prefix == "features" and event == "start_array":
                collection = True
                break
            if prefix == "" and event == "end_map":
                break
        stream.seek(start)
        prefix = "features.item" if collection else ""
        for feature in ijson.items(stream, prefix, multiple_values=True, use_float=True):
            if not _is_feature(feature):
                refuse_other_json(feature, file.name)
            yield {
                "properties": feature.get("properties") or {},
                "geometry": feature.get("geometry"),
            }


def _is_feature(found: Any) -> bool:
    """Whether an object has what a feature has; its type is often not said."""
    return (
        isinstance(found, dict)
        and ("properties" in found or found.get("type") == "Feature")
        and isinstance(found.get("properties"), dict | None)
    )


def _text(value: Any) -> str | None:
    if value is None or isinstance(value, dict | list):
        return None
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, str):
        return value.encode("utf-8", errors="replace").decode() or None
    return repr(value) if isinstance(value, int) else written(float(value))


def _point(geometry: Any) -> tuple[float | None, float | None]:
    if not isinstance(geometry, dict):
        return None, None
    place = geometry.get("coordinates")
    if geometry.get("type") == "MultiPoint" and isinstance(place, list) and len(place) == 1:
        place = place[0]  # some tools write every point so
    elif geometry.get("type") != "Point":
        return None, None
    if not isinstance(place, list) or len(place) < 2:
        return None, None
    x, y = place[:2]
    if not all(isinstance(value, int | float) and not isinstance(value, bool) for value in (x, y)):
        return None, None
    return float(x), float(y)
