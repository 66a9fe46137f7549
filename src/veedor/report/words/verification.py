"""What was read to verify anyone's forecasts, and what must not be concluded."""

from __future__ import annotations

import math
from collections.abc import Sequence

from veedor.report.words.counted import publication
from veedor.report.words.examination import incidents, incompatible, of_compatible
from veedor.report.words.language import Words
from veedor.study.verification import Verification, VerifiedCategory
from veedor.verification import Examination

#: A total so many times what was recorded, or so small a part of it, may be none of counts.
FAR_TOTAL = 3.0


def makers(results: Verification) -> list[str]:
    """Name the forecasters that the files hold."""
    return list(
        dict.fromkeys(
            one.forecaster
            for category in results.categories
            for one in category.examination.forecasters
            if not (
                category.examination.reference_made
                and one.forecaster == category.examination.reference
            )
        )
    )


def title(words: Words, results: Verification) -> str:
    """Say whose forecasts are held against what."""
    return words.say(
        "Forecasts of {names}, held against what was recorded",
        names=words.listed(makers(results)),
    )


def subtitle(words: Words, results: Verification) -> str:
    """Say of what and where."""
    return words.many(
        results.cells.count,
        "Recorded {names}, {n} cell",
        "Recorded {names}, {n} cells",
        names=words.listed([one.examination.category for one in results.categories]),
    )


def made(words: Words, results: Verification) -> str:
    """Say by what it was made."""
    return words.say(
        "veedor {version}, seed {seed}, times in {zone}",
        version=results.veedor,
        seed=str(results.seed),
        zone=results.time_zone,
    )


def what_was_read(words: Words, results: Verification) -> list[str]:
    """Say what was read, and what of it is in no score."""
    record = results.record
    told = [
        publication(words, record.counts, results.time_zone)
        + " "
        + words.say(
            "Every forecast period that they cover to its end, in every cell, was scored, also "
            "where nothing was recorded."
        )
        if record.counts is not None
        else words.many(
            record.kept,
            "{n} recorded incident from {first} to {last} were read ({rows} rows), and every "
            "forecast period that they cover to its end was scored in every cell, also where "
            "nothing was recorded.",
            "{n} recorded incidents from {first} to {last} were read ({rows} rows), and every "
            "forecast period that they cover to its end was scored in every cell, also where "
            "nothing was recorded.",
            first=words.day(record.first),
            last=words.day(record.last),
            rows=record.rows,
        )
    ]
    if record.columns_proposed:
        columns = [
            words.say("{role} from “{name}”", role=role, name=name)
            for role, name in record.columns.items()
        ]
        told.append(
            words.say(
                "veedor recognised the columns itself ({columns}): check that they are what they "
                "seem.",
                columns=words.listed(columns),
            )
        )
    for category in results.categories:
        told += _left_out(words, category)
    return told


def _left_out(words: Words, category: VerifiedCategory) -> list[str]:
    one, told = category.examination, []
    name = one.category
    if category.periods_not_over:
        told.append(
            words.many(
                category.periods_not_over,
                "{name}: {n} period that the record does not cover to the end were left out.",
                "{name}: {n} periods that the record does not cover to the end were left out.",
                name=name,
            )
        )
    if category.no_reference_because:
        told.append(
            words.say(
                "{name}: the usual reference, PriorCounts, could not be made, and {reference} "
                "stands in its place. {why}",
                name=name,
                reference=one.reference,
                why=category.no_reference_because,
            )
        )
    lost = one.recorded.outside + one.recorded.unlocated
    if lost:
        told.append(
            words.say(
                "{name}: {lost} of {whole} recorded in these periods had no place in any cell and "
                "are in no score.",
                name=name,
                lost=lost,
                whole=incidents(words, lost + one.recorded.inside),
            )
        )
    return told


def far_totals(one: Examination) -> dict[str, float]:
    """Return what forecasters expected in all, of those far from what was recorded.

    Far is `FAR_TOTAL` times as many or as few, where the number of incidents is not compatible
    with the forecast either: few incidents may be three times as many by chance.
    """
    found = {}
    for each in one.forecasters:
        if each.by_period is None or (each.forecaster == one.reference and one.reference_made):
            continue
        expected = math.fsum(each.by_period.expected)
        near = one.recorded.inside / FAR_TOTAL < expected < one.recorded.inside * FAR_TOTAL
        if not near and "number" in (incompatible(each) or ()):
            found[each.forecaster] = expected
    return found


def about_far_totals(words: Words, one: Examination) -> list[str]:
    """Ask whether a column read as counts is one."""
    return [
        words.say(
            "{name}: {who} expected {expected} in all, and {recorded} were recorded in the cells. "
            "So it is where a column of scores or rates is read as counts, or one of other periods "
            "or categories: ask whoever made it what the column holds. How it ranks places is not "
            "touched by that.",
            name=one.category,
            who=who,
            expected=words.number(expected),
            recorded=words.number(one.recorded.inside),
        )
        for who, expected in far_totals(one).items()
    ]


def far_at_a_glance(words: Words, of: Sequence[Examination]) -> str:
    """Say of the first total that is far from what was recorded what to ask; "" where none is."""
    for one in of:
        for who, expected in far_totals(one).items():
            return words.say(
                "{who} expected {expected}, and {recorded} were recorded: are these counts?",
                who=who,
                expected=words.number(expected),
                recorded=words.number(one.recorded.inside),
            )
    return ""


def nothing_compared(words: Words, name: str) -> str:
    """Say that there is nothing beside a forecast."""
    return words.say("{name}: there is nothing to compare the forecast with.", name=name)


def cautions(words: Words) -> list[tuple[str, str]]:
    """List what must not be concluded: a head, and its reason."""
    return [
        (
            words.say("Recorded is not the same as happened."),
            words.say(
                "What nobody reported or wrote down is in no record; a forecast may be right about "
                "the record and wrong about the place."
            ),
        ),
        of_compatible(words),
        (
            words.say("A high capture rate says little alone."),
            words.say(
                "Where incidents have long been recorded in few places, plain counting has a high "
                "one too: compare it with the reference's, with chance, and with the most that was "
                "possible."
            ),
        ),
        (
            words.say("Nothing here is about persons, or about what should be done in a place."),
            words.say(
                "The tables hold counts for places. Whether acting on a forecast helps or burdens "
                "is another question."
            ),
        ),
    ]
