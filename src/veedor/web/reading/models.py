"""Packs, who judges them, and what each reader answered: answers are added, none is changed.

The database itself refuses to change a line or an answer, or to take one out (`looks.guards`).
"""

from __future__ import annotations

from django.conf import settings
from django.db import models

from veedor.web.projects.models import Project, Upload, new_key

#: Letters of what a pack is called, of an answer, and of why a reading was reopened or given on.
MOST_TITLE, MOST_ANSWER, MOST_WHY = 120, 2_000, 300


class Pack(models.Model):
    """A blind pack, as its readers see it.

    What says which lines come twice, or what the system thought of a row, is not kept on the site.

    Parameters
    ----------
    key : str
        In addresses.
    project : Project
    title : str
    sha256 : str
        Of the pack's ``key.json``: which pack it is.
    counts : bool
        Whether readers count.
    shown : list of str
        Columns.
    answers : list of [answer, meaning]
    readers : int
    upload : Upload or None
        The archive that it came in, of which nothing is left.
    """

    key = models.CharField(max_length=10, unique=True, default=new_key, editable=False)
    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="packs")
    title = models.CharField(max_length=MOST_TITLE)
    sha256 = models.CharField(max_length=64)
    counts = models.BooleanField()
    shown = models.JSONField()
    answers = models.JSONField()
    readers = models.PositiveSmallIntegerField()
    upload = models.OneToOneField(Upload, null=True, on_delete=models.SET_NULL, related_name="pack")
    made_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ("-made_at", "-pk")
        constraints = (
            models.UniqueConstraint(fields=("project", "sha256"), name="a_pack_once_a_project"),
        )

    def __str__(self) -> str:
        return f"pack {self.key}"

    @property
    def judging(self) -> models.QuerySet[Assignment]:
        """Who judges it now: without those whose place another took."""
        found: models.QuerySet[Assignment] = self.assignments.filter(replaced_at=None)
        return found


class Line(models.Model):
    """A line of a reader's file.

    Parameters
    ----------
    pack : Pack
    reader : int
        From 1: whose file it is of.
    place : int
        From 1, in that reader's order.
    item : str
        What it is called in the file.
    texts : list of str
        What is shown of it.
    """

    pack = models.ForeignKey(Pack, on_delete=models.CASCADE, related_name="lines")
    reader = models.PositiveSmallIntegerField()
    place = models.PositiveIntegerField()
    item = models.CharField(max_length=64)
    texts = models.JSONField()

    class Meta:
        ordering = ("reader", "place")
        constraints = (
            models.UniqueConstraint(fields=("pack", "reader", "place"), name="a_line_a_place"),
        )

    def __str__(self) -> str:
        return self.item


class Assignment(models.Model):
    """Who judges as which of a pack's readers; and, where another took over, when and why.

    Parameters
    ----------
    pack : Pack
    reader : int
    user : User
    replaced_at : datetime or None
    replaced_by : User or None
        The analyst who gave it on.
    replaced_why : str
    """

    pack = models.ForeignKey(Pack, on_delete=models.PROTECT, related_name="assignments")
    reader = models.PositiveSmallIntegerField()
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="assignments"
    )
    made_at = models.DateTimeField(auto_now_add=True)
    replaced_at = models.DateTimeField(null=True)
    replaced_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    replaced_why = models.CharField(max_length=MOST_WHY, blank=True, default="")

    class Meta:
        ordering = ("-made_at", "-pk")
        constraints = (
            models.UniqueConstraint(
                fields=("pack", "reader"),
                condition=models.Q(replaced_at=None),
                name="one_account_a_reader",
            ),
            models.UniqueConstraint(fields=("pack", "user"), name="one_reader_an_account"),
        )

    def __str__(self) -> str:
        return f"reader {self.reader} of {self.pack}"

    @property
    def is_done(self) -> bool:
        """Whether the reader has finished, and nobody reopened it since."""
        return self.endings.filter(reopened_at=None).exists()

    @property
    def was_reopened(self) -> bool:
        """Whether the reader had finished once."""
        return self.endings.exclude(reopened_at=None).exists()


class Judgement(models.Model):
    """An answer to a line; the last one holds.

    Parameters
    ----------
    assignment : Assignment
    line : Line
    answer : str
    at : datetime
    """

    assignment = models.ForeignKey(Assignment, on_delete=models.PROTECT, related_name="judgements")
    line = models.ForeignKey(Line, on_delete=models.PROTECT, related_name="judgements")
    answer = models.CharField(max_length=MOST_ANSWER)
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ("pk",)

    def __str__(self) -> str:
        return f"answer to {self.line}"


class Ending(models.Model):
    """That a reader finished; and, where it was reopened, when, by whom and why.

    Parameters
    ----------
    assignment : Assignment
    at : datetime
    reopened_at : datetime or None
    reopened_by : User or None
    why : str
    """

    assignment = models.ForeignKey(Assignment, on_delete=models.PROTECT, related_name="endings")
    at = models.DateTimeField(auto_now_add=True)
    reopened_at = models.DateTimeField(null=True)
    reopened_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    why = models.CharField(max_length=MOST_WHY, blank=True)

    class Meta:
        ordering = ("pk",)
        constraints = (
            models.UniqueConstraint(
                fields=("assignment",),
                condition=models.Q(reopened_at=None),
                name="finished_once_at_a_time",
            ),
        )

    def __str__(self) -> str:
        return f"end of {self.assignment}"
