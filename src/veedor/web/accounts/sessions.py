"""Sessions end: when nothing was asked for a while, after a day's work, and with a factor."""

from __future__ import annotations

import time
from collections.abc import Callable
from functools import wraps
from typing import Any

from allauth.account.internal.flows.login import record_authentication
from django.conf import settings
from django.contrib.auth import logout, update_session_auth_hash
from django.http import HttpRequest, HttpResponse

from veedor.web.accounts.events import record
from veedor.web.accounts.models import User, new_stamp

#: Seconds without a request after which a session ends.
IDLE_S = 30 * 60
#: Seconds from signing in after which it ends however much was asked.
WHOLE_S = settings.SESSION_COOKIE_AGE
#: What a session knows of itself.
BEGAN, SEEN, BROWSER = "began_at", "seen_at", "browser"
#: What a browser says of itself -> what it is called where an account sees its sessions.
_BROWSERS = {
    "Edg/": "Edge",
    "OPR/": "Opera",
    "Firefox/": "Firefox",
    "Chrome/": "Chrome",
    "Safari/": "Safari",
}
_SYSTEMS = {
    "Android": "Android",
    "iPhone": "iOS",
    "iPad": "iOS",
    "Windows": "Windows",
    "Mac OS X": "macOS",
    "Linux": "Linux",
}
#: Of what a browser has of the site, once a session is over; cookies are of visitors too.
_CLEARED = '"cache", "storage"'
#: A session is not written anew for each request.
_GRAIN_S = 60


class Sessions:
    """Ends the session of who was away, or stayed too long.

    Parameters
    ----------
    get_response : callable
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer, as a visitor where the session is over."""
        entered = request.user.is_authenticated
        if entered:
            _end_or_keep(request, time.time())
        response = self.get_response(request)
        if entered and not request.user.is_authenticated:
            response.headers["Clear-Site-Data"] = _CLEARED
        return response


def _end_or_keep(request: HttpRequest, now: float) -> None:
    session = request.session
    began = session.setdefault(BEGAN, now)
    seen = session.setdefault(SEEN, now)
    if BROWSER not in session:
        session[BROWSER] = browser_of(request.headers.get("User-Agent", ""))
    if now - seen > IDLE_S or now - began > WHOLE_S:
        logout(request)
    elif now - seen > _GRAIN_S:
        session[SEEN] = now


def browser_of(told: str) -> str:
    """Name a browser and its system, and nothing that tells more of who uses it.

    >>> browser_of("Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0")
    'Firefox, Linux'
    """
    found = (
        next((name for mark, name in known.items() if mark in told), "")
        for known in (_BROWSERS, _SYSTEMS)
    )
    return ", ".join(filter(None, found))


def factor_changed(request: HttpRequest | None, user: User, **_: Any) -> None:
    """End all sessions of an account whose second factor changed, but for the one that did it."""
    user.stamp = new_stamp()
    user.save(update_fields=["stamp"])
    if request is not None and request.user.is_authenticated and request.user.pk == user.pk:
        request.user.stamp = user.stamp
        update_session_auth_hash(request, request.user)
        # A code of the new factor, or of the old one, was shown just now.
        record_authentication(request, request.user, "mfa", reauthenticated=True)
    record("factor_changed", user, user)


def renewing(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Let a view by which somebody shows again who they are give the session a new key."""

    @wraps(view)
    def renewed(request: HttpRequest, **named: Any) -> HttpResponse:
        response = view(request, **named)
        if request.method == "POST" and response.status_code == 302:
            request.session.cycle_key()
        return response

    return renewed
