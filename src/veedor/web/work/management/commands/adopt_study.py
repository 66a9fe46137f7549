"""Take a study that was run into a project, as one of its analysts."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from veedor.errors import VeedorError
from veedor.web.accounts.models import User
from veedor.web.projects.models import Project
from veedor.web.work.adopting import adopt


class Command(BaseCommand):
    """Take a study in."""

    def add_arguments(self, parser: CommandParser) -> None:
        """Take a project, an analyst of it, the study's key, its title and its language."""
        for name in ("project", "email", "key", "title", "language"):
            parser.add_argument(name)

    def handle(
        self, *_: Any, project: str, email: str, key: str, title: str, language: str, **__: Any
    ) -> None:
        """Print nothing."""
        user = User.objects.get_by_natural_key(email)
        try:
            adopt(Project.objects.get(key=project), user, key, title, language)
        except VeedorError as error:
            raise CommandError(str(error)) from error
