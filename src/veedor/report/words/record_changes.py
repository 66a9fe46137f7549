"""Words of what differs between two versions of a record."""

from __future__ import annotations

from veedor.disclosure.record import Differences
from veedor.report.words.headings import Heading
from veedor.report.words.language import Words, noted

_COLUMNS = (
    noted("What a record asks"), noted("State before"), noted("What was answered before"),
    noted("Source and date before"), noted("State now"), noted("What is answered now"),
    noted("Source and date now"),
)  # fmt: skip
KINDS = {
    "withdrawn": Heading(noted("Withdrawn"), _COLUMNS),
    "changed": Heading(noted("Changed"), _COLUMNS),
    "added": Heading(noted("Added"), _COLUMNS),
}
NAMED = Heading(noted("What differs"), (noted("What a record asks"), noted("What became of it")))
BECAME = {
    "withdrawn": noted("withdrawn"),
    "changed": noted("changed"),
    "added": noted("added"),
}
CAUTIONS = (
    noted("A changed answer does not mean that the system changed."),
    noted("An answer that was withdrawn may still be true."),
    noted("An answer that was added is what was said; veedor did not check it."),
    noted("This page is no legal advice, and concludes nothing in law."),
)
REASONS = (
    noted("Words may have been mended, or a source replaced by a better one."),
    noted("Only its source, or a new request, can tell."),
    noted("It stands with its source, so that anyone can look it up."),
    noted("It compares two files, and whoever decides must read the texts in force."),
)


def finding(words: Words, found: Differences) -> str:
    """Say how many answers differ."""
    return words.many(
        len(found.changes),
        "{n} answer differs: {added} added, {changed} changed, {withdrawn} withdrawn",
        "{n} answers differ: {added} added, {changed} changed, {withdrawn} withdrawn",
        added=len(found.of("added")),
        changed=len(found.of("changed")),
        withdrawn=len(found.of("withdrawn")),
    )


def because(words: Words, found: Differences) -> str:
    """Say of which versions, and how many fields are as they were."""
    return words.many(
        found.unchanged,
        "From version {before} of {old} to version {after} of {new}; {n} field is as it was.",
        "From version {before} of {old} to version {after} of {new}; {n} fields are as they were.",
        before=found.before.version,
        old=words.day(found.before.date),
        after=found.after.version,
        new=words.day(found.after.date),
    )


def renamed(words: Words, found: Differences) -> list[str]:
    """Say what the system or its body was called before, where that differs."""
    told = []
    if found.before.system != found.after.system:
        told.append(
            words.say(
                "The system was called {before}, and is called {after}.",
                before=found.before.system, after=found.after.system,
            )
        )  # fmt: skip
    if found.before.body != found.after.body:
        told.append(
            words.say(
                "The body was {before}, and is {after}.",
                before=found.before.body, after=found.after.body,
            )
        )  # fmt: skip
    return told


def audits(words: Words, found: Differences) -> list[str]:
    """Name the audits that came and went."""
    return [
        *(
            words.say("Audit added: {results}, {day}", results=one.results, day=words.day(one.date))
            for one in found.audits_added
        ),
        *(
            words.say(
                "Audit withdrawn: {results}, {day}", results=one.results, day=words.day(one.date)
            )
            for one in found.audits_withdrawn
        ),
    ]
