"""Who tries to sign in, from where; and what who tried too often is told."""

from __future__ import annotations

from ipaddress import IPv6Address, IPv6Network, ip_address
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

#: Bits of an IPv6 address that tell subscribers apart.
_SUBSCRIBER = 64


def name_of(request: HttpRequest, credentials: dict[str, Any] | None = None) -> str:
    """Return the address that an attempt names, as accounts are known by it."""
    given = credentials or request.POST
    named = given.get("email") or given.get("login") or ""
    return str(named).strip().lower()[:254]


def client_address(request: HttpRequest) -> str:
    """Return where a request came from, as the last of one's own proxies saw it.

    Of IPv6 it is the network of 64 bits: one subscriber has all addresses in it, and would be
    somebody else with each attempt.
    """
    proxies = settings.VEEDOR_SITE.settings.site.proxies
    if proxies:
        seen = [part.strip() for part in request.headers.get("X-Forwarded-For", "").split(",")]
        counted = _counted(seen[-proxies]) if len(seen) >= proxies else None
        if counted is not None:
            return counted
    nearest = str(request.META.get("REMOTE_ADDR", ""))
    return _counted(nearest) or nearest


def _counted(address: str) -> str | None:
    """Return as what an address is counted; None for what is none."""
    try:
        found = ip_address(address.partition("%")[0])
    except ValueError:
        return None
    if isinstance(found, IPv6Address):
        if found.ipv4_mapped is not None:
            return str(found.ipv4_mapped)
        return str(IPv6Network((found, _SUBSCRIBER), strict=False).network_address)
    return str(found)


def locked(request: HttpRequest, *_: Any) -> HttpResponse:
    """Say that there were too many attempts, to whoever asks, account or not."""
    from veedor.web.accounts.telling import tell_of_who_is_named

    tell_of_who_is_named("stopped", request, name_of(request))
    response = render(request, "429.html", status=429)
    response.headers["Retry-After"] = str(round(3600 * settings.AXES_COOLOFF_TIME))
    return response
