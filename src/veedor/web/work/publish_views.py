"""Publishing what a job found: said why, looked at, and then shown to anyone."""

from __future__ import annotations

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from veedor.errors import VeedorError
from veedor.web.looks.looked_at import look_at
from veedor.web.looks.looking import HOURS, in_force, purpose_address
from veedor.web.observatory.publishing import publish
from veedor.web.projects.asking import asks
from veedor.web.projects.models import Project
from veedor.web.projects.permissions import Action
from veedor.web.work.errors import shown_error
from veedor.web.work.results import files_of, page_of
from veedor.web.work.views import finished, told


class _Titled(forms.Form):
    """What the public sees as its title."""

    title = forms.CharField(max_length=200)


@asks(Action.PUBLISH)
@require_http_methods(["GET", "HEAD", "POST"])
def job_publish(request: HttpRequest, project: Project, job: str) -> HttpResponse:
    """Say what is needed before a result is published, and publish it."""
    found = finished(project, job)
    form = _Titled(request.POST or None)
    wrong: VeedorError | None = None
    if request.method == "POST" and form.is_valid():
        try:
            made = publish(project, request.user, found.result, form.cleaned_data["title"])
        except VeedorError as error:
            wrong = error
        else:
            return redirect("publication", publication=made.key)
    files = files_of(found.result)
    page = page_of(files)
    purpose = in_force(request.user, project)
    shown = {
        "project": project,
        "told": told(found),
        "form": form,
        "wrong": shown_error(wrong),
        "until": None if purpose is None else purpose.entry.at + HOURS,
        "why": purpose_address(project, request.get_full_path()),
        "looked": bool(page) and look_at(request.user, project, [files[page].sha256]) is not None,
    }
    return render(request, "work/publish.html", shown, status=400 if wrong or form.errors else 200)
