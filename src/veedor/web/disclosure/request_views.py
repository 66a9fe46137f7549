"""Requests for information: written, their days noted, and where each stands."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from veedor.errors import VeedorError
from veedor.report.words import deadlines as told
from veedor.web.disclosure import asking, words
from veedor.web.disclosure.clock import today
from veedor.web.disclosure.forms import DayForm, in_own_words
from veedor.web.disclosure.forms import of_record as form_of_record
from veedor.web.disclosure.models import InformationRequest
from veedor.web.disclosure.record_views import record_of
from veedor.web.disclosure.standing import Standing, standing_of
from veedor.web.looks.looking import under_purpose
from veedor.web.pages.jinja import words as spoken
from veedor.web.projects.asking import asks
from veedor.web.projects.models import Project
from veedor.web.projects.permissions import Action
from veedor.web.work.errors import shown_error
from veedor.web.work.results import files_of, handed_out


def standings(project: Project) -> list[tuple[InformationRequest, Standing]]:
    """Return the requests of a project, each with where it stands: late ones first."""
    found = [
        (one, standing_of(one.procedure, asking.days_of(one), today()))
        for one in project.information_requests.prefetch_related("days")
    ]
    return sorted(found, key=lambda row: (*row[1].first, row[0].number))


@asks(Action.SEE_RESULTS)
@require_safe
@under_purpose("result")
def requests(request: HttpRequest, project: Project) -> HttpResponse:
    """List the requests of a project, late ones first."""
    rows = [
        (one, standing, words.state(spoken(), standing), words.own(spoken(), standing))
        for one, standing in standings(project)
    ]
    return render(request, "disclosure/requests.html", {"project": project, "rows": rows})


@asks(Action.DO_WORK)
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest, project: Project) -> HttpResponse:
    """Write a letter that asks something in one's own words."""
    form = in_own_words()(request.POST or None)
    wrong = None
    if request.method == "POST" and form.is_valid():
        gap = {name: form.cleaned_data[name] for name in ("system", "body", "subject", "ask")}
        try:
            made = asking.ask_in_own_words(project, request.user, _given(form), gap)
        except VeedorError as error:
            wrong = error
        else:
            return _to(made)
    about = {"project": project, "form": form, "asked": form.asked(), "wrong": shown_error(wrong)}
    status = 400 if wrong or form.errors else 200
    return render(request, "disclosure/request_new.html", about, status=status)


@asks(Action.DO_WORK)
@under_purpose("summary")
@require_http_methods(["GET", "HEAD", "POST"])
def of_record(request: HttpRequest, project: Project, record: str) -> HttpResponse:
    """Write the letters that ask for what a record has no answer to."""
    held = record_of(project, record)
    version = held.newest
    form = form_of_record(version)(request.POST or None)
    wrong = None
    if request.method == "POST" and form.is_valid():
        try:
            made = asking.ask_of_record(
                version, request.user, _given(form), form.cleaned_data["chosen"]
            )
        except VeedorError as error:
            wrong = error
        else:
            return _to(made)
    about = {
        "project": project,
        "record": held,
        "form": form,
        "asked": form.asked(),
        "wrong": shown_error(wrong),
    }
    status = 400 if wrong or form.errors else 200
    return render(request, "disclosure/record_ask.html", about, status=status)


def _given(form: Any) -> dict[str, Any]:
    """Return what was given of the task's request; its files are the site's."""
    files = {"gaps": "work", "out": "work"}
    given = form.given(files, settings.VEEDOR_SITE.folder)
    return {name: value for name, value in given.items() if name not in files}


def _to(made: list[InformationRequest]) -> HttpResponse:
    project = made[0].project.key
    if len(made) == 1:
        return redirect("information_request", project=project, number=made[0].number)
    return redirect("information_requests", project=project)


def _request_of(project: Project, number: int) -> InformationRequest:
    found: InformationRequest = get_object_or_404(
        InformationRequest.objects.select_related("project", "version__record"),
        project=project,
        number=number,
    )
    return found


@asks(Action.SEE_RESULTS)
@require_safe
@under_purpose("result")
def one(request: HttpRequest, project: Project, number: int) -> HttpResponse:
    """Show a request: its letter, what is known of it, and every term."""
    return _one(request, _request_of(project, number))


def _one(
    request: HttpRequest,
    asked: InformationRequest,
    form: DayForm | None = None,
    wrong: VeedorError | None = None,
) -> HttpResponse:
    standing = standing_of(asked.procedure, asking.days_of(asked), today())
    said = spoken()
    terms = [
        (
            told.day(said, row),
            told.what(said, row),
            said.say(told.WHOSE[row.term.whose]),
            words.provisions(said, standing, row),
        )
        for row in (standing.made.dated if standing.made else ())
    ]
    about = {
        "project": asked.project,
        "request_shown": asked,
        "standing": standing,
        "state": words.state(said, standing),
        "own": words.own(said, standing),
        "remarks": [told.remark(said, one) for one in standing.made.findings]
        if standing.made
        else [],
        "terms": terms,
        "advice": said.say(told.NO_ADVICE),
        "noted": [
            (words.event(said, one.event), one) for one in asked.days.select_related("noted_by")
        ],
        "form": form or DayForm(asked),
        "wrong": shown_error(wrong),
    }
    status = 400 if wrong or (form is not None and form.errors) else 200
    return render(request, "disclosure/request.html", about, status=status)


@asks(Action.DO_WORK)
@require_POST
@under_purpose("result")
def day(request: HttpRequest, project: Project, number: int) -> HttpResponse:
    """Note on which day something happened."""
    held = _request_of(project, number)
    form = DayForm(held, request.POST)
    if not form.is_valid():
        return _one(request, held, form)
    try:
        asking.note(held, request.user, form.cleaned_data["event"], form.cleaned_data["day"])
    except VeedorError as error:
        return _one(request, held, form, error)
    return redirect("information_request", project=project.key, number=number)


@asks(Action.SEE_RESULTS)
@require_safe
@under_purpose("export")
def letter(request: HttpRequest, project: Project, number: int, ending: str) -> HttpResponseBase:  # noqa: ARG001
    """Hand out the letter: to go on in, or to print."""
    held = _request_of(project, number)
    folder = settings.VEEDOR_SITE.folder / held.folder
    listed = files_of(folder).get(f"{held.name}.{ending}")
    if listed is None:
        raise Http404
    return handed_out(folder, listed)
