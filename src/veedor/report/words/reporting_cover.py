"""Words of the reporting audit's cover, and the findings that its sections are headed by."""

from __future__ import annotations

from veedor.audits.places.reporting.audit import Tally
from veedor.report.words.language import Words, noted

CAUTIONS = (
    noted("That a flag which stays is a right one: it is only not overturned by under-reporting "
          "within these rates."),
    noted("That the rates are right: beyond the ranges that were given, nothing here holds."),
    noted("That a flag which may be lost says something of the people there: the record cannot "
          "tell the place from others."),
    noted("That a direction which is not known means that groups are burdened alike."),
)  # fmt: skip
PROOF = noted("Flagged places, if every place may have a reporting rate of its own")
KEPT, LOST, OPEN = noted("Stay flagged"), noted("May lose it"), noted("Cannot be decided")
GROUPS, VERDICT = noted("Residents"), noted("Direction")
WORDS = {
    "more": noted("more incidents"),
    "less": noted("fewer incidents"),
    "open": noted("not known"),
}
#: What a place is on the map, with how many.
MAPPED = {
    "not_flagged": noted("{n} not flagged"),
    "robust": noted("{n} stay flagged"),
    "undetermined": noted("{n} cannot be decided"),
    "fragile": noted("{n} may lose their flag"),
}


def finding(words: Words, tally: Tally, flagged: int) -> str:
    """Say how many flags stay whatever went unreported: the verdict of the page."""
    if not flagged:
        return words.say("No place is flagged: there is no flag that could be lost")
    return words.many(
        flagged,
        "{kept} of {n} flagged place stays flagged, whatever went unreported within the rates",
        "{kept} of {n} flagged places stay flagged, whatever went unreported within the rates",
        kept=tally.robust,
    )


def because(words: Words, places: int, counts: str, rates: str) -> str:
    """Say from what it was made."""
    return words.many(
        places,
        "{n} place of {counts}, with the reporting rates of {rates}. What stays is proved for "
        "every rate within its range, not sampled.",
        "{n} places of {counts}, with the reporting rates of {rates}. What stays is proved for "
        "every rate within its range, not sampled.",
        counts=counts, rates=rates,
    )  # fmt: skip


def out_of(words: Words, part: int, flagged: int) -> str:
    """Say a part of the flagged places."""
    return words.say("{part} of {flagged}", part=part, flagged=flagged)


def known(words: Words, directions: int, groups: int) -> str:
    """Say for how many groups the direction is known: the heading of the matrix."""
    return words.many(
        groups,
        "Whether more happens where they live is known for {known} of {n} group",
        "Whether more happens where they live is known for {known} of {n} groups",
        known=directions,
    )


def times(words: Words, reference: str) -> str:
    """Say what the bars measure."""
    if not reference:
        return words.say("Incidents per resident, as times those of the reference")
    return words.say("Incidents per resident, as times those of {reference}", reference=reference)


def told(words: Words, value: str, low: str, high: str) -> str:
    """Say a ratio over all admissible rates."""
    return words.say(
        "{value} times, anywhere from {low} to {high}", value=value, low=low, high=high
    )


NOTE = noted(
    "Bars: over every admissible reporting rate, with the value at the middle; they hold no chance."
)


def mapped(words: Words, fragile: int, flagged: int) -> str:
    """Say how many flags may be lost: the heading of the map and of the places."""
    return words.many(
        flagged,
        "{fragile} of {n} flagged place may lose its flag to what was never recorded",
        "{fragile} of {n} flagged places may lose their flag to what was never recorded",
        fragile=fragile,
    )


def stability(words: Words, own: Tally, shared: Tally, flagged: int) -> str:
    """Say how many flags survive under both readings: the heading of that section."""
    return words.say(
        "Of {flagged} flags, {own} survive if every place has its own rate, {shared} if places "
        "share one",
        flagged=flagged, own=own.robust, shared=shared.robust,
    )  # fmt: skip


def totals(words: Words, category: str, least: str, most: str, recorded: str) -> str:
    """Say between how many there may have been of the largest category: the section's heading."""
    return words.say(
        "There may have been {least} to {most} incidents of {category}, of which {recorded} were "
        "recorded",
        category=category, least=least, most=most, recorded=recorded,
    )  # fmt: skip


def disparities(words: Words, groups: int, directions: int) -> str:
    """Say how many directions are known: the heading of the disparities."""
    if not groups:
        return words.say("Disparities: no groups were given")
    return words.many(
        groups,
        "Disparities: the direction is known for {known} of {n} group",
        "Disparities: the direction is known for {known} of {n} groups",
        known=directions,
    )


def rests(words: Words, rates: int, file: str) -> str:
    """Say on how many rates it rests: the heading of that section."""
    return words.many(
        rates,
        "It rests on {n} reporting rate of {file}",
        "It rests on {n} reporting rates of {file}",
        file=file,
    )
