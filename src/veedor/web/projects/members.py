"""Projects and their members, as administrators keep them and auditors see them."""

from __future__ import annotations

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST, require_safe

from veedor.web.accounts.events import record
from veedor.web.projects.asking import asks
from veedor.web.projects.forms import Member, New
from veedor.web.projects.models import Membership, Project
from veedor.web.projects.permissions import Action


@asks(Action.SEE_ACCOUNTS)
@require_safe
def projects(request: HttpRequest) -> HttpResponse:
    """Show which projects there are."""
    return _projects(request, New())


@asks(Action.MANAGE_PROJECTS)
@require_POST
def new(request: HttpRequest) -> HttpResponse:
    """Make a project, in which nobody is yet."""
    form = New(request.POST)
    if not form.is_valid():
        return _projects(request, form)
    return redirect("members", project=form.save().key)


def _projects(request: HttpRequest, form: New) -> HttpResponse:
    shown = {"form": form, "projects": Project.objects.prefetch_related("memberships")}
    return render(request, "projects/projects.html", shown)


@asks(Action.SEE_ACCOUNTS)
@require_safe
def members(request: HttpRequest, project: str) -> HttpResponse:
    """Show who is what in a project."""
    return _members(request, get_object_or_404(Project, key=project), Member())


@asks(Action.MANAGE_PROJECTS)
@require_POST
@transaction.atomic
def add(request: HttpRequest, project: str) -> HttpResponse:
    """Give an account a role in a project, or another than it had."""
    place, form = get_object_or_404(Project, key=project), Member(request.POST)
    if not form.is_valid():
        return _members(request, place, form)
    user, role = form.cleaned_data["email"], form.cleaned_data["role"]
    Membership.objects.update_or_create(project=place, user=user, defaults={"role": role})
    record("member_added", request.user, user, f"{place.key}: {role}")
    return redirect("members", project=place.key)


@asks(Action.MANAGE_PROJECTS)
@require_POST
@transaction.atomic
def remove(request: HttpRequest, project: str, account: int) -> HttpResponse:
    """Take an account out of a project."""
    one = get_object_or_404(Membership, project__key=project, user=account)
    record("member_removed", request.user, one.user, project)
    one.delete()
    return redirect("members", project=project)


def _members(request: HttpRequest, project: Project, form: Member) -> HttpResponse:
    shown = {
        "project": project,
        "form": form,
        "memberships": project.memberships.select_related("user__office").order_by("user__email"),
    }
    return render(request, "projects/members.html", shown)
