"""What the length of the record is worth."""

from __future__ import annotations

from veedor.report.words.examination import verdict
from veedor.report.words.intervals import defined, ends, in_full, interval_name, out_of
from veedor.report.words.language import Words
from veedor.study.history_worth import HistoryWorth
from veedor.verification.judging import BETTER, NOT_SHOWN, WORSE


def days(words: Words, count: int) -> str:
    """Count days."""
    return words.many(count, "{n} day", "{n} days")


def so_far(words: Words, worth: HistoryWorth, reference: str) -> str:
    """Say what the whole record gained over its last part."""
    first, last = (
        days(words, count) for count in (worth.days_at_first_origin, worth.days_at_last_origin)
    )
    if not worth.parts:
        return words.say(
            "The record ({first} at the first cut-off, {last} at the last) is too short to say "
            "what its length is worth: it holds no shorter length of 91 days and five periods or "
            "more to compare with.",
            first=first,
            last=last,
        )
    told: list[str] = []
    for part in worth.parts:
        estimate = part.gain.estimate
        given = {
            "gain": words.number(estimate.value),
            "name": interval_name(words, estimate),
            "interval": ends(words, estimate.low, estimate.high),
            "days": days(words, part.days),
        }
        told.append(
            words.say("{gain} ({name} {interval}) over its last {days} only", **given)
            if told
            else words.say(
                "{gain} ({name} {interval}) over one made from its last {days} only", **given
            )
        )
    return words.say(
        "{reference} made from its whole record ({first} at the first cut-off, {last} at the last) "
        "gained, in nats per incident and at the same totals, {gains}; out of {of}.",
        reference=reference,
        first=first,
        last=last,
        gains="; ".join(told),
        of=", ".join(sorted({out_of(words, part.gain.estimate) for part in worth.parts})),
    )


def another_doubling(words: Words, worth: HistoryWorth) -> str:
    """Say what a record twice as long would be worth, or that it cannot be said."""
    last = worth.last_doubling
    if last is None:
        return words.say(
            "What another doubling of the record would be worth cannot be said: there are fewer "
            "than two shorter lengths to compare with."
        )
    found, estimate = verdict(last.gain), last.gain.estimate
    given = {"days": days(words, last.from_days), "gain": in_full(words, estimate)}
    if found == BETTER:
        return words.say(
            "From its last {days} to the whole record, each doubling gained {gain}. If that went "
            "on, another doubling, to about {more}, would be worth about as much. That is an "
            "extrapolation and likely the most it would be: a doubling tends to be worth less than "
            "the one before.",
            more=days(words, 2 * worth.days_at_last_origin),
            **given,
        )
    if found == WORSE:
        return words.say(
            "From its last {days} to the whole record, each doubling gained {gain}: the older part "
            "of the record made forecasts worse, as where places have changed. Nothing here says "
            "that a longer one would help.",
            **given,
        )
    if found == NOT_SHOWN and estimate.low is not None and defined(estimate.high):
        if estimate.low <= 0.0 <= (estimate.high or 0.0):
            return words.say(
                "What another doubling of the record would be worth cannot be said: from its last "
                "{days} to the whole record, each doubling gained {gain}, and the interval "
                "includes 0.",
                **given,
            )
        return words.say(
            "What another doubling of the record would be worth cannot be said: from its last "
            "{days} to the whole record, each doubling gained {gain}, which, over all categories, "
            "may be chance.",
            **given,
        )
    return words.say(
        "What another doubling of the record would be worth cannot be said: from its last {days} "
        "to the whole record, each doubling gained {gain}.",
        **given,
    )
