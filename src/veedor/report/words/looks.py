"""What is said of an access log: who may look, how often it was done, and why."""

from __future__ import annotations

from veedor.report.cover import Tone
from veedor.report.words.language import Words, noted
from veedor.sealing.findings import LogFindings
from veedor.sealing.looked import LooksFound

PURPOSES = {
    "case": noted("a case or file"),
    "complaint": noted("a complaint"),
    "court": noted("a court's order"),
    "audit": noted("an audit"),
    "research": noted("research"),
    "own_work": noted("work on one's own study or audit"),
}


def purpose(words: Words, kind: str) -> str:
    """Name a kind of purpose."""
    return words.say(PURPOSES[kind])


def counted(words: Words, count: int | None) -> str:
    """Write a count, or that it is hidden."""
    return words.say("fewer than 10, or hidden") if count is None else words.number(count)


def finding(words: Words, found: LogFindings) -> tuple[Tone, str]:
    """Give the one verdict."""
    if not found.holds:
        return "worse", words.many(
            len(found.problems),
            "This access log does not hold: {n} problem. Rely on nothing in it",
            "This access log does not hold: {n} problems. Rely on nothing in it",
        )
    return "better", words.say(
        "This access log holds, and every look in it was under a purpose stated before"
    )


def because(words: Words, looks: LooksFound) -> str:
    """Say how many may look, and how often it was done."""
    return words.say(
        "Accounts that may look: {accounts}. Looks: {looks}, from {first} to {last} (UTC).",
        accounts=counted(words, looks.told.accounts),
        looks=counted(words, looks.told.looks),
        first=words.day(looks.first),
        last=words.day(looks.last),
    )


def in_short(words: Words, looks: LooksFound) -> list[str]:
    """Say what the log holds."""
    return [
        because(words, looks),
        words.many(
            looks.purposes,
            "{n} purpose was stated; each is in force for 8 hours, for one account and project.",
            "{n} purposes were stated; each is in force for 8 hours, for one account and project.",
        ),
        words.many(
            looks.changes,
            "{n} change of accounts is in the log: let in, given another role, ended, or given "
            "another second factor.",
            "{n} changes of accounts are in the log: let in, given another role, ended, or given "
            "another second factor.",
        ),
    ]


def hidden(words: Words) -> str:
    """Say what is hidden, and why."""
    return words.say(
        "Counts of fewer than 10 accounts, or looks of so few, are hidden, and so is what would "
        "give them back by subtraction. Accounts are not named: not by their keys either."
    )


def cautions(words: Words) -> tuple[str, ...]:
    """Say what must not be concluded."""
    return (
        words.say(
            "That nobody looked otherwise: who administers the machine can read its files without "
            "the site."
        ),
        words.say(
            "That this is the only log: whoever holds the key can write another. Only a checkpoint "
            "that you or a witness kept shows it."
        ),
        words.say("That a purpose is true: it is what was stated before the look."),
        words.say("That many looks are abuse, or that few are care: ask the reasons."),
    )


def reasons(words: Words) -> list[tuple[str, str]]:
    """List what must not be concluded: a head, and its reason."""
    return [
        (
            words.say("A log that holds says what the site showed, not what was done with it."),
            words.say("Hold purposes against the files that they name; that takes who has both."),
        ),
        (
            words.say("Many looks are no abuse, and few are no proof of care."),
            words.say(
                "`veedor audit access` reads these looks: reasons, repeats, hours, offices side by "
                "side."
            ),
        ),
    ]
