"""Words of the behaviour audit's cover, and the findings that its sections are headed by."""

from __future__ import annotations

from veedor.audits.behaviour.placebos import SIZE
from veedor.audits.behaviour.results import BehaviourAudit, Placebos, Pooled
from veedor.report.words.language import Words, noted, noted_many
from veedor.statistics.estimates import Estimate

CAUTIONS = (
    noted("That fear, or any other reason, moved anyone: what people did is counted, not why."),
    noted("That the event caused it: something else of that month may have moved these series "
          "and not the controls."),
    noted("That no change detectable means no change: smaller ones would have been missed."),
    noted("That people who were not counted, or what was not measured, went the same way."),
)  # fmt: skip
PROOF = noted("How rare is such a change elsewhere, and does it hold?")
PUBLISHED = noted(
    "A published study's design, done again: at the event the sum of the series changed by {told}. "
    "Without controls there is no verdict"
)
#: Below such a change a decimal is written.
_SMALL = 0.1
#: Why nothing can be told, each a whole sentence.
REASONS = {
    "lows": noted("Nothing can be told: in some periods the record itself looks as if it had not "
                  "been kept"),
    "moved": noted("Nothing can be told: what nothing should have moved changed too"),
    "differ": noted("Nothing can be told of all together: the series changed so differently that "
                    "it may be chance which were taken"),
    "in_space": noted("Nothing can be told: controls alone change as much"),
    "in_time": noted("Nothing can be told: as large a change is found where there was no event"),
}  # fmt: skip
WORDS = {
    "more": noted("higher"),
    "less": noted("lower"),
    "open": noted("not shown"),
}
UNITS = {
    "day": noted_many("{n} day", "{n} days"),
    "week": noted_many("{n} week", "{n} weeks"),
    "month": noted_many("{n} month", "{n} months"),
    "quarter": noted_many("{n} quarter", "{n} quarters"),
    "year": noted_many("{n} year", "{n} years"),
}
WHAT, VERDICT = noted("Change"), noted("Answer")
AXIS = noted("Against what the controls make one expect, in percent")
ROWS = {
    "level_change": noted("at the event"),
    "mean_change": noted("mean of the periods after"),
    "negative": noted("negative controls, at the event"),
}
BARS = noted("Bars: 95% intervals, each by itself. The verdict is that of the first row alone.")


def period(words: Words, label: str) -> str:
    """Write the label of a period.

    >>> from veedor.report.words import words_in
    >>> [period(words_in("en"), one) for one in ("2024", "2024-Q3", "2024-11", "2024-11-03")]
    ['2024', 'quarter 3 of 2024', 'November 2024', '3 November 2024']
    """
    parts = label.split("-")
    if len(parts) == 1:
        return label
    if parts[1].startswith("Q"):
        return words.say(
            "quarter {number} of {year}", number=parts[1].removeprefix("Q"), year=parts[0]
        )
    return words.month(f"{label}-01") if len(parts) == 2 else words.day(label)


def periods(words: Words, n: int, unit: str) -> str:
    """Say a number of periods."""
    return words.many(n, *UNITS[unit])


def by(words: Words, ratio: float | None) -> str:
    """Write a ratio as a change, in percent.

    >>> from veedor.report.words import words_in
    >>> [by(words_in("en"), one) for one in (0.84, 1.2, 1.0, None)]
    ['−16%', '+20%', '0%', 'undefined']
    """
    if ratio is None:
        return words.number(None)
    change = round(ratio - 1.0, 3 if abs(ratio - 1.0) < _SMALL else 2)
    text = words.percent(change)
    return words.say("+{percent}", percent=text) if change > 0.0 else text


def size(words: Words, ratio: float) -> str:
    """Write how large a change is, without its sign."""
    return words.percent(round(abs(ratio - 1.0), 3 if abs(ratio - 1.0) < _SMALL else 2))


def between(words: Words, made: Estimate) -> str:
    """Say a change with its interval."""
    return words.say(
        "{value} ({low} to {high})",
        value=by(words, made.value), low=by(words, made.low), high=by(words, made.high),
    )  # fmt: skip


def title(words: Words) -> str:
    """Ask the question of the page."""
    return words.say("Did people change what they do?")


def subtitle(words: Words, audit: BehaviourAudit) -> str:
    """Say what is compared, and where the event lies."""
    return words.say(
        "{before} before and {after} from {event} on, by the counts of {table}",
        before=periods(words, audit.before, audit.unit),
        after=periods(words, audit.after, audit.unit),
        event=period(words, audit.first_after),
        table=audit.table,
    )


def finding(
    words: Words, audit: BehaviourAudit, level: Estimate | None, published: str = ""
) -> str:
    """Say the verdict; of a published study's design, what it gives."""
    if audit.verdict == "none" or audit.pooled is None:
        return words.say(PUBLISHED, told=published)
    if audit.verdict == "cannot_tell":
        return words.say(REASONS[audit.reasons[0]])
    if audit.verdict == "no_change_detectable" or level is None or level.value is None:
        return words.say(
            "No change is detectable: one of {fall} or {rise} would have been found 4 times in 5",
            fall=by(words, audit.pooled.detectable_fall),
            rise=by(words, audit.pooled.detectable_rise),
        )
    given = {
        "value": size(words, level.value), "event": period(words, audit.first_after),
        "low": by(words, level.low), "high": by(words, level.high),
    }  # fmt: skip
    if level.value < 1.0:
        return words.say(
            "A change is shown: {value} lower from {event} on than the controls make one expect "
            "({low} to {high})",
            **given,
        )
    return words.say(
        "A change is shown: {value} higher from {event} on than the controls make one expect "
        "({low} to {high})",
        **given,
    )


def because(words: Words, audit: BehaviourAudit, reason: str) -> str:
    """Say what was compared, the reason that was written, and what nobody declared."""
    used = {one.role: one.used for one in audit.series}
    if audit.pooled is None:
        said = words.say(
            "Series added up: {series}. Reason that was written: {reason}.",
            series=used.get("sensitive", 0), reason=reason,
        )  # fmt: skip
    else:
        said = words.say(
            "Series that people may have turned from: {series}, beside controls: {controls}. "
            "Reason that was written: {reason}.",
            series=used.get("sensitive", 0), controls=used.get("control", 0), reason=reason,
        )  # fmt: skip
    if not audit.lows or audit.question.lows is not None:
        return said
    return words.many(
        len(audit.lows),
        "{said} In {n} period series dip as if nothing had been recorded, and nobody declared it.",
        "{said} In {n} periods series dip as if nothing had been recorded, and nobody declared it.",
        said=said,
    )


def as_large(words: Words, one: Placebos) -> str:
    """Say how many placebos are as large."""
    many = sum(each.studentised >= one.studentised for each in one.placebos)
    return words.say("{many} of {n}", many=many, n=len(one.placebos))


def stays(words: Words, parts: Pooled) -> str:
    """Say after how many omissions a change is shown."""
    many = sum(one.p_value <= SIZE for one in parts.left_out)
    return words.say("{many} of {n}", many=many, n=len(parts.left_out))


COUNTS = (
    noted("Controls that change as much by themselves"),
    noted("Fake events with as large a change"),
    noted("Still shown when one thing is left out"),
)


def matrix(words: Words, audit: BehaviourAudit) -> str:
    """Head the table of changes."""
    return words.say(
        "Sensitive series beside controls, from {event} on", event=period(words, audit.first_after)
    )


def slope(words: Words, unit: str) -> str:
    """Name the change of the slope."""
    return words.say(_SLOPES[unit])


_SLOPES = {
    "day": noted("each day after, besides"),
    "week": noted("each week after, besides"),
    "month": noted("each month after, besides"),
    "quarter": noted("each quarter after, besides"),
    "year": noted("each year after, besides"),
}


def course(words: Words, audit: BehaviourAudit) -> str:
    """Say what the chart shows: the heading of the picture."""
    if audit.pooled is None:
        return words.say("The sum of the series, and the published study's line")
    drawn = audit.pooled.course
    after = [
        (one, low, high)
        for label, one, low, high in zip(
            drawn.periods, drawn.ratio, drawn.low, drawn.high, strict=True
        )
        if label >= audit.first_after and one is not None and low is not None and high is not None
    ]
    below = sum(one < low for one, low, _ in after)
    above = sum(one > high for one, _, high in after)
    return words.many(
        len(after),
        "Of {n} period after the event {below} lie below the interval of what was to be expected, "
        "and {above} above it",
        "Of {n} periods after the event {below} lie below the interval of what was to be expected, "
        "and {above} above it",
        below=below, above=above,
    )  # fmt: skip


def course_about(words: Words, audit: BehaviourAudit) -> str:
    """Say aloud what the chart of a comparison shows."""
    return words.say(
        "{finding}. Lines by period; the event stands before {event}.",
        finding=course(words, audit), event=period(words, audit.first_after),
    )  # fmt: skip


def by_series(words: Words, named: int, series: int) -> str:
    """Head the section of single series."""
    return words.many(
        series,
        "By itself, a change is named of {named} of {n} sensitive series",
        "By themselves, a change is named of {named} of {n} sensitive series",
        named=named,
    )


def placebos(words: Words, parts: Pooled) -> str:
    """Head the section of placebos."""
    return words.say(
        "As large a change: of controls taken as sensitive {space}, of fake events {time}",
        space=as_large(words, parts.in_space), time=as_large(words, parts.in_time),
    )  # fmt: skip


def left(words: Words, parts: Pooled) -> str:
    """Head the section of omissions."""
    ratios = [one.ratio for one in parts.left_out]
    return words.say(
        "Whatever single thing is left out, the change at the event is {low} to {high}",
        low=by(words, min(ratios, default=None)),
        high=by(words, max(ratios, default=None)),
    )


def lows(words: Words, many: int) -> str:
    """Head the section of what may be missing."""
    if not many:
        return words.say("No period looks as if it had not been recorded")
    return words.many(
        many,
        "{n} period looks as if it had not been recorded",
        "{n} periods look as if they had not been recorded",
    )


def ways(words: Words, parts: Pooled) -> str:
    """Head the section of the method."""
    return words.say(
        "Neighbouring periods are alike ({carried} of 1): the intervals hold that",
        carried=words.number(round(parts.autocorrelation, 2)),
    )


def asked(words: Words) -> str:
    """Head the section of what was asked."""
    return words.say("What was asked, and the reason that was written")


def published(words: Words, before: int, after: int) -> str:
    """Head the section of a published study's regression."""
    return words.say(
        "The published study's regression: {before} periods before and {after} after",
        before=before, after=after,
    )  # fmt: skip
