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
        "Answers are about this map, and no other.",
        "A ratio is a fact about these zones and these predictions. Its interval takes who lives "
        "where as it is, and asks whether predictions as smooth as these could have fallen so by "
        "chance. Nothing is said of other cities. A slow change that both follow, as from the "
        "centre outwards, counts as a tie to who lives there; large clusters of zones that rise "
        "and fall together make intervals too narrow unless their ids are given.",
    ),
    (
        "Intervals cannot mend the data.",
        "They know nothing of predictions that are missing, or of people whom a census missed.",
    ),
)
_ANSWERS = {"more": "more exposed", "less": "less exposed", "cannot tell": "cannot tell"}
#: What is expected is said where it is further from 1, as a part.
_NEAR_ONE = 0.05


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
            warnings_section(results),
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
        verdicts = {
            verdict["statistic"]: verdict
            for verdict in results["verdicts"]
            if (verdict["assignment"], verdict["group"]) == (assignment, group["name"])
        }
        told = [
            f"{number(verdict['value'])} times {words} ({_in_brackets(verdict)})"
            for name, (words, _) in _EXPOSURES.items()
            if (verdict := verdicts.get(name)) is not None and defined(verdict["value"])
        ]
        if told:
            points.append(
                f"{group['name']} compared with {group['reference']}: {listed(told)}. "
                + _sides(verdicts)
            )
    return Section(
        "In short",
        sentences=[
            *said,
            "Each line compares a group's exposure with that of its reference, by three "
            "denominators: above 1 is more exposed. In brackets: 95% intervals, given who lives "
            "where; and, where it is not 1, what the ratio would be if predictions hung on how "
            "many live in a zone and on its ground, and not on who lives there. A group is called "
            "more or less exposed only against what is expected, never against 1.",
            *_one_by_one(results["verdicts"]),
        ],
        points=points,
    )


def _one_by_one(verdicts: Sequence[Record]) -> list[str]:
    """Say that answers are not held together, where there are several."""
    several = sum(defined(verdict["low"]) for verdict in verdicts)
    if several < 2:
        return []
    return [
        f"Each of the {number(several)} ratios with an interval is judged by itself, at 5%: the "
        "more there are, the likelier it is that chance alone made one of the answers."
    ]


def _in_brackets(verdict: Record) -> str:
    """Interval of a ratio, or why there is none; and what is expected, where it is not 1."""
    if defined(verdict["low"]):
        said = interval(verdict)
    elif defined(verdict["effective_zones"]):
        zones = number(verdict["effective_zones"], 2)
        said = f"worth {zones} independent zones, too few to tell"
    else:
        said = "too few zones to tell"
    expected = verdict["expected"]
    if defined(expected) and abs(expected - 1.0) > _NEAR_ONE:
        said += f"; {number(expected)} expected"
    return said


def _sides(verdicts: Mapping[str, Record]) -> str:
    """Say by which denominators a group is more or less exposed than could be chance."""
    sides: dict[str, list[str]] = {}
    for name, (words, _) in _EXPOSURES.items():
        if name in verdicts:
            sides.setdefault(verdicts[name]["answer"], []).append(words)
    more, less = sides.get("more", []), sides.get("less", [])
    if not more and not less:
        return "More or less than expected, beyond chance: that cannot be told."
    if more and less:
        return (
            f"More exposed {listed(more)}, less exposed {listed(less)}, beyond chance: which one "
            "matters is a question of what burdens people."
        )
    which, by = ("More", more) if more else ("Less", less)
    if len(by) == len(_EXPOSURES):
        return f"{which} exposed by all three, beyond chance."
    return f"{which} exposed {listed(by)}, beyond chance; otherwise it cannot be told."


def warnings_section(results: Record) -> Section:
    """Every warning of an audit of places; that there is none, where there is none."""
    found = results["warnings"]
    return Section(
        "Warnings",
        sentences=() if found else ["None of the conditions that veedor looks for was found."],
        points=[
            (f"[{warning['assignment']}] " if warning["assignment"] else "") + warning["message"]
            for warning in found
        ],
    )


def ends(row: Record, share: bool = False) -> str:
    """Write the interval of a figure; what has none is counted, or cannot be told."""
    if defined(row["low"]):
        return interval(row, share=share)
    return "counted" if str(row["method"]).startswith("none: counted") else "cannot be told"


def _ratios(results: Record, figures: _Figures, assignment: str) -> Section:
    compared = [group for group in results["groups"] if group["reference"] != group["name"]]
    verdicts = {
        (verdict["group"], verdict["statistic"]): verdict
        for verdict in results["verdicts"]
        if verdict["assignment"] == assignment
    }
    rows, answers = [], []
    for group in compared:
        for statistic, (words, _) in _EXPOSURES.items():
            for ending, by in (("", "zones"), ("_tract", "clusters"), ("_moe", "census error")):
                row = figures.get(assignment, group["name"], statistic + ending)
                if row is not None:
                    rows.append([
                        group["name"], group["reference"], words, number(row["value"]),
                        ends(row), by, out_of(row),
                    ])  # fmt: skip
            one = verdicts[group["name"], statistic]
            relative = figures.get(assignment, group["name"], f"{statistic}_over_expected")
            answers.append([
                group["name"], group["reference"], words, number(one["value"]),
                number(one["expected"]), number(one["over_expected"]),
                "undefined" if relative is None else ends(relative),
                number(one["effective_zones"]), _ANSWERS[one["answer"]],
            ])  # fmt: skip
    exposures = [
        [group["name"], statistic, number(row["value"]), ends(row), out_of(row)]
        for group in results["groups"]
        for statistic in ("exposure_per_1000", "exposure_count", "exposure_per_km2")
        if (row := figures.get(assignment, group["name"], statistic)) is not None
    ]
    return Section(
        f"Exposure compared with the reference: {assignment}",
        sentences=[
            f"Here {_ASSIGNMENTS[assignment]}. "
            + "; ".join(f"{words}: {long}" for words, long in _EXPOSURES.values())
            + ".",
            "The answer in the second table is more or less exposed only where two intervals agree "
            "on it: what is expected lies outside that of the ratio, and 1 outside that of the "
            "ratio by what is expected. Where one of them does not say so, it cannot be told.",
        ],
        figures=[
            (
                _drawn_ratios(figures, compared, assignment),
                "Ratio of each group's exposure to its reference's, with 95% intervals given who "
                "lives where. The line marks equal exposure.",
            )
        ]
        if compared
        else [],
        behind=[
            table("Ratios", ["Group", "Reference", "Exposure", "Ratio", "95% interval",
                             "Allowing for", "Out of"], rows),
            table("Compared with what is expected", [
                "Group", "Reference", "Exposure", "Ratio", "Expected", "Ratio by expected",
                "95% interval", "Effective zones", "Answer",
            ], answers),
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
        [group["name"], name, percent(row["value"]), ends(row, share=True), out_of(row)]
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
                f"{group['name']}: {percent(top['value'])} ({_or_not(top)}) of the "
                f"{group['of']} in the most targeted tenth of zones, {percent(whole['value'])} of "
                f"the {group['of']} everywhere."
            )
    return Section(
        f"Who lives in the most and least targeted zones: {assignment}",
        points=points,
        behind=[table("Shares", ["Group", "Statistic", "Share", "95% interval or bounds", "Out of"],
                      rows)],
    )  # fmt: skip


def _or_not(row: Record) -> str:
    return interval(row, share=True) if defined(row["low"]) else "interval cannot be told"


def _spread(results: Record, figures: _Figures, assignment: str) -> Section:
    whole = [row for row in results["figures"]
             if row["assignment"] == assignment and row["group"] == "all"]  # fmt: skip
    rows = [[row["statistic"], number(row["value"], 6), out_of(row)] for row in whole]
    joined = [
        [group["name"], name, number(row["value"]), ends(row),
         number(figures.value(assignment, group["name"], f"effective_n_{name}")),
         out_of(row)]
        for group in results["groups"]
        for name in ("spearman_share_vs_count", "spearman_share_vs_rate", "pearson_share_vs_count")
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
            table("Whole area", ["Statistic", "Value", "Out of"], rows),
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
