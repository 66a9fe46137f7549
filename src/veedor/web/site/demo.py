"""A site to try out: an account of each role, with passwords and secrets that are told once."""

from __future__ import annotations

import secrets

import msgspec
from allauth.account.models import EmailAddress
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.db import transaction

from veedor.web.accounts.models import Office, User
from veedor.web.projects.models import Membership, Project, new_key
from veedor.web.projects.permissions import Role

_DOMAIN = "demo.example"
#: Of passwords, which are copied by hand; none is taken for another.
_LETTERS, _LENGTH = "abcdefghjkmnpqrstuvwxyz23456789", 16
#: What each account is, in a project or of the site.
_ROLES = (Role.ANALYST, Role.READER, Role.AUDITOR, Role.ADMINISTRATOR)


class Account(msgspec.Struct, frozen=True):
    """What somebody needs to sign in to a demo.

    Parameters
    ----------
    role, address, password, secret : str
        The secret is that of the authenticator app.
    """

    role: str
    address: str
    password: str
    secret: str


class Demo(msgspec.Struct, frozen=True):
    """What was made.

    Parameters
    ----------
    project : str
        Its key.
    study : str
        Key of the study that is to be in it.
    accounts : tuple of Account
    """

    project: str
    study: str
    accounts: tuple[Account, ...]


@transaction.atomic
def fill(title: str, office: str) -> Demo:
    """Make a project, and an account of each role.

    Parameters
    ----------
    title : str
        Of the project.
    office : str
    """
    place = Office.objects.create(name=office)
    project = Project.objects.create(title=title)
    accounts = tuple(_made(role, place, project) for role in _ROLES)
    return Demo(project.key, new_key(), accounts)


def _made(role: Role, office: Office, project: Project) -> Account:
    made = Account(
        role.value,
        f"{role.value}@{_DOMAIN}",
        "".join(secrets.choice(_LETTERS) for _ in range(_LENGTH)),
        generate_totp_secret(),
    )
    of_project = role in Membership.ROLES
    user = User.objects.create_user(
        made.address, made.password, office, site_role="" if of_project else role.value
    )
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    TOTP.activate(user, made.secret)
    RecoveryCodes.activate(user)
    if of_project:
        Membership.objects.create(user=user, project=project, role=role.value)
    return made
