"""What is said of a study of counts by area: what was counted, known when, and left out."""

from __future__ import annotations

from collections.abc import Sequence

from veedor.areas import Unit
from veedor.forecasts import ALL, CELLS
from veedor.report.words.language import Words, noted
from veedor.study.counted import KnownThen, StudyCounts
from veedor.study.counts_read import CountsRead
from veedor.study.left_out import LeftOut, Why
from veedor.verification import LevelScores

#: What one count is, in words.
UNITS: dict[str, str] = {
    Unit.FACTS: noted("facts (what happened, whoever reported it)"),
    Unit.VICTIMS: noted("victims"),
    Unit.RECORDS: noted("records of police stations"),
    Unit.OFFENCES: noted("offences in investigation files"),
    Unit.FILES: noted("investigation files"),
    Unit.CASES: noted("police cases of whatever source"),
}
_SPANS = {
    "day": noted("day"),
    "week": noted("week"),
    "month": noted("month"),
    "quarter": noted("quarter"),
    "year": noted("year"),
}
_LEVELS = {CELLS: noted("each area"), ALL: noted("all areas together")}
_VINTAGES = {"first": noted("first edition"), "latest": noted("latest edition")}
#: Names in a sentence; the table has all.
_NAMED = 12


def lead_of_counts(
    words: Words, counts: StudyCounts, names: Sequence[str], cells: int, given: dict[str, str]
) -> str:
    """Say what was forecast, and on what it was checked, in the units that are counted."""
    units = dict.fromkeys(counts.units[name] for name in names)
    unit = words.listed([words.say(UNITS[one]) for one in units])
    given = given | {"cells": words.many(cells, "{n} area", "{n} areas")}
    if len(names) > 2:
        return words.say(
            "Forecast: counts of {n} categories ({unit}) by area, in each of {cells}. Checked on "
            "{periods}, from {first} to before {last}: {recorded} recorded.",
            n=len(names),
            unit=unit,
            **given,
        )
    return words.say(
        "Forecast: counts of {names} ({unit}) by area, in each of {cells}. Checked on {periods}, "
        "from {first} to before {last}: {recorded} recorded.",
        names=words.listed(names),
        unit=unit,
        **given,
    )


def heading(words: Words, counts: StudyCounts) -> str:
    """Head the section: how many areas are counted, and in how many editions."""
    return words.many(
        len(counts.read.editions),
        "What was counted: {areas} areas, {n} edition",
        "What was counted: {areas} areas, {n} editions",
        areas=counts.read.areas,
    )


def units(words: Words, counts: StudyCounts) -> list[str]:
    """Say what a count of each category counts, and what the word incidents stands for."""
    told = []
    for unit, template in UNITS.items():
        names = [name for name, of in counts.units.items() if of == unit]
        if names:
            told.append(
                words.say("{names}: {unit}.", names=words.listed(names), unit=words.say(template))
            )
    told.append(
        words.say(
            "These are what this report calls incidents. Counts of different units are never added."
        )
    )
    return told


def publication(words: Words, read: CountsRead, zone: str) -> str:
    """Say whose counts they are, by what, and when they were published."""
    first, last = read.editions[0], read.editions[-1]
    given = {
        "layout": read.layout,
        "areas": read.areas,
        "span": words.say(_SPANS[read.span]),
        "zone": zone,
        "last": words.day(last.published),
        "through": last.last_span,
    }
    return words.many(
        len(read.editions),
        "Counts by area and {span} (layout {layout}, {areas} areas, time zone {zone}), in {n} "
        "edition, published on {last}, with counts up to {through}.",
        "Counts by area and {span} (layout {layout}, {areas} areas, time zone {zone}), in {n} "
        "editions: the first published on {first}, the latest on {last}, with counts up to "
        "{through}.",
        first=words.day(first.published),
        **given,
    )


def known(words: Words, counts: StudyCounts) -> list[str]:
    """Say what forecasts were made of: the edition out at each cut-off, or the first one."""
    before = sum(one.published_before for one in counts.known)
    after = len(counts.known) - before
    told = []
    if before:
        told.append(
            words.many(
                before,
                "At {n} of {all} cut-off the forecast was made of the edition that had been "
                "published by then, as it was then: later revisions are not in it.",
                "At {n} of {all} cut-offs the forecast was made of the edition that had been "
                "published by then, as it was then: later revisions are not in it.",
                all=len(counts.known),
            )
        )
    if after:
        told.append(
            words.many(
                after,
                "{n} cut-off lies before the first edition at hand was published. Nobody here "
                "knows what was known then: the first edition is cut as late as its own last "
                "counts came out, so that its revisions up to its own day are in it. That may "
                "make forecasts look a little better than they could have been.",
                "{n} cut-offs lie before the first edition at hand was published. Nobody here "
                "knows what was known then: the first edition is cut as late as its own last "
                "counts came out, so that its revisions up to its own day are in it. That may "
                "make forecasts look a little better than they could have been.",
            )
        )
    told.append(
        words.say(
            "What had not come out by a cut-off is not forecast from: the time between the last "
            "counts and the first period is part of the lead."
        )
    )
    return told


def level(words: Words, name: str) -> str:
    """Name a level: areas, a division of theirs as its publisher calls it, or all together."""
    return words.say(_LEVELS[name]) if name in _LEVELS else name


def vintage(words: Words, name: str) -> str:
    """Say which edition the counts are of that forecasts are scored against."""
    return words.say(_VINTAGES[name])


def at_levels(words: Words, scored: Sequence[LevelScores]) -> list[str]:
    """Say what the table holds, and what was left out of it."""
    told = [
        words.say(
            "What was published first is what anyone could check a forecast by; what was published "
            "last is the better count. Revisions go both ways, so that both are given, each apart. "
            "A level's forecast is the sum of its areas' forecasts, as its maker ties them "
            "together. Intervals are of each row alone; verdicts are those above."
        )
    ]
    missing = sum(one.not_reported for one in scored)
    if missing:
        told.append(
            words.many(
                missing,
                "{n} count was not reported, and is in no score.",
                "{n} counts were not reported, and are in no score.",
            )
        )
    return told


def left_out(words: Words, areas: Sequence[LeftOut]) -> list[str]:
    """Name the areas that are not forecast, by why."""
    told = []
    undrawn = [one.name for one in areas if one.why == Why.NO_OUTLINE]
    silent = [one.name for one in areas if one.why == Why.NOT_REPORTED]
    if undrawn:
        told.append(
            words.many(
                len(undrawn),
                "{n} area is not forecast, since no outline has its code: {names}.",
                "{n} areas are not forecast, since no outline has their code: {names}.",
                names=_named(words, undrawn),
            )
        )
    if silent:
        told.append(
            words.many(
                len(silent),
                "{n} area is not forecast, since it did not report throughout: {names}. What is "
                "missing is not 0.",
                "{n} areas are not forecast, since they did not report throughout: {names}. What "
                "is missing is not 0.",
                names=_named(words, silent),
            )
        )
    if told:
        told.append(
            words.say("Their counts, where they reported, stand as counts outside the cells.")
        )
    return told


def named_left_out(words: Words, areas: Sequence[LeftOut]) -> str:
    """Name the areas that are not forecast, or say that there is none."""
    return _named(words, [one.name for one in areas]) if areas else words.say("no area")


def _named(words: Words, names: Sequence[str]) -> str:
    if len(names) <= _NAMED:
        return words.listed(names)
    return words.say(
        "{names} and {n} more, in the table",
        names=", ".join(names[:_NAMED]),
        n=len(names) - _NAMED,
    )


def published_before(words: Words, one: KnownThen) -> str:
    """Say in a cell of a table whether an edition had been published by a cut-off."""
    return words.say("yes") if one.published_before else words.say("no: the first one, cut")
