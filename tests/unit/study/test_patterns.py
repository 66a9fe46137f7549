"""``veedor patterns``: from a study to patterns/."""

import csv
import json
import re
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
from click.testing import CliRunner
from tests.asking import ask, run_here

from veedor.cli.app import app
from veedor.errors import DemographicRefusal, StudyError, VeedorError
from veedor.patterns.changes import _recording
from veedor.spacetime import Periods
from veedor.study.pattern_settings import PatternsSection
from veedor.tasks import patterns, reproduce


@pytest.fixture
def quick(small_study):
    path = small_study / "study.toml"
    path.write_text(path.read_text() + "\n[patterns]\npermutations = 19\npay_days = [-1]\n")
    return small_study


def _numbers(made):
    return json.loads((made.folder / "patterns.json").read_text(encoding="utf-8"))


@pytest.fixture
def square():
    def make(west, south, side, **properties):
        ring = [[west, south], [west + side, south], [west + side, south + side],
                [west, south + side], [west, south]]  # fmt: skip
        return {
            "type": "Feature",
            "properties": properties,
            "geometry": {"type": "Polygon", "coordinates": [ring]},
        }

    return make


def test_the_command_writes_the_page_the_numbers_and_the_tables(quick):
    done = CliRunner().invoke(app, ["patterns", str(quick)])
    assert done.exit_code == 0, done.output
    assert "robo" in done.output
    folder = quick / "patterns"
    names = {path.name for path in folder.iterdir()}
    assert names == {
        "report.html", "patterns.json", "cells.csv", "named_places.csv", "near_repeats.csv",
        "clock.csv", "shifts.csv", "manifest.json",
    }  # fmt: skip
    results = json.loads((folder / "patterns.json").read_text())
    one = results["categories"][0]
    assert one["counted"]["recorded"] == 600
    with (folder / "cells.csv").open() as stream:
        rows = list(csv.DictReader(stream))
    assert sum(int(row["recorded"]) for row in rows) == one["counted"]["in_cells"]
    assert len(one["near_repeats"]["ratio"]) == 5
    assert one["emerging"]["step"] == "month"
    assert results["changes"]["seasonal"] is False
    page = (folder / "report.html").read_text()
    assert "bad areas" not in page
    assert "NaN" not in page


def test_a_run_has_the_patterns_as_a_chapter_where_the_study_asks_for_them(quick):
    alone = ask(patterns, study=quick).folder
    outcome = run_here(quick, report=True)
    ours = outcome.folder / "patterns"
    assert outcome.manifest.seconds["patterns"] > 0
    assert "patterns/patterns.json" in (outcome.folder / "manifest.json").read_text()
    for path in set(alone.iterdir()) - {alone / "manifest.json"}:
        assert (ours / path.name).read_bytes() == path.read_bytes()
    found = ask(reproduce, results=outcome.folder).results
    assert (found.same, found.files) == (True, ("results.json", "patterns/patterns.json"))
    numbers = ours / "patterns.json"
    kept = numbers.read_bytes()
    numbers.write_bytes(kept.replace(b'"recorded":', b'"noted":', 1))
    found = ask(reproduce, results=outcome.folder).results
    assert (found.same, found.files) == (False, ("patterns/patterns.json",))
    assert any(line.startswith("patterns/patterns.json: ") for line in found.differences)
    numbers.write_bytes(kept)
    page = (outcome.folder / "report.html").read_text()
    chapter = page[page.index('<details id="patterns"') : page.index('<details id="quality"')]
    for title in ("Concentration", "Hot spots", "Near repeats", "Change", "Two maps compared"):
        assert f"<h4>{title}: " in chapter
    knox = json.loads((ours / "patterns.json").read_text())["categories"][0]["near_repeats"]
    assert f"<td>{knox['observed'][1][1]}</td>" in chapter
    path = quick / "study.toml"
    path.write_text(path.read_text().partition("[patterns]")[0])
    outcome = run_here(quick, report=True)
    assert not (outcome.folder / "patterns").exists()
    assert "Patterns of the record" not in (outcome.folder / "report.html").read_text()


def test_the_same_study_gives_the_same_bytes(quick):
    texts = []
    for _ in range(2):
        ask(patterns, study=quick)
        texts.append([path.read_bytes() for path in sorted((quick / "patterns").glob("*.*"))])
    assert texts[0] == texts[1]


def test_a_denominator_and_a_change_are_taken_from_the_studys_files(quick, square):
    everywhere = {
        "type": "FeatureCollection",
        "features": [square(-58.6, -34.8, 0.5, people=90_000)],
    }
    (quick / "zones.geojson").write_text(json.dumps(everywhere))
    areas = [
        square(-58.41, -34.61, 0.02, role="treated"),
        square(-58.39, -34.59, 0.02, role="control"),
    ]
    (quick / "areas.geojson").write_text(
        json.dumps({"type": "FeatureCollection", "features": areas})
    )
    path = quick / "study.toml"
    text = path.read_text()
    more = 'denominator = "zones.geojson"\ndenominator_property = "people"\n'
    more += 'denominator_of = "residents"\n'
    more += 'changed = 2024-04-01\nchanged_areas = "areas.geojson"\n'
    path.write_text(text + more)
    one = _numbers(ask(patterns, study=quick).results)["categories"][0]
    assert one["hot_spots"]["rates"]["cells_without"] == 0
    counts = one["before_after"]["counts"]
    assert counts["displacement"] == [0, 0]
    assert counts["treated"][0] > 50
    path.write_text(text + more.replace("people", "nobody"))
    with pytest.raises(StudyError, match="denominator as a number"):
        ask(patterns, study=quick)
    path.write_text(text + "changed = 2024-04-01\n")
    with pytest.raises(StudyError, match="together"):
        ask(patterns, study=quick)


def test_incidents_are_not_counted_against_a_group_of_people(quick):
    path = quick / "study.toml"
    text = path.read_text()
    more = 'denominator = "zones.geojson"\ndenominator_property = "p5"\ndenominator_of = '
    path.write_text(text + more + '"black_residents"\n')
    with pytest.raises(DemographicRefusal, match=r"all of a kind.*black_residents"):
        ask(patterns, study=quick)
    path.write_text(text + more.removesuffix("denominator_of = "))
    with pytest.raises(StudyError, match=r"together.*no denominator_of"):
        ask(patterns, study=quick)


def test_signs_of_recording_are_looked_for_on_the_rarer_side(make_incidents):
    start = np.datetime64("2024-01-01T03:00", "us") + np.arange(100) * np.timedelta64(12, "h")
    width = np.where(np.arange(100) < 10, 0, 5) * np.timedelta64(1, "h")
    x = np.where(np.arange(100) < 20, np.nan, 0.0)
    incidents = make_incidents(start, x, x, end=start + width)
    edges = start[0] + np.arange(9) * np.timedelta64(7, "D")
    weeks = Periods(edges, incidents.time_zone)
    found = _recording(SimpleNamespace(incidents=incidents, weeks=weeks))
    assert set(found) == {"share_without_a_place", "share_known_to_the_hour"}
    part, whole = found["share_known_to_the_hour"]
    assert (part.sum(), whole.sum()) == (10, 100)


def test_a_short_record_has_what_it_can_have(quick):
    path = quick / "study.toml"
    text = path.read_text().replace("until = 2024-07-01", "until = 2024-02-05")
    path.write_text(text.replace("origins = 6", "origins = 2"))
    results = _numbers(ask(patterns, study=quick).results)
    one = results["categories"][0]
    assert results["changes"] is None
    assert results["watch"] is None
    assert one["emerging"] is None
    assert one["seasons"]["effects"] is None
    assert one["map_change"]["whole_years"] is False
    assert np.isfinite(one["concentration"][0]["gini"]["value"])


@pytest.mark.parametrize(
    ("setting", "match"),
    [
        ("near_repeat_m = [nan, 200.0]", "near_repeat_m"),
        ("near_repeat_m = [100.0, inf]", "near_repeat_m"),
        ("near_repeat_m = [0.0, 100.0]", "near_repeat_m"),
        ("near_repeat_m = [-5.0]", "near_repeat_m"),
        ("near_repeat_m = []", "near_repeat_m"),
        (f"near_repeat_m = {[float(k) for k in range(2, 202)]}", "near_repeat_m"),
        ("near_repeat_days = [7, 40000]", "near_repeat_days"),
        ("near_repeat_days = [7, 7]", "near_repeat_days"),
        ("bandwidth_m = nan", "bandwidth_m"),
        ("bandwidth_m = 0.0", "bandwidth_m"),
        ("area_m = nan", "area_m"),
        ("permutations = 100000", "permutations"),
    ],
)
def test_settings_that_cannot_be_are_refused_before_any_data_is_read(small_study, setting, match):
    path = small_study / "study.toml"
    path.write_text(path.read_text() + f"\n[patterns]\n{setting}\n")
    (small_study / "incidents.csv").unlink()
    with pytest.raises(StudyError, match=match):
        ask(patterns, study=small_study)


def test_a_run_refuses_a_denominator_that_is_not_there_before_it_forecasts(quick, square):
    zones = [square(-58.6, -34.8, 0.5, people=90_000)]
    path = quick / "study.toml"
    text = path.read_text() + 'denominator_property = "people"\ndenominator_of = "residents"\n'
    path.write_text(text + 'denominator = "zones.geojson"\n')
    for features, match in (
        (None, "GeoJSON"),
        ([square(10.0, 10.0, 0.5, people=9)], "above 0"),
        (zones * 2, "over one another"),
        ([square(-58.6, -34.8, 0.5, people=True)], "number"),
        ([square(-58.6, -34.8, 0.5, people=-1)], "number"),
    ):
        if features is not None:
            document = {"type": "FeatureCollection", "features": features}
            (quick / "zones.geojson").write_text(json.dumps(document))
        with pytest.raises(VeedorError, match=match):
            run_here(quick)
        assert not (quick / "results").exists()
        assert not list((quick / ".veedor").glob("run-*"))
    document = {"type": "FeatureCollection", "features": zones}
    (quick / "zones.geojson").write_text(json.dumps(document))
    outcome = run_here(quick)
    assert "zones.geojson" in {entry.name for entry in outcome.manifest.inputs}


def test_years_and_the_whole_record_hold_every_incident_in_a_cell(quick):
    results = _numbers(ask(patterns, study=quick).results)
    one = results["categories"][0]
    spans = one["concentration"]
    inside = one["counted"]["in_cells"]
    assert spans[0]["incidents"] == one["hot_spots"]["recorded"] == inside
    assert sum(span["incidents"] for span in spans[1:]) == inside
    assert sum(span["days"] for span in spans[1:]) == spans[0]["days"]


@pytest.mark.parametrize("kept", ["one incident", "one point", "one without a place"])
def test_a_category_with_next_to_nothing_is_described_or_refused_in_words(quick, kept):
    study, path = quick / "study.toml", quick / "incidents.csv"
    more = '[[categories]]\nname = "hurto"\nknown_by = "reported"\n\n[cells]'
    study.write_text(study.read_text().replace("[cells]", more))
    with path.open(newline="") as stream:
        rows = list(csv.DictReader(stream))
    other = [
        row | {"id": f"h{n}", "category": "hurto", "lat": rows[0]["lat"], "lon": rows[0]["lon"]}
        for n, row in enumerate(rows[: 40 if kept == "one point" else 1])
    ]
    if kept == "one without a place":
        other[0] |= {"lat": "", "lon": ""}
    with path.open("w", newline="") as stream:
        writer = csv.DictWriter(stream, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows + other)
    if kept == "one without a place":
        with pytest.raises(StudyError, match=r"incident in a cell.*hurto"):
            ask(patterns, study=quick)
        return
    found = ask(patterns, study=quick).results
    page = (found.folder / "report.html").read_text()
    assert not any(word in page for word in ("NaN", ">nan", "inf%"))
    one = _numbers(found)["categories"][1]
    whole = one["concentration"][0]
    if kept == "one point":
        assert whole["gini"]["value"] > 0.9
        assert one["near_repeats"]["ratio"][0][1] == 1.0
    else:
        assert whole["generalised_gini"]["value"] == 0.0
        assert whole["gini"]["low"] is None
        assert one["near_repeats"] is None


def test_a_category_named_as_a_formula_with_markup_does_no_harm(quick):
    path = quick / "study.toml"
    evil = "=cmd|<b>x</b>"
    path.write_text(
        path.read_text().replace('name = "robo"', f'name = "{evil}"\nvalues = ["robo"]')
    )
    found = ask(patterns, study=quick).results
    assert "<b>x" not in (found.folder / "report.html").read_text()
    for name in ("cells.csv", "near_repeats.csv", "clock.csv"):
        with (found.folder / name).open() as stream:
            assert next(csv.DictReader(stream))["category"] == f"'{evil}"


def test_settings_that_are_not_there_are_as_the_page_of_settings_says():
    page = Path(__file__).parents[3].joinpath("docs", "study-file.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| `(\w+)` \| [^|]*numbers? \| ([\d, ]+) \|", page, re.MULTILINE)
    told = {name: [float(part) for part in text.split(",")] for name, text in rows}
    mine = PatternsSection()
    for name in ("near_repeat_m", "near_repeat_days", "permutations", "area_m"):
        assert np.atleast_1d(getattr(mine, name)).tolist() == told[name]
