"""Jobs: their list, how far each is, its end, and its results."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST, require_safe

from veedor.web.looks.looking import not_written, under_purpose
from veedor.web.pages.jinja import moment, words
from veedor.web.projects.asking import asks
from veedor.web.projects.models import Project
from veedor.web.projects.permissions import Action
from veedor.web.work import queue
from veedor.web.work.errors import errors_of
from veedor.web.work.models import PENDING, Job, State
from veedor.web.work.offered import title_of
from veedor.web.work.packed import unpacked, unpacked_error
from veedor.web.work.results import files_of, handed_out, page_of

#: Jobs that a page lists.
_MOST = 100


def told(job: Job) -> dict[str, Any]:
    """Give what templates say of a job: its title, what tells it from others, how far it is."""
    title = title_of(job.task)
    return {
        "job": job,
        "title": title,
        "named": _named(job, title),
        "step": words().translated(unpacked(job.step)) if job.step else "",
    }


def _named(job: Job, title: str) -> str:
    """Tell a job from others of its kind, as in the title of a window."""
    if job.study is not None:
        return words().say("{task}: {study}", task=title, study=job.study.title)
    return words().say("{task}, {at}", task=title, at=moment(job.asked_at))


def job_of(project: Project, key: str) -> Job:
    """Find a job of a project."""
    found: Job = get_object_or_404(
        Job.objects.select_related("study", "project"), key=key, project=project
    )
    return found


@asks(Action.SEE_PROJECT)
@require_safe
def jobs(request: HttpRequest, project: Project) -> HttpResponse:
    """List what was asked in a project, the newest first."""
    found = project.jobs.select_related("study", "project", "asked_by")[:_MOST]
    return render(
        request, "work/jobs.html", {"project": project, "jobs": [told(one) for one in found]}
    )


@asks(Action.SEE_PROJECT)
@require_safe
@not_written
def job(request: HttpRequest, project: Project, job: str) -> HttpResponse:
    """Show a job: how far it is, or how it ended."""
    found = job_of(project, job)
    wrong = errors_of(request, project, [found]).get(found.pk)
    shown = {"project": project, "told": told(found), "wrong": wrong}
    return render(request, "work/job.html", shown)


@asks(Action.SEE_PROJECT)
@require_safe
def job_progress(request: HttpRequest, project: Project, job: str) -> HttpResponse:
    """Show how far a job is, for a page that asks again; one that ended is loaded anew."""
    found = job_of(project, job)
    answer = render(request, "work/progress.html", {"project": project, "told": told(found)})
    if not found.pending:
        answer.headers["HX-Refresh"] = "true"
    return answer


@asks(Action.DO_WORK)
@require_POST
def job_cancel(request: HttpRequest, project: Project, job: str) -> HttpResponse:  # noqa: ARG001
    """Ask for the end of a job."""
    queue.cancel(job_of(project, job))
    return redirect("job", project=project.key, job=job)


@asks(Action.DO_WORK)
@require_POST
def job_retry(request: HttpRequest, project: Project, job: str) -> HttpResponse:  # noqa: ARG001
    """Ask again for a job that failed or was cancelled."""
    found = job_of(project, job)
    if (
        found.study is None
        or not found.study.jobs.exclude(pk=found.pk).filter(state__in=PENDING).exists()
    ):
        queue.retry(found)
    return redirect("job", project=project.key, job=job)


@asks(Action.SEE_RESULTS)
@under_purpose("result")
@require_safe
def job_report(request: HttpRequest, project: Project, job: str) -> HttpResponse:
    """Show what a job found, with its report in a frame of its own."""
    found = finished(project, job)
    files = files_of(found.result)
    shown = {
        "project": project,
        "told": told(found),
        "told_sections": (found.outcome or {}).get("told", []),
        "hindrances": [
            words().translated(unpacked_error(one).told)
            for one in (found.outcome or {}).get("hindrances", [])
        ],
        "page": page_of(files),
        "files": sorted(files),
    }
    return render(request, "work/report.html", shown)


@asks(Action.SEE_RESULTS)
@under_purpose("result")
@require_safe
def job_file(request: HttpRequest, project: Project, job: str, file: str) -> HttpResponseBase:  # noqa: ARG001
    """Hand out a file of a result."""
    found = finished(project, job)
    listed = files_of(found.result).get(file)
    if listed is None:
        raise Http404
    return handed_out(found.result, listed)


def finished(project: Project, key: str) -> Job:
    """Find a job of a project that is done, and has a result."""
    found = job_of(project, key)
    if found.state != State.DONE or not found.folder:
        raise Http404
    return found
