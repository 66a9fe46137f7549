"""Covers of letters and of deadlines in Chromium: a page, two screens of a telephone, a sheet."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from typing import TYPE_CHECKING

import pytest
from tests.browser import chromium, opened, sideways
from tests.unit.disclosure.test_deadlines import count
from tests.unit.disclosure.test_letters import LAW, RECORD, read

from veedor.disclosure.request import letters
from veedor.languages import languages
from veedor.report.deadlines_page import deadlines_document
from veedor.report.document import write_document
from veedor.report.letters_page import letters_document
from veedor.report.words import words_in

if TYPE_CHECKING:
    from playwright.sync_api import Browser

KINDS = ("letters", "topics", "begun", "longest", "access")
DAY = date(2026, 11, 9)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as started:
        yield started


def document(kind: str, language: str, folder):
    words = words_in(language)
    if kind == "letters":
        return letters_document(letters(LAW, read(folder, RECORD)), words, "veedor")
    if kind == "topics":
        made = letters(LAW, read(folder, RECORD), by="topic", applicant="organisation")
        return letters_document(made, words, "veedor")
    if kind == "access":
        return deadlines_document(count("access", received=DAY), words)
    if kind == "begun":
        return deadlines_document(count(received=DAY), words)
    made = count(
        received=DAY, extended=date(2026, 11, 30), denied=date(2026, 11, 25),
        claimed=date(2027, 1, 4), ordered=date(2027, 3, 1),
    )  # fmt: skip
    return deadlines_document(made, words)


@pytest.mark.parametrize("language", sorted(languages()))
@pytest.mark.parametrize("kind", KINDS)
def test_a_cover_is_one_page_two_screens_and_one_sheet(browser, tmp_path, kind, language) -> None:
    path, wrong = tmp_path / "report.html", []
    write_document(document(kind, language, tmp_path), path, language)
    with opened(browser, path) as window:
        for width, most in ((1280, 900), (390, 2 * 844)):
            window.set_viewport_size({"width": width, "height": 900})
            found = window.evaluate(
                "document.querySelector('.cover').getBoundingClientRect().bottom + scrollY"
            )
            if found > most:
                wrong.append(f"{width} px: {found:.0f} px of at most {most}")
        for width in (320, 390, 700, 1280):
            window.set_viewport_size({"width": width, "height": 900})
            if more := sideways(window):
                wrong.append(f"{width} px: {more} px wider than the window")
        told = window.evaluate("document.querySelector('.cover').innerText")
        window.evaluate("document.querySelectorAll('.next, footer').forEach(e => e.remove())")
        sheets = re.findall(rb"/Type\s*/Page\b", window.pdf(prefer_css_page_size=True))
    assert len(told.split()) <= 500
    assert len(sheets) == 1
    assert not wrong, "\n".join(wrong)
