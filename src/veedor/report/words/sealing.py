"""What a log of promises proves, what it leaves open, and how its promises went."""

from __future__ import annotations

from veedor.report.words.examination import VERDICTS, errors, smallest, verdict
from veedor.report.words.intervals import defined, ends, out_of
from veedor.report.words.language import Words, noted
from veedor.sealing import Problem
from veedor.sealing.findings import NEVER, NOT_DUE, SCORED, LogFindings, RoundsTogether
from veedor.sealing.rivals import PromiseBeside, PromiseNamed
from veedor.verification.judging import NOT_SHOWN

STATES = {
    NEVER: noted("due, and never scored"),
    NOT_DUE: noted("not due yet"),
    SCORED: noted("scored"),
}


def in_short(words: Words, found: LogFindings) -> list[str]:
    """Say whether the log verifies, and how many promises were kept."""
    promises = found.promises
    never = sum(one.state == NEVER for one in promises)
    scored = sum(bool(one.scorings) for one in promises)
    holds = (
        words.say("The log verifies.")
        if found.holds
        else words.many(
            len(found.problems),
            "THE LOG DOES NOT VERIFY: {n} problem. What follows is what it says, and must not be "
            "relied on.",
            "THE LOG DOES NOT VERIFY: {n} problems. What follows is what it says, and must not be "
            "relied on.",
        )
    )
    return [
        holds,
        words.say(
            "{scored} of {all} promised forecasts were scored, {never} are due and were never "
            "scored, {waiting} are not due yet.",
            scored=scored,
            all=len(promises),
            never=never,
            waiting=len(promises) - scored - never,
        ),
        words.say(
            "{late} of {all} were sealed late, after their period had begun: they prove no "
            "forecast.",
            late=sum(one.late for one in promises),
            all=len(promises),
        ),
    ]


def rounds(words: Words, group: RoundsTogether) -> str:
    """Say how all rounds of one forecaster went."""
    told = [_gain(words, group)]
    if group.scored:
        told.append(
            words.many(
                group.scored,
                "It went worse than {reference} in {worse} of {n} scored round.",
                "It went worse than {reference} in {worse} of {n} scored rounds.",
                reference=group.reference,
                worse=group.worse_than_reference,
            )
        )
    if group.never_scored:
        told.append(
            words.many(
                group.never_scored,
                "{n} round is due and was never scored: they are in none of these figures, and may "
                "be those that went badly.",
                "{n} rounds are due and were never scored: they are in none of these figures, and "
                "may be those that went badly.",
            )
        )
    return words.say(
        "{name}, {who}: {told}",
        name=group.category,
        who=group.forecaster,
        told=" ".join(told),
    )


def _gain(words: Words, group: RoundsTogether) -> str:
    gain = group.gain
    if gain is None or not defined(gain.estimate.value):
        return words.say("no gain over {reference} can be told yet.", reference=group.reference)
    estimate = gain.estimate
    given = {
        "reference": group.reference,
        "gain": words.number(estimate.value),
        "interval": ends(words, estimate.low, estimate.high)
        if defined(estimate.low)
        else words.say("no interval: fewer than six weeks"),
        "of": out_of(words, estimate),
        "verdict": words.say(VERDICTS[verdict(gain)]),
    }
    told = (
        words.say(
            "information gain over {reference} {gain} nats per incident ({interval}), out of {of}: "
            "{verdict} in the rounds that were scored.",
            **given,
        )
        if group.never_scored
        else words.say(
            "information gain over {reference} {gain} nats per incident ({interval}), out of {of}: "
            "{verdict}.",
            **given,
        )
    )
    if gain.p_adjusted is None:
        return told
    beside = errors(words, gain, group.reference, group.forecaster)
    shown = f" {smallest(words, gain)}" if verdict(gain) == NOT_SHOWN else ""
    return f"{told} {beside}{shown}"


def problem(words: Words, one: Problem) -> str:
    """Say what does not hold, and where."""
    return f"{words.of(one.where)}: {words.of(one.what)}"


def notices(words: Words, found: LogFindings) -> list[str]:
    """Say what a reader must know that is no fault."""
    return [
        *(words.of(one) for one in found.notices),
        *(_beside(words, one) for one in found.beside),
    ]


def _beside(words: Words, one: PromiseBeside) -> str:
    others = [_other(words, other, one.named) for other in one.others]
    if one.more is None:
        others.append(words.say("many more"))
    elif one.more:
        others.append(words.say("{n} more", n=one.more))
    return words.say(
        "Entry {entry} is another forecast of {category} by {forecaster} from {begins} to {ends}, "
        "beside {others}. All of them count; whoever shows one alone has chosen it.",
        entry=str(one.named.entry),
        category=repr(one.named.category),
        forecaster=repr(one.named.forecaster),
        begins=one.named.begins,
        ends=one.named.ends,
        others=words.listed(others),
    )


def _other(words: Words, other: PromiseNamed, this: PromiseNamed) -> str:
    """Name an earlier promise, with what differs: names letter by letter, its own time."""
    name = words.say("entry {number}", number=str(other.entry))
    differs = []
    if (other.category, other.forecaster) != (this.category, this.forecaster):
        differs.append(
            words.say(
                "as {other_category} by {other}, where this one writes {category} by {forecaster}",
                other_category=ascii(other.category),
                other=ascii(other.forecaster),
                category=ascii(this.category),
                forecaster=ascii(this.forecaster),
            )
        )
    if (other.begins, other.ends) != (this.begins, this.ends):
        differs.append(words.say("from {begins} to {ends}", begins=other.begins, ends=other.ends))
    if not differs:
        return name
    return words.say("{entry} ({differs})", entry=name, differs="; ".join(differs))


def cautions(words: Words) -> list[tuple[str, str]]:
    """List what must not be concluded: a head, and its reason."""
    return [
        (
            words.say("A promise kept says nothing of why incidents were recorded."),
            words.say(
                "The forecast and its score are about counts of recorded incidents in places. "
                "Where more is looked for, more is recorded."
            ),
        ),
        (
            words.say("One good week is no skill."),
            words.say(
                "Look at all rounds together, and at the interval; it needs at least six weeks. "
                "Better and worse are said at 5% over all forecasters of the log, for one look at "
                "it: who looks after every round, and stops once it reads well, errs more often."
            ),
        ),
    ]
