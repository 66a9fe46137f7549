"""Fill a new site with a project and an account of each role; print them as JSON."""

from __future__ import annotations

from typing import Any

import msgspec
from django.core.management.base import BaseCommand, CommandParser

from veedor.web.site.demo import fill


class Command(BaseCommand):
    """Make a demo of a site."""

    def add_arguments(self, parser: CommandParser) -> None:
        """Take names."""
        parser.add_argument("title")
        parser.add_argument("office")

    def handle(self, *_: Any, title: str, office: str, **__: Any) -> None:
        """Print what was made."""
        self.stdout.write(msgspec.json.encode(fill(title, office)).decode())
