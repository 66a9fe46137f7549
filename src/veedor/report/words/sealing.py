"""What a log of promises proves, what it leaves open, and how its promises went."""

from __future__ import annotations

from veedor.report.words.examination import VERDICTS, errors, smallest, verdict
from veedor.report.words.intervals import defined, ends, out_of
from veedor.report.words.language import Words, noted
from veedor.sealing.findings import NEVER, SCORED, WAITING, LogFindings, RoundsTogether
from veedor.verification.judging import NOT_SHOWN

STATES = {
    NEVER: noted("due, and never scored"),
    WAITING: noted("not due yet"),
    SCORED: noted("scored"),
}
FINDINGS = {
    "log_signed": noted(
        "Every entry ({entries}) was signed by the holder of one key, {key}, and so was every "
        "checkpoint ({checkpoints}). Nothing in the log was changed since."
    ),
    "log_in_order": noted(
        "Every entry stands where it was appended: each names the tree head before it, is in the "
        "newest tree (inclusion proofs), and every checkpoint follows from the one before "
        "(consistency proofs)."
    ),
    "log_files_as_promised": noted(
        "Every forecast, its cells and all counts are the files that were promised, by their "
        "hashes, and the manifests say of them what they hold."
    ),
    "log_scorings_agree": noted(
        "Every scoring ({scorings}) was computed again from the counts and the forecasts, by what "
        "was promised, and agrees."
    ),
    "log_begins_as_remembered": noted(
        "The log begins with exactly the entries of the checkpoint that you kept: nothing was "
        "taken out or rewritten since you kept it."
    ),
    "log_key_as_given": noted("The key is the one that you brought."),
    "log_existed_by_authority": noted(
        "{seen} of {entries} entries existed by the time that an authority which you trust put to "
        "them."
    ),
    "log_own_clock": noted(
        "When {own} of {promises} promises were made: own clock only. Whoever holds the key could "
        "have set that clock."
    ),
    "log_authority_not_checked": noted(
        "That the timestamps of {entries} entries are an authority's: timestamp present, authority "
        "not checked. Give its certificate with --tsa-root."
    ),
    "log_may_be_another": noted(
        "That this is the only log. Whoever holds the key can write another from the start, and a "
        "log cut short is a log: only a checkpoint that you, or a witness, kept from before shows "
        "it. Keep this one with --remember."
    ),
    "log_key_of_whom": noted(
        "Whose key it is. Compare its fingerprint with one that its holder has published "
        "elsewhere, or give the key with --public-key."
    ),
    "log_others_may_exist": noted(
        "That no other forecasts were promised in other logs, of which only the better is shown."
    ),
    "log_counts_not_records": noted(
        "That the counts are what was recorded, or that what was recorded is what happened: the "
        "log keeps counts, and the records stay with who holds them."
    ),
    "log_software_not_shown": noted(
        "That a forecast was made by the software or from the data that it names."
    ),
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
