"""`kept`: pages that are the same for every visitor, made once a minute and kept by any cache."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar

from django.core.cache import cache
from django.db.models import Count, Max
from django.http import HttpRequest, HttpResponse
from django.utils.cache import get_conditional_response, patch_cache_control, patch_vary_headers
from django.utils.translation import get_language

from veedor.web.observatory.models import Publication
from veedor.web.pages.jinja import COPY

_View = TypeVar("_View", bound=Callable[..., HttpResponse])
#: Seconds: what is due becomes overdue by the clock, so nothing is kept for longer.
SECONDS = 60
#: A longer address is somebody's play: it is answered, and not kept.
_LONGEST = 200


def state() -> str:
    """Name what is public now."""
    found = Publication.objects.aggregate(changed=Max("changed_at"), rows=Count("pk"))
    return f"{found['rows']}-{found['changed']}"


def kept(view: _View) -> _View:
    """Keep what a view answers to visitors; answer 304 to who has it.

    Who is signed in gets a page of their own, which is not kept.
    """

    @wraps(view)
    def keeping(request: HttpRequest, **named: Any) -> HttpResponse:
        address = request.get_full_path()
        if request.user.is_authenticated or len(address) > _LONGEST:
            return view(request, **named)
        about = f"{state()}\n{get_language()}\n{request.META.get(COPY)}\n{address}"
        key = f"observatory:{hashlib.sha256(about.encode()).hexdigest()}"
        found: tuple[bytes, str, int] | None = cache.get(key)
        if found is None:
            answer = view(request, **named)
            found = (answer.content, answer.headers["Content-Type"], answer.status_code)
            if answer.status_code != 200:
                return answer
            cache.set(key, found, SECONDS)
        body, content_type, status = found
        response = HttpResponse(body, content_type=content_type, status=status)
        etag = f'"{hashlib.sha256(body).hexdigest()[:32]}"'
        response.headers["ETag"] = etag
        patch_cache_control(response, public=True, max_age=SECONDS)
        patch_vary_headers(response, ("Accept-Language", "Cookie"))
        answered = get_conditional_response(request, etag=etag, response=response)
        return response if answered is None else answered

    return keeping  # type: ignore[return-value]
