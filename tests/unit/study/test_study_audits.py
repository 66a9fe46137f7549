"""A study audits whom its own forecasts, or a vendor's boxes, fall on."""

import csv
import json
import re

import numpy as np
import pytest
from click.testing import CliRunner
from tests.asking import run_here
from tests.golden import topics

from veedor.cli.app import app
from veedor.errors import StudyError
from veedor.study import load_study


def write_town(folder):
    rng = np.random.default_rng(0)
    features = []
    for number in range(36):
        x, y = -58.42 + 0.012 * (number % 6), -34.62 + 0.01 * (number // 6)
        ring = [[x, y], [x + 0.012, y], [x + 0.012, y + 0.01], [x, y + 0.01], [x, y]]
        properties = {"id": str(number), "people": 1000, "a": int(rng.integers(100, 500))}
        properties["b"] = 1000 - properties["a"]
        features.append(
            {"type": "Feature", "properties": properties,
             "geometry": {"type": "Polygon", "coordinates": [ring]}}
        )  # fmt: skip
    (folder / "town.geojson").write_text(
        json.dumps({"type": "FeatureCollection", "features": features})
    )
    (folder / "boxes.csv").write_text("lat,lon,count\n-34.60,-58.40,5\n-34.59,-58.39,2\n")


def with_audit(folder, *lines):
    path = folder / "study.toml"
    text = re.sub(r"use = \[.*\]", 'use = ["PriorCounts", "Recency"]', path.read_text())
    table = ['zones = "town.geojson"', 'population = "people"', 'groups = ["a", "b"]',
             'reference = "a"', *lines]  # fmt: skip
    path.write_text(text + "\n[audits.exposure]\n" + "\n".join(table) + "\n")
    write_town(folder)


def test_a_run_audits_its_own_forecasts(small_study):
    with_audit(small_study, 'forecaster = "Recency"', 'category = "robo"')
    run_here(small_study, report=True)
    folder = small_study / "results" / "audits" / "exposure"
    results = json.loads((folder / "results.json").read_text())
    total = [f["estimate"] for f in results["statements"] if f["statistic"] == "predictions_total"]
    # Six weeks of about 23 incidents.
    assert 60 < total[0]["value"] < 300
    assert results["data"]["predictions"]["file"] == "Recency, robo"
    assert (folder / "report.html").exists()
    manifest = json.loads((small_study / "results" / "manifest.json").read_text())
    assert "town.geojson" in {entry["name"] for entry in manifest["inputs"]}
    assert "audits/exposure/estimates.csv" in {entry["name"] for entry in manifest["outputs"]}


def test_a_run_audits_a_vendors_boxes(small_study):
    with_audit(small_study, 'predictions = "boxes.csv"', "box_m = 150.0", "cluster_digits = 1")
    run_here(small_study)
    path = small_study / "results" / "audits" / "exposure" / "results.json"
    assert json.loads(path.read_text())["settings"]["assignments"] == ["centre", "box"]


@pytest.mark.parametrize(
    "lines",
    [
        [],
        ['forecaster = "Recency"', 'category = "robo"', 'predictions = "boxes.csv"'],
        ['forecaster = "Kernel"', 'category = "robo"'],
        ['forecaster = "Recency"'],
        ['forecaster = "Recency"', 'category = "hurto"'],
    ],
)
def test_what_is_audited_must_be_there(small_study, lines):
    with_audit(small_study, *lines)
    with pytest.raises(StudyError, match="audit of"):
        load_study(small_study)


def write_devices(folder):
    (folder / "devices.csv").write_text(
        "lat,lon,kind,bearing_deg\n-34.600,-58.400,ALPR,10\n-34.595,-58.390,camera,\n"
        "-34.595,-58.380,camera,90\n"
    )
    way = {"type": "LineString", "coordinates": [[-58.41, -34.60], [-58.38, -34.60]]}
    (folder / "way.geojson").write_text(
        json.dumps({"type": "Feature", "properties": {"name": "way"}, "geometry": way})
    )


def test_a_run_audits_devices_as_the_command_does(small_study):
    with_audit(
        small_study, 'devices = "devices.csv"', 'range_m = ["20,60", "ALPR=10,30"]',
        'angle_deg = "60,110"', 'routes = "way.geojson"',
    )  # fmt: skip
    write_devices(small_study)
    run_here(small_study, report=True)
    folder = small_study / "results" / "audits" / "exposure"
    ours = json.loads((folder / "results.json").read_text())
    assert ours["audit"] == "devices"
    assert ours["range_m"] == [10.0, 60.0]
    assert [one["name"] for one in ours["routes"]] == ["way"]
    for name in ("report.html", "estimates.csv", "places.csv", "views.geojson"):
        assert (folder / name).exists()
    seed = load_study(small_study).study.seed
    done = CliRunner().invoke(app, [
        "audit", "exposure", "--zones", str(small_study / "town.geojson"), "--groups", "a,b",
        "--population", "people", "--reference", "a", "--devices", str(small_study / "devices.csv"),
        "--range-m", "20,60", "--range-m", "ALPR=10,30", "--angle-deg", "60,110", "--routes",
        str(small_study / "way.geojson"), "--seed", str(seed), "--out", str(small_study / "alone"),
    ], catch_exceptions=False)  # fmt: skip
    assert done.exit_code == 0
    assert ours == json.loads((small_study / "alone" / "results.json").read_text())
    manifest = json.loads((small_study / "results" / "manifest.json").read_text())
    assert {"devices.csv", "way.geojson"} <= {entry["name"] for entry in manifest["inputs"]}
    assert "audits/exposure/views.geojson" in {entry["name"] for entry in manifest["outputs"]}


@pytest.mark.parametrize(
    ("lines", "told"),
    [
        (['devices = "devices.csv"', 'forecaster = "Recency"', 'category = "robo"'],
         "forecaster, category beside devices"),
        (['devices = "devices.csv"', 'predictions = "boxes.csv"'], "predictions beside devices"),
        (['devices = "devices.csv"', "box_m = 150.0"], "box_m beside devices"),
        (['devices = "devices.csv"', 'stored_count = "n"'], "stored_count beside devices"),
        (['forecaster = "Recency"', 'category = "robo"', 'range_m = ["20,60"]'],
         "range_m, and no devices"),
        (['forecaster = "Recency"', 'category = "robo"', 'routes = "way.geojson"'],
         "routes, and no devices"),
        (['devices = "devices.csv"', 'range_m = ["60,20"]'], "60,20"),
        (['devices = "devices.csv"', 'range_m = ["ALPR=1", "alpr=2"]'], "alpr=2"),
        (['devices = "devices.csv"', 'angle_deg = "400"'], "400"),
    ],
)  # fmt: skip
def test_settings_of_devices_are_held_before_a_run(small_study, lines, told):
    with_audit(small_study, *lines)
    with pytest.raises(StudyError) as caught:
        load_study(small_study)
    assert told in caught.value.found
    assert caught.value.where == "study.toml, [audits.exposure]"
    assert "--" not in caught.value.must


@pytest.mark.parametrize(
    ("line", "meant"),
    [('device = "d.csv"', "devices"), ('range = ["20"]', "range_m"), ('route = "w"', "routes")],
)
def test_a_setting_of_devices_that_is_misspelt(small_study, line, meant):
    with_audit(small_study, 'devices = "devices.csv"', line)
    with pytest.raises(StudyError) as caught:
        load_study(small_study)
    assert caught.value.remedy.startswith(f"Did you mean '{meant}'")


def test_a_run_does_every_audit_that_is_asked_for(small_study):
    with_audit(small_study, 'forecaster = "Recency"', 'category = "robo"')
    files = {
        "incidents.csv": "lat,lon,category\n-34.60,-58.40,robo\n-34.59,-58.39,drogas\n",
        "counts.csv": "place,category,count\np,robo,9\nq,robo,4\nr,robo,1\n",
        "rates.csv": "category,low,high\nrobo,.4,.6\n",
        "record.csv": "period,place,reported,discovered,flagged\n"
        + "".join(f"{t},{z},3,{1 + t * z % 3},{int((t + z) % 3 == 0)}\n"
                  for t in range(4) for z in range(14)),
        "decisions.csv": "flagged,outcome\n" + "1,1\n1,0\n0,0\n0,1\n" * 30,
        "searches.csv": "id,userId,searchDate,cameraCount,reason\n"
        + "".join(f"i{n},u{n % 24},2025-06-{1 + n // 10:02d} 12:00:{n % 60:02d}.000,9{n % 7},inv\n"
                  for n in range(200)),
    }  # fmt: skip
    for name, text in files.items():
        (small_study / f"audited-{name}").write_text(text, encoding="utf-8")
    path = small_study / "study.toml"
    tables = """
[audits.benchmark]
zones = "town.geojson"
population = "people"
groups = ["a", "b"]
reference = "a"
predictions = "boxes.csv"
box_m = 150.0
incidents = "audited-incidents.csv"
reported = ["robo"]
discovered = ["drogas"]

[audits.reporting]
counts = "audited-counts.csv"
rates = "audited-rates.csv"
top = 1

[audits.feedback]
observed = "audited-record.csv"

[audits.alerts]
decisions = "audited-decisions.csv"

[audits.access]
logs = ["audited-searches.csv"]
kind = "own"
time_zone = "America/Montevideo"
salt = "secret.txt"
policies = ["2025-06-12"]
hours = [8, 18]

[audits.behaviour]
table = "audited-topics.csv"
event = "2023-06"
because = "the town's police were reported to ask for lists of loans"
missing_days = "days_without"
"""
    topics.write(small_study / "audited-topics.csv")
    (small_study / "secret.txt").write_text("made up, and long enough to be kept")
    path.write_text(path.read_text() + tables)
    run_here(small_study, report=True)
    for name in ("exposure", "benchmark", "reporting", "feedback", "alerts", "access", "behaviour"):
        folder = small_study / "results" / "audits" / name
        assert json.loads((folder / "results.json").read_text())["audit"] == name
        assert (folder / "report.html").exists()
        with (folder / "estimates.csv").open(encoding="utf-8", newline="") as file:
            rows = list(csv.DictReader(file))
        for coded in ("method", "denominator"):
            assert all(row[coded] and row[f"{coded}_code"] for row in rows)
            assert any(" " in row[coded] for row in rows)
            assert not any("_" in row[coded] or "{" in row[coded] for row in rows)
    manifest = json.loads((small_study / "results" / "manifest.json").read_text())
    assert {f"audited-{name}" for name in (*files, "topics.csv")} <= {
        one["name"] for one in manifest["inputs"]
    }
    assert "secret.txt" not in {one["name"] for one in manifest["inputs"]}  # not its hash either
