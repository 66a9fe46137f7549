"""Give the access log another key; print its fingerprint."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from veedor.web.looks.renewing import renew


class Command(BaseCommand):
    """Renew the key of the log."""

    def handle(self, *_: Any, **__: Any) -> None:
        """Print the fingerprint."""
        self.stdout.write(renew())
