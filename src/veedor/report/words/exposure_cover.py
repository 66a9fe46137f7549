"""Words of the exposure audit's cover, and the findings that its sections are headed by."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from veedor.audits.places import ExposureAudit, RatioVerdict
from veedor.report.words.audits import answers
from veedor.report.words.called import called
from veedor.report.words.language import Words, noted

CAUTIONS = (
    noted("That anyone there was stopped, searched or harmed, or did anything."),
    noted("That people live near a predicted place: within a zone that is not known."),
    noted("That it looks there because of who lives there: that is another audit."),
    noted("That groups without a shown difference are treated alike."),
)  # fmt: skip
WORDS = {
    "more": noted("more exposed"),
    "less": noted("less exposed"),
    "cannot_tell": noted("not shown"),
}
#: How predictions came to zones, and why these figures stand first.
CHOSEN = {
    "centre": (
        noted("each counted in the zone that holds its centre"),
        noted(
            "These figures stand first because each prediction counts once, in the zone that holds "
            "its centre: anyone can check them by hand, and they do not hang on the size of a box."
        ),
    ),
    "box": (
        noted("each parted among the zones that its box covers"),
        noted("These figures stand first because they were asked for first."),
    ),
    "stored": (
        noted("as each zone's own file counts them"),
        noted("These figures stand first because they were asked for first, or alone."),
    ),
}
RESIDENTS, VERDICT = noted("Residents"), noted("Verdict")
HALF_AND_WHO = noted("The zones with most per resident that hold half of the predictions")
PARTS = {
    "other": noted("{n} others"),
    "half": noted("{n} that hold half, most per resident"),
    "none": noted("{n} without any"),
}


def finding(words: Words, held: tuple[float, float] | None) -> str:
    """Say where half of the predictions fell, by whole zones: the verdict of the page."""
    if held is None:
        return words.say("No prediction fell in a zone with residents")
    part, share = held
    return words.say(
        "{part} of the predictions in zones with residents fell where {share} of the residents "
        "live",
        part=words.percent(part), share=words.percent(share),
    )  # fmt: skip


def because(words: Words, total: str, residents: str, zones: str, assignment: str) -> str:
    """Say what was set against what, and how it was counted."""
    return words.say(
        "{total} predictions, {counted}, set against {residents} residents in {zones} zones.",
        total=total, residents=residents, zones=zones, counted=words.say(CHOSEN[assignment][0]),
    )  # fmt: skip


def who(words: Words, verdicts: Sequence[RatioVerdict]) -> str:
    """Say which groups live where the system looks more, or less: the heading of the matrix."""
    named = {
        answer: words.listed([one.group for one in verdicts if one.answer == answer])
        for answer in ("more", "less")
    }
    if named["more"] and named["less"]:
        return words.say(
            "{more} live where the system looks more, {less} where it looks less", **named
        )
    if named["more"]:
        return words.say("{more} live where the system looks more", more=named["more"])
    if named["less"]:
        return words.say("{less} live where the system looks less", less=named["less"])
    return words.say(
        "For no group is it shown that the system looks more, or less, where they live"
    )


def times(words: Words, reference: str) -> str:
    """Say what the bars measure."""
    return words.say(
        "Predictions per 1,000 of them, as times those of {reference}", reference=reference
    )


def share_of(words: Words, share: float | None, of: str, reference: str) -> str:
    """Say how many a group is; and whom it is compared with, where that is another than usual."""
    if not reference:
        return words.say("{share} of {of}", share=words.percent(share), of=of)
    return words.say(
        "{share} of {of}; beside {reference}",
        share=words.percent(share), of=of, reference=reference,
    )  # fmt: skip


def note(words: Words, judged: Sequence[RatioVerdict]) -> str:
    """Say what the bars are, how many answers are judged, and whether the three measures agree."""
    said = words.say(
        "Bars: 95% intervals, each judged by itself, against what is expected of how many live in "
        "a zone."
    )
    if judged:
        said = words.say(
            "{said} By zone and per km²: {answers}.", said=said, answers=_answers(words, judged)
        )
    return said


def zones_hold(words: Words, half: int, none: int, zones: int) -> str:
    """Say how many zones hold half of the predictions, and how many none."""
    return words.many(
        half,
        "{n} of {zones} zones holds half of the predictions; without any: {none}",
        "{n} of {zones} zones hold half of the predictions; without any: {none}",
        zones=zones, none=none,
    )  # fmt: skip


def answered(words: Words, verdicts: Sequence[RatioVerdict]) -> str:
    """Say how many comparisons are more, less and not shown: the heading of all of them."""
    return words.many(
        len(verdicts),
        "Groups beside their reference, exposed more or less, of {n} comparison: {answers}",
        "Groups beside their reference, exposed more or less, of {n} comparisons: {answers}",
        answers=_answers(words, verdicts),
    )


def _answers(words: Words, verdicts: Sequence[RatioVerdict]) -> str:
    every = Counter(one.answer for one in verdicts)
    return answers(words, every["more"], every["less"], every["cannot_tell"])


def most_targeted(words: Words, group: str, of: str, top: float | None, whole: float | None) -> str:
    """Say the group that is furthest from its share everywhere, in the most targeted zones."""
    return words.say(
        "In the most targeted tenth of zones {group} are {top} of {of}, everywhere {whole}",
        group=group, of=of, top=words.percent(top), whole=words.percent(whole),
    )  # fmt: skip


def uneven(words: Words, gini: float | None) -> str:
    """Say how unevenly predictions are spread: the heading of that section."""
    return words.say(
        "Spread over residents, the Gini index is {gini}: 0 is even, 1 all in one place",
        gini=words.number(gini),
    )


def others(words: Words, audit: ExposureAudit) -> tuple[str, list[str]]:
    """Say how many answers differ where predictions are counted otherwise, and which."""
    first, *rest = audit.settings.assignments
    held = {
        (v.assignment, v.group, v.statistic): v for v in audit.verdicts
    }  # fmt: skip
    compared = differing = 0
    told = []
    for assignment in rest:
        for (which, group, statistic), other in held.items():
            if which != assignment or (first, group, statistic) not in held:
                continue
            compared += 1
            mine = held[first, group, statistic]
            if mine.answer != other.answer:
                differing += 1
                told.append(words.say(
                    "{group} beside {reference}, {measure}: {answer} by {assignment}, {mine} by "
                    "{first}.",
                    group=group, reference=other.reference,
                    assignment=called(words, assignment), first=called(words, first),
                    measure=words.say(MEASURES[statistic]), answer=words.say(WORDS[other.answer]),
                    mine=words.say(WORDS[mine.answer]),
                ))  # fmt: skip
    title = words.say(
        "Counted otherwise ({others}), {differing} of {compared} answers differ",
        others=words.listed([called(words, one) for one in rest]),
        differing=differing, compared=compared,
    )  # fmt: skip
    if not told:
        told = [words.say("No answer differs; the figures do, and stand here.")]
    return title, told


MEASURES = {
    "ratio_per_1000": noted("per 1,000 members"),
    "ratio_count": noted("by zone"),
    "ratio_per_km2": noted("per km²"),
}


def how(words: Words, zones: int, inhabited: int, absent: int) -> str:
    """Say what the figures rest on: the heading of how it was done."""
    return words.say(
        "How it was done: {inhabited} of {zones} zones have residents, {absent} were set aside",
        inhabited=inhabited, zones=zones, absent=absent,
    )  # fmt: skip
