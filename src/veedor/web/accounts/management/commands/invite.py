"""Print the link of an invitation that nobody but the machine made."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from veedor.web.accounts.inviting import from_the_machine


class Command(BaseCommand):
    """Invite to a role of the site."""

    def add_arguments(self, parser: CommandParser) -> None:
        """Take an office and a role."""
        parser.add_argument("office")
        parser.add_argument("role")

    def handle(self, *_: Any, office: str, role: str, **__: Any) -> None:
        """Print the link."""
        self.stdout.write(from_the_machine(office, role))
