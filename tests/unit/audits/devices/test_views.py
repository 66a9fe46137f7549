"""Ground in view: closed forms, a count of random points, and what must not change it."""

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from pyproj import Geod

from veedor.audits.places.devices import joined, sectors, seen_in, views

from .conftest import devices


def circle(x, y, r):
    made = sectors(np.atleast_1d(np.float64(r)), np.zeros(1), np.full(1, 360.0))[0]
    return shapely.transform(made, lambda xy: xy + np.array([x, y]))


def lens(r, d):
    """Ground that two circles of one radius share, their middles d apart."""
    return 2 * r**2 * np.arccos(d / (2 * r)) - d / 2 * np.sqrt(4 * r**2 - d**2)


@pytest.mark.parametrize("angle", [0.5, 4.9, 5.0, 5.1, 60.0, 90.0, 179.0, 181.0, 355.0, 360.0])
def test_a_sector_has_exactly_its_area(angle):
    made = sectors(np.array([30.0]), np.array([77.0]), np.array([angle]))[0]
    assert made.is_valid
    assert made.area == pytest.approx(np.pi * 30.0**2 * angle / 360.0, rel=1e-12)


def test_the_edge_of_a_sector_lies_within_a_thousandth_of_its_arc():
    made = sectors(np.array([1.0]), np.array([0.0]), np.array([360.0]))[0]
    edge = shapely.get_coordinates(shapely.segmentize(made.exterior, 0.001))
    assert np.abs(np.hypot(*edge.T) - 1.0).max() < 0.001


@pytest.mark.parametrize("bearing", [0.0, 45.0, 90.0, 200.0, 359.0])
def test_a_sector_looks_where_it_says(bearing):
    made = sectors(np.array([10.0]), np.array([bearing]), np.array([20.0]))[0]
    ahead = np.radians([bearing, bearing + 9.0, bearing - 9.0, bearing + 11.0, bearing + 180.0])
    points = shapely.points(5.0 * np.sin(ahead), 5.0 * np.cos(ahead))
    assert shapely.contains(made, points).tolist() == [True, True, True, False, False]


def test_without_range_or_angle_there_is_no_ground():
    made = sectors(np.array([0.0, 5.0]), np.zeros(2), np.array([90.0, 0.0]))
    assert shapely.is_empty(made).all()


def test_two_circles_in_one_zone():
    zone = np.array([shapely.box(-500, -500, 500, 500)])
    seen = seen_in(np.array([circle(0, 0, 100), circle(120, 0, 100)]), np.ones(2), zone)
    shared = lens(100.0, 120.0)
    assert seen.twice[0] == pytest.approx(shared, rel=2e-3)
    assert seen.once[0] == pytest.approx(2 * np.pi * 1e4 - shared, rel=5e-4)


def test_a_view_is_parted_among_zones_and_nothing_is_lost():
    zones = shapely.box([-100, 0, 20], [-100, -100, -100], [0, 20, 100], [100, 100, 100])
    seen = seen_in(np.array([circle(3, 4, 60)]), np.ones(1), zones)
    assert seen.once.sum() == pytest.approx(np.pi * 3600, rel=1e-9)
    assert not seen.twice.any()


def test_a_zone_that_views_hold_whole():
    zone = np.array([shapely.box(-10, -10, 10, 10), shapely.box(200, 200, 210, 210)])
    one, two, part = circle(0, 0, 100), circle(5, 0, 100), circle(10, 0, 8)
    assert seen_in(np.array([one]), np.ones(1), zone).once.tolist() == [400.0, 0.0]
    assert seen_in(np.array([one, two]), np.ones(2), zone).twice.tolist() == [400.0, 0.0]
    seen = seen_in(np.array([one, part]), np.ones(2), zone)
    assert seen.once[0] == 400.0
    assert seen.twice[0] == pytest.approx(np.pi * 64 / 2, rel=2e-3)


def test_two_devices_at_one_place_see_all_of_it_twice():
    zone = np.array([shapely.box(-500, -500, 500, 500)])
    seen = seen_in(np.array([circle(0, 0, 50)]), np.array([2.0]), zone)
    assert seen.once[0] == seen.twice[0] == pytest.approx(np.pi * 2500)
    assert not seen_in(np.array([circle(0, 0, 50)]), np.zeros(1), zone).once.any()


def test_views_that_only_touch_share_nothing():
    zone = np.array([shapely.box(-50, -50, 50, 50)])
    seen = seen_in(
        shapely.box([-10, 0, 0], [-10, -10, 0], [0, 10, 10], [0, 0, 10]), np.ones(3), zone
    )
    assert seen.once[0] == pytest.approx(300.0)
    assert seen.twice[0] == 0.0


def scattered(seed, n=40):
    rng = np.random.default_rng(seed)
    made = sectors(
        rng.uniform(5, 60, n), rng.uniform(0, 360, n), rng.choice([40.0, 120.0, 360.0], n)
    )
    at = np.repeat(rng.uniform(-100, 100, (n, 2)), shapely.get_num_coordinates(made), axis=0)
    return shapely.set_coordinates(made, shapely.get_coordinates(made) + at)


@pytest.mark.parametrize("seed", range(3))
def test_ground_in_view_is_that_of_random_points(seed):
    shapes, rng = scattered(seed), np.random.default_rng(99 + seed)
    zones = shapely.box([-150, -20], [-150, -150], [-20, 150], [150, 150])
    seen = seen_in(shapes, np.ones(len(shapes)), zones)
    points = shapely.points(rng.uniform(-150, 150, (40_000, 2)))
    at, _ = shapely.STRtree(shapes).query(points, predicate="intersects")
    depth = np.bincount(at, minlength=len(points))
    for found, least in ((seen.once, 1), (seen.twice, 2)):
        for zone, ground in zip(zones, found, strict=True):
            inside = shapely.contains(zone, points)
            share = float((depth[inside] >= least).mean())
            error = np.sqrt(share * (1 - share) / inside.sum())
            assert ground / zone.area == pytest.approx(share, abs=4.5 * error + 1e-3)


@settings(max_examples=15, deadline=None)
@given(seed=st.integers(0, 10_000))
def test_order_changes_nothing_and_one_more_device_never_lowers_it(seed):
    shapes, rng = scattered(seed, 14), np.random.default_rng(seed)
    zones = shapely.box([-150, 0], [-150, -150], [0, 150], [150, 150])
    counts = rng.integers(0, 3, len(shapes)).astype(float)
    seen = seen_in(shapes.copy(), counts, zones)
    order = rng.permutation(len(shapes))
    other = seen_in(shapes[order], counts[order], zones)
    assert other.once == pytest.approx(seen.once, abs=1e-6)
    assert other.twice == pytest.approx(seen.twice, abs=1e-6)
    fewer = seen_in(shapes[1:], counts[1:], zones)
    assert np.all(fewer.once <= seen.once + 1e-6)
    assert np.all(fewer.twice <= seen.twice + 1e-6)
    assert np.all(seen.twice <= seen.once)
    assert np.all(seen.once <= shapely.area(zones))


def test_groups_of_views_are_joined_apart():
    shapes = shapely.box([0, 5, 100, 100], [0, 0, 0, 0], [10, 15, 110, 110], [10, 10, 10, 10])
    one, two = joined(shapes, np.ones(4), np.array([0, 0, 2, 2]), 3)
    assert shapely.area(one).tolist() == [150.0, 0.0, 100.0]
    assert shapely.area(two).tolist() == [50.0, 0.0, 100.0]


@pytest.mark.parametrize("east", [0.0, 300_000.0])
def test_a_bearing_is_from_true_north_and_a_range_in_metres_anywhere_in_the_plane(east):
    """An eastern device of a wide plane stands where the plane's own north is degrees off."""
    held = devices([east], [0.0], 200.0, bearing=30.0, angle=40.0)
    crs = "+proj=laea +lat_0=-34.6 +lon_0=-58.4 +datum=WGS84 +units=m +no_defs"
    made = views(held, crs, "most")[0]
    assert made.area == pytest.approx(np.pi * 200.0**2 / 9, rel=1e-4)
    from pyproj import Transformer

    back = Transformer.from_crs(crs, "EPSG:4326", always_xy=True)
    lon, lat = back.transform(*shapely.get_coordinates(made).T)
    azimuth, _, metres = Geod(ellps="WGS84").inv(
        np.full(len(lon), held.lon[0]), np.full(len(lon), held.lat[0]), lon, lat
    )
    far = metres > 1.0
    assert metres[far] == pytest.approx(200.0, rel=2e-3)
    assert azimuth[far].min() == pytest.approx(10.0, abs=0.01)
    assert azimuth[far].max() == pytest.approx(50.0, abs=0.01)


def test_a_device_that_looks_two_ways_has_one_view():
    from veedor.audits.places.devices import Devices, DevicesRead, Looks

    one = devices([0.0], [0.0], 50.0)
    looks = Looks(np.array([0, 0]), np.array([0.0, 60.0]), np.full(2, 90.0), np.full(2, 90.0))
    held = Devices(
        one.lon, one.lat, one.kind, one.range_low_m, one.range_high_m, looks, one.count_low,
        one.count_high, one.drawn, DevicesRead("d", "osm", 1),
    )  # fmt: skip
    crs = "+proj=laea +lat_0=-34.6 +lon_0=-58.4 +datum=WGS84 +units=m +no_defs"
    assert views(held, crs, "most")[0].area == pytest.approx(np.pi * 2500 * 150 / 360, rel=1e-3)
