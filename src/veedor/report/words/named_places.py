"""What is said of named places: the most expected ones, hot spots, and those that emerge."""

from __future__ import annotations

from collections.abc import Sequence

from veedor.forecasts.expected_places import ExpectedPlace, ExpectedZone
from veedor.report.words.language import Words, noted

EXPECTED = (
    noted("Place"),
    noted("Middle (latitude, longitude)"),
    noted("Expected, with its 95% interval"),
)
#: The same on a cover, whose column is narrow.
EXPECTED_SHORT = noted("Expected (95% range)")
RECORDED = noted("Recorded")


def expected(words: Words, places: Sequence[ExpectedPlace]) -> str:
    """Say what a table of the most expected places lists, and out of how many incidents."""
    first = places[0]
    given = {
        "category": first.category,
        "start": words.day(first.start),
        "end": words.day(first.end),
        "forecaster": first.forecaster,
        "all": words.number(first.expected_in_all),
    }
    if first.recorded_in_all is None:
        return words.many(
            len(places),
            "{category}, from {start} to before {end}: the place where {forecaster} expects "
            "the most to be recorded; it expects {all} in all places together",
            "{category}, from {start} to before {end}: the {n} places where {forecaster} "
            "expects the most to be recorded; it expects {all} in all places together",
            **given,
        )
    return words.many(
        len(places),
        "{category}, from {start} to before {end}: the place where {forecaster} expected the "
        "most to be recorded; in all places together it expected {all}, and {recorded} were "
        "recorded",
        "{category}, from {start} to before {end}: the {n} places where {forecaster} expected "
        "the most to be recorded; in all places together it expected {all}, and {recorded} "
        "were recorded",
        recorded=words.number(first.recorded_in_all),
        **given,
    )


def expected_count(words: Words, one: ExpectedPlace | ExpectedZone) -> str:
    """Write an expected count with its interval."""
    return words.say(
        "{mean} ({low} to {high})",
        mean=words.number(one.expected),
        low=words.number(one.low),
        high=words.number(one.high),
    )
