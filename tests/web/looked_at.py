"""What every page must be, however it is looked at; pictures of them for people."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from tests.browser import sideways, violations

if TYPE_CHECKING:
    from playwright.sync_api import Page

#: Set to a folder, in it a picture of each page is left, to be looked at.
PICTURES = "VEEDOR_PICTURES"
WIDTHS = (390, 1280)
#: Looks at a page, under a name.
Look = Callable[["Page", str], None]


def looking(wrong: list[str], languages: Sequence[str] = ()) -> Look:
    """Return what holds a page against what every page must be, and tells `wrong`.

    Parameters
    ----------
    wrong : list of str
        To be added to.
    languages : sequence of str
        In each of which the page is loaded again, and at last in the first; none leaves it as it
        is, as where it came of what was sent.
    """

    def look(page: Page, name: str) -> None:
        for language in languages:
            _speak(page, language)
            if page.locator("html").get_attribute("lang") != language:
                wrong.append(f"{name}: not in {language}")
            _look(page, f"{name}-{language}", wrong)
        if len(languages) > 1:
            _speak(page, languages[0])
        if not languages:
            _look(page, name, wrong)

    return look


def _speak(page: Page, language: str) -> None:
    here = urlsplit(page.url).hostname or ""
    cookie = {"name": "veedor_language", "value": language, "domain": here, "path": "/"}
    page.context.add_cookies([cookie])  # type: ignore[list-item]
    page.reload()


def _look(page: Page, name: str, wrong: list[str]) -> None:
    before = page.viewport_size
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 844 if width < 500 else 900})
        wrong += [f"{name}, {width} px: {one}" for one in violations(page)]
        if more := sideways(page):
            wrong.append(f"{name}, {width} px: {more} px wider than the window")
        if folder := os.environ.get(PICTURES):
            framed = page.locator("iframe.report").count()
            page.screenshot(path=f"{folder}/{name}-{width}.png", full_page=not framed)
    if before is not None:
        page.set_viewport_size(before)
