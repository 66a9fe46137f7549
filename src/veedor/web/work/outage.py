"""`Outage`: whether the database, or room on the disk, is gone; what that is worth in patience."""

from __future__ import annotations

import logging
import time

from django.db import connection

log = logging.getLogger(__name__)


class Outage:
    """Knows when a worker last could write, and says once that it cannot, and once that it can.

    Nobody could say a word while the database was gone: others are allowed for that long, and for
    a while after it, before their jobs are taken.

    Parameters
    ----------
    allowed_s : float
        For how long after an outage it is allowed for.
    """

    def __init__(self, allowed_s: float) -> None:
        self._allowed_s = allowed_s
        self._wrote_at = time.monotonic()
        self._failed_at: float | None = None
        self._away, self._until = 0.0, 0.0

    def failed(self, what: str, error: Exception) -> None:
        """Hear that something could not be read or written; the connection is made anew.

        Parameters
        ----------
        what : str
            What is logged, with a ``%s`` for the kind of error.
        error : Exception
        """
        if self._failed_at is None:
            log.warning(what, type(error).__name__)
            self._failed_at = time.monotonic()
        connection.close()

    def over(self) -> None:
        """Hear that something was written."""
        now = time.monotonic()
        if self._failed_at is not None:
            self._away, self._until = now - self._wrote_at, now + self._allowed_s
            log.warning("what failed is done again, after %.0f s", now - self._failed_at)
        self._failed_at, self._wrote_at = None, now

    def patience(self) -> float:
        """How much longer than else another worker may be silent."""
        now = time.monotonic()
        if self._failed_at is not None:
            return now - self._wrote_at
        return self._away if now < self._until else 0.0
