"""Requests for information: their letters are written, and the days of each are noted."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Max

from veedor.disclosure.request import Letters, shipped_law
from veedor.disclosure.request.law import RECEIVED
from veedor.errors import StudyError, phrase
from veedor.study.toml_writing import toml
from veedor.tables.escape import shown
from veedor.tasks import record_show, request_letter
from veedor.web.accounts.models import User
from veedor.web.disclosure.clock import context, today
from veedor.web.disclosure.models import MOST_SHOWN, InformationRequest, NotedDay, Version
from veedor.web.disclosure.standing import ANSWERED, SENT, standing_of
from veedor.web.projects.models import Project, new_key

#: The law that requests are made under.
LAW = "ar"


def gaps_of(version: Version) -> dict[str, str]:
    """Return the fields of a record that can be asked for, with the state of each."""
    asked = {one.field for one in shipped_law(LAW).questions}
    held = record_show.perform(record_show.Request(record=version.path), context()).results
    return {
        key: one.state
        for key, one in held.answers.items()
        if key in asked and one.state in ("not answered", "refused")
    }


def ask_of_record(
    version: Version, user: User, given: Mapping[str, Any], fields: Sequence[str]
) -> list[InformationRequest]:
    """Write the letters that ask for fields of a record.

    Raises
    ------
    VeedorError
        As the task does.
    """
    asked = {**given, "fields": tuple(fields), "gaps": version.path}
    return _written(version.record.project, user, asked, version)


def ask_in_own_words(
    project: Project, user: User, given: Mapping[str, Any], gap: Mapping[str, Any]
) -> list[InformationRequest]:
    """Write a letter that asks what somebody wrote.

    Parameters
    ----------
    project : Project
    user : User
    given : mapping
        Of the task's request.
    gap : mapping
        ``system``, ``body``, ``subject`` and ``ask``, a list.

    Raises
    ------
    VeedorError
        As the task does: if a person is asked for, above all.
    """
    text = "\n".join(
        (
            f"system = {toml(gap['system'])}",
            f"body = {toml(gap['body'])}",
            "[[gaps]]",
            f"subject = {toml(gap['subject'])}",
            f"ask = {toml(gap['ask'])}",
            "",
        )
    )
    with tempfile.TemporaryDirectory(prefix="gaps-", dir=settings.VEEDOR_SITE.work) as made:
        path = Path(made, "gaps.toml")
        path.write_text(text, encoding="utf-8", newline="\n")
        return _written(project, user, {**given, "gaps": path}, None)


def _written(
    project: Project, user: User, given: Mapping[str, Any], version: Version | None
) -> list[InformationRequest]:
    """Write letters into a folder, and make a request of each: all or none."""
    place = f"work/{project.key}/{new_key()}"
    try:
        done = request_letter.perform(request_letter.Request(**given, out=Path(place)), context())
        return _kept(project, user, place, done.results, version)
    except BaseException:
        shutil.rmtree(Path(settings.VEEDOR_SITE.folder, place), ignore_errors=True)
        raise


@transaction.atomic
def _kept(
    project: Project, user: User, place: str, made: Letters, version: Version | None
) -> list[InformationRequest]:
    Project.objects.select_for_update().get(pk=project.pk)
    last = project.information_requests.aggregate(last=Max("number"))["last"] or 0
    return [
        InformationRequest.objects.create(
            project=project,
            number=number,
            subject=shown(letter.subject, MOST_SHOWN),
            system=shown(made.system, MOST_SHOWN),
            body=shown(made.body, MOST_SHOWN),
            version=version,
            folder=place,
            name=letter.name,
            procedure=shipped_law(made.law).procedures[0].code,
            made_by=user,
        )
        for number, letter in enumerate(made.letters, last + 1)
    ]


def days_of(asked: InformationRequest) -> dict[str, date]:
    """Return the days that are known of a request, by event: what was noted last holds."""
    last = {one.event: one.day for one in asked.days.all()}
    return {event: day for event, day in last.items() if day is not None}


def events_of(asked: InformationRequest) -> tuple[str, ...]:
    """Return the events of a request that have a day, as they follow on each other."""
    of_law = shipped_law(LAW).procedure(asked.procedure).events
    return (SENT, *of_law, ANSWERED)


@transaction.atomic
def note(asked: InformationRequest, user: User, event: str, day: date | None) -> NotedDay:
    """Note on which day something happened to a request; no day takes back what was noted.

    Raises
    ------
    StudyError
        If that day cannot be, beside today and the others.
    """
    held = InformationRequest.objects.select_for_update().get(pk=asked.pk)
    days = days_of(held)
    if day is None:
        days.pop(event, None)
    else:
        days[event] = day
    _require_possible(days)
    standing_of(held.procedure, days, today())
    made: NotedDay = NotedDay.objects.create(request=held, event=event, day=day, noted_by=user)
    return made


def _require_possible(days: Mapping[str, date]) -> None:
    for day in days.values():
        if day > today():
            raise StudyError(
                "A day that is noted must be over, or be today.",
                found=day.isoformat(),
                remedy="note it once it has come; days to come are counted, not noted",
            )
    later = [day for event, day in days.items() if event not in (SENT, RECEIVED)]
    if later and RECEIVED not in days:
        raise StudyError(
            "The day of receipt must be known before any later one.",
            found=phrase("none"),
            remedy="note the day on which the body received the request; to take it back, take "
            "back the later ones first",
        )
    if RECEIVED in days and min([days[RECEIVED], *later]) < days.get(SENT, date.min):
        raise StudyError(
            "Nothing may happen before the request is sent.",
            found=min([days[RECEIVED], *later]).isoformat(),
            where=phrase("sent on {day}", day=days[SENT].isoformat()),
        )
    if later and min(later) < days[RECEIVED]:
        raise StudyError(
            "Nothing may happen before the request is received.",
            found=min(later).isoformat(),
            where=phrase("received on {day}", day=days[RECEIVED].isoformat()),
        )
