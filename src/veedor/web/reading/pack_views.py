"""What analysts and auditors see: packs, how far each reader is, and the files after the end."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from veedor.errors import StudyError
from veedor.web.looks.looking import under_purpose
from veedor.web.pages.jinja import words
from veedor.web.pages.views import local
from veedor.web.projects.asking import asks
from veedor.web.projects.models import Project
from veedor.web.projects.permissions import Action
from veedor.web.reading.files import all_done, packed
from veedor.web.reading.forms import ReaderForm, ReopenForm, ReplaceForm
from veedor.web.reading.models import Assignment, Ending, Pack
from veedor.web.reading.putting_in import assign as assigned
from veedor.web.reading.putting_in import replace as replaced
from veedor.web.reading.readers import form_id, readers_of


@asks(Action.SEE_PROJECT)
@require_safe
def packs(request: HttpRequest, project: Project) -> HttpResponse:
    """Show the packs of a project."""
    return render(request, "reading/packs.html", {"project": project, "packs": project.packs.all()})


@asks(Action.SEE_PROJECT)
@require_safe
def pack(request: HttpRequest, project: Project, pack: str) -> HttpResponse:
    """Show how far each reader of a pack is; no answer, nor how many there are of any."""
    return _pack(request, _of(project, pack))


def _of(project: Project, key: str) -> Pack:
    found = project.packs.filter(key=key).first()
    if found is None:
        raise Http404
    return found


def _pack(request: HttpRequest, pack: Pack, **wrong: Any) -> HttpResponse:
    """Draw a pack's page; `wrong` says which form of which reader was not filled in right."""
    about = {
        "project": pack.project,
        "pack": pack,
        "rows": readers_of(pack, **wrong),
        "all_done": all_done(pack),
        "back": "",
    }
    return render(request, "reading/pack.html", about)


@asks(Action.DO_WORK)
@require_POST
def assign(request: HttpRequest, project: Project, pack: str, reader: int) -> HttpResponse:
    """Say who judges as one of the readers."""
    held = _of(project, pack)
    form = ReaderForm(held, request.POST, auto_id=form_id(held, "assign", reader))
    if held.judging.filter(reader=reader).exists():
        return redirect("pack", project=project.key, pack=pack)
    return _done(
        request, held, ("assign", reader), form,
        lambda said: assigned(held, reader, said["account"]),
    )  # fmt: skip


@asks(Action.DO_WORK)
@require_POST
def replace(request: HttpRequest, project: Project, pack: str, reader: int) -> HttpResponse:
    """Let another judge in the place of a reader, with a word why."""
    held = _of(project, pack)
    form = ReplaceForm(held, request.POST, auto_id=form_id(held, "replace", reader))
    if not held.judging.filter(reader=reader).exists():
        return redirect("pack", project=project.key, pack=pack)
    return _done(
        request, held, ("replace", reader), form,
        lambda said: replaced(held, reader, said["account"], request.user, said["why"]),
    )  # fmt: skip


def _done(
    request: HttpRequest,
    pack: Pack,
    at: tuple[str, int],
    form: ReaderForm,
    do: Callable[[dict[str, Any]], object],
) -> HttpResponse:
    """Do what a form asks and go back to where it stands, or show it again."""
    if form.is_valid():
        try:
            do(form.cleaned_data)
        except StudyError as error:
            form.add_error(None, words().translated(error.reason))
    if not form.is_valid():
        return _pack(request, pack, wrong={at: form})
    back = request.POST.get("back", "")
    if back:
        return redirect(local(request, back))
    return redirect("pack", project=pack.project.key, pack=pack.key)


@asks(Action.DO_WORK)
@require_POST
def reopen(request: HttpRequest, project: Project, pack: str, reader: int) -> HttpResponse:
    """Open a reading again that was finished, with a word why."""
    held = _of(project, pack)
    one = held.judging.filter(reader=reader).first()
    if one is None or not one.is_done:
        return redirect("pack", project=project.key, pack=pack)
    form = ReopenForm(request.POST, auto_id=form_id(held, "reopen", reader))
    if not form.is_valid():
        return _pack(request, held, wrong={("reopen", reader): form})
    with transaction.atomic():
        Assignment.objects.select_for_update().get(pk=one.pk)
        Ending.objects.filter(assignment=one, reopened_at=None).update(
            reopened_at=timezone.now(), reopened_by=request.user, why=form.cleaned_data["why"]
        )
    return redirect("pack", project=project.key, pack=pack)


@asks(Action.SEE_RESULTS)
@require_safe
@under_purpose("export")
def export(request: HttpRequest, project: Project, pack: str) -> HttpResponse:  # noqa: ARG001
    """Give the readers' files, once every reader has finished."""
    held = _of(project, pack)
    if not all_done(held):
        return redirect("pack", project=project.key, pack=pack)
    answer = HttpResponse(packed(held, words().language), content_type="application/zip")
    answer.headers["Content-Disposition"] = 'attachment; filename="readers.zip"'
    return answer
