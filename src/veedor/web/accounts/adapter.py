"""How veedor wants allauth to behave."""

from __future__ import annotations

import base64
import hashlib
import time
from typing import Any
from urllib.parse import urlsplit

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.internal.flows.login import get_authentication_records
from allauth.core import context
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from allauth.mfa.utils import is_mfa_enabled
from cryptography.fernet import Fernet, MultiFernet
from django.conf import settings
from django.db import transaction
from django.http import HttpRequest
from django.urls import reverse

from veedor.web.accounts.attempts import client_address
from veedor.web.accounts.events import record
from veedor.web.accounts.mail import send
from veedor.web.accounts.models import User
from veedor.web.accounts.words import EVENTS

#: Seconds for which who signed in needs no password again before the first factor is set up.
_JUST_S = 600
#: Of what is kept of a factor: the key of an app, and what recovery codes follow from.
_CLOSED = frozenset({"secret", "seed"})
#: What allauth tells of an account -> the event that is recorded; a factor's are by signals.
_TOLD = {
    "account/email/password_changed": "password_changed",
    "account/email/password_reset": "password_changed",
}


class Adapter(DefaultAccountAdapter):
    """Accounts are made by invitation only, letters are veedor's own."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:  # noqa: ARG002 - allauth's
        """Sign-up is closed."""
        return False

    def get_client_ip(self, request: HttpRequest) -> str:
        """Address of who asks."""
        return client_address(request)

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        """Leave it to axes, which counts by account and address together.

        allauth counts by account alone, by which a stranger could lock anybody out.
        """

    def is_reauthentication_required(self, *, app: str) -> bool:  # noqa: ARG002 - allauth's
        """Ask for the password again, but not of who just signed in to set up a first factor."""
        if is_mfa_enabled(context.request.user):
            return True
        records = get_authentication_records(context.request, context.request.user)
        return all(time.time() - record["at"] > _JUST_S for record in records)

    def get_reauthentication_methods(self, user: User) -> list[dict[str, Any]]:
        """Ask for a code, once there is a second factor: a password that was seen is not enough."""
        if not user.is_authenticated:
            return []
        by = "mfa_reauthenticate" if is_mfa_enabled(user) else "account_reauthenticate"
        return [{"id": by.removeprefix("account_"), "description": "", "url": reverse(by)}]

    def add_message(self, *_: Any, **__: Any) -> None:
        """Say nothing: the page that follows says it."""

    def get_reset_password_from_key_url(self, key: str) -> str:
        """Return the link of a letter: at the site's own address, whatever host was asked for."""
        address = settings.VEEDOR_SITE.settings.site.address
        path = urlsplit(super().get_reset_password_from_key_url(key)).path
        return f"{address.rstrip('/')}{path}"

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Send the one letter that allauth asks for by itself."""
        if template_prefix == "account/email/password_reset_key":
            send(email, "reset", link=context["password_reset_url"])

    def send_notification_mail(self, template_prefix: str, user: User, *_: Any, **__: Any) -> None:
        """Tell an account what was changed, and record it."""
        kind = _TOLD.get(template_prefix, "factor_changed")
        if kind != "factor_changed":
            record(kind, user, user)
        send(user.email, "changed", what=EVENTS[kind])


class FactorAdapter(DefaultMFAAdapter):
    """Secrets of second factors are kept under the site's key."""

    def encrypt(self, text: str) -> str:
        """Close a secret for the database."""
        return _keys().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        """Open a secret of the database."""
        return _keys().decrypt(encrypted_text.encode()).decode()


def _keys() -> MultiFernet:
    """Return what closes secrets, and opens those that a former key closed."""
    secrets = (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)
    keys = (hashlib.sha256(b"second factors" + one.encode()).digest() for one in secrets)
    return MultiFernet([Fernet(base64.urlsafe_b64encode(one)) for one in keys])


@transaction.atomic
def close_again() -> int:
    """Close every secret of second factors under the key of now; return of how many factors."""
    keys, factors = _keys(), list(Authenticator.objects.select_for_update())
    for factor in factors:
        for name in _CLOSED & set(factor.data):
            factor.data[name] = keys.rotate(factor.data[name].encode()).decode()
    Authenticator.objects.bulk_update(factors, ["data"])
    return len(factors)
