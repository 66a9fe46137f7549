"""Words that all audits share."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial

from veedor.audits.access.results import AccessAudit
from veedor.audits.alerts.results import AlertAudit
from veedor.audits.audit import Audit, Say
from veedor.errors import VeedorError
from veedor.report.words import access
from veedor.report.words.alert_kinds import of
from veedor.report.words.called import called
from veedor.report.words.headings import Heading
from veedor.report.words.language import Words, noted, noted_many

ALL_DATA = noted("all")
NOTHING_ANSWERED = noted("No question about this system could be answered")
SENTENCES = noted("What was found, sentence by sentence")
NO_WARNINGS = noted("None of the conditions that veedor looks for was found.")
SHOW_THEM = noted("Show them")
#: Comparisons.
MORE = noted_many("{n} shows more", "{n} show more")
LESS = noted_many("{n} shows less", "{n} show less")
NOT_SHOWN = noted_many("{n} shows neither", "{n} show neither")
FIRST_ROWS = noted("The first {most} are here; all are in estimates.csv.")
EVERY_ESTIMATE = Heading(
    noted("Every estimate"), (
        noted("Assignment"), noted("Subset"), noted("Threshold"), noted("Group"),
        noted("Statistic"), noted("Value"), noted("Interval"), noted("Counted"), noted("n"),
        noted("Out of"), noted("Method"),
    ),
)  # fmt: skip
TESTED = Heading(
    noted("Tests"), (
        noted("Assignment"), noted("Group"), noted("Test"), noted("Null hypothesis"),
        noted("Statistic"), noted("p-value"), noted("Of"),
    ),
)  # fmt: skip

METHODS = {
    "none_undefined": noted("none: the value is undefined"),
    "none_counted": noted("none: counted, not estimated"),
}


def sayer(words: Words, audit: Audit) -> Say:
    """Return what says the codes of an audit: of alerts as the kind of system has them.

    Of access, columns are named as pages do.

    Parameters
    ----------
    words : Words
    audit : Audit
    """
    if isinstance(audit, AlertAudit):
        return partial(of, words, audit.settings.kind)
    if isinstance(audit, AccessAudit):
        return partial(access.of, words)
    return words.of


def answers(words: Words, more: int, less: int, not_shown: int) -> str:
    """Say how many comparisons are more, less and not shown: only what there is.

    >>> from veedor.report.words import words_in
    >>> answers(words_in("en"), 1, 0, 2), answers(words_in("en"), 0, 0, 3)
    ('1 shows more and 2 show neither', '3 show neither')
    """
    told = ((more, MORE), (less, LESS), (not_shown, NOT_SHOWN))
    return words.listed([words.many(many, *how) for many, how in told if many])


def more_groups(words: Words, note: str, left: int) -> str:
    """Say behind a cover's note how many groups it has no room for.

    >>> from veedor.report.words import words_in
    >>> more_groups(words_in("en"), "Bars: ranges.", 2)
    'Bars: ranges. 2 groups more are below.'
    """
    if not left:
        return note
    return words.many(
        left, "{said} {n} group more is below.", "{said} {n} groups more are below.", said=note
    )


def warned(words: Words, audit: Audit) -> list[str]:
    """Say each warning, and of which assignment it is."""
    say = sayer(words, audit)
    return [
        words.say(
            "Warning ({assignment}): {warning}",
            assignment=called(words, one.assignment),
            warning=say(one.finding),
        )
        if one.assignment
        else words.say("Warning: {warning}", warning=say(one.finding))
        for one in audit.warnings
    ]


def every_one(words: Words, estimates: int) -> str:
    """Say how many estimates there are: the heading of all of them."""
    return words.many(
        estimates, "Every estimate: {n}, with its interval", "All {n} estimates, with intervals"
    )


def warnings(words: Words, every: int, serious: int) -> str:
    """Say how many warnings there are: the heading of that section."""
    if not every:
        return words.say("No warning: none of the conditions that veedor looks for was found")
    return words.many(
        every, "{n} warning, serious: {serious}", "{n} warnings, serious: {serious}",
        serious=serious,
    )  # fmt: skip


def left_out(words: Words, lacking: Mapping[str, Sequence[Sequence[str]]]) -> list[str]:
    """Say of each audit that was left out which options it lacks."""
    say = words.say
    return [
        say(
            "{audit}: left out; it needs {options}.",
            audit=called(words, name),
            options=", ".join(say(" or ").join(f"--{one}" for one in each) for each in needed),
        )
        for name, needed in lacking.items()
    ]


def stopped_by(words: Words, audit: str, error: VeedorError) -> str:
    """Say of an audit what stopped it."""
    return words.say(
        "{audit}: stopped by an input. {error}",
        audit=called(words, audit), error=words.translated(error.told),
    )  # fmt: skip


def not_answered(words: Words, open_: int) -> str:
    """Say how many questions are not answered: the heading of what is missing."""
    return words.many(
        open_,
        "{n} question is not answered: what is missing, and what stopped it",
        "{n} questions are not answered: what is missing, and what stopped them",
    )


def how_many_answered(words: Words, answered: int, open_: int) -> str:
    """Say how many questions about a system are answered."""
    return words.many(
        answered,
        "{n} question about this system is answered from its files; not answered: {open}.",
        "{n} questions about this system are answered from its files; not answered: {open}.",
        open=open_,
    )
