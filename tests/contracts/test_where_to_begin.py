"""The five ways in are run as they stand on their page.

The page in Spanish has the same commands: `tests/architecture/test_docs_spanish.py` holds it.
"""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest

from veedor.cli import main

PAGE = Path(__file__).parents[2] / "docs" / "start.md"
#: What each way ends with, in the order of the page.
MADE = (
    ("demo-study/results/report.html",),
    ("demo-study/patterns/report.html", "demo-study/next/forecasts", "places.geojson"),
    ("mystudy/results/check.html",),
    ("proposed.toml", "access/report.html"),
    ("verification/report.html",),
    ("plates/record.html", "letters/report.html", "deadlines/deadlines.ics"),
)


def blocks() -> list[list[list[str]]]:
    """Commands of each block of the page, as words."""
    text = PAGE.read_text(encoding="utf-8")
    found = re.findall(r"^```console\n(.*?)^```", text, re.DOTALL | re.MULTILINE)
    return [
        [shlex.split(line.removeprefix("$ ")) for line in block.replace("\\\n", " ").splitlines()]
        for block in found
    ]


def test_every_way_ends_where_the_page_says(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    for commands, made in zip(blocks(), MADE, strict=True):
        for program, *words in commands:
            if program == "openssl":
                assert words == ["rand", "-hex", "32", ">", "salt.txt"]
                Path("salt.txt").write_text(bytes(range(32)).hex(), encoding="ascii")
                continue
            assert program == "veedor"
            with pytest.raises(SystemExit) as ended:
                main(words)
            assert not ended.value.code, capsys.readouterr().err
        for path in made:
            assert Path(path).exists()
