"""What a forecast file says of its maker, in its metadata: anyone may write anything there."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import numpy as np
import pyarrow as pa

from veedor.errors import ForecastFileError, phrase
from veedor.forecasts.distributions import MOST_DISPERSED
from veedor.tables.escape import shown
from veedor.tables.whole import MOST_NAME, require_short

#: Calendars and texts of instants hold no others.
FIRST, LAST = np.datetime64("1000", "us"), np.datetime64("9999-12-31", "us")


def head_of(table: pa.Table, path: Path) -> dict[str, Any]:
    """Return what the maker of a forecast file says of itself, checked; empty if nothing.

    Raises
    ------
    ForecastFileError
        If it is not JSON of texts, instants, a time zone and numbers that can be.
    """
    try:
        head = json.loads((table.schema.metadata or {}).get(b"veedor", b"{}"))
        ZoneInfo(str(head.get("time_zone", "UTC")))
        for name in ("data_cutoff", "issued_at"):
            if name in head:
                head[name] = _instant(head[name])
        names = [head.get(name, "") for name in ("forecaster", "version")]
        total = head.get("total_dispersion")
        known = total is None or 0.0 <= float(total) <= MOST_DISPERSED
        if not known or not isinstance(head.get("parameters", {}), dict):
            raise ValueError("a total_dispersion or parameters that cannot be")  # noqa: TRY301
        if not all(isinstance(name, str) for name in names):
            raise ValueError("a forecaster or version that is no text")  # noqa: TRY301
        if max(len(name.encode()) for name in names) > MOST_NAME:
            require_short(pa.array(names, pa.string()), path.name)
    except (
        ValueError,
        TypeError,
        AttributeError,
        OSError,
        OverflowError,
        RecursionError,
        ZoneInfoNotFoundError,
    ) as error:
        raise ForecastFileError(
            "What a forecast file says of its maker must be JSON with a time zone and instants.",
            found=shown(str(error), 200),
            where=phrase("{name}, metadata `veedor`", name=path.name),
        ) from error
    return dict(head)


def _instant(written: Any) -> np.datetime64:
    """Return an instant that a file states as text."""
    if not isinstance(written, str):
        raise TypeError("an instant that is no text")
    instant = np.datetime64(written, "us")
    if not FIRST <= instant < LAST:
        raise ValueError("an instant outside of the years 1000 to 9999")
    return instant
