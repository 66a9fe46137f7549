"""Words of the page of a record: what was answered, what was refused, and what was not told."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from veedor.disclosure.record import AuditNamed, AuditShown, Matrix, RecordResults
from veedor.disclosure.record.core import State
from veedor.report.words import records
from veedor.report.words.headings import Heading
from veedor.report.words.language import Words, noted

MATRIX = Heading(
    noted("Article {number}: {title}"),
    (
        noted("Article"), noted("The text says"), noted("What a record asks"), noted("State"),
        noted("What was answered"), noted("Source and date"),
    ),
)  # fmt: skip
REGISTER = Heading(
    noted("{framework}"),
    (
        noted("Number"), noted("What it asks"), noted("What a record asks"), noted("State"),
        noted("What was answered"), noted("Source and date"),
    ),
)  # fmt: skip
FIELDS = Heading(
    noted("{topic}"),
    (
        noted("What a record asks"), noted("The question"), noted("State"),
        noted("What was answered"), noted("Source and date"),
    ),
)  # fmt: skip
PRINTED = Heading(
    noted("{topic}"),
    (
        noted("What a record asks"), noted("State"), noted("What was answered"),
        noted("Source and date"),
    ),
)  # fmt: skip
COUNTED = Heading(
    noted("What was asked, by what became of it"),
    (
        noted("About"), noted("Given"), noted("Refused"), noted("N/A"),
        noted("Not answered"),
    ),
)  # fmt: skip
REFUSALS = Heading(noted("What was refused"), (noted("Asked"), noted("When")))
ASKED = Heading(noted("What was asked, without an answer"), (noted("Asked"), noted("When")))
QUOTED, SAME = noted("“{text}”"), noted("the same words")
SHOWN = Heading(noted("What audits show"), (noted("Audit"), noted("It shows")))
QUESTIONS = Heading(noted("{part}"), (noted("Question"), noted("The user's own answer")))
CAUTIONS = (
    noted("Not answered does not mean that there is none."),
    noted("What is given is what was said; veedor did not check it."),
    noted("The counts are no mark, and no measure of whether the law is kept."),
    noted("This page is no legal advice, and concludes nothing in law."),
)
REASONS = (
    noted("A law, a log or a test may exist that nobody told of; only a request can find out."),
    noted("An answer stands here with its source, so that anyone can look it up."),
    noted("One field may matter more than all others, and a system may keep the law unasked."),
    noted(
        "It sets what was answered beside the words of a text, by article and date; whoever "
        "decides must read the text in force."
    ),
)
AUDITS = {
    "access": noted("audit of access"),
    "behaviour": noted("audit of behaviour"),
    "devices": noted("audit of devices"),
    "published-counts": noted("published counts of several readers"),
    "reading": noted("reading of a sample by people"),
    "alerts": noted("audit of alerts"),
    "exposure": noted("audit of exposure"),
    "benchmark": noted("benchmark audit"),
    "reporting": noted("audit of reporting"),
    "feedback": noted("audit of feedback"),
}
ABOUT_SHOWN = noted(
    "These are findings of audits of files, not answers of the body. Each stands beside the fields "
    "that it has to do with, and in the place of none."
)
ABOUT_MATRIX = noted(
    "Each row sets an article's own words, in the language of the law, beside the field that "
    "answers it. Read in the text of {month}: {source}. What was changed later is not in it."
)
ABOUT_REGISTER = noted(
    "Each row sets what a register asks beside the field that answers it. Read in the version of "
    "{month}: {source}."
)
ABOUT_QUESTIONS = noted(
    "Questions of Canada's Algorithmic Impact Assessment, read from the file that was given, with "
    "the user's own answers. veedor computes no score of it, and no impact level."
)
CONDITIONAL = noted("not answered; asked after some answers only")


def finding(words: Words, results: RecordResults) -> str:
    """Say how many fields have an answer; a count, not a verdict."""
    counted = results.counted
    return words.many(
        counted["given"],
        "{n} of {all} questions is answered, {refused} refused",
        "{n} of {all} questions are answered, {refused} refused",
        all=sum(counted.values()),
        refused=counted["refused"],
    )


def because(words: Words, results: RecordResults) -> str:
    """Say what stays blank, and of what answers are."""
    return words.many(
        results.counted["not answered"],
        "{n} was not answered: it is printed as blank, and nothing is inferred from it. Answers "
        "are of {body}, as far as {day}.",
        "{n} were not answered: they are printed as blank, and nothing is inferred from them. "
        "Answers are of {body}, as far as {day}.",
        body=results.about.body,
        day=words.day(results.about.date),
    )


def matrix_title(words: Words, matrix: Matrix) -> str:
    """Say of how many of a framework's rows there is an answer."""
    states = [one.answer.state for one in matrix.rows]
    return words.many(
        states.count("given"),
        "{framework}: {n} of {all} rows is answered, {refused} refused, {blank} not answered",
        "{framework}: {n} of {all} rows are answered, {refused} refused, {blank} not answered",
        framework=words.say(records.FRAMEWORKS[matrix.framework]),
        all=len(states),
        refused=states.count("refused"),
        blank=states.count("not answered"),
    )


def counted_told(words: Words, counted: Mapping[State, int]) -> str:
    """Say how many fields are in each state."""
    return words.many(
        sum(counted.values()),
        "Of {n} field {given} is given, {refused} refused, {none} not applicable, {blank} not "
        "answered. Nothing is inferred from what was not answered.",
        "Of {n} fields {given} are given, {refused} refused, {none} not applicable, {blank} not "
        "answered. Nothing is inferred from what was not answered.",
        given=counted["given"], refused=counted["refused"], none=counted["not applicable"],
        blank=counted["not answered"],
    )  # fmt: skip


def audits_named(words: Words, audits: Sequence[AuditNamed]) -> list[str]:
    """Name the audits that a record names, by file and day."""
    return [
        words.say("Audit: {results}, {day}", results=one.results, day=words.day(one.date))
        for one in audits
    ]


def audit_named(words: Words, shown: AuditShown) -> str:
    """Name an audit by its kind and day."""
    name = words.say(AUDITS[shown.audit])
    return words.say("{audit}, {day}", audit=name, day=words.day(shown.date))


def audit_kept(words: Words, shown: AuditShown) -> str:
    """Say which file an audit's results are, so that anyone can hold another against them."""
    return words.say(
        "Its results: {file}, SHA-256 {sha256}.", file=shown.results, sha256=shown.sha256
    )


def written_beside(words: Words, files: list[str]) -> str:
    """Say which files were written beside the page."""
    return words.say("Beside it: {files}", files=words.listed(files))
