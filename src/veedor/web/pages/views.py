"""Home, the choice of a language, and what is shown when something is wrong."""

from __future__ import annotations

import sys
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.template.loader import get_template
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST, require_safe

from veedor.languages import languages
from veedor.web.accounts.telling import tell_of_who_asks
from veedor.web.pages.jinja import of_request
from veedor.web.pages.keeping import kept_a_minute
from veedor.web.pages.unsent import unsent
from veedor.web.projects.asking import asks
from veedor.web.projects.models import Project
from veedor.web.projects.permissions import Action, may
from veedor.web.site.gone import comes_back

_RETRY_S = "30"


@asks(Action.SEE_PUBLIC)
@require_safe
@kept_a_minute
def home(request: HttpRequest) -> HttpResponse:
    """Show what the site is and, to who is signed in, where to go on."""
    every = list(Project.objects.all())
    shown = {
        "projects": [one for one in every if may(request.user, Action.SEE_PROJECT, one)],
        "judging": [one for one in every if may(request.user, Action.JUDGE, one)],
    }
    return render(request, "pages/home.html", shown)


@asks(Action.SEE_PUBLIC)
@csrf_exempt  # forged, it changes a language; with a token, no public page could be kept by a cache
@require_POST
def language(request: HttpRequest) -> HttpResponse:
    """Answer in another language from now on, and go back to where this was asked."""
    response = HttpResponseRedirect(local(request, request.POST.get("next", "")))
    chosen = request.POST.get("language", "")
    if chosen in languages():
        response.set_cookie(
            settings.LANGUAGE_COOKIE_NAME,
            chosen,
            max_age=settings.LANGUAGE_COOKIE_AGE,
            secure=settings.LANGUAGE_COOKIE_SECURE,
            httponly=settings.LANGUAGE_COOKIE_HTTPONLY,
            samesite=settings.LANGUAGE_COOKIE_SAMESITE,
        )
    return response


def local(request: HttpRequest, address: str) -> str:
    """Return an address of this site as it is; home for any other."""
    safe = url_has_allowed_host_and_scheme(
        address, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return address if safe else "/"


def wrong(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:  # noqa: ARG001
    """Say that a request was not understood."""
    return render(request, "pages/400.html", status=400)


def refused(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:  # noqa: ARG001
    """Say that an account may not do this."""
    tell_of_who_asks("refused", request)
    return render(request, "pages/403.html", {"forged": False, "texts": []}, status=403)


def forged(request: HttpRequest, reason: str = "") -> HttpResponse:  # noqa: ARG001
    """Say that a form did not come from a page of this site, or from one too old."""
    tell_of_who_asks("forged", request)
    return render(request, "pages/403.html", {"forged": True, "texts": unsent(request)}, status=403)


def absent(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:  # noqa: ARG001
    """Say that there is nothing here; the same for what one may not know of."""
    return render(request, "pages/404.html", status=404)


def broken(request: HttpRequest) -> HttpResponse:
    """Say that veedor is at fault; or with 503, that the database or room on the disk is gone."""
    if not comes_back(sys.exc_info()[1]):
        return _alone(request, "pages/500.html", 500)
    answer = _alone(request, "pages/503.html", 503)
    answer.headers["Retry-After"] = _RETRY_S
    return answer


def _alone(request: HttpRequest, template: str, status: int) -> HttpResponse:
    """Show a page for which nothing of the session or the database is asked."""
    known: dict[str, Any] = of_request(request) | {"request": request, "messages": ()}
    page = get_template(template).render(known)
    return HttpResponse(page, status=status, headers={"Cache-Control": "no-store"})
