"""Who tries to sign in, from where; and what who tried too often is told."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render


def name_of(request: HttpRequest, credentials: dict[str, Any] | None = None) -> str:
    """Return the address that an attempt names, as accounts are known by it."""
    given = credentials or request.POST
    named = given.get("email") or given.get("login") or ""
    return str(named).strip().lower()[:254]


def client_address(request: HttpRequest) -> str:
    """Return where a request came from, as the last of one's own proxies saw it."""
    proxies = settings.VEEDOR_SITE.settings.site.proxies
    if proxies:
        seen = [part.strip() for part in request.headers.get("X-Forwarded-For", "").split(",")]
        if len(seen) >= proxies and seen[-proxies]:
            return seen[-proxies]
    return str(request.META.get("REMOTE_ADDR", ""))


def locked(request: HttpRequest, *_: Any) -> HttpResponse:
    """Say that there were too many attempts, to whoever asks, account or not."""
    return render(request, "429.html", status=429)
