"""The audit of exposure, from files to estimates.csv."""

import csv
import json

import numpy as np
import pytest

from veedor.audits.audit import COLUMNS
from veedor.audits.places import (
    ExposureSettings,
    audit_exposure,
    make_groups,
    read_predictions,
    read_zones,
)
from veedor.errors import StudyError
from veedor.report.exposure_cover import held_by_most
from veedor.report.words import words_in

from .conftest import boxes_in, middle, square, town, write_boxes, write_zones

GROUPS = make_groups(["white", "black"], "population", "white", ["lt=poor/households:ge"])
FEW = ExposureSettings(replicates=200, cluster_digits=9)
OF_A_GROUP = {
    "exposure_per_1000", "exposure_count", "exposure_per_km2", "ratio_per_1000", "ratio_count",
    "ratio_per_km2", "exposure_per_1000_tract", "ratio_per_1000_tract", "ratio_count_tract",
    "ratio_per_km2_tract", "spearman_share_vs_count", "pearson_share_vs_count",
    "spearman_share_vs_rate", "share_top_decile", "share_top_quintile", "share_bottom_quintile",
    "share_total", "lq_top_decile", "lq_top_quintile", "lq_bottom_quintile", "share_in_zero_zones",
}  # fmt: skip
OF_ALL = {
    "n_zones", "population", "area_km2", "predictions_total", "predictions_matched",
    "matched_share", "gini_population", "gini_area", "hoover_population",
    "population_share_holding_half", "zero_zone_share", "zero_zone_population_share",
    "morans_i_log1p_count",
}  # fmt: skip


def audit(zones, boxes=None, settings=FEW, groups=GROUPS, **options):
    read = read_zones(zones, groups, population="population", **options)
    predictions = None if boxes is None else read_predictions(boxes, box_m=152.4)
    return audit_exposure(read, predictions, settings)


def values(audit):
    return {
        (f.subject.assignment, f.subject.group, f.statistic): f.estimate.value
        for f in audit.statements
    }


def test_every_figure_is_there_once_with_a_denominator(files, tmp_path):
    done = audit(*files)
    done.write(tmp_path / "out", words_in("en").of)
    with (tmp_path / "out" / "estimates.csv").open(encoding="utf-8") as stream:
        rows = list(csv.DictReader(stream))
    assert tuple(rows[0]) == COLUMNS
    keys = [(row["assignment"], row["group"], row["statistic"]) for row in rows]
    assert len(set(keys)) == len(keys)
    for assignment in ("centre", "box"):
        assert {k[2] for k in keys if k[:2] == (assignment, "all")} == OF_ALL
        for group in ("black", "lt"):
            assert {k[2] for k in keys if k[:2] == (assignment, group)} >= OF_A_GROUP
    assert ("box", "black", "covered") in keys
    assert all(row["denominator"] and row["method"] and row["n"] for row in rows)
    results = json.loads((tmp_path / "out" / "results.json").read_text())
    assert len(results["statements"]) == len(rows)
    for row, figure in zip(rows, results["statements"], strict=True):
        assert (row["value"] == "") == (figure["estimate"]["value"] is None)
        if row["value"]:
            assert float(row["value"]) == figure["estimate"]["value"]


def test_intervals_hold_the_value_and_ratios_are_of_the_reference(files):
    done = audit(*files)
    found = values(done)
    for figure in done.statements:
        each = figure.estimate
        if each.low is not None and figure.statistic.startswith(("exposure", "ratio", "covered")):
            assert each.low <= each.value <= each.high, figure
    for name in ("per_1000", "count", "per_km2"):
        mine, theirs = (found["centre", g, f"exposure_{name}"] for g in ("black", "white"))
        assert found["centre", "black", f"ratio_{name}"] == pytest.approx(mine / theirs, rel=1e-12)
    assert ("centre", "white", "ratio_count") not in found
    assert found["centre", "lt", "ratio_count"] == pytest.approx(
        found["centre", "lt", "exposure_count"] / found["centre", "ge", "exposure_count"]
    )


def test_figures_by_hand(tmp_path):
    """Three zones; the third has no residents, and is in no sum."""
    features = town(3, 1)
    for one, (people, white, black) in zip(
        features, [(10, 5, 5), (30, 27, 3), (0, 0, 0)], strict=True
    ):
        one["properties"].update(population=people, white=white, black=black, households=0, poor=0)
    places = [(*middle(one), n) for one, n in zip(features, (4, 0, 2), strict=True)]
    boxes = write_boxes(tmp_path / "b.csv", [*places, (0.0, 0.0, 2)])
    zones = write_zones(tmp_path / "z.geojson", features)
    made = audit(zones, boxes, groups=GROUPS[:2])
    found = values(made)
    assert held_by_most(made) == (1.0, 0.25), "zones are not cut: all four fell in one of the two"
    assert found["centre", "black", "exposure_per_1000"] == pytest.approx(1000 * 0.5 * 4 / 8)
    assert found["centre", "black", "exposure_count"] == pytest.approx(5 * 4 / 8)
    area = found["centre", "all", "area_km2"]
    assert area == pytest.approx(2.0, rel=0.01)
    assert found["centre", "black", "exposure_per_km2"] == pytest.approx(
        5 * 4 / (area / 2) / 8, 1e-3
    )
    assert found["centre", "black", "ratio_count"] == pytest.approx((20 / 8) / (20 / 32))
    assert found["centre", "all", "n_zones"] == 2
    assert found["centre", "all", "predictions_total"] == 8
    assert found["centre", "all", "predictions_matched"] == 4
    assert found["centre", "all", "matched_share"] == 0.5
    assert found["centre", "all", "zero_zone_share"] == 0.5
    assert found["centre", "all", "zero_zone_population_share"] == 0.75
    assert found["centre", "all", "hoover_population"] == pytest.approx(0.75)
    assert found["centre", "all", "population_share_holding_half"] == pytest.approx(0.125)
    assert found["centre", "black", "share_total"] == pytest.approx(8 / 40)
    assert found["centre", "black", "share_top_decile"] == pytest.approx(0.5)
    assert found["centre", "black", "lq_top_decile"] == pytest.approx(2.5)
    assert found["centre", "black", "share_bottom_quintile"] == pytest.approx(0.1)
    assert found["centre", "black", "share_in_zero_zones"] == pytest.approx(3 / 8)
    assert found["centre", "all", "morans_i_log1p_count"] == pytest.approx(-1.0)


def test_the_three_denominators_can_disagree_in_sign(tmp_path):
    """One small crowded zone with few predictions, one wide one with many."""
    features = [
        {**town(1, 1)[0], "geometry": square(0, 0, 0.2, 0.2)},
        {**town(1, 1)[0], "geometry": square(1, 0, 4.0, 4.0)},
    ]
    for number, (one, white, black) in enumerate(zip(features, (10, 900), (990, 100), strict=True)):
        one["properties"] = {"id": str(number), "population": 1000, "white": white, "black": black}
    boxes = write_boxes(
        tmp_path / "b.csv", [(*middle(one), n) for one, n in zip(features, (10, 40), strict=True)]
    )
    found = values(audit(write_zones(tmp_path / "z.geojson", features), boxes, groups=GROUPS[:2]))
    assert found["centre", "black", "ratio_count"] < 1.0
    assert found["centre", "black", "ratio_per_km2"] > 1.0


def test_the_order_of_rows_never_matters(tmp_path):
    features = town(6, 6)
    boxes = boxes_in(features)
    boxes = [(lon, lat, 0 if number % 3 else n) for number, (lon, lat, n) in enumerate(boxes)]
    one = values(
        audit(write_zones(tmp_path / "a.geojson", features), write_boxes(tmp_path / "a.csv", boxes))
    )
    order = np.random.default_rng(3).permutation(len(features))
    other = values(
        audit(
            write_zones(tmp_path / "b.geojson", [features[place] for place in order]),
            write_boxes(tmp_path / "b.csv", boxes[::-1]),
        )
    )
    assert one.keys() == other.keys()
    for key, value in one.items():
        assert value == pytest.approx(other[key], rel=1e-9, abs=1e-12), key


def test_same_inputs_and_seed_give_the_same_bytes(files, tmp_path):
    for name in ("one", "two"):
        audit(*files).write(tmp_path / name, words_in("en").of)
    for name in ("estimates.csv", "results.json"):
        assert (tmp_path / "one" / name).read_bytes() == (tmp_path / "two" / name).read_bytes()
    audit(*files, ExposureSettings(replicates=200, seed=2)).write(
        tmp_path / "three", words_in("en").of
    )
    assert (tmp_path / "one" / "estimates.csv").read_bytes() != (
        tmp_path / "three" / "estimates.csv"
    ).read_bytes()


def test_published_ties_follow_the_order_of_rows_and_leave_empty_bins_empty(tmp_path):
    features = town(6, 6, stored=lambda number: 5 if number < 4 else 0)
    zones = write_zones(tmp_path / "z.geojson", features)
    settings = ExposureSettings(replicates=200, ties="published")
    one = values(audit(zones, settings=settings, stored_count="stored"))
    assert one["stored", "black", "share_in_count_decile_03"] is None
    back = write_zones(tmp_path / "y.geojson", features[::-1])
    other = values(audit(back, settings=settings, stored_count="stored"))
    key = ("stored", "black", "spearman_share_vs_count")
    assert one[key] != pytest.approx(other[key], abs=1e-6)


def test_an_assignment_needs_its_data(files):
    zones, _ = files
    with pytest.raises(StudyError, match="data allow"):
        audit(zones)
    settings = ExposureSettings(assignments=("stored",), replicates=200)
    with pytest.raises(StudyError, match="stored"):
        audit(*files, settings)


def test_margins_of_error_are_carried_through(tmp_path):
    features = town(black_moe=lambda number: 60, white_moe=lambda number: 90)
    zones = write_zones(tmp_path / "z.geojson", features)
    boxes = write_boxes(tmp_path / "b.csv", boxes_in(features))
    settings = ExposureSettings(replicates=200, margin_replicates=200, assignments=("centre",))
    figures = {
        (f.subject.group, f.statistic): f.estimate for f in audit(zones, boxes, settings).statements
    }
    moe, plain = figures["black", "ratio_count_moe"], figures["black", "ratio_count"]
    assert moe.value == plain.value
    assert moe.low < moe.high
    assert moe.method.arguments["level"] == 0.9
    assert ("lt", "ratio_count_moe") in figures
