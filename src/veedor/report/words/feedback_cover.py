"""Words of the feedback audit's cover, and the findings that its sections are headed by."""

from __future__ import annotations

from collections.abc import Sequence

from veedor.audits.places.feedback.audit import Simulated
from veedor.audits.places.feedback.runaway import Threshold
from veedor.report.words.intervals import interval
from veedor.report.words.language import Words, noted
from veedor.statistics.estimates import Estimate

CAUTIONS = (
    noted("That what was simulated is what happened: only a real record can show that."),
    noted("That flags which go with discoveries are a loop: they feed back only if the system is "
          "fed what is discovered."),
    noted("That a system which does not run away here is harmless: other true rates give other "
          "runs."),
    noted("That what is not shown is absent: there may be too few places, or runs, to tell."),
)  # fmt: skip
WORDS = {
    "more": noted("more are found"),
    "less": noted("fewer are found"),
    "open": noted("not shown"),
    "none": noted("undefined"),
}
WITHIN = {
    "place": noted("At the same place, when it was not flagged"),
    "period": noted("At other places, at the same time"),
}
COMPARED, VERDICT = noted("Flagged, compared with"), noted("Verdict")
PER_REPORTED = noted("Discovered incidents for each reported one, as times those compared with")
AGAIN = noted("Do flags last? Places flagged again in the next period")
BY_SYSTEM, BY_REPORTS = noted("By the system"), noted("If reports alone flagged as many")
OFF_TARGET = noted("Patrols that are not where the truth would put them, at the end")
AS_IT_IS, WITHOUT = noted("As it is"), noted("If nothing fed back")
REMEDY, RUNS_AWAY = noted("Remedy"), noted("Runs that run away")
NOTE_OBSERVED = noted("Bars: 95% intervals over places, each judged by itself.")
NOTE_SIMULATED = noted("Bars: share of the runs that run away, with 95% intervals.")
#: Places that a heading names.
_NAMED = 3


def found(words: Words, tone: str, value: str, brackets: str) -> str:
    """Say whether flags go with discoveries on a real record: the verdict of the page."""
    named = {"value": value, "brackets": brackets}
    if tone == "more":
        return words.say(
            "Where it flagged, police found {value} times as many incidents for each reported one "
            "({brackets})",
            **named,
        )
    if tone == "less":
        return words.say(
            "Where it flagged, police found fewer incidents for each reported one: {value} times "
            "as many ({brackets})",
            **named,
        )
    if tone == "none":
        return words.say("Whether flags go with more discoveries cannot be told from this record")
    return words.say(
        "That flags go with more discoveries is not shown: {value} times as many ({brackets})",
        **named,
    )


def ran(words: Words, away: Estimate) -> str:
    """Say how many runs run away: the verdict of a page without a real record."""
    runs = away.n
    if away.value is None:
        return words.say("Whether a simulated city runs away cannot be told from these runs")
    many = round(away.value * runs)
    if not many:
        return words.many(
            runs,
            "In a simulated city, {n} run does not run away: that is no proof that none would",
            "In a simulated city, none of {n} runs runs away: that is no proof that none would",
        )
    return words.many(
        runs,
        "In a simulated city, {away} of {n} run runs away: patrols follow themselves",
        "In a simulated city, {away} of {n} runs run away: patrols follow themselves",
        away=many,
    )


def shown(words: Words, tones: Sequence[str]) -> str:
    """Say how many comparisons show that more is found where it flagged: the heading of them."""
    return words.many(
        len(tones),
        "{more} of {n} comparison shows that more is found where it flagged",
        "{more} of {n} comparisons show that more is found where it flagged",
        more=tones.count("more"),
    )


def runs_away(words: Words, shares: Sequence[float | None]) -> str:
    """Say how many runs run away as it is, and with the best remedy: the heading of remedies."""
    as_is, others = shares[0], [one for one in shares[1:] if one is not None]
    if not others:
        return words.say("Of the runs, {as_is} run away", as_is=words.percent(as_is))
    return words.say(
        "Of the runs, {as_is} run away as it is, {least} with the remedy that leaves fewest",
        as_is=words.percent(as_is), least=words.percent(min(others)),
    )  # fmt: skip


def most_flagged(words: Words, places: Sequence[str], flagged: int, periods: int) -> str:
    """Say which places were flagged most often: the heading of their map."""
    if not flagged:
        return words.many(
            periods, "No place was flagged in {n} period", "No place was flagged in {n} periods"
        )
    if len(places) > _NAMED:
        return words.many(
            len(places),
            "{n} place was flagged most often: in {flagged} of {periods} periods",
            "{n} places were flagged most often: in {flagged} of {periods} periods",
            flagged=flagged, periods=periods,
        )  # fmt: skip
    return words.say(
        "Flagged most often: {places}, in {flagged} of {periods} periods",
        places=words.listed(places), flagged=flagged, periods=periods,
    )  # fmt: skip


def most_patrols(words: Words, places: Sequence[str], share: str) -> str:
    """Say where most patrols end: the heading of their map."""
    if len(places) > _NAMED:
        return words.many(
            len(places),
            "Most patrols end in {n} zone, {share} of them",
            "Most patrols end in {n} zones, {share} of them in each",
            share=share,
        )
    return words.say(
        "Most patrols end here: {places}, {share}", places=words.listed(places), share=share
    )


def because(words: Words, simulated: Simulated | None, places: int, periods: int) -> str:
    """Say what it rests on."""
    if simulated is None:
        return words.say(
            "A real record of {places} places over {periods} periods.",
            places=places, periods=periods,
        )  # fmt: skip
    if not places:
        return words.say(
            "{runs} simulated runs of {rounds} rounds in {zones} zones; no real record was given.",
            runs=simulated.runs, rounds=simulated.rounds, zones=simulated.zones,
        )  # fmt: skip
    return words.say(
        "A real record of {places} places over {periods} periods, and {runs} simulated runs in "
        "{zones} zones.",
        places=places, periods=periods, runs=simulated.runs, zones=simulated.zones,
    )  # fmt: skip


def told(words: Words, estimate: Estimate, share: bool = False) -> str:
    """Say a figure with its interval."""
    write = words.percent if share else words.number
    if estimate.low is None:
        return words.say("{value}, no interval", value=write(estimate.value))
    return words.say(
        "{value} ({brackets})",
        value=write(estimate.value), brackets=interval(words, estimate, share),
    )  # fmt: skip


def part(words: Words, estimate: Estimate) -> str:
    """Say a share out of how many."""
    return words.say(
        "{share} of {all}", share=words.percent(estimate.value), all=words.number(estimate.n)
    )


def times(words: Words, value: str, brackets: str) -> str:
    """Say a ratio with its interval."""
    return words.say("{value} times ({brackets})", value=value, brackets=brackets)


def remedies(words: Words, name: str, excess: str) -> str:
    """Say which remedy leaves least of what the loop adds: the heading of what helps."""
    return words.say(
        "What helps: of the remedies, “{name}” leaves least, {excess} of the patrols moved by the "
        "loop",
        name=name, excess=excess,
    )  # fmt: skip


def moved(words: Words, last: str, without: str) -> str:
    """Say how far patrols end off target: the heading of where they go."""
    return words.say(
        "Where the patrols go: {last} off target at the end, {without} if nothing fed back",
        last=last, without=without,
    )  # fmt: skip


def threshold(words: Words, found: Threshold | None) -> str:
    """Say from which discovered fraction on it runs away: the heading of that section."""
    if found is None:
        return words.say("Not looked for: from which discovered fraction on it runs away")
    if found.estimate.value is None:
        return words.say(
            "It runs away at no discovered fraction that was tried, up to {most} of the record",
            most=words.percent(float(max(found.fractions))),
        )
    return words.say(
        "It runs away once {share} of the record is discovered",
        share=words.percent(found.estimate.value),
    )


def real(words: Words, reported: str, discovered: str) -> str:
    """Say what the real record holds: the heading of its section."""
    return words.say(
        "On the real record: {reported} reported and {discovered} discovered incidents",
        reported=reported, discovered=discovered,
    )  # fmt: skip


def places_of(words: Words, about: str, places: int) -> str:
    """Name the table of places of a simulation, or of a record."""
    if about == "simulated":
        return words.many(
            places, "{n} simulated zone, and its patrols", "{n} simulated zones, and their patrols"
        )
    return words.many(places, "{n} place of the real record", "{n} places of the real record")
