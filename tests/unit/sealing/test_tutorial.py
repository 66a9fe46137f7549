"""The public test of docs/tutorials/public-test.md, its words followed and its clock kept."""

import re
from pathlib import Path

import numpy as np
import pytest

from veedor.cli.app import main
from veedor.sealing import clock, findings, verify

TUTORIAL = Path(__file__).parents[3] / "docs" / "tutorials" / "public-test.md"
MONDAY = np.datetime64("2024-06-03")
DAY = np.timedelta64(1, "D")


def blocks():
    """Blocks of the tutorial that are typed in or written down."""
    return re.findall(r"```text\n(.*?)```", TUTORIAL.read_text(encoding="utf-8"), re.DOTALL)


def weekly():
    """Commands of weekly.sh, without an authority: there is none in a test."""
    script = next(block for block in blocks() if block.startswith("# weekly.sh"))
    for line in script.replace("\\\n", " ").splitlines()[1:]:
        words = re.findall(r'"[^"]*"|\S+', re.sub(r" --tsa \S+", "", line))
        yield [word.strip('"') for word in words][1:]


@pytest.fixture
def mystudy(small_study, monkeypatch):
    folder = small_study.with_name("mystudy")
    small_study.rename(folder)
    monkeypatch.chdir(folder.parent)
    lead = next(block for block in blocks() if block.startswith("lead"))
    path = folder / "study.toml"
    text = path.read_text().replace("[periods]\n", f"[periods]\n{lead}").replace(', "PastMean"', "")
    path.write_text(text.replace("origins = 6", "origins = 2"))
    return folder


def test_who_follows_the_tutorial_is_accused_of_nothing(mystudy, monkeypatch, capsys):
    whole = (mystudy / "incidents.csv").read_text().splitlines()
    text = (mystudy / "study.toml").read_text()
    for week in range(6):
        monday = MONDAY + 7 * week * DAY
        sunday = (monday - DAY).astype("datetime64[h]") + np.timedelta64(19, "h")
        if week > 3:
            monday = MONDAY + 21 * DAY  # two more Sundays, on which nothing is forecast
        monkeypatch.setattr(clock, "now", lambda at=sunday: (at + 3).astype("datetime64[us]"))
        kept = [line for line in whole[1:] if np.datetime64(line.split(",")[1]) < sunday]
        (mystudy / "incidents.csv").write_text("\n".join([whole[0], *kept]) + "\n")
        (mystudy / "study.toml").write_text(text.replace("until = 2024-07-01", f"until = {monday}"))
        for words in weekly():
            if week > 3 and words[:2] != ["log", "score"]:
                continue
            with pytest.raises(SystemExit) as left:
                main(words)
            assert left.value.code == 0, (week, words, capsys.readouterr().err)
        found = findings(verify(Path("log")))
        assert found.notices == ()
        assert found.problems == ()
        states = [one.state for one in found.promises]
        assert len(states) == 3 * min(week + 1, 4)
        assert states.count("scored") == 3 * max(week - 1, 0)
        assert not any(one.late for one in found.promises)
        assert "never_scored" not in states
    for one in found.promises:
        assert one.data_cutoff < one.promised_at < one.begins
