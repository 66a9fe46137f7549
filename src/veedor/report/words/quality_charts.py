"""What the drawings of a quality report say, and what is read aloud of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from veedor.incidents.quality_report import Months, QualityReport, SeriesBreak
from veedor.incidents.reconciling import Reconciled
from veedor.report.words.language import Words
from veedor.report.words.usability import out_of

#: Reasons with a bar of their own; the others share one.
_MOST_REASONS = 3


@dataclass(frozen=True)
class Step:
    """A bar of the drawing of all rows.

    Parameters
    ----------
    name, told : str
        What it is, and its count.
    begins, count : int
        Where its bar stands, in rows.
    stays : bool
        Whether it is what is left, or what goes.
    """

    name: str
    told: str
    begins: int
    count: int
    stays: bool


def steps(words: Words, report: QualityReport, counts: Reconciled, *, area: bool) -> list[Step]:
    """Take from all rows what goes, reason by reason, down to what is used."""
    whole = counts.rows + counts.more
    made = [_stays(words, words.say("rows read"), counts.rows, counts.rows)]
    if counts.more:
        name = words.say("incidents in rows that stand for several")
        told = words.say("plus {n}", n=counts.more)
        made.append(Step(name, told, counts.rows, counts.more, True))
    left = whole
    reasons = [(words.translated(one.reason), one.count) for one in report.rows.set_aside]
    shown, rest = reasons[:_MOST_REASONS], reasons[_MOST_REASONS:]
    if rest:
        shown.append((words.say("for other reasons"), sum(count for _, count in rest)))
    goes = [(words.say("set aside: {reason}", reason=name), count) for name, count in shown]
    goes.append((words.say("kept, without a usable place"), counts.unlocated))
    if area:
        goes.append((words.say("with a place outside the study area"), counts.outside))
    for name, count in goes:
        left -= count
        made.append(Step(name, words.say("less {n}", n=count), left, count, False))
    made.append(_stays(words, words.say("used"), counts.used, whole))
    return made


def _stays(words: Words, name: str, count: int, whole: int) -> Step:
    told = words.number(count) if count == whole else out_of(words, count, whole)
    return Step(name, told, 0, count, True)


def rows_read_aloud(words: Words, made: Sequence[Step]) -> str:
    """Say what the drawing of all rows shows."""
    return words.say(
        "What became of all rows read: {steps}",
        steps=words.listed([words.say("{name} {n}", name=one.name, n=one.told) for one in made]),
    )


def months_read_aloud(words: Words, months: Months, breaks: Sequence[SeriesBreak]) -> str:
    """Say what the drawing of the months shows: its ends, and the fullest and emptiest month."""
    whole = [
        (count, label)
        for count, label, complete in zip(months.total, months.labels, months.complete, strict=True)
        if complete
    ]
    given = {"first": months.labels[0], "last": months.labels[-1]}
    if not whole:
        return words.say(
            "Recorded incidents in each month from {first} to {last}; no month is whole", **given
        )
    (most, high), (least, low) = max(whole), min(whole)
    return words.many(
        len({one.month for one in breaks}),
        "Recorded incidents in each month from {first} to {last}: most in {high} ({most}), fewest "
        "in {low} ({least}); {n} month breaks the series",
        "Recorded incidents in each month from {first} to {last}: most in {high} ({most}), fewest "
        "in {low} ({least}); {n} months break the series",
        high=high,
        most=most,
        low=low,
        least=least,
        **given,
    )
