"""What a page of patterns says first: how sure its findings are, and what they are."""

from __future__ import annotations

from collections.abc import Callable
from math import isfinite

from veedor.patterns import CategoryPatterns, Changes, DatedShift, Patterns
from veedor.report.words.intervals import ends, in_full
from veedor.report.words.language import Words, noted
from veedor.report.words.pattern_names import (
    KINDS_OF_DAY,
    STEPS,
    YEAR_WEEKS,
    counts_of,
    distance_bands,
    sign,
    time_bands,
)
from veedor.report.words.pattern_sections import COUNTED, KINDS
from veedor.statistics import FALSE_DISCOVERY_RATE

CAUTIONS = (
    (
        noted("A hot spot is a place with many recorded incidents around it."),
        noted(
            "It is not a bad place, and it says nothing of who lives there or passes through. "
            "Where more is reported, or more is written down, more is recorded."
        ),
    ),
    (
        noted("A pattern is not its cause."),
        noted(
            "Near repeats, seasons and shifts describe the record. Why they are there, and what "
            "should be done, is not in it."
        ),
    ),
    (
        noted("A change in the record may be a change of recording."),
        noted(
            "Where other series broke at the same time this page says so; where it says nothing, "
            "nothing was seen, which is no proof."
        ),
    ),
)


def points(words: Words, found: Patterns) -> list[str]:
    """Say how sure the findings are, then the findings of each category, then of all together."""
    named = [one for one in found.findings.each if one.named]
    said = [
        words.say(
            "{tests} questions are asked of the record; {named} of them found a pattern that is "
            "told here. Where there is no pattern at all, a page like this one tells of one here "
            "in {share} of cases at most (Holm's adjustment over all questions). The sections "
            "below name more. Each keeps to {share} by itself, so some of what only they name is "
            "chance.",
            tests=found.findings.tests,
            named=len(named),
            share=words.percent(found.findings.family_rate),
        )
    ]
    said += [_category(words, one, found) for one in found.categories]
    together = {one.kind for one in named if one.category is None}
    if "level_shift_of_the_recording" in together and found.changes is not None:
        series = [
            words.of(one.of_recording)
            for one in found.changes.recording
            if one.shifts and one.of_recording is not None
        ]
        said.append(
            words.say(
                "The recording changed: the share of {series} has a level shift.",
                series=words.listed(series),
            )
        )
    if "alarms_of_the_watch" in together and found.watch is not None:
        watch = found.watch
        told = words.say(
            "The watch of the last {weeks} weeks alarmed {alarms} times, where a record without a "
            "change gives {expected} on average.",
            weeks=len(watch.weeks),
            alarms=watch.alarms,
            expected=words.number(watch.false_alarms_expected),
        )
        if watch.baseline_weeks < YEAR_WEEKS:
            told += " " + words.say(
                "It knows less than a year before, so a season alarms like any other rise."
            )
        said.append(told)
    return said


def _category(words: Words, one: CategoryPatterns, found: Patterns) -> str:
    mine = [asked for asked in found.findings.each if asked.category == one.name]
    named = [asked.kind for asked in mine if asked.named]
    others = [words.say(KINDS[asked.kind]) for asked in mine if not asked.named]
    said = [
        words.say(
            "{category}: {n} recorded incidents.",
            category=one.name,
            n=one.concentration[0].incidents,
        ),
        *(
            words.say(COUNTED[kind][0], **counts_of(COUNTED[kind][1](one)))
            if kind in COUNTED
            else NAMED[kind](words, one, found.changes)
            for kind in named
        ),
    ]
    if not named:
        said.append(words.say("No pattern is shown that chance alone would not give."))
    if others:
        said.append(
            words.say(
                "Not shown, which is not the same as absent: {kinds}.", kinds=words.listed(others)
            )
        )
    return " ".join(said)


def _concentration(words: Words, one: CategoryPatterns, _: Changes | None) -> str:
    whole = one.concentration[0]
    return words.say(
        "They are concentrated: half of them were in {half} of the cells (chance alone: {chance}).",
        half=words.percent(whole.holding["0.5"].value, 2),
        chance=words.percent(whole.chance["0.5"].mean, 2),
    )


def _near_repeats(words: Words, one: CategoryPatterns, _: Changes | None) -> str:
    knox = one.near_repeats
    if knox is None:
        return ""
    ratio, beyond = float(knox.ratio[1, 1]), float(knox.seasonal_high[1, 1])
    low, high = float(knox.low[1, 1]), float(knox.high[1, 1])
    said = {
        "distance": distance_bands(words, knox.distances_m)[1],
        "time": time_bands(words, knox.days)[1],
        "ratio": words.number(ratio),
        "sure": ends(words, low, high) if isfinite(low) else words.say("no interval"),
        "beyond": words.number(beyond),
    }
    if not isfinite(beyond):
        return words.say(
            "Pairs of incidents {distance} and {time} apart are {ratio} times as many as with "
            "shuffled days ({sure}).",
            **said,
        )
    if ratio <= beyond:
        return words.say(
            "Pairs of incidents {distance} and {time} apart are {ratio} times as many as with "
            "shuffled days ({sure}); seasons that differ between districts alone give up to "
            "{beyond}.",
            **said,
        )
    return words.say(
        "Pairs of incidents {distance} and {time} apart are {ratio} times as many as with shuffled "
        "days ({sure}), more than the {beyond} that a plain seasonal record gives at most.",
        **said,
    )


def _steps(words: Words, one: CategoryPatterns, _: Changes | None) -> str:
    if one.emerging is None:
        return ""
    return words.say(
        "{hot} of {n} {steps} have hot spots of their own.",
        hot=sum(many > 0 for many in one.emerging.hot_by_step),
        n=one.emerging.steps,
        steps=words.say(STEPS[one.emerging.step][1]),
    )


def _hours(words: Words, one: CategoryPatterns, _: Changes | None) -> str:
    hours = one.seasons.clock.q_value
    return words.say(
        "{differ} of {n} hours of the week differ from the mean hour.",
        differ=int((hours <= FALSE_DISCOVERY_RATE).sum()),
        n=len(hours),
    )


def _days(words: Words, one: CategoryPatterns, _: Changes | None) -> str:
    if one.seasons.effects is None:
        return ""
    effects = [e for e in one.seasons.effects if e.q_value <= FALSE_DISCOVERY_RATE]
    named = [(e, words.say(KINDS_OF_DAY[e.name])) for e in effects]
    best = sorted(named, key=lambda pair: (pair[0].p_value, pair[1]))[:3]
    return words.say(
        "Kinds of day differ, most surely {days}.",
        days=words.listed(
            [
                words.say(
                    "{day} ({ratio} times, {interval})",
                    day=name,
                    ratio=words.number(e.ratio),
                    interval=ends(words, e.low, e.high),
                )
                for e, name in best
            ]
        ),
    )


def _shift(words: Words, one: CategoryPatterns, changes: Changes | None) -> str:
    series = () if changes is None else changes.categories
    told = [_one_shift(words, s) for c in series if c.category == one.name for s in c.shifts]
    said = (
        words.say("Its level shifted {shifts}.", shifts=words.listed(told))
        if told
        else words.say("Its level shifted.")
    )
    if changes is None or changes.seasonal:
        return said
    return f"{said} " + words.say(
        "The record is shorter than a year, and in such a record a season looks the same."
    )


def _one_shift(words: Words, shift: DatedShift) -> str:
    said = words.say(
        "in the week from {day} to {ratio} times the level before ({interval})",
        day=words.day(shift.week),
        ratio=words.number(shift.ratio),
        interval=ends(words, shift.low, shift.high),
    )
    if not shift.signs:
        return said
    return words.say("{shift}, with signs of recording ({signs})", shift=said,
                     signs=words.listed([sign(words, one) for one in shift.signs]))  # fmt: skip


def _area_shifts(words: Words, one: CategoryPatterns, changes: Changes | None) -> str:
    mine = [c for c in (() if changes is None else changes.areas) if c.category == one.name]
    return words.say(
        "{shifted} of {n} larger areas have a level shift against the areas that kept their share.",
        shifted=sum(bool(c.shifts) for c in mine),
        n=len(mine),
    )


def _map(words: Words, one: CategoryPatterns, _: Changes | None) -> str:
    moved = one.map_change
    if moved is None:
        return ""
    return words.say(
        "From the span that begins on {base} to that from {test}, {rose} of {tested} cells rose "
        "and {fell} fell, against the cells that kept their level.",
        base=words.day(moved.base[0]), test=words.day(moved.test[0]), rose=moved.places_rose,
        tested=moved.places_tested, fell=moved.places_fell,
    )  # fmt: skip


def _before_after(words: Words, one: CategoryPatterns, _: Changes | None) -> str:
    if one.before_after is None:
        return ""
    return words.say(
        "After the change there were {total} incidents more (fewer: negative) than the comparison "
        "areas would have it.",
        total=in_full(words, one.before_after.total),
    )


#: The same of findings that name more than counts.
NAMED: dict[str, Callable[[Words, CategoryPatterns, Changes | None], str]] = {
    "concentration": _concentration, "near_repeats": _near_repeats,
    "hot_spots_of_single_steps": _steps, "hours_of_the_week": _hours, "kinds_of_day": _days,
    "level_shift": _shift, "level_shift_of_an_area": _area_shifts, "change_of_the_map": _map,
    "before_and_after": _before_after,
}  # fmt: skip
