"""Names of what patterns are of: kinds, classes over time, days, bands, areas; and intervals."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import msgspec
from msgspec import structs

from veedor.report.words.language import Words, noted, noted_many
from veedor.statistics.codes import Finding

#: A watch that knows fewer weeks before cannot take a season into account.
YEAR_WEEKS = 52
FINDINGS = {
    "all_categories_shifted": noted("all categories"),
    "category_shifted_back": noted("code: {category}"),
    "share_without_a_place": noted("incidents without a place"),
    "share_with_a_place": noted("incidents with a place"),
    "share_known_to_more_than_an_hour": noted("times known to more than an hour"),
    "share_known_to_the_hour": noted("times known to the hour"),
    "share_reported_late": noted("reported after more than a week"),
    "share_reported_within_a_week": noted("reported within a week"),
}
DENOMINATORS = {
    "incidents_in_places": noted_many(
        "recorded incidents in {places} place", "recorded incidents in {places} places"
    ),
    "before_and_after_in_all": noted("recorded incidents before and after in all areas"),
    "before_and_after_in_the_area": noted(
        "recorded incidents before and after in the treated area and its comparison"
    ),
    "before_and_after_around_it": noted(
        "recorded incidents before and after around it and in that comparison"
    ),
}
METHODS = {
    "jackknife_of_runs": noted("jackknife of {runs} runs of consecutive periods"),
    "none_nothing_recorded": noted("none: nothing was recorded"),
    "none_few_runs": noted_many(
        "none: {runs} run of periods is too few", "none: {runs} runs of periods are too few"
    ),
    "none_in_one_run": noted("none: nothing was recorded outside one run of periods"),
    "normal_of_poisson_counts": noted("normal, of Poisson counts"),
}
#: Class over time -> its name, and what it takes. H is hot; for cold spots read cold for hot.
CLASSES = {
    "new": (noted("new"), noted("H in the last step and never before")),
    "consecutive": (
        noted("consecutive"),
        noted(
            "H without a gap in the last two or more steps, never before, in less than 90% of the "
            "steps"
        ),
    ),
    "intensifying": (
        noted("intensifying"),
        noted("H in the last step and in at least 90% of the steps, with a rising trend"),
    ),
    "persistent": (
        noted("persistent"),
        noted("H in the last step and in at least 90% of the steps, without a trend"),
    ),
    "diminishing": (
        noted("diminishing"),
        noted("H in the last step and in at least 90% of the steps, with a falling trend"),
    ),
    "sporadic": (
        noted("sporadic"),
        noted(
            "H in the last step, off and on before, in less than 90% of the steps, never the "
            "opposite"
        ),
    ),
    "oscillating": (
        noted("oscillating"),
        noted(
            "H in the last step, in less than 90% of the steps, and the opposite in an earlier one"
        ),
    ),
    "historical": (
        noted("historical"),
        noted("not H in the last step, but in at least 90% of the steps"),
    ),
    "rising": (noted("rising"), noted("none of these, and a rising trend")),
    "falling": (noted("falling"), noted("none of these, and a falling trend")),
    "none": (noted("none"), noted("none of these")),
}
GROUPS = {
    "none": noted("none"), "on_and_off": noted("on and off"), "persistent": noted("persistent"),
    "emerging": noted("emerging"), "fading": noted("fading"),
}  # fmt: skip
KINDS_OF_DAY = {
    "monday": noted("Monday"), "tuesday": noted("Tuesday"), "wednesday": noted("Wednesday"),
    "thursday": noted("Thursday"), "friday": noted("Friday"), "saturday": noted("Saturday"),
    "sunday": noted("Sunday"), "january": noted("January"), "february": noted("February"),
    "march": noted("March"), "april": noted("April"), "may": noted("May"), "june": noted("June"),
    "july": noted("July"), "august": noted("August"), "september": noted("September"),
    "october": noted("October"), "november": noted("November"), "december": noted("December"),
    "public_holiday": noted("public holiday"), "pay_day": noted("pay-day and the day after"),
    "first_of_the_month": noted("first of the month"),
}  # fmt: skip
STEPS = {"month": (noted("month"), noted("months")), "week": (noted("week"), noted("weeks"))}


def counts_of(result: msgspec.Struct | None) -> dict[str, Any]:
    """Whole numbers and names of a result, to fill in a template."""
    given = {} if result is None else structs.asdict(result)
    return {name: value for name, value in given.items() if isinstance(value, int | str)}


def sign(words: Words, found: Finding) -> str:
    """Say what else broke when a level shifted."""
    if found.code.startswith("share_"):
        return words.say("recording: {series}", series=words.of(found))
    return words.of(found)


def area_name(words: Words, area: str | None) -> str:
    """Write the name of an area, such as ``r1c2``."""
    if area is None:
        return words.say("all areas")
    row, column = area[1:].split("c")
    return words.say("row {row}, column {column}", row=row, column=column)


def distance_bands(words: Words, ends: tuple[float, ...]) -> list[str]:
    """Name the bands of distance, the first of them the same place."""
    return [words.say("same place")] + [
        words.say("{low} to {high} m", low=f"{low:g}", high=f"{high:g}")
        for low, high in pairwise(ends)
    ]


def time_bands(words: Words, ends: tuple[int, ...]) -> list[str]:
    """Name the bands of time, the first of them the same day."""
    return [words.say("same day")] + [
        words.say("{low} to {high} days", low=low + 1, high=high)
        if high > low + 1
        else words.many(high, "{n} day", "{n} days")
        for low, high in pairwise(ends)
    ]
