"""Report of the benchmark audit, in plain words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from veedor.audits.places import RULES
from veedor.report.audit_places import ends, warnings_section
from veedor.report.document import Document, Section, write_document
from veedor.report.numbers import defined, listed, number, out_of, percent
from veedor.report.ratio_chart import ratio_chart
from veedor.report.tables import Table, table

Record = Mapping[str, Any]

_MEASURES = {
    "excess_per_1000": "per 1,000 members",
    "excess_count": "by zone, as a member sees it",
    "excess_per_km2": "per km², as a member sees it",
    "excess_ratio_per_1000": "per 1,000 members, relative to the reference",
    "excess_ratio_count": "by zone, relative to the reference",
    "excess_ratio_per_km2": "per km², relative to the reference",
}
_GIVEN = {
    "unadjusted": "whatever was recorded",
    "given_reported": "with as many reported incidents",
    "given_discovered": "with as many discovered incidents",
    "given_recorded": "with as many recorded incidents",
}
_PERFORMANCE = {
    "capture_rate": "incidents in a place that was predicted",
    "misses_per_incident": "incidents in a place that was not",
    "false_flags_per_1000": "places predicted where nothing was recorded, per 1,000 residents",
    "calibration": "recorded incidents per prediction, relative to the whole area",
}
_CAUTIONS = (
    (
        "The record is not the truth.",
        "Whatever is compared with recorded incidents takes the record as it is. A system that "
        "repeats a biased record looks even-handed by this measure.",
    ),
    (
        "Discovered incidents follow patrols.",
        "Incidents that police find are found where police are. They are kept apart from what "
        "victims report, and a system that matches them may only match its own patrols.",
    ),
    (
        "Zones are not people.",
        "A rate ratio is about zones with more of a group, not about members of the group.",
    ),
    (
        "A false flag is a place, not an alarm.",
        "It is a place that was predicted at least once and where nothing was recorded in the "
        "whole file of incidents. Dates are not matched.",
    ),
)


def write_benchmark_report(results: Record, path: Path) -> None:
    """Write the report of a benchmark audit.

    Parameters
    ----------
    results : dict
        Content of its results.json.
    path : Path
    """
    write_document(benchmark_document(results), path)


def benchmark_document(results: Record) -> Document:
    """Turn the results of a benchmark audit into a page."""
    data = results["data"]
    rows = results["figures"]
    return Document(
        title="More than the record explains?",
        subtitle=f"A benchmark of {data['predictions']['file']}",
        made=f"Made by veedor from {number(data['zones'])} zones; "
        f"seed {results['settings']['seed']}.",
        plain=Section("In short", sentences=_short(data), points=_points(results)),
        cautions=_CAUTIONS,
        sections=[
            warnings_section(results),
            _other_rules(rows, results),
            _conditional(rows),
            *_performance(rows, results),
        ],
    )


def _short(data: Record) -> list[str]:
    said = [
        f"{number(data['predictions']['total'], 6)} predictions are compared with the same number "
        "placed by other rules."
    ]
    for kind, total in data["incidents"].items():
        said.append(
            f"{number(data['incidents_in_zones'][kind], 6)} of {number(total, 6)} {kind} incidents "
            "lie in a zone."
        )
    return said


def _points(results: Record) -> list[str]:
    """One line a group and counterfactual, per 1,000 members."""
    found = {(row["group"], row["statistic"]): row for row in results["figures"]}
    points = []
    for group in results["groups"]:
        told = []
        for rule in results["counterfactuals"]:
            row = found.get((group["name"], f"excess_per_1000_vs_{rule}"))
            if row is not None and defined(row["value"]):
                told.append(f"{number(row['value'])} times ({ends(row)}) what it would be if "
                            f"{RULES[rule]}")  # fmt: skip
        if told:
            points.append(f"Exposure of {group['name']} per 1,000 members is {listed(told)}.")
    return points


def _other_rules(rows: Sequence[Record], results: Record) -> Section:
    """Every counterfactual: a chart of all, and a table of each."""
    rules = [str(rule) for rule in results["counterfactuals"]]
    groups = [str(group["name"]) for group in results["groups"]]
    drawn = {
        (row["group"], rule): row
        for row in rows
        for rule in rules
        if row["statistic"] == f"excess_per_1000_vs_{rule}"
    }
    chart = ratio_chart(
        drawn,
        {group: group for group in groups},
        {rule: f"if {RULES[rule]}" for rule in rules},
        key="other-rules",
        title="Exposure compared with other rules",
        axis="exposure per 1,000 members, by what it would be",
    )
    return Section(
        "Compared with other rules",
        sentences=[
            "The same number of predictions, placed by another rule. Above 1 the system exposes "
            "the group more than that rule would. What is relative to the reference compares the "
            "group's excess with that of its reference."
        ],
        figures=[
            (
                chart,
                "Exposure of each group per 1,000 members by what each rule would give, with 95% "
                "intervals. The line marks what the rule gives.",
            )
        ]
        if drawn
        else [],
        behind=[_by_rule(rows, rule) for rule in rules],
        behind_name="Tables: every rule",
    )


def _by_rule(rows: Sequence[Record], rule: str) -> Table:
    shown = [
        [row["group"], _MEASURES[measure], number(row["value"]), ends(row), out_of(row)]
        for row in rows
        if (measure := row["statistic"].removesuffix(f"_vs_{rule}")) in _MEASURES
    ]
    head = ["Group", "Exposure", "By what it would be", "95% interval", "Out of"]
    return table(f"If {RULES[rule]}", head, shown)


def _conditional(rows: Sequence[Record]) -> Section:
    start = "rate_ratio_10_points_"
    mine = [row for row in rows if row["statistic"].startswith(start)]
    given = list(dict.fromkeys(row["statistic"].removeprefix(start) for row in mine))
    groups = list(dict.fromkeys(row["group"] for row in mine))
    chart = ratio_chart(
        {(row["group"], row["statistic"].removeprefix(start)): row for row in mine},
        {group: group for group in groups},
        {one: f"zones {_GIVEN[one]}" for one in given},
        key="rate-ratios",
        title="Predictions and who lives there",
        axis="predictions, times as many for 10 points more of the group's share",
    )
    shown = [
        [row["group"], _GIVEN[row["statistic"].removeprefix(start)], number(row["value"]),
         ends(row), row["method"], out_of(row)]
        for row in mine
    ]  # fmt: skip
    head = ["Group", "Among zones", "Rate ratio", "95% interval", "Method", "Out of"]
    return Section(
        "Predictions and who lives there, with and without the record",
        sentences=[
            "How many times more predictions a zone has for 10 points more of a group's share, "
            "among zones of the same population and ground: unadjusted, and among zones with as "
            "many recorded incidents. What the record explains is only as fair as the record."
        ],
        figures=[(chart, "Rate ratios with 95% intervals. The line marks no difference.")]
        if mine
        else [],
        behind=[table("Rate ratios", head, shown)],
        behind_name="Table: rate ratios",
    )


def _performance(rows: Sequence[Record], results: Record) -> list[Section]:
    kinds = [str(kind) for kind in results["data"]["incidents"]]
    captured = {
        (row["group"], kind): row
        for row in rows
        for kind in kinds
        if row["statistic"] == f"capture_rate_{kind}"
    }
    if not captured:
        return []
    chart = ratio_chart(
        captured,
        {group: _largest(group) for group, _ in captured},
        {kind: f"{kind} incidents" for kind in kinds},
        key="captured",
        title="Incidents in places that were predicted",
        axis="share of incidents in a place that was predicted at least once",
        equal_at=None,
    )
    return [
        Section(
            "Does it work, and for whom",
            sentences=[
                "Zones are grouped by which group of residents is largest. Calibration above 1: "
                "these zones have more recorded incidents per prediction than the whole area."
            ],
            figures=[(chart, "Share of the incidents that were captured, with 95% intervals.")],
            behind=[_of_kind(rows, kind) for kind in kinds],
            behind_name="Tables: captured, missed, flagged in vain",
        )
    ]


def _of_kind(rows: Sequence[Record], kind: str) -> Table:
    shown = []
    for row in rows:
        name = row["statistic"].removesuffix(f"_{kind}")
        if name in _PERFORMANCE and name != row["statistic"]:
            share = name in ("capture_rate", "misses_per_incident")
            shown.append([
                _largest(row["group"]),
                _PERFORMANCE[name],
                (percent if share else number)(row["value"]),
                ends(row, share=share),
                out_of(row),
            ])  # fmt: skip
    head = ["Zones", "What", "Value", "95% interval", "Out of"]
    return table(f"{kind.capitalize()} incidents", head, shown)


def _largest(group: str) -> str:
    return "all zones" if group == "all" else f"mostly {group}"
