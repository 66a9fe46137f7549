"""Purposes, the entries of the log, and where it ends; none is ever changed or taken out."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from veedor.sealing import Head
from veedor.sealing.accesses import PURPOSE_KINDS
from veedor.sealing.merkle import Frontier
from veedor.web.projects.models import Project

#: Characters of a case's number, and of what is written of a purpose.
MOST_OF_A_CASE, MOST_WORDS, FEWEST_WORDS = 80, 500, 10
_HEAD_BYTES = 32


class LogEnd(models.Model):
    """Where the log ends: one row, locked and replaced by whoever appends.

    Parameters
    ----------
    origin : str
        Name of the log.
    size : int
        Entries.
    frontier : bytes
        Heads of the largest complete subtrees, 32 bytes each.
    root : str
        Head of the tree.
    written_at : str
        When the last entry was written; empty before the first.
    """

    origin = models.CharField(max_length=200)
    size = models.BigIntegerField(default=0)
    frontier = models.BinaryField(default=bytes)
    root = models.CharField(max_length=64)
    written_at = models.CharField(max_length=27, blank=True, default="")

    class Meta:
        constraints = (models.CheckConstraint(condition=models.Q(pk=1), name="one_end_of_the_log"),)

    def __str__(self) -> str:
        return f"{self.origin}, {self.size}"

    @property
    def head(self) -> Head:
        """The end as `sealing` knows it."""
        kept = bytes(self.frontier)
        heads = [kept[at : at + _HEAD_BYTES] for at in range(0, len(kept), _HEAD_BYTES)]
        return Head(self.origin, Frontier(self.size, heads), self.written_at)

    def move_to(self, head: Head) -> None:
        """Replace the end."""
        self.size, self.frontier = head.frontier.size, b"".join(head.frontier.heads)
        self.root, self.written_at = head.frontier.root().hex(), head.written_at
        self.save()


class Entry(models.Model):
    """An entry of the log, and what pages ask of it.

    Parameters
    ----------
    number : int
        From 0, without a gap.
    leaf : str
        Manifest and signature, in canonical JSON: this is what counts.
    kind : str
        ``purpose``, ``look``, ``account``, ``witness`` or ``key``.
    at : datetime
    account, project : str
        Keys that only the holder of the log's key can make; empty where there is none.
    office, role : str
    what : str
        Of a look the kind of thing, of an account what became of it, of a witness which.
    why : str
        Kind of purpose, of looks and purposes.
    under : int or None
        Of a look, the number of its purpose.
    """

    number = models.BigIntegerField(primary_key=True)
    leaf = models.TextField()
    kind = models.CharField(max_length=16)
    at = models.DateTimeField(db_index=True)
    account = models.CharField(max_length=32, blank=True)
    project = models.CharField(max_length=32, blank=True)
    office = models.CharField(max_length=200, blank=True)
    role = models.CharField(max_length=200, blank=True)
    what = models.CharField(max_length=16, blank=True)
    why = models.CharField(max_length=16, blank=True)
    under = models.BigIntegerField(null=True)

    class Meta:
        ordering = ("number",)
        indexes = (models.Index(fields=("kind", "office", "account"), name="looks_by_office"),)

    def __str__(self) -> str:
        return f"entry {self.number}"


class Purpose(models.Model):
    """Why an account will look at a project, or at the log, for 8 hours.

    Parameters
    ----------
    entry : Entry
        That says so in the log, with keys where clear text stands here.
    user : User
    project : Project or None
        None for the access log itself.
    kind : str
    case_number, words : str
    nonce : bytes
        By which, and the words, anyone can be shown that the log's entry is of these words.
    """

    entry = models.OneToOneField(Entry, on_delete=models.PROTECT, primary_key=True)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="purposes"
    )
    project = models.ForeignKey(
        Project, null=True, on_delete=models.PROTECT, related_name="purposes"
    )
    kind = models.CharField(max_length=16, choices=[(kind, kind) for kind in PURPOSE_KINDS])
    case_number = models.CharField(max_length=MOST_OF_A_CASE, blank=True)
    words = models.CharField(max_length=MOST_WORDS)
    nonce = models.BinaryField()

    def __str__(self) -> str:
        return f"purpose {self.pk}"
