"""The audits as a person calls them."""

import json
import re

import pytest
from click.testing import CliRunner

from veedor.cli.app import app
from veedor.errors import StudyError

from .conftest import boxes_in, town, write_boxes, write_zones

HOSTILE = "<b>=black"


@pytest.fixture
def options(tmp_path):
    features = town(6, 5)
    for one in features:
        one["properties"][HOSTILE] = one["properties"]["black"]
    rows = boxes_in(features)
    incidents = tmp_path / "incidents.csv"
    incidents.write_text(
        "lat,lon,category\n"
        + "".join(f"{lat},{lon},{'theft' if n % 2 else 'drugs'}\n" for lon, lat, n in rows)
    )
    return [
        "--zones", str(write_zones(tmp_path / "z.geojson.gz", features)),
        "--predictions", str(write_boxes(tmp_path / "b.csv.gz", rows)),
        "--box-m", "152.4", "--groups", f"white,{HOSTILE}", "--population", "population",
        "--reference", "white",
    ]  # fmt: skip


def run(*arguments):
    return CliRunner().invoke(app, ["audit", *arguments], catch_exceptions=False)


def test_exposure_writes_figures_results_and_a_page(options, tmp_path):
    out = tmp_path / "out"
    done = run(
        "exposure",
        *options,
        "--replicates",
        "100",
        "--group",
        "lt=poor/households:ge",
        "--out",
        str(out),
    )
    assert done.exit_code == 0
    assert "estimates.csv" in done.output
    page = (out / "report.html").read_text(encoding="utf-8")
    assert "<b>=black" not in page
    assert "&lt;b&gt;=black" in page
    assert "Who lives where it looks" in page
    assert page.count("<svg") == 6  # of two assignments; two maps, each with its ground
    assert "; 100 permutations" in page
    rows = (out / "estimates.csv").read_text(encoding="utf-8").splitlines()
    assert not any(cell.startswith("=") for row in rows for cell in row.split(","))


def test_benchmark_and_all(options, tmp_path):
    more = ["--incidents", str(tmp_path / "incidents.csv"), "--reported", "theft",
            "--discovered", "drugs"]  # fmt: skip
    assert run("benchmark", *options, *more, "--out", str(tmp_path / "b")).exit_code == 0
    page = (tmp_path / "b" / "report.html").read_text(encoding="utf-8")
    assert page.count("<svg") == 5  # other rules, who lives there, captured; two maps
    assert "if every resident got the same" in page
    assert not re.search(r"_vs_|_given_|per_1000|capture_rate", page)  # words, not columns
    assert "can hide" in page
    assert "discovered incidents" in page
    done = run("all", *options, *more, "--out", str(tmp_path / "all"))
    assert done.exit_code == 0
    for name in ("exposure", "benchmark"):
        results = json.loads((tmp_path / "all" / name / "results.json").read_text())
        assert results["audit"] == name
    one = (tmp_path / "b" / "estimates.csv").read_text(encoding="utf-8").splitlines()
    every = (tmp_path / "all" / "estimates.csv").read_text(encoding="utf-8").splitlines()
    assert every[0] == f"audit,{one[0]}"
    assert [row for row in every if row.startswith("benchmark,")] == [
        f"benchmark,{row}" for row in one[1:]
    ]
    dossier = json.loads((tmp_path / "all" / "results.json").read_text())
    assert [part["audit"] for part in dossier["parts"]] == ["exposure", "benchmark"]
    assert sum(part["statements"] for part in dossier["parts"]) == len(every) - 1
    assert {one["audit"]: one["lacking"] for one in dossier["left_out"]} == {
        "reporting": [["counts", "forecast"], ["rates", "published"]],
        "feedback": [["world", "observed"]],
    }
    cover = (tmp_path / "all" / "report.html").read_text(encoding="utf-8")
    for name in ("exposure", "benchmark"):
        assert f'<a href="{name}/report.html">' in cover
    assert "feedback: left out; it needs --world or --observed." in cover
    assert "What must not be concluded" in cover
    assert cover.count("Zones are not people.") == 2  # exposure and benchmark give two reasons
    assert "<b>=black" not in cover
    listed = json.loads((tmp_path / "all" / "manifest.json").read_text())["outputs"]
    assert "benchmark/report.html" in [file["name"] for file in listed]


def _told(done):
    return " ".join(done.stderr.replace("│", " ").split())


def test_all_says_what_an_audit_lacks(options, tmp_path):
    place = options.index("--predictions")
    without = options[:place] + options[place + 4 :]
    done = run("all", *without, "--out", str(tmp_path / "all"))
    assert done.exit_code == 2
    assert "data allow" in _told(done)
    with pytest.raises(StudyError, match="must have its inputs") as caught:
        run("all", "--out", str(tmp_path / "none"))
    assert "benchmark: left out; it needs --zones" in caught.value.found
    assert "reporting: left out; it needs --counts or --forecast" in caught.value.found
    assert not (tmp_path / "none").exists()


def test_an_audit_that_an_input_stops_does_not_stop_the_others(options, tmp_path):
    incidents = tmp_path / "others.csv"
    incidents.write_text("a,b\n1,2\n", encoding="utf-8")  # what benchmark needs is not in it
    done = CliRunner().invoke(
        app,
        ["audit", "all", *options, "--incidents", str(incidents), "--reported", "theft",
         "--out", str(tmp_path / "every")],
    )  # fmt: skip
    assert done.exit_code == 2
    assert (tmp_path / "every" / "exposure" / "report.html").is_file()
    assert "others.csv" in _told(done)
    assert "feedback: left out" in done.output
    assert "benchmark: stopped by an input." in done.stdout
    cover = (tmp_path / "every" / "report.html").read_text(encoding="utf-8")
    assert "benchmark: stopped by an input." in cover
    dossier = json.loads((tmp_path / "every" / "results.json").read_text())
    (stopped,) = dossier["stopped"]
    assert stopped["audit"] == "benchmark"
    assert "others.csv" in stopped["where"]
    assert not (tmp_path / "every" / "benchmark").exists()
