"""Sections on what changes: classes over time, seasons, level shifts, before and after."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from veedor.report import pattern_charts as charts
from veedor.report.document import Section
from veedor.report.numbers import day, in_full, interval, listed, number, percent
from veedor.report.pattern_findings import YEAR_WEEKS
from veedor.report.pattern_places import NAMED
from veedor.report.tables import table

Record = Mapping[str, Any]


def emerging(categories: Sequence[Record]) -> Section:
    """Say how many cells rose or fell, and how many are in each class over time."""
    known = [one for one in categories if one["emerging"] is not None]
    if not known:
        return Section(
            "Emerging, fading, persistent", sentences=["The record is shorter than six steps."]
        )
    definitions, groups = (known[0]["emerging"][key] for key in ("definitions", "groups"))
    names = [name for name in definitions if name != "none"]
    kinds = list(dict.fromkeys(groups[name] for name in names))
    rows = [
        [
            one["name"],
            *(number(one["emerging"]["trends"][key]) for key in ("rising", "falling", "tested")),
            *(
                number(sum(one["emerging"]["hot"][name] for name in names if groups[name] == kind))
                for kind in kinds
            ),
        ]
        for one in known
    ]
    return Section(
        "Emerging, fading, persistent",
        sentences=[
            "Cells rise or fall, alone or with those around them, against the cells that kept "
            f"their level, at a {NAMED} over the cells. Where nothing changed, a category names "
            "any in up to 5% of records.",
            f"Hot spots are found anew in each {known[0]['emerging']['step']}, at the same rate; "
            "a class says since when a cell is one, or that it only rises or falls. A cell with "
            f"few incidents a {known[0]['emerging']['step']} may be one in none.",
        ],
        tables=[
            table(
                "Cells that rose or fell, and cells of each kind",
                ["Category", "Rose", "Fell", "Cells tested", *kinds],
                rows,
            )
        ],
        behind=[
            table(
                "What each class takes (H: the cell is a hot spot), and cells in it",
                ["Class", "Kind", "Takes", *(one["name"] for one in known)],
                [
                    [
                        name, groups[name], words,
                        *(number(one["emerging"]["hot"][name]) for one in known),
                    ]
                    for name, words in definitions.items()
                ],
            )
        ],
        behind_name="Classes",
    )  # fmt: skip


def seasons(categories: Sequence[Record], changes: Record | None) -> Section:
    """Show the week, the series and the effects of the calendar."""
    figures, behind, times, silent = [], [], [], []
    shifts = {} if changes is None else {c["category"]: c["shifts"] for c in changes["categories"]}
    for place, one in enumerate(categories):
        seasons = one["seasons"]
        clock = seasons["clock"]
        figures.append(
            (charts.clock(clock, f"clock{place}", one["name"]), f"Week of {one['name']}.")
        )
        shares = (percent(clock[f"{key}_share"]) for key in ("wide", "midnight", "noon"))
        times.append([one["name"], number(clock["incidents"]), *shares])
        if seasons["decomposition"] is not None:
            drawn = charts.series(
                seasons["decomposition"], shifts.get(one["name"], ()), f"series{place}", one["name"]
            )
            figures.append(
                (drawn, f"{one['name']}: days, trend with 95% band, level shifts (dashed).")
            )
        if seasons["effects"] is not None:
            rows = [
                [
                    effect["name"], number(effect["days"]), number(effect["ratio"]),
                    interval(effect), number(effect["q_value"]),
                ]
                for effect in seasons["effects"]["effects"]
            ]  # fmt: skip
            head = ["Kind of day", "Days", "Ratio", "95% interval", "q"]
            behind.append(table(f"{one['name']}: incidents a day, by the mean day", head, rows))
        else:
            silent.append(one["name"])
    return Section(
        "Seasons and clocks",
        sentences=[
            "An incident whose time is known to more than an hour is spread over its interval. "
            "Midnight and noon would have 0.07% of the exact times each if no minute were "
            "preferred; what is above that was rounded, or written down for want of a time.",
            *(
                [
                    f"Days of {listed(silent)} are not compared: there are fewer than 56 days or "
                    "50 incidents, or most are known only to within more than a day."
                ]
                if silent
                else []
            ),
        ],
        figures=figures,
        tables=[
            table(
                "How times were recorded",
                ["Category", "Incidents", "To more than an hour", "Midnight", "Noon"],
                times,
            )
        ],
        behind=behind,
        behind_name="Effects of weekday, month, holiday and pay-day",
    )


def changes(results: Record) -> list[Section]:
    """Name the level shifts, and what the watch of the last weeks found."""
    found, watch = results["changes"], results["watch"]
    if found is None:
        return [
            Section(
                "Change",
                sentences=["The record is shorter than 26 weeks, or knows only the month."],
            )
        ]
    head = ["Category", "Area", "Week from", "Ratio", "95% interval", "q", "Signs of recording"]
    rows = [
        [
            one["category"], one.get("area", "all areas"), day(shift["week"]),
            number(shift["ratio"]), interval(shift), number(one["q_value"]),
            listed(list(shift.get("signs", ()))) or "none seen",
        ]
        for one in found["categories"] + found["areas"]
        for shift in one["shifts"]
    ]  # fmt: skip
    changed = sum(bool(one["shifts"]) for one in found["areas"])
    sentences = [
        f"Level shifts of weekly counts. {number(changed)} of {number(len(found['areas']))} series "
        f"of areas ({number(found['area_m'])} m squares) have one against the areas that kept "
        f"their share of the category, at a {NAMED}. Categories, areas and the recording are three "
        "families: where nothing changed, each names any in up to 5% of records."
        + ("" if found["seasonal"] else " The record is shorter than a year: a season looks like a "
           "shift here.")
    ]  # fmt: skip
    if watch is not None:
        sentences.append(_watched(watch))
        if watch["baseline_weeks"] < YEAR_WEEKS:
            sentences.append(
                f"It knows only the {number(watch['baseline_weeks'])} weeks before: no season can "
                "be taken into account, and a season alarms like any other rise."
            )
    signs = table("Level shifts", head, rows, headers=2)
    return [Section("Change", sentences=sentences, tables=[signs] if rows else [])]


def _watched(watch: Record) -> str:
    many = watch["alarms"]
    alarmed = "never" if many == 0 else "once" if many == 1 else f"{number(many)} times"
    return (
        f"A watch of the last {number(len(watch['weeks']))} weeks over {number(watch['series'])} "
        f"series, for rises alone, alarmed {alarmed}. With no change, "
        f"{number(watch['false_alarms_expected'])} false alarms are expected in these weeks (one "
        f"in {number(watch['run_weeks'])} weeks of a series)"
        f"{_most(watch.get('by_chance_at_most'))}."
    )


def _most(by_chance: float | None) -> str:
    if by_chance is None:
        return ""
    return f", and in 19 of 20 such watches there are at most {number(by_chance)}"


def before_after(categories: Sequence[Record]) -> list[Section]:
    """Compare before and after a change, where the study names one."""
    rows = [
        [one["name"], in_full(found["local"]), in_full(found["displaced"]), in_full(found["total"]),
         number(found["test"]["p_value"])]
        for one in categories
        if (found := one["before_after"]) is not None
    ]  # fmt: skip
    if not rows:
        return []
    return [
        Section(
            "Before and after",
            sentences=["Incidents more (fewer: negative) than the comparison areas would have it."],
            tables=[
                table(
                    "Weighted displacement difference",
                    ["Category", "In the area", "Around it", "Together", "p"],
                    rows,
                )
            ],
        )
    ]
