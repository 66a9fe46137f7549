"""Put the database of an unpacked backup into a site; print what is there again, as JSON."""

from __future__ import annotations

from typing import Any

import msgspec
from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser
from django.db import DatabaseError, InterfaceError

from veedor.errors import StudyError, VeedorError
from veedor.web.backups.archive import Snapshot
from veedor.web.backups.restoring import restore_database
from veedor.web.work.packed import packed_error


class Command(BaseCommand):
    """Restore a database."""

    requires_system_checks: list[str] = []  # noqa: RUF012 - Django's

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the file that says what the snapshot is."""
        parser.add_argument("snapshot")

    def handle(self, *_: Any, snapshot: str, **__: Any) -> None:
        """Print what was restored, or the error that kept it from being."""
        with open(snapshot, "rb") as stream:  # noqa: PTH123 - a path of ours
            told = msgspec.json.decode(stream.read(), type=Snapshot)
        try:
            done: dict[str, object] = {
                "restored": restore_database(settings.VEEDOR_SITE.folder, told)
            }
        except VeedorError as error:
            done = {"error": packed_error(error)}
        except (DatabaseError, InterfaceError) as error:
            wrong = StudyError(
                "The database must take what the backup holds.",
                found=str(error).strip().split("\n")[0],
            )
            done = {"error": packed_error(wrong)}
        self.stdout.write(msgspec.json.encode(done).decode())
