"""Commands that write a folder: nothing of anyone else's goes, and the old one stays whole."""

import json

import pytest

from veedor.cli import main

ZONES = ("--zones", "z", "--groups", "w", "--population", "p", "--reference", "w")
WRITES = {
    "exposure": ("audit", "exposure", *ZONES, "--predictions", "b"),
    "benchmark": ("audit", "benchmark", *ZONES, "--predictions", "b"),
    "reporting": ("audit", "reporting", "--counts", "c", "--rates", "r"),
    "feedback": ("audit", "feedback", "--world", "w"),
    "alerts": ("audit", "alerts", "--decisions", "d"),
    "verify-forecast": ("verify-forecast", "f.csv", "--outcomes", "f.csv"),
}


def called(*arguments):
    with pytest.raises(SystemExit) as leaving:
        main([str(one) for one in arguments])
    return leaving.value.code


@pytest.mark.parametrize("kind", ["file", "link"])
@pytest.mark.parametrize("name", WRITES)
def test_a_folder_of_anyone_elses_is_refused_before_any_work(
    tmp_path, capsys, monkeypatch, name, kind
):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "f.csv").write_text("x\n")
    theirs = tmp_path / "theirs"
    theirs.mkdir()
    (theirs / "report.html").write_text("precious")
    out = theirs
    if kind == "link":
        (theirs / "report.html").unlink()
        out = tmp_path / "out"
        out.symlink_to(theirs)
    before = sorted(theirs.iterdir())
    assert called(*WRITES[name], "--out", out) == 2
    told = capsys.readouterr().err
    assert "report.html" in told if kind == "file" else "link" in told
    assert sorted(theirs.iterdir()) == before
    assert kind == "link" or (theirs / "report.html").read_text() == "precious"


@pytest.mark.parametrize(
    ("command", "folder"), [("patterns", "patterns"), ("forecast", "next"), ("check", "results")]
)
def test_folders_of_a_study_are_refused_too(small_study, capsys, command, folder):
    theirs = small_study / folder
    theirs.mkdir()
    (theirs / "cells.geojson").write_text("precious")
    assert called(command, small_study) == 2
    assert "cells.geojson" in capsys.readouterr().err
    assert [path.name for path in theirs.iterdir()] == ["cells.geojson"]


@pytest.mark.parametrize(
    "moment", ["veedor.files.folders.put", "veedor.files.folders.write_manifest"]
)
@pytest.mark.parametrize("error", [OSError(28, "No space left on device"), KeyboardInterrupt()])
def test_a_failure_leaves_the_old_files_of_an_audit(tmp_path, capsys, monkeypatch, moment, error):
    table = tmp_path / "d.csv"
    table.write_text("flagged,outcome\n" + "1,true\n0,false\n1,false\n" * 20)
    arguments = ("audit", "alerts", "--decisions", table, "--out", tmp_path / "out")
    assert called(*arguments) == 0
    old = {path.name: path.read_bytes() for path in (tmp_path / "out").iterdir()}
    listed = json.loads(old["manifest.json"])["outputs"]
    assert {one["name"] for one in listed} == set(old) - {"manifest.json"}
    table.write_text("flagged,outcome\n" + "1,true\n0,true\n1,false\n" * 20)

    def fail(*_: object) -> None:
        raise error

    with monkeypatch.context() as now:
        now.setattr(moment, fail)
        assert called(*arguments) == (2 if isinstance(error, OSError) else 130)
    assert {path.name: path.read_bytes() for path in (tmp_path / "out").iterdir()} == old
    assert {path.name for path in tmp_path.iterdir()} == {"d.csv", "out"}
    assert called(*arguments) == 0
    assert (tmp_path / "out" / "results.json").read_bytes() != old["results.json"]
