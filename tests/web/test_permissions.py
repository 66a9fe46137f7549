"""THE table, by every address and every role: what is not in it fails."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.urls import URLPattern, URLResolver, get_resolver

from veedor.web.projects.asking import ASKED
from veedor.web.projects.permissions import ALLOWED, OF_A_PROJECT, Action, Role

#: Account of the tests -> what it is in the project "propio", and to the site.
ROLES = {
    "visitor": {Role.VISITOR},
    "nobody": {Role.VISITOR, Role.ACCOUNT},
    "stranger": {Role.VISITOR, Role.ACCOUNT},
    "reader": {Role.VISITOR, Role.ACCOUNT, Role.READER},
    "analyst": {Role.VISITOR, Role.ACCOUNT, Role.ANALYST},
    "auditor": {Role.VISITOR, Role.ACCOUNT, Role.AUDITOR},
    "administrator": {Role.VISITOR, Role.ACCOUNT, Role.ADMINISTRATOR},
}
#: What stands for each part of an address; those that a new one has are added here.
PARTS: dict[str, Any] = {
    "project": "propio",
    "account": 1,
    "invitation": 1,
    "secret": "x",
    "uidb36": "1",
    "key": "x-y",
    "pk": 1,
    "publication": "x",
    "name": "files/x",
    "page": 1,
    "language": "es",
    "rest": "x",
    "upload": "subida",
    "study": "estudio",
    "task": "check",
    "audit": "behaviour",
    "job": "trabajo",
    "file": "report.html",
    "pack": "paquete",
    "line": 1,
    "reader": 1,
    "record": "registro",
    "number": 1,
    "ending": "docx",
}


def _addresses(resolver: URLResolver, before: str = "") -> Iterator[tuple[str, URLPattern]]:
    for one in resolver.url_patterns:
        route = before + str(one.pattern)
        if isinstance(one, URLResolver):
            yield from _addresses(one, route)
        else:
            yield route, one


ADDRESSES = list(_addresses(get_resolver()))


@pytest.mark.parametrize(("route", "pattern"), ADDRESSES, ids=[route for route, _ in ADDRESSES])
def test_every_address_asks_the_table(route, pattern):
    assert isinstance(getattr(pattern.callback, ASKED, None), Action), f"{route}: use `asks`"


@pytest.mark.parametrize("name", ROLES)
@pytest.mark.parametrize(("route", "pattern"), ADDRESSES, ids=[route for route, _ in ADDRESSES])
def test_who_may_not_is_refused_and_who_may_is_not(client_of, route, pattern, name):
    from django.urls import reverse

    needed = pattern.pattern.regex.groupindex
    assert set(needed) <= set(PARTS), f"{route}: say in PARTS what stands for its parts"
    address = reverse(pattern.name, kwargs={part: PARTS[part] for part in needed})
    action = getattr(pattern.callback, ASKED)
    client = client_of(name)
    for ask in (client.get, client.post):
        answer = ask(address)
        to_sign_in = answer.status_code == 302 and answer.headers["Location"].startswith(
            "/accounts/login/?next="
        )
        if ROLES[name] & ALLOWED[action]:
            assert answer.status_code in (200, 302, 400, 404, 405), (address, answer.status_code)
            assert not to_sign_in
            if action in OF_A_PROJECT:
                assert answer.status_code != 404
        elif name == "visitor":
            assert to_sign_in
        else:
            assert answer.status_code in ({404} if action in OF_A_PROJECT else {403})


@pytest.mark.parametrize("action", Action)
def test_every_action_has_its_row(action):
    assert ALLOWED[action]


def test_an_auditor_changes_nothing_and_an_administrator_sees_no_data():
    changing = {
        Action.MANAGE_ACCOUNTS,
        Action.MANAGE_PROJECTS,
        Action.DO_WORK,
        Action.PUBLISH,
        Action.JUDGE,
    }
    assert not [one for one in changing if Role.AUDITOR in ALLOWED[one]]
    assert not [one for one in OF_A_PROJECT if Role.ADMINISTRATOR in ALLOWED[one]]


def test_a_member_of_one_project_is_nobody_in_another(user):
    from veedor.web.projects.models import Project
    from veedor.web.projects.permissions import may

    other = Project.objects.get(key="ajeno")
    assert may(user("stranger"), Action.SEE_PROJECT, other)
    assert not may(user("analyst"), Action.SEE_PROJECT, other)


def test_a_closed_account_is_a_visitor(user):
    from veedor.web.projects.permissions import roles_of

    closed = user("administrator")
    closed.is_active = False
    assert roles_of(closed) == {Role.VISITOR}


def test_a_question_without_its_project_is_a_fault(user):
    from veedor.web.projects.permissions import may

    with pytest.raises(TypeError):
        may(user("analyst"), Action.SEE_PROJECT)
