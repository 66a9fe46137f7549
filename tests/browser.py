"""A browser that opens pages as a reader does, and asks axe-core what is wrong with them."""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import cache
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

#: Set where a test may not be skipped for want of a browser.
REQUIRED = "VEEDOR_NEEDS_CHROMIUM"
#: Widths of a small telephone, a telephone, and a desk, in CSS pixels.
WIDTHS = (320, 390, 1280)
SCHEMES = ("light", "dark")
WCAG = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa")
TAGS = (*WCAG, "best-practice")
#: Rows of a table that are looked at; the others come of the same line of a template.
_ROWS = 3
_OPEN_ALL = """rows => {
    document.querySelectorAll("details").forEach(fold => { fold.open = true; });
    document.querySelectorAll("tbody").forEach(
        body => [...body.rows].slice(rows).forEach(row => row.remove()));
}"""

#: Drawings, each letter of which lies in its drawing, the drawing in the window, and can be read.
_UNREADABLE = """least => {
    const wrong = [], shown = box => box.width > 0 && box.height > 0;
    const name = text => text.textContent.trim().slice(0, 40);
    for (const drawing of document.querySelectorAll("svg.chart, svg.panel")) {
        const box = drawing.getBoundingClientRect();
        if (!shown(box)) continue;
        if (box.right > document.documentElement.clientWidth)
            wrong.push(`a drawing of ${box.width.toFixed(0)} px`);
        const scale = drawing.getScreenCTM().a;
        for (const text of drawing.querySelectorAll("text")) {
            const at = text.getBoundingClientRect();
            if (!shown(at)) continue;
            const size = parseFloat(getComputedStyle(text).fontSize) * scale;
            if (size < least) wrong.push(`${name(text)}: letters of ${size.toFixed(1)} px`);
            if (at.left < box.left - 1 || at.right > box.right + 1)
                wrong.push(`${name(text)}: cut`);
        }
    }
    for (const text of document.querySelectorAll(".cover *, .legend *")) {
        const own = [...text.childNodes].some(one => one.nodeType === 3 && one.data.trim());
        if (!own || text.closest("svg") || !shown(text.getBoundingClientRect())) continue;
        const size = parseFloat(getComputedStyle(text).fontSize);
        if (size < least) wrong.push(`${name(text)}: letters of ${size.toFixed(1)} px`);
    }
    return wrong;
}"""


@contextmanager
def chromium() -> Iterator[Browser]:
    """Start Chromium; where there is none, skip the test, or fail where it is required."""
    found = next(filter(None, map(shutil.which, ("chromium", "chromium-browser"))), None)
    lacking = "" if found else "Chromium is not installed"
    try:
        from playwright.sync_api import sync_playwright
    except ImportError:
        lacking = "playwright is not installed"
    if lacking:
        (pytest.fail if os.environ.get(REQUIRED) else pytest.skip)(lacking)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=found, args=["--no-sandbox", "--disable-gpu"]
        )
        yield browser
        browser.close()


@contextmanager
def opened(browser: Browser, page: Path, width: int = 1280, height: int = 900) -> Iterator[Page]:
    """Open a page in a window of its own."""
    window = browser.new_page(viewport={"width": width, "height": height})
    window.goto(page.resolve().as_uri())
    yield window
    window.close()


def open_all(window: Page) -> None:
    """Unfold everything, and shorten tables to their first rows."""
    window.evaluate(_OPEN_ALL, _ROWS)


def violations(window: Page, without: Sequence[str] = (), tags: Sequence[str] = TAGS) -> list[str]:
    """Ask axe-core for what is wrong with a page that has loaded: rule, element and remedy."""
    window.wait_for_load_state()
    if not window.evaluate("'axe' in window"):
        window.evaluate(_axe())
    asked: dict[str, Any] = {
        "resultTypes": ["violations"],
        "runOnly": list(tags),
        "rules": {rule: {"enabled": False} for rule in without},
    }
    found = window.evaluate("asked => axe.run(document, asked)", asked)
    return [
        f"{rule['id']}: {node['html'][:160]}: {' '.join(node['failureSummary'].split())}"
        for rule in found["violations"]
        for node in rule["nodes"]
    ]


def sideways(window: Page) -> int:
    """CSS pixels by which the page is wider than its window."""
    wider = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
    return int(window.evaluate(wider))


def unreadable(window: Page, least: float = 11.0) -> list[str]:
    """Say which drawings are wider than the window, and which letters are cut or too small."""
    found: list[str] = window.evaluate(_UNREADABLE, least)
    return found


def faults_of_cover(window: Page, words: int) -> list[str]:
    """Say where a cover is more than a page of a desk, two screens of a telephone, or one sheet.

    The window is left with the cover alone.
    """
    wrong = []
    for width, most in ((1280, 900), (390, 2 * 844)):
        window.set_viewport_size({"width": width, "height": 900})
        found = window.evaluate(
            "document.querySelector('.cover').getBoundingClientRect().bottom + scrollY"
        )
        if found > most:
            wrong.append(f"{width} px: {found:.0f} px of at most {most}")
        if more := sideways(window):
            wrong.append(f"{width} px: {more} px wider than the window")
    told = window.evaluate(
        "document.querySelector('header').innerText + ' ' + "
        "document.querySelector('.cover').innerText"
    )
    if len(told.split()) > words:
        wrong.append(f"{len(told.split())} words")
    window.evaluate("document.querySelectorAll('.next, footer').forEach(e => e.remove())")
    alone = re.findall(rb"/Type\s*/Page\b", window.pdf(prefer_css_page_size=True))
    if len(alone) != 1:
        wrong.append(f"{len(alone)} sheets for the cover")
    return wrong


@cache
def _axe() -> str:
    return resources.files("axe_playwright_python").joinpath("axe.min.js").read_text("utf-8")
