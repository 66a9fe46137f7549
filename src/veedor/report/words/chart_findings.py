"""What a chart shows, in words: read aloud in its place, and beside each of its marks."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

from veedor.report.words.intervals import defined, interval
from veedor.report.words.language import Words, noted
from veedor.statistics.estimates import Estimate

Write = Callable[[float | None], str]
#: How a chart is laid out, written above it.
SORTED = noted("One scale for all, from the largest to the smallest.")
SORTED_WITHIN = noted("One scale for all; within each, from the largest to the smallest.")
BEYOND = noted("An arrow marks what lies beyond the axis.")
#: Where a line of no concentration stands.
EVENLY = noted("spread evenly")


class OfCurves(NamedTuple):
    """Templates of what a drawing of curves of concentration says.

    Parameters
    ----------
    title : str
    half : str
        Of one curve: its ``{name}``, and the ``{share}`` of the holders that hold half.
    half_of_all : str
        Of all, with their ``{extremes}``.
    holders, held : str
        What the axes are.
    """

    title: str
    half: str
    half_of_all: str
    holders: str
    held: str


def named(words: Words, name: str, estimate: Estimate, share: bool = False) -> str:
    """Say a figure by its name, with its interval where it has one.

    >>> from veedor.report.words import words_in
    >>> from veedor.statistics.codes import Denominator, Method
    >>> held = Estimate(0.5, 0.4, 0.6, 0.95, Method("none"), 90, Denominator("periods"))
    >>> named(words_in("en"), "Kernel", held), named(words_in("en"), "Kernel", held, share=True)
    ('Kernel: 0.5 (0.4 to 0.6)', 'Kernel: 50% (40% to 60%)')
    """
    value = (words.percent if share else words.number)(estimate.value)
    if not defined(estimate.low) and not defined(estimate.high):
        return words.say("{name}: {value}", name=name, value=value)
    return words.say(
        "{name}: {value} ({interval})",
        name=name,
        value=value,
        interval=interval(words, estimate, share),
    )


def extremes(words: Words, values: Sequence[tuple[str, float | None]], write: Write) -> str:
    """Say which of several values is the highest and which the lowest.

    >>> from veedor.report.words import words_in
    >>> en = words_in("en")
    >>> extremes(en, [("A", 2.0), ("B", 3.5), ("C", None)], en.number)
    'Highest: B, 3.5. Lowest: A, 2. Undefined: 1 of 3.'
    >>> extremes(en, [("A", 2.0), ("B", 2.0)], en.number), extremes(en, [("A", 2.0)], en.number)
    ('All 2 are the same: 2.', 'A: 2.')
    >>> extremes(en, [("A", None)], en.number)
    'Every value is undefined.'
    """
    known = [(name, value) for name, value in values if value is not None and defined(value)]
    if not known:
        return words.say("Every value is undefined.")
    highest, lowest = max(known, key=lambda one: one[1]), min(known, key=lambda one: one[1])
    if len(known) == 1:
        said = words.say("{name}: {value}.", name=highest[0], value=write(highest[1]))
    elif highest[1] == lowest[1]:
        said = words.say("All {n} are the same: {value}.", n=len(known), value=write(highest[1]))
    else:
        said = words.say(
            "Highest: {high_name}, {high}. Lowest: {low_name}, {low}.",
            high_name=highest[0],
            high=write(highest[1]),
            low_name=lowest[0],
            low=write(lowest[1]),
        )
    if len(known) < len(values):
        missing = len(values) - len(known)
        more = words.say("Undefined: {n} of {of}.", n=missing, of=len(values))
        return f"{said} {more}"
    return said


def beside_line(words: Words, estimates: Sequence[Estimate], at: float) -> str:
    """Say how many intervals lie above a line of no difference, below it, and across it.

    >>> from veedor.report.words import words_in
    >>> from veedor.statistics.codes import Denominator, Method
    >>> made = [
    ...     Estimate((low + high) / 2, low, high, 0.95, Method("none"), 9, Denominator("periods"))
    ...     for low, high in ((0.1, 0.3), (-0.1, 0.2), (-0.3, -0.1))
    ... ]
    >>> beside_line(words_in("en"), made, 0.0)
    'Of 3 intervals, above 0: 1; below 0: 1; across 0: 1.'
    >>> beside_line(words_in("en"), made[:1], 0.0)
    'Of 1 interval, above 0: 1; below 0: 0; across 0: 0.'
    >>> beside_line(words_in("en"), [], 0.0)
    'No interval is drawn.'
    """
    ends = [(one.low, one.high) for one in estimates]
    known = [(low, high) for low, high in ends if low is not None and high is not None]
    if not known:
        return words.say("No interval is drawn.")
    above = sum(low > at for low, _ in known)
    below = sum(high < at for _, high in known)
    return words.many(
        len(known),
        "Of {n} interval, above {at}: {above}; below {at}: {below}; across {at}: {across}.",
        "Of {n} intervals, above {at}: {above}; below {at}: {below}; across {at}: {across}.",
        at=words.number(at),
        above=above,
        below=below,
        across=len(known) - above - below,
    )


def course(
    words: Words, name: str, at: Sequence[str], values: Sequence[float | None], write: Write
) -> str:
    """Say where a line begins and ends, and where it is highest and lowest.

    >>> from veedor.report.words import words_in
    >>> en = words_in("en")
    >>> course(en, "Kernel", ["May", "June", "July"], [2.0, 5.0, 3.0], en.number)
    'Kernel: from 2 (May) to 3 (July); highest 5 (June), lowest 2 (May).'
    >>> course(en, "Kernel", ["May"], [None], en.number)
    'Kernel: undefined throughout.'
    """
    known = [
        (value, when)
        for when, value in zip(at, values, strict=False)
        if value is not None and defined(value)
    ]
    if not known:
        return words.say("{name}: undefined throughout.", name=name)
    (first, begin), (last, end) = known[0], known[-1]
    (high, high_at), (low, low_at) = max(known, key=_value), min(known, key=_value)
    return words.say(
        "{name}: from {first} ({begin}) to {last} ({end}); highest {high} ({high_at}), lowest "
        "{low} ({low_at}).",
        name=name,
        first=write(first),
        begin=begin,
        last=write(last),
        end=end,
        high=write(high),
        high_at=high_at,
        low=write(low),
        low_at=low_at,
    )


def at_once(
    words: Words, when: str, values: Sequence[tuple[str, float | None]], write: Write
) -> str:
    """Say all values of a period.

    >>> from veedor.report.words import words_in
    >>> en = words_in("en")
    >>> at_once(en, "3 Mar 25", [("Kernel", 1.5), ("Own", None)], en.number)
    '3 Mar 25: Kernel 1.5 and Own undefined'
    """
    each = [words.say("{name} {value}", name=name, value=write(value)) for name, value in values]
    return words.say("{when}: {values}", when=when, values=words.listed(each))


def _value(one: tuple[float, str]) -> float:
    return one[0]
