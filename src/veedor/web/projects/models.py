"""Projects, and who is what in them."""

from __future__ import annotations

import secrets

from django.conf import settings
from django.db import models

from veedor.web.projects.permissions import Role

#: Characters of a project's key, which stands in addresses and is not guessed.
_LENGTH = 10
_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"


def new_key() -> str:
    """Make a key that says nothing of what it is of."""
    return "".join(secrets.choice(_LETTERS) for _ in range(_LENGTH))


class Project(models.Model):
    """Studies and audits that the same people work on.

    Parameters
    ----------
    key : str
        In addresses.
    title : str
    """

    key = models.CharField(max_length=_LENGTH, unique=True, default=new_key, editable=False)
    title = models.CharField(max_length=120)
    made_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ("title", "key")

    def __str__(self) -> str:
        return self.key


class Membership(models.Model):
    """An account's role in a project.

    Parameters
    ----------
    user : User
    project : Project
    role : str
        A `Role`'s value: analyst or reader.
    """

    ROLES = (Role.ANALYST, Role.READER)

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="memberships"
    )
    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="memberships")
    role = models.CharField(max_length=16, choices=[(role.value, role.value) for role in ROLES])
    made_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("user", "project"), name="one_role_in_a_project"),
            models.CheckConstraint(
                condition=models.Q(role__in=["analyst", "reader"]), name="known_role_in_a_project"
            ),
        )

    def __str__(self) -> str:
        return f"{self.role} of {self.project}"
