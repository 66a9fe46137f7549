"""An estimate in words: its interval, what it is out of, and both with the value."""

from __future__ import annotations

import math

from veedor.report.words.language import Words, noted
from veedor.statistics.estimates import Estimate, TestResult

#: A lower end below such a part of the upper one is 0 to every digit that is written.
_NOTHING = 1e-6
_LEAST_P = 1e-4
CANNOT_TELL = noted("cannot be told")


def defined(value: float | None) -> bool:
    """Whether a value is a finite number.

    >>> defined(0.0), defined(None), defined(float("nan"))
    (True, False, False)
    """
    return value is not None and math.isfinite(value)


def ends(words: Words, low: float | None, high: float | None, share: bool = False) -> str:
    """Say an interval by its ends, without its level.

    >>> from veedor.report.words import words_in
    >>> ends(words_in("en"), 0.003, 0.021), ends(words_in("en"), None, None)
    ('0.003 to 0.021', 'undefined')
    """
    if not (defined(low) or defined(high)):
        return words.number(None)
    write = words.percent if share else words.number
    if low is not None and high is not None and 0.0 < low < _NOTHING * high:
        low = 0.0
    return words.say("{low} to {high}", low=write(low), high=write(high))


def p_value(words: Words, value: float | None) -> str:
    """Write a p-value or a q-value; of one below 0.0001 only that it is.

    >>> from veedor.report.words import words_in
    >>> [p_value(words_in("en"), one) for one in (0.0432, 1e-4, 9.9e-5, 0.0, None)]
    ['0.0432', '0.0001', 'below 0.0001', 'below 0.0001', 'undefined']
    """
    if value is None or not value < _LEAST_P:
        return words.number(value)
    return words.say("below {least}", least=words.number(_LEAST_P))


def interval(words: Words, estimate: Estimate, share: bool = False) -> str:
    """Say the interval of an estimate, without its level."""
    return ends(words, estimate.low, estimate.high, share)


def interval_with_level(words: Words, estimate: Estimate, share: bool = False) -> str:
    """Say an interval, with its level where that is not 95%."""
    text = interval(words, estimate, share)
    if estimate.level == 0.95 or not defined(estimate.low):
        return text
    return f"{text} ({interval_name(words, estimate)})"


def interval_name(words: Words, estimate: Estimate) -> str:
    """Name an interval by its level."""
    return words.say("{level} interval", level=words.percent(estimate.level))


def interval_or_not(words: Words, estimate: Estimate, share: bool = False) -> str:
    """Say an interval; of what has none, whether it is counted or cannot be told."""
    if estimate.low is not None:
        return interval(words, estimate, share)
    if estimate.method.code == "none_counted":
        return words.say("counted")
    return words.say(CANNOT_TELL)


def in_brackets(words: Words, estimate: Estimate, share: bool = False) -> str:
    """Say an interval beside a value, or why it has none.

    >>> from veedor.report.words import words_in
    >>> from veedor.statistics.codes import Denominator, Method
    >>> held = Estimate(0.5, None, None, 0.95, Method("none"), 9, Denominator("periods"))
    >>> in_brackets(words_in("en"), held)
    'interval cannot be told'
    """
    if estimate.low is not None:
        return interval(words, estimate, share)
    if estimate.method.code == "none_counted":
        return words.say("counted")
    return words.say("interval cannot be told")


def out_of(words: Words, estimate: Estimate) -> str:
    """Say what an estimate is out of: how many, and of what.

    >>> from veedor.report.words import words_in
    >>> from veedor.statistics.codes import Denominator, Method
    >>> held = Estimate(0.5, None, None, 0.95, Method("none"), 1200, Denominator("periods"))
    >>> out_of(words_in("en"), held)
    '1,200 periods'
    """
    return f"{words.number(estimate.n)} {words.of(estimate.denominator)}"


def counted(words: Words, test: TestResult) -> str:
    """Say what a test rests on: how many, and of what."""
    return f"{words.number(test.n)} {words.of(test.unit)}"


def in_full(words: Words, estimate: Estimate, share: bool = False) -> str:
    """Say an estimate with its interval and what it is out of.

    >>> from veedor.report.words import words_in
    >>> from veedor.statistics.codes import Denominator, Method
    >>> held = Estimate(0.5, 0.4, 0.6, 0.95, Method("none"), 90, Denominator("periods"))
    >>> in_full(words_in("en"), held, share=True)
    '50% (95% interval 40% to 60%; out of 90 periods)'
    """
    return words.say(
        noted("{value} ({level} interval {interval}; out of {out_of})"),
        value=(words.percent if share else words.number)(estimate.value),
        level=words.percent(estimate.level),
        interval=interval(words, estimate, share),
        out_of=out_of(words, estimate),
    )
