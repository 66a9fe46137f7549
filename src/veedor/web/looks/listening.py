"""Accounts let in, given another role or second factor, and ended: each an entry of the log.

Whatever page or command does it, the entry is of the same transaction: both are there or neither.
"""

from __future__ import annotations

from typing import Any

from allauth.mfa.models import Authenticator
from django.db import transaction
from django.db.models.signals import post_delete, post_save, pre_save

from veedor.sealing import AccountChange
from veedor.sealing.accesses import AccountChangeKind
from veedor.sealing.parts import Code
from veedor.web.accounts.models import User
from veedor.web.looks.acting import acting_account
from veedor.web.looks.appending import append
from veedor.web.projects.models import Membership, Project
from veedor.web.site.keys import pseudonyms

_NONE = "none"
_FACTORS = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)
_BEFORE = "_looks_before"


def connect() -> None:
    """Listen to changes of accounts, their memberships and second factors."""
    for signal, heard, sender in (
        (pre_save, _user_before, User),
        (post_save, _user_after, User),
        (post_save, _membership_kept, Membership),
        (post_delete, _membership_gone, Membership),
        (post_delete, _factor_gone, Authenticator),
    ):
        signal.connect(heard, sender=sender, dispatch_uid=f"looks {heard.__name__}")


def changed(
    user: User, change: AccountChangeKind, role: str, project: Project | None = None
) -> None:
    """Write down what became of an account."""
    keys, by = pseudonyms(), acting_account()

    def make(written_at: str, code: Code) -> AccountChange:
        return AccountChange(
            written_at=written_at,
            code=code,
            account=keys.account(str(user.pk)),
            change=change,
            office=user.office.name,
            role=role or _NONE,
            project=None if project is None else keys.project(project.key),
            by=None if by is None else keys.account(str(by)),
        )

    with transaction.atomic():
        append(make)


def _user_before(instance: User, **_: Any) -> None:
    asked = User.objects.filter(pk=instance.pk) if instance.pk else User.objects.none()
    setattr(instance, _BEFORE, asked.values("is_active", "site_role", "office").first())


def _user_after(instance: User, created: bool, **_: Any) -> None:
    before = instance.__dict__.pop(_BEFORE, None)
    role = instance.site_role
    if created or before is None:
        changed(instance, "invited", role)
    elif before["is_active"] and not instance.is_active:
        changed(instance, "ended", role)
    elif instance.is_active and not before["is_active"]:
        changed(instance, "invited", role)
    elif (before["site_role"], before["office"]) != (role, instance.office_id):
        changed(instance, "role_changed", role)


def _membership_kept(instance: Membership, **_: Any) -> None:
    changed(instance.user, "role_changed", instance.role, instance.project)


def _membership_gone(instance: Membership, **_: Any) -> None:
    changed(instance.user, "role_changed", _NONE, instance.project)


def _factor_gone(instance: Authenticator, **_: Any) -> None:
    if instance.type in _FACTORS:
        changed(instance.user, "factor_reset", instance.user.site_role)
