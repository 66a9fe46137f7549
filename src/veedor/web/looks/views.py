"""Stating a purpose; the log, for auditors; and what anyone may be told of it."""

from __future__ import annotations

import secrets
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, cast
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import QuerySet
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from veedor.files.replacing import sha256
from veedor.report.words.looks import counted
from veedor.sealing import Purpose as PurposeEntry
from veedor.sealing import committed, fingerprint
from veedor.sealing.accesses import PurposeKind
from veedor.sealing.keys import public_pem
from veedor.sealing.parts import Code
from veedor.web.looks import words as told
from veedor.web.looks.appending import append, written
from veedor.web.looks.exporting import exported
from veedor.web.looks.forms import FilterForm, PurposeForm
from veedor.web.looks.given_out import newest
from veedor.web.looks.looking import (
    SITE,
    not_written,
    require_open,
    role_in,
    shown,
    under_purpose,
)
from veedor.web.looks.models import Entry, LogEnd, Purpose
from veedor.web.looks.numbers import public_numbers
from veedor.web.looks.renewing import renewing_leaves
from veedor.web.looks.witnessed import witnessed
from veedor.web.pages.jinja import words
from veedor.web.pages.keeping import kept_a_minute
from veedor.web.pages.views import local
from veedor.web.projects.asking import asks
from veedor.web.projects.models import Project
from veedor.web.projects.permissions import Action
from veedor.web.site.keys import first_key, pseudonyms

_ON_A_PAGE = 100


@asks(Action.SEE_RESULTS)
@require_http_methods(["GET", "HEAD", "POST"])
@not_written
def purpose(request: HttpRequest, project: Project) -> HttpResponse:
    """State why a project is looked at, for 8 hours."""
    return _state(request, project)


@asks(Action.SEE_ACCESS_LOG)
@require_http_methods(["GET", "HEAD", "POST"])
@not_written
def purpose_site(request: HttpRequest) -> HttpResponse:
    """State why the access log is looked at, for 8 hours."""
    return _state(request, None)


def _state(request: HttpRequest, project: Project | None) -> HttpResponse:
    if request.method == "POST":
        form = PurposeForm(request.POST)
        if form.is_valid():
            _stated(request.user, project, form.cleaned_data)
            return HttpResponseRedirect(local(request, form.cleaned_data["next"]))
    else:
        form = PurposeForm(initial={"next": request.GET.get("next", "")})
    return render(request, "looks/purpose.html", {"form": form, "project": project})


def _stated(user: Any, project: Project | None, said: dict[str, str]) -> None:
    """Write a purpose down: clear text beside the log, keys and a commitment in it."""
    keys, nonce = pseudonyms(), secrets.token_bytes(32)
    case, kind = said["case_number"], cast("PurposeKind", said["kind"])

    def make(written_at: str, code: Code) -> PurposeEntry:
        require_open(user)
        return PurposeEntry(
            written_at=written_at,
            code=code,
            account=keys.account(str(user.pk)),
            office=user.office.name,
            role=role_in(user, project),
            project=keys.project(SITE if project is None else project.key),
            purpose=kind,
            case=keys.case(case) if case else None,
            words=committed(said["words"], nonce),
        )

    with written():
        Purpose.objects.create(
            entry=append(make),
            user=user,
            project=project,
            kind=said["kind"],
            case_number=case,
            words=said["words"],
            nonce=nonce,
        )


@asks(Action.SEE_ACCESS_LOG)
@require_safe
@under_purpose("access_log")
def log(request: HttpRequest) -> HttpResponse:
    """Show the log to an auditor, the newest entries first."""
    form = FilterForm(request.GET)
    asked = form.cleaned_data if form.is_valid() else {}
    found = _filtered(asked).order_by("-number")
    before = request.GET.get("before", "")
    if before.isdecimal() and len(before) < 16:
        found = found.filter(number__lt=int(before))
    rows = list(found[: _ON_A_PAGE + 1])
    more = rows[_ON_A_PAGE - 1].number if len(rows) > _ON_A_PAGE else None
    stated = Purpose.objects.in_bulk(
        {row.number if row.kind == "purpose" else row.under for row in rows}
    )
    state = witnessed()
    kept = {name: request.GET[name] for name in form.fields if request.GET.get(name)}
    about = {
        "form": form,
        "size": words().number(LogEnd.objects.get().size),
        "witnessed": state,
        "late": state.is_late(settings.VEEDOR_SITE.settings.witnesses.every_hours),
        "rows": [_told(row, stated) for row in rows[:_ON_A_PAGE]],
        "older": None if more is None else urlencode(kept | {"before": str(more)}),
    }
    return render(request, "looks/log.html", about)


def _filtered(asked: dict[str, Any]) -> QuerySet[Entry]:
    found = Entry.objects.all()
    for name, column in (("entry", "kind"), ("why", "why"), ("what", "what"), ("office", "office")):
        if asked.get(name):
            found = found.filter(**{column: asked[name]})
    if asked.get("account"):
        found = found.filter(account__startswith=asked["account"])
    if asked.get("since"):
        found = found.filter(at__gte=_begins(asked["since"]))
    if asked.get("until"):
        found = found.filter(at__lt=_begins(asked["until"] + timedelta(days=1)))
    return found


def _begins(day: date) -> datetime:
    """Return when a day begins where the site is."""
    zone = ZoneInfo(settings.VEEDOR_SITE.settings.site.time_zone)
    return datetime.combine(day, time(), zone).astimezone(UTC)


def _told(row: Entry, stated: dict[int, Purpose]) -> dict[str, Any]:
    why = stated.get(row.number if row.kind == "purpose" else row.under or -1)
    return {
        "number": words().number(row.number),
        "at": row.at,
        "account": row.account,
        "office": row.office,
        "role": told.role(row.role) if row.role else "",
        "what": told.what(row.kind, row.what),
        "why": told.purpose(row.why) if row.why else "",
        "case": why.case_number if why else "",
        "words": why.words if why else "",
    }


@asks(Action.SEE_ACCESS_LOG)
@require_safe
@under_purpose("export")
def export(request: HttpRequest) -> HttpResponseBase:  # noqa: ARG001 - Django's
    """Give the log as a ZIP that anyone can check."""
    with exported() as packed:
        # Open, the file stays until it is sent, though its name is gone.
        response = FileResponse(packed.open("rb"), as_attachment=True, filename="looks.zip")
        return shown(response, sha256(packed))


@asks(Action.SEE_PUBLIC)
@require_safe
@kept_a_minute
def public(request: HttpRequest) -> HttpResponse:
    """Say to anyone who may look, how often it is done and why."""
    numbers, given = public_numbers(), newest()
    say = words()

    def rows(of: Any, name: Any) -> list[tuple[str, str, str]]:
        return [(name(one.name), counted(say, one.accounts), counted(say, one.looks)) for one in of]

    about = {
        "accounts": counted(say, numbers.accounts),
        "looks": counted(say, numbers.looks),
        "offices": rows(numbers.offices, str),
        "kinds": rows(numbers.kinds, told.purpose),
        "checkpoint": None if given is None else given.text,
        "fingerprint": fingerprint(first_key()),
    }
    return render(request, "looks/public.html", about)


@never_cache
@asks(Action.SEE_PUBLIC)
@require_safe
def checkpoint(request: HttpRequest) -> HttpResponse:  # noqa: ARG001 - Django's
    """Give the newest checkpoint that was given out, for other sites and anyone to keep."""
    given = newest()
    if given is None:
        raise Http404
    return HttpResponse(given.text, content_type="text/plain; charset=utf-8")


@asks(Action.SEE_PUBLIC)
@require_safe
@kept_a_minute
def public_key(request: HttpRequest) -> HttpResponse:  # noqa: ARG001 - Django's
    """Give the key by which the log is known, and its signatures are checked."""
    return HttpResponse(public_pem(first_key()), content_type="application/x-pem-file")


@never_cache
@asks(Action.SEE_PUBLIC)
@require_safe
def renewed_keys(request: HttpRequest) -> HttpResponse:  # noqa: ARG001 - Django's
    """Give the entries by which another key took the place of one before, a line each."""
    text = b"".join(leaf + b"\n" for leaf in renewing_leaves())
    return HttpResponse(text, content_type="text/plain; charset=utf-8")
