"""Where an account is signed in: its sessions, which it may end."""

from __future__ import annotations

import time
from datetime import UTC, datetime
from typing import NamedTuple

from allauth.account.decorators import reauthentication_required
from django.contrib.auth import HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.models import Session
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.crypto import constant_time_compare, salted_hmac
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from veedor.web.accounts.events import record
from veedor.web.accounts.models import User
from veedor.web.accounts.sessions import BEGAN, BROWSER, IDLE_S, SEEN, WHOLE_S
from veedor.web.projects.asking import asks
from veedor.web.projects.permissions import Action

_OTHERS = "others"


class OwnSession(NamedTuple):
    """A session as its account sees it.

    Parameters
    ----------
    handle : str
        By which it is named in a form; nobody signs in by it.
    key : str
    browser : str
        What it is in, roughly; "" where that was not told.
    began, seen : datetime
    this : bool
        Whether it is the one that asks.
    """

    handle: str
    key: str
    browser: str
    began: datetime
    seen: datetime
    this: bool


def sessions_of(user: User, asking: str | None) -> list[OwnSession]:
    """Find sessions of an account that still open something, the one seen last first."""
    now, found = time.time(), []
    for row in Session.objects.filter(expire_date__gt=timezone.now()).iterator():
        told = row.get_decoded()
        if told.get(SESSION_KEY) != str(user.pk):
            continue
        if not constant_time_compare(told.get(HASH_SESSION_KEY, ""), user.get_session_auth_hash()):
            continue
        began, seen = told.get(BEGAN, now), told.get(SEEN, now)
        if now - seen > IDLE_S or now - began > WHOLE_S:
            continue
        found.append(
            OwnSession(
                handle=_handle(row.session_key),
                key=row.session_key,
                browser=told.get(BROWSER, ""),
                began=datetime.fromtimestamp(began, UTC),
                seen=datetime.fromtimestamp(seen, UTC),
                this=row.session_key == asking,
            )
        )
    return sorted(found, key=lambda one: (not one.this, -one.seen.timestamp()))


def _handle(key: str) -> str:
    return salted_hmac("veedor.own_sessions", key, algorithm="sha256").hexdigest()


@asks(Action.KEEP_OWN_ACCOUNT)
@never_cache
@reauthentication_required(app="allauth.mfa")
@require_http_methods(["GET", "HEAD", "POST"])
def own_sessions(request: HttpRequest) -> HttpResponse:
    """Show where one is signed in, to who showed who they are just now; end one or all others."""
    found = sessions_of(request.user, request.session.session_key)
    if request.method != "POST":
        return render(request, "accounts/sessions.html", {"sessions": found})
    asked = request.POST.get("session", "")
    ended = [one.key for one in found if not one.this and asked in (_OTHERS, one.handle)]
    if ended:
        with transaction.atomic():
            Session.objects.filter(session_key__in=ended).delete()
            record("session_ended", request.user, request.user)
    return redirect("own_sessions")
