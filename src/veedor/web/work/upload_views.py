"""Uploads of a project: given, looked at before they are kept, and erased."""

from __future__ import annotations

from django.conf import settings
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST, require_safe

from veedor.errors import VeedorError
from veedor.web.pages.jinja import words
from veedor.web.projects.asking import asks
from veedor.web.projects.models import Project, Upload, UploadState
from veedor.web.projects.permissions import Action
from veedor.web.projects.receiving import Received, takes_file
from veedor.web.projects.uploads import erase, most_of_a_file, take_in
from veedor.web.work.child import SCREEN
from veedor.web.work.errors import shown_error
from veedor.web.work.models import Job
from veedor.web.work.packed import unpacked_error
from veedor.web.work.queue import require_room

_MOST = 200
_MIB = 1 << 20


@asks(Action.SEE_PROJECT)
@require_safe
def uploads(request: HttpRequest, project: Project) -> HttpResponse:
    """List what was uploaded, and ask for a file."""
    return _listed(request, project)


@asks(Action.DO_WORK)
@require_POST
@takes_file(most_of_a_file)
def upload_new(
    request: HttpRequest, project: Project, file: Received | VeedorError
) -> HttpResponse:
    """Take in a file; it is kept once it was looked at."""
    if isinstance(file, VeedorError):
        return _listed(request, project, file)
    try:
        require_room(project)
        with transaction.atomic():
            upload = take_in(file, project, request.user)
            Job.objects.create(
                project=project,
                upload=upload,
                task=SCREEN,
                request={},
                language=words().language,
                asked_by=request.user,
            )
    except VeedorError as error:
        return _listed(request, project, error)
    return redirect("uploads", project=project.key)


def _listed(
    request: HttpRequest, project: Project, wrong: VeedorError | None = None
) -> HttpResponse:
    found = list(project.uploads.all()[:_MOST])
    shown = {
        "project": project,
        "uploads": [
            (one, shown_error(unpacked_error(one.rule)) if one.rule else None) for one in found
        ],
        "waiting": any(one.state == UploadState.RECEIVED for one in found),
        "most": words().number(most_of_a_file() // _MIB),
        "all": words().number(settings.VEEDOR_SITE.settings.uploads.project_mib),
        "wrong": shown_error(wrong),
    }
    return render(request, "work/uploads.html", shown, status=400 if wrong else 200)


@asks(Action.DO_WORK)
@require_POST
def upload_erase(request: HttpRequest, project: Project, upload: str) -> HttpResponse:  # noqa: ARG001
    """Erase an upload that is kept."""
    erase(get_object_or_404(Upload, key=upload, project=project))
    return redirect("uploads", project=project.key)
