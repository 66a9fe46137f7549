"""Studies, and jobs: rows that say what is asked, by whom, how far it is and how it ended."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import models

from veedor.web.projects.models import Project, Upload, new_key


class Study(models.Model):
    """A folder with a ``study.toml``, made from uploads of its project.

    Parameters
    ----------
    key : str
        In addresses, and the folder's name.
    project : Project
    title : str
    uploads : set of Upload
        What it was proposed from.
    confirmed : bool
        Whether somebody looked at what was guessed; before, it is not run.
    """

    key = models.CharField(max_length=10, unique=True, default=new_key, editable=False)
    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="studies")
    title = models.CharField(max_length=120)
    uploads = models.ManyToManyField(Upload, related_name="studies")
    confirmed = models.BooleanField(default=False)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL)
    made_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ("-made_at", "key")

    def __str__(self) -> str:
        return self.key

    @property
    def place(self) -> str:
        """Its folder, relative to the site's."""
        return f"work/{self.project.key}/{self.key}"

    @property
    def folder(self) -> Path:
        """Its folder."""
        return Path(settings.VEEDOR_SITE.folder, self.place)


class State(models.TextChoices):
    """How far a job is."""

    QUEUED = "queued"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"


#: A job that is to be done, or is being done.
PENDING = (State.QUEUED, State.RUNNING)


class Job(models.Model):
    """One task, asked once; retried, it is the same row.

    Parameters
    ----------
    key : str
        In addresses, and of an audit the folder's name.
    task : str
        A module of `veedor.tasks`, or ``SCREEN`` or ``PACK`` of `veedor.web.work.child`.
    request : dict
        Its fields that were given; paths are relative to the site's folder.
    folder : str
        Where its result will be, relative to the site's folder; empty for none.
    language : str
        In which its report is written.
    worker : str
        Which worker has it, by a token that only that one knows.
    beat_at : datetime
        When the worker was last heard of.
    attempts : int
        How often it was begun.
    step, part, total
        How far it is: a packed sentence, and parts done of all.
    outcome, error : dict
        What it has to say at the end, packed.
    """

    key = models.CharField(max_length=10, unique=True, default=new_key, editable=False)
    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="jobs")
    study = models.ForeignKey(Study, null=True, on_delete=models.CASCADE, related_name="jobs")
    upload = models.ForeignKey(Upload, null=True, on_delete=models.CASCADE, related_name="jobs")
    task = models.CharField(max_length=40)
    request = models.JSONField()
    folder = models.CharField(max_length=200, blank=True, default="")
    language = models.CharField(max_length=8)
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL)
    asked_at = models.DateTimeField(auto_now_add=True)
    state = models.CharField(max_length=12, choices=State.choices, default=State.QUEUED)
    cancel = models.BooleanField(default=False)
    worker = models.CharField(max_length=32, blank=True, default="")
    begun_at = models.DateTimeField(null=True)
    beat_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    step = models.JSONField(null=True)
    part = models.BigIntegerField(null=True)
    total = models.BigIntegerField(null=True)
    outcome = models.JSONField(null=True)
    error = models.JSONField(null=True)

    class Meta:
        ordering = ("-pk",)
        indexes = (models.Index(fields=("state", "beat_at"), name="jobs_to_do"),)
        constraints = (
            models.UniqueConstraint(
                fields=("study",),
                condition=models.Q(state__in=PENDING),
                name="one_job_of_a_study_at_a_time",
            ),
            models.CheckConstraint(
                condition=models.Q(state__in=State.values), name="known_state_of_a_job"
            ),
        )

    def __str__(self) -> str:
        return f"{self.task} {self.key}"

    @property
    def pending(self) -> bool:
        """Whether it has not ended."""
        return self.state in PENDING

    @property
    def result(self) -> Path:
        """Folder of its result."""
        return Path(settings.VEEDOR_SITE.folder, self.folder)

    @property
    def temporary(self) -> Path:
        """Folder of what it needs for a while; gone when its process is."""
        return Path(settings.VEEDOR_SITE.work, ".jobs", f"{self.key}.tmp")

    @property
    def lock(self) -> Path:
        """Held by the process that performs it."""
        return Path(settings.VEEDOR_SITE.work, ".jobs", f"{self.key}.lock")

    def asked(self) -> dict[str, Any]:
        """What a child process is told to do."""
        site = settings.VEEDOR_SITE.folder
        return {
            "task": self.task,
            "request": self.request,
            "workspace": str(site),
            "language": self.language,
            "lock": str(self.lock),
        }
