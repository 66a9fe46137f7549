"""Each warning where it must be, and not where it must not."""

import pytest

from veedor.audits.places import (
    ExposureSettings,
    audit_exposure,
    make_groups,
    read_predictions,
    read_zones,
)
from veedor.report.words import words_in
from veedor.statistics.codes import Finding

from .conftest import boxes_in, middle, square, town, write_boxes, write_zones

GROUPS = make_groups(["white", "black"], "population", "white")


def warnings(tmp_path, features, boxes, others=(), stored=None):
    zones = read_zones(
        write_zones(tmp_path / "z.geojson", features), GROUPS, population="population",
        stored_count=stored,
    )  # fmt: skip
    neighbours = [
        read_zones(write_zones(tmp_path / f"o{n}.geojson", other), GROUPS, population="population")
        for n, other in enumerate(others)
    ]
    predictions = read_predictions(write_boxes(tmp_path / "b.csv", boxes), box_m=152.4)
    settings = ExposureSettings(replicates=100)
    done = audit_exposure(zones, predictions, settings, neighbours)
    return {(w.code, w.assignment): w.arguments for w in done.warnings}


@pytest.fixture
def features():
    return town(8, 5)


def test_none_where_nothing_is_wrong(tmp_path, features):
    boxes = boxes_in(features)
    places = [n for _, _, n in boxes]
    counts = [sum(places[3 * z : 3 * z + 3]) for z in range(len(features))]
    for one, count in zip(features, counts, strict=True):
        one["properties"]["stored"] = count
    assert warnings(tmp_path, features, boxes, stored="stored") == {}


def test_few_matched(tmp_path, features):
    boxes = boxes_in(features)
    total = sum(n for _, _, n in boxes)
    assert ("few_matched", "centre") not in warnings(
        tmp_path, features, [*boxes, (0.0, 0.0, int(0.04 * total))]
    )
    found = warnings(tmp_path, features, [*boxes, (0.0, 0.0, int(0.06 * total))])
    assert found["few_matched", "centre"]["percent"] < 95.0


def test_many_zones_without(tmp_path, features):
    boxes = [(*middle(one), 5) for one in features]
    assert ("many_zones_without", "centre") not in warnings(tmp_path, features, boxes[10:])
    assert ("many_zones_without", "centre") in warnings(tmp_path, features, boxes[11:])


def test_stored_and_assigned_disagree(tmp_path, features):
    for number, one in enumerate(features):
        one["properties"]["stored"] = number
    found = warnings(tmp_path, features, boxes_in(features), stored="stored")
    assert found["stored_and_assigned_disagree", "centre"]["spearman"] < 0.9


def test_few_zones(tmp_path, features):
    assert ("few_zones", "") in warnings(tmp_path, features[:29], boxes_in(features[:29]))
    assert ("few_zones", "") not in warnings(tmp_path, features[:30], boxes_in(features[:30]))


def test_zones_that_two_jurisdictions_share(tmp_path, features):
    boxes = boxes_in(features)
    twice = warnings(tmp_path, [*features, features[3]], boxes)
    assert twice["zones_shared", ""]["first"] == features[3]["properties"]["id"]
    over = {**features[0], "properties": {**features[0]["properties"], "id": "other"}}
    over["geometry"] = square(0, 0, 0.5, 0.5)
    assert "zones_shared" in {code for code, _ in warnings(tmp_path, [*features, over], boxes)}
    away = town(2, 2)
    for number, one in enumerate(away):
        one["properties"]["id"] = f"away{number}"
        one["geometry"] = square(20 + number, 20)
    assert ("zones_shared", "") not in warnings(tmp_path, features, boxes, others=[away])
    away[0]["properties"]["id"] = features[7]["properties"]["id"]
    away[1]["geometry"] = features[9]["geometry"]
    found = warnings(tmp_path, features, boxes, others=[away])
    assert set(found["zones_shared", ""]["first"].split(", ")) == {
        features[7]["properties"]["id"],
        features[9]["properties"]["id"],
    }


def test_one_zone_decides(tmp_path, features):
    boxes = [(*middle(one), 10) for one in features]
    most = max(range(len(features)), key=lambda place: features[place]["properties"]["black"])
    boxes[most] = (*middle(features[most]), 4000)
    found = warnings(tmp_path, features, boxes)
    told = found["one_zone_decides", "centre"]
    assert told["zone"] == (features[most]["properties"]["id"])
    sentence = words_in("en").of(Finding("one_zone_decides", told))
    assert sentence.startswith("One zone decides the ratio") and "ratio_" not in sentence
