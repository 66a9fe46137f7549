"""The app: a link to a calendar ends with what its account may see."""

from __future__ import annotations

from django.apps import AppConfig


class Disclosure(AppConfig):
    """Records, requests and deadlines."""

    name = "veedor.web.disclosure"
    label = "disclosure"

    def ready(self) -> None:
        """Listen to accounts and memberships."""
        from veedor.web.disclosure import feeds

        feeds.connect()
