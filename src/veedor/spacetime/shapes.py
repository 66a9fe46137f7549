"""Lines and polygons of anyone's file, in degrees: streets, and what is drawn below a map."""

from __future__ import annotations

import contextlib
import sqlite3
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import shapely
from pyproj import CRS, Transformer
from pyproj.exceptions import CRSError

from veedor.errors import UnreadableError, phrase
from veedor.files.replacing import require_readable
from veedor.spacetime.areas import BROKEN_GEOJSON, geojson_features
from veedor.tables.escape import shown

_LONLAT = CRS.from_epsg(4326)
_MOST_BYTES = 1 << 30
_MOST_FEATURES = 1_000_000
_MOST_POINTS = 20_000_000
#: Ending -> how such a file begins. GDAL goes by the content, and would follow a file that names
#: others or a place on the internet: it is only given what it cannot take for such.
_BEGINNINGS = {
    ".gpkg": b"SQLite format 3\x00",
    ".shp": b"\x00\x00\x27\x0a",
    ".fgb": b"fgb\x03",
}
_GEOJSON = (".geojson", ".json", ".geojson.gz", ".json.gz")
FORMATS = ".gpkg, .geojson, .shp, .fgb"


@dataclass(frozen=True, eq=False)
class Shapes:
    """What a file of lines or polygons holds.

    Parameters
    ----------
    shapes : object array, shape (n,)
        Lines, polygons, or many of either, in WGS84 longitude and latitude.
    properties : dict of str to list, each of length n
        Columns of the file, by name.
    """

    shapes: npt.NDArray[Any]
    properties: dict[str, list[Any]]


def read_shapes(path: Path) -> Shapes:
    """Read the lines and polygons of a GeoPackage, GeoJSON, Shapefile or FlatGeobuf.

    Points, and features without a shape, are passed over.

    Parameters
    ----------
    path : Path
        Its ending says what it is.

    Raises
    ------
    UnreadableError
        If it is of another kind, broken, too large, says no coordinate reference system, or holds
        no line and no polygon.
    """
    try:
        require_readable(path, phrase("A file of lines or polygons"))
    except OSError as error:
        raise UnreadableError(
            "A file that a study names must be there.", found="none", where=shown(path.name, 100)
        ) from error
    ending = next((one for one in (*_BEGINNINGS, *_GEOJSON) if path.name.lower().endswith(one)), "")
    if ending in _GEOJSON:
        shapes, properties, crs = _of_geojson(path)
    else:
        _require_kind(path, ending)
        shapes, properties, crs = _of_gdal(path, ending)
    drawn = np.isin(shapely.get_dimensions(shapes), (1, 2)) & ~shapely.is_empty(shapes)
    points = int(shapely.get_num_coordinates(shapes).sum())
    if not drawn.any() or points > _MOST_POINTS:
        raise UnreadableError(
            phrase(
                "A file of lines or polygons must hold one, and at most {most:,} corners.",
                most=_MOST_POINTS,
            ),
            found=phrase("{n} features, none of them a line or a polygon", n=len(shapes))
            if not drawn.any()
            else phrase("{points:,}", points=points),
            where=shown(path.name, 100),
            remedy="export streets or outlines, simplified, as a layer of their own",
        )
    kept = np.flatnonzero(drawn)
    return Shapes(
        _in_degrees(shapely.force_2d(shapes[kept]), crs, path),
        {name: [column[at] for at in kept.tolist()] for name, column in properties.items()},
    )


Read = tuple[npt.NDArray[Any], dict[str, list[Any]], CRS]


def _of_geojson(path: Path) -> Read:
    try:
        given, rows, crs = geojson_features(path)
    except BROKEN_GEOJSON as error:
        raise _broken(path, f"{type(error).__name__}: {error}") from error
    shapes = np.empty(len(given), dtype=object)
    shapes[:] = given
    names = list(dict.fromkeys(name for row in rows for name in row))
    return shapes, {name: [row.get(name) for row in rows] for name in names}, crs


def _require_kind(path: Path, ending: str) -> None:
    """Refuse what does not begin as a file with this ending does."""
    if path.stat().st_size > _MOST_BYTES:
        raise UnreadableError(
            phrase("A file must hold at most {most} MiB.", most=_MOST_BYTES >> 20),
            found=phrase("{size} MiB", size=path.stat().st_size >> 20),
            where=shown(path.name, 100),
            remedy="cut it to the study area",
        )
    beginning = _BEGINNINGS.get(ending)
    with path.open("rb") as stream:
        if beginning is None or stream.read(len(beginning)) != beginning:
            raise UnreadableError(
                "A file of lines or polygons must be of a kind that veedor reads, named by its "
                "ending.",
                found=phrase("another, or one that is broken"),
                where=shown(path.name, 100),
                remedy=phrase("export it as one of {formats}", formats=FORMATS),
            )


def _of_gdal(path: Path, ending: str) -> Read:
    import pyogrio.errors  # GDAL takes its time to load
    import pyogrio.raw

    try:
        layer = _layer(path) if ending == ".gpkg" else None
        about = pyogrio.read_info(path, layer=layer, force_feature_count=True)
        if about["features"] > _MOST_FEATURES:
            raise UnreadableError(
                phrase("A file must hold at most {most:,} features.", most=_MOST_FEATURES),
                found=phrase("{n:,}", n=about["features"]),
                where=shown(path.name, 100),
                remedy="cut it to the study area",
            )
        meta, _, outlines, fields = pyogrio.raw.read(path, layer=layer)
        shapes = shapely.from_wkb(outlines)
        crs = CRS.from_user_input(meta["crs"])
    except (
        *(pyogrio.errors.DataSourceError, pyogrio.errors.DataLayerError),
        *(pyogrio.errors.GeometryError, pyogrio.errors.FeatureError),
        *(sqlite3.Error, shapely.GEOSException, CRSError, ValueError, TypeError, IndexError),
    ) as error:
        raise _broken(path, f"{type(error).__name__}: {error}") from error
    names = meta["fields"].tolist()
    return shapes, {str(n): one.tolist() for n, one in zip(names, fields, strict=True)}, crs


def _layer(path: Path) -> str:
    """Return the one layer of a GeoPackage with shapes; a view is none, for it may have no end."""
    with contextlib.closing(sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True)) as db:
        found = db.execute(
            "SELECT table_name FROM gpkg_contents WHERE data_type = 'features' AND "
            "lower(table_name) IN (SELECT lower(name) FROM sqlite_master WHERE type = 'table') "
            "ORDER BY table_name"
        ).fetchall()
    if len(found) != 1:
        raise UnreadableError(
            "A GeoPackage must have one layer with shapes, so that it is sure which is meant.",
            found=", ".join(shown(str(name)) for (name,) in found[:10]) or "none",
            where=shown(path.name, 100),
            remedy="export the one that is meant into a file of its own",
        )
    return str(found[0][0])


def _in_degrees(shapes: npt.NDArray[Any], crs: CRS, path: Path) -> npt.NDArray[Any]:
    if not crs.equals(_LONLAT, ignore_axis_order=True):
        there = Transformer.from_crs(crs, _LONLAT, always_xy=True)
        shapes = shapely.transform(
            shapes, lambda xy: np.column_stack(there.transform(xy[:, 0], xy[:, 1]))
        )
    west, south, east, north = shapely.total_bounds(shapes)
    if not (-180 <= west <= east <= 180 and -90 <= south <= north <= 90):
        raise UnreadableError(
            "Lines and polygons must lie where their coordinate reference system is defined.",
            found=phrase("coordinates beyond the world"),
            where=shown(path.name, 100),
            remedy="check which coordinate reference system the file states",
        )
    return shapes


def _broken(path: Path, why: str) -> UnreadableError:
    return UnreadableError(
        "A file of lines or polygons must be whole, and say its coordinate reference system.",
        found=shown(why, 200),
        where=shown(path.name, 100),
        remedy=phrase("export it anew as one of {formats}", formats=FORMATS),
    )
