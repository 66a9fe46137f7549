"""What was published, by which office, and what was withdrawn."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from pathlib import Path

from django.conf import settings
from django.db import models

from veedor.web.accounts.models import Office, User
from veedor.web.projects.models import Project, new_key


class Kind(StrEnum):
    """What a published folder holds."""

    STUDY = "study"
    AUDIT = "audit"
    RECORD = "record"
    PROMISES = "promises"


class Publication(models.Model):
    """A folder that anyone may read, or that was withdrawn.

    Parameters
    ----------
    key : str
        In addresses; says nothing, and is not guessed.
    project : Project
    kind : str
        A `Kind`'s value.
    title : str
    office, published_by
        The office is shown; the account is not.
    digest : str
        SHA-256 of ``files.sha256``, which lists every file with its own.
    veedor : str
        Version that wrote the folder; empty for a log, which holds that of each entry.
    report : str
        Path of its page, empty without one.
    bytes, files : int
        Of the folder as it was published.
    series : str
        Of a log: its name and key, as a hash. A later state of a log has the same.
    entries : int
        Of a log.
    checkpoint : str
        Of a log.
    rounds : list
        Of a log: `veedor.sealing.Rounds`.
    look : int or None
        Number in the access log of the look of whoever published it, under a purpose; None of a log
        or a record, and of what a command of the machine published.
    withdrawn_at, withdrawn_office, withdrawn_why
    """

    key = models.CharField(max_length=10, unique=True, default=new_key, editable=False)
    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="publications")
    kind = models.CharField(max_length=16, choices=[(kind.value, kind.value) for kind in Kind])
    title = models.CharField(max_length=200)
    office = models.ForeignKey(Office, on_delete=models.PROTECT, related_name="+")
    published_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    published_at = models.DateTimeField(auto_now_add=True)
    digest = models.CharField(max_length=64, db_index=True)
    veedor = models.CharField(max_length=40, blank=True, default="")
    report = models.CharField(max_length=400, blank=True, default="")
    bytes = models.BigIntegerField()
    files = models.IntegerField()
    series = models.CharField(max_length=64, blank=True, default="", db_index=True)
    entries = models.IntegerField(default=0)
    checkpoint = models.TextField(blank=True, default="")
    rounds = models.JSONField(default=list)
    look = models.BigIntegerField(null=True)
    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_office = models.ForeignKey(
        Office, null=True, on_delete=models.PROTECT, related_name="+"
    )
    withdrawn_why = models.CharField(max_length=500, blank=True, default="")
    changed_at = models.DateTimeField(auto_now=True, db_index=True)

    class Meta:
        ordering = ("-published_at", "-pk")
        constraints = (
            models.UniqueConstraint(
                fields=("digest",),
                condition=models.Q(withdrawn_at__isnull=True),
                name="published_once",
            ),
        )

    def __str__(self) -> str:
        return self.key

    @property
    def folder(self) -> Path:
        """Where its files lie."""
        return settings.VEEDOR_SITE.public / self.digest

    @property
    def withdrawn(self) -> bool:
        """Whether it is to be read no more."""
        return self.withdrawn_at is not None

    @property
    def last_change(self) -> datetime:
        """When it was published or withdrawn."""
        return self.withdrawn_at or self.published_at


class PublishedFile(models.Model):
    """A file of a publication, below its folder: only these are served.

    Parameters
    ----------
    name : str
        As ``files/report.html``, ``checked/es.html`` or ``whole.zip``.
    """

    publication = models.ForeignKey(Publication, on_delete=models.CASCADE, related_name="listed")
    name = models.CharField(max_length=400)
    sha256 = models.CharField(max_length=64)
    bytes = models.BigIntegerField()

    class Meta:
        ordering = ("name",)
        constraints = (
            models.UniqueConstraint(fields=("publication", "name"), name="a_file_is_listed_once"),
        )

    def __str__(self) -> str:
        return self.name


class PublishedPromise(models.Model):
    """A promise of a published log, as veedor found it there.

    Parameters
    ----------
    gain, gain_low, gain_high : float or None
        Information gain of the first scoring, that veedor computed again from the counts.
    due : str
        Instant, UTC, from which it may be scored.
    """

    publication = models.ForeignKey(Publication, on_delete=models.CASCADE, related_name="promises")
    entry = models.IntegerField()
    category = models.CharField(max_length=1000)
    forecaster = models.CharField(max_length=1000)
    reference = models.CharField(max_length=1000, null=True)
    promised_by = models.CharField(max_length=1000)
    promised_at = models.CharField(max_length=32)
    begins = models.CharField(max_length=32)
    ends = models.CharField(max_length=32)
    due = models.CharField(max_length=32)
    late = models.BooleanField()
    scored = models.BooleanField()
    gain = models.FloatField(null=True)
    gain_low = models.FloatField(null=True)
    gain_high = models.FloatField(null=True)

    class Meta:
        ordering = ("entry",)
        constraints = (
            models.UniqueConstraint(fields=("publication", "entry"), name="an_entry_promises_once"),
        )

    def __str__(self) -> str:
        return f"{self.entry} of {self.publication}"
