"""The log keeper's own clock: one place, in UTC, to the microsecond."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import lru_cache

import numpy as np


def now() -> np.datetime64:
    """Return the instant that this machine's clock shows, UTC."""
    return np.datetime64(datetime.now(UTC).replace(tzinfo=None), "us")


@lru_cache(maxsize=4096)
def written(instant: np.datetime64) -> str:
    """Write an instant as a manifest has it.

    >>> written(np.datetime64("2026-11-22T09:30"))
    '2026-11-22T09:30:00.000000Z'
    """
    return f"{np.datetime_as_string(instant, unit='us')}Z"


# Entries of a batch share most of their instants.
@lru_cache(maxsize=4096)
def instant(text: str) -> np.datetime64:
    """Read what `written` wrote.

    Raises
    ------
    ValueError
        If the text is anything else.
    """
    moment = np.datetime64(text[:-1], "us")
    if np.isnat(moment) or written(moment) != text:
        raise ValueError(f"not an instant: {text!r}")
    return moment
