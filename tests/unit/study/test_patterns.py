"""``veedor patterns``: from a study to patterns/."""

import csv
import json

import numpy as np
import pytest
from click.testing import CliRunner

from veedor.cli.app import app
from veedor.errors import StudyError
from veedor.study.patterns import find_patterns


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
