"""A street plan in metres about a point, and devices in it."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
import shapely
from pyproj import Geod

from veedor.audits.places import make_groups, read_zones
from veedor.audits.places.devices import Devices, DevicesRead, Looks

LON, LAT = -58.40, -34.60
_GEOD = Geod(ellps="WGS84")


def degrees(x, y):
    """Longitude and latitude of metres east and north of the middle."""
    x, y = np.atleast_1d(np.asarray(x, float)), np.atleast_1d(np.asarray(y, float))
    lon, lat, _ = _GEOD.fwd(
        np.full(len(x), LON), np.full(len(x), LAT), np.degrees(np.arctan2(x, y)), np.hypot(x, y)
    )
    return lon, lat


def devices(x, y, low, high=None, *, kind="camera", bearing=0.0, angle=360.0, widest=None,
            counts=None):  # fmt: skip
    """Devices at metres from the middle, each with one direction."""
    lon, lat = degrees(x, y)
    n = len(lon)

    def each(value):
        return np.broadcast_to(np.asarray(value, float), n).copy()

    fewest, most = (each(1.0), each(1.0)) if counts is None else map(each, counts)
    return Devices(
        lon, lat, np.broadcast_to(np.asarray(kind, np.str_), n).copy(), each(low),
        each(low if high is None else high),
        Looks(np.arange(n), each(bearing), each(angle), each(angle if widest is None else widest)),
        fewest, most, np.full(n, shapely.Polygon(), dtype=object), DevicesRead("d.csv", "table", n),
    )  # fmt: skip


def write_grid(path: Path, columns=8, rows=6, side=400.0, seed=3):
    """Square zones about the middle, of residents of two groups, whose parts differ."""
    rng = np.random.default_rng(seed)
    features = []
    for number in range(columns * rows):
        x = (number % columns - columns / 2) * side
        y = (number // columns - rows / 2) * side
        lon, lat = degrees([x, x + side, x + side, x, x], [y, y, y + side, y + side, y])
        people = int(rng.integers(300, 900))
        black = int(rng.binomial(people, rng.uniform(0.1, 0.8)))
        features.append({
            "type": "Feature",
            "properties": {"id": f"z{number:02d}", "population": people, "black": black,
                           "white": people - black},
            "geometry": {"type": "Polygon",
                         "coordinates": [np.column_stack([lon, lat]).tolist()]},
        })  # fmt: skip
    path.write_text(json.dumps({"type": "FeatureCollection", "features": features}))
    return path


@pytest.fixture
def zones(tmp_path):
    groups = make_groups(["white", "black"], "population", "white", [])
    return read_zones(write_grid(tmp_path / "z.geojson"), groups, population="population")
