"""Invitations, and giving an account back to who lost the second factor."""

from __future__ import annotations

import hashlib
import secrets
from datetime import timedelta

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from veedor.web.accounts.events import record
from veedor.web.accounts.mail import send
from veedor.web.accounts.models import Invitation, Office, User, new_stamp

#: How long an invitation, and one that gives an account back, may be taken up.
VALID_FOR, RECOVERY_VALID_FOR = timedelta(days=7), timedelta(days=1)


def link_of(secret: str) -> str:
    """Return the link of an invitation."""
    address = settings.VEEDOR_SITE.settings.site.address.rstrip("/")
    return address + reverse("invitation", kwargs={"secret": secret})


@transaction.atomic
def invite(
    office: Office, *, email: str = "", site_role: str = "", by: User | None = None
) -> tuple[Invitation, str]:
    """Invite somebody; return the invitation, and its link, which is seen only here."""
    secret = secrets.token_urlsafe(32)
    made = Invitation.objects.create(
        digest=_digest(secret),
        email=email.strip().lower(),
        office=office,
        site_role=site_role,
        made_by=by,
        expires_at=timezone.now() + VALID_FOR,
    )
    record("role_invited" if site_role else "invited", by, None, made.email or site_role)
    return made, link_of(secret)


def from_the_machine(office: str, role: str) -> str:
    """Invite whoever gets the link to a role of the site; return the link."""
    place, _ = Office.objects.get_or_create(name=" ".join(office.split()))
    return invite(place, site_role=role)[1]


def found(secret: str) -> Invitation | None:
    """Find the invitation of a link that may be taken up now."""
    made = Invitation.objects.filter(digest=_digest(secret)).first()
    return made if made is not None and made.is_open else None


@transaction.atomic
def take_up(invitation: Invitation, email: str, password: str) -> User | None:
    """Make, or give back, the account of an invitation; None where another was faster."""
    taken = Invitation.objects.filter(pk=invitation.pk, used_at=None).update(used_at=timezone.now())
    if not taken:
        return None
    if invitation.account is not None:
        return _given_back(invitation.account, password)
    user = User.objects.create_user(
        invitation.email or email, password, invitation.office, site_role=invitation.site_role
    )
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    record("joined", user, user)
    return user


def _given_back(user: User, password: str) -> User:
    """Take the old factors away, and end all sessions."""
    Authenticator.objects.filter(user=user).delete()
    user.set_password(password)
    user.stamp = new_stamp()
    user.save(update_fields=["password", "stamp"])
    record("recovered", user, user)
    return user


@transaction.atomic
def begin_recovery(account: User, by: User) -> Invitation:
    """Begin to give an account back; nothing can be done with it before another agrees."""
    made = Invitation.objects.create(
        digest=_digest(secrets.token_urlsafe(32)),
        email=account.email,
        office=account.office,
        account=account,
        made_by=by,
        expires_at=timezone.now() + RECOVERY_VALID_FOR,
    )
    record("recovery_begun", by, account)
    send(account.email, "recovery_begun")
    return made


def may_confirm(recovery: Invitation, by: User) -> bool:
    """Return whether an administrator is the second one.

    That is neither who began it nor whose it is, nor an account that was made since.
    """
    return (
        recovery.account is not None
        and recovery.confirmed_by is None
        and recovery.used_at is None
        and timezone.now() < recovery.expires_at
        and by.pk not in (recovery.made_by_id, recovery.account_id)
        and by.made_at < recovery.made_at
    )


@transaction.atomic
def confirm_recovery(recovery: Invitation, by: User) -> None:
    """Agree to give an account back: the link goes to the account's address, and nowhere else."""
    secret = secrets.token_urlsafe(32)
    recovery.digest, recovery.confirmed_by = _digest(secret), by
    recovery.expires_at = timezone.now() + RECOVERY_VALID_FOR
    recovery.save(update_fields=["digest", "confirmed_by", "expires_at"])
    record("recovery_confirmed", by, recovery.account)
    send(recovery.email, "recovery", link=link_of(secret), until=recovery.expires_at)


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
