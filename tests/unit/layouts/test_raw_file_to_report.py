"""`veedor init` and `veedor run` on a raw file of each layout, with no hand on study.toml."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from veedor.cli import main
from veedor.incidents.layouts import LAYOUTS

from .made_up import write_raw, write_zones

ROWS = 3_000


def call(*arguments: str) -> None:
    with pytest.raises(SystemExit) as done:
        main(list(arguments))
    assert done.value.code == 0


def quicker(study: Path) -> None:
    """Fewer forecasters and origins: what is tested is the way, not the forecasts."""
    path = study / "study.toml"
    text = path.read_text(encoding="utf-8")
    text = re.sub(r"(?m)^use = .*$", 'use = ["PastMean"]', text)
    text = re.sub(r"(?m)^origins = \d+", "origins = 2", text)
    path.write_text(text, encoding="utf-8")


@pytest.mark.parametrize("name", LAYOUTS)
def test_from_raw_file_to_report(name, tmp_path, capsys):
    (raw,) = write_raw(name, tmp_path, ROWS)
    study = tmp_path / "study"
    zones = write_zones(name, tmp_path)
    given = [] if zones is None else ["--zones", str(zones)]
    call("init", str(study), "--incidents", str(raw), *given)
    assert f"Layout: {name}" in capsys.readouterr().out
    quicker(study)
    call("run", str(study), "--jobs", "1")
    quality = json.loads((study / "results" / "quality.json").read_text(encoding="utf-8"))
    rows = quality["rows"]
    assert rows["in"] == ROWS
    assert rows["reconciled"]
    assert quality["layout"]["name"] == name
    assert rows["kept"] > 0.8 * ROWS
    results = json.loads((study / "results" / "results.json").read_text(encoding="utf-8"))
    assert len(results["categories"]) == 2
    page = (study / "results" / "report.html").read_text(encoding="utf-8")
    assert "<html" in page


def test_too_fine_a_grid_is_refused_where_places_were_moved(tmp_path, capsys):
    (raw,) = write_raw("data-police-uk", tmp_path, 600)
    study = tmp_path / "study"
    call("init", str(study), "--incidents", str(raw), "--layout", "data-police-uk")
    path = study / "study.toml"
    text = path.read_text(encoding="utf-8")
    assert "size_m = 1000" in text
    assert 'length = "1 month"' in text
    for change, said in (
        (("size_m = 1000", "size_m = 500"), "list of map points"),
        (('length = "1 month"', 'length = "1 week"'), "whole months"),
    ):
        path.write_text(text.replace(*change), encoding="utf-8")
        capsys.readouterr()
        with pytest.raises(SystemExit) as refused:
            main(["check", str(study)])
        assert refused.value.code == 2
        assert said in re.sub(r"[\s│]+", " ", capsys.readouterr().err)
