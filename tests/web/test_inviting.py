"""Invitations, and what an account is given back by: nobody talks their way in."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.core import mail
from django.test import Client
from tests.web.made_site import PASSWORD
from tests.web.signing_in import code, password, signed_in

from veedor.web.accounts import inviting
from veedor.web.accounts.models import Event, Invitation, Office, User

NEW = {"password": "una clave nueva y larga", "again": "una clave nueva y larga"}
ASKED = {"email": "New@example.org", "office": "Concejo", "site_role": "", "by_mail": "on"}


def _link(text):
    return re.search(r"http://testserver(/accounts/invitation/[^/\s<]+/)", text)[1]


def test_an_invitation_is_mailed_taken_up_once_and_leads_to_a_second_factor(client_of):
    client_of("administrator").post("/accounts/invite/", ASKED)
    (letter,) = mail.outbox
    assert letter.to == ["new@example.org"]
    client = Client()
    answer = client.get(_link(letter.body))
    assert answer.headers["Location"] == "/accounts/invitation/"
    answer = client.post("/accounts/invitation/", NEW)
    assert answer.headers["Location"] == "/"
    assert client.get("/").headers["Location"] == "/accounts/factor/app/"
    made = User.objects.get(email="new@example.org")
    assert (made.office.name, made.site_role) == ("Concejo", "")
    again = Client()
    again.get(_link(letter.body))
    assert again.post("/accounts/invitation/", NEW).status_code == 404
    assert [one.kind for one in Event.objects.all()][:2] == ["joined", "invited"]


def test_a_link_is_shown_once_where_it_is_not_mailed(client_of):
    client = client_of("administrator")
    shown = client.post("/accounts/invite/", {**ASKED, "by_mail": ""})
    assert not mail.outbox
    secret = _link(shown.text).split("/")[-2]
    assert secret not in client.get("/accounts/").text
    assert not Invitation.objects.filter(digest__contains=secret).exists()
    assert shown.headers["Cache-Control"].find("no-store") >= 0


@pytest.mark.parametrize("change", ["expired", "used", "withdrawn", "forged"])
def test_no_other_link_makes_an_account(client_of, change):
    made, link = inviting.invite(Office.objects.get(), email="new@example.org")
    if change == "expired":
        Invitation.objects.update(expires_at=made.made_at - timedelta(seconds=1))
    elif change == "used":
        Invitation.objects.update(used_at=made.made_at)
    elif change == "withdrawn":
        client_of("administrator").post(f"/accounts/invited/{made.pk}/withdraw/")
    client = Client()
    path = link.removeprefix("http://testserver")
    client.get(path[:-5] + "x" * 4 + "/" if change == "forged" else path)
    assert client.get("/accounts/invitation/").status_code == 404
    assert client.post("/accounts/invitation/", NEW).status_code == 404
    assert not User.objects.filter(email="new@example.org").exists()


def test_two_at_once_make_one_account():
    made, _ = inviting.invite(Office.objects.get(), email="new@example.org")
    assert inviting.take_up(made, "", NEW["password"]) is not None
    assert inviting.take_up(made, "", NEW["password"]) is None


@pytest.mark.parametrize(
    "given",
    [
        {"password": "corta", "again": "corta"},
        {"password": NEW["password"], "again": "otra cosa"},
        {"password": "new@example.org", "again": "new@example.org"},
    ],
)
def test_a_weak_or_mistyped_password_makes_no_account(given):
    _, link = inviting.invite(Office.objects.get(), email="new@example.org")
    client = Client()
    client.get(link.removeprefix("http://testserver"))
    assert client.post("/accounts/invitation/", given).status_code == 200
    assert not User.objects.filter(email="new@example.org").exists()


def test_an_invitation_to_a_role_of_the_site_is_told_to_every_auditor(client_of):
    client_of("administrator").post("/accounts/invite/", {**ASKED, "site_role": "auditor"})
    assert ["auditor@example.org"] in [letter.to for letter in mail.outbox]


def _second_administrator():
    second = User.objects.create_user(
        "second@example.org", None, Office.objects.get(), site_role="administrator"
    )
    from allauth.mfa.totp.internal.auth import TOTP

    TOTP.activate(second, "JBSWY3DPEHPK3PXP")


def test_a_lost_factor_needs_two_administrators_and_the_address(client_of, user):
    _second_administrator()
    analyst, before = user("analyst"), client_of("analyst")
    assert "Proyecto propio" in before.get("/").text
    first, second = client_of("administrator"), client_of("second")
    first.post(f"/accounts/{analyst.pk}/recover/")
    first.post(f"/accounts/{analyst.pk}/recover/")  # once is enough
    (recovery,) = Invitation.objects.all()
    agree = f"/accounts/recoveries/{recovery.pk}/"
    assert agree not in first.get("/accounts/").text
    assert f"/accounts/invited/{recovery.pk}/withdraw/" in first.get("/accounts/").text
    assert agree in second.get("/accounts/").text
    told = [letter.to[0] for letter in mail.outbox]
    assert sorted(told) == ["analyst@example.org", "auditor@example.org"]
    assert "/invitation/" not in "".join(letter.body for letter in mail.outbox)
    mail.outbox.clear()
    first.post(f"/accounts/recoveries/{recovery.pk}/")
    assert not mail.outbox
    second.post(f"/accounts/recoveries/{recovery.pk}/")
    told = {letter.to[0]: letter.body for letter in mail.outbox}
    assert set(told) == {"analyst@example.org", "auditor@example.org"}
    assert "/invitation/" not in told["auditor@example.org"]
    client = Client()
    client.get(_link(told["analyst@example.org"]))
    client.post("/accounts/invitation/", NEW)
    assert client.get("/").headers["Location"] == "/accounts/factor/app/"
    assert "Proyecto propio" not in before.get("/").text
    assert user("analyst").check_password(NEW["password"])
    kinds = [one.kind for one in Event.objects.order_by("at", "pk")]
    assert kinds == ["recovery_begun", "recovery_confirmed", "recovered"]


def test_nobody_agrees_to_a_recovery_of_their_own(client_of, user):
    _second_administrator()
    client_of("second").post(f"/accounts/{user('administrator').pk}/recover/")
    (recovery,) = Invitation.objects.all()
    client_of("administrator").post(f"/accounts/recoveries/{recovery.pk}/")
    assert Invitation.objects.get().confirmed_by is None


def test_an_administrator_made_for_it_does_not_count(client_of, user):
    client_of("administrator").post(f"/accounts/{user('analyst').pk}/recover/")
    _second_administrator()
    (recovery,) = Invitation.objects.all()
    client_of("second").post(f"/accounts/recoveries/{recovery.pk}/")
    assert Invitation.objects.get().confirmed_by is None


def test_the_database_refuses_one_administrator_for_two(user):
    from django.db import IntegrityError

    recovery = inviting.begin_recovery(user("analyst"), user("administrator"))
    recovery.confirmed_by = user("administrator")
    with pytest.raises(IntegrityError):
        recovery.save()


def test_a_recovery_that_was_begun_changes_nothing_yet(client_of, user):
    client_of("administrator").post(f"/accounts/{user('analyst').pk}/recover/")
    client = client_of("visitor")
    password(client, "analyst")
    client.post("/accounts/login/code/", {"code": code()})
    assert signed_in(client)


def test_a_password_by_mail_still_needs_the_second_factor(client_of):
    client = Client()
    client.post("/accounts/password/lost/", {"email": "Analyst@example.org"})
    (letter,) = mail.outbox
    path = re.search(r"http://testserver(/accounts/password/lost/\S+)", letter.body)[1]
    chosen = client.get(path).headers["Location"]
    new = "una clave por correo"
    answer = client.post(chosen, {"password1": new, "password2": new})
    assert answer.headers["Location"] == "/accounts/password/lost/done/"
    assert not signed_in(client)
    assert password(client, "analyst", new).headers["Location"] == "/accounts/login/code/"
    assert not signed_in(client)
    again = Client().get(path)
    assert "password1" not in again.text


def test_asking_for_a_password_tells_nothing_of_accounts():
    known = Client().post("/accounts/password/lost/", {"email": "analyst@example.org"})
    unknown = Client().post("/accounts/password/lost/", {"email": "no@example.org"})
    assert known.status_code == unknown.status_code == 302
    assert known.headers["Location"] == unknown.headers["Location"]
    assert [letter.to for letter in mail.outbox] == [["analyst@example.org"]]


def test_a_closed_account_ends_at_once_and_may_be_opened_again(client_of, user):
    analyst, administrator = client_of("analyst"), client_of("administrator")
    assert "Proyecto propio" in analyst.get("/").text
    administrator.post(f"/accounts/{user('analyst').pk}/close/")
    assert "Proyecto propio" not in analyst.get("/").text
    administrator.post(f"/accounts/{user('analyst').pk}/close/")
    assert user("analyst").is_active
    administrator.post(f"/accounts/{user('administrator').pk}/close/")
    assert user("administrator").is_active


def test_an_auditor_sees_accounts_and_has_nothing_to_press(client_of):
    shown = client_of("auditor").get("/accounts/").text
    assert "analyst@example.org" in shown
    assert shown.count("<form") == 2  # language, and signing out
    assert PASSWORD not in shown


def test_a_letter_leads_to_the_sites_own_address_whatever_was_asked_for():
    stranger = Client(headers={"host": "testserver:4444"})
    stranger.post("/accounts/password/lost/", {"email": "analyst@example.org"})
    (letter,) = mail.outbox
    assert "http://testserver/accounts/password/lost/" in letter.body
    assert "4444" not in letter.body


def test_what_is_taken_back_stays_recorded(client_of, user):
    administrator = client_of("administrator")
    administrator.post("/accounts/invite/", ASKED)
    administrator.post(f"/accounts/{user('analyst').pk}/recover/")
    for one in Invitation.objects.all():
        administrator.post(f"/accounts/invited/{one.pk}/withdraw/")
    assert not Invitation.objects.exists()
    told = Event.objects.filter(kind="withdrawn").values_list("account", "actor", "told")
    by = user("administrator").pk
    assert set(told) == {
        (None, by, "new@example.org"),
        (user("analyst").pk, by, "analyst@example.org"),
    }
