"""What the codes of counts by area say: findings of a check, notices of reading."""

from __future__ import annotations

from veedor.areas.noticed import Notice
from veedor.areas.quality_report import LooksUnreported
from veedor.report.words.language import Words, noted, noted_many

FINDINGS = {
    "areas_nothing_reported": noted(
        "None of {n} cells holds a number. Ask for the file again, or for the layout it is of."
    ),
    "areas_thousand_times_less": noted_many(
        "{n} cell is about a thousand times below the spans beside it, as where a mark of "
        "thousands was read as a decimal one: offence {offence}, area {area}, {span}. Ask its "
        "publisher.",
        "{n} cells are about a thousand times below the spans beside them, as where a mark of "
        "thousands was read as a decimal one. The first: offence {offence}, area {area}, {span}. "
        "Ask their publisher.",
    ),
    "areas_not_reported": noted_many(
        "{n} of {of} cells was not reported: it is no zero, and totals over it are too low.",
        "{n} of {of} cells were not reported: they are no zeros, and totals over them are too low.",
    ),
    "areas_look_unreported": noted_many(
        "{n} stretch of numbers looks as if it had not been reported, in {series} series looked "
        "at: ask whether it was, before it is read as fewer incidents.",
        "{n} stretches of numbers look as if they had not been reported, in {areas} areas and "
        "{series} series looked at: ask whether they were, before they are read as fewer "
        "incidents.",
    ),
    "areas_levels_change": noted_many(
        "{n} of {series} series begins or ends at less than half of its level, from one span to "
        "the next: the way of recording may have changed.",
        "{n} of {series} series begin or end at less than half of their level, from one span to "
        "the next: the way of recording may have changed.",
    ),
    "areas_changed_at_once": noted_many(
        "At {first} more series change at once than chance would put there, and nobody declared a "
        "break: a method, a law, a strike or the world changed.",
        "At {n} spans more series change at once than chance would put there, and nobody declared "
        "a break (the first is {first}): a method, a law, a strike or the world changed.",
    ),
    "areas_began": noted_many(
        "{n} offence is reported only from, or until, a span inside of the record ({first}), and "
        "nobody declared a break.",
        "{n} offences are reported only from, or until, a span inside of the record (the first is "
        "{first}), and nobody declared a break.",
    ),
    "areas_breaks": noted_many(
        "Series mean something else from {first} on: no trend and no forecast may cross that day.",
        "Series mean something else from {n} days on, the first {first}: no trend and no forecast "
        "may cross them.",
    ),
    "areas_sums_fail": noted_many(
        "{n} of {of} printed totals is not the sum of its parts.",
        "{n} of {of} printed totals are not the sums of their parts.",
    ),
    "areas_one_edition": noted(
        "There is one edition: how far its publisher changes numbers afterwards cannot be seen."
    ),
    "areas_revised": noted_many(
        "{n} of {of} numbers was changed from one of {editions} editions to the next.",
        "{n} of {of} numbers were changed from one of {editions} editions to the next.",
    ),
    "areas_provisional": noted_many(
        "{n} of {of} numbers is provisional: its publisher says that it will change.",
        "{n} of {of} numbers are provisional: their publisher says that they will change.",
    ),
    "areas_negative": noted_many(
        "{n} number is below 0, a correction by its publisher: it is kept.",
        "{n} numbers are below 0, corrections by their publisher: they are kept.",
    ),
    "areas_came": noted_many(
        "{n} of {areas} areas is not there from the first span to the last.",
        "{n} of {areas} areas are not there from the first span to the last.",
    ),
    "areas_discovered": noted_many(
        "{n} of {offences} offences is one that police find by looking: it shows where police "
        "looked, and is never forecast.",
        "{n} of {offences} offences are such as police find by looking: they show where police "
        "looked, and are never forecast.",
    ),
    "areas_published_by_rule": noted_many(
        "Nobody said when {n} of {editions} editions was published: its day is a rule of the "
        "layout.",
        "Nobody said when {n} of {editions} editions were published: their days are a rule of the "
        "layout.",
    ),
}

#: Of `veedor.areas.noticed.Notice`: what reading met.
NOTICES = {
    Notice.ROWS_REPEATED: noted("rows that say again what another said, counted once"),
    Notice.ROWS_ADDED: noted("rows of one cell, added by the layout's rule"),
    Notice.NEGATIVE: noted("counts below 0, kept"),
    Notice.THOUSANDS: noted("counts with marks between their thousands"),
    Notice.THOUSANDS_LOST: noted(
        "counts with decimals, a mark between thousands taken for a decimal one: put right"
    ),
    Notice.CODES_PADDED: noted("codes that had lost their leading zeros, mended"),
    Notice.CODES_RENAMED: noted("codes under several names"),
    Notice.RATES_NOT_READ: noted("columns of published rates, never read as counts"),
    Notice.PERSONS_DROPPED: noted("columns about persons, dropped"),
    Notice.COLUMNS_NOT_READ: noted("other columns that were not read"),
    Notice.COLUMNS_UNKNOWN: noted(
        "columns that look like counts and that the layout does not know"
    ),
    Notice.NOT_REPORTED_BY_RULE: noted("cells that were not reported, by the layout's rule"),
    Notice.AFTER_CUT_OFF: noted("cells of spans that were not published yet"),
    Notice.UNDATED: noted("counts of a year without a month"),
    Notice.RESIDUAL: noted("areas that gather what has no place"),
    Notice.ROWS_SET_ASIDE: noted("rows that hold no cell"),
    Notice.PUBLISHED_BY_RULE: noted("days of publication by the layout's rule"),
}
_KINDS = {
    "zeros": noted("only zeros, between spans with counts"),
    "gap": noted("low, and back again"),
    "drop": noted("drops, and stays low"),
    "rise": noted("low until then"),
}


def kind(words: Words, one: LooksUnreported) -> str:
    """Say what a stretch looks like."""
    return words.say(_KINDS[one.kind])


def notice(words: Words, what: str) -> str:
    """Say what reading met."""
    return words.say(NOTICES[Notice(what)])
