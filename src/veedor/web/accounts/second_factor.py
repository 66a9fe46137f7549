"""No account does anything before it has a second factor."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from allauth.mfa.models import Authenticator
from allauth.mfa.utils import is_mfa_enabled
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

_FACTORS = [Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN]
#: Addresses that an account without one may reach.
OPEN = frozenset({"mfa_activate_totp", "account_logout", "account_reauthenticate", "language"})


class SecondFactor:
    """Sends an account that has none to where it is set up.

    Parameters
    ----------
    get_response : callable
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer."""
        return self.get_response(request)

    def process_view(self, request: HttpRequest, *_: Any) -> HttpResponse | None:
        """Send it, unless it asks for what it needs to set one up."""
        user, match = request.user, request.resolver_match
        if not user.is_authenticated or (match is not None and match.url_name in OPEN):
            return None
        if is_mfa_enabled(user, _FACTORS):
            return None
        return redirect("mfa_activate_totp")
