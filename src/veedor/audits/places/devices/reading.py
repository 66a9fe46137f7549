"""Devices from a table of ours, or from the surveillance tags of OpenStreetMap."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

import msgspec
import numpy as np
import shapely
from pyproj import CRS

from veedor.arrays import Bools, Floats, Geometries, Ints, Texts
from veedor.audits.places.devices.drawn import Drawn, drawn_in
from veedor.audits.places.devices.model import ROUND, Assumed, Devices, DevicesRead, Looks
from veedor.audits.places.devices.osm import is_osm, read_tags
from veedor.errors import ConflictingRowsError, DataError, UnreadableError, phrase
from veedor.spacetime.areas import BROKEN_GEOJSON, geojson_features
from veedor.tables.escape import shown
from veedor.tables.geojson import LATITUDE, LONGITUDE
from veedor.tables.rows import Rows, read_table

_KIND = "device"
#: Least and most of a column, and the column that holds both.
_RANGES = ("range_low_m", "range_high_m", "range_m")
_COUNTS = ("least", "most", "count")


class Given(NamedTuple):
    """What a file says of each device; NaN where it does not.

    Parameters
    ----------
    lon, lat : array, shape (n,)
    kind : array of str, shape (n,)
    range_low_m, range_high_m : array, shape (n,)
    looks_of : array of int, shape (s,)
    bearing, angle : array, shape (s,)
        Of each direction; without a bearing, and with an angle of 360, it looks all round.
    count_low, count_high : array, shape (n,)
    drawn : object array of polygons, shape (n,)
        Views that are known as they are; empty where none is.
    """

    lon: Floats
    lat: Floats
    kind: Texts
    range_low_m: Floats
    range_high_m: Floats
    looks_of: Ints
    bearing: Floats
    angle: Floats
    count_low: Floats
    count_high: Floats
    drawn: Geometries


def read_devices(path: Path, assumed: Assumed | None = None, counts: Path | None = None) -> Devices:
    """Read devices that watch.

    Parameters
    ----------
    path : Path
        CSV, Parquet, xlsx or GeoJSON of points with ``lat, lon`` and, where known, ``kind``,
        ``range_m`` (or ``range_low_m, range_high_m``), ``bearing_deg``, ``angle_deg``, and
        ``count`` (or ``least, most``: how many readers counted there). A feature of GeoJSON may be
        a polygon: the known view of its device, which stands at ``lat, lon`` or, without these, at
        a point within it. Or GeoJSON of OpenStreetMap, as it is exported, with
        ``man_made=surveillance``.
    assumed : Assumed, optional
        Of devices whose file does not say it.
    counts : Path, optional
        How many devices readers counted at each place: ``key, least, most``, as ``items.csv`` of
        `veedor.audits.reading` has them; the table of places then has the same ``key``. Places
        that nobody read, or could tell, are set aside and counted.

    Raises
    ------
    UnreadableError, DataError
        If the file is none of these, a number is out of range, or a range is known neither from
        the file nor from what is assumed.
    PersonalDataRefusal
        If it holds personal data.
    """
    assumed = assumed or Assumed({})
    name = path.name.lower()
    if name.endswith((".geojson", ".json", ".geojson.gz", ".json.gz")):
        shapes, properties, crs = _features(path)
        if is_osm(properties):
            if counts is not None:
                raise _no_keys(path.name)
            tags = read_tags(shapes, properties, path.name)
            return _devices(Given(*tags.given), tags.read, assumed)
        drawn = drawn_in(shapes, crs, path.name)
        sheet = read_table(path, ())
        _require_once(path, len(shapes), len(sheet))
    else:
        sheet = read_table(path, ())
        drawn = Drawn.none(len(sheet))
    if counts is None:
        return _devices(*_of_table(sheet, drawn), assumed)
    counted, least, most = _counted(sheet, counts)
    given, read = _of_table(sheet.chosen(counted), drawn.chosen(counted))
    read = msgspec.structs.replace(read, rows=len(sheet), uncounted=int((~counted).sum()))
    return _devices(given._replace(count_low=least, count_high=most), read, assumed)


def _counted(sheet: Rows, path: Path) -> tuple[Bools, Floats, Floats]:
    """Tell which places have counts, and the least and the most of these."""
    if "key" not in sheet:
        raise _no_keys(sheet.name)
    if there := [name for name in _COUNTS if name in sheet]:
        raise DataError(
            "Counts of devices must stand in one file.",
            found=", ".join(there),
            where=sheet.name,
            remedy="leave these columns out where --device-counts are given",
        )
    read = read_table(path, ("key", "least", "most"))
    keys, places = read.text("key"), sheet.text("key")
    for names, where in ((keys, read.name), (places, sheet.name)):
        different, times = np.unique(names, return_counts=True)
        if bool((times > 1).any()):
            raise ConflictingRowsError(
                "Each key must have one row.",
                found=phrase("{key} more than once", key=shown(str(different[times > 1][0]))),
                where=where,
            )
    if len(lost := np.setdiff1d(keys, places)):
        raise DataError(
            "What was counted must be a place of the file of devices.",
            found=phrase("{n} keys that are none, as {key}", n=len(lost), key=shown(str(lost[0]))),
            where=read.name,
        )
    least, most = (read.numbers(name, empty=np.nan) for name in ("least", "most"))
    told = np.isfinite(least) & np.isfinite(most)
    held = dict(zip(keys[told].tolist(), zip(least[told], most[told], strict=True), strict=True))
    counted = np.isin(places, keys[told])
    ends = np.array([held[key] for key in places[counted].tolist()]).reshape(-1, 2)
    return counted, ends[:, 0], ends[:, 1]


def _no_keys(where: str) -> DataError:
    return DataError(
        "Places that were counted must have a key.",
        found=phrase("no column key"),
        where=where,
        remedy="give a table of places with the keys of the counts",
    )


def _features(path: Path) -> tuple[list[Any], list[dict[str, Any]], CRS]:
    try:
        return geojson_features(path)
    except BROKEN_GEOJSON as error:
        raise UnreadableError(
            "A file of devices must be a table, or GeoJSON of points or polygons.",
            found=shown(f"{type(error).__name__}: {error}", 200),
            where=path.name,
            remedy="export it as GeoJSON (EPSG:4326), a point or a view a feature",
        ) from error


def _require_once(path: Path, shapes: int, rows: int) -> None:
    """Refuse features that two readers of one file count differently: a member that comes twice."""
    if shapes != rows:
        raise UnreadableError(
            "A GeoJSON file must hold its features once.",
            found=phrase("{n} in one place, {m} in all", n=shapes, m=rows),
            where=path.name,
            remedy="export it again",
        )


def _of_table(sheet: Rows, drawn: Drawn) -> tuple[Given, DevicesRead]:
    lon, lat, placed = drawn.placed(*_degrees(sheet, drawn.there))
    n = len(sheet)
    kind = sheet.text("kind") if "kind" in sheet else np.full(n, "")
    low, high = _ends(sheet, _RANGES, np.nan)
    fewest, most = _ends(sheet, _COUNTS, 1.0)
    bearing, angle = (
        _column(sheet, name, np.nan, most=ROUND) for name in ("bearing_deg", "angle_deg")
    )
    for name, values in (("bearing_deg", bearing), ("angle_deg", angle)):
        wrong = np.isfinite(values) & ~((values >= 0.0) & (values <= ROUND))
        if bool(wrong.any()):
            raise sheet.fault(
                phrase("{column} must lie within 0 to 360 degrees.", column=name), wrong, name
            )
    # A view that is drawn goes before a range and a direction.
    by_range, reach = np.flatnonzero(~drawn.there), drawn.reach(lon, lat)
    low, high = (np.where(drawn.there, reach, end) for end in (low, high))
    given = Given(
        lon, lat, np.where(kind == "", _KIND, kind), low, high, by_range, bearing[by_range],
        angle[by_range], fewest, most, drawn.outlines,
    )  # fmt: skip
    return given, DevicesRead(
        shown(sheet.name, 100), "table", n, drawn=int(drawn.there.sum()), placed=int(placed.sum()),
        mended=int(drawn.mended.sum()),
    )  # fmt: skip


def _degrees(sheet: Rows, drawn: Bools) -> tuple[Floats, Floats]:
    """Places: of columns, or of the points of GeoJSON; NaN where a view is drawn and none said."""
    if not drawn.any():
        if "lon" in sheet or LONGITUDE not in sheet:
            return sheet.degrees()
        return sheet.numbers(LONGITUDE, most=180.0), sheet.numbers(LATITUDE, most=90.0)
    lon, lat = (
        np.where(np.isfinite(said), said, sheet.numbers(point, empty=np.nan))
        for said, point in (
            (_column(sheet, "lon", np.nan, most=180.0), LONGITUDE),
            (_column(sheet, "lat", np.nan, most=90.0), LATITUDE),
        )
    )
    lost = ~drawn & ~(np.isfinite(lon) & np.isfinite(lat))
    if bool(lost.any()):
        raise sheet.fault(phrase("A device must be a point, or a polygon."), lost, LONGITUDE)
    return lon, lat


def _ends(sheet: Rows, names: Sequence[str], empty: float) -> tuple[Floats, Floats]:
    """Least and most of a quantity, from its two columns or from the one that holds both."""
    low, high, both = names
    if low in sheet or high in sheet:
        if not (low in sheet and high in sheet) or both in sheet:
            raise DataError(
                phrase(
                    "A file of devices must have {both}, or both {low} and {high}.",
                    both=both,
                    low=low,
                    high=high,
                ),
                found=", ".join(name for name in names if name in sheet),
                where=sheet.name,
            )
        ends = _column(sheet, low, empty), _column(sheet, high, empty)
        one = np.isnan(ends[0]) != np.isnan(ends[1])
        if bool(one.any()):
            raise sheet.fault(
                phrase("{low} and {high} must be given together.", low=low, high=high), one, low
            )
        return ends
    found = _column(sheet, both, empty)
    return found, found


def _column(sheet: Rows, name: str, empty: float, most: float | None = None) -> Floats:
    if name not in sheet:
        return np.full(len(sheet), empty)
    return sheet.numbers(name, empty=empty, most=most)


def _devices(given: Given, read: DevicesRead, assumed: Assumed) -> Devices:
    low, high, unknown = _ranges(given, read, assumed)
    narrow, wide = assumed.angles
    known = np.isfinite(given.angle)
    least = np.where(known, given.angle, narrow)
    most = np.where(known, given.angle, wide)
    directed = np.isfinite(given.bearing)
    # Whose direction is not known sees nothing for sure, and may see anything around it.
    turned = directed | (least >= ROUND)
    looks = Looks(
        given.looks_of,
        np.where(directed, given.bearing, 0.0) % ROUND,
        np.where(turned, least, 0.0),
        np.where(turned, most, ROUND),
    )
    lacking_angle = directed & ~known & (narrow < ROUND)
    repeated = _repeated(given)
    return Devices(
        given.lon, given.lat, given.kind, low, high, looks,
        # What is alike in everything may be one device twice, or two: both are held.
        np.where(repeated, 0.0, given.count_low), given.count_high, given.drawn,
        msgspec.structs.replace(
            read, repeated=int(repeated.sum()), range_assumed=int(unknown.sum()),
            direction_unknown=len(np.unique(given.looks_of[~turned])),
            angle_assumed=len(np.unique(given.looks_of[lacking_angle])),
        ),
    )  # fmt: skip


def _repeated(given: Given) -> Bools:
    """Devices that are alike in everything with one before them."""
    looks: list[list[tuple[float, float]]] = [[] for _ in given.lon]
    for of, *look in zip(
        given.looks_of.tolist(), given.bearing.tolist(), given.angle.tolist(), strict=True
    ):
        looks[of].append((np.nan_to_num(look[0], nan=-1.0), np.nan_to_num(look[1], nan=-1.0)))
    ranges = np.nan_to_num(np.column_stack([given.range_low_m, given.range_high_m]), nan=-1.0)
    rows = zip(
        given.lon.tolist(), given.lat.tolist(), given.kind.tolist(), map(tuple, ranges.tolist()),
        given.count_low.tolist(), given.count_high.tolist(), map(tuple, looks),
        shapely.to_wkb(given.drawn).tolist(), strict=True,
    )  # fmt: skip
    seen: set[Any] = set()
    found = []
    for row in rows:
        found.append(row in seen)
        seen.add(row)
    return np.array(found, dtype=bool)


def _ranges(given: Given, read: DevicesRead, assumed: Assumed) -> tuple[Floats, Floats, Bools]:
    low, high = given.range_low_m.copy(), given.range_high_m.copy()
    unknown = np.isnan(high)
    lacking: list[str] = []
    for kind in np.unique(given.kind[unknown]):
        ends = assumed.range_of(str(kind))
        if ends is None:
            lacking.append(str(kind))
            continue
        here = unknown & (given.kind == kind)
        low[here], high[here] = ends
    if lacking:
        raise DataError(
            "Every device must have a range, or bounds of it.",
            found=phrase(
                "{n} devices without one, of {kinds}",
                n=int(np.isin(given.kind, lacking).sum()),
                kinds=", ".join(shown(kind) for kind in lacking[:5]),
            ),
            where=read.file,
            remedy="bound it with --range-m LOW,HIGH, or --range-m KIND=LOW,HIGH (range_m in "
            "study.toml): the least and the most metres that it may see; the audit then gives "
            "both figures",
        )
    return low, high, unknown
