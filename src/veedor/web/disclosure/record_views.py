"""Records of systems: begun, taken in, shown, compared, exported and published."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from veedor.errors import VeedorError
from veedor.tasks import record_new as beginning
from veedor.web.disclosure import records as kept
from veedor.web.disclosure.forms import TitleForm, of_export
from veedor.web.disclosure.models import Export, Record, Version
from veedor.web.looks.looking import under_purpose
from veedor.web.pages.jinja import words
from veedor.web.projects.asking import asks
from veedor.web.projects.models import Project, new_key
from veedor.web.projects.permissions import Action
from veedor.web.projects.receiving import Received, takes_file
from veedor.web.work.asking import form_of
from veedor.web.work.errors import shown_error
from veedor.web.work.models import Job, State
from veedor.web.work.packed import packed_sections
from veedor.web.work.queue import require_room


def _most() -> int:
    return kept.MOST_BYTES


def record_of(project: Project, key: str) -> Record:
    """Find a record of a project."""
    found: Record = get_object_or_404(
        Record.objects.select_related("project"), key=key, project=project
    )
    return found


@asks(Action.SEE_PROJECT)
@require_safe
def records(request: HttpRequest, project: Project) -> HttpResponse:
    """List the records of a project, and ask for a file."""
    return _records(request, project)


def _records(
    request: HttpRequest, project: Project, wrong: VeedorError | None = None
) -> HttpResponse:
    found = project.records.prefetch_related("versions")
    about = {"project": project, "records": found, "wrong": shown_error(wrong)}
    return render(request, "disclosure/records.html", about, status=400 if wrong else 200)


@asks(Action.DO_WORK)
@require_http_methods(["GET", "HEAD", "POST"])
def record_new(request: HttpRequest, project: Project) -> HttpResponse:
    """Begin a record: the form of its task's request."""
    form = form_of(beginning.Request, kept.audits_of(project), ("record",))(request.POST or None)
    wrong = None
    if request.method == "POST" and form.is_valid():
        begun = Record(project=project, made_by=request.user)
        try:
            given = form.given({"record": begun.place_of(1)}, settings.VEEDOR_SITE.folder)
            kept.begin(begun, request.user, given)
        except VeedorError as error:
            wrong = error
        else:
            return redirect("record", project=project.key, record=begun.key)
    about = {
        "project": project,
        "form": form,
        "asked": form.asked(),
        "wrong": shown_error(wrong),
    }
    status = 400 if wrong or form.errors else 200
    return render(request, "disclosure/record_new.html", about, status=status)


@asks(Action.DO_WORK)
@require_POST
@takes_file(_most)
def record_taken_in(
    request: HttpRequest, project: Project, file: Received | VeedorError
) -> HttpResponse:
    """Take in a record that was kept elsewhere."""
    if isinstance(file, VeedorError):
        return _records(request, project, file)
    try:
        made = kept.take_in(project, request.user, file.path)
    except VeedorError as error:
        return _records(request, project, error)
    return redirect("record", project=project.key, record=made.record.key)


@asks(Action.DO_WORK)
@require_POST
@under_purpose("result")
@takes_file(_most)
def version_taken_in(
    request: HttpRequest, project: Project, record: str, file: Received | VeedorError
) -> HttpResponse:
    """Take in another version of a record."""
    held = record_of(project, record)
    wrong = file
    if not isinstance(file, VeedorError):
        try:
            kept.take_in(project, request.user, file.path, held)
        except VeedorError as error:
            wrong = error
        else:
            return redirect("record", project=project.key, record=held.key)
    return _version(request, held.newest, wrong)


@asks(Action.SEE_RESULTS)
@require_safe
@under_purpose("result")
def record(request: HttpRequest, project: Project, record: str) -> HttpResponse:
    """Show the newest version of a record, and what can be done with it."""
    return _version(request, record_of(project, record).newest)


@asks(Action.SEE_RESULTS)
@require_safe
@under_purpose("result")
def version(request: HttpRequest, project: Project, record: str, number: int) -> HttpResponse:
    """Show a version of a record."""
    return _version(request, _version_of(record_of(project, record), number))


def _version_of(record: Record, number: int | str) -> Version:
    found: Version = get_object_or_404(record.versions, number=number)
    return found


def _version(request: HttpRequest, version: Version, wrong: Any = None) -> HttpResponse:
    held = version.record
    exports = Export.objects.filter(version__record=held).select_related(
        "job", "version", "publication"
    )
    about = {
        "project": held.project,
        "record": held,
        "version": version,
        "versions": list(held.versions.all()),
        "told_sections": packed_sections(kept.told(version).document.headline),
        "exports": exports,
        "wrong": shown_error(wrong),
    }
    return render(request, "disclosure/record.html", about, status=400 if wrong else 200)


@asks(Action.SEE_RESULTS)
@require_safe
@under_purpose("export")
def file(request: HttpRequest, project: Project, record: str, number: int) -> HttpResponse:  # noqa: ARG001
    """Hand out a version's file, to be filled in."""
    found = _version_of(record_of(project, record), number)
    answer = HttpResponse(found.path.read_bytes(), content_type="application/octet-stream")
    answer.headers["Content-Disposition"] = f'attachment; filename="record-{found.number}.toml"'
    return answer


@asks(Action.SEE_RESULTS)
@require_safe
@under_purpose("result")
def changes(request: HttpRequest, project: Project, record: str) -> HttpResponse:
    """Show what differs between two versions: those that are asked for, or the newest two."""
    held = record_of(project, record)
    versions = list(held.versions.all())
    last = [one.number for one in versions[:2]]
    before, after = (
        _version_of(held, number if number.isdecimal() and len(number) < 8 else 0)
        for number in (
            request.GET.get("before", str(last[-1])),
            request.GET.get("after", str(last[0])),
        )
    )
    sections, wrong = [], None
    try:
        page = kept.compared(before, after).document
        sections = packed_sections([*page.headline, *page.details])
    except VeedorError as error:
        wrong = error
    about = {
        "project": project,
        "record": held,
        "versions": versions,
        "before": before,
        "after": after,
        "told_sections": sections,
        "wrong": shown_error(wrong),
    }
    return render(request, "disclosure/changes.html", about, status=400 if wrong else 200)


@asks(Action.DO_WORK)
@require_http_methods(["GET", "HEAD", "POST"])
def export(request: HttpRequest, project: Project, record: str) -> HttpResponse:
    """Ask for the newest version to be set beside laws and registers; what makes it is a job."""
    held = record_of(project, record)
    form = of_export()(request.POST or None)
    wrong = None
    if request.method == "POST" and form.is_valid():
        try:
            job = _asked(request, held, form)
        except VeedorError as error:
            wrong = error
        else:
            return redirect("job", project=project.key, job=job.key)
    about = {
        "project": project,
        "record": held,
        "form": form,
        "asked": form.asked(),
        "wrong": shown_error(wrong),
    }
    status = 400 if wrong or form.errors else 200
    return render(request, "disclosure/export.html", about, status=status)


def _asked(request: HttpRequest, record: Record, form: Any) -> Job:
    require_room(record.project)
    version, key = record.newest, new_key()
    folder = f"work/{record.project.key}/{key}"
    given = form.given({"record": version.place, "out": folder}, settings.VEEDOR_SITE.folder)
    with transaction.atomic():
        job: Job = Job.objects.create(
            key=key,
            project=record.project,
            task="record_export",
            request=given,
            folder=folder,
            language=words().language,
            asked_by=request.user,
        )
        Export.objects.create(version=version, job=job)
    return job


@asks(Action.PUBLISH)
@require_http_methods(["GET", "HEAD", "POST"])
def publish(request: HttpRequest, project: Project, record: str, job: str) -> HttpResponse:
    """Publish what was exported of a record, whole, under a title."""
    held = record_of(project, record)
    exports = Export.objects.select_related("version__record__project", "job", "publication")
    found = get_object_or_404(exports, version__record=held, job__key=job, job__state=State.DONE)
    form = TitleForm(request.POST or None, initial={"title": held.system})
    wrong = None
    if request.method == "POST" and form.is_valid():
        try:
            made = kept.publish(found, request.user, form.cleaned_data["title"])
        except VeedorError as error:
            wrong = error
        else:
            return redirect("publication", publication=made.key)
    about = {
        "project": project,
        "record": held,
        "export": found,
        "form": form,
        "wrong": shown_error(wrong),
    }
    status = 400 if wrong or form.errors else 200
    return render(request, "disclosure/publish.html", about, status=status)
