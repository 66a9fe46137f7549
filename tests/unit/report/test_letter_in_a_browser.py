"""A letter in Chromium: open to everyone, on any screen, and on paper without its note."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest
from tests.browser import SCHEMES, WIDTHS, chromium, opened, sideways, violations
from tests.unit.disclosure.test_letters import LAW, answered, read

from veedor.disclosure.request import letters
from veedor.report.letter_file import write_letter
from veedor.report.words import words_in

if TYPE_CHECKING:
    from pathlib import Path

    from playwright.sync_api import Browser


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as started:
        yield started


@pytest.fixture(scope="module")
def letter(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("letters")
    asked = read(folder, answered(who_may_access="refused"), ["who_may_access"])
    (made,) = letters(LAW, asked, applicant="organisation").letters
    write_letter(made, folder, words_in("en"))
    return folder / f"{made.name}.html"


def test_a_letter_has_no_violation_on_any_screen(browser, letter) -> None:
    wrong = []
    with opened(browser, letter) as window:
        for width in WIDTHS:
            for scheme in SCHEMES:
                window.set_viewport_size({"width": width, "height": 900})
                window.emulate_media(color_scheme=scheme)
                wrong += [f"{width} {scheme}: {what}" for what in violations(window, without=())]
                assert not sideways(window)
    assert not wrong, "\n".join(wrong)


def test_the_note_is_on_the_screen_and_not_on_paper(browser, letter) -> None:
    shown = "getComputedStyle(document.querySelector('aside')).display"
    with opened(browser, letter) as window:
        assert window.evaluate(shown) != "none"
        window.emulate_media(media="print")
        assert window.evaluate(shown) == "none"
        assert window.evaluate("document.querySelector('.lines dd').textContent") == ""
