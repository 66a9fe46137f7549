"""Report of the benchmark audit, in plain words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from veedor.report.document import Document, Section, write_document
from veedor.report.numbers import defined, interval, listed, number, out_of, percent
from veedor.report.tables import table

Record = Mapping[str, Any]

_RULES = {
    "uniform": "every km² got the same",
    "population": "every resident got the same",
    "prior": "the same ground were flagged where the long-run map is highest",
    "record_reported": "they followed the incidents that victims and witnesses reported",
    "record_discovered": "they followed the incidents that police found",
    "record_recorded": "they followed all recorded incidents",
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
            Section("Warnings", points=[warning["message"] for warning in results["warnings"]]),
            *(_counterfactual(rows, rule) for rule in results["counterfactuals"]),
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
                told.append(f"{number(row['value'])} times ({interval(row)}) what it would be if "
                            f"{_RULES[rule]}")  # fmt: skip
        if told:
            points.append(f"Exposure of {group['name']} per 1,000 members is {listed(told)}.")
    return points


def _counterfactual(rows: Sequence[Record], rule: str) -> Section:
    shown = [
        [row["group"], row["statistic"], number(row["value"]), interval(row), out_of(row)]
        for row in rows
        if row["statistic"].endswith(f"_vs_{rule}")
    ]
    return Section(
        f"Compared with: {_RULES[rule]}",
        sentences=[
            "Above 1 the system exposes the group more than this rule would with the same budget. "
            "An excess ratio compares the group's excess with that of its reference."
        ],
        tables=[table("Excess", ["Group", "Statistic", "Value", "95% interval", "Out of"], shown)],
    )


def _conditional(rows: Sequence[Record]) -> Section:
    shown = [
        [row["group"], row["statistic"], number(row["value"]), interval(row), row["method"],
         out_of(row)]
        for row in rows
        if row["statistic"].startswith("rate_ratio_10_points")
    ]  # fmt: skip
    return Section(
        "Predictions and who lives there, with and without the record",
        sentences=[
            "How many times more predictions a zone has for 10 points more of a group's share, "
            "among zones of the same population and ground: unadjusted, and among zones with as "
            "many recorded incidents. What the record explains is only as fair as the record."
        ],
        tables=[table("Rate ratios", ["Group", "Statistic", "Rate ratio", "95% interval", "Method",
                                      "Out of"], shown)],
    )  # fmt: skip


def _performance(rows: Sequence[Record], results: Record) -> list[Section]:
    sections = []
    for kind in results["data"]["incidents"]:
        names = (f"capture_rate_{kind}", f"misses_per_incident_{kind}",
                 f"false_flags_per_1000_{kind}", f"calibration_{kind}")  # fmt: skip
        shown = [
            [row["group"], row["statistic"],
             (percent if row["statistic"].startswith(("capture", "misses")) else number)(
                 row["value"]),
             interval(row, share=row["statistic"].startswith(("capture", "misses"))),
             out_of(row)]
            for row in rows
            if row["statistic"] in names
        ]  # fmt: skip
        if shown:
            sections.append(
                Section(
                    f"Does it work, and for whom: {kind} incidents",
                    sentences=[
                        "Zones are grouped by which group of residents is largest. Calibration "
                        "above 1: these zones have more recorded incidents per prediction than "
                        "the whole area."
                    ],
                    tables=[
                        table(
                            "Performance",
                            ["Zones where largest", "Statistic", "Value", "95% interval", "Out of"],
                            shown,
                        )
                    ],
                )
            )
    return sections
