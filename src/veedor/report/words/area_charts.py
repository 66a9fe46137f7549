"""What the drawings of a page on patterns of area counts say."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from veedor.arrays import Floats
from veedor.patterns.areas import AreaRate, AreaSeries, AreaShift, OffenceRates
from veedor.report.words.intervals import ends
from veedor.report.words.language import Words, noted

NO_RATE = noted("no rate")
PERSON_YEARS = noted("people times years")
RATE = noted("recorded per 100,000 people a year")
FUNNEL = noted("Funnel of {offence}")
SERIES = noted("Courses of {offence}")
ALL_AREAS = noted("all areas together")
#: Where an area lies, by its position in a funnel.
POSITIONS = {
    "above": noted("above the 99.8% limits"),
    "below": noted("below the 99.8% limits"),
    "inside": noted("inside the limits"),
}


def area_name(words: Words, names: Mapping[str, str], code: str | None) -> str:
    """Name an area; None is all of them together."""
    return words.say(ALL_AREAS) if code is None else names.get(code, code)


def span(words: Words, label: str | None) -> str:
    """Write the label of a span.

    >>> from veedor.report.words import words_in
    >>> [span(words_in("en"), label) for label in ("2024", "2024-11", "2024-11-03", None)]
    ['2024', 'November 2024', '3 November 2024', '']
    """
    parts = (label or "").split("-")
    if len(parts) == 2:
        return words.month(f"{label}-01")
    return words.day(str(label)) if len(parts) == 3 else label or ""


def map_about(words: Words, offence: str, relative: Floats) -> str:
    """Say aloud what a map of relative rates shows."""
    known = relative[np.isfinite(relative)]
    return words.say(
        "{offence}: rates of {known} of {all} outlined areas by that of all places together; "
        "{high} have 1.25 times or more, {low} less than 0.8 times. A map, north up.",
        offence=offence,
        known=len(known),
        all=len(relative),
        high=int(np.sum(known >= 1.25)),
        low=int(np.sum(known < 0.8)),
    )


def outside(words: Words, names: Mapping[str, str], one: AreaRate) -> str:
    """Say where an area outside of the funnel lies."""
    return words.say(
        "{area}: {rate} ({interval}), {position}",
        area=names.get(one.area, one.area),
        rate=words.number(one.rate.value),
        interval=ends(words, one.rate.low, one.rate.high),
        position=words.say(POSITIONS[str(one.position)]),
    )


def funnel_about(words: Words, rates: OffenceRates, hidden: int) -> str:
    """Say aloud what a funnel shows, and how many areas with small counts it does not."""
    positions = [each.position for each in rates.areas]
    return words.say(
        "Of {n} areas with a rate {above} lie above the 99.8% limits and {below} below; {hidden} "
        "with small counts are not drawn. The rate of all together is {rate}.",
        n=sum(one is not None for one in positions),
        above=positions.count("above"),
        below=positions.count("below"),
        hidden=hidden,
        rate=words.number(rates.overall.value),
    )


def shift(words: Words, name: str, one: AreaShift) -> str:
    """Say when and to what the level of an area shifted, or whether it was reported at all."""
    if one.beside:
        return words.say(
            "{area}: another level from {first} on, after spans without a report: not reported?",
            area=name,
            first=span(words, one.first),
        )
    return words.say(
        "{area}: {ratio} times the level ({interval}) from {first} on",
        area=name,
        ratio=words.number(one.ratio),
        interval=ends(words, one.low, one.high),
        first=span(words, one.first),
    )


def series_about(
    words: Words, names: Mapping[str, str], shown: Sequence[AreaSeries], rate: float
) -> str:
    """Say aloud what the courses show: which rose and which fell, of those that are drawn."""
    rose = [
        area_name(words, names, one.area)
        for one in shown
        if is_named(one, rate) and (one.change.value or 0.0) > 0
    ]
    fell = [
        area_name(words, names, one.area)
        for one in shown
        if is_named(one, rate) and (one.change.value or 0.0) < 0
    ]
    parts = [words.many(len(shown), "{n} course is drawn.", "{n} courses are drawn.")]
    if rose:
        parts.append(words.say("A rise is named of: {areas}.", areas=words.listed(rose)))
    if fell:
        parts.append(words.say("A fall is named of: {areas}.", areas=words.listed(fell)))
    return " ".join(parts)


def is_named(one: AreaSeries, rate: float) -> bool:
    """Whether the trend of a series is named."""
    return one.trend_q is not None and one.trend_q <= rate
