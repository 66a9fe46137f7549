"""Looks of a test's site: the size of the log, and one more look."""

from __future__ import annotations

from types import SimpleNamespace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from veedor.web.accounts.models import User
    from veedor.web.projects.models import Project

WORDS = "reviso el registro de este mes"
DIGEST = "ab" * 32


def size() -> int:
    """How many entries the log has, where it holds as many as it says."""
    from veedor.web.looks.models import Entry

    assert Entry.objects.count() == size_now()
    return size_now()


def size_now() -> int:
    """Where the log ends, while others append to it."""
    from veedor.web.looks.models import LogEnd

    return LogEnd.objects.get().size


def look(account: User, project: Project | None = None) -> bool:
    """Look once as an account; whether it could."""
    from veedor.web.looks.looking import looked

    return looked(SimpleNamespace(user=account), "access_log", DIGEST, project)  # type: ignore[arg-type]
