"""``veedor patterns``: from a study to patterns/."""

import csv
import json
from types import SimpleNamespace

import numpy as np
import pytest
from click.testing import CliRunner

from veedor.cli.app import app
from veedor.errors import DemographicRefusal, StudyError
from veedor.report.patterns import publish_patterns
from veedor.report.publishing import publish
from veedor.spacetime import Periods
from veedor.study import run_study
from veedor.study.patterns import find_patterns
from veedor.study.patterns.changes import _recording


@pytest.fixture
def quick(small_study):
    path = small_study / "study.toml"
    path.write_text(path.read_text() + "\n[patterns]\npermutations = 19\npay_days = [-1]\n")
    return small_study


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
        "report.html", "patterns.json", "cells.csv", "near_repeats.csv", "clock.csv", "shifts.csv",
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
    alone = find_patterns(quick, publish=publish_patterns).folder
    outcome = run_study(quick, command="veedor run", publish=publish)
    ours = outcome.folder / "patterns"
    assert outcome.manifest["seconds"]["patterns"] > 0
    assert "patterns/patterns.json" in json.dumps(outcome.manifest["outputs"])
    for path in alone.iterdir():
        assert (ours / path.name).read_bytes() == path.read_bytes()
    page = (outcome.folder / "report.html").read_text()
    chapter = page[page.index('<section id="patterns"') : page.index('<section id="quality"')]
    assert 'href="#patterns"' in page
    for title in ("Concentration", "Hot spots", "Near repeats", "Change", "Two maps compared"):
        assert f"<h3>{title}</h3>" in chapter
    knox = json.loads((ours / "patterns.json").read_text())["categories"][0]["near_repeats"]
    assert f"<td>{knox['observed'][1][1]}</td>" in chapter
    path = quick / "study.toml"
    path.write_text(path.read_text().partition("[patterns]")[0])
    outcome = run_study(quick, command="veedor run", publish=publish)
    assert not (outcome.folder / "patterns").exists()
    assert "Patterns of the record" not in (outcome.folder / "report.html").read_text()


def test_the_same_study_gives_the_same_bytes(quick):
    texts = []
    for _ in range(2):
        find_patterns(quick)
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
    one = find_patterns(quick).results["categories"][0]
    assert one["hot_spots"]["rates"]["cells_without"] == 0
    counts = one["before_after"]["counts"]
    assert counts["displacement"] == (0, 0)
    assert counts["treated"][0] > 50
    path.write_text(text + more.replace("people", "nobody"))
    with pytest.raises(StudyError, match="denominator as a number"):
        find_patterns(quick)
    path.write_text(text + "changed = 2024-04-01\n")
    with pytest.raises(StudyError, match="together"):
        find_patterns(quick)


def test_incidents_are_not_counted_against_a_group_of_people(quick):
    path = quick / "study.toml"
    text = path.read_text()
    more = 'denominator = "zones.geojson"\ndenominator_property = "p5"\ndenominator_of = '
    path.write_text(text + more + '"black_residents"\n')
    with pytest.raises(DemographicRefusal, match=r"all of a kind.*black_residents"):
        find_patterns(quick)
    path.write_text(text + more.removesuffix("denominator_of = "))
    with pytest.raises(StudyError, match=r"together.*no denominator_of"):
        find_patterns(quick)


def test_signs_of_recording_are_looked_for_on_the_rarer_side(make_incidents):
    start = np.datetime64("2024-01-01T03:00", "us") + np.arange(100) * np.timedelta64(12, "h")
    width = np.where(np.arange(100) < 10, 0, 5) * np.timedelta64(1, "h")
    x = np.where(np.arange(100) < 20, np.nan, 0.0)
    incidents = make_incidents(start, x, x, end=start + width)
    edges = start[0] + np.arange(9) * np.timedelta64(7, "D")
    weeks = Periods(edges, incidents.time_zone)
    found = _recording(SimpleNamespace(incidents=incidents, weeks=weeks))
    assert set(found) == {"incidents without a place", "times known to the hour"}
    part, whole = found["times known to the hour"]
    assert (part.sum(), whole.sum()) == (10, 100)


def test_a_short_record_has_what_it_can_have(quick):
    path = quick / "study.toml"
    text = path.read_text().replace("until = 2024-07-01", "until = 2024-02-05")
    path.write_text(text.replace("origins = 6", "origins = 2"))
    results = find_patterns(quick).results
    one = results["categories"][0]
    assert results["changes"] is None
    assert results["watch"] is None
    assert one["emerging"] is None
    assert one["seasons"]["effects"] is None
    assert one["map_change"]["whole_years"] is False
    assert np.isfinite(one["concentration"][0]["gini"]["value"])
