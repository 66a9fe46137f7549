"""What pages fetch: style and scripts, under an address that changes when they do."""

from __future__ import annotations

import hashlib
from functools import cache
from importlib import metadata
from pathlib import Path

FOLDER = Path(__file__).parent / "static"
#: Packages that bring files of their own.
_OTHERS = ("django-allauth", "django-htmx")


@cache
def digest() -> str:
    """Name the state of all files that pages fetch."""
    made = hashlib.sha256(" ".join(map(metadata.version, _OTHERS)).encode())
    for path in sorted(FOLDER.parents[1].rglob("static/**/*")):
        if path.is_file():
            made.update(path.relative_to(FOLDER.parents[1]).as_posix().encode())
            made.update(path.read_bytes())
    return made.hexdigest()[:16]
