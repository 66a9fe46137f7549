"""What audits find at each place: bounds, parts, and the files that hold them."""

import csv
import json

import numpy as np
import pytest

from veedor.audits.places import (
    ExposureSettings,
    audit_exposure,
    make_groups,
    read_predictions,
    read_zones,
)
from veedor.audits.places.by_place import (
    PlaceOutlines,
    holding_half,
    write_outlines,
    write_places,
)
from veedor.errors import DataError
from veedor.report.audit_exposure import exposure_document
from veedor.report.document import write_document

from .conftest import GROUPS, boxes_in, feature, square, town, write_boxes, write_zones


@pytest.fixture
def zones(tmp_path):
    path = write_zones(tmp_path / "z.geojson", town(6, 5, population_moe=lambda n: 50 + n))
    return read_zones(path, make_groups(GROUPS, "population", "white"), population="population")


@pytest.fixture
def audit(tmp_path, zones):
    boxes = write_boxes(tmp_path / "b.csv", boxes_in(town(6, 5)))
    predictions = read_predictions(boxes, box_m=400.0)
    return audit_exposure(zones, predictions, ExposureSettings(replicates=100))


def test_both_ways_to_count_lie_between_the_bounds_of_the_boxes(audit):
    (figures,) = audit.by_place
    for assignment in ("centre", "box"):
        column = figures.column("predictions", assignment)
        value, low, high = (
            np.array(one, dtype=float) for one in (column.value, column.low, column.high)
        )
        assert np.all(low <= value + 1e-9)
        assert np.all(value <= high + 1e-9)
        assert np.any(low < high)
        assert column.method.code == "bounds_of_boxes"


def test_bounds_are_those_of_boxes_that_lie_whole_in_a_zone_and_of_all_that_touch_it(tmp_path):
    features = [
        feature(name, square(column, 0), population=10, white=5, black=5)
        for column, name in enumerate("ab")
    ]
    path = write_zones(tmp_path / "z.geojson", features)
    zones = read_zones(path, make_groups(GROUPS, "population", "white"), population="population")
    west, edge = features[0]["geometry"]["coordinates"][0][:2]
    middle = (west[0] + edge[0]) / 2, west[1] + 0.0045
    rows = [(*middle, 3), (edge[0] - 1e-5, middle[1], 4)]
    predictions = read_predictions(write_boxes(tmp_path / "b.csv", rows), box_m=100.0)
    (figures,) = audit_exposure(zones, predictions).by_place
    column = figures.column("predictions", "centre")
    assert [column.of(place) for place in range(2)] == [(7.0, 3.0, 7.0), (0.0, 0.0, 4.0)]


def test_without_the_size_of_a_box_a_count_is_counted(tmp_path, zones):
    boxes = write_boxes(tmp_path / "b.csv", boxes_in(town(6, 5)))
    (figures,) = audit_exposure(zones, read_predictions(boxes)).by_place
    column = figures.column("predictions_per_1000", "centre")
    assert (column.low, column.high, column.method.code) == ((), (), "none_counted")


def test_a_rate_is_out_of_the_residents_and_undefined_without_any(tmp_path):
    features = town(3, 2)
    for one in features[:1]:
        one["properties"] |= dict.fromkeys(("population", "white", "black"), 0)
    path = write_zones(tmp_path / "z.geojson", features)
    zones = read_zones(path, make_groups(GROUPS, "population", "white"), population="population")
    predictions = read_predictions(write_boxes(tmp_path / "b.csv", boxes_in(features)))
    (figures,) = audit_exposure(zones, predictions).by_place
    rate, count = (figures.column(n, "centre") for n in ("predictions_per_1000", "predictions"))
    assert rate.value[0] is None
    assert rate.value[1] == pytest.approx(1000.0 * count.value[1] / zones.population[1])
    assert rate.out_of == tuple(zones.population.tolist())


def test_residents_have_the_margin_of_the_census(audit, zones):
    column = audit.by_place[0].column("residents")
    value, low, high = column.of(3)
    assert (low, high) == (max(value - 53.0, 0.0), value + 53.0)
    assert (column.level, column.method.code) == (0.9, "census_margin")


@pytest.mark.parametrize(
    ("count", "population", "codes"),
    [
        ([5.0, 5.0], [1.0, 1.0], ["half", "other"]),
        ([1.0, 9.0], [1.0, 100.0], ["half", "half"]),  # most per resident first
        ([0.0, 4.0, 4.0], [5.0, 0.0, 5.0], ["none", "other", "half"]),
    ],
)
def test_zones_that_hold_half(count, population, codes):
    assert holding_half(np.array(count), np.array(population)) == codes


def test_zones_that_hold_half_are_as_many_as_the_audits_own_share(audit, zones):
    (figures,) = audit.by_place
    codes = np.array(figures.kinds("part_of_predictions", "centre").code)
    count = np.array(figures.column("predictions", "centre").value)
    assert count[codes == "half"].sum() >= 0.5 * count.sum()
    least = (count / zones.population)[codes == "half"].min()
    assert np.all((count / zones.population)[codes == "other"] <= least)


def test_a_table_and_outlines_are_written_by_id(audit, zones, tmp_path):
    (figures,) = audit.by_place
    write_places(figures, tmp_path / "places.csv")
    write_outlines(figures, PlaceOutlines.of_zones(zones, "z"), tmp_path / "places.geojson")
    with (tmp_path / "places.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [row["place"] for row in rows] == zones.zone_id.tolist()
    assert (
        float(rows[2]["predictions_centre_high"]) == figures.column("predictions", "centre").high[2]
    )
    drawn = json.loads((tmp_path / "places.geojson").read_text(encoding="utf-8"))["features"]
    assert [one["properties"] for one in drawn] == [{"place": row["place"]} for row in rows]


def test_outlines_are_found_by_id_and_those_without_one_are_said(tmp_path):
    path = write_zones(tmp_path / "z.geojson", town(3, 1))
    names = [one["properties"]["id"] for one in town(3, 1)]
    outlines = PlaceOutlines.read(path, "id", [names[2], "elsewhere", names[0]])
    assert outlines.known.tolist() == [True, False, True]
    assert outlines.polygons[0].bounds[0] > outlines.polygons[2].bounds[0]
    with pytest.raises(DataError, match="must have an id in nothing"):
        PlaceOutlines.read(path, "nothing", names)
    for nobody in (None, " ", {"a": 1}):
        features = town(3, 1)
        features[1]["properties"]["id"] = nobody
        with pytest.raises(DataError, match="must have an id in id"):
            PlaceOutlines.read(write_zones(tmp_path / "n.geojson", features), "id", names)
    twice = write_zones(tmp_path / "t.geojson", [*town(3, 1), town(3, 1)[0]])
    with pytest.raises(DataError, match="must be unique"):
        PlaceOutlines.read(twice, "id", names)


def test_names_of_zones_stand_beside_their_ids(tmp_path):
    features = town(3, 2)
    for number, one in enumerate(features):
        one["properties"]["name"] = f"Barrio <{number}>"
    path = write_zones(tmp_path / "z.geojson", features)
    zones = read_zones(path, make_groups(GROUPS, "population", "white"), population="population")
    predictions = read_predictions(write_boxes(tmp_path / "b.csv", boxes_in(features)))
    audit = audit_exposure(zones, predictions)
    assert audit.by_place[0].called(1) == f"Barrio ‹1› ({zones.zone_id[1]})"
    page = tmp_path / "page.html"
    write_document(exposure_document(audit, outlines=PlaceOutlines.of_zones(zones, "z")), page)
    text = page.read_text(encoding="utf-8")
    assert "Barrio ‹1›" in text
    assert "Barrio <" not in text


def test_a_page_has_every_zone_and_one_assignment_before_the_others(audit, zones):
    page = exposure_document(audit, outlines=PlaceOutlines.of_zones(zones, "z"))
    (places,) = [one for one in page.sections if one.anchor == "places"]
    assert len(places.tables[0].rows) == len(zones)
    assert len(places.figures) == 1
    assert all(one.folded for one in page.sections)
    (otherwise,) = [one for one in page.sections if one.anchor == "otherwise"]
    assert "box" in otherwise.title
    answers = {(v.group, v.statistic): v.answer for v in audit.verdicts if v.assignment == "box"}
    first = [v for v in audit.verdicts if v.assignment == "centre"]
    differing = sum(answers[v.group, v.statistic] != v.answer for v in first)
    assert f"{differing} of {len(first)} answers differ" in otherwise.title
    without = exposure_document(audit)
    assert without.cover.picture is None


def test_a_cover_says_more_only_where_the_verdict_does(audit):
    cover = exposure_document(audit).cover
    by_group = {v.group: v for v in audit.verdicts
                if v.assignment == "centre" and v.statistic == "ratio_per_1000"}  # fmt: skip
    for row in cover.matrix.rows:
        expected = {"more": "more", "less": "less", "cannot_tell": "open"}
        assert row.cells[0].tone == expected[by_group[row.name].answer]
    assert len(cover.cautions) == 4
