"""What an examination of forecasts found: verdicts, errors, evidence, compatibility, places."""

from __future__ import annotations

import math

from veedor.report.words.intervals import defined, ends, in_full, interval_name, out_of
from veedor.report.words.language import Words, noted
from veedor.statistics.dependence import RESEMBLE
from veedor.statistics.discoveries import family_wise_p
from veedor.verification import (
    CHANCE,
    ORACLE,
    CapturedAt,
    Comparison,
    Consistency,
    Examination,
    Examined,
    Judged,
)
from veedor.verification.judging import (
    BETTER,
    FAMILY_LEVEL,
    NOT_SHOWN,
    SAME,
    UNDEFINED,
    WORSE,
)

#: Beside the verdicts of `judge_family`: a forecaster that had too little data.
ABSENT = "absent"
VERDICTS = {
    BETTER: noted("better than the reference"),
    NOT_SHOWN: noted("not shown to be better"),
    WORSE: noted("worse than the reference"),
    UNDEFINED: noted("undefined"),
    SAME: noted("the same forecast"),
    ABSENT: noted("not judged: too little data"),
}
#: Consistency tests: field -> (name, what it asks about).
CONSISTENCY = {
    "number": (noted("N-test: the number of incidents in all"), noted("how many")),
    "likelihood": (noted("L-test: all counts"), noted("how many, when and where")),
    "conditional_likelihood": (
        noted("CL-test: all counts, given their number"),
        noted("when and where"),
    ),
    "space": (noted("S-test: cells, given their number"), noted("where")),
}
RANKINGS = {CHANCE: noted("chance"), ORACLE: noted("the most possible")}
_NORMAL_95 = 1.96
_CAPTURED_AT = 0.05


def verdict(gain: Judged) -> str:
    """Return the code of what a gain was judged to show."""
    return gain.verdict if defined(gain.estimate.value) else UNDEFINED


def ranking(words: Words, name: str) -> str:
    """Name a ranking: a forecaster's own name, or chance, or the most possible."""
    return words.say(RANKINGS[name]) if name in RANKINGS else name


def how_it_did(words: Words, examination: Examination, row: Comparison) -> str:
    """Say how one forecaster did against the reference."""
    who, name, reference = row.forecaster, examination.category, examination.reference
    gain, estimate = row.gain, row.gain.estimate
    found = verdict(gain)
    named = {"who": who, "name": name, "reference": reference}
    if found == UNDEFINED:
        return words.say(
            "Whether {who} forecast recorded {name} better than {reference} is undefined (out of "
            "{of}): it cannot be computed from these periods, and nothing follows from that.",
            of=out_of(words, estimate),
            **named,
        )
    if found == SAME:
        return words.say(
            "{who} made the same forecast of {name} as {reference} in every cell and period: it is "
            "one forecast, and nothing is compared.",
            **named,
        )
    told = words.say(
        "information gain {value} nats per incident ({interval_name} {interval}; out of {of})",
        value=words.number(estimate.value),
        interval_name=interval_name(words, estimate),
        interval=ends(words, estimate.low, estimate.high),
        of=out_of(words, estimate),
    )
    if found == NOT_SHOWN:
        why = _why_not_shown(words, gain, reference, who)
        return words.say(
            "{who} was not shown to be better than {reference} on recorded {name}: {told}. {why}",
            told=told,
            why=why,
            **named,
        )
    beside = words.say(
        "{errors} Per incident, what was recorded was {likelier} under its forecast.",
        errors=errors(words, gain, reference, who),
        likelier=likelier(words, estimate.value or 0.0),
    )
    if found == BETTER:
        return words.say(
            "{who} forecast recorded {name} better than {reference}: {told}. {beside}",
            told=told,
            beside=beside,
            **named,
        )
    return words.say(
        "{who} forecast recorded {name} worse than {reference}: {told}. {beside}",
        told=told,
        beside=beside,
        **named,
    )


def errors(words: Words, gain: Judged, reference: str, who: str) -> str:
    """Name both errors that a gain was held against, and the p-value of its family.

    And how far weeks that resemble the one before stretch the first.
    """
    above = (gain.estimate.value or 0.0) > 0.0
    error = gain.error_if_reference if above else gain.error_if_forecast
    held = words.many(
        gain.comparisons,
        "By weeks alone the interval is {weeks}; if {right} were right, chance would give "
        "±{chance} (95%); p = {p} after Holm, over {n} comparison.",
        "By weeks alone the interval is {weeks}; if {right} were right, chance would give "
        "±{chance} (95%); p = {p} after Holm, over {n} comparisons.",
        weeks=ends(words, gain.weeks_low, gain.weeks_high),
        right=reference if above else who,
        chance=words.number(None if error is None else _NORMAL_95 * error),
        p=words.number(gain.p_adjusted),
    )
    return f"{held} {dependence(words, gain)}".rstrip()


def dependence(words: Words, gain: Judged) -> str:
    """Say how much wider the interval by weeks is taken where they resemble the one before."""
    found = gain.dependence
    if found is None or found.inflation <= 1.0:
        return ""
    named = {
        "rho": words.number(found.autocorrelation),
        "p": words.number(found.p_value),
        "weeks": words.number(found.periods),
        "effective": words.number(round(found.effective)),
        "times": words.number(found.stretch(gain.estimate.level)),
    }
    if found.code == RESEMBLE:
        return words.say(
            "Weeks resemble the one before by more than chance (autocorrelation of the gain {rho}, "
            "p = {p}): {weeks} of them tell about as much as {effective} independent ones, and the "
            "interval by weeks alone is too narrow. It is taken {times} times as wide; for a gain "
            "that drifts over many weeks that is still too little.",
            **named,
        )
    return words.say(
        "Since weeks may resemble the one before (autocorrelation of the gain {rho}, p = {p}), the "
        "interval by weeks is taken {times} times as wide.",
        **named,
    )


def _why_not_shown(words: Words, gain: Judged, reference: str, who: str) -> str:
    if gain.p_adjusted is None:
        return words.say(
            "Without an interval nothing can be concluded: no gain could have been shown."
        )
    low, high = gain.estimate.low, gain.estimate.high
    clear = (low is not None and low > 0.0) or (high is not None and high < 0.0)
    why = (
        words.say("The interval leaves out 0, but among so many comparisons chance does that too.")
        if clear
        else words.say("The interval includes 0.")
    )
    return f"{why} {errors(words, gain, reference, who)} {smallest(words, gain)}"


def smallest(words: Words, gain: Judged) -> str:
    """Say what could have been shown at all."""
    return words.say(
        "The smallest gain that could have been shown here is about {gain}: a smaller one may be "
        "there, or none.",
        gain=words.number(gain.smallest_shown),
    )


def likelier(words: Words, gain: float) -> str:
    """Turn nats into words.

    >>> from veedor.report.words import words_in
    >>> [likelier(words_in("en"), gain) for gain in (0.05, -0.05, 1.5)]
    ['5.13% more probable', '4.88% less probable', '4.48 times as probable']
    """
    if gain >= 50.0:
        return words.say("far more probable")
    if gain > math.log(2):
        return words.say("{times} times as probable", times=words.number(math.exp(gain)))
    change = math.expm1(gain)
    if change >= 0.0:
        return words.say("{share} more probable", share=words.percent(change))
    return words.say("{share} less probable", share=words.percent(-change))


def at_same_totals(words: Words, examination: Examination, row: Comparison) -> str:
    """Say what the choice of places alone gained; empty where it was not asked."""
    scaled = row.gain_at_same_totals
    if scaled is None:
        return ""
    return words.say(
        "{name}, {who}: {gain} ({verdict})",
        name=examination.category,
        who=row.forecaster,
        gain=in_full(words, scaled.estimate),
        verdict=words.say(VERDICTS[verdict(scaled)]),
    )


def incompatible(one: Examined) -> list[str] | None:
    """Return the tests that a forecast fails, of `CONSISTENCY`; None where none was asked."""
    if one.consistency is None:
        return None
    found = _p_values(one.consistency)
    adjusted = family_wise_p(list(found.values()))
    return [field for field, p in zip(found, adjusted, strict=True) if p <= FAMILY_LEVEL]


def compatible(words: Words, name: str, one: Examined) -> str:
    """Say what a forecast is not compatible with, at 5% over all of its tests (Holm)."""
    rejected = incompatible(one)
    if one.consistency is None or rejected is None:
        return ""
    held = words.many(
        len(_p_values(one.consistency)),
        "at {level} over its {n} test together (Holm)",
        "at {level} over its {n} tests together (Holm)",
        level=words.percent(FAMILY_LEVEL),
    )
    if rejected:
        return words.say(
            "{name}: what was recorded is not compatible with the uncertainty that {who} states, "
            "as to {what} ({held}).",
            name=name,
            who=one.forecaster,
            what=words.listed([words.say(CONSISTENCY[field][1]) for field in rejected]),
            held=held,
        )
    return words.say(
        "{name}: what was recorded is not found incompatible with what {who} states ({held}).",
        name=name,
        who=one.forecaster,
        held=held,
    )


def _p_values(tested: Consistency) -> dict[str, float]:
    return {field: test.p_value for field, test in tested.tests.items() if test.p_value is not None}


def of_compatible(words: Words) -> tuple[str, str]:
    """What must not be concluded from `compatible`: a head, and its reason."""
    return (
        words.say("A forecast that passes a test is not thereby good."),
        words.say(
            "A vague forecast passes consistency tests easily. What it adds to plain counting is "
            "said by the comparison with the reference. Each forecast of each category is tested "
            "by itself, at {level}: the more there are, the likelier it is that chance alone made "
            "one of them fail.",
            level=words.percent(FAMILY_LEVEL),
        ),
    )


def captured_at(examination: Examination) -> tuple[float, dict[str, CapturedAt]]:
    """Return the share of the area nearest to 5% that was asked, and what each ranking captured."""
    asked = {row.area_fraction for row in examination.places.captured}
    at = min(asked, key=lambda fraction: abs(fraction - _CAPTURED_AT), default=_CAPTURED_AT)
    rows = (row for row in examination.places.captured if row.area_fraction == at)
    return at, {row.ranking: row for row in rows}


def captured(words: Words, examination: Examination) -> str:
    """Say how many incidents lay in 5% of the area: forecasters, reference, chance, the best."""
    reference, (at, rows) = examination.reference, captured_at(examination)
    if not rows:
        return ""
    told = []
    for who in [name for name in rows if name not in (reference, *RANKINGS)] + [reference]:
        rate = rows[who].capture_rate
        given = {
            "who": who,
            "rate": words.percent(rate.value),
            "name": interval_name(words, rate),
            "interval": ends(words, rate.low, rate.high, share=True),
        }
        told.append(
            words.say("{who}, the reference, {rate} ({name} {interval})", **given)
            if who == reference
            else words.say("{who} {rate} ({name} {interval})", **given)
        )
    told.append(words.say("chance {rate}", rate=words.percent(rows[CHANCE].capture_rate.value)))
    told.append(
        words.say(
            "the most that any forecast could reach {rate}",
            rate=words.percent(rows[ORACLE].capture_rate.value),
        )
    )
    return words.say(
        "Captured in the {area} of the area with the largest expected counts, out of {of}: "
        "{rates}.",
        area=words.percent(at),
        of=out_of(words, rows[reference].capture_rate),
        rates="; ".join(told),
    )


def what_was_tried(words: Words, examination: Examination) -> str:
    """Say over which periods and incidents, and beside whom."""
    periods, name = examination.periods, examination.reference
    told = words.many(
        len(periods.start),
        "{n} period from {start} to {end}; {incidents} recorded in the cells.",
        "{n} periods from {start} to {end}; {incidents} recorded in the cells.",
        start=words.day(periods.start[0]),
        end=words.day(periods.end[-1]),
        incidents=incidents(words, examination.recorded.inside),
    )
    beside = (
        words.say(
            "Everything is compared with {reference}, which veedor made from the record before "
            "each data cut-off.",
            reference=name,
        )
        if examination.reference_made
        else words.say("Everything is compared with {reference}.", reference=name)
    )
    return f"{told} {beside}"


def incidents(words: Words, count: int) -> str:
    """Count incidents."""
    return words.many(count, "{n} incident", "{n} incidents")


def over_time(words: Words, examination: Examination) -> list[str]:
    """Say when evidence was enough for anybody who looks every period, and when skill changed."""
    told = []
    for row in examination.comparisons:
        told += [
            said for side in (BETTER, WORSE) if (said := _evidence(words, examination, row, side))
        ]
        change = row.change
        if change is None or change.period is None or change.test.p_value is None:
            continue
        if change.test.p_value <= FAMILY_LEVEL:
            told.append(
                words.say(
                    "The gain of {who} changed over time (p = {p}), most likely at {day}: from "
                    "{before} to {after} nats per incident.",
                    who=row.forecaster,
                    p=words.number(change.test.p_value),
                    day=words.day(examination.periods.start[change.period]),
                    before=words.number(change.before),
                    after=words.number(change.after),
                )
            )
    return told


def _evidence(words: Words, examination: Examination, row: Comparison, side: str) -> str:
    if row.e_process is None:
        return ""
    many = max(row.gain.comparisons, 1)
    enough = math.log(many / FAMILY_LEVEL)
    process = row.e_process.better if side == BETTER else row.e_process.worse
    when = next((t for t, e in enumerate(process.log_e.tolist()) if e >= enough), None)
    if when is None:
        return ""
    given = {
        "who": row.forecaster,
        "period": when + 1,
        "reference": examination.reference,
        "allowing": words.say(", allowing for {many} comparisons", many=many) if many > 1 else "",
    }
    said = (
        words.say(
            "{who}, looked at after every period: from period {period} on the evidence that it is "
            "better than {reference} (e-process of the information gain, capped at what the "
            "forecasts hold plausible) was beyond 1 in 20{allowing}.",
            **given,
        )
        if side == BETTER
        else words.say(
            "{who}, looked at after every period: from period {period} on the evidence that it is "
            "worse than {reference} (e-process of the information gain, capped at what the "
            "forecasts hold plausible) was beyond 1 in 20{allowing}.",
            **given,
        )
    )
    found = verdict(row.gain)
    if found == side:
        return said
    whole = words.say("Over all periods it is {verdict}.", verdict=words.say(VERDICTS[found]))
    return f"{said} {whole}"
