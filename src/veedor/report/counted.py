"""The section of a run's page on what was counted: unit, editions, what was known when."""

from __future__ import annotations

from collections.abc import Sequence

from veedor.report.document import Section
from veedor.report.tables import Table, table
from veedor.report.words import Words
from veedor.report.words import counted as told
from veedor.report.words.studies import interval
from veedor.study.counted import StudyCounts
from veedor.study.left_out import Why
from veedor.study.results import StudyCategory, StudyResults


def counted(words: Words, results: StudyResults, counts: StudyCounts) -> Section:
    """Build the section of a study of counts by area."""
    say = words.say
    return Section(
        told.heading(words, counts),
        sentences=[told.publication(words, counts.read, results.study.time_zone)],
        points=told.units(words, counts),
        parts=[
            Section(
                say("What was known at each cut-off"),
                told.known(words, counts),
                behind=[_known(words, counts)],
                behind_name=say("Table: the edition that each forecast was made of"),
            ),
            _levels(words, results.categories),
            *_left_out(words, counts),
        ],
        folded=True,
        anchor="counted",
    )


def _known(words: Words, counts: StudyCounts) -> Table:
    say = words.say
    return table(
        say("The edition that each forecast was made of"),
        [
            say("Cut-off"),
            say("Edition"),
            say("Published"),
            say("Last counts used"),
            say("Published by the cut-off"),
        ],
        [
            [
                words.day(one.cutoff),
                one.edition.source,
                words.day(one.edition.published),
                one.edition.last_span,
                told.published_before(words, one),
            ]
            for one in counts.known
        ],
        5,
    )


def _levels(words: Words, categories: Sequence[StudyCategory]) -> Section:
    """Say how forecasts did at every level, by what was published first and by what was last."""
    rows = [
        [
            category.name,
            told.level(words, scored.level),
            told.vintage(words, scored.vintage),
            one.forecaster,
            interval(words, one.scores["log_score"], digits=4),
            words.say("reference") if one.gain is None else interval(words, one.gain, digits=4),
            words.number(scored.scored),
            words.number(scored.not_reported),
        ]
        for category in categories
        for scored in category.levels
        for one in scored.forecasters
    ]
    say = words.say
    head = [
        say("Category"),
        say("Level"),
        say("Scored against"),
        say("Forecaster"),
        say("Log score"),
        say("Gain over the reference, nats a count"),
        say("Counts scored"),
        say("Not reported"),
    ]
    return Section(
        say("Scores at every level, against the first and the latest edition"),
        told.at_levels(words, [one for of in categories for one in of.levels]),
        behind=[table(say("Scores at every level, by edition"), head, rows, 4)],
        behind_name=say("Table: every score at every level"),
    )


def _left_out(words: Words, counts: StudyCounts) -> list[Section]:
    if not counts.left_out:
        return []
    say = words.say
    why = {
        Why.NO_OUTLINE: say("no outline has its code"),
        Why.NOT_REPORTED: say("did not report throughout"),
    }
    rows = [
        [one.code, one.name, why[one.why], words.listed(one.categories), words.number(one.gaps)]
        for one in counts.left_out
    ]
    head = [say("Code"), say("Area"), say("Why"), say("Categories"), say("Counts missing")]
    return [
        Section(
            say("Areas that are not forecast"),
            told.left_out(words, counts.left_out),
            behind=[table(say("Areas that are not forecast"), head, rows, 4)],
            behind_name=say("Table: areas that are not forecast"),
        )
    ]
