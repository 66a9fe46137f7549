"""Studies: proposed from uploads, confirmed, checked and run."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.db import IntegrityError, transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from veedor.errors import StudyError, VeedorError, phrase
from veedor.tables.personal import refuse_personal_text
from veedor.tasks import init
from veedor.web.looks.looking import not_written, under_purpose
from veedor.web.pages.jinja import words
from veedor.web.projects.asking import asks
from veedor.web.projects.models import Project, Upload, UploadState
from veedor.web.projects.permissions import Action
from veedor.web.work import queue
from veedor.web.work import settings as of_study
from veedor.web.work.asking import RequestForm, form_of
from veedor.web.work.errors import errors_of, shown_error
from veedor.web.work.models import PENDING, Job, State, Study
from veedor.web.work.views import told

#: What can be done with a study -> the folder of its results within it.
_TASKS = {"check": "check", "run": "results"}


def study_of(project: Project, key: str) -> Study:
    """Find a study of a project."""
    all_studies = Study.objects.select_related("project")
    found: Study = get_object_or_404(all_studies, key=key, project=project)
    return found


@asks(Action.SEE_PROJECT)
@require_safe
def studies(request: HttpRequest, project: Project) -> HttpResponse:
    """List the studies of a project."""
    shown = {"project": project, "studies": project.studies.select_related("project")}
    return render(request, "work/studies.html", shown)


@asks(Action.DO_WORK)
@require_http_methods(["GET", "HEAD", "POST"])
def study_new(request: HttpRequest, project: Project) -> HttpResponse:
    """Ask for a study to be proposed from uploads."""
    uploads = list(project.uploads.filter(state=UploadState.KEPT))
    made_of = form_of(init.Request, uploads)
    titled = type("Titled", (made_of,), {"title": forms.CharField(max_length=120)})
    form = titled(request.POST or None)
    wrong = None
    if request.method == "POST" and form.is_valid():
        try:
            made = _proposed(request, project, form, uploads)
        except VeedorError as error:
            wrong = error
        else:
            return redirect("study", project=project.key, study=made.key)
    shown = {
        "project": project,
        "form": form,
        "uploads": uploads,
        "wrong": shown_error(wrong),
        "asked": form.asked(),
    }
    return render(
        request, "work/study_new.html", shown, status=400 if wrong or form.errors else 200
    )


def _proposed(
    request: HttpRequest, project: Project, form: RequestForm, uploads: list[Upload]
) -> Study:
    queue.require_room(project)
    title = form.cleaned_data["title"]
    refuse_personal_text([title], what=phrase("the title of a study"), where=form["title"].name)
    study = Study(project=project, title=title, made_by=request.user)
    given = form.given({"study": study.place}, settings.VEEDOR_SITE.folder)
    chosen = {key for name in form.changed_data for key in form.data.getlist(name)}
    with transaction.atomic():
        study.save()
        study.uploads.set([one for one in uploads if one.key in chosen])
        _ask(request, study, "init", given)
    return study


def _ask(request: HttpRequest, study: Study, task: str, given: dict[str, Any]) -> Job:
    folder = f"{study.place}/{_TASKS[task]}" if task in _TASKS else ""
    job: Job = Job.objects.create(
        project=study.project,
        study=study,
        task=task,
        request=given,
        folder=folder,
        language=words().language,
        asked_by=request.user,
    )
    return job


@asks(Action.SEE_PROJECT)
@require_safe
@not_written
def study(request: HttpRequest, project: Project, study: str) -> HttpResponse:
    """Show a study: what it is made from, what can be done with it, and what was."""
    found = study_of(project, study)
    jobs = list(found.jobs.select_related("project", "study"))
    latest: dict[str, Job] = {}
    for job in jobs:
        latest.setdefault(job.task, job)
    pending = next((job for job in jobs if job.pending), None)
    ended = [job for job in latest.values() if not job.pending]
    wrong = errors_of(request, project, ended)
    shown = {
        "project": project,
        "study": found,
        "pending": told(pending) if pending else None,
        "jobs": [told(job) for job in ended],
        "wrong": {job.pk: wrong.get(job.pk) for job in ended},
        "proposed": of_study.read_text(found.folder) is not None,
    }
    return render(request, "work/study.html", shown)


@asks(Action.DO_WORK)
@under_purpose("summary")
@require_http_methods(["GET", "HEAD", "POST"])
def study_settings(request: HttpRequest, project: Project, study: str) -> HttpResponse:
    """Show what was guessed of a study and why, and let it be confirmed or changed."""
    found = study_of(project, study)
    text = of_study.read_text(found.folder)
    if text is None:
        return redirect("study", project=project.key, study=found.key)
    asked = of_study.settings_of(text)
    form = of_study.form_of(asked)(request.POST or None)
    if not found.confirmed:
        for one in asked:
            if one.label == of_study.TITLE:
                form.fields[one.name].initial = found.title
    wrong: VeedorError | None = None
    if request.method == "POST" and form.is_valid():
        try:
            _confirm(found, text, asked, form.cleaned_data)
        except VeedorError as error:
            wrong = error
        else:
            return redirect("study", project=project.key, study=found.key)
    proposal = found.jobs.filter(task="init", state=State.DONE).first()
    sections = ((proposal.outcome or {}).get("told") or [])[:1] if proposal else []
    shown = {
        "project": project,
        "study": found,
        "form": form,
        "wrong": shown_error(wrong),
        "sections": sections,
        "asked": [(form[one.name], words().translated(one.label), one.why) for one in asked],
    }
    return render(
        request, "work/study_settings.html", shown, status=400 if wrong or form.errors else 200
    )


def _confirm(study: Study, text: str, asked: list[of_study.Setting], given: dict[str, Any]) -> None:
    """Write a study's settings as they were given.

    Raises
    ------
    VeedorError
        If they cannot be, or the study is being worked on.
    """
    made = of_study.changed(text, asked, given)
    titles = [given[one.name] for one in asked if one.label == of_study.TITLE]
    with transaction.atomic():
        held = Study.objects.select_for_update().get(pk=study.pk)
        if held.jobs.filter(state__in=PENDING).exists():
            raise StudyError(
                "A study must not change while it is worked on.",
                found=phrase("a job that has not ended"),
                remedy="wait for it, or cancel it",
            )
        of_study.write_text(study.folder, made)
        held.title, held.confirmed = (titles or [held.title])[0][:120], True
        held.save()


@asks(Action.DO_WORK)
@require_POST
def study_do(request: HttpRequest, project: Project, study: str, task: str) -> HttpResponse:
    """Ask for a study to be checked or run; it goes on alone."""
    found = study_of(project, study)
    if task not in _TASKS:
        raise Http404
    if not found.confirmed:
        return redirect("study", project=project.key, study=found.key)
    given: dict[str, Any] = {"study": found.place}
    if task == "run":
        given["jobs"] = settings.VEEDOR_SITE.settings.work.processes
    else:
        given["out"] = f"{found.place}/{_TASKS[task]}"
    try:
        with transaction.atomic():
            _ask(request, found, task, given)
    except IntegrityError:  # one job of a study at a time: this one is already asked
        pass
    return redirect("study", project=project.key, study=found.key)
