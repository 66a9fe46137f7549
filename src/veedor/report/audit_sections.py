"""Sections and tables that the reports of all audits share."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from markupsafe import Markup

from veedor.audits.audit import SERIOUS, WHOLE, Audit, Say, StatedTest
from veedor.report.cover import Cover
from veedor.report.document import Section
from veedor.report.tables import Table, table
from veedor.report.words import Words
from veedor.report.words import audits as said
from veedor.report.words.headings import Heading
from veedor.report.words.intervals import counted, interval_or_not

#: Rows of a table that a browser bears.
MOST_ROWS = 3_000


def headed(
    words: Words, heading: Heading, rows: Sequence[Sequence[str]], headers: int = 1, **named: str
) -> Table:
    """Make a table under a heading, whose caption may name something."""
    columns = [words.say(column) for column in heading.columns]
    return table(words.say(heading.caption, **named), columns, rows, headers)


def cautions(words: Words, pairs: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
    """What must not be concluded, and why, in the language asked for."""
    return [(words.say(what), words.say(why)) for what, why in pairs]


def not_on(cover: Cover | None, chart: Markup, shown: str) -> list[tuple[Markup, str]]:
    """Return a chart with what it shows, for a section; none where it is the cover's picture."""
    picture = None if cover is None else cover.picture
    return [] if picture is not None and picture.drawing == chart else [(chart, shown)]


def warnings_section(words: Words, audit: Audit) -> Section:
    """Every warning of an audit; that there is none, where there is none."""
    serious = sum(one.severity == SERIOUS for one in audit.warnings)
    say = said.sayer(words, audit)
    return Section(
        said.warnings(words, len(audit.warnings), serious),
        folded=True,
        anchor="warnings",
        sentences=() if audit.warnings else [words.say(said.NO_WARNINGS)],
        points=[
            (f"[{one.assignment}] " if one.assignment else "") + say(one.finding)
            for one in audit.warnings
        ],
    )


def tests_table(words: Words, tests: Sequence[StatedTest], permutations: int = 0) -> Table:
    """Every test of an audit; those that draw do so many permutations."""
    rows = []
    for one in tests:
        name, null = words.tested(one.test.test)
        rows.append([
            one.subject.assignment, one.subject.group, name, null,
            words.number(one.test.statistic), words.number(one.test.p_value),
            counted(words, one.test) + (
                "" if one.test.seed is None
                else words.many(permutations, "; {n} permutation", "; {n} permutations")
            ),
        ])  # fmt: skip
    return headed(words, said.TESTED, rows, headers=3)


def everything(
    words: Words,
    audit: Audit,
    statistic: Callable[[str], str] | None = None,
    say: Say | None = None,
    assigned: Callable[[str], str] | None = None,
) -> Section:
    """Put every statement behind one fold, up to a length that a browser bears.

    Parameters
    ----------
    words : Words
    audit : Audit
    statistic : callable, optional
        Names a statistic; by default it is shown by its code.
    say : callable, optional
        Says a code as the topic does.
    assigned : callable, optional
        Names an assignment; by default it is shown by its code.
    """
    named, say, assigned = statistic or str, say or words.of, assigned or str
    rows = [
        [
            assigned(one.subject.assignment),
            _part(words, one.subject.subset),
            "" if one.subject.threshold is None else words.number(one.subject.threshold),
            _part(words, one.subject.group), named(one.statistic),
            words.number(one.estimate.value, 4),
            interval_or_not(words, one.estimate),
            "" if one.numerator is None else words.number(one.numerator, 4),
            words.number(one.estimate.n, 4),
            say(one.estimate.denominator), say(one.estimate.method),
        ]
        for one in audit.statements[:MOST_ROWS]
    ]  # fmt: skip
    many = len(audit.statements)
    sentence = words.many(many, "{n} estimate.", "{n} estimates.")
    if many > MOST_ROWS:
        sentence += " " + words.say(said.FIRST_ROWS, most=MOST_ROWS)
    return Section(
        said.every_one(words, many),
        folded=True,
        sentences=[sentence],
        behind=[headed(words, said.EVERY_ESTIMATE, rows, headers=5)],
        behind_name=words.say(said.SHOW_THEM),
    )


def _part(words: Words, code: str) -> str:
    """Name a part of the data, or a group: all by a word, others as they are called."""
    return words.say(said.ALL_DATA) if code.casefold() == WHOLE else code
