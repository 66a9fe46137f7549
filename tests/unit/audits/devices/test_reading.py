"""Devices as anyone's file has them, and what of them is not known."""

import json

import numpy as np
import pytest
import shapely

from veedor.audits.places.devices import Assumed, read_devices, views
from veedor.audits.places.devices.osm import directions
from veedor.errors import ConflictingRowsError, DataError, StudyError, VeedorError


def table(tmp_path, text):
    path = tmp_path / "d.csv"
    path.write_text(text)
    return path


def test_a_table_says_all(tmp_path):
    path = table(
        tmp_path,
        "lat,lon,kind,range_m,bearing_deg,angle_deg\n-34.6,-58.4,camera,30,350,70\n"
        "-34.61,-58.4,ALPR,15,90,360\n",
    )
    held = read_devices(path)
    assert held.kind.tolist() == ["camera", "ALPR"]
    assert held.range_low_m.tolist() == held.range_high_m.tolist() == [30.0, 15.0]
    assert held.looks.bearing.tolist() == [350.0, 90.0]
    assert held.looks.angle_low.tolist() == held.looks.angle_high.tolist() == [70.0, 360.0]
    assert held.views_known
    read = held.read
    assert (read.range_assumed, read.direction_unknown, read.angle_assumed) == (0, 0, 0)


def test_what_is_not_known_is_bounded_and_told(tmp_path):
    path = table(
        tmp_path,
        "lat,lon,range_m,bearing_deg,angle_deg\n-34.6,-58.4,,350,70\n-34.61,-58.4,15,,70\n"
        "-34.62,-58.4,15,90,\n-34.63,-58.4,15,,360\n",
    )
    held = read_devices(path, Assumed.of(("20,60",), "40,110"))
    assert held.range_low_m.tolist() == [20.0, 15.0, 15.0, 15.0]
    assert held.range_high_m.tolist() == [60.0, 15.0, 15.0, 15.0]
    # Without a direction nothing is surely in view; one that looks all round needs none.
    assert held.looks.angle_low.tolist() == [70.0, 0.0, 40.0, 360.0]
    assert held.looks.angle_high.tolist() == [70.0, 360.0, 110.0, 360.0]
    assert not held.views_known
    assert held.counts_known
    read = held.read
    assert (read.range_assumed, read.direction_unknown, read.angle_assumed) == (1, 1, 1)


def test_nothing_assumed_of_a_field_of_view_is_all_of_it(tmp_path):
    path = table(tmp_path, "lat,lon,range_m,bearing_deg\n-34.6,-58.4,15,90\n")
    looks = read_devices(path).looks
    assert (looks.angle_low[0], looks.angle_high[0]) == (0.0, 360.0)


def test_all_may_be_said_to_look_all_round(tmp_path):
    path = table(tmp_path, "lat,lon,range_m\n-34.6,-58.4,15\n")
    held = read_devices(path, Assumed.of((), "360"))
    assert held.views_known
    assert held.read.direction_unknown == 0


def test_ranges_of_a_kind(tmp_path):
    path = table(tmp_path, "lat,lon,kind\n-34.6,-58.4,ALPR\n-34.61,-58.4,camera\n")
    held = read_devices(path, Assumed.of(("alpr=10", "20,90")))
    assert held.range_high_m.tolist() == [10.0, 90.0]
    with pytest.raises(DataError, match="must have a range") as caught:
        read_devices(path, Assumed.of(("ALPR=10",)))
    assert "camera" in caught.value.found
    assert "--range-m" in caught.value.remedy


def test_counts_of_readers_are_bounds(tmp_path):
    path = table(
        tmp_path,
        "lat,lon,range_m,angle_deg,least,median,most,agreement\n-34.6,-58.4,200,360,0,1,3,none\n"
        "-34.61,-58.4,200,360,2,2,2,unanimous\n",
    )
    held = read_devices(path)
    assert held.count_low.tolist() == [0.0, 2.0]
    assert held.count_high.tolist() == [3.0, 2.0]
    assert not held.counts_known


def test_what_is_alike_in_everything_is_one_or_two(tmp_path):
    row = "-34.6,-58.4,camera,15,90,60\n"
    path = table(
        tmp_path,
        f"lat,lon,kind,range_m,bearing_deg,angle_deg\n{row}{row}-34.6,-58.4,camera,15,270,60\n",
    )
    held = read_devices(path)
    assert held.read.repeated == 1
    assert held.count_low.tolist() == [1.0, 0.0, 1.0]
    assert held.count_high.tolist() == [1.0, 1.0, 1.0]


@pytest.mark.parametrize(
    ("head", "row"),
    [
        ("range_m", "-5"),
        ("range_m", "0"),
        ("range_m", "1000000000"),
        ("range_m", "inf"),
        ("range_m", "far"),
        ("range_m,angle_deg", "20,400"),
        ("range_m,angle_deg", "20,-1"),
        ("range_m,bearing_deg", "20,361"),
        ("range_low_m,range_high_m", "30,20"),
        ("range_low_m,range_high_m", "30,"),
        ("range_low_m", "30"),
        ("range_m,range_low_m,range_high_m", "1,1,1"),
        ("range_m,least,most", "20,3,1"),
        ("range_m,least,most", "20,0.5,1"),
        ("range_m,least,most", "20,-1,1"),
        ("range_m,count", "20,0"),
        ("range_m,count", "20,1e12"),
    ],
)
def test_what_cannot_be_is_refused(tmp_path, head, row):
    path = table(tmp_path, f"lat,lon,{head}\n-34.6,-58.4,{row}\n")
    with pytest.raises(VeedorError):
        read_devices(path)


@pytest.mark.parametrize("place", ["0,0", "91,0", "-34.6,181", ",", "nan,1", "-58.4,-34.6e9"])
def test_a_device_must_have_a_place(tmp_path, place):
    with pytest.raises(DataError):
        read_devices(table(tmp_path, f"lat,lon,range_m\n{place},20\n"))


@pytest.mark.parametrize("text", ["", "a", "5,1", "1,2,3", "-1", "0", "20000", "nan", "=,"])
def test_an_assumption_must_be_one_or_two_numbers(text):
    with pytest.raises(StudyError):
        Assumed.of((text,))


def test_a_kind_is_assumed_once():
    with pytest.raises(StudyError, match="once"):
        Assumed.of(("camera=1", "Camera=2"))


def osm(tmp_path, features, name="osm.geojson"):
    path = tmp_path / name
    path.write_text(json.dumps({"type": "FeatureCollection", "features": features}))
    return path


def node(number, lon=-58.4, lat=-34.6, **tags):
    tags = {name.replace("__", ":"): value for name, value in tags.items()}
    return {
        "type": "Feature",
        "properties": {"@id": f"node/{number}", "man_made": "surveillance", **tags},
        "geometry": {"type": "Point", "coordinates": [lon, lat]},
    }


def test_tags_of_openstreetmap(tmp_path):
    features = [
        node(1, surveillance__type="camera", camera__type="fixed", camera__direction="NE"),
        node(2, surveillance__type="camera", camera__type="panning"),
        node(3, surveillance__type="camera", camera__type="dome"),
        node(4, surveillance__type="ALPR", direction="350-10"),
        node(5, surveillance__type="ANPR", camera__direction="90;270"),
        node(6),
        node(7, surveillance__type="camera", camera__direction="towards the door"),
        node(8, surveillance__type="guard"),
        node(9, surveillance__type="gunshot_detector"),
        node(10, surveillance="indoor"),
        node(11, surveillance="no"),
        node(1, surveillance__type="camera", camera__type="fixed", camera__direction="NE"),
        {"type": "Feature", "properties": {"@id": "node/12", "highway": "crossing"},
         "geometry": {"type": "Point", "coordinates": [-58.4, -34.6]}},
        {"type": "Feature", "properties": {"@id": "way/1", "man_made": "surveillance"},
         "geometry": {"type": "LineString", "coordinates": [[-58.4, -34.6], [-58.3, -34.6]]}},
    ]  # fmt: skip
    held = read_devices(osm(tmp_path, features), Assumed.of(("10,50",), "60,100"))
    assert held.kind.tolist() == ["camera"] * 3 + ["ALPR"] * 2 + ["camera"] * 2
    assert held.looks.device.tolist() == [0, 1, 2, 3, 4, 4, 5, 6]
    assert held.looks.bearing.tolist() == [45.0, 0.0, 0.0, 0.0, 90.0, 270.0, 0.0, 0.0]
    assert held.looks.angle_low.tolist() == [60.0, 360.0, 0.0, 20.0, 60.0, 60.0, 0.0, 0.0]
    assert held.looks.angle_high.tolist() == [
        100.0, 360.0, 360.0, 20.0, 100.0, 100.0, 360.0, 360.0,
    ]  # fmt: skip
    read = held.read
    assert read.layout == "osm"
    assert (read.rows, read.other, read.indoor, read.without_point, read.copies) == (14, 4, 1, 1, 1)
    assert (read.range_assumed, read.direction_unknown, read.angle_assumed) == (7, 3, 2)


def test_tags_under_a_property_and_whoever_drew_them_stays_out(tmp_path):
    feature = {
        "type": "Feature",
        "properties": {
            "type": "node", "id": 7, "meta": {"user": "Ana Perez"},
            "tags": {"man_made": "surveillance", "operator": "Juan Gomez, DNI 20.345.678"},
        },
        "geometry": {"type": "Point", "coordinates": [-58.4, -34.6]},
    }  # fmt: skip
    held = read_devices(osm(tmp_path, [feature, feature]), Assumed.of(("30",)))
    assert len(held) == 1
    assert held.read.copies == 1
    assert "Gomez" not in repr(held)


def test_a_feature_with_two_contents_is_refused(tmp_path):
    two = [node(1, camera__direction="10"), node(1, camera__direction="20")]
    with pytest.raises(ConflictingRowsError, match="come once"):
        read_devices(osm(tmp_path, two), Assumed.of(("30",)))


def test_points_of_geojson_with_our_columns(tmp_path):
    feature = {
        "type": "Feature",
        "properties": {"kind": "camera", "range_m": 25, "bearing_deg": 10, "angle_deg": 90},
        "geometry": {"type": "Point", "coordinates": [-58.4, -34.6]},
    }
    held = read_devices(osm(tmp_path, [feature]))
    assert (held.lon[0], held.lat[0], held.range_low_m[0]) == (-58.4, -34.6, 25.0)


@pytest.mark.parametrize("text", ["{", "[]", '{"type": "FeatureCollection", "features": []}', "7"])
def test_a_broken_file_is_refused(tmp_path, text):
    path = tmp_path / "d.geojson"
    path.write_text(text)
    with pytest.raises(DataError):
        read_devices(path)


@pytest.mark.parametrize(
    ("text", "middle", "wide"),
    [
        ("0", 0.0, None), ("360", 0.0, None), ("SSW", 202.5, None), ("12.5°", 12.5, None),
        ("10-20", 15.0, 10.0), ("N-E", 45.0, 90.0), ("350-10", 0.0, 20.0), ("0-360", 180.0, 360.0),
    ],
)  # fmt: skip
def test_directions(text, middle, wide):
    [(found, angle)] = directions(text)
    assert found == middle
    assert np.isnan(angle) if wide is None else angle == wide


@pytest.mark.parametrize("text", ["", "forward", "-5", "365", "N;x", "10-x", "nan"])
def test_what_is_no_direction(text):
    assert directions(text) is None


def counts(tmp_path, text):
    path = tmp_path / "items.csv"
    path.write_text("key,readers,least,median,most,agreement\n" + text)
    return path


PLACES = "key,lat,lon,range_m,angle_deg\na,-34.6,-58.4,200,360\nb,-34.61,-58.4,200,360\n"


def test_counts_of_readers_by_key(tmp_path):
    path = table(tmp_path, PLACES + "c,-34.62,-58.4,200,360\nd,-34.63,-58.4,200,360\n")
    held = read_devices(
        path, None, counts(tmp_path, "b,3,0,1,4,none\na,2,2,2,2,unanimous\nc,0,,,,\n")
    )
    assert held.lat.tolist() == [-34.6, -34.61]
    assert held.count_low.tolist() == [2.0, 0.0]
    assert held.count_high.tolist() == [2.0, 4.0]
    assert (held.read.rows, held.read.uncounted) == (
        4,
        2,
    )  # c by nobody who could tell, d by nobody


@pytest.mark.parametrize(
    ("places", "rows", "told"),
    [
        (PLACES, "a,3,1,1,1,\na,3,1,1,1,\n", "one row"),
        (PLACES + "a,-34.6,-58.4,200,360\n", "a,3,1,1,1,\n", "one row"),
        (PLACES, "z,3,1,1,1,\n", "must be a place"),
        (PLACES.replace("key", "name"), "a,3,1,1,1,\n", "have a key"),
        (PLACES.replace("angle_deg", "count"), "a,3,1,1,1,\n", "one file"),
        (PLACES, "a,3,2,1,1,\n", "whole, at least 0"),
    ],
)
def test_counts_that_do_not_fit_are_refused(tmp_path, places, rows, told):
    with pytest.raises(DataError, match=told):
        read_devices(table(tmp_path, places), None, counts(tmp_path, rows))


def test_openstreetmap_has_no_keys_for_counts(tmp_path):
    with pytest.raises(DataError, match="have a key"):
        read_devices(
            osm(tmp_path, [node(1)]), Assumed.of(("30",)), counts(tmp_path, "a,3,1,1,1,\n")
        )


SQUARE = [[0.0, 0.0], [0.002, 0.0], [0.002, 0.001], [0.0, 0.001], [0.0, 0.0]]


def drawn(tmp_path, *views, crs=None):
    """GeoJSON of (kind of shape, coordinates, properties)."""
    path = tmp_path / "drawn.geojson"
    document = {
        "type": "FeatureCollection",
        "features": [
            {"type": "Feature", "properties": said, "geometry": {"type": kind, "coordinates": at}}
            for kind, at, said in views
        ],
    }
    if crs is not None:
        document["crs"] = {"type": "name", "properties": {"name": crs}}
    path.write_text(json.dumps(document), encoding="utf-8")
    return path


def moved(ring, lon, lat):
    return [[lon + x, lat + y] for x, y in ring]


def test_a_polygon_is_a_view_that_is_known(tmp_path):
    view, other = moved(SQUARE, -58.40, -34.60), moved(SQUARE, -58.39, -34.60)
    path = drawn(
        tmp_path,
        ("Point", [-58.41, -34.60], {"kind": "ALPR", "range_m": 30, "angle_deg": 360}),
        ("Polygon", [view], {"kind": "camera", "lon": -58.4005, "lat": -34.60, "range_m": 900}),
        ("MultiPolygon", [[view], [other]], {"kind": "camera"}),
    )
    held = read_devices(path)
    assert held.views_known
    assert held.kind.tolist() == ["ALPR", "camera", "camera"]
    assert shapely.is_empty(held.drawn).tolist() == [True, False, False]
    assert (held.lon[1], held.lat[1]) == (-58.4005, -34.60)
    assert held.drawn[2].contains(shapely.Point(held.lon[2], held.lat[2]))
    assert (held.read.drawn, held.read.placed, held.read.mended) == (2, 1, 0)
    assert held.ranges == (30.0, 30.0)
    # 0.0025 by 0.001 degrees: to the corner across, not the 900 metres that it says.
    assert held.range_low_m[1] == held.range_high_m[1] == pytest.approx(254.6, abs=1.0)
    assert held.read.range_assumed == held.read.direction_unknown == 0
    crs = "+proj=laea +lat_0=-34.6 +lon_0=-58.4 +datum=WGS84 +units=m +no_defs"
    areas = [shapely.area(views(held, crs, end)) for end in ("least", "most")]
    assert areas[0] == pytest.approx(areas[1])
    assert areas[1] == pytest.approx([np.pi * 900, 20_340, 40_680], rel=2e-3)


def test_a_file_of_views_alone_has_no_range(tmp_path):
    held = read_devices(drawn(tmp_path, ("Polygon", [moved(SQUARE, 1, 1)], {})))
    assert held.ranges is None
    assert held.kind.tolist() == ["device"]


def test_views_of_another_crs_and_of_three_numbers_are_moved(tmp_path):
    ring = [[500_000.0 + x, 6_000_000.0 + y, 7.0] for x, y in
            [(0, 0), (200, 0), (200, 100), (0, 100), (0, 0)]]  # fmt: skip
    held = read_devices(drawn(tmp_path, ("Polygon", [ring], {}), crs="EPSG:32721"))
    assert (held.lon[0], held.lat[0]) == pytest.approx((-57.0, -36.14), abs=0.01)
    assert not shapely.has_z(held.drawn[0])
    assert held.range_high_m[0] == pytest.approx(111.8, abs=1.0)


def test_views_that_are_alike_in_everything_are_one_or_two(tmp_path):
    one, other = moved(SQUARE, 1, 1), moved([[2 * x, y] for x, y in SQUARE], 1, 1)
    at = {"lon": 1.0, "lat": 1.0}
    held = read_devices(drawn(tmp_path, *(("Polygon", [ring], at) for ring in (one, other, one))))
    assert held.count_low.tolist() == [1.0, 1.0, 0.0]


def test_an_outline_that_crosses_itself_is_mended_and_told(tmp_path):
    bow = moved([[0, 0], [0.001, 0.001], [0.001, 0], [0, 0.001], [0, 0]], 1, 1)
    held = read_devices(drawn(tmp_path, ("Polygon", [bow], {})))
    assert held.read.mended == 1
    assert held.drawn[0].is_valid
    assert held.drawn[0].area == pytest.approx(0.5e-6)


@pytest.mark.parametrize(
    ("kind", "at"),
    [("Polygon", [[[1, 1], [1, 2], [1, 1], [1, 1]]]), ("Polygon", []),
     ("Polygon", [moved(SQUARE, 200, 1)]), ("Polygon", [moved(SQUARE, 1, 95)])],
)  # fmt: skip
def test_a_view_must_enclose_ground_on_earth(tmp_path, kind, at):
    path = drawn(tmp_path, ("Point", [1, 1], {"range_m": 9}), (kind, at, {"range_m": 9}))
    with pytest.raises(DataError) as caught:
        read_devices(path, Assumed({"": (1.0, 2.0)}))
    assert "range" not in caught.value.must
    if at:
        assert "features 2" in caught.value.where


def test_a_view_of_a_hundred_kilometres_is_in_another_unit(tmp_path):
    ring = moved([[500 * x, 500 * y] for x, y in SQUARE], 1, 1)
    with pytest.raises(DataError, match=r"from 0 to 10,000 metres"):
        read_devices(drawn(tmp_path, ("Polygon", [ring], {})))


def test_beside_views_a_line_is_no_device(tmp_path):
    line = ("LineString", [[1, 1], [1, 2]], {"range_m": 9})
    with pytest.raises(DataError, match="a point, or a polygon"):
        read_devices(drawn(tmp_path, line, ("Polygon", [moved(SQUARE, 1, 1)], {})))


def test_features_that_come_twice_are_refused(tmp_path):
    text = drawn(tmp_path, ("Polygon", [moved(SQUARE, 1, 1)], {})).read_text()
    path = tmp_path / "twice.geojson"
    path.write_text(text[:-1] + ', "features": ' + text[text.index("[") :])
    with pytest.raises(DataError):
        read_devices(path)


def test_views_of_places_that_readers_counted(tmp_path):
    path = drawn(tmp_path, *(
        ("Polygon", [moved(SQUARE, 1 + n, 1)], {"key": f"k{n}"}) for n in range(3)
    ))  # fmt: skip
    counted = tmp_path / "items.csv"
    counted.write_text("key,least,most\nk0,1,1\nk2,1,3\n")
    held = read_devices(path, counts=counted)
    assert shapely.bounds(held.drawn)[:, 0] == pytest.approx([1.0, 3.0])
    assert held.count_high.tolist() == [1.0, 3.0]
    assert held.read.drawn == 2
