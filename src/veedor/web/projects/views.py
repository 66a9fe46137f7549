"""A project, as those see it who work in it."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from veedor.web.projects.asking import asks
from veedor.web.projects.models import Project
from veedor.web.projects.permissions import Action


@asks(Action.SEE_PROJECT)
@require_safe
def project(request: HttpRequest, project: Project) -> HttpResponse:
    """Show a project."""
    return render(request, "projects/project.html", {"project": project})
