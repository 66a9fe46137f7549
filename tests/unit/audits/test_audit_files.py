"""Zones, predictions and incidents as they come: hostile, odd, or of another kind."""

import json

import numpy as np
import pyarrow as pa
import pyarrow.parquet
import pytest

from veedor.audits.audit import Statement, Subject, write_estimates
from veedor.audits.places import (
    by_box,
    by_centre,
    covered_share,
    make_groups,
    read_predictions,
    read_record,
    read_zones,
)
from veedor.errors import (
    ConflictingRowsError,
    DataError,
    ForecastFileError,
    StudyError,
    UnreadableError,
    VeedorError,
)
from veedor.statistics import Estimate
from veedor.statistics.codes import Denominator, Method

from .conftest import (
    SOUTH,
    STEP_LAT,
    STEP_LON,
    WEST,
    feature,
    middle,
    square,
    town,
    write_boxes,
    write_zones,
)

GROUPS = make_groups(["white", "black"], "population", "white")


def zones_of(path, features, **options):
    return read_zones(
        write_zones(path / "z.geojson", features), GROUPS, population="population", **options
    )


def test_areas_are_true_far_from_the_equator(tmp_path):
    """A cell of a degree at 60 north, against the ellipsoid's own area."""
    from pyproj import Geod

    features = town(1, 1)
    ring = [[10.0, 60.0], [10.2, 60.0], [10.2, 60.1], [10.0, 60.1], [10.0, 60.0]]
    features[0]["geometry"] = {"type": "Polygon", "coordinates": [ring]}
    lon, lat = zip(*ring, strict=True)
    true, _ = Geod(ellps="WGS84").polygon_area_perimeter(lon, lat)
    assert zones_of(tmp_path, features).area_km2[0] == pytest.approx(abs(true) / 1e6, rel=1e-4)


def test_crossed_outlines_are_mended_and_counted(tmp_path):
    features = town(2, 1)
    x, y = WEST, SOUTH
    bow = [[x, y], [x + 0.01, y + 0.012], [x + 0.01, y], [x, y + 0.01], [x, y]]
    features[0]["geometry"] = {"type": "Polygon", "coordinates": [bow]}
    zones = zones_of(tmp_path, features)
    assert zones.repaired == 1
    assert zones.area_km2[0] > 0.1


@pytest.mark.parametrize(
    ("change", "kind", "match"),
    [
        ({"white": None, "population": None}, None, ""),
        ({"white": -1}, DataError, "at least 0"),
        ({"white": "=1+1"}, DataError, "number"),
        ({"white": float("nan")}, DataError, "number"),
        ({"white": True}, DataError, "number"),
        ({"white": 10**9}, DataError, "more members"),
        ({"id": None}, DataError, "id"),
    ],
)
def test_counts_that_cannot_be(tmp_path, change, kind, match):
    features = town(3, 1)
    features[1]["properties"].update(change)
    if kind is None:
        zones = zones_of(tmp_path, features)
        assert len(zones) == 2
        assert len(zones.without_numbers) == 1
        return
    with pytest.raises(kind, match=match):
        zones_of(tmp_path, features)


def test_a_zone_given_twice(tmp_path):
    features = town(3, 1)
    assert zones_of(tmp_path, [*features, features[0]]).copies == (features[0]["properties"]["id"],)
    other = {**features[0], "properties": {**features[0]["properties"], "white": 0}}
    with pytest.raises(ConflictingRowsError, match="same id"):
        zones_of(tmp_path, [*features, other])


@pytest.mark.parametrize(
    "content", [b"", b"{", b"[]", b'{"features": []}', b"\x00\xff", b"lat,lon", b"[" * 100_000]
)
def test_what_is_no_zones_file(tmp_path, content):
    path = tmp_path / "z.geojson"
    path.write_bytes(content)
    with pytest.raises(VeedorError):
        read_zones(path, GROUPS, population="population")


@pytest.mark.parametrize(
    "content",
    [
        "lat,lon,count\n34.1,-118.2,3\n34.2,-118.3,4\n".encode("utf-16"),
        "\ufefflat,lon,count\r\n34.1,-118.2,3\r\n34.2,-118.3,4\r\n".encode(),
        "año;lat;lon;count\n1;34,1;-118,2;3\n1;34,2;-118,3;4\n".encode("latin-1"),
    ],
)
def test_boxes_in_any_encoding(tmp_path, content):
    path = tmp_path / "b.csv"
    path.write_bytes(content)
    boxes = read_predictions(path, box_m=100.0)
    assert boxes.count.tolist() == [3.0, 4.0]
    assert boxes.lat.tolist() == [34.1, 34.2]


@pytest.mark.parametrize(
    ("text", "match"),
    [
        ("lat,lon\n1,2\n", "count"),
        ("lat,lon,count\n", "rows"),
        ("lat,lon,count\n1,2,x\n", "numbers"),
        ("lat,lon,count\n1,2,nan\n", "finite"),
        ("lat,lon,count\n1,2,inf\n", "finite"),
        ("lat,lon,count\n1,2,\n", "numbers|finite"),
        ("lat,lon,count\n91,2,1\n", "-90"),
        ("lat,lon,count\n-118.2,34.1,1\n", "-90"),
        ("lat,lon,count\n1,2,-1\n", "fewer than 0"),
        ("lat,lon,count\n1,2,0\n", "prediction"),
        ("lat,lon,count\n1,2\n3,4,5\n", "as many cells"),
    ],
)
def test_boxes_that_cannot_be(tmp_path, text, match):
    path = tmp_path / "b.csv"
    path.write_text(text)
    with pytest.raises(DataError, match=match):
        read_predictions(path)


def test_boxes_of_one_category(tmp_path):
    path = tmp_path / "b.csv"
    path.write_text("lat,lon,count,start,end,category\n1,2,3,a,b,theft\n1,3,4,a,b,drugs\n")
    assert read_predictions(path, category="drugs").count.tolist() == [4.0]
    with pytest.raises(DataError, match="theft"):
        read_predictions(path, category="arson")


def test_polygons_with_a_score_and_a_forecast_of_ours_are_the_same_predictions(tmp_path):
    outlines = [square(n, 0) for n in range(3)]
    polygons = write_zones(tmp_path / "p.geojson", [
        {"type": "Feature", "properties": {"risk": n + 1.0}, "geometry": outline}
        for n, outline in enumerate(outlines)
    ])  # fmt: skip
    write_zones(tmp_path / "cells.geojson", [
        {"type": "Feature", "properties": {"cell_id": f"c{n}"}, "geometry": outline}
        for n, outline in enumerate(outlines)
    ])  # fmt: skip
    table = pa.table({
        "category": ["theft"] * 6,
        "cell_id": ["c2", "c1", "c0"] * 2,
        "mean": [1.5, 1.0, 0.5] * 2,
    })  # fmt: skip
    (tmp_path / "forecasts").mkdir()
    pyarrow.parquet.write_table(table, tmp_path / "forecasts" / "f.parquet")
    zones = zones_of(tmp_path, town(3, 1))
    scored = read_predictions(polygons, score="risk")
    ours = read_predictions(tmp_path / "forecasts" / "f.parquet")
    for predictions in (scored, ours):
        assert by_centre(predictions, zones).count == pytest.approx([1.0, 2.0, 3.0])
        assert by_box(predictions, zones).count == pytest.approx([1.0, 2.0, 3.0], rel=1e-3)
    with pytest.raises(DataError, match="risk"):
        read_predictions(polygons)
    with pytest.raises(ForecastFileError, match="outline"):
        pyarrow.parquet.write_table(
            table.set_column(1, "cell_id", pa.array(["x"] * 6)), tmp_path / "g.parquet"
        )
        read_predictions(tmp_path / "g.parquet")


def test_a_box_on_a_border_is_shared_by_its_ground(tmp_path):
    features = town(2, 1)
    zones = zones_of(tmp_path, features)
    x, y = middle(features[0])
    quarter = 152.4 / 4 / 1000 * STEP_LON
    place = (x + STEP_LON / 2 + quarter, y, 8)
    boxes = read_predictions(write_boxes(tmp_path / "b.csv", [place]), box_m=152.4)
    assert by_centre(boxes, zones).count.tolist() == [0.0, 8.0]
    assert by_box(boxes, zones).count == pytest.approx([2.0, 6.0], rel=0.01)
    with pytest.raises(StudyError, match="--box-m"):
        by_box(read_predictions(tmp_path / "b.csv"), zones)


def test_a_point_on_a_border_or_a_corner_is_shared_as_the_file_draws_it(tmp_path):
    def zone(name, west, south, east, north):
        ring = [[west, south], [east, south], [east, north], [west, north], [west, south]]
        return feature(
            name, {"type": "Polygon", "coordinates": [ring]}, population=10, white=5, black=5,
            households=5, poor=1,
        )  # fmt: skip

    zones = zones_of(
        tmp_path,
        [zone("long", 10.0, 50.0, 11.0, 50.1)]
        + [zone(f"{k}", 10.0 + k / 4, 50.1, 10.25 + k / 4, 50.2) for k in range(4)],
    )
    rows = [
        (10.125, 50.1, 6),  # on the long side, which a straight line in metres would bend away from
        (10.25, 50.1, 6),  # where three zones meet
        (10.375, 50.1001, 5),
        (10.0, 50.2, 4),  # an outer corner
    ]
    boxes = read_predictions(write_boxes(tmp_path / "b.csv", rows), box_m=152.4)
    assert by_centre(boxes, zones).count.tolist() == [5.0, 9.0, 7.0, 0.0, 0.0]
    assert by_box(boxes, zones).count == pytest.approx([8.14, 5.5, 4.36, 0.0, 0.0], abs=0.02)


def test_predictions_of_another_city_are_refused(tmp_path):
    zones = zones_of(tmp_path, town(2, 1))
    boxes = read_predictions(write_boxes(tmp_path / "b.csv", [(0.0, 0.0, 5)]), box_m=100.0)
    for assign in (by_centre, by_box):
        with pytest.raises(DataError, match="same city"):
            assign(boxes, zones)


def test_sums_that_only_rounding_tells_apart_are_tied(tmp_path):
    features = town(3, 1)
    for number, one in enumerate(features):
        # Three zones over one another: thirds of three predictions are one, in every order.
        one["geometry"] = features[0]["geometry"]
        one["properties"]["id"] = f"{number}"
    features.append(town(4, 1)[3])
    x, y = middle(features[0])
    rows = [(x, y, 0.1), (x, y, 0.2), (*middle(features[3]), 0.1)]
    count = by_centre(
        read_predictions(write_boxes(tmp_path / "b.csv", rows)), zones_of(tmp_path, features)
    ).count
    assert len(set(count.tolist())) == 1


def test_zones_in_metres_are_read_by_their_own_coordinates(tmp_path):
    features = town(1, 1)
    square = [[500_000, 0], [501_000, 0], [501_000, 1_000], [500_000, 1_000], [500_000, 0]]
    features[0]["geometry"]["coordinates"] = [square]
    text = {
        "type": "FeatureCollection",
        "crs": {"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::32631"}},
        "features": features,
    }
    path = tmp_path / "zones.geojson"
    path.write_text(json.dumps(text))
    zones = read_zones(path, make_groups(["white", "black"], "population", "white"),
                       population="population")  # fmt: skip
    boxes = read_predictions(write_boxes(tmp_path / "b.csv", [(3.0045, 0.0045, 7)]), box_m=100.0)
    assert by_centre(boxes, zones).count.tolist() == [7.0]
    assert by_box(boxes, zones).count.tolist() == [7.0]


def test_ground_that_many_boxes_cover_counts_once(tmp_path):
    features = town(1, 1)
    zones = zones_of(tmp_path, features)
    x, y = middle(features[0])
    rows = [(x, y, 1), (x, y, 5), (x + 0.3 * STEP_LON, y + 0.3 * STEP_LAT, 0)]
    boxes = read_predictions(write_boxes(tmp_path / "b.csv", rows), box_m=500.0)
    assert covered_share(boxes, zones) == pytest.approx([0.25 / zones.area_km2[0]], rel=1e-6)


def test_zones_that_overlap_do_not_count_a_prediction_twice(tmp_path):
    features = [*town(1, 1), town(2, 1)[1]]
    features[1]["geometry"] = features[0]["geometry"]
    zones = zones_of(tmp_path, features)
    boxes = read_predictions(
        write_boxes(tmp_path / "b.csv", [(*middle(features[0]), 8)]), box_m=100.0
    )
    assert by_centre(boxes, zones).count.tolist() == [4.0, 4.0]
    assert by_box(boxes, zones).count == pytest.approx([4.0, 4.0])


def test_incidents_by_how_they_became_known(tmp_path):
    path = tmp_path / "i.csv"
    path.write_text("lat,lon,category\n1,2,robbery\n1,2,drugs\n1,2,other\n")
    assert read_record(path).kinds == ("recorded",)
    apart = read_record(path, reported=["robbery"], discovered=["drugs"])
    assert apart.kinds == ("reported", "discovered")
    assert apart.of("discovered").count.sum() == 1.0
    path.write_text("lat,lon,known_by\n1,2,reported\n1,2,found\n")
    with pytest.raises(DataError, match="found"):
        read_record(path)


@pytest.mark.parametrize(
    "text", ["hh=a/b", "hh=a:b", "=a/b:c", "hh=a/b/c:d", "white=a/b:c", "x=a/b:x"]
)
def test_groups_that_cannot_be(text):
    with pytest.raises(StudyError):
        make_groups(["white", "black"], "population", "white", [text])


def test_text_in_the_file_is_no_formula(tmp_path):
    held = Estimate(None, None, None, 0.95, Method("none"), 0, Denominator("=cmd|' /C calc'!A0"))
    said = Statement(Subject("@SUM(1)", "centre"), "share_total", held)
    write_estimates([said], tmp_path / "e.csv", lambda coded: coded.code)
    row = (tmp_path / "e.csv").read_text().splitlines()[1]
    assert row.startswith("centre,all,,'@SUM(1),share_total,,,,0.95,none,0,'=cmd")
    assert np.isfinite(json.loads("1"))


def test_an_unreadable_archive_is_told(tmp_path):
    path = tmp_path / "b.csv.gz"
    path.write_bytes(b"\x1f\x8b broken")
    with pytest.raises(UnreadableError):
        read_predictions(path)
