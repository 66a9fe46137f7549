"""The cover of a log of promises: what was promised, and whether it was kept."""

from __future__ import annotations

from collections.abc import Sequence

from veedor.report.cover import Tone
from veedor.report.words.examination import verdict
from veedor.report.words.language import Words
from veedor.sealing.findings import NEVER, LogFindings
from veedor.verification.judging import BETTER, WORSE


def finding(words: Words, found: LogFindings) -> tuple[Tone, str]:
    """Give the one verdict."""
    promises = found.promises
    never = sum(one.state == NEVER for one in promises)
    scored = sum(bool(one.scorings) for one in promises)
    late = sum(one.late for one in promises)
    if not found.holds:
        return "worse", words.many(
            len(found.problems),
            "This log does not hold: {n} problem. Rely on nothing in it",
            "This log does not hold: {n} problems. Rely on nothing in it",
        )
    if never:
        return "open", words.many(
            never,
            "This log holds, but {n} promise that is due was never scored",
            "This log holds, but {n} promises that are due were never scored",
        )
    if not promises:
        return "none", words.say("This log holds, and no forecast is promised in it")
    if late:
        return "open", words.many(
            late,
            "This log holds, but {n} promise was sealed after its period had begun: it proves no "
            "forecast",
            "This log holds, but {n} promises were sealed after their periods had begun: they "
            "prove no forecast",
        )
    if scored:
        return "better", words.many(
            scored,
            "This log holds, and every promise that is due was scored: {n} of {all}",
            "This log holds, and every promise that is due was scored: {n} of {all}",
            all=len(promises),
        )
    return "about", words.many(
        len(promises),
        "This log holds: {n} promise, and its time is not over",
        "This log holds: {n} promises, and none is due yet",
    )


def because(words: Words, found: LogFindings) -> str:
    """Say how many forecasters did better than their reference, and worse."""
    judged = [verdict(one.gain) for one in found.together if one.gain is not None]
    if not judged:
        return words.say("Nothing is said yet of how well a forecast did.")
    return words.many(
        len(judged),
        "Of {n} forecaster held against its reference, {better} did better and {worse} worse; of "
        "{open} it is not shown.",
        "Of {n} forecasters held against their references, {better} did better and {worse} worse; "
        "of {open} it is not shown.",
        better=judged.count(BETTER),
        worse=judged.count(WORSE),
        open=len(judged) - judged.count(BETTER) - judged.count(WORSE),
    )


def proof(words: Words, found: LogFindings) -> list[tuple[str, int, int]]:
    """Name three counts, each out of all promises; and by whose clock they were sealed."""
    promises = found.promises
    in_time = [one for one in promises if not one.late]
    by_authority = found.authority_checked and all(one.existed_by for one in in_time)
    return [
        (
            words.say("sealed before their period")
            if by_authority
            else words.say("sealed before their period, by the log's own clock"),
            len(in_time),
            len(promises),
        ),
        (words.say("scored"), sum(bool(one.scorings) for one in promises), len(promises)),
        (
            words.say("due, and never scored"),
            sum(one.state == NEVER for one in promises),
            len(promises),
        ),
    ]


def cautions(words: Words) -> tuple[str, ...]:
    """Say what must not be concluded."""
    return (
        words.say("That one good round is skill: look at all rounds together, six weeks at least."),
        words.say(
            "That this is the only log: whoever holds the key can write another. Only a checkpoint "
            "that you kept shows it."
        ),
        words.say(
            "That the counts are what happened: they are what somebody recorded, and no more."
        ),
        words.say(
            "That a kept promise says why incidents were recorded: where more is looked for, more "
            "is recorded."
        ),
    )


def together(words: Words, found: LogFindings) -> str:
    """Head all rounds together."""
    return words.many(
        len(found.together),
        "All rounds together: {n} forecaster beside its reference",
        "All rounds together: {n} forecasters beside their references",
    )


def every(words: Words, found: LogFindings) -> str:
    """Head every promise."""
    return words.many(
        len(found.promises),
        "Every promise: {n}, in the order in which it was made",
        "Every promise: {n}, in the order in which they were made",
    )


def proven(words: Words, found: LogFindings) -> str:
    """Head what is proven, with its hashes."""
    return words.say(
        "Proven: {proven}; not proven: {open}; problems: {problems}",
        proven=len(found.proven),
        open=len(found.not_proven),
        problems=len(found.problems),
    )


def promised(words: Words, promises: Sequence[tuple[str, bool]]) -> str:
    """Say what a command promised: of each promise its first instant, and whether it is late."""
    late = sum(one for _, one in promises)
    begins = min(begin for begin, _ in promises)
    if late:
        return words.many(
            len(promises),
            "{n} forecast is promised in the log, from {begins} on; {late} LATE, after its period "
            "had begun: that proves nothing.",
            "{n} forecasts are promised in the log, from {begins} on; {late} LATE, after their "
            "period had begun: these prove nothing.",
            begins=begins,
            late=late,
        )
    return words.many(
        len(promises),
        "{n} forecast is promised in the log before its period, which begins {begins}.",
        "{n} forecasts are promised in the log before their periods, the first of which begins "
        "{begins}.",
        begins=begins,
    )
