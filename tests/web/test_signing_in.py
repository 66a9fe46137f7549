"""Signing in: password, then a code; nothing before there is a second factor; sessions end."""

from __future__ import annotations

import re
import time

import pytest
from django.test import Client
from tests.web.made_site import PASSWORD, SECRET
from tests.web.signing_in import code, password, signed_in

from veedor.web.accounts import sessions
from veedor.web.accounts.hashing import Hasher
from veedor.web.accounts.turns import TURNS


def test_a_password_and_a_code_sign_in(client_of):
    client = client_of("visitor")
    answer = client.post("/accounts/login/", {"login": "ANALYST@example.org", "password": PASSWORD})
    assert answer.headers["Location"] == "/accounts/login/code/"
    assert not signed_in(client)
    assert client.post("/accounts/login/code/", {"code": "000000"}).status_code == 200
    before = client.session.session_key
    answer = client.post("/accounts/login/code/", {"code": code()})
    assert answer.headers["Location"] == "/"
    assert client.session.session_key != before
    assert "Proyecto propio" in client.get("/").text


def test_a_recovery_code_signs_in_once(client_of, user):
    from allauth.mfa.models import Authenticator

    kept = Authenticator.objects.get(user=user("analyst"), type="recovery_codes").wrap()
    (first, *_) = kept.get_unused_codes()
    one, other = client_of("visitor"), client_of("visitor")
    password(one, "analyst")
    one.post("/accounts/login/code/", {"code": first})
    assert signed_in(one)
    password(other, "analyst")
    other.post("/accounts/login/code/", {"code": first})
    assert not signed_in(other)


def test_a_code_is_taken_once_whichever_process_is_asked(client_of):
    from django.core.cache import cache

    shown = code()
    one, other = client_of("visitor"), client_of("visitor")
    password(one, "analyst")
    one.post("/accounts/login/code/", {"code": shown})
    assert signed_in(one)
    cache.clear()  # another process has a cache of its own
    password(other, "analyst")
    other.post("/accounts/login/code/", {"code": shown})
    assert not signed_in(other)


@pytest.mark.parametrize("steps", [-3, 3])
def test_an_old_or_early_code_is_not_taken(client_of, steps):
    client = client_of("visitor")
    password(client, "analyst")
    client.post("/accounts/login/code/", {"code": code(steps=steps)})
    assert not signed_in(client)


def test_an_account_without_a_second_factor_does_nothing_before(client_of):
    client = client_of("fresh")
    for address in ("/", "/projects/propio/", "/accounts/factor/codes/", "/accounts/password/"):
        assert client.get(address).headers["Location"] == "/accounts/factor/app/"


def test_a_second_factor_is_set_up_and_its_codes_are_shown_once():
    client = Client()
    answer = password(client, "fresh")
    assert answer.headers["Location"] == "/"
    shown = client.get("/accounts/factor/app/").text
    secret = shown.split('<code class="key">')[1].split("<")[0]
    answer = client.post("/accounts/factor/app/", {"code": code(secret)})
    assert answer.headers["Location"] == "/accounts/factor/codes/"
    codes = client.get("/accounts/factor/codes/").text
    assert codes.count("<li><code>") == 10
    assert "<li><code>" not in client.get("/accounts/factor/codes/").text
    assert client.get("/").status_code == 200


def test_another_app_takes_the_place_of_the_first_in_one_step(client_of):
    client = client_of("analyst")
    assert client.get("/accounts/factor/app/").headers["Location"].startswith("/accounts/again/")
    assert client.post("/accounts/again/", {"password": PASSWORD}).status_code == 302
    asked = client.get("/accounts/factor/app/").headers["Location"]
    assert asked.startswith("/accounts/again/code/"), "a password alone changes no factor"
    client.post("/accounts/again/code/", {"code": code()})
    secret = client.get("/accounts/factor/app/").text.split('<code class="key">')[1].split("<")[0]
    assert client.post("/accounts/factor/app/", {"code": "000000"}).status_code == 200
    client.post("/accounts/factor/app/", {"code": code(secret)})
    for given, enters in ((code(steps=1), False), (code(secret, steps=1), True)):
        again = Client()
        password(again, "analyst")
        again.post("/accounts/login/code/", {"code": given})
        assert signed_in(again) == enters


def test_a_first_factor_set_up_late_needs_the_password_again():
    client = Client()
    password(client, "fresh")
    session = client.session
    session["account_authentication_methods"][0]["at"] -= 3600
    session.save()
    answer = client.get("/accounts/factor/app/")
    assert answer.headers["Location"].startswith("/accounts/again/")


def test_secrets_of_factors_are_not_in_the_database(user):
    from allauth.mfa.models import Authenticator

    for one in Authenticator.objects.all():
        assert SECRET not in str(one.data)


def test_an_unknown_account_is_told_the_same_after_the_same_work(client_of, monkeypatch):
    hashed = []
    encode = Hasher.encode
    verify = Hasher.verify
    monkeypatch.setattr(Hasher, "encode", lambda *a: hashed.append("encode") or encode(*a))
    monkeypatch.setattr(Hasher, "verify", lambda *a: hashed.append("verify") or verify(*a))
    known = password(client_of("visitor"), "analyst", "wrong").text
    assert len(hashed) == 1
    unknown = password(client_of("visitor"), "no.such.account", "wrong").text
    assert len(hashed) == 2
    token = re.compile(r'name="csrfmiddlewaretoken" value="\w+"')
    known, unknown = (token.sub("", text) for text in (known, unknown))
    assert known.replace("analyst@", "") == unknown.replace("no.such.account@", "")


def _fails(client, name, times):
    return [password(client, name, "wrong").status_code for _ in range(times)]


def test_who_guesses_is_stopped_before_anything_is_hashed(client_of, monkeypatch):
    client = client_of("visitor")
    assert _fails(client, "analyst", 6) == [200, 200, 200, 200, 429, 429]
    monkeypatch.setattr(Hasher, "verify", lambda *_: pytest.fail("hashed"))
    monkeypatch.setattr(Hasher, "encode", lambda *_: pytest.fail("hashed"))
    began = time.perf_counter()
    assert set(_fails(client, "analyst", 20)) == {429}
    assert (time.perf_counter() - began) / 20 < 0.2


def test_a_stranger_locks_nobody_out(client_of):
    stranger = Client(REMOTE_ADDR="203.0.113.9")
    assert _fails(stranger, "analyst", 6)[-1] == 429
    victim = client_of("visitor")
    assert password(victim, "analyst").headers["Location"] == "/accounts/login/code/"


def test_an_unknown_account_is_stopped_like_any_other(client_of):
    assert _fails(client_of("visitor"), "no.such.account", 6)[-1] == 429


def test_one_address_may_not_try_many_accounts(client_of, monkeypatch):
    monkeypatch.setattr(Hasher, "encode", lambda *_: "argon2$")
    client = client_of("visitor")
    tried = [password(client, f"x{number}", "wrong").status_code for number in range(32)]
    assert tried[:29] == [200] * 29
    assert tried[-1] == 429


def test_passwords_are_hashed_few_at_once(client_of, monkeypatch):
    from argon2 import PasswordHasher, low_level

    for hashes in ("hash_secret", "verify_secret"):
        monkeypatch.setattr(low_level, hashes, lambda *_: pytest.fail("hashed"))
    monkeypatch.setattr(PasswordHasher, "verify", lambda *_: pytest.fail("hashed"))
    with TURNS.taken(), TURNS._room:  # one is in, and one waits
        answer = password(client_of("visitor"), "analyst")
    assert answer.status_code == 503
    assert "Demasiadas a la vez" in answer.text
    monkeypatch.undo()
    assert password(client_of("visitor"), "analyst").status_code == 302


def test_codes_cannot_be_guessed(client_of):
    client = client_of("visitor")
    password(client, "analyst")
    for number in range(5):
        client.post("/accounts/login/code/", {"code": f"00000{number}"})
    client.post("/accounts/login/code/", {"code": code()})
    assert not signed_in(client)


@pytest.mark.parametrize(
    "away", ["https://example.com/", "//example.com/", "/\\example.com", "javascript:alert(1)"]
)
def test_signing_in_never_leads_away(away):
    client = Client()
    client.post(
        f"/accounts/login/?next={away}",
        {"login": "analyst@example.org", "password": PASSWORD, "next": away},
    )
    answer = client.post("/accounts/login/code/", {"code": code()})
    assert answer.headers["Location"] == "/"


def test_signing_in_leads_to_what_was_asked_for():
    client = Client()
    asked = client.get("/projects/propio/").headers["Location"]
    assert asked == "/accounts/login/?next=/projects/propio/"
    client.post(
        asked,
        {"login": "analyst@example.org", "password": PASSWORD, "next": "/projects/propio/"},
    )
    answer = client.post("/accounts/login/code/", {"code": code()})
    assert answer.headers["Location"] == "/projects/propio/"


@pytest.mark.parametrize(
    ("key", "ago", "ended"),
    [
        ("seen_at", sessions.IDLE_S - 30, False),
        ("seen_at", sessions.IDLE_S + 30, True),
        ("began_at", sessions.WHOLE_S - 30, False),
        ("began_at", sessions.WHOLE_S + 30, True),
    ],
)
def test_a_session_ends(client_of, key, ago, ended):
    client = client_of("analyst")
    client.get("/")
    session = client.session
    session[key] = time.time() - ago
    session.save()
    client.get("/")
    assert signed_in(client) != ended


def test_a_session_is_that_of_a_password_and_a_factor(client_of, user):
    one, other = client_of("analyst"), client_of("analyst")
    assert "Proyecto propio" in other.get("/").text
    one.post("/accounts/again/code/", {"code": code()})
    before = one.session.session_key
    one.post("/accounts/factor/codes/new/")
    assert one.session.session_key != before
    assert "Proyecto propio" in one.get("/").text
    assert "Proyecto propio" not in other.get("/").text


def test_a_password_that_changes_ends_other_sessions_and_is_told(client_of):
    from django.core import mail

    one, other = client_of("analyst"), client_of("analyst")
    new = "otra clave larga de prueba"
    given = {"oldpassword": PASSWORD, "password1": new, "password2": new}
    assert one.post("/accounts/password/", given).status_code == 302
    assert "Proyecto propio" in one.get("/").text
    assert "Proyecto propio" not in other.get("/").text
    assert [letter.to for letter in mail.outbox] == [["analyst@example.org"]]
    assert new not in mail.outbox[0].body


@pytest.mark.parametrize("weak", ["corta", "analyst@example.org", "contraseña", "password1234"])
def test_a_weak_password_is_not_taken(client_of, weak):
    given = {"oldpassword": PASSWORD, "password1": weak, "password2": weak}
    assert client_of("analyst").post("/accounts/password/", given).status_code == 200


def test_a_closed_account_does_not_sign_in(client_of, user):
    closed = user("analyst")
    closed.is_active = False
    closed.save()
    client = client_of("visitor")
    password(client, "analyst")
    client.post("/accounts/login/code/", {"code": code()})
    assert not signed_in(client)


def test_signing_out_ends_the_session_at_the_site(client_of):
    client, thief = client_of("analyst"), client_of("visitor")
    thief.cookies = client.cookies.copy()
    assert len(client.session.session_key) == 32
    assert "Proyecto propio" in thief.get("/").text
    assert "Clear-Site-Data" not in client.get("/").headers
    answer = client.post("/accounts/logout/")
    assert answer.headers["Clear-Site-Data"] == '"cache", "storage"'
    assert not signed_in(client)
    assert "Clear-Site-Data" not in client.get("/").headers
    assert "Proyecto propio" not in thief.get("/").text


def test_a_new_password_needs_the_one_of_now(client_of, user):
    new = "otra clave larga de prueba"
    given = {"oldpassword": "not it", "password1": new, "password2": new}
    assert client_of("analyst").post("/accounts/password/", given).status_code == 200
    assert user("analyst").check_password(PASSWORD)


def test_a_password_may_be_long_and_of_any_letters_and_is_taken_as_it_is(client_of, user):
    new = " Ñandú 🐦 " + "é" * 90 + " "
    given = {"oldpassword": PASSWORD, "password1": new, "password2": new}
    assert client_of("analyst").post("/accounts/password/", given).status_code == 302
    for other in (new.strip(), new.lower(), new[:72]):
        assert password(client_of("visitor"), "analyst", other).status_code == 200
    page = client_of("visitor").get("/accounts/login/").text
    assert 'type="password"' in page
    assert password(client_of("visitor"), "analyst", new).status_code == 302


def test_passwords_are_hashed_slowly(user):
    account = user("analyst")
    account.set_password(PASSWORD)
    assert account.password.startswith("argon2$argon2id$v=19$m=47104,t=2,p=1$")


@pytest.mark.parametrize(
    ("given", "taken"),
    [
        ("observatorio2026", False),
        ("Defensoria-Prueba-1", False),
        ("DEFENSORÍA 20262026", True),
        ("testserver-clave", False),
        ("8437-2291-5538", True),
        ("cuatro caballos y una clave", True),
    ],
)
def test_words_of_the_place_are_no_password(client_of, given, taken):
    asked = {"oldpassword": PASSWORD, "password1": given, "password2": given}
    answer = client_of("analyst").post("/accounts/password/", asked)
    assert (answer.status_code == 302) == taken
    assert taken or "palabras de este lugar" in answer.text


def test_who_shows_again_who_they_are_gets_a_new_session(client_of):
    client, thief = client_of("analyst"), client_of("visitor")
    thief.cookies = client.cookies.copy()
    client.post("/accounts/again/code/", {"code": "000000"})
    assert "Proyecto propio" in thief.get("/").text
    assert client.post("/accounts/again/code/", {"code": code()}).status_code == 302
    assert "Proyecto propio" not in thief.get("/").text
    assert client.get("/accounts/factor/app/").status_code == 200
