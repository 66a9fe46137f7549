"""What whoever keeps the machine must see, a line of the log each: sign-ins, refusals, tries.

Who is told by the key that the access log knows an account by, and from where by one that is made
anew every day; neither leads back without the site's own keys. No name, address or secret is told.
"""

from __future__ import annotations

import logging
from typing import Any, Literal

from django.contrib.auth.signals import user_logged_in, user_logged_out, user_login_failed
from django.http import HttpRequest
from django.utils import timezone
from django.utils.crypto import salted_hmac

from veedor.web.accounts.attempts import client_address, name_of
from veedor.web.accounts.models import User
from veedor.web.site.keys import pseudonyms

_LOG = logging.getLogger("veedor.security")
#: Characters of the key that stands for where a request came from.
_ORIGIN = 16

SecurityEvent = Literal[
    "signed_in",
    "signed_out",
    "password_failed",
    "code_failed",
    "stopped",
    "refused",
    "forged",
    "link_refused",
    "limited",
    "crowded",
    "upload_refused",
]


def tell(
    event: SecurityEvent, request: HttpRequest | None = None, account: int | None = None
) -> None:
    """Write a line of what happened, to which account, by which route, and from where.

    Parameters
    ----------
    event : str
    request : HttpRequest, optional
        That it happened in.
    account : int, optional
        Key of the account in the database, where it is known.
    """
    match = getattr(request, "resolver_match", None)
    told = {
        "event": event,
        "account": None if account is None else pseudonyms().account(str(account)),
        "route": None if match is None else match.route,
        "origin": None if request is None else _origin(client_address(request)),
    }
    _LOG.info("security", extra=told)


def tell_of_who_asks(event: SecurityEvent, request: HttpRequest) -> None:
    """Write a line of what who is signed in, or nobody, tried."""
    user = getattr(request, "user", None)
    tell(event, request, user.pk if user is not None and user.is_authenticated else None)


def tell_of_who_is_named(event: SecurityEvent, request: HttpRequest, email: str) -> None:
    """Write a line of what was tried with an address; the account's key only if there is one."""
    tell(event, request, User.objects.filter(email=email).values_list("pk", flat=True).first())


def _origin(address: str) -> str:
    key = salted_hmac("veedor.origin", f"{timezone.now().date()} {address}", algorithm="sha256")
    return key.hexdigest()[:_ORIGIN]


def listen() -> None:
    """Listen to sign-ins, and those that fail."""
    for signal, heard in (
        (user_logged_in, _signed_in),
        (user_logged_out, _signed_out),
        (user_login_failed, _failed),
    ):
        signal.connect(heard, dispatch_uid=f"telling {heard.__name__}")


def _signed_in(request: HttpRequest | None, user: User, **_: Any) -> None:
    tell("signed_in", request, user.pk)


def _signed_out(request: HttpRequest | None, user: User | None, **_: Any) -> None:
    if user is not None:
        tell("signed_out", request, user.pk)


def _failed(credentials: dict[str, Any], request: HttpRequest | None = None, **_: Any) -> None:
    if request is not None:
        tell_of_who_is_named("password_failed", request, name_of(request, credentials))
