"""The report of an alert audit, in plain words: every sentence names its denominator."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from veedor.audits.alerts.claimed import WORDS
from veedor.report import audit_alert_charts as charts
from veedor.report import audit_alert_evidence as evidence
from veedor.report import audit_alert_sections as sections
from veedor.report.document import Document, Section
from veedor.report.numbers import counted, defined, number, percent

Record = Mapping[str, Any]

_CAUTIONS = (
    (
        "Nothing here says that a person, or a group of people, is dangerous.",
        "Rates are about a system's errors. What was recorded as an outcome is what somebody "
        "recorded, and who is recorded is not who does what.",
    ),
    (
        "A share of alerts is not a share of people.",
        "How many alerts are right, how many people are wrongly flagged, and how many are missed "
        "are three numbers with three denominators. None replaces another.",
    ),
    (
        "Nobody can have only a favourite number.",
        "Where outcomes differ between groups, equal shares of right alerts and equal shares of "
        "wrongly flagged people cannot both be had. Both stand here, beside each other.",
    ),
    (
        "Good rates do not make a use lawful.",
        "What a watchlist may hold, who decided it, and what happens to those stopped are not in "
        "any table. The checklist at the end asks.",
    ),
)
_KINDS = {
    "decisions": ("decision", "Decisions, with and without an alert, and what became of them"),
    "searches": ("search", "Searches of one face among many, and the candidates they returned"),
    "deployments": ("deployment", "Counts that were published, deployment by deployment"),
}


def alert_report(results: Record) -> Document:
    """Make the report from the results.

    Parameters
    ----------
    results : dict
        Of `veedor.audits.alerts.AlertAudit`.

    Returns
    -------
    Document
    """
    files = ", ".join(one["file"] for one in results["inputs"].values())
    word, subtitle = _KINDS[results["kind"]]
    made = (
        f"Made by veedor from {files}: "
        f"{counted(results['rows'], word, 'searches' if word == 'search' else '')} read. Every "
        "number is in results.json."
    )
    parts = [
        sections.refused(results),
        sections.rates(results),
        sections.both_sides(results),
        sections.base_rates(results),
        evidence.searches(results),
        evidence.ranking(results),
        evidence.clusters(results),
        evidence.over_time(results),
        evidence.claims(results),
        evidence.checks(results),
        evidence.checklist(results),
        evidence.everything(results),
    ]
    return Document(
        title="Audit of an alert system",
        subtitle=subtitle,
        made=made,
        plain=_plain(results),
        cautions=_CAUTIONS,
        sections=[part for part in parts if part is not None],
    )


def _plain(results: Record) -> Section:
    """Say what a reader in a hurry must know."""
    sentences = [
        finding["text"] for finding in results["checks"] if finding["severity"] == "serious"
    ]
    points = []
    for metric, subset in _FIRST[results["kind"]]:
        row = sections.widest_row(results, metric, subset)
        if row is not None and row["value"] is not None:
            points.append(sections.told(row))
    points += _wrong_for_each_right(results)
    points += _furthest_group(results)
    for claim in results.get("claims", []):
        points.append(evidence.claim_sentence(claim))
    figure = []
    pictures = _pictures(results)
    if pictures:
        figure = [(charts.of_1000(pictures, "stopped"), _PICTURE)]
    return Section("In plain words", sentences=sentences, points=points, figures=figure)


_PICTURE = (
    "Of 1,000 people stopped on an alert: how many rightly (dark) and how many wrongly (light), as "
    "counted here, and if one in so many of those who are checked were somebody sought. The system "
    "is the same in all."
)
_FIRST = {
    "decisions": (("alert_rate", "all"), ("ppv", "all"), ("fpr", "all"), ("fnr", "all")),
    "searches": (("fpir", "all"), ("fnir_rank1", "all")),
    "deployments": (
        ("ppv", "all"),
        ("ppv", "first"),
        ("ppv", "after_first"),
        ("false_alerts_per_transaction", "all"),
    ),
}


def _pictures(results: Record) -> list[Record]:
    """Alerts as they were counted, and at three base rates, of the first threshold."""
    entries = [e for e in results.get("base_rates", []) if e["of_1000_right"] is not None]
    counted_ = results.get("as_counted")
    asked = (1e-4, 1e-3, 0.01) if counted_ else (1e-4, 1e-3, 0.01, 0.1)
    shown = [
        entry
        for entry in entries
        if entry["threshold"] == entries[0]["threshold"] and entry["base_rate"] in asked
    ]
    return ([counted_] if counted_ else []) + shown


def _wrong_for_each_right(results: Record) -> list[str]:
    row = sections.first_row(results, "ppv")
    if row is None or not row["value"] or not row["denominator"]:
        return []
    each = (1 - row["value"]) / row["value"]
    of = f"{number(row['denominator'])} {WORDS['ppv'][1]}"
    return [f"For each right alert there were {number(each)} wrong ones, counting {of}."]


def _furthest_group(results: Record) -> list[str]:
    """Tell the group whose share wrongly flagged is most surely unlike the reference's.

    Only where the interval of their ratio leaves out 1; the share of right alerts (of searches:
    the share missed) stands beside it, so that neither side's number comes alone.
    """
    reference = results["reference"]
    flagged, other = ("fpir", "fnir_rank1") if results["kind"] == "searches" else ("fpr", "ppv")
    rows = [
        row
        for row in results["estimates"]
        if row["metric"] == f"{flagged}_ratio_vs_{reference}"
        and row["subset"] == "all"
        and row["threshold"] == results["thresholds"][0]
        and row["value"]
        and defined(row["low"])
        and (row["low"] > 1 or (defined(row["high"]) and row["high"] < 1))
    ]
    if not rows:
        return []
    row = max(rows, key=_surely)
    upper = number(row["high"]) if defined(row["high"]) else "no limit"
    level = percent(results["settings"]["level"])
    times = f"{number(row['value'])} times the share ({level} interval {number(row['low'])} to"
    beside = [_two(results, metric, row["group"], reference) for metric in (flagged, other)]
    return [f"{beside[0]}: {times} {upper}).", *([f"{beside[1]}."] if beside[1] else [])]


def _surely(row: Record) -> float:
    """Say how far from 1 a ratio is at least: the nearer end of its interval, as a log."""
    return float(math.log(row["low"]) if row["low"] > 1 else -math.log(row["high"]))


def _two(results: Record, metric: str, group: str, reference: str) -> str:
    """Set a rate of a group beside the reference's, each with its denominator."""
    found = [sections.first_row(results, metric, name) for name in (group, reference)]
    who, of = WORDS[metric]
    parts = [
        f"{percent(row['value'])} of {number(row['denominator'])} in group {row['group']}"
        for row in found
        if row is not None and defined(row["value"])
    ]
    if len(parts) < 2:
        return ""
    return f"Of {of}, {parts[0]} and {parts[1]} were {who}"
