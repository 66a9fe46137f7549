"""`require_sound`: what must hold of the database before a site is served."""

from __future__ import annotations

from django.db import connection

from veedor.errors import SealError
from veedor.web.looks.given_out import require_not_older
from veedor.web.looks.guards import missing
from veedor.web.looks.models import LogEnd


def require_sound() -> None:
    """Refuse a database that is older than a checkpoint, or no longer guards what it keeps.

    Raises
    ------
    SealError
        Says which it is, and what to do.
    """
    absent = missing(connection)
    if absent:
        raise SealError(
            "The database must refuse to change the access log and what readers answered.",
            found=", ".join(absent),
            remedy="find out who took these triggers away, and hold the log against a checkpoint: "
            "export it, and `veedor log verify log --since CHECKPOINT`; then restore the database",
        )
    require_not_older(LogEnd.objects.get())
