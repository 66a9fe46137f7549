"""How an estimate is written: never without its interval and what it is out of."""

from __future__ import annotations

import math

from veedor.report.words import Words
from veedor.statistics.codes import Coded
from veedor.statistics.estimates import Estimate


def defined(value: float | None) -> bool:
    """Whether a value is a finite number.

    >>> defined(0.0), defined(None), defined(float("nan"))
    (True, False, False)
    """
    return value is not None and math.isfinite(value)


def bounds(words: Words, low: float | None, high: float | None, *, share: bool = False) -> str:
    """Write both ends of an interval."""
    if not (defined(low) or defined(high)):
        return words.say("undefined")
    write = words.percent if share else words.number
    return words.say("{low} to {high}", low=write(low), high=write(high))


def interval(words: Words, estimate: Estimate, *, share: bool = False) -> str:
    """Write the interval of an estimate, with its level where that is not 95%."""
    text = bounds(words, estimate.low, estimate.high, share=share)
    if estimate.level == 0.95 or not defined(estimate.low):
        return text
    return f"{text} ({interval_name(words, estimate)})"


def interval_name(words: Words, estimate: Estimate) -> str:
    """Name the interval by its level."""
    return words.say("{level} interval", level=words.percent(estimate.level))


def out_of(words: Words, estimate: Estimate) -> str:
    """Say what an estimate is out of: its count, and what was counted."""
    return words.say("{n} {what}", n=estimate.n, what=said(words, estimate.denominator))


def in_full(words: Words, estimate: Estimate, *, share: bool = False) -> str:
    """Write an estimate with its interval and denominator."""
    write = words.percent if share else words.number
    return words.say(
        "{value} ({name} {interval}; out of {of})",
        value=write(estimate.value),
        name=interval_name(words, estimate),
        interval=bounds(words, estimate.low, estimate.high, share=share),
        of=out_of(words, estimate),
    )


def said(words: Words, coded: Coded | str) -> str:
    """Say a code; what has none yet is in words already."""
    return coded if isinstance(coded, str) else words.of(coded)
