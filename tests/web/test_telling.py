"""Lines of the log that say who signed in, was refused, or tried: each is there, and unnamed."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest
from django.test import Client
from tests.web.made_site import PASSWORD, SECRET
from tests.web.signing_in import code, password
from tests.web.test_uploads import give
from tests.web.working import work

WRONG = "a wrong password"


@pytest.fixture
def told(logged):
    """Lines of what was tried, without when and how grave."""

    def lines() -> list[dict[str, str | None]]:
        made = [json.loads(line) for line in logged.getvalue().splitlines()]
        return [line for line in made if line["logger"] == "veedor.security"]

    return lines


def key(user) -> str:
    """By what the access log knows an account."""
    from veedor.web.site.keys import pseudonyms

    return pseudonyms().account(str(user.pk))


def test_a_sign_in_and_its_end_are_told_by_the_key_of_the_account(told, user):
    client = Client()
    password(client, "analyst")
    assert told() == []  # half of it is no sign-in
    client.post("/accounts/login/code/", {"code": code()})
    client.post("/accounts/logout/")
    first, last = told()
    assert (first["event"], last["event"]) == ("signed_in", "signed_out")
    assert first["account"] == last["account"] == key(user("analyst"))
    assert first["route"] == "accounts/login/code/"
    assert first["at"].endswith("+00:00")
    assert set(first) == {"at", "level", "logger", "event", "account", "origin", "route"}


def test_a_wrong_password_is_told_and_so_is_who_is_stopped(told, user):
    client = Client()
    for _ in range(6):
        password(client, "analyst", WRONG)
    password(Client(), "no.such.account", WRONG)
    events = [line["event"] for line in told()]
    assert events[:4] == ["password_failed"] * 4
    assert {"stopped", "limited"} <= set(events)
    assert events[-1] == "password_failed"
    assert {line["account"] for line in told()[:4]} == {key(user("analyst"))}
    assert told()[-1]["account"] is None


def test_a_wrong_code_is_told_when_signing_in_and_later(told, user, client_of):
    client = Client()
    password(client, "auditor")
    client.post("/accounts/login/code/", {"code": "000000"})
    client.post("/accounts/login/code/", {"credential": "{}"})
    client_of("analyst").post("/accounts/again/code/", {"code": "000000"})
    failed = [line for line in told() if line["event"] == "code_failed"]
    assert [line["account"] for line in failed] == [key(user("auditor"))] * 2 + [
        key(user("analyst"))
    ]
    assert {line["route"] for line in failed} == {"accounts/login/code/", "accounts/again/code/"}


def test_a_code_that_is_used_again_is_told(told):
    shown = code()
    for _ in range(2):
        client = Client()
        password(client, "auditor")
        client.post("/accounts/login/code/", {"code": shown})
    assert [line["event"] for line in told()] == ["signed_in", "code_failed"]


def test_who_is_refused_is_told_whether_or_not_they_see_that_there_is_something(
    told, user, client_of
):
    client_of("analyst").get("/accounts/invite/")
    client_of("stranger").get("/projects/propio/jobs/trabajo/")
    refused = [line for line in told() if line["event"] == "refused"]
    assert [line["account"] for line in refused] == [key(user("analyst")), key(user("stranger"))]
    assert [line["route"] for line in refused] == [
        "accounts/invite/",
        "projects/<slug:project>/jobs/<slug:job>/",
    ]


def test_a_forged_form_and_a_made_up_link_are_told(told, user, client_of):
    forged = Client(enforce_csrf_checks=True)
    forged.cookies = client_of("analyst").cookies
    forged.post("/accounts/logout/")
    Client().get("/accounts/invitation/made-up/")
    Client().get("/calendar/made-up.ics")
    made = [(line["event"], line["account"]) for line in told()]
    links = [("link_refused", None)] * 2
    assert made[-3:] == [("forged", key(user("analyst"))), *links]


def test_an_upload_that_is_refused_is_told_by_who_gave_it(told, user, client_of):
    give(client_of("analyst"), b"detalle,n\nana@example.org,1\n")
    work()
    assert (told()[-1]["event"], told()[-1]["account"]) == ("upload_refused", key(user("analyst")))


def test_nothing_that_was_given_is_in_any_line(logged, client_of):
    client = Client(REMOTE_ADDR="203.0.113.77", headers={"user-agent": "telltale"})
    shown = code()
    for name in ("analyst", "no.such.account"):
        password(client, name, WRONG)
    password(client, "auditor")
    client.post("/accounts/login/code/", {"code": "123456"})
    client.post("/accounts/login/code/", {"code": shown})
    client.get("/accounts/invitation/secret-of-a-link/")
    client.get("/accounts/invite/")
    client_of("stranger").get("/projects/propio/")
    give(client_of("analyst"), b"detalle,n\nana@example.org,1\n", "Juan Perez.csv")
    work()
    text = logged.getvalue()
    session = client.session.session_key
    for given in (
        "analyst", "auditor", "stranger", "no.such.account", "example.org", WRONG, PASSWORD, SECRET,
        "123456", shown, "secret-of-a-link", "203.0.113.77", "127.0.0.1", "telltale", session,
        "Perez", "propio", "datos.csv",
    ):  # fmt: skip
        assert given not in text, given


def test_where_from_is_the_same_within_a_day_and_leads_nowhere(told, monkeypatch):
    from veedor.web.accounts import telling

    def origin(address: str) -> str:
        password(Client(REMOTE_ADDR=address), "no.such.account", WRONG)
        return str(told()[-1]["origin"])

    first = origin("203.0.113.77")
    assert first == origin("203.0.113.77") != origin("203.0.113.78")
    tomorrow = datetime(2100, 1, 1, tzinfo=UTC)
    monkeypatch.setattr(telling.timezone, "now", lambda: tomorrow)
    assert origin("203.0.113.77") != first
