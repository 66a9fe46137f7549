"""Where an account is signed in: it sees its own sessions, and ends them."""

from __future__ import annotations

import pytest
from django.test import Client
from tests.web.signing_in import code, password, signed_in

FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
PAGE = "/accounts/sessions/"


def forget_codes() -> None:
    """Let a code be taken again, as if another moment had come."""
    from django.core.cache import cache

    from veedor.web.accounts.models import UsedCode

    UsedCode.objects.all().delete()
    cache.clear()


@pytest.fixture
def enter():
    """Sign in as a person does, in a browser of one's own, and show a code again."""

    def entered(name: str, agent: str = FIREFOX, *, again: bool = True) -> Client:
        forget_codes()
        client = Client(headers={"accept-language": "es", "user-agent": agent})
        password(client, name)
        client.post("/accounts/login/code/", {"code": code()})
        assert signed_in(client)
        client.get("/")
        if again:
            asks_again(client)
        return client

    return entered


def asks_again(client: Client) -> None:
    """Show a code, as who was signed in for a while must."""
    forget_codes()
    client.post("/accounts/again/code/", {"code": code()})


def buttons(page: str) -> list[str]:
    """Handles of the sessions that may be ended, without that of all others."""
    import re

    return [one for one in re.findall(r'name="session" value="(\w+)"', page) if one != "others"]


def test_one_sees_ones_own_sessions_and_no_others(enter):
    here, elsewhere, other = enter("analyst"), enter("analyst", "curl/8"), enter("auditor")
    page = here.get(PAGE).text
    assert "Firefox, Linux" in page
    assert len(buttons(page)) == 1
    for client in (here, elsewhere, other):
        assert client.session.session_key not in page
    assert len(buttons(other.get(PAGE).text)) == 0


def test_another_session_is_ended_at_once_and_that_is_recorded(enter):
    from veedor.web.accounts.models import Event

    here, elsewhere, third = enter("analyst"), enter("analyst"), enter("analyst")
    (handle, _) = buttons(here.get(PAGE).text)
    here.post(PAGE, {"session": handle})
    assert [signed_in(one) for one in (here, elsewhere, third)].count(True) == 2
    here.post(PAGE, {"session": "others"})
    assert [signed_in(one) for one in (here, elsewhere, third)] == [True, False, False]
    assert elsewhere.get("/projects/propio/").status_code == 302
    assert Event.objects.filter(kind="session_ended").count() == 2


def test_nobody_ends_the_session_of_another(enter):
    analyst, twin, auditor = enter("analyst"), enter("analyst"), enter("auditor")
    (handle,) = buttons(analyst.get(PAGE).text)
    auditor.post(PAGE, {"session": handle})
    auditor.post(PAGE, {"session": "others"})
    auditor.post(PAGE, {"session": twin.session.session_key})
    assert signed_in(analyst)
    assert signed_in(twin)
    assert signed_in(auditor)


def test_who_did_not_show_a_code_just_now_is_asked_for_one(enter):
    client, twin = enter("analyst", again=False), enter("analyst")
    for ask in (client.get, client.post):
        answer = ask(PAGE)
        assert (answer.status_code, "/accounts/again/code/" in answer.headers["Location"]) == (
            302,
            True,
        )
    client.post(PAGE, {"session": "others"})
    assert signed_in(twin)
    asks_again(client)
    client.post(PAGE, {"session": "others"})
    assert not signed_in(twin)


@pytest.mark.parametrize(
    ("told", "named"),
    [
        (FIREFOX, "Firefox, Linux"),
        ("Mozilla/5.0 (iPhone; CPU OS 18_0 like Mac OS X) Version/18 Safari/604", "Safari, iOS"),
        ("Mozilla/5.0 (Windows NT 10.0) Chrome/140 Safari/537 Edg/140", "Edge, Windows"),
        ("<script>alert(1)</script>", ""),
        ("", ""),
    ],
)  # fmt: skip
def test_a_browser_is_named_roughly(told, named):
    from veedor.web.accounts.sessions import browser_of

    assert browser_of(told) == named
