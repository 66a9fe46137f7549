"""Accounts, the offices they are of, and invitations to make one."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from typing import Any

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.crypto import salted_hmac

from veedor.web.projects.permissions import Role

SITE_ROLES = (Role.AUDITOR, Role.ADMINISTRATOR)
_CHOICES = [("", "-"), *((role.value, role.value) for role in SITE_ROLES)]


def new_stamp() -> str:
    """Make a stamp of no account yet."""
    return secrets.token_hex(16)


class Office(models.Model):
    """A force, council, newsroom or other office that accounts are of.

    Parameters
    ----------
    name : str
    """

    name = models.CharField(max_length=120, unique=True)

    class Meta:
        ordering = ("name",)

    def __str__(self) -> str:
        return self.name


class UserManager(BaseUserManager["User"]):
    """Makes accounts."""

    def create_user(self, email: str, password: str | None, office: Office, **more: Any) -> User:
        """Make an account; its address is kept in small letters."""
        user = self.model(email=email.strip().lower(), office=office, **more)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def get_by_natural_key(self, username: str | None) -> User:
        """Find an account by its address, in letters of any size."""
        return self.get(email__iexact=username)


class User(AbstractBaseUser):
    """An account.

    Parameters
    ----------
    email : str
        What it is known by.
    office : Office
    site_role : str
        A `Role`'s value, auditor or administrator, or "" for neither.
    is_active : bool
        Whether it may sign in.
    stamp : str
        Changes with its second factor, and ends its sessions by that.
    """

    email = models.EmailField(max_length=254, unique=True)
    office = models.ForeignKey(Office, on_delete=models.PROTECT, related_name="users")
    site_role = models.CharField(max_length=16, blank=True, default="", choices=_CHOICES)
    is_active = models.BooleanField(default=True)
    stamp = models.CharField(max_length=32, default=new_stamp, editable=False)
    made_at = models.DateTimeField(auto_now_add=True)

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    objects = UserManager()

    class Meta:
        constraints = (
            models.UniqueConstraint(Lower("email"), name="one_account_an_address"),
            models.CheckConstraint(
                condition=models.Q(site_role__in=["", "auditor", "administrator"]),
                name="known_role_of_the_site",
            ),
        )

    def __str__(self) -> str:
        return f"account {self.pk}"

    def get_session_auth_hash(self) -> str:
        """Return what a session must be of: this password, and this second factor."""
        return salted_hmac("veedor.session", f"{self.password}{self.stamp}").hexdigest()

    def get_session_auth_fallback_hash(self) -> Iterator[str]:
        """Return what sessions may be of besides: nothing."""
        return iter(())


class Invitation(models.Model):
    """A link by which an account is made, or recovered: once, until it expires.

    Parameters
    ----------
    digest : str
        Of the secret in the link, which is not kept.
    email : str
        Of whom it is for; "" where whoever holds the link says it, as the first administrator.
    office : Office
    site_role : str
    account : User or None
        That which it gives back to who lost the second factor; None makes a new one.
    made_by, confirmed_by : User or None
        Administrators; nobody made the first invitation, and only a recovery is confirmed.
    expires_at, used_at : datetime
    """

    digest = models.CharField(max_length=64, unique=True)
    email = models.EmailField(max_length=254, blank=True)
    office = models.ForeignKey(Office, on_delete=models.PROTECT)
    site_role = models.CharField(max_length=16, blank=True, default="", choices=_CHOICES)
    account = models.ForeignKey(User, null=True, on_delete=models.CASCADE, related_name="+")
    made_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    confirmed_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    made_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("-made_at",)
        constraints = (
            models.CheckConstraint(
                condition=models.Q(confirmed_by__isnull=True)
                | ~models.Q(confirmed_by=models.F("made_by")),
                name="confirmed_by_another",
            ),
        )

    def __str__(self) -> str:
        return f"invitation {self.pk}"

    @property
    def is_open(self) -> bool:
        """Whether it may be taken up now."""
        confirmed = self.account is None or self.confirmed_by is not None
        return confirmed and self.used_at is None and timezone.now() < self.expires_at


class Event(models.Model):
    """What was done to an account, and by whom; nothing takes it back.

    Parameters
    ----------
    kind : str
        A code of `veedor.web.accounts.words.EVENTS`.
    actor : User or None
        None where the machine's own command did it.
    account : User or None
        To which; None where it is not yet made.
    told : str
        What else there is to say: a role, or the address of who is invited.
    """

    at = models.DateTimeField(auto_now_add=True)
    kind = models.CharField(max_length=32)
    actor = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    account = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="events")
    told = models.CharField(max_length=254, blank=True)

    class Meta:
        ordering = ("-at", "-pk")

    def __str__(self) -> str:
        return self.kind


class UsedCode(models.Model):
    """A code of an authenticator app that was taken, so that it is not taken twice.

    Parameters
    ----------
    user : User
    code : str
    at : datetime
    """

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    code = models.CharField(max_length=16)
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = (models.UniqueConstraint(fields=("user", "code"), name="a_code_once"),)

    def __str__(self) -> str:
        return f"code of {self.user}"
