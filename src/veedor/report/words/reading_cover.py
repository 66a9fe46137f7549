"""Words of a scored reading's cover, and the findings that its sections are headed by."""

from __future__ import annotations

from collections.abc import Sequence

from veedor.audits.reading import ReadingScore
from veedor.report.words.language import Words, noted
from veedor.report.words.reading import scenario
from veedor.statistics.estimates import Estimate

CAUTIONS = (
    noted("That what readers say is the truth: it is what they could see."),
    noted("That the rates hold for another time, place or setting of the system."),
    noted("That agreement shows no error: readers can be wrong alike."),
    noted("That rows chosen by hand say how often something happens."),
)
PROOF = {
    "alerts": noted("Of the alerts drawn at random, what readers say"),
    "all": noted("Of the rows drawn at random, what readers say"),
}
ALL_YES, DIFFER, ALL_NO = (
    noted("Every reader says yes"),
    noted("Readers differ, or cannot tell"),
    noted("Every reader says no"),
)
ALIKE, MOST_ALIKE, NONE_ALIKE = (
    noted("All readers count alike"),
    noted("Most readers count alike"),
    noted("None more alike than others"),
)
PLACES_DRAWN = noted("Of the places drawn at random, how readers count")
#: Short, for rows of a cover: by scenario, or a range.
ROWS = {
    "ppv": noted("Right, {scenario}"),
    "ppv_band": noted("Right, if readers err"),
    "share_yes": noted("So, {scenario}"),
    "share_yes_band": noted("So, if readers err"),
    "miss_share": noted("Missed, {scenario}"),
    "recall": noted("Recall, {scenario}"),
}
RATE, SHARE, VALUE = noted("Rate"), noted("Share, with its 95% interval"), noted("Value")
COUNT = noted("Mean count of a place, with its 95% interval")
NOTE = noted(
    "Bars: 95% intervals for the whole table, each by itself. Strict: yes only where every reader "
    "says yes; lenient: wherever not every reader says no. Missed: of rows without an alert. "
    "Recall: of all that is so."
)
NOTE_COUNTS = noted("Bars: 95% intervals for the whole table, each by itself.")


def finding(words: Words, score: ReadingScore, shares: Sequence[Estimate]) -> str:
    """Say the rate, from its strictest to its most lenient: the verdict of the page."""
    alerts = "alerts" in score.parts
    low, high = shares[0], shares[-1]
    if low.value is None or high.value is None:
        return words.say("What readers found gives no rate")
    if len(shares) == 3 and low.value < high.value:
        named = {
            "share": words.percent(shares[1].value),
            "brackets": _ends(words, shares[1], shares[1]),
            "low": words.percent(low.value),
            "high": words.percent(high.value),
        }
        if alerts:
            return words.say(
                "{share} of the alerts are right once readers' differences are settled "
                "({brackets}); {low} strictly, {high} leniently",
                **named,
            )
        return words.say(
            "{share} of the rows are so once readers' differences are settled ({brackets}); {low} "
            "strictly, {high} leniently",
            **named,
        )
    if low.value == high.value:
        named = {"share": words.percent(low.value), "brackets": _ends(words, low, low)}
        if alerts:
            return words.say("{share} of the alerts are right ({brackets})", **named)
        return words.say("{share} of the rows are so ({brackets})", **named)
    named = {
        "low": words.percent(low.value),
        "high": words.percent(high.value),
        "brackets": _ends(words, low, high),
    }
    if alerts:
        return words.say(
            "Between {low} and {high} of the alerts are right, as strictly and as leniently as "
            "readers allow ({brackets})",
            **named,
        )
    return words.say(
        "Between {low} and {high} of the rows are so, as strictly and as leniently as readers "
        "allow ({brackets})",
        **named,
    )


def _ends(words: Words, low: Estimate, high: Estimate) -> str:
    if low.low is None or high.high is None:
        return words.say("every row was read")
    return words.say(
        "with chance: {low} to {high}", low=words.percent(low.low), high=words.percent(high.high)
    )


def counted(words: Words, score: ReadingScore, total: Estimate | None) -> str:
    """Say what was counted in all places: the verdict of a page of counts."""
    if total is None or total.value is None:
        return words.say("What readers counted gives no total")
    rows = words.number(score.plan.frame_rows)
    if total.low is None:
        return words.say(
            "{total} in {rows} places, by the median of the readers at each",
            total=words.number(total.value), rows=rows,
        )  # fmt: skip
    return words.say(
        "{total} in {rows} places ({low} to {high}), by the median of the readers at each",
        total=words.number(total.value), rows=rows, low=words.number(total.low),
        high=words.number(total.high),
    )  # fmt: skip


def because(words: Words, score: ReadingScore, agreement: Estimate | None) -> str:
    """Say who read what, how it was drawn, and how often they agree."""
    named = {
        "readers": score.readers,
        "read": words.number(score.read),
        "rows": words.number(score.plan.frame_rows),
    }
    agreed = None if agreement is None else agreement.value
    if agreed is None:
        return words.say(
            "{readers} people read {read} rows drawn at random from {rows}, each in an order of "
            "its own.",
            **named,
        )
    return words.say(
        "{readers} people read {read} rows drawn at random from {rows}, each in an order of its "
        "own and without score or group; they agree on {agreed}.",
        agreed=words.percent(agreed), **named,
    )  # fmt: skip


def row(words: Words, statistic: str, code: str) -> str:
    """Name a row of the cover."""
    return words.say(ROWS[statistic], scenario=scenario(words, code))


def of_whole(words: Words, part: int, whole: int) -> str:
    """Say a count out of its denominator."""
    return words.say("{part} of {all}", part=words.number(part), all=words.number(whole))


def rates(words: Words, score: ReadingScore, low: Estimate, high: Estimate) -> str:
    """Head the matrix: what follows for the whole table."""
    if low.low is None or high.high is None:
        return words.say("For the whole table, as every row was read")
    if "alerts" in score.parts:
        return words.say(
            "For the whole table: right are {low} to {high} of the alerts, chance included",
            low=words.percent(low.low), high=words.percent(high.high),
        )  # fmt: skip
    return words.say(
        "For the whole table: so are {low} to {high} of the rows, chance included",
        low=words.percent(low.low), high=words.percent(high.high),
    )  # fmt: skip


def agreement(words: Words, score: ReadingScore, agreed: Estimate | None) -> str:
    """Head the section of agreement."""
    if agreed is None or agreed.value is None:
        return words.say("How far readers agree cannot be told")
    return words.say(
        "Readers agree on {agreed}, and differ on {differing} of {read} rows",
        agreed=words.percent(agreed.value), differing=score.differing, read=score.read,
    )  # fmt: skip


def every_rate(words: Words, score: ReadingScore, rows: int) -> str:
    """Head the section of all rates; of counts there are none, but figures."""
    if score.counts:
        return words.many(
            rows,
            "{n} figure, of the whole and of strata",
            "{n} figures, of the whole and of strata",
        )
    return words.many(
        rows, "{n} rate, of the whole and of strata", "{n} rates, of the whole and of strata"
    )


def errors(words: Words, low: Estimate | None) -> str:
    """Head the section of what readers' errors may do."""
    if low is None or low.low is None or low.high is None:
        return words.say("What readers may get wrong")
    return words.say(
        "With what readers may get wrong, anything from {low} to {high} fits",
        low=words.percent(low.low), high=words.percent(low.high),
    )  # fmt: skip


def drawn(words: Words, score: ReadingScore) -> str:
    """Head the section of the plan."""
    return words.many(
        len(score.strata),
        "How it was drawn: {n} stratum, {read} of {rows} rows, seed {seed}",
        "How it was drawn: {n} strata, {read} of {rows} rows, seed {seed}",
        read=score.read, rows=score.plan.frame_rows, seed=str(score.plan.settings.seed),
    )  # fmt: skip


def by_hand(words: Words, rows: int) -> str:
    """Head the section of the targeted list."""
    if not rows:
        return words.say("Chosen by hand: fewer than 10 rows, not told")
    return words.many(
        rows, "Chosen by hand, in no rate: {n} row", "Chosen by hand, in no rate: {n} rows"
    )
