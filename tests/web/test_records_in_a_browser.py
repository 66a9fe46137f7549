"""From a record to a deadline in one's own calendar, as a person does it, without scripts too."""

from __future__ import annotations

from datetime import timedelta

import pytest
from tests.browser import WCAG, chromium, sideways, unreadable, violations
from tests.web.made_site import record_text
from tests.web.served import serving, window

from veedor.web.disclosure.clock import today

HERE = {"host": "127.0.0.1"}
PLACE = "/projects/propio"


@pytest.fixture
def address(site):
    with serving() as served:
        yield served


@pytest.fixture
def session(client_of) -> str:
    """The analyst's; asked for before a browser runs."""
    client = client_of("analyst")
    client.get("/", headers=HERE)
    return str(client.session.session_key)


def looked_at(page, wrong: list[str]) -> None:
    """Hold a page against what every page must be, at both widths."""
    for width, scheme in ((390, "light"), (1280, "dark")):
        page.set_viewport_size({"width": width, "height": 844})
        page.emulate_media(color_scheme=scheme)
        where = f"{page.url} {width} px"
        wrong += [f"{where}: {one}" for one in violations(page, tags=WCAG)]
        wrong += [f"{where}: {one}" for one in unreadable(page)]
        if more := sideways(page):
            wrong.append(f"{where}: {more} px wider than the window")
    page.set_viewport_size({"width": 390, "height": 844})


@pytest.mark.parametrize("language", ["es", "en"])
def test_from_a_record_to_a_calendar(address, session, tmp_path, language):
    wrong: list[str] = []
    long_ago = today() - timedelta(days=200)
    text = record_text("2", today().isoformat(), retention="noventa días")
    file = tmp_path / "ficha.toml"
    file.write_text(text.replace("lectoras de patentes", "drones"), encoding="utf-8")
    with (
        chromium() as browser,
        window(browser, address, language=language, session=session, width=390) as page,
    ):
        press = page.locator("main button[type=submit], main button:not([type])")
        page.goto(f"{PLACE}/")
        looked_at(page, wrong)
        page.goto(f"{PLACE}/records/")
        looked_at(page, wrong)
        page.goto(f"{PLACE}/records/new/")
        looked_at(page, wrong)
        page.fill("#id_system", "drones")
        page.fill("#id_body", "la policía")
        press.first.click()
        page.select_option("#id_kind", "own_work")
        page.fill("#id_words", "Trabajo propio de prueba en este proyecto")
        press.first.click()
        page.wait_for_selector("code.key")
        looked_at(page, wrong)
        record = page.url.removeprefix(address)
        page.set_input_files("#id_file", str(file))
        page.locator("form[enctype] button").click()
        page.wait_for_selector("a[href$='changes/']")
        looked_at(page, wrong)
        for place in ("changes/", "export/", "ask/"):
            page.goto(record + place)
            looked_at(page, wrong)
        page.select_option("#id_chosen", ["supplier"])
        press.first.click()
        page.wait_for_selector("#id_event")
        assert page.locator("html").get_attribute("lang") == language
        request = page.url.removeprefix(address)
        for event in ("sent", "received"):
            page.select_option("#id_event", event)
            page.fill("#id_day", long_ago.isoformat())
            press.first.click()
            page.wait_for_load_state()
        assert page.locator("strong.wrong").count() == 1
        looked_at(page, wrong)
        page.goto(f"{PLACE}/requests/new/")
        looked_at(page, wrong)
        page.goto(f"{PLACE}/requests/")
        assert page.locator("ol a").first.get_attribute("href") == request
        looked_at(page, wrong)
        page.goto(f"{PLACE}/deadlines/")
        looked_at(page, wrong)
        page.locator("form[action$='link/'] button").click()
        page.wait_for_selector("code.key")
        looked_at(page, wrong)
        link = page.locator("code.key").inner_text()
        page.goto(f"{PLACE}/deadlines/")
        looked_at(page, wrong)
        told = page.request.get(link)
        assert told.headers["content-type"].startswith("text/calendar")
        assert "BEGIN:VEVENT" in told.text()
        page.locator("form[action$='withdraw/'] button").click()
        page.wait_for_load_state()
        assert page.request.get(link).status == 404
    assert not wrong, "\n".join(dict.fromkeys(wrong))


def test_a_day_is_noted_without_scripts_and_a_wrong_one_is_said(address, session):
    said = {"kind": "own_work", "words": "Trabajo propio de prueba en este proyecto"}
    with chromium() as browser:
        context = browser.new_context(base_url=address, locale="es", java_script_enabled=False)
        context.add_cookies([{"name": "veedor_session", "value": session, "url": address}])
        page = context.new_page()
        page.goto(f"{PLACE}/requests/1/")
        page.select_option("#id_kind", said["kind"])
        page.fill("#id_words", said["words"])
        page.locator("main button").first.click()
        page.select_option("#id_event", "sent")
        page.fill("#id_day", today().isoformat())
        page.locator("main button").first.click()
        page.wait_for_load_state()
        assert "Se envió" in page.inner_text("main")
        page.select_option("#id_event", "denied")
        page.fill("#id_day", "1999-01-01")
        page.locator("main button").first.click()
        assert "Se encontró" in page.locator("[role=alert]").inner_text()
        context.close()
        context = browser.new_context(base_url=address, locale="es")
        context.add_cookies([{"name": "veedor_session", "value": session, "url": address}])
        page = context.new_page()
        page.goto(f"{PLACE}/requests/1/")
        page.select_option("#id_event", "denied")
        page.fill("#id_day", "1999-01-01")
        page.locator("main button").first.click()
        page.wait_for_selector("[role=alert]")
        assert not violations(page, tags=WCAG)
        context.close()
