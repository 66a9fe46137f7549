"""Routes: what of them is in view, and that none is the track of a person."""

import json

import numpy as np
import pytest

from veedor.audits.places.devices import read_routes, routes_in_view, views
from veedor.errors import DataError, PersonalDataRefusal, UnreadableError

from .conftest import LAT, LON, degrees, devices

CRS = f"+proj=laea +lat_0={LAT} +lon_0={LON} +datum=WGS84 +units=m +no_defs"


def geojson(tmp_path, *lines, properties=None, kind="LineString"):
    path = tmp_path / "r.geojson"
    features = [
        {"type": "Feature", "properties": properties or {},
         "geometry": {"type": kind, "coordinates": line}}
        for line in lines
    ]  # fmt: skip
    path.write_text(json.dumps({"type": "FeatureCollection", "features": features}))
    return path


def way(*points):
    return np.column_stack(degrees(*np.array(points, float).T)).tolist()


def gpx(tmp_path, inside):
    path = tmp_path / "r.gpx"
    head = '<?xml version="1.0"?><gpx xmlns="http://www.topografix.com/GPX/1/1" version="1.1">'
    path.write_text(f"{head}{inside}</gpx>")
    return path


def seen(routes, held):
    counts = held.count_high
    return routes_in_view(routes, views(held, CRS, "most"), counts, CRS)


def test_a_straight_way_through_two_circles(tmp_path):
    routes = read_routes(geojson(tmp_path, way((-500, 0), (500, 0))))
    found = seen(routes, devices([-40, 40], [0, 0], 100.0))
    assert routes.name == ("1",)
    assert found.length_m[0] == pytest.approx(1000.0, abs=1e-3)
    assert found.once_m[0] == pytest.approx(280.0, abs=0.3)
    assert found.twice_m[0] == pytest.approx(120.0, abs=0.3)
    assert found.devices[0] == 2


def test_a_way_gone_twice_counts_twice_and_corners_are_not_lost(tmp_path):
    routes = read_routes(geojson(tmp_path, way((-500, 0), (0, 0), (0, 300), (0, 0), (-500, 0))))
    found = seen(routes, devices([0], [0], 100.0))
    assert found.length_m[0] == pytest.approx(1600.0, abs=1e-2)
    assert found.once_m[0] == pytest.approx(400.0, abs=0.6)
    assert found.twice_m[0] == 0.0
    assert found.devices[0] == 1


def test_two_at_one_place_see_it_twice_and_none_sees_nothing(tmp_path):
    routes = read_routes(geojson(tmp_path, way((-500, 0), (500, 0)), way((0, 900), (9, 900))))
    held = devices([0, 0], [0, 5000], 50.0, counts=([0, 1], [3, 1]))
    found = seen(routes, held)
    assert found.twice_m[0] == found.once_m[0] == pytest.approx(100.0, abs=0.2)
    assert found.devices.tolist() == [3.0, 0.0]
    assert found.once_m[1] == 0.0
    none = routes_in_view(routes, views(held, CRS, "least"), held.count_low, CRS)
    assert not none.once_m.any()


def test_a_sector_sees_what_lies_ahead(tmp_path):
    routes = read_routes(geojson(tmp_path, way((0, -500), (0, 500))))
    found = seen(routes, devices([0], [0], 80.0, bearing=0.0, angle=30.0))
    assert found.once_m[0] == pytest.approx(80.0, abs=0.2)


def test_parts_of_a_way_and_a_way_of_gpx(tmp_path):
    parts = read_routes(
        geojson(tmp_path, [way((0, 0), (10, 0)), way((50, 0), (60, 0))], kind="MultiLineString",
                properties={"name": "to school"})
    )  # fmt: skip
    assert parts.name == ("to school",)
    assert seen(parts, devices([0], [0], 500.0)).once_m[0] == pytest.approx(20.0, abs=1e-2)
    (a, b), (c, d) = way((0, 0), (100, 0))
    points = f'<rtept lat="{b}" lon="{a}"/><rtept lat="{d}" lon="{c}"/>'
    made = read_routes(
        gpx(tmp_path, f"<metadata><time>2026-01-01T00:00:00Z</time></metadata>"
                      f"<rte><name>to work</name>{points}</rte>"
                      f"<trk><trkseg>{points.replace('rtept', 'trkpt')}</trkseg></trk>")
    )  # fmt: skip
    assert made.name == ("to work", "2")
    assert seen(made, devices([0], [0], 500.0)).once_m == pytest.approx([100.0, 100.0], abs=1e-2)


def test_names_are_unique(tmp_path):
    path = geojson(tmp_path, way((0, 0), (1, 0)), way((0, 0), (2, 0)), properties={"name": "a"})
    assert read_routes(path).name == ("a", "a (2)")
    document = json.loads(path.read_text())
    document["features"] = [
        {**document["features"][0], "properties": {"name": name}} for name in ("a (3)", "a", "a")
    ]
    path.write_text(json.dumps(document))
    assert read_routes(path).name == ("a (3)", "a", "a (3) (3)")


@pytest.mark.parametrize("inside", ["<time>2026-01-01T10:00:00Z</time>",
                                    "<extensions><hr>80</hr></extensions>"])  # fmt: skip
def test_the_track_of_a_person_is_refused(tmp_path, inside):
    path = gpx(tmp_path, f'<trk><trkseg><trkpt lat="1" lon="1">{inside}</trkpt>'
                         '<trkpt lat="1" lon="2"/></trkseg></trk>')  # fmt: skip
    with pytest.raises(PersonalDataRefusal, match="not the track of a person"):
        read_routes(path)


@pytest.mark.parametrize("name", ["coordTimes", "time", "timestamps", "Speed"])
def test_times_of_geojson_are_refused(tmp_path, name):
    path = geojson(tmp_path, way((0, 0), (1, 0)), properties={name: ["2026-01-01T10:00:00Z"]})
    with pytest.raises(PersonalDataRefusal):
        read_routes(path)


def test_a_fourth_number_is_refused(tmp_path):
    with pytest.raises(DataError):
        read_routes(geojson(tmp_path, [[1, 2, 3, 1700000000], [2, 3, 4, 1700000060]]))


def test_personal_data_in_a_name_is_refused(tmp_path):
    path = geojson(tmp_path, way((0, 0), (1, 0)), properties={"name": "casa de DNI 20.345.678"})
    with pytest.raises(PersonalDataRefusal) as caught:
        read_routes(path)
    assert "345" not in str(caught.value)


@pytest.mark.parametrize(
    "inside",
    ["", "<rte/>", "<rte><rtept/></rte>", '<rte><rtept lat="1"/><rtept lat="2"/></rte>',
     '<rte><rtept lat="99" lon="1"/><rtept lat="2" lon="1"/></rte>', "<rte>"],
)  # fmt: skip
def test_a_gpx_without_a_way_is_refused(tmp_path, inside):
    with pytest.raises(DataError):
        read_routes(gpx(tmp_path, inside))


def test_entities_are_refused(tmp_path):
    path = tmp_path / "r.gpx"
    path.write_text('<!DOCTYPE gpx [<!ENTITY a "b">]><gpx><rte/></gpx>')
    with pytest.raises(UnreadableError, match="no entities"):
        read_routes(path)


def test_points_and_polygons_are_no_way(tmp_path):
    with pytest.raises(DataError, match="must be a line"):
        read_routes(geojson(tmp_path, [0, 0], kind="Point"))
    with pytest.raises(DataError, match="hold a line"):
        read_routes(geojson(tmp_path))
