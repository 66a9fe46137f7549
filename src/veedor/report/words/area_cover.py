"""What the cover of a page on patterns of area counts says, and the headings below it."""

from __future__ import annotations

from veedor.patterns.areas import AreaPatterns, AreaSeries, OffencePatterns
from veedor.report.words import area_sections as text
from veedor.report.words.area_charts import is_named, span
from veedor.report.words.language import Words, noted

CAUTIONS = (
    noted("That more was done where more is recorded: more may be reported, or written down."),
    noted("That an area is bad, or anything about who lives there; no area is ranked."),
    noted("That what was not reported is a fall: what is not reported is not zero."),
    noted("Why something rose or fell, or what a measure would change."),
)
MATRIX = noted("What was recorded in all areas together, by offence")
OFFENCE = noted("Offence")
A_YEAR = noted("change a year, 95% interval")
VERDICT = noted("Shown")
NOTE = noted(
    "Named where the q-value over all tests of the page is at most 0.05. Spans that an area did "
    "not report are left out."
)
ROSE, FELL, NOT_SHOWN, NONE = (
    noted("rose"),
    noted("fell"),
    noted("no trend shown"),
    noted("too little reported"),
)

#: Unit of the spans -> what they are.
SPANS = {
    "day": noted("day"),
    "week": noted("week"),
    "month": noted("month"),
    "year": noted("year"),
}


def counts(one: OffencePatterns, rate: float) -> dict[str, int]:
    """How many areas of an offence rose, fell, have no trend that is shown, and were not tested."""
    places = [each for each in one.series if each.area is not None]
    tested = [each for each in places if each.trend_q is not None]
    named = [each for each in tested if is_named(each, rate)]
    rose = sum((each.change.value or 0.0) > 0 for each in named)
    return {
        "rose": rose,
        "fell": len(named) - rose,
        "not_shown": len(tested) - len(named),
        "untested": len(places) - len(tested),
        "tested": len(tested),
    }


def leading(found: AreaPatterns) -> OffencePatterns:
    """Return the offence to begin with: of those with most areas named, the most recorded."""

    def weight(one: OffencePatterns) -> tuple[bool, int]:
        counted = counts(one, found.false_discovery_rate)
        return counted["rose"] + counted["fell"] > 0, sum(each.recorded for each in one.series)

    return max(found.offences, key=weight)


def finding(words: Words, found: AreaPatterns) -> str:
    """Say the one thing that stands first."""
    one = leading(found)
    counted = counts(one, found.false_discovery_rate)
    named = {"rose": counted["rose"], "fell": counted["fell"], "tested": counted["tested"]}
    when = {"first": span(words, one.first), "last": span(words, one.last)}
    if counted["rose"] and counted["fell"]:
        return words.say(
            "{offence}: what was recorded rose in {rose} and fell in {fell} of {tested} areas, "
            "{first} to {last}",
            offence=one.name, **named, **when,
        )  # fmt: skip
    if counted["rose"]:
        return words.say(
            "{offence}: what was recorded rose in {rose} of {tested} areas, {first} to {last}; a "
            "fall is shown of none",
            offence=one.name, **named, **when,
        )  # fmt: skip
    if counted["fell"]:
        return words.say(
            "{offence}: what was recorded fell in {fell} of {tested} areas, {first} to {last}; a "
            "rise is shown of none",
            offence=one.name, **named, **when,
        )  # fmt: skip
    if any(each.shifts for offence in found.offences for each in offence.series):
        return words.say("No steady rise or fall is shown of any area; some levels shifted at once")
    if not found.tests:
        return words.say("Too little was reported to show a rise, a fall or a shift of any area")
    return words.say("No rise, fall or shift of level is shown of any area")


def because(words: Words, found: AreaPatterns) -> str:
    """Say over how many tests this holds, and of which publication."""
    if not found.named:
        return words.many(
            found.tests,
            "{n} test was made of the edition of {day}; it names nothing.",
            "{n} tests were made of the edition of {day}; none names anything.",
            day=words.day(found.edition),
        )
    return words.say(
        "{tests} tests were made of the edition of {day}; {named} are named, of which at most "
        "{share} are false on average.",
        tests=found.tests,
        day=words.day(found.edition),
        named=found.named,
        share=words.percent(found.false_discovery_rate),
    )


def verdict(one: AreaSeries | None, rate: float) -> str:
    """Return the word for a series' trend, as a template."""
    if one is None or one.change.value is None:
        return NONE
    if not is_named(one, rate):
        return NOT_SHOWN
    return ROSE if one.change.value > 0 else FELL


def change(words: Words, one: AreaSeries) -> str:
    """Write a yearly change with its interval."""
    if one.change.value is None:
        return words.say(NONE)
    return words.say(
        "{value} ({interval})",
        value=words.percent(one.change.value, 2),
        interval=words.say("interval cannot be told")
        if one.change.low is None
        else words.say(
            "{low} to {high}",
            low=words.percent(one.change.low, 2),
            high=words.percent(one.change.high, 2),
        ),
    )


def points(words: Words, found: AreaPatterns) -> list[str]:
    """Say of every offence what is shown, in a sentence each."""
    rate, told = found.false_discovery_rate, []
    for one in found.offences:
        counted, whole = counts(one, rate), one.series[0] if one.series else None
        if whole is None or not counted["tested"]:
            told.append(words.say("{offence}: too little was reported to tell.", offence=one.name))
            continue
        told.append(
            words.say(
                "{offence}: of {tested} areas it rose in {rose} and fell in {fell}; all areas "
                "together: {verdict}, {change} a year.",
                offence=one.name,
                rose=counted["rose"],
                fell=counted["fell"],
                tested=counted["tested"],
                verdict=words.say(verdict(whole, rate)),
                change=change(words, whole),
            )
        )
    return told


def row_note(words: Words, one: OffencePatterns, rate: float) -> str:
    """Say below an offence in how many areas it rose and fell."""
    counted = counts(one, rate)
    return words.say(
        "rose in {rose} areas, fell in {fell}, of {tested}",
        rose=counted["rose"],
        fell=counted["fell"],
        tested=counted["tested"],
    )


def picture(words: Words, one: OffencePatterns) -> str:
    """Say what the map of the cover shows."""
    return words.say("{offence}: rates by that of all places together", offence=one.name)


def picture_about(words: Words, found: AreaPatterns, one: OffencePatterns) -> str:
    """Say of when the map is, and out of how many people by whom."""
    if one.rates is None or found.population is None:
        return ""
    source, vintage = found.population
    return words.say(
        "{first} to {last}; people by {source}, {vintage}. Drawn towards the rate of all.",
        first=span(words, one.rates.first),
        last=span(words, one.rates.last),
        source=source,
        vintage=vintage,
    )


def course(words: Words, one: OffencePatterns) -> str:
    """Say what the courses of the cover are of."""
    return words.say("{offence}: its course, all areas together and those named", offence=one.name)


def heading(words: Words, title: str, found: AreaPatterns) -> str:
    """Say in the heading of a section what was found, with its number."""
    return words.say(
        "{section}: {finding}", section=words.say(title), finding=_HEADINGS[title](words, found)
    )


def _rates(words: Words, found: AreaPatterns) -> str:
    if found.population is None:
        return words.say("no population, so no rates")
    with_rate = sum(
        each.rate.value is not None
        for one in found.offences
        if one.rates is not None
        for each in one.rates.areas
    )
    return words.many(
        with_rate,
        "{n} rate of areas, with its interval",
        "{n} rates of areas, each with its interval",
    )


def _funnels(words: Words, found: AreaPatterns) -> str:
    if found.population is None:
        return words.say("no population, so no rates")
    outside = sum(
        each.position in ("above", "below")
        for one in found.offences
        if one.rates is not None
        for each in one.rates.areas
    )
    expected = sum(
        one.rates.funnel.by_chance
        for one in found.offences
        if one.rates is not None and one.rates.funnel is not None
    )
    return words.say(
        "{outside} lie outside of the limits; {chance} would if all were alike",
        outside=outside,
        chance=words.number(expected, 2),
    )


def _neighbours(words: Words, found: AreaPatterns) -> str:
    asked = [one for one in found.offences if one.association_q is not None]
    if not asked:
        return words.say("not known who is whose neighbour, or no rates")
    alike = sum((one.association_q or 0.0) <= found.false_discovery_rate for one in asked)
    return words.say("alike in {n} of {all} offences", n=alike, all=len(asked))


def _trends(words: Words, found: AreaPatterns) -> str:
    every = [counts(one, found.false_discovery_rate) for one in found.offences]
    return words.say(
        "{rose} rose and {fell} fell, of {tested} series of areas",
        rose=sum(one["rose"] for one in every),
        fell=sum(one["fell"] for one in every),
        tested=sum(one["tested"] for one in every),
    )


def _left_out(words: Words, found: AreaPatterns) -> str:
    doubted = sum(
        out.spans
        for one in found.offences
        for each in one.series
        if each.area is not None
        for out in each.doubted
    )
    return words.many(
        doubted,
        "{n} cell was not reported, or looks so",
        "{n} cells were not reported, or look so",
    )


_HEADINGS = {
    text.RATES: _rates,
    text.FUNNELS: _funnels,
    text.NEIGHBOURS: _neighbours,
    text.TRENDS: _trends,
    text.LEFT_OUT: _left_out,
}
