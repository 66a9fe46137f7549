"""Signing in: password, then a code; nothing before there is a second factor."""

from __future__ import annotations

import time

from tests.web.made_site import PASSWORD, SECRET


def code(secret: str = SECRET) -> str:
    """The code that an app shows now."""
    from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value

    return format_hotp_value(hotp_value(secret, int(time.time()) // 30))


def test_a_password_and_a_code_sign_in(client_of):
    client = client_of("visitor")
    answer = client.post("/accounts/login/", {"login": "ANALYST@example.org", "password": PASSWORD})
    assert answer.headers["Location"] == "/accounts/login/code/"
    assert "Proyecto propio" not in client.get("/").text
    wrong = client.post("/accounts/login/code/", {"code": "000000"})
    assert wrong.status_code == 200
    before = client.session.session_key
    answer = client.post("/accounts/login/code/", {"code": code()})
    assert answer.headers["Location"] == "/"
    assert client.session.session_key != before
    assert "Proyecto propio" in client.get("/").text


def test_an_account_without_a_second_factor_does_nothing_before(client_of):
    client = client_of("fresh")
    for address in ("/", "/projects/propio/", "/accounts/factor/codes/"):
        assert client.get(address).headers["Location"] == "/accounts/factor/app/"
