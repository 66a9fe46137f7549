"""The study area: a polygon file, the outline of zones, or the footprint of past incidents."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import shapely
from pyproj import CRS, Transformer
from pyproj.exceptions import CRSError
from scipy import ndimage

from veedor.arrays import Bools, Floats, Geometries, Ints
from veedor.errors import DataError, UnreadableError, phrase
from veedor.incidents.model import require_metres
from veedor.spacetime.lattices import SquareLattice
from veedor.tables.escape import shown
from veedor.tables.whole import json_document

#: Incidents looked at at a time.
_CHUNK = 1_000_000


@dataclass(frozen=True)
class StudyArea:
    """The ground a study covers.

    Parameters
    ----------
    polygon : shapely Polygon or MultiPolygon
        In metres of `crs`.
    crs : str
        Projected coordinate reference system in metres.
    source : str
        In words, where the outline comes from.
    """

    polygon: Any
    crs: str
    source: str

    def __post_init__(self) -> None:
        require_metres(self.crs)
        if self.polygon.is_empty or self.polygon.area <= 0.0:
            raise DataError(
                "A study area must have an area.",
                found=phrase("an empty outline"),
                where=self.source,
                remedy="name a file with polygons, or more incidents for a footprint",
            )

    @classmethod
    def outline(cls, path: Path, crs: str, *, of_zones: bool = False) -> StudyArea:
        """Union of all the polygons of a GeoJSON file, of the area or of its zones."""
        source = (
            phrase("outline of the zones {file}", file=path.name)
            if of_zones
            else phrase("outline of the area file {file}", file=path.name)
        )
        polygons, _ = read_polygons(path, crs)
        return cls(polygonal(shapely.union_all(polygons)), crs, source)


def read_polygons(path: Path, crs: str) -> tuple[Geometries, list[dict[str, Any]]]:
    """Read the polygons of a GeoJSON file (plain or .gz), projected to `crs`.

    Parameters
    ----------
    path : Path
        GeoJSON is WGS84 unless it has the older "crs" member.
    crs : str

    Returns
    -------
    polygons : object array, shape (n,)
        Valid polygons and multipolygons, in metres.
    properties : list of dict, length n

    Raises
    ------
    UnreadableError
        If the file is not GeoJSON, or holds a feature that is not a polygon.
    """
    polygons, properties, named = read_outlines(path)
    to_metres = Transformer.from_crs(named, crs, always_xy=True)
    projected = shapely.transform(
        polygons, lambda xy: np.column_stack(to_metres.transform(xy[:, 0], xy[:, 1]))
    )
    if not bool(np.all(np.isfinite(shapely.bounds(projected)))):
        raise UnreadableError(
            "The polygons must lie where the study's crs is defined.",
            found=phrase("coordinates that {crs} cannot hold", crs=crs),
            where=path.name,
            remedy="check the crs of study.toml and that the file is longitude, latitude",
        )
    return np.array([polygonal(shape) for shape in projected], dtype=object), properties


def read_outlines(path: Path) -> tuple[Geometries, list[dict[str, Any]], CRS]:
    """Read the polygons of a GeoJSON file (plain or .gz) as they stand, valid or not.

    Returns
    -------
    polygons : object array, shape (n,)
        In the coordinates of the file.
    properties : list of dict, length n
    crs : pyproj.CRS
        WGS84, or what the older "crs" member names.

    Raises
    ------
    UnreadableError
        If the file is not GeoJSON, or holds a feature that is not a polygon.
    """
    try:
        shapes, properties, crs = geojson_features(path)
    except BROKEN_GEOJSON as error:
        raise UnreadableError(
            "An area or zones file must be GeoJSON with polygons.",
            found=shown(f"{type(error).__name__}: {error}", 200),
            where=path.name,
            remedy="export it as GeoJSON (EPSG:4326), one polygon a feature",
        ) from error
    polygons = np.array(shapes, dtype=object)
    # An island that is written as a hole outside of its shell is ground all the same.
    wrong = [n for n, one in enumerate(shapes) if one is None or polygonal(one).area <= 0.0]
    if wrong or not shapes:
        raise UnreadableError(
            "Every feature of an area or zones file must be a polygon.",
            found=phrase(
                "{n_wrong} of {n_shapes} features without an area, the first ones at {wrong}",
                n_wrong=len(wrong),
                n_shapes=len(shapes),
                wrong=wrong[:5],
            ),
            where=path.name,
        )
    return polygons, properties, crs


def geojson_features(path: Path) -> tuple[list[Any], list[dict[str, Any]], CRS]:
    """Read the features of a GeoJSON file (plain or .gz): shapes of any kind, None for none.

    Returns
    -------
    shapes : list of shapely geometries or None
    properties : list of dict
    crs : pyproj.CRS
        WGS84, or what the older "crs" member names.

    Raises
    ------
    One of `BROKEN_GEOJSON`
        If the file is not GeoJSON: who reads it says what it had to be.
    UnreadableError
        If it is no plain file, or larger than fits.
    """
    document = json_document(path)
    if not isinstance(document, dict):
        raise TypeError(f"a {type(document).__name__} at the top")
    features = document.get("features", [document])
    given = [feature["geometry"] for feature in features]
    shapes = [None if one is None else shapely.from_geojson(json.dumps(one)) for one in given]
    properties = [dict(feature.get("properties") or {}) for feature in features]
    named = ((document.get("crs") or {}).get("properties") or {}).get("name", "EPSG:4326")
    return shapes, properties, CRS.from_user_input(named)


#: What `geojson_features` raises where a file is not GeoJSON.
BROKEN_GEOJSON = (
    OSError,
    ValueError,
    KeyError,
    TypeError,
    AttributeError,
    RecursionError,
    CRSError,
    shapely.GEOSException,
)


def footprint(
    x_m: Floats, y_m: Floats, size_m: float, crs: str, *, among: Bools | None = None
) -> StudyArea:
    """Squares where incidents were recorded, with the gaps between them closed.

    Parameters
    ----------
    x_m, y_m : array, shape (n,)
        Places of incidents; those without one (NaN) are passed over. Give only incidents from
        before the first forecast: the footprint must not know what came after.
    size_m : float
        Side of the squares.
    crs : str
    among : array of bool, shape (n,), optional
        Which of them to look at; all where not given.

    Notes
    -----
    Morphological closing with a 3 x 3 block: a square between recorded squares is ground where
    an incident may be recorded too.
    """
    lattice = SquareLattice(size_m)
    squares = [np.empty((0, 2), dtype=np.int64)]
    for first in range(0, len(x_m), _CHUNK):
        rows = slice(first, first + _CHUNK)
        x, y = x_m[rows], y_m[rows]
        here = np.isfinite(x) & np.isfinite(y)
        here &= True if among is None else among[rows]
        squares.append(_different(*lattice.address(x[here], y[here])))
    i, j = np.concatenate(squares).T
    source = phrase("footprint of the incidents recorded before the first forecast")
    if len(i) == 0:
        return StudyArea(shapely.Polygon(), crs, source)
    west, south = int(i.min()) - 2, int(j.min()) - 2
    shape = (int(j.max()) - south + 3, int(i.max()) - west + 3)
    if shape[0] * shape[1] > 50_000_000:
        raise DataError(
            "The incidents must lie close enough together for a footprint.",
            found=phrase(
                "an extent of {shape:.0f} x {shape_2:.0f} km",
                shape=shape[1] * size_m / 1000.0,
                shape_2=shape[0] * size_m / 1000.0,
            ),
            remedy="name an area file in study.toml, or check the places of the incidents",
        )
    seen = np.zeros(shape, dtype=bool)
    seen[j - south, i - west] = True
    closed = ndimage.binary_closing(seen, structure=np.ones((3, 3), dtype=bool)) | seen
    row, columns = np.nonzero(closed)
    tiles = lattice.tiles(columns + west, row + south)
    return StudyArea(polygonal(shapely.union_all(tiles)), crs, source)


def _different(i: Ints, j: Ints) -> Ints:
    """Different squares of some, shape (different, 2)."""
    if len(i) == 0:
        return np.empty((0, 2), dtype=np.int64)
    low, high = int(j.min()), int(j.max())
    one = np.sort(i * (high - low + 1) + (j - low))
    one = one[np.append(True, one[1:] != one[:-1])]
    return np.column_stack((one // (high - low + 1), one % (high - low + 1) + low))


def polygonal(shape: Any) -> Any:
    """Return the valid polygon or multipolygon part of a geometry; a valid one as it is."""
    if not shape.is_valid:
        shape = shapely.make_valid(shape)
    if shape.geom_type in ("Polygon", "MultiPolygon"):
        return shape
    parts = shapely.get_parts(shape)
    return shapely.union_all(parts[shapely.get_dimensions(parts) == 2])
