"""Audits, by forms that are made of their requests."""

from __future__ import annotations

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from veedor.errors import VeedorError
from veedor.web.pages.jinja import words
from veedor.web.projects.asking import asks
from veedor.web.projects.models import Project, UploadState, new_key
from veedor.web.projects.permissions import Action
from veedor.web.work.asking import form_of
from veedor.web.work.errors import shown_error
from veedor.web.work.models import Job
from veedor.web.work.offered import about, audits, task, title_of
from veedor.web.work.queue import require_room


@asks(Action.DO_WORK)
@require_safe
def audit_kinds(request: HttpRequest, project: Project) -> HttpResponse:
    """List the audits that there are."""
    kinds = [(name, title_of(made_of)) for name, made_of in audits().items()]
    return render(request, "work/audits.html", {"project": project, "kinds": kinds})


@asks(Action.DO_WORK)
@require_http_methods(["GET", "HEAD", "POST"])
def audit_new(request: HttpRequest, project: Project, audit: str) -> HttpResponse:
    """Ask for an audit: the form of its request; what it makes is a job."""
    name = audits().get(audit)
    if name is None:
        raise Http404
    kind = task(name).Request
    uploads = list(project.uploads.filter(state=UploadState.KEPT))
    form = form_of(kind, uploads)(request.POST or None)
    told = None
    if request.method == "POST" and form.is_valid():
        key = new_key()
        folder = f"work/{project.key}/{key}"
        try:
            require_room(project)
            given = form.given({"out": folder}, settings.VEEDOR_SITE.folder)
        except VeedorError as error:
            told = error
        else:
            Job.objects.create(
                key=key,
                project=project,
                task=name,
                request=given,
                folder=folder,
                language=words().language,
                asked_by=request.user,
            )
            return redirect("job", project=project.key, job=key)
    shown = {
        "project": project,
        "title": title_of(name),
        "about": about(name),
        "form": form,
        "uploads": uploads,
        "wrong": shown_error(told),
        "asked": form.asked(),
    }
    return render(request, "work/audit.html", shown, status=400 if told or form.errors else 200)
