"""Words of the benchmark audit's cover, and the findings that its sections are headed by."""

from __future__ import annotations

from collections.abc import Sequence

from veedor.report.words.audits import answers
from veedor.report.words.language import Words, noted

CAUTIONS = (
    noted("That a system is fair because it follows the record: a biased record hides its own "
          "bias."),
    noted("That incidents which police found show where incidents are: they are found where "
          "police are."),
    noted("That the members of a group are looked at: these are figures of the zones they live "
          "in."),
    noted("That what is not shown is equal: there may be too few zones to tell."),
)  # fmt: skip
WORDS = {"more": noted("more"), "less": noted("less"), "open": noted("not shown")}
RESIDENTS = noted("Residents")
NOTE = noted(
    "Exposure per 1,000 members by what each rule would give them; the line is as much as the "
    "rule. 95% intervals, each judged by itself."
)
PROOF = noted("Does it work? Incidents on ground that was predicted at least once")
#: Rule -> what it follows, in short.
FOLLOWS = {
    "uniform": noted("Same for every km²"),
    "population": noted("Same for every resident"),
    "prior": noted("Long-run map"),
    "record_reported": noted("Reported incidents"),
    "record_discovered": noted("Incidents police found"),
    "record_recorded": noted("Recorded incidents"),
}
#: Rule -> the verdict, as groups are more exposed than it would have them.
MORE = {
    "uniform": noted("More than if every km² got the same: {groups}"),
    "population": noted("More than if every resident got the same: {groups}"),
    "prior": noted("More than the long-run map would give: {groups}"),
    "record_reported": noted("More than the reported incidents explain: {groups}"),
    "record_discovered": noted("More than what police found explains: {groups}"),
    "record_recorded": noted("More than the record explains: {groups}"),
}
#: Rule -> the verdict, where for no group more is shown.
NONE = {
    "uniform": noted("For no group is it shown that it gets more than if every km² got the same"),
    "population": noted(
        "For no group is it shown that it gets more than if every resident got the same"
    ),
    "prior": noted("For no group is it shown that it gets more than the long-run map would give"),
    "record_reported": noted(
        "For no group is it shown that it gets more than the reported incidents explain"
    ),
    "record_discovered": noted(
        "For no group is it shown that it gets more than what police found explains"
    ),
    "record_recorded": noted("For no group is it shown that it gets more than the record explains"),
}


def finding(words: Words, rule: str, groups: Sequence[str]) -> str:
    """Say which groups are more exposed than a rule would have them: the verdict of the page."""
    if not groups:
        return words.say(NONE[rule])
    return words.say(MORE[rule], groups=words.listed(groups))


def because(words: Words, total: str, file: str, rules: int) -> str:
    """Say what was compared."""
    return words.many(
        rules,
        "{total} predictions of {file}, beside as many placed by {n} other rule.",
        "{total} predictions of {file}, beside as many placed by {n} other rules.",
        total=total, file=file,
    )  # fmt: skip


def compared(words: Words, more: int, less: int, comparisons: int) -> str:
    """Say how many comparisons are more, less and not shown: the heading of the matrix."""
    return words.many(
        comparisons,
        "{n} comparison with another rule: {answers}",
        "{n} comparisons with other rules: {answers}",
        answers=answers(words, more, less, comparisons - more - less),
    )


def told(words: Words, value: str, brackets: str) -> str:
    """Say an exposure by what a rule would give."""
    return words.say("{value} times ({brackets})", value=value, brackets=brackets)


def captured(words: Words, share: str, incidents: str) -> str:
    """Say a part of the incidents."""
    return words.say("{share} of {incidents}", share=share, incidents=incidents)


def zones(words: Words, rule: str, above: int, all_: int) -> str:
    """Say in how many zones there are more than twice as many as by a rule."""
    return words.many(
        above,
        "{n} of {all} zones has more than twice as many as by this rule: {rule}",
        "{n} of {all} zones have more than twice as many as by this rule: {rule}",
        all=all_, rule=words.say(FOLLOWS[rule]),
    )  # fmt: skip


def conditional(words: Words, group: str, given: str, value: str, brackets: str) -> str:
    """Say the strongest tie to who lives there, given the record: the heading of that section."""
    return words.say(
        "For 10 points more of {group}, {value} times the predictions ({brackets}), among {given}",
        group=group, given=given, value=value, brackets=brackets,
    )  # fmt: skip


def works(words: Words, share: str, brackets: str, incidents: str) -> str:
    """Say how many incidents were captured: the heading of that section."""
    return words.say(
        "Of {incidents}, {share} ({brackets}) lay on ground that was predicted",
        share=share, brackets=brackets, incidents=incidents,
    )  # fmt: skip
