"""`DatabaseWrapper`: opening a database in WAL takes longer than most requests, so it is kept open.

What is kept open could outlive its file: a connection to one that was moved away, removed or
replaced would go on to read and write what nobody finds again. Before each request it is asked
whether the file that is open still is the one in its place.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from django.db.backends.sqlite3 import base


class DatabaseWrapper(base.DatabaseWrapper):
    """A connection that is of no use once its file is not in its place."""

    _opened: os.stat_result | None = None

    def get_new_connection(self, conn_params: dict[str, Any]) -> Any:
        """Open the file, and remember which it was."""
        connection = super().get_new_connection(conn_params)
        self._opened = _there(conn_params["database"])
        return connection

    def is_usable(self) -> bool:
        """Whether the file that is open is the one in its place; asked by health checks."""
        there = _there(self.settings_dict["NAME"])
        return (
            self._opened is not None
            and there is not None
            and os.path.samestat(self._opened, there)
            and super().is_usable()
        )


def _there(name: str) -> os.stat_result | None:
    try:
        return Path(name).stat()
    except FileNotFoundError:
        return None
