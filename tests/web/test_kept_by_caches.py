"""Which answers a cache may keep: all that anyone may see, and nothing else, by every address."""

from __future__ import annotations

import pytest
from django.urls import get_resolver, reverse
from tests.web.published import kept_log
from tests.web.test_permissions import ADDRESSES, PARTS

from veedor.web.projects.asking import ASKED
from veedor.web.projects.permissions import Action

#: Answered anew each time: health, what other sites hold against each other, a change of language.
NOT_KEPT = {"health", "looks_checkpoint", "looks_keys"}
PUBLIC = [
    (route, one)
    for route, one in ADDRESSES
    if getattr(one.callback, ASKED) is Action.SEE_PUBLIC
    and one.name not in {"language", "api_nothing", "calendar"}  # the last is known by a secret
]
PRIVATE = [
    (route, one)
    for route, one in ADDRESSES
    if getattr(one.callback, ASKED) is not Action.SEE_PUBLIC
]


def _named(addresses):
    return {"argnames": ("route", "pattern"), "argvalues": addresses,
            "ids": [route for route, _ in addresses]}  # fmt: skip


@pytest.fixture
def address_of(user, tmp_path):
    """Address of a route, where there is something."""
    from veedor.web.observatory.publishing import publish
    from veedor.web.projects.models import Project

    project = Project.objects.get(key="propio")

    def find(pattern):
        needed = pattern.pattern.regex.groupindex
        parts = {name: PARTS[name] for name in needed}
        if {"publication", "key"} & set(parts) and getattr(
            pattern.callback, ASKED
        ) is Action.SEE_PUBLIC:
            made = publish(project, user("analyst"), kept_log(tmp_path), "Promesas")
            parts |= {one: made.key for one in ("publication", "key") if one in parts}
            parts |= {"name": "files/checkpoint"} if "name" in parts else {}
        return reverse(pattern.name, kwargs=parts)

    return find


@pytest.mark.parametrize(**_named(PUBLIC))
def test_what_anyone_may_see_may_be_kept_by_any_cache(client_of, address_of, route, pattern):
    if pattern.name in {"looks_checkpoint"}:
        return
    address, visitor = address_of(pattern), client_of("visitor")
    first = visitor.get(address)
    assert first.status_code == 200, route
    assert not first.cookies
    said = first.headers.get("Cache-Control", "")
    if pattern.name in NOT_KEPT:
        assert "no-store" in said
        return
    assert "public" in said
    assert "max-age=" in said
    assert "private" not in said
    assert "Cookie" in first.headers["Vary"]
    assert "Accept-Language" in first.headers["Vary"]
    first.close()
    again = visitor.get(address, headers={"If-None-Match": first.headers["ETag"]})
    assert again.status_code == 304
    assert not again.content
    english = visitor.get(address, headers={"accept-language": "en"})
    english.close()
    if b"<html" in getattr(first, "content", b""):
        assert english.headers["ETag"] != first.headers["ETag"]


@pytest.mark.parametrize(**_named(PUBLIC))
def test_who_is_signed_in_gets_a_page_of_their_own(client_of, address_of, route, pattern):
    if pattern.name == "public_file":  # the same bytes for everyone
        return
    answer = client_of("analyst").get(address_of(pattern))
    assert "no-store" in answer.headers["Cache-Control"]
    assert "public" not in answer.headers["Cache-Control"]


@pytest.mark.parametrize("name", ["visitor", "analyst", "reader", "auditor", "administrator"])
@pytest.mark.parametrize(**_named(PRIVATE))
def test_what_is_not_for_everyone_is_kept_by_nobody(client_of, address_of, route, pattern, name):
    for ask in (client_of(name).get, client_of(name).post):
        answer = ask(address_of(pattern))
        answer.close()
        said = answer.headers["Cache-Control"]
        assert "no-store" in said, route
        assert "public" not in said


def test_a_message_to_somebody_is_in_nobody_else_s_page(client_of):
    client = client_of("analyst")
    client.get("/")
    client.post("/accounts/logout/")
    mine = client.get("/")  # signed out, with what is told about it
    if 'class="message"' in mine.text:
        assert "no-store" in mine.headers["Cache-Control"]
    other = client_of("visitor").get("/")
    assert 'class="message"' not in other.text
    assert "public" in other.headers["Cache-Control"]


def test_every_address_is_looked_at():
    assert len(PUBLIC) > 12
    assert len(PRIVATE) > 40
    assert get_resolver().url_patterns
