"""Uploads of a project: given, looked at before they are kept, and erased."""

from __future__ import annotations

from django.conf import settings
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_POST, require_safe

from veedor.errors import StudyError, VeedorError, phrase
from veedor.web.pages.jinja import words
from veedor.web.projects.asking import asks
from veedor.web.projects.models import Project, Upload, UploadState
from veedor.web.projects.permissions import Action
from veedor.web.projects.receiving import AROUND, Received, Receiving
from veedor.web.projects.uploads import erase, incoming, most_of_a_file, take_in
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
@csrf_exempt  # the token is read below, once it is known where the file goes
@require_POST
def upload_new(request: HttpRequest, project: Project) -> HttpResponse:
    """Take in a file; it is kept once it was looked at."""
    most = most_of_a_file()
    if int(request.META.get("CONTENT_LENGTH") or 0) > most + AROUND:
        return _listed(request, project, _too_large(most))
    receiving = Receiving(incoming(), most)
    request.upload_handlers = [receiving]
    try:
        return _received(request, project=project, receiving=receiving)
    finally:
        receiving.forget()


@csrf_protect
def _received(request: HttpRequest, *, project: Project, receiving: Receiving) -> HttpResponse:
    file = request.FILES.get("file")
    if receiving.too_large:
        return _listed(request, project, _too_large(receiving.most))
    if not isinstance(file, Received):
        wrong = StudyError("There must be a file to look at.", found=phrase("none"))
        return _listed(request, project, wrong)
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


def _too_large(most: int) -> VeedorError:
    return StudyError(
        phrase("A file must have at most {n:,} MiB.", n=most // _MIB),
        found=phrase("more"),
        remedy="give it compressed as .gz, or in parts",
    )


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
