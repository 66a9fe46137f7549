"""How a number is written: rounded once, never without its interval and what it is out of."""

from __future__ import annotations

import math
from collections.abc import Mapping
from datetime import datetime
from typing import Any

UNDEFINED = "undefined"


def number(value: Any, digits: int = 3) -> str:
    """Write a number to so many significant digits, and what is not one as ``undefined``.

    Parameters
    ----------
    value : float, int or None
        None, infinities and NaN are undefined.
    digits : int
        Significant digits of a number that is not whole.

    Examples
    --------
    >>> number(12345), number(0.0123456), number(-0.5), number(None), number(1234.5)
    ('12,345', '0.0123', '−0.5', 'undefined', '1,234')
    >>> number(0.00000123)
    '1.23e−06'
    """
    if value is None or isinstance(value, bool):
        return UNDEFINED if value is None else str(value)
    if isinstance(value, int):
        return f"{value:,}".replace("-", "−")
    value = float(value)
    if not math.isfinite(value):
        return UNDEFINED
    if value == 0:
        return "0"
    size = math.floor(math.log10(abs(value)))
    if size < -4:
        return f"{value:.{digits - 1}e}".replace("-", "−")
    text = f"{value:,.{max(digits - 1 - size, 0)}f}"
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return text.replace("-", "−")


def percent(value: Any, digits: int = 3) -> str:
    """Write a share as a percentage.

    >>> percent(0.05), percent(0.1234), percent(None)
    ('5%', '12.3%', 'undefined')
    """
    text = number(None if value is None else 100 * float(value), digits)
    return text if text == UNDEFINED else f"{text}%"


def defined(value: Any) -> bool:
    """Whether a value is a finite number.

    >>> defined(0.0), defined(None), defined(float("nan"))
    (True, False, False)
    """
    return value is not None and math.isfinite(float(value))


def interval(estimate: Mapping[str, Any], share: bool = False) -> str:
    """Write the interval of an estimate, without its level.

    >>> interval({"low": 0.003, "high": 0.021})
    '0.003 to 0.021'
    >>> interval({"low": None, "high": None})
    'undefined'
    """
    write = percent if share else number
    low, high = estimate.get("low"), estimate.get("high")
    if not (defined(low) or defined(high)):
        return UNDEFINED
    return f"{write(low)} to {write(high)}"


def interval_name(estimate: Mapping[str, Any]) -> str:
    """Name the interval by its level.

    >>> interval_name({"level": 0.95})
    '95% interval'
    """
    return f"{percent(estimate.get('level', 0.95))} interval"


def out_of(estimate: Mapping[str, Any]) -> str:
    """Say what an estimate is out of: its count, and its denominator in words.

    >>> out_of({"n": 512, "denominator": "recorded incidents in 16 weeks"})
    '512 recorded incidents in 16 weeks'
    >>> out_of({"n": 512, "denominator": "512 recorded incidents"})
    '512 recorded incidents'
    >>> out_of({"n": 16, "denominator": "cells and periods", "unit": ""})
    '16 cells and periods'
    >>> out_of({"n": 20, "denominator": "simulated runs of 60 rounds in 20 zones"})
    '20 simulated runs of 60 rounds in 20 zones'
    """
    words = str(estimate.get("denominator") or "denominator not stated")
    count = estimate.get("n")
    if count is None or words.partition(" ")[0] in (str(count), number(count)):
        return words
    return f"{number(count)} {words}"


def in_full(estimate: Mapping[str, Any], share: bool = False) -> str:
    """Write an estimate with its interval and denominator.

    >>> held = {"value": 0.5, "low": 0.4, "high": 0.6, "level": 0.95, "n": 90}
    >>> in_full(held | {"denominator": "cells"}, share=True)
    '50% (95% interval 40% to 60%; out of 90 cells)'
    """
    write = percent if share else number
    return (
        f"{write(estimate.get('value'))} ({interval_name(estimate)} {interval(estimate, share)}; "
        f"out of {out_of(estimate)})"
    )


def day(moment: Any) -> str:
    """Write an ISO instant as a day, with the time where it is not midnight; other text as it is.

    >>> day("2025-03-03T00:00:00-05:00"), day("2025-03-03T06:30:00"), day("soon"), day(None)
    ('3 March 2025', '3 March 2025, 06:30', 'soon', 'undefined')
    """
    if moment is None:
        return UNDEFINED
    try:
        when = datetime.fromisoformat(str(moment))
    except ValueError:
        return str(moment)
    words = f"{when.day} {_MONTHS[when.month - 1]} {when.year}"
    return words if (when.hour, when.minute) == (0, 0) else f"{words}, {when:%H:%M}"


def short_day(moment: Any) -> str:
    """Write an ISO instant as short as a chart's axis needs.

    >>> short_day("2025-03-03T00:00:00-05:00"), short_day("soon")
    ('3 Mar 25', 'soon')
    """
    try:
        when = datetime.fromisoformat(str(moment))
    except ValueError:
        return str(moment)
    return f"{when.day} {_MONTHS[when.month - 1][:3]} {when:%y}"


def counted(count: int, noun: str, plural: str = "") -> str:
    """Write a count with its noun.

    >>> counted(1, "cell"), counted(1200, "cell"), counted(2, "category", "categories")
    ('1 cell', '1,200 cells', '2 categories')
    """
    return f"{number(count)} {noun if count == 1 else plural or noun + 's'}"


def listed(items: list[str]) -> str:
    """Join names the way a sentence does.

    >>> listed(["a"]), listed(["a", "b"]), listed(["a", "b", "c"])
    ('a', 'a and b', 'a, b and c')
    """
    return (
        items[0] if len(items) == 1 else f"{', '.join(items[:-1])} and {items[-1]}" if items else ""
    )


_MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip
