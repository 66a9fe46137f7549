"""Sections on where incidents are: concentration, hot spots, near repeats, two maps."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from markupsafe import Markup

from veedor.report import pattern_charts as charts
from veedor.report.document import Section
from veedor.report.drawn_maps import Drawing
from veedor.report.numbers import UNDEFINED, day, interval, number, percent
from veedor.report.tables import Table, table
from veedor.study.patterns import Patterns

Record = Mapping[str, Any]

#: How often what is named may be false.
NAMED = "false discovery rate 5%"


def concentration(categories: Sequence[Record]) -> Section:
    """Say in how few cells the incidents lie."""
    shares = list(categories[0]["concentration"][0]["holding"])
    held = [f"{percent(float(share))} of incidents in" for share in shares]
    by_year = [
        [
            one["name"],
            "whole record" if span["span"] == "all" else span["span"],
            number(span["incidents"]),
            *_with_chance(span["generalised_gini"], span["chance"].get("generalised_gini"), number),
            *(
                text
                for key in shares
                for text in _with_chance(span["holding"][key], span["chance"].get(key), percent)
            ),
            number(span["test"]["p_value"]),
        ]
        for one in categories
        for span in one["concentration"]
    ]
    whole = [
        [
            one["name"],
            number(span["incidents"]),
            number(span["generalised_gini"]["value"]),
            *(percent(span["holding"][key]["value"]) for key in shares),
            _range(span["chance"].get(shares[-1]), percent),
            number(span["test"]["p_value"]),
        ]
        for one in categories
        for span in one["concentration"][:1]
    ]
    head = ["Category", "Span", "Incidents", "Generalised Gini", "By chance"]
    for words in held:
        head += [f"{words} (share of cells)", "By chance"]
    return Section(
        "Concentration",
        sentences=[
            "The curve shows how many of the incidents lie in the busiest cells. With few "
            "incidents some cells are empty by chance alone; the ranges by chance are of as many "
            "incidents dropped on the cells at random. p is at most 5% in 5% of such records."
        ],
        figures=[(charts.concentration(categories), "Incidents held by the busiest cells.")],
        tables=[
            table(
                "Whole record: generalised Gini, and the share of the cells that holds so much",
                [
                    "Category", "Incidents", "Generalised Gini", *held,
                    f"{held[-1]}, by chance", "p",
                ],
                whole,
            )
        ],
        behind=[table("Concentration over cells, with 95% intervals", [*head, "p"], by_year, 2)],
        behind_name="By year, with intervals",
    )  # fmt: skip


def _with_chance(
    estimate: Record, chance: Record | None, write: Callable[[Any], str]
) -> tuple[str, str]:
    bounds = interval(estimate, share=write is percent)
    return f"{write(estimate['value'])} ({bounds})", _range(chance, write)


def _range(chance: Record | None, write: Callable[[Any], str]) -> str:
    return UNDEFINED if chance is None else f"{write(chance['low'])} to {write(chance['high'])}"


def hot_spots(categories: Sequence[Record], figures: Sequence[tuple[Markup, str]] = ()) -> Section:
    """Say how many cells are hot and cold spots; `figures` are `maps`, or none."""
    rows = []
    for one in categories:
        hot, rates = one["hot_spots"], one["hot_spots"].get("rates")
        rows.append([
            one["name"],
            f"{number(hot['hot'])} of {number(hot['tested'])}",
            f"{number(hot['recorded_in_hot'])} of {number(hot['recorded'])}",
            number(hot["cold"]),
            "no denominator"
            if rates is None
            else f"{number(rates['hot'])} of {number(rates['tested'])} by {rates['of']} "
            f"({number(rates['cells_without'])} with too few or none left out)",
        ])  # fmt: skip
    return Section(
        "Hot spots",
        sentences=[
            "A hot spot is a cell whose neighbours have more recorded incidents than cells drawn "
            "at random would, and that with them lies above the mean. Every cell is tested, so "
            "on average up to 5% of the cells named are false; where there is no hot or cold spot, "
            "a category has any in up to 5% of records."
        ],
        figures=figures,
        tables=[
            table(
                "Hot and cold spots",
                ["Category", "Hot cells", "Incidents in them", "Cold cells", "Hot cells by rate"],
                rows,
            )
        ],
    )


def maps(found: Patterns) -> list[tuple[Markup, str]]:
    """Draw density, hot spots and their classes, a figure a category."""
    prepared = found.record.prepared
    drawing = Drawing(prepared.cells.lonlat_polygons(), prepared.zones)
    figures: list[tuple[Markup, str]] = []
    for one in found.results["categories"]:
        groups = {} if one["emerging"] is None else one["emerging"]["groups"]
        drawn = charts.maps(drawing, found.by_cell[one["name"]], one["name"], groups)
        if not figures:
            drawn = drawing.ground() + drawn
        classes = _has_classes(one)
        words = (
            f"{one['name']}. Recorded per km²: kernel density, bandwidth "
            f"{number(one['hot_spots']['bandwidth_m'])} m. Hot spots: Getis-Ord hot and cold "
            f"spots, {NAMED}. "
            + ("Over time: classes of cells." if classes else "No cell has a class over time.")
        )
        figures.append((drawn, words))
    return figures


def _has_classes(one: Record) -> bool:
    kinds = {} if one["emerging"] is None else one["emerging"]["hot"]
    return any(many for name, many in kinds.items() if name != "none")


def near_repeats(categories: Sequence[Record]) -> Section:
    """Show the Knox tables."""
    with_table = [one for one in categories if one["near_repeats"] is not None]
    if not with_table:
        return Section(
            "Near repeats", sentences=["No category has two incidents with a place and a day."]
        )
    behind: list[Table] = []
    for one in with_table:
        knox = one["near_repeats"]
        rows = [
            [
                f"{distance}, {time}",
                number(knox["observed"][d][t]),
                number(knox["expected"][d][t]),
                number(knox["ratio"][d][t]),
                interval({"low": knox["low"][d][t], "high": knox["high"][d][t]}),
                number(knox["q_value"][d][t]),
                interval({
                    "low": knox["seasonal_low"][d][t], "high": knox["seasonal_high"][d][t],
                }),
            ]
            for d, distance in enumerate(knox["distance_bands"])
            for t, time in enumerate(knox["time_bands"])
        ]  # fmt: skip
        left = knox["left_out"]
        behind.append(
            table(
                f"{one['name']}: pairs among {number(knox['incidents'])} incidents on "
                f"{number(knox['places'])} points; {number(left['without_a_place'])} without a "
                f"place and {number(left['over_a_day'])} dated to more than a day are left out"
                + (
                    f", and {number(left['thinned'])} at random, for there were too many pairs"
                    if left["thinned"]
                    else ""
                ),
                ["Band", "Pairs", "Expected", "Ratio", "95% interval", "q", "Seasonal record"],
                rows,
            )
        )
    return Section(
        "Near repeats",
        sentences=[
            "Each number is how many pairs of incidents lie so far apart in space and time, by "
            f"how many do when the days are shuffled. A dot marks ratios above 1 at a {NAMED} "
            "over the table: where nothing repeats, a category has any in up to 5% of records. "
            "Same place and same day is apart from the rest: one event that was recorded twice "
            "lies there. The seasonal record keeps every district's own days, so ratios "
            "within its range may come from seasons that differ between districts. Fields "
            "whose 95% interval holds 1 are grey; the darker the others, the further from 1."
        ],
        figures=[
            (charts.knox(one["near_repeats"], f"knox{place}", one["name"]), f"{one['name']}.")
            for place, one in enumerate(with_table)
        ],
        behind=behind,
        behind_name="Pairs, intervals and the seasonal record",
    )


def map_changes(categories: Sequence[Record]) -> Section:
    """Compare the maps of two spans."""
    rows = [
        [
            one["name"],
            f"{day(moved['base'][0])} to {day(moved['base'][1])}",
            f"{day(moved['test'][0])} to {day(moved['test'][1])}",
            number(moved["robust_s_index"]),
            "undefined"
            if moved["s_by_chance"] is None
            else f"{number(moved['s_by_chance'][1])} to {number(moved['s_by_chance'][2])}",
            number(moved["outcome"]["p_value"]),
            f"{number(moved['places_rose'])} and {number(moved['places_fell'])} of "
            f"{number(moved['places_tested'])}",
        ]
        for one in categories
        if (moved := one["map_change"]) is not None
    ]
    return Section(
        "Two maps compared",
        sentences=[
            "S is the share of cells with an incident whose share of the record is alike in both "
            "spans. It is far below 1 even where nothing changed; read it beside its range "
            "without a change. The last column counts cells that rose or fell against the cells "
            f"that kept their level, at a {NAMED}: where one cell doubles, the shares of all "
            "others fall, though nothing happened there. Where nothing changed, p is at most 5% in "
            "5% of records, and any cell is named in up to 5%."
        ],
        tables=[
            table(
                "Spatial point pattern test",
                [
                    "Category",
                    "Base",
                    "Test",
                    "Robust S",
                    "S without a change",
                    "p",
                    "Cells that rose, fell",
                ],
                rows,
            )
        ],
    )
