"""Judging the tests' pack in a browser, by keyboard."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from playwright.sync_api import Page

AT = "/projects/propio/judging/"


def begin(page: Page) -> None:
    """Begin or go on with the pack, from the list of packs, by Tab and Enter."""
    while "paquete" not in (page.evaluate("document.activeElement.getAttribute('href')") or ""):
        page.keyboard.press("Tab")
    page.keyboard.press("Enter")


def ready(page: Page, place: int) -> None:
    """Wait for an item's page, and for the focus to stand on an answer: keys choose only then."""
    page.wait_for_url(f"**{AT}paquete/{place}/")
    page.wait_for_function("document.activeElement.type === 'radio'")
