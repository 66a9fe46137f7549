"""The section of a run's page on what was counted: unit, editions, what was known when."""

from __future__ import annotations

from veedor.report.document import Section
from veedor.report.tables import Table, table
from veedor.report.words import Words
from veedor.report.words import counted as told
from veedor.study.counted import StudyCounts
from veedor.study.left_out import Why


def counted(words: Words, counts: StudyCounts, zone: str) -> Section:
    """Build the section of a study of counts by area."""
    say = words.say
    return Section(
        told.heading(words, counts),
        sentences=[told.publication(words, counts.read, zone)],
        points=told.units(words, counts),
        parts=[
            Section(
                say("What was known at each cut-off"),
                told.known(words, counts),
                behind=[_known(words, counts)],
                behind_name=say("Table: the edition that each forecast was made of"),
            ),
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
