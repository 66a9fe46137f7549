"""Where a table's places lie: the time zone and the UTM zone to propose; guesses."""

from __future__ import annotations

from collections.abc import Mapping
from importlib.resources import files as resources

import numpy as np
from pyproj.aoi import AreaOfInterest
from pyproj.database import query_utm_crs_info

from veedor.incidents.choosing import PLACE_ROLES
from veedor.tables.angles import Axis, read_degrees
from veedor.tables.database import Table
from veedor.tables.geojson import LATITUDE, LONGITUDE
from veedor.tables.points import PointFirst, order_of, read_point


def zones_of(
    one: Table,
    roles: dict[str, str],
    decimals: Mapping[str, str],
    first: PointFirst | None = None,
) -> tuple[str | None, str | None]:
    """Guess the time zone and the UTM zone from the middle of the coordinates."""
    if one.kind == "geojson" and not PLACE_ROLES & set(roles):
        roles = roles | {"longitude": LONGITUDE, "latitude": LATITUDE}
    if "point" in roles:
        texts = one.samples[roles["point"]]
        order = order_of(texts, first)
        found = [read_point(text, order) or (np.nan, np.nan) for text in texts]
        x, y = np.array(found, dtype=np.float64).reshape(-1, 2).T
    elif "latitude" in roles and "longitude" in roles:
        axes: tuple[tuple[str, Axis], ...] = (("longitude", "x"), ("latitude", "y"))
        x, y = (
            read_degrees(one.samples[roles[role]], decimals.get(role, "."), axis)
            for role, axis in axes
        )
    else:
        return None, None
    good_x, good_y = x[(x != 0) & (np.abs(x) <= 180)], y[(y != 0) & (np.abs(y) <= 90)]
    if len(good_x) == 0 or len(good_y) == 0:
        return None, None
    longitude, latitude = float(np.median(good_x)), float(np.median(good_y))
    return time_zone_at(longitude, latitude), utm_crs(longitude, latitude)


def utm_crs(longitude: float, latitude: float) -> str | None:
    """Return the UTM zone (WGS84) of a place; None near the poles.

    Examples
    --------
    >>> utm_crs(-58.4, -34.6), utm_crs(0.0, 89.0)
    ('EPSG:32721', None)
    """
    area = AreaOfInterest(longitude, latitude, longitude, latitude)
    zones = query_utm_crs_info(datum_name="WGS 84", area_of_interest=area, contains=True)
    return f"{zones[0].auth_name}:{zones[0].code}" if zones else None


def time_zone_at(longitude: float, latitude: float) -> str | None:
    """Return the IANA zone whose boundary holds a place; None at sea.

    Examples
    --------
    >>> time_zone_at(-122.33, 47.6), time_zone_at(-106.48, 31.76), time_zone_at(-30.0, 0.0)
    ('America/Los_Angeles', 'America/Denver', None)
    """
    import tzfpy

    name = tzfpy.get_tz(longitude, latitude)
    return None if not name or name.startswith("Etc/") else name


def country_of(time_zone: str | None) -> str | None:
    """Return the ISO 3166 code of the country of a time zone, as the tz database has it.

    Examples
    --------
    >>> country_of("America/Los_Angeles"), country_of("America/Argentina/Cordoba")
    ('US', 'AR')
    """
    text = (resources("tzdata") / "zoneinfo" / "zone.tab").read_text(encoding="utf-8")
    rows = [line.split("\t") for line in text.splitlines() if not line.startswith("#")]
    return next((row[0] for row in rows if len(row) > 2 and row[2] == time_zone), None)
