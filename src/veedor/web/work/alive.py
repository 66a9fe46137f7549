"""Whether a worker is there: each touches a file with every look at the queue and every beat."""

from __future__ import annotations

import time
from contextlib import suppress
from pathlib import Path

from django.conf import settings


def _sign() -> Path:
    return Path(settings.VEEDOR_SITE.work, ".worker")


def tell_alive() -> None:
    """Say that a worker is there; where the disk is full, no more than was said before."""
    with suppress(OSError):
        _sign().touch(mode=0o600)


def is_alive() -> bool:
    """Whether a worker was heard of as lately as one that has a job must be."""
    try:
        said = _sign().stat().st_mtime
    except FileNotFoundError:
        return False
    late: float = settings.VEEDOR_SITE.settings.work.abandoned_after_s
    return time.time() - said < late
