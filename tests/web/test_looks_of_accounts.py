"""What becomes of accounts is in the log, and the public is told who may look: counts."""

from __future__ import annotations

import numpy as np
import pytest
from tests.web.databases import EACH
from tests.web.looks import look, size

from veedor.sealing import clock, verify
from veedor.statistics.suppression import SMALL_COUNT


@EACH
def test_what_becomes_of_accounts_is_in_the_log(user, client_of, stated, copied):
    from allauth.mfa.models import Authenticator

    from veedor.web.accounts.models import Office, User
    from veedor.web.looks.models import Entry
    from veedor.web.projects.models import Membership, Project

    def told():
        return list(Entry.objects.filter(number__gte=before).values_list("what", "role"))

    before = size()
    account = user("nobody")
    joined = Membership.objects.create(
        user=account, project=Project.objects.get(key="propio"), role="analyst"
    )
    joined.delete()
    account.site_role = "auditor"
    account.save()
    account.office = Office.objects.create(name="Otra")
    account.save()
    Authenticator.objects.filter(user=account, type="totp").delete()
    account.is_active = False
    account.save()
    account.save()  # nothing new
    account.set_password("otra clave larga de prueba")
    account.save()
    assert told() == [
        ("role_changed", "analyst"),
        ("role_changed", "none"),
        ("role_changed", "auditor"),
        ("role_changed", "auditor"),
        ("factor_reset", "auditor"),
        ("ended", "auditor"),
    ]
    User.objects.create_user("new@example.org", None, account.office)
    assert told()[-1] == ("invited", "none")
    assert verify(copied() / "log").holds


def test_an_account_is_not_changed_where_the_log_cannot_say_so(client_of, user, monkeypatch):
    from veedor.web.projects.models import Membership

    at, before = clock.now(), size()
    monkeypatch.setattr(clock, "now", lambda: at - np.timedelta64(1, "D"))
    there = Membership.objects.get(user=user("analyst"))
    address = f"/projects/propio/members/{there.user_id}/remove/"
    assert client_of("administrator").post(address).status_code == 503
    assert Membership.objects.filter(pk=there.pk).exists()
    assert size() == before


@EACH
def test_an_account_that_is_ended_while_it_looks_is_shown_nothing(stated, user):
    from django.core.exceptions import PermissionDenied

    stated()
    account = user("auditor")
    other = user("auditor")
    other.is_active = False
    other.save()
    before = size()
    with pytest.raises(PermissionDenied):
        look(account)
    assert size() == before


def test_the_public_is_told_no_count_of_few(stated, client_of):
    from veedor.web.looks.numbers import public_numbers

    stated().get("/looks/log/")
    told = public_numbers()
    assert [one.name for one in told.offices] == ["Defensoría de prueba"]
    assert {one.accounts for one in (*told.offices, *told.kinds)} == {None}
    assert (told.accounts, told.looks) == (None, None)
    page = client_of("visitor").get("/looks/")
    assert page.status_code == 200
    assert "Defensoría de prueba" in page.content.decode()


@EACH
def test_the_public_is_told_who_may_look_and_how_often(user):
    from django.core.cache import cache

    from veedor.web.accounts.models import User
    from veedor.web.looks.numbers import public_numbers

    office = user("auditor").office
    for number in range(SMALL_COUNT - 3):
        User.objects.create_user(f"a{number}@example.org", None, office, site_role="auditor")
    # Of the tests' accounts two are analysts and one is an auditor.
    assert public_numbers().accounts == SMALL_COUNT
    assert public_numbers().looks == 0
    closed = user("auditor")
    closed.is_active = False
    closed.save()
    assert public_numbers().accounts == SMALL_COUNT  # kept for an hour
    cache.clear()
    assert public_numbers().accounts is None


def test_a_checkpoint_that_was_given_out_is_public(client_of, copied):
    visitor = client_of("visitor")
    assert visitor.get("/looks/checkpoint").status_code == 404
    folder = copied()
    answer = visitor.get("/looks/checkpoint")
    assert answer.content == (folder / "log" / "checkpoint").read_bytes()
    assert visitor.get("/looks/key").content == (folder / "log" / "public-key.pem").read_bytes()
