"""How much anyone may ask for in a minute: a visitor by their address, an account by itself."""

from __future__ import annotations

import math
from collections.abc import Callable
from http import HTTPStatus
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from veedor.web.accounts.attempts import client_address
from veedor.web.accounts.telling import tell_of_who_asks
from veedor.web.accounts.turns import CrowdedError
from veedor.web.observatory.api import problem
from veedor.web.pages.jinja import COPY
from veedor.web.site.rates import RATES

#: Names of addresses that are counted apart: single files, and what is made anew for who asks.
_FILES = frozenset({"public_file", "job_report", "job_file", "record_file"})
_EXPORTS = frozenset({"looks_export", "pack_export"})
_API = "/api/"
_RETRY = "Retry-After"
_COUNTED = "counted"
#: What others refuse for having been asked too often is open again after so long.
_OTHERS_S = 60
#: Whoever could not be heard for what others tried may ask again so soon.
_CROWDED_S = 5


class Limits:
    """Answers 429 to who asks for more in a minute than ``site.toml`` allows.

    And 503 to who gives a password while more are tried by all than can be hashed.

    Parameters
    ----------
    get_response : callable
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer; what was answered without a view is a page."""
        response = self.get_response(request)
        if not hasattr(request, _COUNTED):
            response = _refused(request, "pages") or response
        if response.status_code == HTTPStatus.TOO_MANY_REQUESTS:
            response.headers.setdefault(_RETRY, str(_OTHERS_S))
            tell_of_who_asks("limited", request)
        return response

    def process_view(self, request: HttpRequest, *_: Any) -> HttpResponse | None:
        """Count what is asked, by its kind."""
        setattr(request, _COUNTED, True)
        return _refused(request, _kind(request))

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """Answer who could not be heard."""
        if not isinstance(error, CrowdedError):
            return None
        tell_of_who_asks("crowded", request)
        told = {"seconds": _CROWDED_S}
        response = render(
            request, "pages/crowded.html", told, status=HTTPStatus.SERVICE_UNAVAILABLE
        )
        response.headers[_RETRY] = str(_CROWDED_S)
        response.headers["Cache-Control"] = "no-store"
        return response


def _kind(request: HttpRequest) -> str:
    name = request.resolver_match.url_name
    if name in _FILES:
        return "files"
    if name in _EXPORTS:
        return "exports"
    return "api" if request.path_info.startswith(_API) else "pages"


def _refused(request: HttpRequest, kind: str) -> HttpResponse | None:
    site = settings.VEEDOR_SITE
    a_minute = getattr(site.settings.limits, kind)
    if not a_minute or request.META.get(COPY):
        return None
    user = request.user
    who = f"account {user.pk}" if user.is_authenticated else client_address(request)
    wait = RATES.wait(f"{site.folder}\n{kind}\n{who}", a_minute)
    if not wait:
        return None
    seconds = math.ceil(wait)
    if request.path_info.startswith(_API):
        told = f"More was asked than is answered in a minute. Ask again in {seconds} s."
        response = problem(HTTPStatus.TOO_MANY_REQUESTS, told)
    else:
        status = HTTPStatus.TOO_MANY_REQUESTS
        response = render(request, "pages/limited.html", {"seconds": seconds}, status=status)
    response.headers[_RETRY] = str(seconds)
    response.headers["Cache-Control"] = "no-store"
    return response
