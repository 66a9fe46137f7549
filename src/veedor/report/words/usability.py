"""Whether a record can be used: the verdict, what to mend first, and what limits it."""

from __future__ import annotations

from collections.abc import Sequence

from veedor.errors import VeedorError
from veedor.incidents.quality_report import QualityReport
from veedor.incidents.reconciling import Reconciled
from veedor.incidents.usability import Usability
from veedor.report.words.language import Words, noted, noted_many

#: Of the codes of `veedor.incidents.usability` and of `doubts_of_places`.
FINDINGS = {
    "record_does_not_add_up": noted(
        "The counts of the {rows} rows read do not add up. That is a fault of veedor: report it, "
        "and use no number of this record before it is found."
    ),
    "record_mostly_unread": noted(
        "{n} of {of} rows that were meant as incidents could not be read. Mend their columns, or "
        "ask for the file again."
    ),
    "record_mostly_unlocated": noted(
        "{n} of {of} incidents have no usable place: the rest is no picture of where incidents "
        "were recorded. Mend the columns of the place, or ask for places."
    ),
    "places_outside_crs": noted(
        "{outside} of {looked_at} places looked at lie outside the area of use of crs {crs}; the "
        "middle of the places is {latitude}, {longitude}. If that is not where they are, input_crs "
        "is another zone; if it is, set crs to one of the place."
    ),
    "places_elsewhere": noted(
        "{elsewhere} of {looked_at} places looked at lie at sea, or where clocks differ from "
        "{time_zone}; the middle of the places is {latitude}, {longitude}. Check time_zone, "
        "input_crs and the columns of the place."
    ),
    "record_columns_proposed": noted(
        "veedor recognised the columns itself, and nobody has confirmed them: see below whether "
        "each is what it seems."
    ),
    "record_unread": noted(
        "{n} of {of} rows that were meant as incidents could not be read: they are in no number."
    ),
    "record_unlocated": noted(
        "{n} of {of} incidents have no usable place: they are in totals and on no map."
    ),
    "record_outside": noted("{n} of {of} places lie outside the study area: no forecast has them."),
    "record_months_break": noted_many(
        "{n} of {months} months holds far more or far fewer incidents than those "
        "around it ({first}): ask what changed in the recording.",
        "{n} of {months} months hold far more or far fewer incidents than those "
        "around them (the first is {first}): ask what changed in the recording.",
    ),
    "record_counted_otherwise": noted(
        "From {day} the publisher counts differently ({what}): do not compare before with after."
    ),
    "record_far_years": noted(
        "{n} of {of} incidents are dated years away from all others: mistaken dates, as a rule."
    ),
    "record_far_places": noted(
        "{n} of {of} places lie far from all others, and the ground grows to hold them: set the "
        "study area."
    ),
    "record_swapped": noted(
        "{n} of {of} incidents seem to have latitude and longitude exchanged: they have no place."
    ),
    "record_stacks": noted_many(
        "{n} point holds {incidents} of {of} places, as a station house or “place "
        "unknown” would: it is no hot spot.",
        "{n} points hold {incidents} of {of} places, as station houses or “place "
        "unknown” would: they are no hot spots.",
    ),
    "record_identical_rows": noted(
        "{n} of {of} incidents are the same as another in all that was read, and there are no ids: "
        "some may be counted twice."
    ),
    "record_times_rough": noted(
        "Only {n} of {of} incidents have an exact time: little can be said of hours of the day."
    ),
    "record_offsets_mixed": noted(
        "{n} of {of} times carry an offset from UTC and the others none: these are taken as local "
        "times. Ask whether they are."
    ),
    "record_times_skipped": noted(
        "{n} of {of} times lie in an hour that clocks skipped: the record may be of another time "
        "zone, or in UTC."
    ),
    "record_times_heaped": noted(
        "{n} of {of} times are exactly {clock}, as where the hour is not known: say nothing of "
        "hours of the day before those are taken out or their days alone are used."
    ),
    "record_discovered": noted(
        "{n} of {of} incidents are of categories that police find by looking: they show where "
        "police looked, and are never forecast."
    ),
}


def finding(words: Words, found: Usability, hindrances: int) -> str:
    """Give the one verdict."""
    mend = len(found.mend) + hindrances
    if mend:
        return words.many(
            mend,
            "Mend this first: {n} thing keeps the record from being used",
            "Mend this first: {n} things keep the record from being used",
        )
    if found.limits:
        return words.many(
            len(found.limits),
            "This record can be used, with {n} limit",
            "This record can be used, with {n} limits",
        )
    return words.say("This record can be used")


def because(words: Words, counts: Reconciled, *, area: bool) -> str:
    """Say what became of all rows."""
    if not counts.adds_up:
        return words.say("The counts of what was read do not add up.")
    if area:
        return words.many(
            counts.used,
            "{n} recorded incident has a place inside the study area. Every other row of the "
            "{all} is accounted for.",
            "{n} recorded incidents have a place inside the study area. Every other row of the "
            "{all} is accounted for.",
            all=counts.rows + counts.more,
        )
    return words.many(
        counts.used,
        "{n} recorded incident has a usable place. Every other row of the {all} is accounted for.",
        "{n} recorded incidents have a usable place. Every other row of the {all} is accounted "
        "for.",
        all=counts.rows + counts.more,
    )


def proof(words: Words, report: QualityReport, counts: Reconciled) -> list[tuple[str, int, int]]:
    """Name three counts, each out of another."""
    located, exact = report.places.located, report.times.exact
    return [
        (words.say("rows kept as incidents"), report.rows.kept, counts.rows + counts.more),
        (words.say("incidents with a usable place"), located.numerator, located.denominator),
        (words.say("incidents with an exact time"), exact.numerator, exact.denominator),
    ]


def out_of(words: Words, count: int, whole: int) -> str:
    """Write a count out of another.

    >>> from veedor.report.words import words_in
    >>> out_of(words_in("en"), 1450, 6300)
    '1,450 of 6,300'
    """
    return words.say("{n} of {all}", n=count, all=whole)


def to_mend(words: Words, found: Usability, hindrances: Sequence[VeedorError]) -> list[str]:
    """Say what must be mended first: what keeps a study from running before all else."""
    return [
        *(
            words.say(
                "{must} Found: {found}.",
                must=words.translated(one.must),
                found=words.translated(one.found),
            )
            for one in hindrances
        ),
        *(words.of(one) for one in found.mend),
    ]


def remedies(words: Words, hindrances: Sequence[VeedorError]) -> list[str]:
    """Say where each hindrance is, and what to do."""
    told = []
    for one in hindrances:
        if one.where:
            told.append(words.say("Where: {where}", where=words.translated(one.where)))
        if one.remedy:
            told.append(words.say("To do: {remedy}", remedy=words.translated(one.remedy)))
    return told


def limits(words: Words, found: Usability) -> list[str]:
    """Say what limits the use."""
    return [words.of(one) for one in found.limits]


def cautions(words: Words) -> tuple[str, ...]:
    """Say what must not be concluded."""
    return (
        words.say("That this is all that happened: what nobody reported or wrote down is no row."),
        words.say(
            "That a record which can be used is fair: who reports, and where police look, decides "
            "what is recorded."
        ),
        words.say("That a place with many records is a bad place, or that anyone there did wrong."),
        words.say("That months or places compare where the way of recording changed between them."),
    )
