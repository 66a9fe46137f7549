"""`keeping`: pages that are the same for every visitor, made once a minute, kept by any cache."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar

from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.utils.cache import get_conditional_response, patch_cache_control, patch_vary_headers
from django.utils.translation import get_language

from veedor.web.pages.jinja import COPY

_View = TypeVar("_View", bound=Callable[..., HttpResponse])
#: Seconds: what is due becomes overdue by the clock, so nothing is kept for longer.
SECONDS = 60
#: A longer address is somebody's play: it is answered, and not kept.
_LONGEST = 200


def keeping(state: Callable[[], str]) -> Callable[[_View], _View]:
    """Keep what a view answers to visitors; answer 304 to who has it.

    Who is signed in, or has a session all the same, gets a page of their own, which nobody keeps:
    it may hold a message to them.

    Parameters
    ----------
    state : callable
        Names what the page is made of: where that changes, the page is made anew at once.
    """

    def decorated(view: _View) -> _View:
        @wraps(view)
        def answering(request: HttpRequest, **named: Any) -> HttpResponse:
            address = request.get_full_path()
            if request.user.is_authenticated or settings.SESSION_COOKIE_NAME in request.COOKIES:
                response = view(request, **named)
                patch_cache_control(response, no_store=True)
                return response
            if len(address) > _LONGEST:
                return view(request, **named)
            return _kept(request, address, state(), lambda: view(request, **named))

        return answering  # type: ignore[return-value]

    return decorated


def _kept(
    request: HttpRequest, address: str, state: str, make: Callable[[], HttpResponse]
) -> HttpResponse:
    about = f"{state}\n{get_language()}\n{request.META.get(COPY)}\n{address}"
    key = f"kept:{hashlib.sha256(about.encode()).hexdigest()}"
    found: tuple[bytes, str] | None = cache.get(key)
    if found is None:
        answer = make()
        if answer.status_code != 200:
            return answer
        found = (answer.content, answer.headers["Content-Type"])
        cache.set(key, found, SECONDS)
    body, content_type = found
    response = HttpResponse(body, content_type=content_type)
    etag = f'"{hashlib.sha256(body).hexdigest()[:32]}"'
    response.headers["ETag"] = etag
    patch_cache_control(response, public=True, max_age=SECONDS)
    patch_vary_headers(response, ("Accept-Language", "Cookie"))
    answered = get_conditional_response(request, etag=etag, response=response)
    return response if answered is None else answered


def _alone() -> str:
    return ""


#: Keeps a page that is made of nothing that changes at once.
kept_a_minute = keeping(_alone)
