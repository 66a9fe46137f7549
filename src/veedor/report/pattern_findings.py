"""What a page of patterns names in its first lines: findings that hold for the whole of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from veedor.report.numbers import day, in_full, interval, listed, number, percent
from veedor.statistics import FALSE_DISCOVERY_RATE

Record = Mapping[str, Any]
#: A watch that knows fewer weeks before cannot take a season into account.
YEAR_WEEKS = 52


def points(results: Record) -> list[str]:
    """Say how sure the findings are, then the findings of each category, then of all together."""
    found = results["findings"]
    named = [one for one in found["each"] if one["named"]]
    share = percent(found["family_rate"])
    said = [
        f"{number(found['tests'])} questions are asked of the record; {number(len(named))} of them "
        "found a pattern that is told here. Where there is no pattern at all, a page like this one "
        f"tells of one here in {share} of cases at most (Holm's adjustment over all questions). "
        f"The sections below name more. Each keeps to {share} by itself, so some of what only they "
        "name is chance."
    ]
    said += [_category(one, found["each"], results["changes"]) for one in results["categories"]]
    together = {one["kind"] for one in named if one["category"] is None}
    if "level shift of the recording" in together:
        series = [one["series"] for one in results["changes"]["recording"] if one["shifts"]]
        said.append(f"The recording changed: the share of {listed(series)} has a level shift.")
    if "alarms of the watch" in together:
        watch = results["watch"]
        said.append(
            f"The watch of the last {number(len(watch['weeks']))} weeks alarmed "
            f"{number(watch['alarms'])} times, where a record without a change gives "
            f"{number(watch['false_alarms_expected'])} on average." + _season_or_rise(watch)
        )
    return said


def _season_or_rise(watch: Record) -> str:
    if watch["baseline_weeks"] >= YEAR_WEEKS:
        return ""
    return " It knows less than a year before, so a season alarms like any other rise."


def _category(one: Record, each: Sequence[Record], changes: Record | None) -> str:
    mine = [tested for tested in each if tested["category"] == one["name"]]
    named = [tested["kind"] for tested in mine if tested["named"]]
    others = [tested["kind"] for tested in mine if not tested["named"]]
    counted = f"{one['name']}: {number(one['concentration'][0]['incidents'])} recorded incidents."
    words = [counted, *(_WORDS[kind](one, changes) for kind in named)]
    if not named:
        words.append("No pattern is shown that chance alone would not give.")
    if others:
        words.append(f"Not shown, which is not the same as absent: {listed(others)}.")
    return " ".join(words)


def _concentration(one: Record, _: Record | None) -> str:
    whole = one["concentration"][0]
    half = whole["holding"]["0.5"]
    return (
        f"They are concentrated: half of them were in {percent(half['value'], 2)} of the cells "
        f"(chance alone: {percent(whole['chance']['0.5']['mean'], 2)})."
    )


def _hot_spots(one: Record, _: Record | None) -> str:
    hot = one["hot_spots"]
    return (
        f"{number(hot['hot'])} of {number(hot['tested'])} cells are hot spots, with "
        f"{number(hot['recorded_in_hot'])} of {number(hot['recorded'])} incidents, and "
        f"{number(hot['cold'])} are cold spots."
    )


def _by_rate(one: Record, _: Record | None) -> str:
    rates = one["hot_spots"]["rates"]
    return (
        f"By {rates['of']}, {number(rates['hot'])} of {number(rates['tested'])} cells are hot "
        f"spots and {number(rates['cold'])} cold spots."
    )


def _near_repeats(one: Record, _: Record | None) -> str:
    knox = one["near_repeats"]
    ratio, beyond = knox["ratio"][1][1], knox["seasonal_high"][1][1]
    bounds = {"low": knox["low"][1][1], "high": knox["high"][1][1]}
    sure = "no interval" if bounds["low"] is None else interval(bounds)
    words = (
        f"Pairs of incidents {knox['distance_bands'][1]} and {knox['time_bands'][1]} apart are "
        f"{number(ratio)} times as many as with shuffled days ({sure})"
    )
    if beyond is None:
        return f"{words}."
    if ratio <= beyond:
        return f"{words}; seasons that differ between districts alone give up to {number(beyond)}."
    return f"{words}, more than the {number(beyond)} that a plain seasonal record gives at most."


def _trends(one: Record, _: Record | None) -> str:
    trends = one["emerging"]["trends"]
    return (
        f"{number(trends['rising'])} of {number(trends['tested'])} cells rose and "
        f"{number(trends['falling'])} fell, against the cells that kept their level."
    )


def _steps(one: Record, _: Record | None) -> str:
    emerging = one["emerging"]
    hot = sum(many > 0 for many in emerging["hot_by_step"])
    return (
        f"{number(hot)} of {number(emerging['steps'])} {emerging['step']}s have hot spots of their "
        "own."
    )


def _hours(one: Record, _: Record | None) -> str:
    hours = one["seasons"]["clock"]["q_value"]
    differ = sum(q is not None and q <= FALSE_DISCOVERY_RATE for q in hours)
    return f"{number(differ)} of {number(len(hours))} hours of the week differ from the mean hour."


def _days(one: Record, _: Record | None) -> str:
    effects = [
        e for e in one["seasons"]["effects"]["effects"] if e["q_value"] <= FALSE_DISCOVERY_RATE
    ]
    best = sorted(effects, key=lambda e: (e["p_value"], e["name"]))[:3]
    of = [f"{e['name']} ({number(e['ratio'])} times, {interval(e)})" for e in best]
    return f"Kinds of day differ, most surely {listed(of)}."


def _shift(one: Record, changes: Record | None) -> str:
    series = [] if changes is None else changes["categories"]
    shifts = [s for c in series if c["category"] == one["name"] for s in c["shifts"]]
    told = [
        f"in the week from {day(s['week'])} to {number(s['ratio'])} times the level before "
        f"({interval(s)})"
        + (f", with signs of recording ({listed(s['signs'])})" * bool(s["signs"]))
        for s in shifts
    ]
    words = f"Its level shifted {listed(told)}." if told else "Its level shifted."
    if changes is None or changes["seasonal"]:
        return words
    return (
        f"{words} The record is shorter than a year, and in such a record a season looks the same."
    )


def _area_shifts(one: Record, changes: Record | None) -> str:
    series = [] if changes is None else changes["areas"]
    mine = [c for c in series if c["category"] == one["name"]]
    shifted = sum(bool(c["shifts"]) for c in mine)
    return (
        f"{number(shifted)} of {number(len(mine))} larger areas have a level shift against the "
        "areas that kept their share."
    )


def _map(one: Record, _: Record | None) -> str:
    moved = one["map_change"]
    return (
        f"From the span that begins on {day(moved['base'][0])} to that from "
        f"{day(moved['test'][0])}, "
        f"{number(moved['places_rose'])} of {number(moved['places_tested'])} cells rose and "
        f"{number(moved['places_fell'])} fell, against the cells that kept their level."
    )


def _before_after(one: Record, _: Record | None) -> str:
    return (
        f"After the change there were {in_full(one['before_after']['total'])} incidents more "
        "(fewer: negative) than the comparison areas would have it."
    )


_WORDS: dict[str, Callable[[Record, Record | None], str]] = {
    "concentration": _concentration,
    "hot spots": _hot_spots,
    "hot spots by rate": _by_rate,
    "near repeats": _near_repeats,
    "trends of places": _trends,
    "hot spots of single steps": _steps,
    "hours of the week": _hours,
    "kinds of day": _days,
    "level shift": _shift,
    "level shift of an area": _area_shifts,
    "change of the map": _map,
    "before and after": _before_after,
}
