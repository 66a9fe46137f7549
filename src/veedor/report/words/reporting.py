"""Words of the reporting audit."""

from __future__ import annotations

from veedor.audits.audit import Statement
from veedor.audits.places.reporting import ReportingAudit
from veedor.audits.places.reporting.audit import Tally
from veedor.report.words.headings import Heading
from veedor.report.words.intervals import interval, out_of
from veedor.report.words.language import Words, noted, noted_many

DENOMINATORS = {
    "flagged_places": noted("flagged places"),
    "unflagged_places": noted("places that are not flagged"),
    "recorded_of_category": noted("recorded incidents of {category}"),
    "recorded_in_two_places": noted(
        "recorded incidents in the two places, all categories together"
    ),
    "residents_counted_as": noted("residents counted as {group}"),
    "residents_against": noted("residents counted as {group}, against {reference}"),
}
METHODS = {
    "none_nothing_recorded": noted("none: nothing was recorded"),
    "interval_arithmetic": noted(
        "interval arithmetic over all admissible reporting rates, no sampling"
    ),
    "none_no_such_places": noted("none: there are no such places"),
    "exact_bounds_at_the_middle": noted(
        "value at the middle of each rate's interval; exact bounds over all admissible rates; "
        "sampling error left out"
    ),
    "none_as_recorded": noted("as recorded, at equal reporting everywhere; no interval"),
    "none_ratio_of_counts": noted(
        "ratio of counts; no interval: it is a property of what was recorded"
    ),
    "none_root_of_the_disparity": noted(
        "root of the disparity in the ratio of reporting rates; no interval"
    ),
    "delta_log_and_binomial_reporting": noted(
        "delta method on the log scale: the survey's standard error and binomial reporting"
    ),
}
FINDINGS = {
    "flagged_by_number": noted_many(
        "the {top} place with the largest count", "the {top} places with the largest counts"
    ),
    "flagged_by_area": noted("the densest places, {percent}% of the area"),
    "flagged_by_column": noted("those that the column flagged marks"),
}
#: How rates of places relate, as a condition and in short.
SHARINGS = {
    "own": (noted("every place may have a rate of its own"), noted("own rates")),
    "shared": (noted("places of one stratum share a rate"), noted("shared rates")),
}
#: Statistic of a disparity -> what it is.
DISPARITIES = {
    "exposure_per_1000_recorded": noted("recorded incidents per 1,000"),
    "exposure_per_1000": noted("incidents per 1,000"),
    "ratio_per_1000_recorded": noted("ratio of recorded incidents to the reference"),
    "ratio_per_1000": noted("ratio to the reference"),
    "break_even_reporting_ratio": noted("ratio of reporting that closes it"),
}
#: Statistic of a total -> how it is bounded.
TOTALS = {
    "true_count": noted("with the survey's error"),
    "true_count_bounds": noted("bounds"),
}
CAUTIONS = (
    (
        noted("A robust flag is not a right one."),
        noted(
            "It is robust to under-reporting within the intervals that were given, and to nothing "
            "else. If the true rates lie outside them, nothing here holds."
        ),
    ),
    (
        noted("A survey's interval is about its average."),
        noted(
            "It says how well the average rate is known, not how rates differ between places. Read "
            "the lines where every place may have a rate of its own with intervals wide enough for "
            "that."
        ),
    ),
    (
        noted("A fragile flag says nothing about the people of a place."),
        noted("It says that the record cannot tell this place from one that is not flagged."),
    ),
)
STABILITY = noted(
    "A place is robust if it stays as it is, flagged or not, for every reporting rate within the "
    "intervals; fragile if some admissible rates change that. Both are proved, not sampled. Ties "
    "stay as they are flagged."
)
BOUNDED = noted(
    "Bounds take the recorded count as given and let the rate be anything within its interval. "
    "Where a survey gives a standard error, an interval also holds the chance by which each "
    "incident was reported or not."
)
CLOSED = noted(
    "The ratio of reporting that closes a disparity says how many times as often the group's "
    "incidents would have to be reported as everyone else's for the true incidents per resident to "
    "be equal. A place's rate is taken as the mix of its residents'."
)
LABELLED = Heading(
    noted("Places by label"),
    (noted("If"), noted("Places"), noted("Robust"), noted("Fragile"), noted("Undetermined")),
)
COUNTED = Heading(
    noted("Incidents by category"), (
        noted("Category"), noted("What"), noted("Estimate"), noted("From, to"), noted("Method"),
        noted("Out of"),
    ),
)  # fmt: skip
GROUPS = Heading(
    noted("Groups"), (
        noted("Group"), noted("What"), noted("If"), noted("Value"),
        noted("Over all admissible rates"), noted("Out of"),
    ),
)  # fmt: skip
RATES = Heading(
    noted("Reporting rates"), (noted("Where"), noted("Category"), noted("From"), noted("To"))
)


def subtitle(words: Words, audit: ReportingAudit) -> str:
    """Say how many places, how many of them flagged, and by what."""
    return words.many(
        audit.places,
        "{n} place, {flagged} flagged: {by}",
        "{n} places, {flagged} of them flagged: {by}",
        flagged=audit.flagged, by=words.of(audit.flagged_by),
    )  # fmt: skip


def survive(words: Words, how: str, tally: Tally, flagged: int) -> str:
    """Say how many flags survive, if rates relate in one way."""
    said = words.many(
        flagged,
        "If {how}, {robust} of {n} flagged place stays flagged whatever the reporting rates are "
        "within their intervals, and {fragile} loses its flag for some of these rates",
        "If {how}, {robust} of {n} flagged places stay flagged whatever the reporting rates are "
        "within their intervals, and {fragile} lose their flag for some of these rates",
        how=words.say(SHARINGS[how][0]), robust=tally.robust, fragile=tally.fragile,
    )  # fmt: skip
    if tally.undetermined:
        return words.say(
            "{said}; for {many} the bounds do not decide.", said=said, many=tally.undetermined
        )
    return f"{said}."


def closest(words: Words, nearest: Statement) -> str:
    """Say which flagged place is the closest to losing its flag."""
    named = {
        "places": nearest.subject.group,
        "out_of": out_of(words, nearest.estimate),
    }
    if nearest.estimate.value == 1.0:
        return words.say(
            "The closest call: a flagged and an unflagged place ({places}) tie as recorded; out of "
            "{out_of}.",
            **named,
        )
    return words.say(
        "The closest call: a flagged and an unflagged place ({places}) would swap if incidents "
        "were reported more than {ratio} times as often in the first as in the second; out of "
        "{out_of}.",
        ratio=words.number(nearest.estimate.value, 4), **named,
    )  # fmt: skip


def disparity(words: Words, one: Statement) -> str:
    """Say a ratio over all admissible rates, and whether its direction is known."""
    low, high = one.estimate.low, one.estimate.high
    crosses = low is not None and high is not None and low <= 1.0 <= high
    named = {
        "group": one.subject.group,
        "value": words.number(one.estimate.value),
        "interval": interval(words, one.estimate),
        "out_of": out_of(words, one.estimate),
    }
    if crosses:
        return words.say(
            "Incidents per resident, {group} against the reference: {value} at the middle of the "
            "rates' intervals, anywhere from {interval} over all admissible rates, so that its "
            "direction is not known; out of {out_of}.",
            **named,
        )
    return words.say(
        "Incidents per resident, {group} against the reference: {value} at the middle of the "
        "rates' intervals, anywhere from {interval} over all admissible rates; out of {out_of}.",
        **named,
    )


def given(words: Words, audit: ReportingAudit) -> str:
    """Say what the rates were given as."""
    if audit.rates_level is None:
        return words.say("Reporting rates were given as bounds, by {file}.", file=audit.rates_file)
    return words.say(
        "Reporting rates were given as {level} intervals, by {file}.",
        level=words.percent(audit.rates_level), file=audit.rates_file,
    )  # fmt: skip
