"""What an attacker tries: forged forms, hosts, cookies, logs that tell."""

from __future__ import annotations

import contextlib
import json
import re
import subprocess
import sys

import pytest
from django.test import Client
from tests.web.made_site import PASSWORD
from tests.web.signing_in import code, password
from tests.web.test_permissions import ADDRESSES, PARTS

from veedor.web.accounts import inviting
from veedor.web.accounts.models import Office
from veedor.web.projects.permissions import Action

#: Forged, these do no harm.
_HARMLESS = {"language"}
#: Its token is read once it is known that the account may; held by the tests of uploads.
_LATER = {"upload_new", "pack_new", "record_taken_in", "version_taken_in"}


@pytest.mark.parametrize(("route", "pattern"), ADDRESSES, ids=[route for route, _ in ADDRESSES])
def test_no_form_is_taken_without_its_token(user, route, pattern):
    from django.urls import reverse

    parts = {part: PARTS[part] for part in pattern.pattern.regex.groupindex}
    client = Client(enforce_csrf_checks=True)
    client.force_login(
        user("administrator"), backend="allauth.account.auth_backends.AuthenticationBackend"
    )
    answer = client.post(reverse(pattern.name, kwargs=parts))
    if pattern.name not in _HARMLESS | _LATER:
        assert answer.status_code in (403, 405)  # refused, or nothing is ever taken there


def test_an_answer_closes_what_a_browser_could_open(client_of):
    headers = client_of("visitor").get("/").headers
    policy = dict(part.split(" ", 1) for part in headers["Content-Security-Policy"].split("; "))
    assert policy["default-src"] == policy["base-uri"] == policy["frame-ancestors"] == "'none'"
    assert policy["script-src"] == policy["style-src"] == policy["form-action"] == "'self'"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["X-Frame-Options"] == "DENY"
    assert headers["Referrer-Policy"] == "same-origin"
    assert "camera=()" in headers["Permissions-Policy"]
    assert headers["Cross-Origin-Opener-Policy"] == "same-origin"


def test_errors_and_files_carry_the_same_headers(client_of):
    client = client_of("visitor")
    style = re.search(r'href="(/static/[^"]+css)"', client.get("/").text)[1]
    for address in ("/no-such-page/", style):
        with contextlib.closing(client.get(address)) as answer:
            assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
            assert answer.headers["X-Content-Type-Options"] == "nosniff"
            assert "Access-Control-Allow-Origin" not in answer.headers
    assert "max-age=31536000" in answer.headers["Cache-Control"]


def test_cookies_are_closed_to_scripts_and_other_sites():
    client = Client()
    client.get("/accounts/login/")
    password(client, "analyst")
    client.post("/accounts/login/code/", {"code": code()})
    for name in ("csrftoken", "veedor_session"):
        cookie = client.cookies[name]
        assert cookie["httponly"]
        assert cookie["samesite"] == "Lax"
    assert not client.cookies["veedor_session"]["max-age"]


def test_a_site_of_https_says_so(tmp_path):
    (tmp_path / "site.toml").write_text(
        "[site]\ntitle = 'x'\naddress = 'https://veedor.example'\nproxies = 1\n", "utf-8"
    )
    (tmp_path / "secret_key").write_text("x" * 64, "utf-8")
    asked = (
        "import json, sys; from pathlib import Path\n"
        "from veedor.web.site.opening import open_site\n"
        "open_site(Path(sys.argv[1]))\n"
        "from django.test import Client\n"
        "client = Client(headers={'host': 'veedor.example', 'x-forwarded-proto': 'https'})\n"
        "answer = client.get('/accounts/login/')\n"
        "client.post('/language/', {'language': 'en'})\n"
        "print(json.dumps({'headers': dict(answer.headers), 'names': list(client.cookies),"
        " 'secure': [bool(c['secure']) for c in client.cookies.values()]}))"
    )
    done = subprocess.run(
        [sys.executable, "-c", asked, str(tmp_path)], capture_output=True, text=True, check=False
    )
    said = json.loads(done.stdout)
    assert "max-age=31536000" in said["headers"]["Strict-Transport-Security"]
    assert said["secure"]
    assert said["names"] == ["__Host-csrftoken", "__Host-veedor_language"]
    assert all(said["secure"])


@pytest.mark.parametrize(
    ("proxies", "forwarded", "seen"),
    [
        (0, "203.0.113.5", "127.0.0.1"),
        (1, "198.51.100.1, 203.0.113.5", "203.0.113.5"),
        (2, "198.51.100.1, 203.0.113.5, 192.0.2.1", "203.0.113.5"),
        (1, "", "127.0.0.1"),
        (2, "203.0.113.5", "127.0.0.1"),
        (1, "2001:db8:1:2:aaaa:bbbb:cccc:dddd", "2001:db8:1:2::"),
        (1, "2001:db8:1:2::9", "2001:db8:1:2::"),
        (1, "2001:db8:1:3::9", "2001:db8:1:3::"),
        (1, "fe80::1%eth0", "fe80::"),
        (1, "::ffff:203.0.113.5", "203.0.113.5"),
        (1, "not an address", "127.0.0.1"),
    ],
)
def test_who_asks_is_what_our_own_proxy_saw(proxies, forwarded, seen):
    import msgspec
    from django.conf import settings
    from django.test import RequestFactory, override_settings

    from veedor.web.accounts.attempts import client_address

    site = settings.VEEDOR_SITE
    about = msgspec.structs.replace(site.settings.site, proxies=proxies)
    behind = msgspec.structs.replace(
        site, settings=msgspec.structs.replace(site.settings, site=about)
    )
    with override_settings(VEEDOR_SITE=behind):
        request = RequestFactory().get("/", headers={"x-forwarded-for": forwarded})
        assert client_address(request) == seen


def test_logs_hold_no_person_and_no_secret(logged, client_of, user, monkeypatch):
    _, link = inviting.invite(Office.objects.get(), email="new@example.org")
    client = Client(REMOTE_ADDR="203.0.113.77", headers={"user-agent": "telltale"})
    client.get(link.removeprefix("http://testserver"))
    for _ in range(6):
        password(client, "analyst", "a wrong password")
    client.post("/accounts/password/lost/", {"email": "analyst@example.org"})
    client.get("/no-such-page/of-juan-perez/")
    client.get("/", headers={"host": "evil.example"})
    other = client_of("visitor")
    password(other, "auditor")
    shown = code()
    other.post("/accounts/login/code/", {"code": shown})
    other.post("/projects/propio/")
    from veedor.web.pages import views

    other.raise_request_exception = False
    monkeypatch.setattr(views, "may", lambda *_: 1 / int("0 of juan.perez@example.org"))
    assert other.get("/").status_code == 500
    text = logged.getvalue()
    secret = link.split("/")[-2]
    for told in (
        "analyst", "auditor@", "new@example.org", secret, PASSWORD, "a wrong password", shown,
        "203.0.113.77", "juan", "evil.example", other.session.session_key, "telltale", "127.0.0.1",
    ):  # fmt: skip
        assert told not in text, told
    lines = [json.loads(line) for line in text.splitlines()]
    assert all(line["at"].endswith("+00:00") for line in lines)
    of_requests = [line for line in lines if line["logger"] == "veedor.requests"]
    assert {"route", "status", "method", "milliseconds"} <= set(of_requests[0])
    assert "accounts/invitation/<str:secret>/" in {line["route"] for line in of_requests}
    (fault,) = (line for line in lines if line.get("exception") == "ValueError")
    assert any("views.py" in place for place in fault["where"])


def test_no_answer_to_who_is_signed_in_is_kept_by_a_cache(client_of):
    client = client_of("analyst")
    for address in ("/", "/projects/propio/", "/accounts/factor/", "/no-such-page/"):
        assert "no-store" in client.get(address).headers["Cache-Control"]


@pytest.mark.parametrize("method", ["put", "delete", "patch", "options", "trace"])
def test_other_methods_do_nothing(client_of, method):
    answer = getattr(client_of("administrator"), method)("/accounts/1/close/")
    assert answer.status_code in (403, 405)


def test_the_table_is_asked_before_a_form_is_read(client_of):
    answer = client_of("analyst").post("/accounts/invite/", {"email": "x@example.org"})
    assert answer.status_code == 403
    assert Action.MANAGE_ACCOUNTS.value not in answer.text


def test_what_is_kept_of_a_failed_sign_in_holds_no_password(client_of):
    from axes.models import AccessAttempt

    password(client_of("visitor"), "analyst", "a wrong password")
    (row,) = AccessAttempt.objects.values()
    assert "a wrong password" not in str(row)


@pytest.mark.parametrize(
    "address",
    [
        "/.git/config", "/site.toml", "/secret_key", "/db.sqlite3", "/admin/", "/static/",
        "/public/", "/uploads/", "/__debug__/", "/veedor/web/site/settings.py",
    ],
)  # fmt: skip
def test_nothing_of_the_site_or_its_making_is_served(client_of, address):
    from django.conf import settings

    assert not settings.DEBUG
    assert client_of("administrator").get(address).status_code == 404
    static = f"{settings.STATIC_URL}veedor/"
    for below in (static, f"{static}../../settings.py", f"{static}%2e%2e/%2e%2e/settings.py"):
        assert client_of("visitor").get(below).status_code == 404


@pytest.mark.parametrize(
    ("address", "kind"),
    [
        ("/", "text/html; charset=utf-8"),
        ("/no-such-page/", "text/html; charset=utf-8"),
        ("/looks/key", "application/x-pem-file"),
        ("/health/", "application/json"),
        ("/api/publications.json", "application/json"),
        ("/api/no/", "application/problem+json"),
        ("/feed/es.xml", "application/atom+xml; charset=utf-8"),
    ],
)
def test_every_answer_says_its_type(client_of, address, kind):
    assert client_of("visitor").get(address).headers["Content-Type"] == kind


def test_no_header_is_put_into_a_letter(client_of):
    from django.core import mail

    given = {"office": "Concejo", "site_role": "", "by_mail": "on"}
    for email in ("new@example.org\nBcc: other@example.org", "new@example.org, other@example.org"):
        client_of("administrator").post("/accounts/invite/", {**given, "email": email})
        client_of("visitor").post("/accounts/password/lost/", {"email": email})
    assert not mail.outbox


@pytest.mark.parametrize("address", ["/", "/projects/propio/", "/accounts/factor/", "/published/"])
def test_every_page_of_an_account_leads_out(client_of, address):
    assert 'action="/accounts/logout/"' in client_of("analyst").get(address).text
