"""Every page is open to everyone: WCAG 2.2 AA by axe-core, on any screen, in light and dark."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from tests.browser import SCHEMES, WIDTHS, chromium, open_all, opened, sideways, violations

if TYPE_CHECKING:
    from playwright.sync_api import Browser

#: Every kind of page that a command writes.
PAGES = (
    "out/check.html", "town/results/report.html", "town/results/patterns/report.html",
    "towns/results/report.html",
    "county with people/patterns/report.html", "county with people/results/report.html",
    "out/counts/check.html", "out/log.html",
    "out/verification/report.html", "out/exposure/report.html", "out/benchmark/report.html",
    "out/reporting/report.html", "out/feedback/report.html", "out/all/report.html",
    "out/alerts/report.html", "out/published/report.html", "out/access/report.html",
    "out/behaviour/report.html", "out/behaviour_as_published/report.html",
    "out/reading/report.html", "out/counted/report.html", "out/agreement/report.html",
    "out/record/record.html", "out/changes/changes.html",
    "out/devices/report.html",
    "out/letters/report.html", "out/deadlines/report.html",
)  # fmt: skip
#: Pages whose cover holds to the size of a study's.
ONE_PAGE = ("out/access/report.html", "out/devices/report.html")
#: Pages that are written once more, by a command that leads to one above; and letters, which are
#: no reports: tests/unit/report/test_letter_in_a_browser.py looks at one.
ALIKE = (
    "out/promised/report.html",
    "town/patterns/report.html",
    "towns/north/results/report.html",
    "towns/south/old town/results/report.html",
    "out/all/*/report.html",
    "out/county_log.html",
    "out/letters/0*.html",
    "readings/first/report.html",
)
#: What does not depend on the width, and takes most of the time.
_SLOW = ("color-contrast",)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as started:
        yield started


def test_every_page_that_the_commands_write_is_looked_at(folder):
    written = {path.relative_to(folder) for path in folder.rglob("*.html")}
    alike = {path.relative_to(folder) for kind in ALIKE for path in folder.glob(kind)}
    assert written - alike == set(map(Path, PAGES))


@pytest.mark.parametrize("page", PAGES)
def test_a_page_has_no_violation_on_any_screen(browser, folder, page):
    wrong = []
    with opened(browser, folder / page) as window:
        open_all(window)
        for width in WIDTHS:
            for scheme in SCHEMES:
                wrong.extend(_faults(window, width, scheme))
    assert not wrong, "\n".join(wrong)


@pytest.mark.release(reason="one more language of the same templates")
@pytest.mark.parametrize("page", PAGES)
def test_a_page_in_spanish_has_no_violation_on_the_smallest_and_the_largest(browser, spanish, page):
    """Templates and shades are those of English; what may differ is the length of words."""
    with opened(browser, spanish / page) as window:
        assert window.evaluate("document.documentElement.lang") == "es"
        open_all(window)
        wrong = [*_faults(window, min(WIDTHS), "dark"), *_faults(window, max(WIDTHS), "light")]
    assert not wrong, "\n".join(wrong)


def _faults(window, width: int, scheme: str) -> list[str]:
    window.set_viewport_size({"width": width, "height": 900})
    window.emulate_media(color_scheme=scheme)
    found = violations(window, without=() if width == max(WIDTHS) else _SLOW)
    if more := sideways(window):
        found.append(f"{more} px wider than the window")
    return [f"{width} px, {scheme}: {what}" for what in found]


@pytest.mark.parametrize(
    "spoken",
    [
        "folder",
        pytest.param("spanish", marks=pytest.mark.release(reason="one more language")),
    ],
)
@pytest.mark.parametrize("page", ONE_PAGE)
def test_a_cover_is_one_page_of_a_desk_two_screens_of_a_telephone_and_one_sheet(
    browser, request, page, spoken
):
    with opened(browser, request.getfixturevalue(spoken) / page) as window:
        for width, most in ((1280, 900), (390, 2 * 844)):
            window.set_viewport_size({"width": width, "height": 900})
            bottom = "document.querySelector('.cover').getBoundingClientRect().bottom + scrollY"
            assert window.evaluate(bottom) <= most
        told = "['header', '.cover'].map(e => document.querySelector(e).innerText).join(' ')"
        assert len(window.evaluate(told).split()) <= 500
        window.evaluate("document.querySelectorAll('.next, footer').forEach(e => e.remove())")
        sheets = re.findall(rb"/Type\s*/Page\b", window.pdf(prefer_css_page_size=True))
        assert len(sheets) == 1


@pytest.mark.parametrize("page", PAGES)
def test_every_chart_and_map_says_what_it_shows(folder, page):
    """By a name and, a chart, its finding, as in the page as written, without a browser."""
    text = re.sub(r"<script>.*?</script>", "", (folder / page).read_text("utf-8"), flags=re.DOTALL)
    pictures = re.findall(r"<svg[^>]*>", text)
    lacking = []
    for picture in pictures:
        if 'aria-hidden="true"' in picture:
            continue
        named = re.search(r'aria-labelledby="([^"]+)"', picture)
        said = (
            [re.search(rf'id="{name}"[^>]*>([^<]+)<', text) for name in named[1].split()]
            if named
            else []
        )
        whole = all(said) and len(said) == 2 if 'class="chart"' in picture else all(said) and said
        if not whole and not re.search(r'aria-label="[^"]+"', picture):
            lacking.append(picture)
    assert not lacking, "\n".join(lacking)


@pytest.mark.parametrize("page", PAGES)
def test_letters_of_charts_can_be_read_on_a_telephone(browser, folder, page):
    """No letter of a chart is smaller than 11 px at 390 px."""
    with opened(browser, folder / page, width=390) as window:
        open_all(window)
        small = window.evaluate(
            """() => [...document.querySelectorAll("svg.chart text")].filter(
                text => text.getClientRects().length).map(text => {
                const to = text.ownerSVGElement.getScreenCTM();
                const size = parseFloat(getComputedStyle(text).fontSize) * Math.hypot(to.a, to.b);
                return size < 10.95 ? `${size.toFixed(1)} px: ${text.textContent.trim()}` : "";
            }).filter(Boolean)"""
        )
        assert not small, "\n".join(small[:10])


@pytest.mark.parametrize("page", PAGES)
def test_a_page_is_walked_through_by_keyboard(browser, folder, page):
    """The first stop is the link over the head; every stop is seen, and none holds a reader."""
    with opened(browser, folder / page) as window:
        window.keyboard.press("Tab")
        assert window.evaluate("document.activeElement.className") == "skip"
        stops = window.evaluate(
            "document.querySelectorAll('a[href], summary, button, [tabindex=\"0\"]').length"
        )
        unseen = []
        for _ in range(min(stops, 40)):
            window.keyboard.press("Tab")
            seen = window.evaluate(
                """() => {
                    const at = document.activeElement, look = getComputedStyle(at);
                    return at === document.body || look.outlineStyle !== "none"
                        ? "" : at.outerHTML.slice(0, 120);
                }"""
            )
            unseen.extend([seen] * bool(seen))
        assert not unseen, "\n".join(unseen)
