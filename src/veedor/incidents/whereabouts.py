"""Where a table's places lie: the time zone and the UTM zone to propose; guesses."""

from __future__ import annotations

import re
from collections.abc import Mapping
from importlib.resources import files as resources

import numpy as np
from pyproj import CRS, Geod
from pyproj.aoi import AreaOfInterest
from pyproj.database import query_utm_crs_info

from veedor.incidents.geojson import LATITUDE, LONGITUDE
from veedor.incidents.numerals import read_numbers
from veedor.incidents.tables import Table


def zones_of(
    one: Table, roles: dict[str, str], decimals: Mapping[str, str]
) -> tuple[str | None, str | None]:
    """Guess the time zone and the UTM zone from the middle of the coordinates."""
    if one.details["format"] == "geojson":
        roles = roles | {"longitude": LONGITUDE, "latitude": LATITUDE}
    if "latitude" not in roles or "longitude" not in roles:
        return None, None
    x, y = (
        read_numbers(one.samples[roles[role]], decimals.get(role, "."))
        for role in ("longitude", "latitude")
    )
    good_x, good_y = x[(x != 0) & (np.abs(x) <= 180)], y[(y != 0) & (np.abs(y) <= 90)]
    if len(good_x) == 0 or len(good_y) == 0:
        return None, None
    longitude, latitude = float(np.median(good_x)), float(np.median(good_y))
    return nearest_time_zone(longitude, latitude), utm_crs(longitude, latitude)


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


def nearest_time_zone(longitude: float, latitude: float) -> str:
    """Return the IANA zone whose place in the tz database's zone.tab is nearest: a guess.

    Examples
    --------
    >>> nearest_time_zone(-58.4, -34.6), nearest_time_zone(-87.7, 41.8)
    ('America/Argentina/Buenos_Aires', 'America/Chicago')
    """
    text = (resources("tzdata") / "zoneinfo" / "zone.tab").read_text(encoding="utf-8")
    rows = [line.split("\t") for line in text.splitlines() if line and not line.startswith("#")]
    places = np.array([_iso_6709(row[1]) for row in rows])
    geod = CRS.from_epsg(4326).get_geod() or Geod(ellps="WGS84")
    n = len(rows)
    _, _, metres = geod.inv(
        np.full(n, longitude), np.full(n, latitude), places[:, 1].copy(), places[:, 0].copy()
    )
    return rows[int(np.argmin(metres))][2]


def _iso_6709(text: str) -> tuple[float, float]:
    """Return latitude and longitude of ``+DDMM+DDDMM`` or ``+DDMMSS+DDDMMSS``."""
    latitude, longitude = re.findall(r"[+-]\d+", text)

    def degrees(part: str, digits: int) -> float:
        sign = -1.0 if part[0] == "-" else 1.0
        number = part[1:]
        seconds = number[digits + 2 :] or "0"
        return sign * (
            int(number[:digits]) + int(number[digits : digits + 2]) / 60 + int(seconds) / 3600
        )

    return degrees(latitude, 2), degrees(longitude, 3)
