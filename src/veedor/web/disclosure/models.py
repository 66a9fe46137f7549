"""Records and their versions, requests and the days that are known of them, links to calendars."""

from __future__ import annotations

from pathlib import Path

from django.conf import settings
from django.db import models

from veedor.web.observatory.models import Publication
from veedor.web.projects.models import Project, new_key
from veedor.web.work.models import Job

#: Letters of what is shown of a system, its body, and what a letter is about.
MOST_SHOWN = 120


class Record(models.Model):
    """A record of one system, of which there are versions.

    Parameters
    ----------
    key : str
        In addresses, and the folder's name.
    project : Project
    system, body : str
        As the newest version calls them, made safe to show.
    """

    key = models.CharField(max_length=10, unique=True, default=new_key, editable=False)
    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="records")
    system = models.CharField(max_length=MOST_SHOWN)
    body = models.CharField(max_length=MOST_SHOWN)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL)
    made_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ("system", "key")

    def __str__(self) -> str:
        return self.key

    @property
    def newest(self) -> Version:
        """The newest version."""
        found: Version = self.versions.order_by("-number")[0]
        return found

    def place_of(self, number: int) -> str:
        """Where the file of a version is, relative to the site's folder."""
        return f"work/{self.project.key}/{self.key}/{number}.toml"

    def path_of(self, number: int) -> Path:
        """Where the file of a version is."""
        return Path(settings.VEEDOR_SITE.folder, self.place_of(number))


class Version(models.Model):
    """A version of a record: its file is never changed.

    Parameters
    ----------
    record : Record
    number : int
        From 1.
    label, day : str, date
        Version and date, as the record itself has them.
    sha256 : str
        Of the file.
    """

    record = models.ForeignKey(Record, on_delete=models.CASCADE, related_name="versions")
    number = models.PositiveIntegerField()
    label = models.CharField(max_length=MOST_SHOWN)
    day = models.DateField()
    sha256 = models.CharField(max_length=64)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL)
    made_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ("record", "-number")
        constraints = (
            models.UniqueConstraint(fields=("record", "number"), name="a_version_a_number"),
        )

    def __str__(self) -> str:
        return f"{self.number} of {self.record}"

    @property
    def place(self) -> str:
        """Where its file is, relative to the site's folder."""
        return self.record.place_of(self.number)

    @property
    def path(self) -> Path:
        """Where its file is."""
        return self.record.path_of(self.number)


class Export(models.Model):
    """A version set beside what laws and registers ask, by a job; and where it is public.

    Parameters
    ----------
    version : Version
    job : Job
    publication : Publication or None
    """

    version = models.ForeignKey(Version, on_delete=models.CASCADE, related_name="exports")
    job = models.OneToOneField(Job, on_delete=models.CASCADE, related_name="export")
    publication = models.ForeignKey(
        Publication, null=True, on_delete=models.SET_NULL, related_name="+"
    )

    class Meta:
        ordering = ("-pk",)

    def __str__(self) -> str:
        return f"export of {self.version}"


class InformationRequest(models.Model):
    """A letter that asks for information, sent or not.

    Parameters
    ----------
    project : Project
    number : int
        From 1, in its project.
    subject, system, body : str
        Made safe to show.
    version : Version or None
        Of the record that it was made from.
    folder : str
        Of the letters that were made with it, relative to the site's.
    name : str
        Of its files there, without their endings.
    procedure : str
        Of the law.
    """

    project = models.ForeignKey(
        Project, on_delete=models.PROTECT, related_name="information_requests"
    )
    number = models.PositiveIntegerField()
    subject = models.CharField(max_length=MOST_SHOWN)
    system = models.CharField(max_length=MOST_SHOWN)
    body = models.CharField(max_length=MOST_SHOWN)
    version = models.ForeignKey(
        Version, null=True, on_delete=models.PROTECT, related_name="information_requests"
    )
    folder = models.CharField(max_length=200)
    name = models.CharField(max_length=80)
    procedure = models.CharField(max_length=60)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL)
    made_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ("project", "number")
        constraints = (
            models.UniqueConstraint(fields=("project", "number"), name="a_request_a_number"),
        )

    def __str__(self) -> str:
        return f"request {self.number} of {self.project}"


class NotedDay(models.Model):
    """A day on which something happened to a request, as somebody noted it; the last one holds.

    Parameters
    ----------
    request : InformationRequest
    event : str
        An event of the law, ``sent`` or ``answered``.
    day : date or None
        None takes back what was noted.
    """

    request = models.ForeignKey(InformationRequest, on_delete=models.CASCADE, related_name="days")
    event = models.CharField(max_length=60)
    day = models.DateField(null=True)
    noted_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL)
    noted_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ("pk",)

    def __str__(self) -> str:
        return f"{self.event} of {self.request}"


class CalendarFeed(models.Model):
    """A link by which an account's calendar is told the deadlines of a project.

    Parameters
    ----------
    user : User
    project : Project
    digest : str
        Of the secret in the link, which is not kept.
    session : str
        What sessions of the account are of: with another password or second factor, it is over.
    language : str
    made_at, withdrawn_at : datetime
    used_on : date or None
        Day on which it was fetched last.
    """

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="+")
    digest = models.CharField(max_length=64, unique=True)
    session = models.CharField(max_length=64)
    language = models.CharField(max_length=8)
    made_at = models.DateTimeField(auto_now_add=True)
    withdrawn_at = models.DateTimeField(null=True)
    used_on = models.DateField(null=True)

    class Meta:
        ordering = ("-pk",)
        constraints = (
            models.UniqueConstraint(
                fields=("user", "project"),
                condition=models.Q(withdrawn_at=None),
                name="one_calendar_of_an_account_in_a_project",
            ),
        )

    def __str__(self) -> str:
        return f"calendar {self.pk}"
