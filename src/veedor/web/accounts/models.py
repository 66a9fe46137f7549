"""Accounts, the offices they are of, and invitations to make one."""

from __future__ import annotations

import hashlib
import secrets
from datetime import timedelta
from typing import Any

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models.functions import Lower
from django.utils import timezone

from veedor.web.projects.permissions import Role

SITE_ROLES = (Role.AUDITOR, Role.ADMINISTRATOR)
_CHOICES = [("", "-"), *((role.value, role.value) for role in SITE_ROLES)]
#: How long an invitation may be taken up.
VALID_FOR = timedelta(days=7)


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
    """

    email = models.EmailField(max_length=254, unique=True)
    office = models.ForeignKey(Office, on_delete=models.PROTECT, related_name="users")
    site_role = models.CharField(max_length=16, blank=True, default="", choices=_CHOICES)
    is_active = models.BooleanField(default=True)
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


class Invitation(models.Model):
    """A link by which one account is made, once, until it expires.

    Parameters
    ----------
    digest : str
        Of the secret in the link, which is not kept.
    email : str
        Of whom it is for.
    office : Office
    site_role : str
    made_by : User or None
        None for the first administrator's.
    expires_at, used_at : datetime
    """

    digest = models.CharField(max_length=64, unique=True)
    email = models.EmailField(max_length=254)
    office = models.ForeignKey(Office, on_delete=models.PROTECT)
    site_role = models.CharField(max_length=16, blank=True, default="", choices=_CHOICES)
    made_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL)
    made_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"invitation {self.pk}"

    @classmethod
    def make(cls, **about: Any) -> tuple[Invitation, str]:
        """Make an invitation; return it and the secret of its link, which is seen only here."""
        secret = secrets.token_urlsafe(32)
        made = cls.objects.create(
            digest=digest(secret), expires_at=timezone.now() + VALID_FOR, **about
        )
        return made, secret


def digest(secret: str) -> str:
    """What is kept of a link's secret."""
    return hashlib.sha256(secret.encode()).hexdigest()
