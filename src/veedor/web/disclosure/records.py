"""Records: begun, taken in from a file, shown, compared and published, as their tasks do it."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction

from veedor.disclosure.record import AuditNamed
from veedor.errors import DataError, Phrase, phrase
from veedor.files.replacing import sha256
from veedor.tables.escape import shown
from veedor.tasks import Done, record_diff, record_new, record_show
from veedor.web.accounts.models import User
from veedor.web.disclosure.clock import context
from veedor.web.disclosure.models import MOST_SHOWN, Export, Record, Version
from veedor.web.observatory.models import Publication
from veedor.web.observatory.publishing import publish as published
from veedor.web.observatory.results import require_suppressed
from veedor.web.pages.jinja import words
from veedor.web.projects.models import Project
from veedor.web.work.models import Job, State
from veedor.web.work.offered import title_of

#: Bytes of a record's file.
MOST_BYTES = 1 << 20
_RESULTS = "results.json"


class AuditThere:
    """An audit of a project that a record may name; a file that a form offers.

    Parameters
    ----------
    job : Job
    """

    def __init__(self, job: Job) -> None:
        self.key = job.key
        self.job = job

    def place(self) -> str:
        """Where its results are, relative to the site's folder."""
        return f"{self.job.folder}/{_RESULTS}"

    def called(self) -> Phrase:
        """What it is called in a form."""
        day = words().day(self.job.asked_at.date())
        return phrase("{title}, {day}", title=title_of(self.job.task), day=day)


def audits_of(project: Project) -> list[AuditThere]:
    """Return the audits of a project that are done."""
    done = project.jobs.filter(state=State.DONE, task__startswith="audit_").exclude(folder="")
    return [AuditThere(job) for job in done if (job.result / _RESULTS).is_file()]


def begin(record: Record, user: User, given: Mapping[str, Any]) -> Version:
    """Begin a record in which nothing is answered.

    Parameters
    ----------
    record : Record
        Of a project, not saved yet.
    user : User
    given : mapping
        Of the task's request.

    Raises
    ------
    VeedorError
        As the task does.
    """
    folder = record.path_of(1).parent
    folder.mkdir(parents=True)
    try:
        done = record_new.perform(record_new.Request(**given), context())
        with transaction.atomic():
            return _kept(record, 1, done.results.about, user)
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise


def take_in(project: Project, user: User, file: Path, record: Record | None = None) -> Version:
    """Take a record in from a file, as a new one or as another version of one.

    Raises
    ------
    VeedorError
        If the file is no record, names a person, or an audit that is not of the project; or is no
        newer version of the record.
    """
    with tempfile.TemporaryDirectory(prefix="record-", dir=settings.VEEDOR_SITE.work) as made:
        path = Path(made, "record.toml")
        shutil.move(file, path)
        found = record_show.perform(record_show.Request(record=path), context()).results
        _require_own(found.audits, project)
        begun = record is None
        with transaction.atomic():
            if record is None:
                held, number = Record(project=project, made_by=user), 1
            else:
                held = Record.objects.select_for_update(of=("self",)).get(pk=record.pk)
                newest = held.newest
                record_diff.perform(record_diff.Request(before=newest.path, after=path), context())
                number = newest.number + 1
            kept = held.path_of(number)
            kept.parent.mkdir(parents=True, exist_ok=True)
            path.replace(kept)
            try:
                return _kept(held, number, found.about, user)
            except BaseException:
                kept.unlink()
                if begun:
                    kept.parent.rmdir()
                raise


def _kept(record: Record, number: int, about: Any, user: User) -> Version:
    record.system, record.body = shown(about.system, MOST_SHOWN), shown(about.body, MOST_SHOWN)
    record.save()
    made: Version = Version.objects.create(
        record=record,
        number=number,
        label=shown(about.version, MOST_SHOWN),
        day=about.date,
        sha256=sha256(record.path_of(number)),
        made_by=user,
    )
    return made


def _require_own(named: Sequence[AuditNamed], project: Project) -> None:
    """Refuse a record that names a file of anybody else's, or none that an audit wrote.

    Raises
    ------
    DataError
    """
    own = {f"../{one.key}/{_RESULTS}" for one in audits_of(project)}
    for one in named:
        if one.results not in own:
            raise DataError(
                "A record that is taken in must name no audits but those of its project.",
                found=shown(one.results, 200),
                where=phrase("{file}, audits", file="record.toml"),
                remedy="begin the record here and choose its audits, or take them out of the file",
            )


def told(version: Version) -> Done:
    """Say all that a version holds, as `veedor record show` does."""
    return record_show.perform(record_show.Request(record=version.path), context())


def compared(before: Version, after: Version) -> Done:
    """Say what differs between two versions, as `veedor record diff` does."""
    asked = record_diff.Request(before=before.path, after=after.path)
    return record_diff.perform(asked, context())


def publish(export: Export, user: User, title: str) -> Publication:
    """Publish what was exported.

    Raises
    ------
    VeedorError
        If it cannot be, or shows an audit whose small cells stand open.
    """
    version = export.version
    for one in told(version).results.audits:
        results = version.path.parent / one.results
        require_suppressed(results, results.parent)
    made = published(version.record.project, user, export.job.result, title)
    export.publication = made
    export.save(update_fields=["publication"])
    return made
