"""Links by which a calendar is told deadlines: made, withdrawn, and over with what may be seen.

Who has a link sees it without an account, as programs of calendars must. So it tells days, terms of
the law and numbers of requests, and of no request whom it asks or what; its secret is kept as a
hash; and it ends with the account, its password or second factor, or its place in the project.
"""

from __future__ import annotations

import hashlib
import secrets
from typing import Any

import msgspec
from django.conf import settings
from django.db import transaction
from django.db.models.signals import post_delete, post_save
from django.urls import reverse
from django.utils import timezone
from django.utils.crypto import constant_time_compare

from veedor.report.calendar_file import Entry, calendar
from veedor.report.deadlines_page import calendar_entries
from veedor.report.words import Words, words_in
from veedor.web.accounts.events import record
from veedor.web.accounts.models import User
from veedor.web.disclosure.asking import days_of
from veedor.web.disclosure.clock import today
from veedor.web.disclosure.models import CalendarFeed, InformationRequest
from veedor.web.disclosure.standing import Standing, standing_of
from veedor.web.looks.acting import acting_account
from veedor.web.projects.models import Membership, Project
from veedor.web.projects.permissions import Action, may


def feed_of(user: User, project: Project) -> CalendarFeed | None:
    """Return the link of an account for a project, if it has one that opens."""
    held = CalendarFeed.objects.filter(user=user, project=project, withdrawn_at=None).first()
    return held if held is not None and _opens(held) else None


@transaction.atomic
def make(user: User, project: Project, language: str) -> str:
    """Make a link, in the place of any other; return its address, which is seen only here."""
    withdraw(user, project)
    secret = secrets.token_urlsafe(32)
    CalendarFeed.objects.create(
        user=user,
        project=project,
        digest=_digest(secret),
        session=user.get_session_auth_hash(),
        language=language,
    )
    record("calendar_made", user, user, project.key)
    return _address("calendar", secret=secret)


@transaction.atomic
def withdraw(user: User, project: Project, by: User | None = None) -> None:
    """Let the link of an account for a project open nothing any more."""
    held = CalendarFeed.objects.filter(user=user, project=project, withdrawn_at=None)
    if held.update(withdrawn_at=timezone.now()):
        record("calendar_withdrawn", by or user, user, project.key)


def opened(secret: str) -> CalendarFeed | None:
    """Return what a link opens now, and remember the day."""
    held = CalendarFeed.objects.select_related("user", "project").filter(digest=_digest(secret))
    found = held.filter(withdrawn_at=None).first()
    if found is None or not _opens(found):
        return None
    if found.used_on != today():
        CalendarFeed.objects.filter(pk=found.pk).update(used_on=today())
    return found


def _opens(feed: CalendarFeed) -> bool:
    same = constant_time_compare(feed.session, feed.user.get_session_auth_hash())
    return same and feed.user.is_active and may(feed.user, Action.SEE_RESULTS, feed.project)


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()


def _address(name: str, **named: Any) -> str:
    return settings.VEEDOR_SITE.settings.site.address.rstrip("/") + reverse(name, kwargs=named)


def written(feed: CalendarFeed) -> bytes:
    """Write the calendar: the same until a day is noted, or a term is counted another way."""
    words = words_in(feed.language)
    entries: list[Entry] = []
    changed = [feed.made_at.date()]
    for one in feed.project.information_requests.prefetch_related("days"):
        changed += [noted.noted_at.date() for noted in one.days.all()]
        standing = standing_of(one.procedure, days_of(one), today())
        entries += _entries(one, standing, words)
    site = settings.VEEDOR_SITE.settings.site.title
    return calendar(words.say("Deadlines: {what}", what=site), entries, max(changed))


def _entries(asked: InformationRequest, standing: Standing, words: Words) -> list[Entry]:
    if standing.made is None:
        return []
    project = asked.project.key
    page = _address("information_request", project=project, number=asked.number)
    rows = zip(standing.made.dated, calendar_entries(standing.made, words), strict=True)
    return [
        msgspec.structs.replace(
            entry,
            uid=f"{project}-{asked.number}-{row.term.code}@{settings.VEEDOR_SITE.host}",
            summary=words.say("Request {n}: {what}", n=asked.number, what=entry.summary),
            address=page,
        )
        for row, entry in rows
        if row in standing.open
    ]


def connect() -> None:
    """Listen to accounts and memberships: what may not be seen any more opens no calendar again."""
    for signal, heard, sender in (
        (post_save, _account_kept, User),
        (post_save, _member, Membership),
        (post_delete, _member, Membership),
    ):
        signal.connect(heard, sender=sender, dispatch_uid=f"calendar {heard.__name__} {signal}")


def _account_kept(instance: User, **_: Any) -> None:
    _withdraw_lost(instance)


def _member(instance: Membership, **_: Any) -> None:
    _withdraw_lost(instance.user)


def _withdraw_lost(user: User) -> None:
    for one in CalendarFeed.objects.filter(user=user, withdrawn_at=None).select_related("project"):
        if not user.is_active or not may(user, Action.SEE_RESULTS, one.project):
            by = User.objects.filter(pk=acting_account()).first()
            withdraw(user, one.project, by)
