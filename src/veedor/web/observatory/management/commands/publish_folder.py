"""Publish a folder of results in a project, as one of its analysts; print its key."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from veedor.errors import VeedorError
from veedor.web.accounts.models import User
from veedor.web.observatory.publishing import publish
from veedor.web.projects.models import Project


class Command(BaseCommand):
    """Publish a folder."""

    def add_arguments(self, parser: CommandParser) -> None:
        """Take a project, an analyst of it, the folder and a title."""
        for name in ("project", "email", "folder", "title"):
            parser.add_argument(name)

    def handle(self, *_: Any, project: str, email: str, folder: str, title: str, **__: Any) -> None:
        """Print the key of what was published."""
        user = User.objects.get_by_natural_key(email)
        try:
            place = Project.objects.get(key=project)
            made = publish(place, user, Path(folder), title, by_hand=True)
        except VeedorError as error:
            raise CommandError(str(error)) from error
        self.stdout.write(made.key)
