"""Close every secret of second factors under the key of now; print of how many factors."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from veedor.web.accounts.adapter import close_again


class Command(BaseCommand):
    """Close secrets again."""

    def handle(self, *_: Any, **__: Any) -> None:
        """Print how many."""
        self.stdout.write(str(close_again()))
