"""Every command that prints names of anyone's files prints them as text."""

import re

import pytest

from veedor.cli import main

EVIL = r"ro\u001b[2Jbo\u202e\u009b31m\nThe log verifies[bold]\r"


@pytest.fixture
def evil_study(small_study):
    study = small_study / "study.toml"
    text = study.read_text()
    text = text.replace('name = "robo"', f'name = "{EVIL}"\nvalues = ["robo"]')
    text = text.replace('title = "Small"', f'title = "{EVIL}"')
    text = text.replace('use = ["PriorCounts", "Recency", "Kernel", "PastMean"]', "use = []")
    study.write_text(text.replace("origins = 6", "origins = 2"), encoding="utf-8")
    path = small_study / "incidents.csv"
    lines = path.read_text().splitlines()
    lines[0] = lines[0].replace("note", "no\x1b[2Jte[bold]")
    path.write_text("\n".join(lines) + "\n")
    return small_study


def called(capsys, *arguments):
    with pytest.raises(SystemExit) as leaving:
        main([str(one) for one in arguments])
    told = capsys.readouterr()
    assert leaving.value.code in (0, 2), told.err
    text = told.out + told.err
    assert not re.search(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]", text), text
    assert not re.search(r"^\W*The log verifies\[bold\]", text, re.MULTILINE), text
    return leaving.value.code, text


def test_commands_of_a_study(evil_study, capsys, monkeypatch):
    monkeypatch.setenv("COLUMNS", "250")
    seen = r"ro\x1b[2Jbo\u202e\x9b31m\nThe log verifies[bold]"
    for command in (["check"], ["run", "--jobs", "1"], ["forecast"]):
        code, text = called(capsys, command[0], evil_study, *command[1:], "--details")
        assert code == 0, text
        assert seen in text
    code, text = called(
        capsys, "export", evil_study, "--category", "\x1b[2J[bold]", "--out", "x.csv"
    )
    assert code == 2
    assert "[bold]" in text
    code, _ = called(
        capsys, "init", evil_study / "\x1b[2J", "--incidents", evil_study / "incidents.csv"
    )
    assert code == 0
    log = evil_study.parent / "log"
    for command in (
        ["seal", evil_study / "next", "--log", log, "--late", "--by", "\x1b[2J\u202e[bold]"],
        ["verify", log],
        ["score", log, "--outcomes", evil_study],
        ["verify", evil_study / "absent\x1b[2J"],
        ["reproduce", evil_study / "absent\x1b[2J"],
        ["patterns", evil_study / "absent\x1b[2J"],
        ["fetch", "\x1b[2J[bold]", "--since", "2022-01-01", "--out", "x.csv"],
    ):
        called(capsys, *command)


def test_audits(tmp_path, capsys, monkeypatch):
    monkeypatch.setenv("COLUMNS", "250")
    table = tmp_path / "d.csv"
    group = "a\x1b[2J[bold]\u202e"
    rows = [f"{n % 2},{'true' if n % 3 else 'false'},{group}{n % 2}" for n in range(200)]
    table.write_text("flagged,outcome,group\n" + "\n".join(rows) + "\n", encoding="utf-8")
    code, text = called(
        capsys, "audit", "alerts", "--decisions", table, "--group", "group", "--out", tmp_path / "a"
    )
    assert code == 0, text
    counts = tmp_path / "c.csv"
    places = "".join(f'"p\x1b[2J[bold]\n{n}",{n + 1},robo\n' for n in range(20))
    counts.write_text("place,count,category\n" + places, encoding="utf-8")
    rates = tmp_path / "r.csv"
    rates.write_text("category,low,high\nrobo,0.2,0.6\n", encoding="utf-8")
    called(
        capsys, "audit", "reporting", "--counts", counts, "--rates", rates, "--top", "3",
        "--out", tmp_path / "b",
    )  # fmt: skip
    called(capsys, "audit", "reporting", "--counts", "\x1b[2J", "--rates", rates, "--out", tmp_path)
