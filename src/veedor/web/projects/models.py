"""Projects, who is what in them, and the files that they were given."""

from __future__ import annotations

import secrets
from pathlib import Path

from django.conf import settings
from django.db import models

from veedor.errors import Phrase, phrase
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


class UploadState(models.TextChoices):
    """What became of an upload."""

    RECEIVED = "received"  # not looked at yet: in no form, and erased if it is never
    KEPT = "kept"
    REFUSED = "refused"  # erased
    ERASED = "erased"  # by somebody of the project
    PACK = "pack"  # read into a reading pack, and erased: its key is kept nowhere


class Upload(models.Model):
    """A file that somebody gave; its bytes are under a name of ours.

    Parameters
    ----------
    key : str
        In addresses, and its name on disk.
    project : Project
    name : str
        As it was given, made safe, to be shown and nothing else; empty once it was refused.
    size : int
        Bytes.
    sha256 : str
        Of the bytes; empty once it was refused.
    state : str
    kind, ending : str
        By its content: ``csv``, ``geojson``, ``parquet`` or ``workbook``, and its ending.
    rows : int or None
    rule : dict or None
        By which it was refused, as an error without any value, packed.
    """

    key = models.CharField(max_length=_LENGTH, unique=True, default=new_key, editable=False)
    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="uploads")
    name = models.CharField(max_length=100, blank=True)
    size = models.BigIntegerField()
    sha256 = models.CharField(max_length=64, blank=True)
    state = models.CharField(
        max_length=12, choices=UploadState.choices, default=UploadState.RECEIVED
    )
    kind = models.CharField(max_length=12, blank=True, default="")
    ending = models.CharField(max_length=12, blank=True, default="")
    rows = models.BigIntegerField(null=True)
    rule = models.JSONField(null=True)
    given_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL)
    given_at = models.DateTimeField(auto_now_add=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("-pk",)
        constraints = (
            models.CheckConstraint(
                condition=models.Q(state__in=UploadState.values), name="known_state_of_an_upload"
            ),
        )

    def __str__(self) -> str:
        return self.key

    def incoming_path(self) -> Path:
        """Where it is until it was looked at."""
        return Path(settings.VEEDOR_SITE.uploads, "incoming", self.key)

    def kept_path(self) -> Path:
        """Where it is once it is kept."""
        return Path(settings.VEEDOR_SITE.uploads, self.project.key, f"{self.key}{self.ending}")

    def path(self) -> Path:
        """Where it is: a worker that died may have moved it without writing so."""
        if self.state == UploadState.KEPT:
            return self.kept_path()
        moved = sorted(Path(settings.VEEDOR_SITE.uploads, self.project.key).glob(f"{self.key}.*"))
        return moved[0] if moved else self.incoming_path()

    def called(self) -> Phrase:
        """What it is called where it is chosen."""
        return phrase("{name} ({rows:,} rows)", name=self.name or self.key, rows=self.rows or 0)

    def place(self) -> str:
        """Where it is, relative to the site's folder."""
        return self.path().relative_to(settings.VEEDOR_SITE.folder).as_posix()
