"""How a published file is sent: its kind by its name, and a policy that lets it do nothing."""

from __future__ import annotations

import base64
import hashlib
from functools import cache
from urllib.parse import quote

from veedor.report.html import asset

_KINDS = {
    ".csv": "text/csv; charset=utf-8",
    ".geojson": "application/geo+json",
    ".html": "text/html; charset=utf-8",
    ".json": "application/json",
    ".parquet": "application/vnd.apache.parquet",
    ".pem": "application/x-pem-file",
    ".sha256": "text/plain; charset=utf-8",
    ".txt": "text/plain; charset=utf-8",
    ".zip": "application/zip",
}
#: Shown by a browser; all else is saved.
_SHOWN = (".html", ".json", ".sha256", ".txt")
#: Scripts that reports of veedor may carry: they move the map.
_SCRIPTS = ("leaflet.js", "report.js")


def content_type(name: str) -> str:
    """Type of a file, by its name and never by what is in it.

    >>> content_type("files/a.csv"), content_type("files/a.svg")
    ('text/csv; charset=utf-8', 'application/octet-stream')
    """
    return next(
        (kind for end, kind in _KINDS.items() if name.endswith(end)), "application/octet-stream"
    )


def headers(name: str) -> dict[str, str]:
    """Headers of a file: a page is of no origin, runs veedor's own scripts only, sends nothing."""
    shown = name.endswith(_SHOWN)
    last = name.rpartition("/")[2]
    given = {
        "Content-Security-Policy": policy() if name.endswith(".html") else _NOTHING,
        "Cache-Control": "public, max-age=300",
        "Cross-Origin-Resource-Policy": "same-origin",
        "X-Content-Type-Options": "nosniff",
        "X-Frame-Options": "SAMEORIGIN",
    }
    if not shown:
        given["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(last, safe='')}"
    return given


_NOTHING = "sandbox; default-src 'none'; frame-ancestors 'self'"


@cache
def policy() -> str:
    """Policy of a report, published or not: no script but those that veedor itself writes."""
    allowed = " ".join(f"'sha256-{_hash(asset(name))}'" for name in _SCRIPTS)
    return "; ".join(
        (
            "sandbox allow-scripts",
            "default-src 'none'",
            f"script-src {allowed}",
            "style-src 'unsafe-inline'",
            "img-src data:",
            "font-src data:",
            "base-uri 'none'",
            "form-action 'none'",
            "frame-ancestors 'self'",
        )
    )


def _hash(script: str) -> str:
    return base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
