"""How veedor wants allauth to behave: nobody signs up by themselves."""

from __future__ import annotations

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest


class Adapter(DefaultAccountAdapter):
    """Accounts are made by invitation only."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:  # noqa: ARG002 - allauth's
        """Sign-up is closed."""
        return False

    def get_client_ip(self, request: HttpRequest) -> str:
        """Address of who asks, as the server says it."""
        return str(request.META["REMOTE_ADDR"])
