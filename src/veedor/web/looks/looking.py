"""`under_purpose`: a view that shows what is not public, and writes down that it did, first."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import wraps
from typing import Any, TypeVar

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode

from veedor.errors import SealError
from veedor.sealing import Look
from veedor.sealing.accesses import IN_FORCE, ThingKind
from veedor.sealing.appending import now
from veedor.sealing.parts import Code
from veedor.web.accounts.models import User
from veedor.web.looks.appending import NotWrittenError, append, written
from veedor.web.looks.models import Purpose
from veedor.web.pages.jinja import words
from veedor.web.pages.unsent import first_to
from veedor.web.projects.models import Project
from veedor.web.projects.permissions import Role, roles_of
from veedor.web.site.keys import pseudonyms

_View = TypeVar("_View", bound=Callable[..., HttpResponseBase])
#: Key of what is of the whole site: the access log.
SITE = "the site"
#: For how long a purpose is in force.
HOURS = timedelta(seconds=int(IN_FORCE.astype("timedelta64[s]").astype(int)))
#: Of a response, the SHA-256 of what it shows, where that is a file.
_DIGEST = "sha256_shown"
_RETRY_S = "30"
#: With 400 a form is shown again, with all that stood around it.
_SHOWING = (200, 206, 400)


class _OverError(Exception):
    """A purpose that is in force no more."""


def require_open(user: User) -> None:
    """Refuse an account that was ended; asked while the log is locked.

    Raises
    ------
    PermissionDenied
    """
    if not User.objects.filter(pk=user.pk, is_active=True).exists():
        raise PermissionDenied


def in_force(user: User, project: Project | None) -> Purpose | None:
    """Return the purpose that an account stated last for a project, if it is in force now."""
    stated = Purpose.objects.filter(
        user=user, project=project, entry__at__gte=datetime.fromisoformat(now()) - HOURS
    )
    return stated.select_related("entry").order_by("-pk").first()


def shown(response: HttpResponseBase, sha256: str) -> HttpResponseBase:
    """Say what file a response shows; needed where it is streamed."""
    setattr(response, _DIGEST, sha256)
    return response


def looked(request: HttpRequest, thing: ThingKind, sha256: str, project: Project | None) -> bool:
    """Write down that an account is about to be shown a thing, before a byte of it is.

    Returns
    -------
    bool
        False, and nothing is written, where it has no purpose in force.

    Raises
    ------
    NotWrittenError
        If the log cannot be written: then nothing may be shown.
    """
    user, keys = request.user, pseudonyms()
    assert isinstance(user, User)  # noqa: S101 - `asks` let it pass
    purpose = in_force(user, project)

    def make(written_at: str, code: Code) -> Look:
        # Asked again now that nobody else writes: an account may have been ended meanwhile.
        require_open(user)
        if purpose is None or datetime.fromisoformat(written_at) > purpose.entry.at + HOURS:
            raise _OverError
        return Look(
            written_at=written_at,
            code=code,
            account=keys.account(str(user.pk)),
            office=user.office.name,
            role=role_in(user, project),
            project=keys.project(SITE if project is None else project.key),
            thing=thing,
            sha256=sha256,
            purpose=purpose.pk,
        )

    try:
        with written():
            append(make)
    except _OverError:
        return False
    return True


def role_in(user: User, project: Project | None) -> str:
    """Name what an account is to a project, or to the site."""
    others = {Role.VISITOR, Role.ACCOUNT}
    return min((one.value for one in roles_of(user, project) - others), default="none")


def under_purpose(thing: ThingKind) -> Callable[[_View], _View]:
    """Let a view show what is not public only under a purpose, and with an entry in the log.

    Stands below ``@asks``. The view of a project's action is held to purposes for that project, any
    other to those for the site. Who has none in force is asked for one, and comes back. What the
    view answers is shown once the entry is committed; where that fails, nothing is. An answer that
    shows nothing (a redirect, an error) is passed on. A view that streams says by `shown` what.
    """

    def decorated(view: _View) -> _View:
        @wraps(view)
        def looking(request: HttpRequest, **named: Any) -> HttpResponseBase:
            project = named.get("project")
            if in_force(request.user, project) is None:
                return _asked_why(request, project)
            response = view(request, **named)
            if response.status_code not in _SHOWING:
                return response
            known = False
            try:
                known = looked(request, thing, _digest(response), project)
            finally:
                if not known:
                    response.close()
            return response if known else _asked_why(request, project)

        return not_written(looking)  # type: ignore[return-value]

    return decorated


def not_written(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """Let a view that writes into the log answer 503, and show nothing, where it cannot."""

    @wraps(view)
    def careful(request: HttpRequest, **named: Any) -> HttpResponseBase:
        try:
            return view(request, **named)
        except NotWrittenError as error:
            return unwritten(request, error.why)

    return careful


def unwritten(request: HttpRequest, why: SealError | None) -> HttpResponse:
    """Say that the log cannot be written, so that nothing is shown or changed."""
    parts = [] if why is None else [words().translated(one) for one in (why.reason, why.remedy)]
    told = render(request, "looks/unwritten.html", {"parts": parts}, status=503)
    told.headers["Retry-After"] = _RETRY_S
    return told


def _digest(response: HttpResponseBase) -> str:
    told = getattr(response, _DIGEST, None)
    if told is None:
        assert isinstance(response, HttpResponse), "say by `shown` what is streamed"  # noqa: S101
        return hashlib.sha256(response.content).hexdigest()
    return str(told)


def purpose_address(project: Project | None, back: str) -> str:
    """Address at which a purpose is stated, and from which one comes back."""
    address = (
        reverse("looks_purpose_site")
        if project is None
        else reverse("looks_purpose", kwargs={"project": project.key})
    )
    return f"{address}?{urlencode({'next': back})}" if back else address


def _asked_why(request: HttpRequest, project: Project | None) -> HttpResponse:
    """Send to where a purpose is stated, and back."""
    back = request.get_full_path() if request.method in ("GET", "HEAD") else ""
    return first_to(request, purpose_address(project, back), why="purpose")
