"""``veedor audit reporting`` and ``feedback``: their files, their pages, and what they refuse."""

from __future__ import annotations

import csv
import json

import pytest

from veedor.audits.audit import COLUMNS
from veedor.cli.app import main

COUNTS = """place,category,count,zone,population,a,b
<script>alert(1)</script>,theft,30,north,100,80,20
=2+2,theft,24,south,100,20,80
p3,theft,5,south,100,50,50
"""


def run(*arguments):
    with pytest.raises(SystemExit) as left:
        main(["audit", *(str(one) for one in arguments)])
    return left.value.code or 0


def estimates(folder):
    with (folder / "estimates.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert tuple(rows[0]) == COLUMNS
    return rows


@pytest.fixture
def files(tmp_path):
    (tmp_path / "counts.csv").write_text(COUNTS, encoding="utf-8")
    (tmp_path / "rates.csv").write_text("category,low,high\ntheft,.4,.6\n", encoding="utf-8")
    (tmp_path / "world.csv").write_text(
        "zone,true_rate,reporting\n<b>1</b>,6,.4\n2,5,.4\n3,4,.2\n", encoding="utf-8"
    )
    rows = [
        f"{t},{z},{3 + (z + t) % 3},{1 + t * z % 2 + 2 * (not (z + t) % 5)},{int(not (z + t) % 5)}"
        for t in range(8)
        for z in range(20)
    ]  # fmt: skip
    (tmp_path / "record.csv").write_text(
        "period,place,reported,discovered,flagged\n" + "\n".join(rows) + "\n", encoding="utf-8"
    )
    return tmp_path


def test_reporting_writes_its_files_and_hostile_names_do_no_harm(files, capsys):
    out = files / "out"
    code = run(
        "reporting", "--counts", files / "counts.csv", "--rates", files / "rates.csv", "--top", 1,
        "--groups", "a,b", "--reference", "b", "--pair", "p3,=2+2", "--out", out,
    )  # fmt: skip
    assert code == 0
    assert "flagged place" in capsys.readouterr().out
    rows = {(r["assignment"], r["statistic"]): r for r in estimates(out)}
    assert rows["own", "share_flagged_robust"]["value"] == "0.0"
    assert rows["shared", "share_flagged_robust"]["value"] == "1.0"
    page = (out / "report.html").read_text(encoding="utf-8")
    assert "<script>alert" not in page
    results = json.loads((out / "results.json").read_text(encoding="utf-8"))
    assert results["schema_version"] == 2
    assert len(results["statements"]) == len(estimates(out))
    with (out / "places.csv").open(encoding="utf-8", newline="") as file:
        places = [row["place"] for row in csv.DictReader(file)]
    assert "'=2+2" in places


def test_feedback_writes_its_files_twice_the_same(files):
    arguments = [
        "feedback", "--world", files / "world.csv", "--observed", files / "record.csv", "--rounds",
        20, "--runs", 6, "--allocate", "top:0.34", "--half-life", 10,
    ]  # fmt: skip
    for out in ("one", "two"):
        assert run(*arguments, "--out", files / out) == 0
    for name in ("results.json", "report.html", "estimates.csv"):
        assert (files / "one" / name).read_bytes() == (files / "two" / name).read_bytes()
    found = {r["statistic"] for r in estimates(files / "one")}
    assert {"deviation_last", "runaway_discovered_fraction", "flags_persistence"} <= found
    assert "<b>1</b>" not in (files / "one" / "report.html").read_text(encoding="utf-8")


def test_a_function_of_ones_own_is_a_system(files):
    rule = files / "rule.py"
    rule.write_text("def squared(counts):\n    return counts**2\n", encoding="utf-8")
    common = ["feedback", "--world", files / "world.csv", "--rounds", 10, "--runs", 2,
              "--no-threshold", "--out", files / "out"]  # fmt: skip
    assert run(*common, "--system", f"{rule}:squared") == 0
    assert run(*common, "--system", f"{rule}:missing") == 2
    assert run(*common, "--system", f"{files / 'none.py'}:f") == 2


def test_a_forecaster_is_a_system(files):
    assert run(
        "feedback", "--world", files / "world.csv", "--rounds", 10, "--runs", 1, "--system",
        "PastMean", "--retrain-every", 5, "--no-threshold", "--out", files / "out",
    ) == 0  # fmt: skip


@pytest.mark.parametrize(
    "arguments",
    [
        ["reporting", "--out", "x"],
        ["reporting", "--counts", "counts.csv", "--out", "x"],
        ["reporting", "--counts", "absent.csv", "--rates", "rates.csv", "--out", "x"],
        ["reporting", "--counts", "counts.csv", "--rates", "rates.csv", "--out", "x"],
        ["reporting", "--counts", "counts.csv", "--published", "us-ncvs-2017", "--out", "x"],
        ["reporting", "--counts", "counts.csv", "--rates", "rates.csv", "--top", "1", "--pair",
         "a", "--out", "x"],
        ["feedback", "--out", "x"],
        ["feedback", "--world", "world.csv", "--allocate", "evenly", "--out", "x"],
        ["feedback", "--world", "world.csv", "--allocate", "top:x", "--out", "x"],
        ["feedback", "--world", "world.csv", "--system", "NoSuch", "--out", "x"],
        ["feedback", "--world", "world.csv", "--discovered-fraction", "0", "--out", "x"],
        ["feedback", "--observed", "counts.csv", "--out", "x"],
    ],
)  # fmt: skip
def test_what_cannot_be_done_is_for_the_user_to_mend(files, monkeypatch, arguments, capsys):
    monkeypatch.chdir(files)
    assert run(*arguments) == 2
    assert "Traceback" not in capsys.readouterr().err
    assert not (files / "x").exists()
