"""Logs: a line of JSON each, by which nobody is known and nothing opens.

What is logged by others holds addresses, names and links in its arguments: only the unfilled
message, where it stands and the kind of an exception are written. A request is logged by its
route, never by its path, which may hold a link's secret.
"""

from __future__ import annotations

import json
import logging
import time
import traceback
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from django.http import HttpRequest, HttpResponse

_LOG = logging.getLogger("veedor.requests")
#: What a line of ours may say besides.
_FIELDS = ("event", "account", "origin", "method", "route", "status", "milliseconds")
#: These say all by their fields.
_WITHOUT_MESSAGE = frozenset({_LOG.name, "veedor.security"})


class Json(logging.Formatter):
    """Writes a record as one line."""

    def format(self, record: logging.LogRecord) -> str:
        """Write when, how grave, who says it, and what, without what was filled in."""
        line: dict[str, Any] = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
        }
        line |= {name: getattr(record, name) for name in _FIELDS if hasattr(record, name)}
        if record.name not in _WITHOUT_MESSAGE:
            line["message"] = _unfilled(record)
        if record.exc_info and record.exc_info[0] is not None:
            line["exception"] = record.exc_info[0].__name__
            line["where"] = [
                f"{Path(one.filename).name}:{one.lineno}"
                for one in traceback.extract_tb(record.exc_info[2])[-8:]
            ]
        return json.dumps(line, ensure_ascii=True)


def _unfilled(record: logging.LogRecord) -> str:
    """Return what is said before anything was filled in; of others only where, if it may be."""
    if record.args or record.name.startswith("veedor."):
        return str(record.msg)
    return f"{record.module}:{record.lineno}"


class Requests:
    """Logs every request by its route.

    Parameters
    ----------
    get_response : callable
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer, and log it."""
        began = time.perf_counter()
        response = self.get_response(request)
        match = getattr(request, "resolver_match", None)
        known = {
            "method": request.method if request.method in _METHODS else "other",
            "route": match.route if match is not None else None,
            "status": response.status_code,
            "milliseconds": round(1000 * (time.perf_counter() - began)),
        }
        _LOG.info("request", extra=known)
        return response


_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})


def logging_settings() -> dict[str, Any]:
    """Return Django's setting: everything to standard error, as JSON."""
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"json": {"()": "veedor.web.site.logs.Json"}},
        "handlers": {"json": {"class": "logging.StreamHandler", "formatter": "json"}},
        "loggers": {
            name: {"handlers": ["json"], "level": level, "propagate": True}
            for name, level in (
                ("veedor.requests", "INFO"),
                ("veedor.security", "INFO"),
                ("veedor.web", "INFO"),
                ("django", "WARNING"),
                ("axes", "ERROR"),
                ("gunicorn.error", "WARNING"),
            )
        },
    }
