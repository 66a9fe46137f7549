"""The server: gunicorn, in this process and those that it starts."""

from __future__ import annotations

from typing import Any

from django.db import connections
from gunicorn.app.base import BaseApplication

# Made here, these are shared by what is started here.
from veedor.web.accounts import turns  # noqa: F401
from veedor.web.site import rates  # noqa: F401

#: Requests that one process answers at a time.
_THREADS = 4


class _Server(BaseApplication):
    """Gunicorn with settings of ours, and none from the command line or the environment."""

    def __init__(self, settings: dict[str, Any]) -> None:
        self._given = settings
        super().__init__()

    def load_config(self) -> None:
        """Take our settings."""
        for name, value in self._given.items():
            self.cfg.set(name, value)

    def load(self) -> Any:
        """Return what answers."""
        from veedor.web.site.wsgi import application

        return application


def serve(bind: str, processes: int) -> None:
    """Serve the site that is open until the process is told to end.

    Parameters
    ----------
    bind : str
        ``address:port``.
    processes : int
    """
    # A copy of this process must not have its connection: of SQLite it would believe to hold locks
    # that only this one holds, and whoever comes once this one is gone would find nobody there.
    connections.close_all()
    _Server(
        {
            "bind": bind,
            "workers": processes,
            "worker_class": "gthread",
            "threads": _THREADS,
            "preload_app": False,
            "accesslog": None,
            "errorlog": "-",
            "loglevel": "warning",
            "timeout": 60,
            "graceful_timeout": 20,
            "max_requests": 20_000,
            "max_requests_jitter": 2_000,
            "limit_request_line": 4_094,
            "forwarded_allow_ips": "127.0.0.1,::1",
        }
    ).run()
