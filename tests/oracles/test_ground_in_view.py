"""Ground and residents in view beside a slow computation: arcs along the earth, zone by zone."""

import itertools
import json

import numpy as np
import pytest
import shapely
from pyproj import Geod, Transformer
from tests.unit.audits.devices.conftest import devices, write_grid

from veedor.audits.audit import Subject
from veedor.audits.places import ExposureSettings, make_groups, read_zones
from veedor.audits.places.devices import (
    Assumed,
    audit_devices,
    read_devices,
    read_routes,
)

_GEOD = Geod(ellps="WGS84")


@pytest.fixture
def town(tmp_path):
    groups = make_groups(["white", "black"], "population", "white", [])
    return read_zones(write_grid(tmp_path / "z.geojson"), groups, population="population")


def sector(lon, lat, metres, bearing, angle, move):
    """A sector whose arc is 2,000 points that lie a geodesic of so many metres away."""
    turn = np.linspace(bearing - angle / 2, bearing + angle / 2, 2_000)
    n = np.full(len(turn), 1.0)
    x, y, _ = _GEOD.fwd(lon * n, lat * n, turn, metres * n)
    corners = np.column_stack(move.transform(x, y))
    if angle < 360.0:
        corners = np.vstack([move.transform(lon, lat), corners])
    return shapely.make_valid(shapely.Polygon(corners))


def scattered(seed, n=70):
    """Discs and sectors that overlap, and lie partly or wholly outside of the zones."""
    rng = np.random.default_rng(seed)
    x, y = rng.uniform(-1900, 1900, n), rng.uniform(-1500, 1500, n)
    metres, bearing = rng.choice([5.0, 40.0, 150.0, 500.0], n), rng.uniform(0, 360, n)
    angle = rng.choice([10.0, 70.0, 180.0, 300.0, 360.0], n)
    kind = np.where(np.arange(n) % 3 == 0, "ALPR", "camera")
    return metres, bearing, angle, devices(x, y, metres, bearing=bearing, angle=angle, kind=kind)


def twice(shapes):
    pairs = itertools.combinations(shapes, 2)
    return shapely.union_all([one.intersection(two) for one, two in pairs if one.intersects(two)])


def figure(audit, statistic, group="all", subset="all"):
    return audit.of(statistic, Subject(group, "view", subset)).estimate


@pytest.mark.parametrize("seed", range(4))
def test_ground_and_residents_are_those_of_a_slow_computation(town, tmp_path, seed):
    *looks, held = scattered(seed)
    move = Transformer.from_crs("EPSG:4326", town.crs, always_xy=True)
    shapes = [
        sector(*one, move) for one in zip(held.lon, held.lat, *looks, strict=True)
    ]  # fmt: skip
    way = tmp_path / "way.geojson"
    line = [[held.lon[n], held.lat[n]] for n in range(12)]
    way.write_text(json.dumps({
        "type": "Feature", "properties": {"name": "way"},
        "geometry": {"type": "LineString", "coordinates": line},
    }))  # fmt: skip
    quick = ExposureSettings(replicates=100, margin_replicates=10)
    audit = audit_devices(town, held, quick, routes=read_routes(way))
    sides = [
        shapely.LineString(ends)
        for ends in itertools.pairwise([move.transform(*point) for point in line])
    ]
    for subset, mine in (
        ("all", shapes),
        ("of_kind: ALPR", [one for one, kind in zip(shapes, held.kind, strict=True)
                           if kind == "ALPR"]),
    ):  # fmt: skip
        for ending, ground in (("", shapely.union_all(mine)), ("_twice", twice(mine))):
            seen = np.array([zone.intersection(ground).area for zone in town.polygons])
            areas = np.array([zone.area for zone in town.polygons])
            told = figure(audit, f"ground_in_view{ending}", subset=subset).value
            assert told == pytest.approx(seen.sum() / areas.sum(), rel=1e-4)
            people, share = town.population, seen / areas
            lived = figure(audit, f"residents_in_view{ending}", subset=subset)
            assert lived.value == pytest.approx(share @ people / people.sum(), rel=1e-4)
            # An arc and its sides lie up to half a metre apart: zones on the brink are either.
            for bound, least, most in (
                (lived.low, share > 1 - 1e-12, share > 1 - 1e-3),
                (lived.high, share > 1e-3, share > 0.0),
            ):
                assert people[least].sum() <= bound * people.sum() + 1e-6
                assert bound * people.sum() <= people[most].sum() + 1e-6
            if not ending and subset == "all":
                for at, group in enumerate(town.groups):
                    told = figure(audit, "exposure_per_km2", group.name).value
                    members = town.members[at]
                    assert told == pytest.approx(share @ members / members.sum(), rel=1e-4)
            metres = sum(side.intersection(ground).length for side in sides)
            of = "on_route: way" if subset == "all" else f"{subset}; on_route: way"
            told = figure(audit, f"route_in_view{ending}", subset=of).value
            assert told == pytest.approx(metres / sum(s.length for s in sides), rel=1e-3)


def test_a_view_that_is_drawn_is_the_one_that_a_range_would_give(town, tmp_path):
    """Sectors written as polygons beside the same read from ranges, bearings and angles."""
    *looks, held = scattered(9)
    to_degrees = Transformer.from_crs(town.crs, "EPSG:4326", always_xy=True)
    move = Transformer.from_crs("EPSG:4326", town.crs, always_xy=True)
    features = []
    for *one, kind in zip(held.lon, held.lat, *looks, held.kind, strict=True):
        shape = shapely.transform(
            sector(*one, move), lambda xy: np.column_stack(to_degrees.transform(*xy.T))
        )
        features.append({
            "type": "Feature", "properties": {"kind": kind, "lon": one[0], "lat": one[1]},
            "geometry": json.loads(shapely.to_geojson(shape)),
        })  # fmt: skip
    path = tmp_path / "views.geojson"
    path.write_text(json.dumps({"type": "FeatureCollection", "features": features}))
    drawn = read_devices(path, Assumed({}))
    quick = ExposureSettings(replicates=100, margin_replicates=10)
    theirs, ours = (audit_devices(town, each, quick) for each in (held, drawn))
    assert ours.assignments == ("view", "devices")
    assert len(ours.statements) == len(theirs.statements)
    for one, other in zip(ours.statements, theirs.statements, strict=True):
        assert (one.subject, one.statistic) == (other.subject, other.statistic)
        if other.estimate.value is not None:
            assert one.estimate.value == pytest.approx(other.estimate.value, rel=1e-3, abs=1e-4)
