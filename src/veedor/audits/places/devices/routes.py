"""Routes, as GeoJSON or GPX has them, and what of them is in view. A route is no person."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import numpy as np
import shapely
from pyproj import CRS, Transformer

from veedor.arrays import Floats, Geometries, Ints
from veedor.audits.places.devices.views import LONGEST_SIDE
from veedor.errors import DataError, PersonalDataRefusal, UnreadableError, phrase
from veedor.spacetime.areas import BROKEN_GEOJSON, geojson_features
from veedor.tables.escape import shown
from veedor.tables.personal import refuse_personal_places
from veedor.tables.whole import whole

MOST_ROUTES = 500
_MOST_BYTES = 64 << 20
#: Properties of GeoJSON, and elements of GPX, that only a track of somebody has.
_TRACKED = frozenset(
    {"coordtimes", "times", "time", "timestamps", "timestamp", "coordinateproperties",
     "heartrates", "hr", "speed", "course", "cad"}
)  # fmt: skip


@dataclass(frozen=True, eq=False)
class Routes:
    """Ways through a place.

    Parameters
    ----------
    name : tuple of str
        Unique.
    lines : object array of LineString or MultiLineString
        In WGS84 longitude and latitude.
    source : str
        Name of the file.
    """

    name: tuple[str, ...]
    lines: Geometries
    source: str

    def __len__(self) -> int:
        return len(self.name)


@dataclass(frozen=True, eq=False)
class RouteViews:
    """What of some routes is in view.

    Parameters
    ----------
    length_m, once_m, twice_m : array, shape (r,)
        Of each route; in view of one device or more; of two or more.
    devices : array, shape (r,)
        That have some of it in view.
    """

    length_m: Floats
    once_m: Floats
    twice_m: Floats
    devices: Floats


def read_routes(path: Path) -> Routes:
    """Read routes.

    Parameters
    ----------
    path : Path
        GeoJSON of lines, plain or .gz, with a property ``name`` or none; or GPX.

    Raises
    ------
    UnreadableError, DataError
        If it is neither, or holds no line.
    PersonalDataRefusal
        If it is the track of somebody: it says when a point was passed, or how fast.
    """
    names, lines, source = _gpx(path) if _is_gpx(path) else _geojson(path)
    if not lines:
        raise DataError("A file of routes must hold a line.", found=phrase("none"), where=path.name)
    if len(lines) > MOST_ROUTES:
        raise DataError(
            phrase("There must be at most {most} routes.", most=MOST_ROUTES),
            found=str(len(lines)),
            where=path.name,
        )
    to_degrees = Transformer.from_crs(source, "EPSG:4326", always_xy=True)
    moved = shapely.transform(
        np.array(lines, dtype=object),
        lambda xy: np.column_stack(to_degrees.transform(xy[:, 0], xy[:, 1])),
    )
    told = [name for name in names if name]
    refuse_personal_places(told, what=phrase("a route's name"), where=shown(path.name))
    return Routes(_named(names), moved, shown(path.name, 100))


def routes_in_view(routes: Routes, views: Geometries, counts: Floats, crs: str) -> RouteViews:
    """Metres of each route that are in view, and of how many devices.

    Parameters
    ----------
    routes : Routes
    views : object array of polygons, shape (k,)
        In metres of `crs`.
    counts : array, shape (k,)
        Devices that each view is of.
    crs : str

    Notes
    -----
    A way that is gone twice counts twice: sides are held against the ground one by one.
    """
    to_metres = Transformer.from_crs("EPSG:4326", crs, always_xy=True)
    lines = shapely.transform(
        shapely.segmentize(routes.lines, LONGEST_SIDE),
        lambda xy: np.column_stack(to_metres.transform(xy[:, 0], xy[:, 1])),
    )
    n = len(routes)
    sides, of = _sides(lines)
    there = np.flatnonzero((counts > 0.0) & ~shapely.is_empty(views))
    side, view = shapely.STRtree(views[there]).query(sides, predicate="intersects")
    view = there[view]
    pieces = shapely.intersection(sides[side], views[view])
    metres = _by_depth(sides, side, pieces, counts[view])
    once, twice = (_sums(of, one, n) for one in metres)
    met = np.unique(np.column_stack([of[side], view]), axis=0)
    return RouteViews(
        _sums(of, shapely.length(sides), n), once, twice, _sums(met[:, 0], counts[met[:, 1]], n)
    )


def _sums(of: Ints, weights: Floats, n: int) -> Floats:
    return np.bincount(of, weights=weights, minlength=n).astype(np.float64)


def _by_depth(
    sides: Geometries, side: Ints, pieces: Geometries, counts: Floats
) -> tuple[Floats, Floats]:
    """Metres of each side that one device or more sees, and two or more, shape (s,) each.

    Along a side each piece begins and ends somewhere: devices are counted from one such place to
    the next.
    """
    parts, piece = shapely.get_parts(pieces, return_index=True)
    lines = shapely.get_type_id(parts) == shapely.GeometryType.LINESTRING
    parts, piece = parts[lines], piece[lines]
    of, weight = side[piece], counts[piece]
    start = shapely.get_point(sides[of], 0)
    ends = np.sort(
        [shapely.distance(start, shapely.get_point(parts, at)) for at in (0, -1)], axis=0
    )
    at, held = np.concatenate(ends), np.concatenate([of, of])
    change = np.concatenate([weight, -weight])
    order = np.lexsort((at, held))
    at, held = at[order], held[order]
    depth = np.cumsum(change[order])
    gap = np.where(held[1:] == held[:-1], np.diff(at), 0.0)
    once, twice = (
        _sums(held[:-1], np.where(depth[:-1] >= least, gap, 0.0), len(sides))
        for least in (1.0, 2.0)
    )
    return once, twice


def _sides(lines: Geometries) -> tuple[Geometries, Ints]:
    """Every side of some lines, and which line it is of."""
    parts, of_line = shapely.get_parts(lines, return_index=True)
    points, of_part = shapely.get_coordinates(parts, return_index=True)
    follows = of_part[1:] == of_part[:-1]
    ends = np.stack([points[:-1][follows], points[1:][follows]], axis=1)
    return shapely.linestrings(ends), of_line[of_part[:-1][follows]]


def _named(names: Sequence[str]) -> tuple[str, ...]:
    """Give every route a name of its own: what has none is called by its number."""
    made: list[str] = []
    for number, name in enumerate(names, start=1):
        told = shown(name, 60) or str(number)
        while told in made:
            told = f"{told} ({number})"
        made.append(told)
    return tuple(made)


def _is_gpx(path: Path) -> bool:
    return path.name.lower().endswith((".gpx", ".gpx.gz"))


def _refuse_track(path: Path, found: str) -> None:
    raise PersonalDataRefusal(
        "A route is a place, not the track of a person.",
        found=phrase("{what}: when or how somebody passed", what=shown(found)),
        where=path.name,
        remedy="draw the way itself, without times, as a line",
    )


def _geojson(path: Path) -> tuple[list[str], list[Any], CRS]:
    try:
        shapes, properties, crs = geojson_features(path)
    except BROKEN_GEOJSON as error:
        raise UnreadableError(
            "A file of routes must be GeoJSON of lines, or GPX.",
            found=shown(f"{type(error).__name__}: {error}", 200),
            where=path.name,
            remedy="export it as GeoJSON (EPSG:4326), one line a feature",
        ) from error
    for row in properties:
        for name in row:
            if str(name).casefold() in _TRACKED:
                _refuse_track(path, str(name))
    wrong = [
        place
        for place, one in enumerate(shapes)
        if one is None or one.is_empty or one.geom_type not in ("LineString", "MultiLineString")
    ]
    if wrong:
        raise DataError(
            "Every feature of a file of routes must be a line.",
            found=phrase("{n} that are none", n=len(wrong)),
            where=phrase(
                "{file}, features {places}",
                file=path.name,
                places=", ".join(str(place + 1) for place in wrong[:5]),
            ),
        )
    return [str(row.get("name") or "").strip() for row in properties], shapes, crs


def _gpx(path: Path) -> tuple[list[str], list[Any], CRS]:
    data = whole(path, _MOST_BYTES)
    # Without a DTD no entity can be defined, and nothing outside of the file is read.
    if b"<!DOCTYPE" in data or b"<!ENTITY" in data:
        raise UnreadableError(
            "A GPX file must define no entities.", found=phrase("a DTD"), where=path.name
        )
    try:
        root = ET.fromstring(data)  # noqa: S314 - there is no DTD in it
    except ET.ParseError as error:
        raise UnreadableError(
            "A GPX file must be well-formed.",
            found=shown(str(error), 200),
            where=path.name,
            remedy="export it again",
        ) from error
    names: list[str] = []
    lines: list[Any] = []
    for way in _of(root, "rte", "trk"):
        parts = []
        for leg in [way] if _tag(way) == "rte" else _of(way, "trkseg"):
            points = [_point(one, path) for one in _of(leg, "rtept", "trkpt")]
            if len(points) > 1:
                parts.append(points)
        if parts:
            lines.append(shapely.multilinestrings([shapely.linestrings(p) for p in parts]))
            name = next((one.text for one in _of(way, "name")), None)
            names.append((name or "").strip())
    return names, lines, CRS("EPSG:4326")


def _point(point: ET.Element, path: Path) -> tuple[float, float]:
    for inside in point.iter():
        if _tag(inside).casefold() in _TRACKED:
            _refuse_track(path, _tag(inside))
    try:
        lon, lat = float(point.get("lon", "")), float(point.get("lat", ""))
    except ValueError:
        lon = lat = float("nan")
    if not (abs(lon) <= 180.0 and abs(lat) <= 90.0):
        raise DataError(
            "Points of a route must have a longitude and a latitude.",
            found=shown(f"{point.get('lon')}, {point.get('lat')}"),
            where=path.name,
        )
    return lon, lat


def _of(parent: ET.Element, *names: str) -> Iterator[ET.Element]:
    """Children of a name, in any namespace."""
    return (child for child in parent if _tag(child) in names)


def _tag(element: ET.Element) -> str:
    return element.tag.rpartition("}")[2]
