"""The app of accounts: what happens when a second factor changes, or signs in, is wired here."""

from __future__ import annotations

from django.apps import AppConfig


class Accounts(AppConfig):
    """Accounts."""

    name = "veedor.web.accounts"

    def ready(self) -> None:
        """Listen for changes of second factors, and for sign-ins."""
        from allauth.mfa import signals

        from veedor.web.accounts import telling
        from veedor.web.accounts.sessions import factor_changed

        telling.listen()

        for signal in (
            signals.authenticator_added,
            signals.authenticator_removed,
            signals.authenticator_reset,
        ):
            signal.connect(factor_changed, dispatch_uid="veedor.factor_changed")
