"""What the parts and settings of an audit are called."""

from __future__ import annotations

from veedor.report.words.language import Words, noted

CALLED = {
    # audits
    "exposure": noted("exposure"),
    "benchmark": noted("benchmark"),
    "reporting": noted("reporting"),
    "feedback": noted("feedback"),
    "alerts": noted("alerts"),
    # where a prediction counts
    "centre": noted("centre"),
    "box": noted("box"),
    "stored": noted("stored"),
    # what devices see, and how many there are, where not all is known of them
    "view": noted("in view"),
    "view_least": noted("least in view"),
    "view_most": noted("most in view"),
    "devices": noted("devices"),
    "devices_least": noted("fewest devices"),
    "devices_most": noted("most devices"),
    # systems that are simulated, and how patrols follow from them
    "counts": noted("counts of the record"),
    "proportional": noted("proportional"),
}


def called(words: Words, code: str) -> str:
    """Say what a part or a setting is called; what has no name here stays as it is.

    >>> from veedor.report.words import words_in
    >>> called(words_in("en"), "box"), called(words_in("en"), "mine")
    ('box', 'mine')
    """
    return words.say(CALLED[code]) if code in CALLED else code
