"""The deadlines of a project by month, and the link by which a calendar is told them."""

from __future__ import annotations

from itertools import groupby

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from veedor.disclosure.request import Deadline
from veedor.report.words import deadlines as told
from veedor.web.accounts.telling import tell_of_who_asks
from veedor.web.disclosure import feeds, words
from veedor.web.disclosure.clock import today
from veedor.web.disclosure.models import InformationRequest
from veedor.web.disclosure.request_views import standings
from veedor.web.disclosure.standing import Standing
from veedor.web.looks.looking import under_purpose
from veedor.web.pages.jinja import words as spoken
from veedor.web.projects.asking import asks
from veedor.web.projects.models import Project
from veedor.web.projects.permissions import Action


@asks(Action.SEE_RESULTS)
@require_safe
@under_purpose("result")
def deadlines(request: HttpRequest, project: Project) -> HttpResponse:
    """List what is due, by month: what is late first."""
    found, said = standings(project), spoken()
    late = [_told(one, row, standing) for one, standing in found if (row := _late(standing))]
    ahead = sorted(
        (
            (row.day, one.number, _told(one, row, standing))
            for one, standing in found
            for row in standing.open
            if row.day is not None and row.day >= today()
        ),
        key=lambda item: item[:2],
    )
    months = [
        (said.month(f"{month}-01"), [shown for _, _, shown in items])
        for month, items in groupby(ahead, key=lambda item: f"{item[0]:%Y-%m}")
    ]
    about = {
        "project": project,
        "late": late,
        "months": months,
        "advice": said.say(told.NO_ADVICE),
        "feed": feeds.feed_of(request.user, project),
    }
    return render(request, "disclosure/deadlines.html", about)


def _late(standing: Standing) -> Deadline | None:
    return standing.due if standing.late else None


def _told(one: InformationRequest, row: Deadline, standing: Standing) -> dict[str, object]:
    said = spoken()
    return {
        "request": one,
        "day": told.day(said, row),
        "what": told.what(said, row),
        "whose": said.say(told.WHOSE[row.term.whose]),
        "own": words.own(said, standing),
        "provisions": words.provisions(said, standing, row),
    }


@asks(Action.SEE_RESULTS)
@require_POST
@under_purpose("export")
def link(request: HttpRequest, project: Project) -> HttpResponse:
    """Make a link, in the place of the one before; this page alone shows it."""
    address = feeds.make(request.user, project, spoken().language)
    return render(request, "disclosure/link.html", {"project": project, "address": address})


@asks(Action.SEE_RESULTS)
@require_POST
def withdraw(request: HttpRequest, project: Project) -> HttpResponse:
    """Let the link open nothing any more."""
    feeds.withdraw(request.user, project)
    return redirect("deadlines", project=project.key)


@asks(Action.SEE_PUBLIC)
@require_safe
def calendar(request: HttpRequest, secret: str) -> HttpResponse:
    """Give a calendar what its link opens now; there is nothing at any other."""
    feed = feeds.opened(secret)
    if feed is None:
        tell_of_who_asks("link_refused", request)
        raise Http404
    answer = HttpResponse(feeds.written(feed), content_type="text/calendar; charset=utf-8")
    answer.headers["Content-Disposition"] = 'attachment; filename="deadlines.ics"'
    answer.headers["Cache-Control"] = "no-store"
    return answer
