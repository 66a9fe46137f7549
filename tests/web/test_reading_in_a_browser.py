"""A pack is judged in Chromium: by keyboard alone, without scripts, on a telephone, by everyone."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from tests.browser import WCAG, chromium, sideways, unreadable, violations
from tests.web.judging import AT, begin, ready
from tests.web.served import serving, window

PACK = "/projects/propio/packs/paquete/"


@pytest.fixture
def address(site) -> Iterator[str]:
    with serving() as served:
        yield served


@pytest.fixture
def session(client_of):
    """The session of an account; asked before a browser runs."""

    def of(name: str) -> str:
        client = client_of(name)
        client.get("/", headers={"host": "127.0.0.1"})
        return str(client.session.session_key)

    return of


def kept():
    from veedor.web.reading.models import Judgement

    return list(Judgement.objects.order_by("pk").values_list("line__place", "answer"))


def focused(page):
    return page.evaluate("document.activeElement.value")


def test_a_pack_is_judged_by_keyboard_alone(address, session):
    key = session("reader")
    with chromium() as browser, window(browser, address, session=key) as page:
        page.goto(AT)
        begin(page)
        ready(page, 1)
        assert focused(page) == "1"
        page.keyboard.press("Enter")  # nothing was chosen yet
        page.keyboard.press("9")  # there is no such answer
        page.keyboard.press("2")
        assert focused(page) == "2"
        page.keyboard.press("Enter")
        ready(page, 2)
        page.keyboard.press("Backspace")
        ready(page, 1)
        assert page.locator("input:checked").get_attribute("value") == "2"
        page.keyboard.press("3")
        page.keyboard.press("Enter")
        for place in (2, 3):
            ready(page, place)
            page.keyboard.press("1")
            page.keyboard.press("Enter")
        page.wait_for_url(f"**{AT}paquete/end/")
        page.keyboard.press("Enter")
        page.wait_for_selector("text=Las respuestas están bloqueadas")
    assert kept() == [(1, "wrong"), (1, "cannot tell"), (2, "right"), (3, "right")]


def test_keys_choose_nothing_while_no_answer_has_the_focus(address, session):
    key = session("reader")
    with chromium() as browser, window(browser, address, session=key) as page:
        page.goto(f"{AT}paquete/1/")
        page.evaluate("document.activeElement.blur()")
        page.keyboard.press("2")
        assert page.locator("input:checked").count() == 0


def test_a_pack_is_judged_without_scripts(address, session):
    key = session("reader")
    with chromium() as browser:
        context = browser.new_context(base_url=address, locale="en", java_script_enabled=False)
        context.add_cookies([{"name": "veedor_session", "value": key, "url": address}])
        page = context.new_page()
        page.goto(AT)
        page.get_by_role("link", name="Begin Bolsos").click()
        page.get_by_label("right").check()
        page.get_by_role("button", name="Save and go on").click()
        page.get_by_role("link", name="Back to the one before").click()
        page.wait_for_url(f"**{AT}paquete/1/")
        assert page.get_by_label("right").is_checked()
        page.get_by_role("link", name="Pause").click()
        page.get_by_role("link", name="Go on with Bolsos").click()
        for place in (2, 3):
            page.wait_for_url(f"**{AT}paquete/{place}/")
            page.locator("input[type=radio]:focus").wait_for()
            page.keyboard.press("ArrowDown")
            page.keyboard.press("Enter")
        page.wait_for_url(f"**{AT}paquete/end/")
        page.get_by_role("button", name="Finish").click()
        page.get_by_text("Its answers are locked").wait_for()
        context.close()
    assert kept() == [(1, "right"), (2, "wrong"), (3, "wrong")]


@pytest.mark.parametrize("language", ["es", "en"])
def test_its_pages_are_for_everyone(address, session, client_of, language):
    client = client_of("reader")
    host = {"host": "127.0.0.1"}
    for place in (1, 2, 3):
        client.post(f"{AT}paquete/{place}/", {"answer": "1"}, headers=host)
    client.post(f"{AT}paquete/end/", headers=host)
    keys = {name: session(name) for name in ("reader", "analyst", "auditor")}
    wrong: list[str] = []

    def look(page, place):
        page.goto(place)
        assert page.url == address + place
        for width, scheme in ((390, "light"), (1280, "dark")):
            page.set_viewport_size({"width": width, "height": 844})
            page.emulate_media(color_scheme=scheme)
            where = f"{place} {width} px {scheme}"
            wrong.extend(f"{where}: {one}" for one in violations(page, tags=WCAG))
            wrong.extend(f"{where}: {one}" for one in unreadable(page))
            if more := sideways(page):
                wrong.append(f"{where}: {more} px wider than the window")

    with chromium() as browser:
        with window(browser, address, language=language, session=keys["reader"]) as page:
            look(page, f"{AT}paquete/end/")
        with window(browser, address, language=language, session=keys["auditor"]) as page:
            look(page, PACK)
        with window(browser, address, language=language, session=keys["analyst"]) as page:
            look(page, "/projects/propio/packs/")
            look(page, PACK)
            page.get_by_label("Por qué se reabre" if language == "es" else "Why it is op").fill(
                "error"
            )
            page.keyboard.press("Enter")
            page.wait_for_selector("text=error")
            look(page, PACK)
        with window(browser, address, language=language, session=keys["reader"]) as page:
            look(page, AT)
            look(page, f"{AT}paquete/2/")
    assert not wrong, "\n".join(wrong)
