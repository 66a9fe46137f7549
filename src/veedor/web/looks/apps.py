"""The app: what becomes of accounts is written into the log as it happens."""

from __future__ import annotations

from django.apps import AppConfig


class Looks(AppConfig):
    """Purposes and looks."""

    name = "veedor.web.looks"
    label = "looks"

    def ready(self) -> None:
        """Listen to accounts."""
        from veedor.web.looks import listening

        listening.connect()
