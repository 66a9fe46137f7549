"""No account does anything before its second factor; another app takes its place in one step."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from allauth.account.decorators import reauthentication_required
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.views import ActivateTOTPView
from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.decorators import method_decorator
from django.views.generic.edit import FormView

from veedor.web.accounts.models import User

_FACTORS = [Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN]
#: Addresses that an account without one may reach.
OPEN = frozenset({"mfa_activate_totp", "account_logout", "account_reauthenticate", "language"})


def has_key(user: User) -> bool:
    """Return whether an account has a security key."""
    return bool(is_mfa_enabled(user, [Authenticator.Type.WEBAUTHN]))


def keys_work() -> bool:
    """Return whether browsers let security keys be used at the site's address.

    They want https and a name; this machine's own name will do without.
    """
    site = settings.VEEDOR_SITE
    return bool(site.secure or site.host == "localhost")


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


class App(ActivateTOTPView):
    """Sets an authenticator app up: the first, or another in its place.

    The old one goes when the new one has shown its code, so that an account is never without.
    """

    @method_decorator(reauthentication_required(app="allauth.mfa"))
    def dispatch(self, request: HttpRequest, *args: Any, **named: Any) -> HttpResponse:
        """Answer who showed who they are just now, whether or not there is an app already."""
        return FormView.dispatch(self, request, *args, **named)

    @transaction.atomic
    def form_valid(self, form: Any) -> HttpResponse:
        """Let the new app take the place of the old."""
        Authenticator.objects.filter(user=self.request.user, type=Authenticator.Type.TOTP).delete()
        return super().form_valid(form)
