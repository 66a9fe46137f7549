"""The tutorial's table is the one that is made up for the golden files, and its sentences hold."""

from pathlib import Path

import pytest
from msgspec.structs import replace
from tests.golden import topics

from veedor.audits.behaviour import Question, audit_behaviour, read_panel
from veedor.report.words import words_in
from veedor.report.words.behaviour_cover import finding

DOCS = Path(__file__).parents[4] / "docs"
PAGES = {"en": "tutorials/behaviour.md", "es": "es/conducta.md"}


def test_the_table_is_the_made_up_one(tmp_path):
    topics.write(tmp_path / "topics.csv")
    kept = (DOCS / "tutorials" / "topics.csv").read_text(encoding="utf-8")
    assert (tmp_path / "topics.csv").read_text(encoding="utf-8") == kept


@pytest.mark.parametrize("language", PAGES)
def test_the_tutorial_says_what_the_command_does(language):
    page = (DOCS / PAGES[language]).read_text(encoding="utf-8")
    said = [line.removeprefix("> ") for line in page.splitlines() if line.startswith("> ")]
    table, words = DOCS / "tutorials" / "topics.csv", words_in(language)
    question = Question(event=topics.EVENT, because=topics.BECAUSE)
    first = audit_behaviour(read_panel(table), question)
    second = audit_behaviour(read_panel(table, missing_days="days_without"), question)
    level = next(one.estimate for one in second.statements if one.statistic == "level_change")
    none = replace(second, verdict="no_change_detectable")
    assert said == [finding(words, one, level) for one in (first, second, none)]
