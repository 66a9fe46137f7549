"""Reports of audits of places, in plain words: who lives where a system looks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from markupsafe import Markup

from veedor.report.document import Document, Section, write_document
from veedor.report.numbers import defined, interval, listed, number, out_of, percent
from veedor.report.ratio_chart import ratio_chart
from veedor.report.tables import Table, table

Record = Mapping[str, Any]

_EXPOSURES = {
    "ratio_per_1000": (
        "per 1,000 members",
        "predictions that fall to the group's share of each zone, per 1,000 members",
    ),
    "ratio_count": ("by zone", "predictions of the zone that a member lives in, on average"),
    "ratio_per_km2": ("per km²", "predictions per km² around a member, on average"),
}  # fmt: skip
_ASSIGNMENTS = {
    "centre": "each prediction counts in the zone that holds its centre",
    "box": "each prediction counts in the zones it covers, by the ground in each",
    "stored": "each zone's own count is taken",
}
_EXPOSURE_CAUTIONS = (
    (
        "Exposure is where a system looks, not what happened there.",
        "No figure here says that people were stopped, searched or harmed, nor that they did "
        "anything. It says who lives where predictions were made.",
    ),
    (
        "Zones are not people.",
        "Within a zone it is not known who lives near a box. The bounds of the covered share show "
        "how much that leaves open; everything else takes people to be spread evenly.",
    ),
    (
        "A ratio is not a cause.",
        "Groups live in different places for many reasons. Whether a system looks there more than "
        "the record explains is another audit (benchmark), and the record itself may be biased.",
    ),
    (
        "Intervals say how much would change with other zones like these.",
        "The zones are all there are; intervals treat them as one draw of what could have been. "
        "They cannot correct predictions that are missing, or a census that missed people.",
    ),
)


def write_exposure_report(results: Record, path: Path) -> None:
    """Write the report of an audit of exposure.

    Parameters
    ----------
    results : dict
        Content of its results.json.
    path : Path
    """
    write_document(exposure_document(results), path)


def exposure_document(results: Record) -> Document:
    """Turn the results of an audit of exposure into a page."""
    figures = _Figures(results["figures"])
    used = results["settings"]["assignments"]
    first = used[0]
    predictions = results["data"]["predictions"]
    return Document(
        title="Who lives where it looks",
        subtitle="An audit of exposure"
        + (f" of {predictions['file']}" if predictions is not None else ""),
        made=f"Made by veedor from {number(results['data']['zones'])} zones; "
        f"assignments: {listed(list(used))}; seed {results['settings']['seed']}.",
        plain=_plain(results, figures, first),
        cautions=_EXPOSURE_CAUTIONS,
        sections=[
            _warnings(results),
            *(_ratios(results, figures, name) for name in used),
            *(_places(results, figures, name) for name in used),
            *(_spread(results, figures, name) for name in used),
            _method(results),
        ],
    )


class _Figures:
    """Figures by assignment, group and statistic."""

    def __init__(self, rows: Sequence[Record]) -> None:
        self._rows = {(row["assignment"], row["group"], row["statistic"]): row for row in rows}

    def get(self, assignment: str, group: str, statistic: str) -> Record | None:
        return self._rows.get((assignment, group, statistic))

    def value(self, assignment: str, group: str, statistic: str) -> float | None:
        row = self.get(assignment, group, statistic)
        return None if row is None else row["value"]


def _plain(results: Record, figures: _Figures, assignment: str) -> Section:
    total = figures.value(assignment, "all", "predictions_total")
    matched = figures.value(assignment, "all", "matched_share")
    said = [
        f"The system made {number(total, 6)} predictions; {percent(matched)} of them fell in one "
        f"of {number(figures.value(assignment, 'all', 'n_zones'), 6)} zones with "
        f"{number(figures.value(assignment, 'all', 'population'), 9)} residents.",
    ]
    half = figures.get(assignment, "all", "population_share_holding_half")
    if half is not None and defined(half["value"]):
        said.append(
            f"Half of the predictions fell where {percent(half['value'])} of the residents live."
        )
    points = []
    for group in results["groups"]:
        if group["reference"] == group["name"]:
            continue
        rows = [figures.get(assignment, group["name"], name) for name in _EXPOSURES]
        told = [
            f"{number(row['value'])} times {words} ({interval(row)})"
            for row, (words, _) in zip(rows, _EXPOSURES.values(), strict=True)
            if row is not None and defined(row["value"])
        ]
        if told:
            points.append(
                f"{group['name']} compared with {group['reference']}: {listed(told)}. "
                + _sides(rows)
            )
    return Section(
        "In short",
        sentences=[
            *said,
            "Each line compares a group's exposure with that of its reference, by three "
            "denominators: above 1 is more exposed. In brackets: 95% intervals.",
        ],
        points=points,
    )


def _sides(rows: Sequence[Record | None]) -> str:
    """Say whether the three denominators agree on who is more exposed."""
    sides = {
        "more" if row["low"] > 1.0 else "less" if row["high"] < 1.0 else "unclear"
        for row in rows
        if row is not None and defined(row["low"]) and defined(row["high"])
    }
    if {"more", "less"} <= sides:
        return "The denominators disagree: which one matters is a question of what burdens people."
    if sides == {"more"}:
        return "More exposed by all three."
    if sides == {"less"}:
        return "Less exposed by all three."
    return "Not every interval lies on one side of 1."


def _warnings(results: Record) -> Section:
    found = results["warnings"]
    return Section(
        "Warnings",
        sentences=() if found else ["None of the conditions that veedor looks for was found."],
        points=[
            (f"[{warning['assignment']}] " if warning["assignment"] else "") + warning["message"]
            for warning in found
        ],
    )


def _ratios(results: Record, figures: _Figures, assignment: str) -> Section:
    compared = [group for group in results["groups"] if group["reference"] != group["name"]]
    rows = []
    for group in compared:
        for statistic, (words, _) in _EXPOSURES.items():
            for ending, by in (("", "zones"), ("_tract", "clusters"), ("_moe", "census error")):
                row = figures.get(assignment, group["name"], statistic + ending)
                if row is not None:
                    rows.append([
                        group["name"], group["reference"], words, number(row["value"]),
                        interval(row), by, out_of(row),
                    ])  # fmt: skip
    exposures = [
        [group["name"], statistic, number(row["value"]), interval(row), out_of(row)]
        for group in results["groups"]
        for statistic in ("exposure_per_1000", "exposure_count", "exposure_per_km2")
        if (row := figures.get(assignment, group["name"], statistic)) is not None
    ]
    return Section(
        f"Exposure compared with the reference: {assignment}",
        sentences=[
            f"Here {_ASSIGNMENTS[assignment]}. "
            + "; ".join(f"{words}: {long}" for words, long in _EXPOSURES.values())
            + "."
        ],
        figures=[
            (
                _drawn_ratios(figures, compared, assignment),
                "Ratio of each group's exposure to its reference's, with 95% intervals from "
                "resampling zones. The line marks equal exposure.",
            )
        ]
        if compared
        else [],
        behind=[
            table("Ratios", ["Group", "Reference", "Exposure", "Ratio", "95% interval",
                             "Resampled", "Out of"], rows),
            table("Exposures", ["Group", "Statistic", "Value", "95% interval", "Out of"],
                  exposures),
        ],
    )  # fmt: skip


def _drawn_ratios(figures: _Figures, groups: Sequence[Record], assignment: str) -> Markup:
    return ratio_chart(
        {
            (group["name"], name): row
            for group in groups
            for name in _EXPOSURES
            if (row := figures.get(assignment, group["name"], name)) is not None
        },
        {group["name"]: f"{group['name']} / {group['reference']}" for group in groups},
        {name: words for name, (words, _) in _EXPOSURES.items()},
        key=f"ratios-{assignment}",
        title="Ratios of exposure",
        axis="ratio of exposures",
    )


def _places(results: Record, figures: _Figures, assignment: str) -> Section:
    names = ("share_total", "share_top_decile", "share_top_quintile", "share_bottom_quintile",
             "share_in_zero_zones", "covered")  # fmt: skip
    rows = [
        [group["name"], name, percent(row["value"]), interval(row, share=True), out_of(row)]
        for group in results["groups"]
        for name in names
        if (row := figures.get(assignment, group["name"], name)) is not None
    ]
    points = []
    for group in results["groups"]:
        top = figures.get(assignment, group["name"], "share_top_decile")
        whole = figures.get(assignment, group["name"], "share_total")
        if top is not None and whole is not None:
            points.append(
                f"{group['name']}: {percent(top['value'])} ({interval(top, share=True)}) of the "
                f"{group['of']} in the most targeted tenth of zones, {percent(whole['value'])} of "
                f"the {group['of']} everywhere."
            )
    return Section(
        f"Who lives in the most and least targeted zones: {assignment}",
        points=points,
        behind=[table("Shares", ["Group", "Statistic", "Share", "95% interval or bounds", "Out of"],
                      rows)],
    )  # fmt: skip


def _spread(results: Record, figures: _Figures, assignment: str) -> Section:
    whole = [row for row in results["figures"]
             if row["assignment"] == assignment and row["group"] == "all"]  # fmt: skip
    rows = [
        [row["statistic"], number(row["value"], 6), interval(row), out_of(row)] for row in whole
    ]
    joined = [
        [group["name"], name, number(row["value"]), interval(row),
         number(figures.value(assignment, group["name"], "effective_n_spearman_share_vs_count")),
         out_of(row)]
        for group in results["groups"]
        for name in ("spearman_share_vs_count", "pearson_share_vs_count", "spearman_share_vs_rate")
        if (row := figures.get(assignment, group["name"], name)) is not None
    ]  # fmt: skip
    moran = figures.value(assignment, "all", "morans_i_log1p_count")
    return Section(
        f"How uneven it is: {assignment}",
        sentences=[
            "The Gini index of predictions over residents is "
            f"{number(figures.value(assignment, 'all', 'gini_population'))} (0 even, towards 1 all "
            "in one place). Zones without a single prediction are "
            f"{percent(figures.value(assignment, 'all', 'zero_zone_share'))} of all zones with "
            f"residents. Moran's I is {number(moran)}: above 0, neighbours are predicted alike, "
            "and a correlation over zones is worth fewer independent zones than there are.",
        ],
        behind=[
            table("Whole area", ["Statistic", "Value", "95% interval", "Out of"], rows),
            table("Correlations", ["Group", "Statistic", "Value", "95% interval",
                                   "Effective zones", "Out of"], joined),
        ],
    )  # fmt: skip


def _method(results: Record) -> Section:
    data = results["data"]
    said = [
        f"Of {number(data['zones'])} zones, {number(data['zones_with_residents'])} have residents; "
        f"{number(data['zones_without_numbers'])} were set aside because a count is absent, "
        f"{number(data['zones_given_twice'])} were given twice, and "
        f"{number(data['outlines_mended'])} outlines were mended. "
        f"{number(data['islands'])} zones with residents touch no other.",
        f"Areas and distances are in an equal-area projection about the middle of the zones "
        f"({data['crs']}).",
        "Every number of this page stands in estimates.csv and results.json, with its method.",
    ]
    if data["margins_of_error"]:
        said.append(
            "Margins of error of the census (90%, as the American Community Survey prints them) "
            f"were carried through for {listed(list(data['margins_of_error']))}."
        )
    tests = [
        [test["assignment"], test["group"], test["test"], number(test["statistic"]),
         number(test["p_value"]), f"{number(test['n'])} {test['unit']}"]
        for test in results["tests"]
    ]  # fmt: skip
    return Section("How it was done", sentences=said, behind=[_tests(tests)])


def _tests(rows: Sequence[Sequence[str]]) -> Table:
    head = ["Assignment", "Group", "Test", "Statistic", "p-value", "Of"]
    return table("Tests", head, rows)
