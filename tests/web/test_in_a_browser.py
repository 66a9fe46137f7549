"""Pages of accounts and projects as people see them: in Chromium, by keyboard, on a telephone."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from tests.browser import WCAG, chromium, sideways, unreadable, violations
from tests.web.made_site import PASSWORD
from tests.web.served import serving, window
from tests.web.signing_in import code

PAGES = {
    "visitor": (
        "/", "/accounts/login/", "/accounts/password/lost/", "/accounts/invitation/", "/x/",
        "/looks/",
    ),
    "fresh": ("/accounts/factor/app/",),
    "analyst": (
        "/", "/projects/propio/", "/projects/propio/purpose", "/accounts/factor/",
        "/accounts/password/", "/accounts/sessions/",
    ),
    "administrator": (
        "/accounts/", "/accounts/invite/", "/projects/", "/projects/propio/members/",
    ),
    "auditor": ("/accounts/", "/looks/log/purpose", "/looks/log/"),
}  # fmt: skip


@pytest.fixture
def address(site) -> Iterator[str]:
    with serving() as served:
        yield served


@pytest.fixture
def session(client_of, user):
    """The session of an account, by its name; asked before a browser runs, whose loop is Django's
    sign that nothing may wait for the database."""

    def of(name: str, *, again: bool = False) -> str:
        if name == "visitor":
            return ""
        client = client_of(name)
        client.get("/", headers={"host": "127.0.0.1"})
        if name == "fresh":
            client.post("/accounts/again/", {"password": PASSWORD}, headers={"host": "127.0.0.1"})
        if again:
            client_of(name).get("/", headers={"host": "127.0.0.1"})  # signed in elsewhere too
            client.post("/accounts/again/code/", {"code": code()}, headers={"host": "127.0.0.1"})
        return str(client.session.session_key)

    return of


@pytest.mark.parametrize("language", ["es", "en"])
def test_pages_are_for_everyone(address, session, client_of, language):
    from veedor.web.accounts import inviting
    from veedor.web.accounts.models import User

    by = User.objects.get(email="administrator@example.org")
    inviting.begin_recovery(User.objects.get(email="reader@example.org"), by)
    inviting.invite(by.office, email="a.very.long.name.of.somebody@an.office.example.org", by=by)
    said = {"kind": "audit", "case_number": "EX-2026-00012", "words": "reviso este mes", "next": ""}
    here = {"host": "127.0.0.1"}
    auditor = client_of("auditor")
    assert auditor.post("/looks/log/purpose", said, headers=here).status_code == 302
    wrong, keys = [], {name: session(name, again=name == "analyst") for name in PAGES}
    with chromium() as browser:
        for name, pages in PAGES.items():
            with window(browser, address, language=language, session=keys[name]) as page:
                for place in pages:
                    page.goto(place)
                    assert page.url == address + place
                    assert page.locator("html").get_attribute("lang") == language
                    for width, scheme in ((390, "light"), (1280, "dark")):
                        page.set_viewport_size({"width": width, "height": 844})
                        page.emulate_media(color_scheme=scheme)
                        where = f"{name} {place} {width} px {scheme}"
                        wrong += [f"{where}: {one}" for one in violations(page, tags=WCAG)]
                        wrong += [f"{where}: {one}" for one in unreadable(page)]
                        if more := sideways(page):
                            wrong.append(f"{where}: {more} px wider than the window")
    assert not wrong, "\n".join(wrong)


def _type(page, *keys):
    for key in keys:
        page.keyboard.press(key) if key in ("Tab", "Enter") else page.keyboard.type(key)


def test_signing_in_by_keyboard_alone(address):
    with chromium() as browser, window(browser, address) as page:
        page.goto("/")
        _type(page, "Tab")
        assert page.evaluate("document.activeElement.className") == "skip"
        _type(page, "Tab", "Tab")
        while page.evaluate("document.activeElement.getAttribute('href')") != "/accounts/login/":
            _type(page, "Tab")
        _type(page, "Enter")
        page.wait_for_url("**/accounts/login/")
        while page.evaluate("document.activeElement.name") != "login":
            _type(page, "Tab")
        _type(page, "analyst@example.org", "Tab", "wrong", "Enter")
        page.wait_for_selector("[role=alert]")
        while page.evaluate("document.activeElement.name") != "password":
            _type(page, "Tab")
        _type(page, PASSWORD, "Enter")
        page.wait_for_url("**/accounts/login/code/")
        while page.evaluate("document.activeElement.name") != "code":
            _type(page, "Tab")
        _type(page, code(), "Enter")
        page.wait_for_selector("text=Proyecto propio")


def test_every_stop_of_the_keyboard_is_seen(address, session):
    key = session("administrator")
    with chromium() as browser, window(browser, address, session=key) as page:
        page.goto("/accounts/invite/")
        seen = []
        for _ in range(60):
            _type(page, "Tab")
            about = page.evaluate(
                "(() => { const e = document.activeElement, s = getComputedStyle(e);"
                " return [e.tagName, s.outlineStyle, parseFloat(s.outlineWidth)]; })()"
            )
            if about[0] == "BODY":
                break
            seen.append(about)
        assert len(seen) > 8
        assert all(style == "solid" and width >= 2 for _, style, width in seen)


def test_a_language_is_chosen_without_scripts(address):
    with chromium() as browser:
        context = browser.new_context(base_url=address, locale="es", java_script_enabled=False)
        page = context.new_page()
        page.goto("/accounts/login/")
        page.get_by_role("button", name="English").click()
        page.get_by_role("heading", name="Sign in").wait_for()
        assert page.url == f"{address}/accounts/login/"
        context.close()


def test_a_security_key_stands_for_the_code(address, session):
    from django.test import override_settings

    key = session("analyst")
    here = address.replace("127.0.0.1", "localhost")
    with (
        override_settings(
            ALLOWED_HOSTS=["127.0.0.1", "localhost"], MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN=True
        ),
        chromium() as browser,
        window(browser, here, session=key) as page,
    ):
        of_page = page.context.new_cdp_session(page)
        of_page.send("WebAuthn.enable")
        about = {
            "protocol": "ctap2", "transport": "usb", "hasUserVerification": True,
            "isUserVerified": True, "automaticPresenceSimulation": True,
        }  # fmt: skip
        of_page.send("WebAuthn.addVirtualAuthenticator", {"options": about})
        page.goto("/accounts/factor/keys/new/")
        page.locator("#id_code").fill(code())
        page.keyboard.press("Enter")
        page.wait_for_selector("#key_add")
        assert not violations(page, tags=WCAG)
        page.locator("#id_name").fill("Llavero")
        page.locator("#key_add").click()
        page.wait_for_url("**/accounts/factor/")
        page.goto("/accounts/factor/keys/")
        assert page.get_by_text("Llavero").is_visible()
        page.context.clear_cookies()
        page.goto("/accounts/login/")
        page.locator("#id_login").fill("analyst@example.org")
        page.locator("#id_password").fill(PASSWORD)
        page.keyboard.press("Enter")
        page.wait_for_selector("#key_use")
        assert not violations(page, tags=WCAG)
        page.locator("#key_use").click()
        page.wait_for_selector("text=Proyecto propio")
