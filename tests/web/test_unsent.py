"""A form whose session, purpose or token is over: what was written into it is not lost."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

import pytest
from tests.web.looks import WORDS

LETTER = "¿Cuántas lectoras de patentes hay, y <b>desde</b> cuándo?"
OWN = {"origin": "http://testserver"}
ADDRESS = "/projects/propio/requests/new/"
SENT = {"subject": "Lectoras", "ask": LETTER, "password": "secreto muy largo", "body": " "}


def send(client: Any, fields: dict[str, str], address: str = ADDRESS, **headers: str) -> Any:
    """Send a form as a browser does that takes no file."""
    form = "application/x-www-form-urlencoded"
    return client.post(address, urlencode(fields), content_type=form, headers=headers)


def test_what_was_written_stands_there_when_the_session_is_over(client_of):
    answer = send(client_of("visitor"), SENT | {"next": "x" * 20}, **OWN)
    assert answer.status_code == 403
    assert "<b>desde" not in answer.text
    assert "&lt;b&gt;desde&lt;/b&gt; cuándo?</textarea>" in answer.text
    assert f'href="/accounts/login/?next={ADDRESS}"' in answer.text
    assert answer.text.count("<textarea") == 1  # nothing short, blank or secret, and no address
    assert answer.headers["Cache-Control"] == "no-store"
    assert "Set-Cookie" not in answer.headers


@pytest.mark.parametrize("origin", [None, "https://other.example", "null"])
def test_words_of_another_site_are_not_shown(client_of, origin):
    told = {} if origin is None else {"origin": origin}
    answer = send(client_of("visitor"), SENT, **told)
    assert (answer.status_code, answer.headers["Location"]) == (
        302,
        f"/accounts/login/?next={ADDRESS}",
    )


def test_nor_where_nothing_was_written(client_of):
    answer = send(client_of("visitor"), {"applicant": "person"}, **OWN)
    assert answer.status_code == 302


def test_what_was_written_stands_there_when_the_token_is_of_before(user):
    """As where somebody signed in anew in another tab."""
    from django.test import Client

    client = Client(enforce_csrf_checks=True, headers={"accept-language": "es"})
    client.force_login(user("analyst"))
    answer = send(client, SENT, **OWN)
    assert answer.status_code == 403
    assert "cuándo?</textarea>" in answer.text
    assert "<textarea" not in send(client, SENT).text


def test_what_was_written_stands_there_when_the_purpose_is_over(client_of):
    client = client_of("analyst")
    link = "/projects/propio/deadlines/link/"
    answer = send(client, {"words": WORDS}, link, **OWN)
    assert answer.status_code == 403
    assert f"{WORDS}</textarea>" in answer.text
    assert 'href="/projects/propio/purpose' in answer.text
