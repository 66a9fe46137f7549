"""`run` and `verify-forecast` give the same figures for one and the same forecasts."""

import json

import numpy as np
import pytest
from pyproj import Transformer
from shapely import Point, to_geojson, transform

from veedor.study import run_study
from veedor.study.verification import verify_forecasts


@pytest.fixture
def ran(small_study):
    """A study with clipped cells, a stack of ties, and incidents on the edges of cells."""
    to_degrees = Transformer.from_crs("EPSG:32721", "EPSG:4326", always_xy=True)
    area = transform(
        Point(372_000.0, 6_170_000.0).buffer(4_000.0),
        lambda xy: np.column_stack(to_degrees.transform(xy[:, 0], xy[:, 1])),
    )
    (small_study / "area.geojson").write_text(
        json.dumps(
            {
                "type": "FeatureCollection",
                "features": [
                    {"type": "Feature", "properties": {}, "geometry": json.loads(to_geojson(area))}
                ],
            }
        )
    )
    path = small_study / "study.toml"
    text = path.read_text()
    text = text.replace('latitude = "lat"\nlongitude = "lon"', 'x = "x"\ny = "y"')
    text = text.replace("[incidents]\n", '[incidents]\ninput_crs = "EPSG:32721"\n', 1)
    text = text.replace("[cells]", '[area]\nfile = "area.geojson"\n\n[cells]')
    path.write_text(text)
    rng = np.random.default_rng(2)
    lines = (small_study / "incidents.csv").read_text().splitlines()
    rows = ["id,occurred_at,x,y,category"]
    for line in lines[1:]:
        number, when = line.split(",")[:2]
        x, y = 372_000 + 100 * rng.normal(0, 12, 2).round()  # whole hundreds of metres
        rows.append(f"{number},{when},{x:.0f},{y + 5_798_000:.0f},robo")
    (small_study / "incidents.csv").write_text("\n".join(rows) + "\n")
    return small_study, run_study(small_study, command="run").results


def test_every_figure_that_both_give_is_the_same(ran):
    folder, results = ran
    files = sorted((folder / "results" / "forecasts").rglob("*.parquet"))
    verified = verify_forecasts(files, folder, seed=results["study"]["seed"])
    (mine,), (theirs,) = results["categories"], verified["categories"]
    assert sum(mine["observed_total"]) > 50
    assert theirs["counted"]["by_period"] == mine["observed_total"]
    for name in ("inside", "unlocated", "outside"):
        assert theirs["counted"][name] == mine["counted"][name]
    assert verified["cells"]["area_km2"] == results["cells"]["area_km2"]
    makers = {one["forecaster"]: one for one in theirs["forecasters"]}
    comparisons = {one["forecaster"]: one for one in theirs["comparisons"]}
    assert len(mine["forecasts"]) == 4
    for one in mine["forecasts"]:
        name = one["forecaster"]
        other = makers[name]
        for score, value in one["scores"].items():
            same(other["scores"][score], value, f"{name} {score}")
        for total in ("expected", "low", "high"):
            key = {"expected": "expected_total"}.get(total, f"total_{total}")
            same(other["totals"][total], one["by_period"][key], f"{name} {total}")
        captured = {
            row["area_fraction"]: row
            for row in theirs["places"]["captured"]
            if row["ranking"] == name
        }
        for place in one["places"]:
            for key in ("capture_rate", "pai", "pei"):
                same(captured[place["area_fraction"]][key], place[key], f"{name} {key}")
        same(other["calibration"]["pit"], one["calibration"]["pit"], f"{name} pit")
        sums = other["calibration"]["sums"]
        assert sums["result"] == one["calibration"]["sums"]["result"]
        assert sums["groups"] == one["calibration"]["sums"]["groups"]
        for row, mirror in zip(
            one["calibration"]["coverage"], other["calibration"]["totals"], strict=True
        ):
            same(mirror["coverage"], row["totals"], f"{name} coverage")
        if one["gain"]["raw"] is not None:
            same(comparisons[name]["gain"], one["gain"]["raw"], name)
            same(comparisons[name]["gain_at_same_totals"], one["gain"]["rescaled"], name)
            same(comparisons[name]["by_period"], one["by_period"]["gain"], name)
    for beside, key in (("chance", "chance"), ("oracle", "oracle")):
        rows = [row for row in theirs["places"]["captured"] if row["ranking"] == beside]
        for row, place in zip(rows, mine[key]["places"], strict=True):
            assert row["capture_rate"]["value"] == pytest.approx(place["capture_rate"], rel=1e-12)
            assert row["pai"]["value"] == pytest.approx(place["pai"], rel=1e-12)


def same(one, other, what):
    """Equal to the last figures that another order of adding up leaves."""
    if isinstance(one, dict):
        for key in ("value", "low", "high"):
            assert (one[key] is None) == (other[key] is None), (what, key)
            if one[key] is not None:
                assert one[key] == pytest.approx(other[key], rel=1e-12, abs=1e-13), (what, key)
        assert one["n"] == other["n"], what
    else:
        one, other = (np.asarray(each, dtype=float) for each in (one, other))  # None is NaN
        assert one == pytest.approx(other, rel=1e-12, abs=1e-13, nan_ok=True), what
