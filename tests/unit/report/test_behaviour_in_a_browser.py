"""The cover of the behaviour audit in Chromium: one page, two screens of a telephone, one sheet."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest
from msgspec.structs import replace
from tests.browser import (
    chromium,
    faults_of_cover,
    open_all,
    opened,
    sideways,
    unreadable,
    violations,
)
from tests.golden import topics

from veedor.audits.behaviour import Question, audit_behaviour, read_panel
from veedor.languages import languages
from veedor.report.audit_behaviour import behaviour_document
from veedor.report.document import write_document
from veedor.report.words import words_in

if TYPE_CHECKING:
    from playwright.sync_api import Browser

WORDS = 500
NAMES = ("change", "none", "lows", "differ", "ols", "poisson")
LONG = "a long reason that begins with what became known and goes on to whom, " * 5


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as started:
        yield started


@pytest.fixture(scope="module")
def pages(tmp_path_factory):
    """Pages of each kind, by name and language, with a reason of many words."""
    folder = tmp_path_factory.mktemp("pages")
    topics.write(folder / "topics.csv")
    panel = read_panel(folder / "topics.csv", missing_days="days_without")
    question = Question(event=topics.EVENT, because=LONG)
    change = audit_behaviour(panel, question)
    audits = {
        "change": change,
        "none": replace(change, verdict="no_change_detectable"),
        "lows": audit_behaviour(read_panel(folder / "topics.csv"), question),
        "differ": replace(change, verdict="cannot_tell", reasons=("differ", "moved")),
        "ols": audit_behaviour(read_panel(folder / "topics.csv"), replace(question, design="ols")),
        "poisson": audit_behaviour(panel, replace(question, design="poisson")),
    }
    made = {}
    for language in languages():
        for name, audit in audits.items():
            made[name, language] = folder / f"{name}-{language}.html"
            page = behaviour_document(audit, words_in(language))
            write_document(page, made[name, language], language)
    return made


@pytest.mark.parametrize("language", sorted(languages()))
@pytest.mark.parametrize("name", NAMES)
def test_a_cover_keeps_to_its_shape(browser, pages, name, language):
    with opened(browser, pages[name, language]) as window:
        wrong = faults_of_cover(window, WORDS)
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("language", sorted(languages()))
@pytest.mark.parametrize("name", ["change", "ols"])
def test_a_page_is_open_to_everyone(browser, pages, name, language):
    with opened(browser, pages[name, language], width=320) as window:
        open_all(window)
        assert not violations(window)
        assert not sideways(window)


@pytest.mark.parametrize("language", sorted(languages()))
@pytest.mark.parametrize("name", ["change", "lows", "ols", "poisson"])
@pytest.mark.parametrize("width", [390, 1280])
def test_its_charts_can_be_read_on_a_telephone_and_a_desk(browser, pages, width, name, language):
    with opened(browser, pages[name, language], width=width) as window:
        open_all(window)
        assert unreadable(window) == []
        drawn = window.locator("svg.chart:visible").count()
        assert 2 * drawn == window.locator("svg.chart").count() > 0
