"""Signing in as a person does: by the pages, with a password and a code."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from tests.web.made_site import PASSWORD, SECRET

if TYPE_CHECKING:
    from django.http import HttpResponse
    from django.test import Client


def code(secret: str = SECRET, steps: int = 0) -> str:
    """The code that an app shows, now or so many steps of 30 seconds later."""
    from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value

    return format_hotp_value(hotp_value(secret, int(time.time()) // 30 + steps))


def password(client: Client, name: str, given: str = PASSWORD) -> HttpResponse:
    """Send a password for the account of a role."""
    return client.post("/accounts/login/", {"login": f"{name}@example.org", "password": given})


def signed_in(client: Client) -> bool:
    """Whether a browser is signed in."""
    return "_auth_user_id" in client.session
