"""What a study forecast, from what, and what must not be concluded from its report."""

from __future__ import annotations

from veedor.report.words.examination import of_compatible, verdict
from veedor.report.words.language import Words, noted
from veedor.report.words.lengths import cells_of, length_of
from veedor.study.results import Absent, StudyCategory, StudyResults
from veedor.verification import Judged
from veedor.verification.judging import BETTER, NOT_SHOWN, SAME, UNDEFINED, WORSE

#: What the numbers on the cells do not say.
CELLS_NOTE = noted(
    "Border cells are clipped to the study area; pieces below 0.01 km² join a neighbour. What is "
    "lost lies in isolated specks that belong to no cell."
)


def subtitle(words: Words, results: StudyResults) -> str:
    """Say what the report is."""
    return words.say(
        "Forecasts of recorded incidents, compared with {reference}",
        reference=results.study.reference,
    )


def made(words: Words, results: StudyResults) -> str:
    """Say by what it was made."""
    return words.say(
        "veedor {version}, study “{title}”, seed {seed}, times in {zone}",
        version=results.veedor,
        title=results.study.title,
        seed=str(results.study.seed),
        zone=results.study.time_zone,
    )


def what_was_forecast(words: Words, results: StudyResults) -> list[str]:
    """Say what was forecast, where, when, and from what."""
    periods, cells = results.periods, results.cells
    what = words.say(
        "How many incidents of {names} will be recorded in each of {cells} ({size}; {area} km² in "
        "all), in periods of {length} from {start} to {end}.",
        names=words.listed([category.name for category in results.categories]),
        cells=words.many(cells.count, "{n} cell", "{n} cells"),
        size=cells_of(words, cells.shape, cells.size_m),
        area=words.number(cells.area_km2),
        length=length_of(words, periods.length),
        start=words.day(periods.start[0]),
        end=words.day(periods.end[-1]),
    )
    counted = words.many(len(periods.start), "{n} period", "{n} periods")
    rounds = (
        words.say("One forecast was made for each of {periods}", periods=counted)
        if len(periods.start) == len(periods.origins)
        else words.many(
            len(periods.origins),
            "Forecasts were made at {n} cut-off for {periods}",
            "Forecasts were made at {n} cut-offs for {periods}",
            periods=counted,
        )
    )
    told = words.say(
        "{rounds}, each from what had been recorded up to its cut-off and nothing later, then set "
        "against what was recorded.",
        rounds=rounds,
    )
    if periods.lead:
        told += " " + words.say(
            "The cut-off lay {lead} before the first period, which left time to make the forecast "
            "and to publish it.",
            lead=length_of(words, periods.lead),
        )
    return [what, told, _compared(words, results)]


def _compared(words: Words, results: StudyResults) -> str:
    reference = results.study.reference
    others = [one.name for one in results.forecasters if not one.is_reference]
    if not others:
        return words.say(
            "Only the reference, {reference}, was run: nothing is compared with it.",
            reference=reference,
        )
    return words.many(
        len(others),
        "{n} forecaster ({names}) is compared with {reference}, which only counts what was "
        "recorded before in each cell and around it. A forecaster that is not shown to be better "
        "has not been shown to add anything to plain counting.",
        "{n} forecasters ({names}) are compared with {reference}, which only counts what was "
        "recorded before in each cell and around it. A forecaster that is not shown to be better "
        "has not been shown to add anything to plain counting.",
        names=words.listed(others),
        reference=reference,
    )


def absent(words: Words, category: str, one: Absent) -> str:
    """Say which forecaster is not judged in a category, since it had too little data."""
    return words.many(
        one.origins,
        "{who} is not judged on recorded {name}: at {some} of {n} cut-off it had too little data "
        "to forecast. It says: {reason} Scores over fewer periods than the others' would not "
        "compare.",
        "{who} is not judged on recorded {name}: at {some} of {n} cut-offs it had too little data "
        "to forecast. It says: {reason} Scores over fewer periods than the others' would not "
        "compare.",
        who=one.forecaster,
        name=category,
        some=one.origins_absent,
        reason=one.reason,
    )


def left_out(words: Words, category: StudyCategory) -> str:
    """Name the forecasters that no chart shows; empty where there is none."""
    if not category.absent:
        return ""
    return words.say(
        "Not shown, for too little data: {names}.",
        names=words.listed([one.forecaster for one in category.absent]),
    )


def not_to_conclude(words: Words, results: StudyResults) -> list[tuple[str, str]]:
    """List what this report must not be used to say: each point has a short head and its reason."""
    seen = [category.examination.recorded for category in results.categories]
    points = [
        (
            words.say("What was recorded is not all that happened."),
            words.say(
                "Many incidents are never reported, and reporting differs between places and "
                "people. A forecast of records repeats what is missing from them."
            ),
        ),
        (
            words.say("Nothing here is about any person."),
            words.say("A forecast of places says nothing about who lives, works or walks there."),
        ),
        (
            words.say("A large expected count is no reason to stop, search or watch anybody."),
            words.say("It is an average over a cell and a period, not evidence of anything in it."),
        ),
        (
            words.say("Beating the reference does not make a system useful or fair."),
            words.say(
                "It says nothing on what is done with a forecast, whom that burdens, or whether "
                "it helps."
            ),
        ),
        of_compatible(words),
        (
            words.say("Nothing here says why."),
            words.say("No score shows a cause, nor what any measure would change."),
        ),
        (
            words.say("It holds for these places, periods and records only."),
            words.say(
                "{inside} incidents in the forecast periods are scored; {lost} without a usable "
                "place and {outside} outside the area are counted but not scored.",
                inside=sum(one.inside for one in seen),
                lost=sum(one.unlocated for one in seen),
                outside=sum(one.outside for one in seen),
            ),
        ),
    ]
    found = [one.name for one in results.categories if one.known_by != "reported"]
    if found:
        points.append(
            (
                words.say("{names}: not known from reports alone.", names=words.listed(found)),
                words.say(
                    "What police go looking for is recorded where they look. A forecast of it "
                    "forecasts patrols."
                ),
            )
        )
    return points


def what_verdicts_hold(words: Words, gains: list[Judged], reference: str) -> str:
    """Say what holds of all verdicts of a page at once; empty where nothing was compared."""
    many = max((gain.comparisons for gain in gains), default=0)
    if not many:
        return ""
    how = (
        words.say(
            ", over all {many} comparisons (Holm): if no forecaster differed from {reference}, any "
            "would be called better or worse in about 5% of such studies at most",
            many=many,
            reference=reference,
        )
        if many > 1
        else ""
    )
    return words.say(
        "Better or worse is said only at 5%{how}; and only where the gain exceeds both what weeks "
        "vary by and what chance alone would give. Information gain says how much more probable a "
        "forecast made what was recorded, per incident, than {reference} did: 0.01 nats are 1% "
        "more, −0.01 nats 1% less.",
        how=how,
        reference=reference,
    )


def headline(words: Words, gains: list[Judged], reference: str, missing: int) -> str:
    """Count the verdicts; `missing` comparisons could not be made for too little data."""
    found = [verdict(gain) for gain in gains]
    short = (
        words.many(
            missing,
            " {n} comparison could not be made: too little data.",
            " {n} comparisons could not be made: too little data.",
        )
        if missing
        else ""
    )
    if same := found.count(SAME):
        short += words.many(
            same,
            " {n} forecast is the reference's own.",
            " {n} forecasts are the reference's own.",
        )
        found = [kind for kind in found if kind != SAME]
    if not found:
        return words.say("Nothing was compared with {reference}.", reference=reference) + short
    told = [
        words.say(template, n=found.count(kind))
        for kind, template in _COUNTED.items()
        if kind in found or kind == BETTER
    ]
    return (
        words.many(
            len(found),
            "Of {n} comparison with {reference}: {told}.",
            "Of {n} comparisons with {reference}: {told}.",
            reference=reference,
            told=", ".join(told),
        )
        + short
    )


_COUNTED = {
    BETTER: noted("better in {n}"),
    NOT_SHOWN: noted("not shown to be better in {n}"),
    WORSE: noted("worse in {n}"),
    UNDEFINED: noted("undefined in {n}"),
}
