"""The common ground of all pages: layout, language, errors, health."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import veedor.web

TEMPLATES = sorted(Path(veedor.web.__file__).parent.glob("*/jinja2/**/*.*"))


def test_the_first_page_is_spanish_and_carries_its_headers(client_of):
    answer = client_of("visitor").get("/")
    assert answer.status_code == 200
    assert '<html lang="es">' in answer.text
    assert "Entrar" in answer.text
    policy = answer.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert "no-store" not in answer.headers.get("Cache-Control", "")


def test_a_page_for_visitors_sets_no_cookie_and_may_be_kept(client_of):
    answer = client_of("visitor").get("/")
    assert not answer.cookies
    assert "no-store" not in answer.headers.get("Cache-Control", "")
    assert "no-store" in client_of("analyst").get("/").headers["Cache-Control"]


def test_a_language_is_kept_in_a_cookie_and_leads_back(client_of):
    client = client_of("visitor")
    answer = client.post("/language/", {"language": "en", "next": "/accounts/login/"})
    assert answer.headers["Location"] == "/accounts/login/"
    assert '<html lang="en">' in client.get("/").text
    assert client.cookies["veedor_language"]["httponly"]


@pytest.mark.parametrize("away", ["https://example.com/", "//example.com", "javascript:alert(1)"])
def test_a_language_never_leads_away(client_of, away):
    answer = client_of("visitor").post("/language/", {"language": "en", "next": away})
    assert answer.headers["Location"] == "/"


@pytest.mark.parametrize("language", ["../x", "", "xx"])
def test_an_unknown_language_changes_nothing(client_of, language):
    client = client_of("visitor")
    client.post("/language/", {"language": language})
    assert "veedor_language" not in client.cookies


def test_what_is_not_there_is_said(client_of):
    answer = client_of("visitor").get("/no-such-page/")
    assert answer.status_code == 404
    assert "<h1>" in answer.text


def test_a_host_that_is_not_ours_is_not_answered(client_of):
    answer = client_of("visitor").get("/", headers={"host": "example.com"})
    assert answer.status_code == 400
    assert "example.com" not in answer.text


def test_a_fault_says_nothing_of_itself(client_of, monkeypatch):
    from veedor.web.pages import views

    client = client_of("visitor")
    client.raise_request_exception = False
    monkeypatch.setattr(views.Project, "objects", None)
    answer = client.get("/")
    assert answer.status_code == 500
    assert "NoneType" not in answer.text


def test_what_comes_back_by_itself_is_no_fault(client_of, monkeypatch):
    """A database that does not answer, a disk that is full: 503, and when to ask again."""
    from django.db import IntegrityError, InterfaceError, OperationalError

    from veedor.web.pages import views

    class Gone:
        def all(self):
            raise error

    client = client_of("visitor")
    client.raise_request_exception = False
    monkeypatch.setattr(views.Project, "objects", Gone())
    for error, status in (
        (OperationalError("connection to 10.0.0.7 failed"), 503),
        (InterfaceError("closed"), 503),
        (OSError(28, "No space left on device"), 503),
        (OSError(13, "Permission denied"), 500),
        (IntegrityError("of veedor's own making"), 500),
    ):
        answer = client.get("/")
        assert answer.status_code == status
        assert answer.headers.get("Retry-After") == ("30" if status == 503 else None)
        assert answer.headers["Content-Security-Policy"]
        assert str(error) not in answer.text
        assert "<nav" in answer.text


def test_health_needs_the_database(client_of):
    assert client_of("visitor").get("/health/").json()["database"] is True


def test_no_page_runs_or_styles_anything_inline(client_of):
    for address in ("/", "/accounts/login/", "/no-such-page/"):
        text = client_of("visitor").get(address).text
        assert not re.search(r"<script(?![^>]*\bsrc=)|\bstyle=|<style|\bon\w+=", text)


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_a_template_says_nothing_that_is_not_translated(path):
    text = path.read_text(encoding="utf-8")
    data = r'<script[^>]*type="application/json">.*?</script>'
    plain = re.sub(rf"\{{[%{{#].*?[%}}#]\}}|{data}", " ", text, flags=re.DOTALL)
    shown = re.sub(r"<[^>]*>", " ", plain)
    labels = re.findall(r'(?:aria-label|title|alt|placeholder)="([^"{]+)"', text)
    assert not re.findall(r"[^\W\d_]{2,}", shown)
    assert not labels
