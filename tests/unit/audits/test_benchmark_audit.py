"""The benchmark audit: the same budget elsewhere, given the record, and whether it works."""

import numpy as np
import pytest
from msgspec.structs import replace

from veedor.audits.places import (
    BenchmarkSettings,
    audit_benchmark,
    by_map,
    make_groups,
    read_predictions,
    read_record,
    read_zones,
)
from veedor.errors import StudyError
from veedor.report.benchmark_cover import benchmark_cover, excess, foremost
from veedor.report.words import words_in

from .conftest import STEP_LON, boxes_in, middle, square, town, write_boxes, write_zones

GROUPS = make_groups(["white", "black"], "population", "white")
FEW = BenchmarkSettings(block_m=1500.0)


def values(audit):
    return {(f.subject.group, f.statistic): f.estimate.value for f in audit.statements}


@pytest.fixture
def features():
    return town(8, 5)


@pytest.fixture
def zones(tmp_path, features):
    return read_zones(
        write_zones(tmp_path / "z.geojson", features), GROUPS, population="population"
    )


def system(tmp_path, rows):
    return read_predictions(write_boxes(tmp_path / "s.csv", rows), box_m=152.4)


def record_of(tmp_path, rows):
    path = tmp_path / "i.csv"
    path.write_text(
        "lat,lon,known_by\n"
        + "".join(f"{float(lat)},{float(lon)},{kind}\n" for lon, lat, kind in rows)
    )
    return read_record(path)


def test_a_system_that_is_even_has_an_excess_of_one_over_the_even_rule(tmp_path, features, zones):
    found = values(audit_benchmark(zones, system(tmp_path, [(*middle(f), 7) for f in features])))
    for name in ("per_1000", "count", "per_km2"):
        assert found["black", f"excess_{name}_vs_uniform"] == pytest.approx(1.0, rel=1e-3)
        assert found["black", f"excess_ratio_{name}_vs_uniform"] == pytest.approx(1.0, rel=1e-3)
    by_hand = sum(f["properties"]["black"] for f in features) / sum(
        f["properties"]["black"] / f["properties"]["population"] for f in features
    )
    people = sum(f["properties"]["population"] for f in features) / len(features)
    assert found["black", "excess_per_1000_vs_population"] == pytest.approx(people / by_hand)


def test_a_cover_has_six_groups_the_most_exposed_first_and_says_how_many_more(
    tmp_path, features, zones
):
    rows = [(*middle(f), 1 + round(f["properties"]["black"] / 10)) for f in features]
    audit = audit_benchmark(zones, system(tmp_path, rows))
    words = words_in("en")
    two = benchmark_cover(words, audit, None).matrix
    rule = foremost(audit)[0]
    by = {group.name: excess(audit, group.name, rule).estimate.value for group in audit.groups}
    assert [row.name for row in two.rows] == sorted(by, key=by.get, reverse=True)
    assert "below" not in two.note
    others = [replace(audit.groups[0], name=f"group {n}") for n in range(6)]
    many = benchmark_cover(words, replace(audit, groups=(*others, *audit.groups)), None).matrix
    assert [row.name for row in many.rows][:2] == [row.name for row in two.rows]
    assert len(many.rows) == 6
    assert many.note.endswith("2 groups more are below.")
    assert many.finding.startswith(f"{8 * len(many.columns)} comparisons")


def test_a_system_that_repeats_the_record_has_an_excess_of_one_over_it(tmp_path, features, zones):
    rows = boxes_in(features)
    record = record_of(
        tmp_path,
        [(lon, lat, "reported") for lon, lat, n in rows for _ in range(n)]
        + [(*middle(features[0]), "discovered")] * 30,
    )
    done = audit_benchmark(zones, system(tmp_path, rows), record, settings=FEW)
    found = values(done)
    assert found["black", "excess_count_vs_record_reported"] == pytest.approx(1.0, rel=0.02)
    assert found["black", "excess_count_vs_record_discovered"] != pytest.approx(1.0, rel=0.02)
    assert found["black", "rate_ratio_10_points_unadjusted"] > 1.05
    assert found["black", "rate_ratio_10_points_given_reported"] == pytest.approx(1.0, abs=0.05)
    assert done.warnings[-1].code == "conditioning_can_hide_bias"


def test_the_same_ground_is_flagged_where_the_map_is_highest(tmp_path, features, zones):
    boxes = system(tmp_path, [(*middle(f), 3) for f in features[:10]])
    cells = [
        {
            "type": "Feature",
            "properties": {"count": float(n)},
            "geometry": square(0.5 * (n % 16), 0.5 * (n // 16), 0.5, 0.5),
        }
        for n in range(160)
    ]
    prior = read_predictions(write_zones(tmp_path / "p.geojson", cells))
    share = by_map(boxes, prior, zones)
    # Ten boxes are 0.232 km2; the highest cell has a quarter of a km2 and lies in the last zone.
    assert share == pytest.approx([*np.zeros(39), 1.0])
    done = audit_benchmark(zones, boxes, prior=prior, settings=FEW)
    assert ("black", "excess_ratio_count_vs_prior") in values(done)
    small = read_predictions(write_zones(tmp_path / "q.geojson", [
        {"type": "Feature", "properties": {"count": 1.0}, "geometry": square(0, 0, 0.1, 0.1)}
    ]))  # fmt: skip
    with pytest.raises(StudyError, match="as much"):
        by_map(boxes, small, zones)


def test_for_whom_it_works_by_hand(tmp_path):
    """Four zones; in the two where white is largest every incident is inside a box."""
    features = town(10, 1)
    for number, one in enumerate(features):
        white = 700 if number < 5 else 200
        one["properties"].update(population=1000, white=white, black=900 - white)
    zones = read_zones(
        write_zones(tmp_path / "z.geojson", features), GROUPS, population="population"
    )
    boxes = system(tmp_path, [(*middle(f), 2) for f in features])
    rows = []
    for number, one in enumerate(features):
        x, y = middle(one)
        rows += [(x, y, "reported")] * (3 if number != 9 else 0)
        rows += [(x + 0.3 * STEP_LON, y, "reported")] * (1 if number >= 5 else 0)
    found = values(audit_benchmark(zones, boxes, record_of(tmp_path, rows), settings=FEW))
    assert found["white", "capture_rate_reported"] == 1.0
    assert found["black", "capture_rate_reported"] == pytest.approx(12 / 17)
    assert found["black", "misses_per_incident_reported"] == pytest.approx(5 / 17)
    assert found["all", "capture_rate_reported"] == pytest.approx(27 / 32)
    assert found["white", "false_flags_per_1000_reported"] == 0.0
    assert found["black", "false_flags_per_1000_reported"] == pytest.approx(1000 / 5000)
    assert found["black", "calibration_reported"] == pytest.approx((17 / 10) / (32 / 20))


def test_every_group_of_zones_has_every_figure_for_every_kind(tmp_path, features, zones):
    rows = boxes_in(features)
    kinds = [
        (lon, lat, "reported" if number % 2 else "discovered")
        for number, (lon, lat, _) in enumerate(rows)
    ]
    done = audit_benchmark(zones, system(tmp_path, rows), record_of(tmp_path, kinds), settings=FEW)
    found = values(done)
    for kind in ("reported", "discovered"):
        assert ("black", f"rate_ratio_10_points_given_{kind}") in found
        for name in ("capture_rate", "misses_per_incident", "false_flags_per_1000"):
            assert found["all", f"{name}_{kind}"] is not None
    assert {one.subject.assignment for one in done.statements} == {"box"}


@pytest.mark.parametrize(("points", "told"), [(0.0, False), (0.8, False), (1.2, True)])
def test_a_share_that_hardly_varies_has_no_rate_ratio(tmp_path, features, points, told):
    """Any slope fits shares that are all alike: it was 10 to the power of 42."""
    rng = np.random.default_rng(4)
    for place, one in enumerate(features):
        people = 100_000 + 100 * int(rng.integers(100))
        black = round(people * (0.4 + (place % 2) * points / 100))
        one["properties"].update(population=people, black=black, white=people - black)
    zones = read_zones(
        write_zones(tmp_path / "z.geojson", features), GROUPS, population="population"
    )
    rows = [(*middle(one), int(n)) for one, n in zip(features, rng.poisson(4, 40), strict=True)]
    record = record_of(tmp_path, [(*middle(one), "reported") for one in features[:20]])
    done = audit_benchmark(zones, system(tmp_path, rows), record, settings=FEW)
    found = values(done)
    for model in ("unadjusted", "given_reported"):
        assert (found["black", f"rate_ratio_10_points_{model}"] is not None) == told
        fit = next(one for one in done.fits if (one.group, one.model) == ("black", model))
        assert (fit.coefficients is not None) == told
    warned = [one.arguments["group"] for one in done.warnings if one.code == "shares_alike"]
    assert ("black" in warned) != told


@pytest.mark.parametrize(
    "wrong", [{"family": "gamma"}, {"block_m": 0.0}, {"block_m": float("nan")}]
)
def test_settings_that_cannot_be(wrong):
    with pytest.raises(StudyError):
        BenchmarkSettings(**wrong)
