"""`kept`: what was published, as pages that are made anew where something is or is withdrawn."""

from __future__ import annotations

from django.db import connection

from veedor.web.observatory.models import Publication
from veedor.web.pages.keeping import keeping

#: Asked for every page: made once, as making it takes longer than the database takes to answer.
_STATE = f"SELECT COUNT(*), MAX(changed_at) FROM {Publication._meta.db_table}"


def state() -> str:
    """Name what is public now."""
    with connection.cursor() as cursor:
        cursor.execute(_STATE)
        rows, changed = cursor.fetchone()
    return f"{rows}-{changed}"


kept = keeping(state)
