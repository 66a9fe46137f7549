"""Uploads of a project, tables and reading packs: given, looked at before they are kept, erased."""

from __future__ import annotations

from typing import Any

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
from veedor.web.reading.models import MOST_TITLE
from veedor.web.reading.putting_in import title_of
from veedor.web.reading.readers import readers_of
from veedor.web.work.child import PACK, SCREEN
from veedor.web.work.errors import shown_error
from veedor.web.work.models import Job
from veedor.web.work.packed import unpacked_error
from veedor.web.work.queue import require_room

_MOST = 200
_MIB = 1 << 20
#: An archive of a pack: texts of some thousand lines.
_MOST_PACK = 64 * _MIB


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
    return _taken_in(request, project, file, SCREEN)


def most_of_a_pack() -> int:
    """Bytes that the archive of a pack may have."""
    return min(most_of_a_file(), _MOST_PACK)


@asks(Action.DO_WORK)
@require_POST
@takes_file(most_of_a_pack)
def pack_new(request: HttpRequest, project: Project, file: Received | VeedorError) -> HttpResponse:
    """Take in a reading pack; of it is kept what its readers see, once it was looked at."""
    return _taken_in(request, project, file, PACK)


def _taken_in(
    request: HttpRequest, project: Project, file: Received | VeedorError, task: str
) -> HttpResponse:
    if isinstance(file, VeedorError):
        return _listed(request, project, file)
    asked: dict[str, Any] = {}
    try:
        if task == PACK:
            asked["title"] = title_of(request.POST.get("title", ""))
        require_room(project)
        with transaction.atomic():
            upload = take_in(file, project, request.user)
            Job.objects.create(
                project=project,
                upload=upload,
                task=task,
                request=asked,
                language=words().language,
                asked_by=request.user,
            )
    except VeedorError as error:
        return _listed(request, project, error, request.POST.get("title", ""))
    return redirect("uploads", project=project.key)


def _listed(
    request: HttpRequest, project: Project, wrong: VeedorError | None = None, title: str = ""
) -> HttpResponse:
    found = list(project.uploads.select_related("pack")[:_MOST])
    shown = {
        "project": project,
        "uploads": [
            (one, shown_error(unpacked_error(one.rule)) if one.rule else None, _readers(one))
            for one in found
        ],
        "waiting": any(one.state == UploadState.RECEIVED for one in found),
        "most": words().number(most_of_a_file() // _MIB),
        "most_of_a_pack": words().number(most_of_a_pack() // _MIB),
        "given_title": title,
        "all": words().number(settings.VEEDOR_SITE.settings.uploads.project_mib),
        "most_title": MOST_TITLE,
        "wrong": shown_error(wrong),
    }
    return render(request, "work/uploads.html", shown, status=400 if wrong else 200)


def _readers(upload: Upload) -> list[dict[str, Any]]:
    """Who judges the pack that an upload became."""
    return readers_of(upload.pack) if upload.state == UploadState.PACK else []


@asks(Action.DO_WORK)
@require_POST
def upload_erase(request: HttpRequest, project: Project, upload: str) -> HttpResponse:  # noqa: ARG001
    """Erase an upload that is kept."""
    erase(get_object_or_404(Upload, key=upload, project=project))
    return redirect("uploads", project=project.key)
