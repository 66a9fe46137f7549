"""Projects and their members: administrators keep them, and see no data by it."""

from __future__ import annotations

import pytest

from veedor.web.accounts.models import Event
from veedor.web.projects.models import Membership, Project
from veedor.web.projects.permissions import Action, may, roles_of


def test_a_project_is_made_and_somebody_is_added_and_taken_out(client_of, user):
    client = client_of("administrator")
    made = client.post("/projects/new/", {"title": "Barrios"}).headers["Location"]
    project = Project.objects.get(title="Barrios")
    assert made == f"/projects/{project.key}/members/"
    assert client_of("nobody").get(f"/projects/{project.key}/").status_code == 404
    client.post(made + "add/", {"email": "Nobody@example.org", "role": "analyst"})
    assert client_of("nobody").get(f"/projects/{project.key}/").status_code == 200
    client.post(made + "add/", {"email": "nobody@example.org", "role": "reader"})
    assert [one.role for one in Membership.objects.filter(project=project)] == ["reader"]
    client.post(f"{made}{user('nobody').pk}/remove/")
    assert client_of("nobody").get(f"/projects/{project.key}/").status_code == 404
    kinds = [one.kind for one in Event.objects.order_by("pk")]
    assert kinds == ["member_added", "member_added", "member_removed"]
    assert client.get(f"/projects/{project.key}/").status_code == 404


def test_who_has_no_account_is_to_be_invited(client_of):
    client = client_of("administrator")
    for given in (
        {"email": "who@example.org", "role": "analyst"},
        {"email": "nobody@example.org", "role": "administrator"},
        {},
    ):
        assert client.post("/projects/propio/members/add/", given).status_code == 200
    assert not Membership.objects.filter(user__email="nobody@example.org").exists()


def test_an_auditor_sees_members_and_changes_none(client_of):
    shown = client_of("auditor").get("/projects/propio/members/").text
    assert "analyst@example.org" in shown
    assert "/remove/" not in shown


@pytest.mark.parametrize("name", ["administrator", "auditor"])
def test_who_has_a_role_of_the_site_has_none_in_a_project(client_of, user, name):
    client = client_of("administrator")
    given = {"email": f"{name}@example.org", "role": "analyst"}
    answer = client.post("/projects/propio/members/add/", given)
    assert answer.status_code == 200
    assert "rol en todo el sitio" in answer.text
    assert not Membership.objects.filter(user=user(name)).exists()
    # And where the database says otherwise, it opens nothing.
    project = Project.objects.get(key="propio")
    Membership.objects.create(user=user(name), project=project, role="analyst")
    assert roles_of(user(name), project) == roles_of(user(name))
    assert not may(user(name), Action.DO_WORK, project)


def test_every_auditor_is_told_who_may_see_a_project(client_of):
    from django.core import mail

    given = {"email": "nobody@example.org", "role": "analyst"}
    client_of("administrator").post("/projects/propio/members/add/", given)
    (letter,) = mail.outbox
    assert letter.to == ["auditor@example.org"]
    assert "nobody@example.org, propio: analyst" in letter.body
