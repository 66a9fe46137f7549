"""Words of the feedback audit."""

from __future__ import annotations

from veedor.audits.audit import Statement
from veedor.audits.places.feedback.audit import ObservedRecord, Simulated
from veedor.report.words.called import called
from veedor.report.words.headings import Heading
from veedor.report.words.intervals import in_full, interval, out_of
from veedor.report.words.language import Words, noted, noted_many
from veedor.statistics import Estimate

DENOMINATORS = {
    "simulated_runs": noted("simulated runs of {rounds} rounds in {zones} zones"),
    "simulated_runs_with_curves": noted("simulated runs, each with its whole curve"),
    "zones_under_even_patrols": noted("zones, recorded incidents under even patrols"),
    "incidents_known_within_periods": noted(
        "incidents that became known, comparing flagged and other places of the same period"
    ),
    "incidents_known_within_places": noted(
        "incidents that became known, comparing flagged and other periods of the same place"
    ),
    "flagged_places_followed": noted("flagged places in a period that another follows"),
    "places_reports_would_flag": noted("places that reported incidents would flag"),
    "flagged_places_against_reports": noted(
        "flagged places in a period that another follows, against as many places that reported "
        "incidents would flag"
    ),
}
METHODS = {
    "none_one_run": noted("none: one run"),
    "student_t_over_runs": noted("Student's t over simulated runs"),
    "wilson_over_runs": noted("Wilson, over simulated runs"),
    "expanded_percentile_over_runs": noted(
        "expanded percentile bootstrap of runs, {replicates} replicates"
    ),
    "none_computed_from_the_world": noted("computed from the world; no interval"),
    "none_few_places_on_a_side": noted_many(
        "none: {places} place that was flagged, or unflagged, at some time is too few",
        "none: {places} places that were flagged, or unflagged, at some time are too few",
    ),
    "none_a_side_without_incidents": noted(
        "none: one side has no discovered or no reported incidents"
    ),
    "none_few_flagged_places": noted_many(
        "none: {places} place that was flagged is too few",
        "none: {places} places that were flagged are too few",
    ),
    "jackknife_over_places": noted(
        "jackknife over places, Student's t with {degrees} degrees"
    ),
    "jackknife_over_places_log": noted(
        "jackknife over places on the log scale, Student's t with {degrees} degrees"
    ),
}  # fmt: skip
#: Code of a remedy -> its name, and what it does.
REMEDIES = {
    "none": (noted("none"), noted("the system is fed all that is recorded")),
    "reported_only": (
        noted("reported only"), noted("the system is fed reported incidents only"),
    ),
    "weighted_by_presence": (
        noted("weighted by presence"),
        noted("each discovered incident counts one over the presence it was found with"),
    ),
    "thinned_by_share": (
        noted("thinned by share"),
        noted(
            "each discovered incident is kept with probability one minus the zone's share of "
            "patrols (Ensign et al. 2018; exact for two zones)"
        ),
    ),
    "fifth_spread_evenly": (
        noted("a fifth spread evenly"), noted("a fifth of the patrols is spread evenly"),
    ),
}  # fmt: skip
STATISTICS = {
    "deviation_first": noted("patrols off target, first round"),
    "deviation_last": noted("patrols off target, last tenth of the rounds"),
    "deviation_last_without_loop": noted("the same if nothing fed back"),
    "distance_from_true_share_last": noted(
        "patrols not where the true incidents are, at the end"
    ),
    "excess_deviation": noted("what the loop adds"),
    "share_of_runs_away": noted("runs that run away"),
}  # fmt: skip
DEFINITION = noted(
    "A system runs away where the loop itself moves more than a tenth of the patrols off their "
    "target: the distance of its last shares from those that the same rule would allot if it knew "
    "the true rates, less the same distance when patrols are spread evenly whatever it says and "
    "the very same incidents happen."
)
CAUTIONS = (
    (
        noted("A simulation shows what can happen, not what did."),
        noted(
            "It is as good as the true rates, the reporting and the detection that it was given. "
            "Only the test on a real record is about what did happen."
        ),
    ),
    (
        noted("A ratio above 1 is not yet a loop."),
        noted(
            "It says that flags go with discoveries. They feed back only if the system is fed what "
            "is discovered."
        ),
    ),
)
REAL = noted(
    "Comparing a place with itself is free of what differs between places and lasts. Comparing "
    "places at the same time assumes that, unflagged, they would have as many discovered per "
    "reported incident."
)
MOVED = Heading(
    noted("Shares of the zones that move most"),
    (noted("Zone"), noted("True incidents"), noted("Target"), noted("Patrols at the end")),
)
HELPS = Heading(
    noted("Remedies"),
    (noted("Remedy"), noted("What"), noted("Value"), noted("95% interval"), noted("Out of")),
)
CURVE = Heading(noted("Curve"), (noted("Discovered fraction"), noted("Added by the loop")))
FIGURES = Heading(
    noted("Figures"),
    (noted("Statistic"), noted("Value"), noted("95% interval"), noted("Out of"), noted("Method")),
)


def subtitle(words: Words, simulated: Simulated | None, observed: ObservedRecord | None) -> str:
    """Say what was simulated, and what was observed."""
    parts = []
    if simulated:
        parts.append(words.many(
            simulated.runs,
            "{n} simulated run of {rounds} rounds in {zones} zones",
            "{n} simulated runs of {rounds} rounds in {zones} zones",
            rounds=simulated.rounds, zones=simulated.zones,
        ))  # fmt: skip
    if observed:
        parts.append(words.say(
            "{places} places over {periods} periods",
            places=observed.places, periods=observed.periods,
        ))  # fmt: skip
    return "; ".join(parts)


def run_away(words: Words, simulated: Simulated, last: Statement, away: Statement) -> str:
    """Say how far patrols end from their target, and in how many runs they have run away."""
    return words.say(
        "In the simulated city, {fraction} of the record would be discovered under even patrols. "
        "At the end, {last} of the patrols are not where the same rule would put them if it knew "
        "the truth ({last_interval}; out of {out_of}), and {away} of the runs have run away "
        "({away_interval}; same runs). {definition}",
        fraction=words.percent(simulated.discovered_fraction),
        last=words.percent(last.estimate.value), last_interval=interval(words, last.estimate, True),
        out_of=out_of(words, last.estimate), away=words.percent(away.estimate.value),
        away_interval=interval(words, away.estimate, True), definition=words.say(DEFINITION),
    )  # fmt: skip


def threshold(words: Words, simulated: Simulated, estimate: Estimate) -> str:
    """Say from which discovered fraction on it runs away."""
    if estimate.value is None:
        return words.say(
            "Within {rounds} rounds it runs away at no discovered fraction that this city can "
            "have, out of {out_of}.",
            rounds=simulated.rounds, out_of=out_of(words, estimate),
        )  # fmt: skip
    return words.say(
        "Within {rounds} rounds it runs away once the discovered part of the record reaches "
        "{reached}.",
        rounds=simulated.rounds, reached=in_full(words, estimate, share=True),
    )  # fmt: skip


def discovered(words: Words, within: str, one: Statement, p_value: float | None) -> str:
    """Say how many times as many are discovered per reported incident where it flagged."""
    named = {
        "ratio": words.number(one.estimate.value), "interval": interval(words, one.estimate),
        "p_value": words.number(p_value), "out_of": out_of(words, one.estimate),
    }  # fmt: skip
    if within == "place":
        return words.say(
            "For each reported incident, {ratio} times as many were discovered where the system "
            "flagged as at the same place when it was not ({interval}; p = {p_value}; out of "
            "{out_of}).",
            **named,
        )
    return words.say(
        "For each reported incident, {ratio} times as many were discovered where the system "
        "flagged as at other places at the same time ({interval}; p = {p_value}; out of {out_of}).",
        **named,
    )


def lasting(words: Words, flags: Statement, reports: Statement) -> str:
    """Say how flags last beside what reports would flag."""
    return words.say(
        "{flags} are flagged again in the next period; if reports alone flagged as many, {reports} "
        "would be.",
        flags=in_full(words, flags.estimate, True), reports=in_full(words, reports.estimate, True),
    )  # fmt: skip


def simulation(words: Words, simulated: Simulated) -> str:
    """Say what was simulated, and what off target is."""
    return words.say(
        "System: {system}; patrols: {allocation}; detection {detection}. The part of the patrols "
        "off target is half the sum of the absolute differences between the zones' shares and "
        "those that the same rule would allot if it knew the true rates.",
        system=called(words, simulated.system), allocation=called(words, simulated.allocation),
        detection=words.number(simulated.detection),
    )  # fmt: skip


def record(words: Words, observed: ObservedRecord) -> str:
    """Say what the real record holds."""
    return words.say(
        "{reported} reported and {discovered} discovered incidents, {flagged} flags.",
        reported=words.number(observed.reported), discovered=words.number(observed.discovered),
        flagged=observed.flagged,
    )  # fmt: skip
