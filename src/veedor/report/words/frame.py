"""Words that stand in the frame of every page."""

from __future__ import annotations

from veedor.report.words.language import Words, noted

#: What a template asks for by name.
FRAME = {
    "report_of": noted("{title}: report"),
    "skip": noted("Skip to what was found"),
    "made": noted("Made with veedor. This page loads nothing from outside."),
    "plain": noted("In plain words"),
    "cautions": noted("What must not be concluded"),
    "tables": noted("Tables"),
    "next": noted("Where to go next"),
    "letter_note": noted(
        "A draft made with veedor, for you to read, change, fill in and send. It is no legal "
        "advice. This note is not printed."
    ),
    "licence": noted("Licence of Leaflet, which draws the map"),
    "licence_label": noted("Licence of Leaflet"),
}


def more_below(words: Words, n: int) -> str:
    """Say how many lines of a cover's list are told further down alone."""
    return words.many(n, "and {n} more, below", "and {n} more, below")
