"""Views that a file draws as polygons: known as they are, whatever range or direction it says."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
import shapely
from pyproj import CRS, Geod, Transformer

from veedor.arrays import Bools, Floats, Geometries
from veedor.errors import DataError, phrase
from veedor.spacetime.areas import polygonal
from veedor.tables.escape import shown

_GEOD = Geod(ellps="WGS84")


class Drawn(NamedTuple):
    """Views of the rows of a file.

    Parameters
    ----------
    outlines : object array of polygons, shape (n,)
        Valid, in WGS84 longitude and latitude; empty where the file draws none.
    mended : array of bool, shape (n,)
        Whether an outline crossed itself, so that what it encloses was taken.
    """

    outlines: Geometries
    mended: Bools

    @classmethod
    def none(cls, n: int) -> Drawn:
        """Give views of a file that draws none."""
        return cls(np.full(n, shapely.Polygon(), dtype=object), np.zeros(n, dtype=bool))

    @property
    def there(self) -> Bools:
        """Which rows have one."""
        found: Bools = ~shapely.is_empty(self.outlines)
        return found

    def chosen(self, rows: Bools) -> Drawn:
        """Take rows by a mask."""
        return Drawn(self.outlines[rows], self.mended[rows])

    def placed(self, lon: Floats, lat: Floats) -> tuple[Floats, Floats, Bools]:
        """Place devices that have none at a point within their view, and tell which these are."""
        lacking = self.there & ~(np.isfinite(lon) & np.isfinite(lat))
        within = shapely.get_coordinates(shapely.point_on_surface(self.outlines[lacking]))
        lon, lat = lon.copy(), lat.copy()
        lon[lacking], lat[lacking] = within.T
        return lon, lat, lacking

    def reach(self, lon: Floats, lat: Floats) -> Floats:
        """Metres from each device to the furthest corner of its view; NaN where none is drawn."""
        corners, of = shapely.get_coordinates(self.outlines, return_index=True)
        here = np.flatnonzero(self.there)
        # Of a place that is none, the distance is none: it is refused as a place.
        x, y = np.clip(lon, -180.0, 180.0)[of], np.clip(lat, -90.0, 90.0)[of]
        _, _, metres = _GEOD.inv(x, y, corners[:, 0], corners[:, 1])
        found = np.full(len(self.outlines), np.nan)
        found[here] = 0.0
        np.maximum.at(found, of, metres)
        return found


def drawn_in(shapes: Sequence[Any], crs: CRS, file: str) -> Drawn:
    """Take the polygons among the shapes of a file as views.

    Parameters
    ----------
    shapes : sequence of shapely geometries or None
    crs : pyproj.CRS
        That they are in.
    file : str
        For errors.

    Raises
    ------
    DataError
        If a polygon encloses no ground, or none on earth.
    """
    found = Drawn.none(len(shapes))
    at = [
        place
        for place, one in enumerate(shapes)
        if one is not None and one.geom_type in ("Polygon", "MultiPolygon")
    ]
    if not at:
        return found
    given: Geometries = np.array([shapes[place] for place in at], dtype=object)
    move = Transformer.from_crs(crs, "EPSG:4326", always_xy=True)
    moved = shapely.transform(
        shapely.force_2d(given), lambda xy: np.column_stack(move.transform(xy[:, 0], xy[:, 1]))
    )
    bounds = shapely.bounds(moved)
    on_earth = (np.abs(bounds) <= [180.0, 90.0, 180.0, 90.0]).all(axis=1)
    valid = shapely.is_valid(moved)
    whole = [
        polygonal(one) if here else shapely.Polygon()
        for one, here in zip(moved, on_earth, strict=True)
    ]
    wrong = np.flatnonzero(shapely.area(whole) <= 0.0)
    if len(wrong):
        raise DataError(
            "A view that is drawn must enclose ground, in degrees of longitude and latitude.",
            found=phrase("{n} polygons that do not", n=len(wrong)),
            where=phrase(
                "{file}, features {places}",
                file=shown(file),
                places=", ".join(str(at[place] + 1) for place in wrong[:5]),
            ),
            remedy="export them as GeoJSON (EPSG:4326), each ring closed and around some ground",
        )
    found.outlines[at], found.mended[at] = whole, ~valid
    return found
