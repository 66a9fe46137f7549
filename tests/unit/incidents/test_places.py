"""Where a CRS does not hold there is no place; what means nowhere is none; the cause is named."""

from __future__ import annotations

import numpy as np
import pytest
from pyproj import Transformer

from veedor.errors import StudyError
from veedor.incidents import Category, Columns, Source, read, require_places
from veedor.incidents.outliers import find_outliers
from veedor.incidents.places import DEFAULT, DEFAULT_POINT, DEGREES, FAR, OUT_OF_RANGE, ZERO

CITY = (-75.15, 39.96)  # Philadelphia
FEET, METRES, UTM = "EPSG:2272", "EPSG:32118", "EPSG:32618"


def places(crs, n=40, at=CITY):
    rng = np.random.default_rng(1)
    degrees = np.array(at)[:, None] + rng.uniform(-0.05, 0.05, (2, n))
    return np.column_stack(Transformer.from_crs(4326, crs, always_xy=True).transform(*degrees))


def reading(tmp_path, points, input_crs, crs=UTM, **more):
    path = tmp_path / "a.csv"
    lines = [f"2023-01-02,{x},{y}" for x, y in points]
    path.write_text("\n".join(["date,x,y", *lines]) + "\n", encoding="utf-8")
    source = Source(
        paths=(str(path),),
        columns=Columns(time="date", x="x", y="y"),
        categories=(Category("robbery", "reported"),),
        time_zone="America/New_York",
        crs=crs,
        input_crs=input_crs,
        **more,
    )
    return read(source)


@pytest.mark.parametrize("crs", [FEET, UTM, "EPSG:26918", "EPSG:2263"])
def test_degrees_among_projected_coordinates_are_no_place(tmp_path, crs):
    at = (-73.95, 40.7) if crs == "EPSG:2263" else CITY
    mixed = [*places(crs, 30, at), *places("EPSG:4326", 10, at)]
    found = reading(tmp_path, mixed, crs)
    assert found.incidents.located.tolist() == [True] * 30 + [False] * 10
    assert found.tally.unlocated == {DEGREES: 10}
    with pytest.raises(StudyError, match=r"10 of 40 .*degrees among coordinates"):
        require_places(found)
    more = reading(tmp_path, mixed, crs, most_misplaced=0.25)
    require_places(more)


def test_coordinates_that_are_no_numbers_stop_beyond_a_share(tmp_path):
    points = [tuple(point) for point in places("EPSG:4326", 40)]
    few = [*points[:39], ("75th street", "39th avenue")]
    require_places(reading(tmp_path, few, "EPSG:4326"))
    many = [*points[:30], *[("75th street", "39th avenue")] * 10]
    with pytest.raises(StudyError, match=r"10 of 40 that are written"):
        require_places(reading(tmp_path, many, "EPSG:4326"))


@pytest.mark.parametrize(
    ("written", "input_crs", "cause"),
    [
        (FEET, UTM, "feet where input_crs has metres"),
        (FEET, "EPSG:26918", "another CRS or unit"),
        ("EPSG:2272", "EPSG:2271", None),
        ("EPSG:26918", FEET, ""),
        ("EPSG:3857", FEET, ""),
        ("EPSG:4326", FEET, "degrees among coordinates in another unit"),
        (FEET, "EPSG:4326", "numbers too large for degrees"),
    ],
)
def test_a_crs_that_does_not_hold_is_refused_with_its_cause(tmp_path, written, input_crs, cause):
    found = reading(tmp_path, places(written), input_crs)
    if cause is None:  # a neighbouring zone of the same system: no place is far from where it holds
        require_places(found)
        return
    assert not found.incidents.located.any()
    with pytest.raises(StudyError) as error:
        require_places(found)
    assert cause in str(error.value)


@pytest.mark.parametrize("crs", [FEET, UTM, "EPSG:4326"])
def test_exchanged_axes_are_named(tmp_path, crs):
    found = reading(tmp_path, places(crs)[:, ::-1], crs)
    assert not found.incidents.located.any()
    with pytest.raises(StudyError, match="exchanged"):
        require_places(found)
    assert found.tally.swapped_suspected == 40


def test_longitudes_without_their_sign_are_named(tmp_path):
    found = reading(tmp_path, np.abs(places("EPSG:4326")), "EPSG:4326")
    with pytest.raises(StudyError, match="minus sign"):
        require_places(found)


def test_a_few_that_are_elsewhere_stop_nothing(tmp_path):
    points = [*places(FEET, 57), (-75.1, 39.9), (1e7, 1e7)]
    found = reading(tmp_path, points, FEET)
    assert found.tally.unlocated == {DEGREES: 1, FAR: 1}
    require_places(found)


def test_one_zone_may_be_written_beyond_its_border(tmp_path):
    """Spain publishes UTM zone 30 for places in zones 29 and 31."""
    points = places("EPSG:25830", 40, (2.17, 41.39))
    found = reading(tmp_path, points, "EPSG:25830", "EPSG:25831")
    assert found.incidents.located.all()


@pytest.mark.parametrize(
    "nowhere", [(-1, -1), (999999, 999999), (-9999, -9999), (99999999, 99999999)]
)
@pytest.mark.parametrize("crs", [FEET, UTM, "EPSG:4326"])
def test_what_is_written_for_nowhere_is_no_place(tmp_path, crs, nowhere):
    found = reading(tmp_path, [*places(crs), nowhere, (0, 0)], crs)
    assert found.tally.unlocated == {DEFAULT: 1, ZERO: 1}


def test_the_pole_is_no_place(tmp_path):
    found = reading(tmp_path, [*places("EPSG:4326"), (-120.5, 90)], "EPSG:4326")
    assert found.tally.unlocated == {DEFAULT: 1}


@pytest.mark.parametrize("input_crs", ["EPSG:4326", "EPSG:32618"])
@pytest.mark.parametrize("origin_of", ["EPSG:32188", "EPSG:2950", "EPSG:32618"])
@pytest.mark.parametrize("repeats", [1, 30])
def test_the_false_origin_of_any_crs_used_there_is_no_place(
    tmp_path, input_crs, origin_of, repeats
):
    to = Transformer.from_crs(origin_of, input_crs, always_xy=True)
    x, y = to.transform(0.0, 0.0)
    nowhere = (round(x, 5), round(y, 5))
    at = (-73.6, 45.5)  # Montreal
    points = [*places(input_crs, 300, at), *[nowhere] * repeats]
    found = reading(tmp_path, points, input_crs)
    without = {DEFAULT_POINT, ZERO, DEGREES}
    assert set(found.tally.unlocated) <= without
    assert sum(found.tally.unlocated.values()) == repeats
    assert found.tally.far == 0


def test_a_default_point_repeats_alone(tmp_path):
    points = [*places("EPSG:4326", 100), *[(-77.9, 41.9)] * 3]
    found = reading(tmp_path, points, "EPSG:4326")
    assert found.tally.unlocated == {DEFAULT_POINT: 3}


def test_a_single_far_point_keeps_its_place_and_is_told(tmp_path):
    points = [*places("EPSG:4326", 100), (-77.9, 41.9)]
    found = reading(tmp_path, points, "EPSG:4326")
    assert found.incidents.located.all()
    assert (found.tally.far, found.tally.far_points) == (1, 1)
    assert found.tally.farthest_m == pytest.approx(316_000, rel=0.05)
    assert found.tally.far_rows == ["a.csv, row 101"]


def test_towns_of_a_province_are_no_default_points():
    """Ten towns, each geocoded to its centre, beside a city that has most of the incidents."""
    rng = np.random.default_rng(2)
    city = rng.normal(0, 5_000, (2_000, 2))
    towns = np.repeat(rng.uniform(-400_000, 400_000, (40, 2)), 20, axis=0)
    x, y = np.concatenate((city, towns)).T + np.array([[500_000.0], [6_200_000.0]])
    assert len(find_outliers(x, y, "EPSG:32720").defaults) == 0


def test_few_points_are_not_judged():
    x, y = np.array([5e5, 5e5, 9e5, 9e5, 9e5]), np.array([4e6, 4e6, 4e6, 4e6, 4e6])
    found = find_outliers(x, y, UTM)
    assert (len(found.defaults), len(found.far)) == (0, 0)
    assert len(find_outliers(x * np.nan, y * np.nan, UTM).far) == 0


def test_out_of_range_is_no_place(tmp_path):
    found = reading(tmp_path, [*places("EPSG:4326"), (-275.1, 39.9)], "EPSG:4326")
    assert found.tally.unlocated == {OUT_OF_RANGE: 1}
