"""Put a pack into a project; print its address on the site."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.urls import reverse

from veedor.errors import VeedorError
from veedor.web.accounts.models import User
from veedor.web.projects.models import Project
from veedor.web.reading.putting_in import put_in


class Command(BaseCommand):
    """Put a pack in."""

    def add_arguments(self, parser: CommandParser) -> None:
        """Take a project, a folder, a title, and who reads."""
        parser.add_argument("project", help="Key of the project, as in its address.")
        parser.add_argument("folder", type=Path, help="As `veedor reading pack` wrote it.")
        parser.add_argument("title")
        parser.add_argument("reader", nargs="*", help="E-mail addresses: reader 1, 2 and so on.")

    def handle(self, *_: Any, **given: Any) -> None:
        """Print where it is."""
        project = Project.objects.filter(key=given["project"]).first()
        accounts = [User.objects.filter(email__iexact=one).first() for one in given["reader"]]
        if project is None or None in accounts:
            raise CommandError("There is no such project, or no account of an address.")
        readers = {n: one for n, one in enumerate(accounts, start=1) if one is not None}
        try:
            pack = put_in(project, given["folder"], given["title"], readers)
        except VeedorError as error:
            raise CommandError(str(error)) from error
        address = reverse("pack", kwargs={"project": project.key, "pack": pack.key})
        self.stdout.write(address)
