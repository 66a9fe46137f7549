"""Clock times and hour bands as they are written in tables, to microseconds of the day."""

from __future__ import annotations

import re

from veedor.incidents.clocks import DAY, HOUR, MINUTE, SECOND

_CLOCK = re.compile(
    r"(\d{1,2})(?:[:.hH](\d{1,2})?)?(?::(\d{2})(?:\.\d+)?)?\s*(?:([AaPp])\.?\s?[Mm]\.?|[Hh][Ss]?\.?)?"
)
_COMPACT = re.compile(r"(\d{1,2})(\d{2})(\d{2})?")
_RANGE = re.compile(
    r"(?:de |from |entre )?(?P<a>\d[^-–—]*?)\s*(?:-|–|—|\ba\b|\bto\b|\by\b|\band\b)\s*(?P<b>\d.*)",
    re.IGNORECASE,
)


def clock(text: str) -> int | None:
    """Return microseconds since midnight of a clock time, or None.

    Examples
    --------
    >>> [clock(text) // 60_000_000 for text in ("18:30", "1830", "6:30 PM", "18h30", "18.30 hs")]
    [1110, 1110, 1110, 1110, 1110]
    >>> clock("25:00") is None
    True
    """
    bare = text.strip()
    found = _COMPACT.fullmatch(bare) if len(bare) > 2 else None
    half = None
    if found is None:
        found = _CLOCK.fullmatch(bare)
        if found is None:
            return None
        half = found[4].lower() if found[4] else None
    hour, minute, second = (int(part or 0) for part in found.groups()[:3])
    if half is not None:
        if not 1 <= hour <= 12:
            return None
        hour = hour % 12 + (12 if half == "p" else 0)
    if hour > 24 or minute > 59 or second > 59 or (hour == 24 and minute + second > 0):
        return None
    return hour * HOUR + minute * MINUTE + second * SECOND


def hour_band(text: str) -> tuple[int, int] | None:
    """Return the start and end of an hour band, microseconds since midnight, or None.

    A single hour lasts one hour; ``18-20`` ends at 20:00; an end at minute 59 means the full hour;
    a band that ends before it starts runs past midnight.

    Examples
    --------
    >>> def hours(text):
    ...     return tuple(edge / 3_600_000_000 for edge in hour_band(text))
    >>> hours("18"), hours("18-20"), hours("18 a 20"), hours("18:00-19:59"), hours("22-2")
    ((18.0, 19.0), (18.0, 20.0), (18.0, 20.0), (18.0, 20.0), (22.0, 26.0))
    >>> hour_band("noche") is None
    True
    """
    bare = re.sub(r"[\[\]()]", "", text).strip()
    if re.fullmatch(r"\d{1,2}\.0+", bare):
        bare = bare.split(".")[0]
    span = _RANGE.fullmatch(bare)
    if span is None:
        start = clock(bare)
        if start is None or start >= DAY:
            return None
        return start, start + HOUR
    start, end = clock(span["a"].strip()), clock(span["b"].strip())
    if start is None or end is None or start >= DAY:
        return None
    if end % HOUR >= 59 * MINUTE:
        end = end - end % HOUR + HOUR
    if end <= start:
        end += DAY
    return start, end
