"""The cover of a study's report in Chromium: one page, two screens of a telephone, one sheet."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import pytest
from msgspec.structs import replace
from tests.browser import chromium, opened, sideways

from veedor.languages import ENGLISH, languages
from veedor.report.write import write_report

if TYPE_CHECKING:
    from playwright.sync_api import Browser

MANY = (
    "theft from vehicles", "burglary", "robbery", "vehicle theft", "assault with injury",
    "theft of parts and accessories", "damage to property", "arson", "fraud", "threats",
    "bicycle theft", "shoplifting",
)  # fmt: skip
KINDS = ("Stack", "Additive", "Kernel", "PastMean")
LONG = "theft of parts and accessories of motor vehicles and their trailers in public places"
#: Categories, forecasters -> words that a reader meets before anything folds out.
COVERS = {
    "one": (MANY[:1], KINDS, 400),
    "one of one": (MANY[:1], KINDS[1:2], 400),
    "none compared": (MANY[:1], (), 400),
    "two": (MANY[:2], KINDS, 450),
    "six": (MANY[:6], KINDS, 500),
    "twelve": (MANY, KINDS, 600),
    "long names": ((LONG, LONG + " at night"), (LONG, LONG[::-1]), 500),
    "a dozen forecasters": (MANY[:1], tuple(f"Forecaster{n}" for n in range(12)), 500),
}
_SHEET = re.compile(rb"/Type\s*/Page\b")


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as started:
        yield started


@pytest.fixture(scope="module")
def pages(made, tmp_path_factory):
    """Pages that were written, by name and language."""
    folder, kept = tmp_path_factory.mktemp("covers"), {}

    def written(name, language):
        if (name, language) not in kept:
            categories, others, _ = COVERS[name]
            results, maps = made.results(categories, others, side=12, gain=(0.004, 0.06, -0.2))
            path = folder / f"{categories[0][:3]}-{len(kept)}.html"
            study = replace(results.study, title="A made-up town: one year of records")
            results = replace(results, study=study)
            write_report(results, made.quality(), made.manifest(), maps, path, language=language)
            kept[name, language] = path
        return kept[name, language]

    return written


def _each_in_every_language() -> Iterator[Any]:
    """Give every cover in every language; each run looks at those of one, as the longest words are.

    English has the shortest, and one of its covers is looked at too.
    """
    shorter = pytest.mark.release(reason="shorter words than those of another language")
    for name in COVERS:
        for language in sorted(languages()):
            short = language == ENGLISH and name != "two"
            yield pytest.param(name, language, marks=[shorter] * short)


@pytest.mark.parametrize(("name", "language"), list(_each_in_every_language()))
def test_a_cover_is_one_page_of_a_desk_two_screens_of_a_telephone_and_one_sheet(
    browser, pages, name, language
):
    wrong = []
    with opened(browser, pages(name, language)) as window:

        def bottom():
            return window.evaluate(
                "document.querySelector('.cover').getBoundingClientRect().bottom + scrollY"
            )

        for width, most in ((1280, 900), (390, 2 * 844)):
            window.set_viewport_size({"width": width, "height": 900})
            if (found := bottom()) > most:
                wrong.append(f"{width} px: {found:.0f} px of at most {most}")
        for width in (320, 390, 700, 1000, 1280):
            window.set_viewport_size({"width": width, "height": 900})
            if more := sideways(window):
                wrong.append(f"{width} px: {more} px wider than the window")
        # The whole takes long to print, and what is folded is printed alike in every language.
        whole = window.pdf(prefer_css_page_size=True) if language == ENGLISH else None
        window.evaluate("document.querySelectorAll('.next, footer').forEach(e => e.remove())")
        alone = _SHEET.findall(window.pdf(prefer_css_page_size=True))
        if len(alone) != 1:
            wrong.append(f"{len(alone)} sheets for the cover")
        if whole is not None and (sheets := len(_SHEET.findall(whole))) < 4:
            wrong.append(f"{sheets} sheets in all: print leaves out what is folded")
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("name", COVERS)
def test_a_cover_is_short(browser, pages, name):
    with opened(browser, pages(name, "en")) as window:
        told = window.evaluate(
            "document.querySelector('header').innerText + ' ' + "
            "document.querySelector('.cover').innerText"
        )
    assert len(told.split()) <= COVERS[name][2]


def test_the_map_is_drawn_when_its_fold_is_opened(browser, pages):
    with opened(browser, pages("two", "en")) as window:
        assert window.query_selector("#map-canvas canvas") is None
        window.click("#map > summary")
        window.wait_for_selector("#map-canvas canvas")
        box = window.query_selector("#map-canvas").bounding_box()
        assert box["width"] > 400
        assert window.inner_text("#map-legend").strip()
