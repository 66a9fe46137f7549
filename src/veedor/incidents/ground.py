"""`Ground`: where on earth a coordinate reference system holds."""

from __future__ import annotations

import numpy as np
from pyproj import CRS, Transformer

from veedor.arrays import Bools, Floats

#: How far outside its area of use a CRS may be used for coordinates, in degrees: agencies near a
#: border, and whole countries that write one zone of a system of zones throughout.
_MARGIN, _MARGIN_OF_ZONES = 1.0, 3.5


class Ground:
    """Where a CRS holds: its area of use, in degrees.

    Attributes
    ----------
    bounded : bool
        Whether the CRS says where it holds; if not, it is taken to hold everywhere.
    metres : bool
        Whether its unit is the metre.
    margin : float
        How far outside coordinates may lie, in degrees.
    """

    def __init__(self, crs: CRS) -> None:
        area = crs.area_of_use
        self.bounded = area is not None
        self._area = None if area is None else (area.west, area.south, area.east, area.north)
        self.metres = bool(crs.axis_info) and crs.axis_info[0].unit_name in ("metre", "meter")
        self.margin = _MARGIN_OF_ZONES if _is_zone(crs) else _MARGIN
        geographic = crs.geodetic_crs or CRS.from_epsg(4326)
        self._to_degrees = Transformer.from_crs(crs, geographic, always_xy=True)

    def degrees(self, x: Floats, y: Floats) -> tuple[Floats, Floats]:
        """Return longitude and latitude of projected coordinates; not finite where there is none.

        A place whose degrees do not lead back to it is none: far outside its area a projection may
        give the degrees of somewhere else.
        """
        lon, lat = self._to_degrees.transform(x, y)
        lon, lat = np.asarray(lon, dtype=np.float64), np.asarray(lat, dtype=np.float64)
        back_x, back_y = self._to_degrees.transform(lon, lat, direction="INVERSE")
        with np.errstate(invalid="ignore"):
            lost = ~((np.abs(back_x - x) < 100.0) & (np.abs(back_y - y) < 100.0))
        lon[lost] = lat[lost] = np.nan
        return lon, lat

    def near(self, lon: Floats, lat: Floats, margin: float) -> Bools:
        """Whether places lie in the area of use, or within a margin in degrees of it."""
        if self._area is None:
            return np.isfinite(lon) & np.isfinite(lat)
        west, south, east, north = self._area
        # 360 degrees, all around the earth, must not become none.
        width = ((east - west) % 360 or 360) + 2 * margin
        with np.errstate(invalid="ignore"):
            east_of = lon - (west - margin)
            if not (east_of.min(initial=0.0) >= 0.0 and east_of.max(initial=0.0) < 360.0):
                east_of %= 360.0
            inside = east_of <= width if width < 360 else np.isfinite(lon)
            near: Bools = inside & (lat >= south - margin) & (lat <= north + margin)
        return near


def _is_zone(crs: CRS) -> bool:
    """Whether it is one of a system of zones: their central meridian is at 500 km, as in UTM."""
    operation = crs.coordinate_operation
    if operation is None:
        return False
    easting = [float(p.value) for p in operation.params if p.name == "False easting"]
    return len(easting) == 1 and easting[0] % 1_000_000.0 == 500_000.0
