"""The report of an alert audit, in plain words: every sentence names its denominator."""

from __future__ import annotations

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
    for metric in _FIRST[results["kind"]]:
        row = sections.first_row(results, metric)
        if row is not None and row["value"] is not None:
            points.append(sections.told(row))
    points += _wrong_for_each_right(results)
    worst = _largest_ratio(results)
    if worst:
        points.append(worst)
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
    "decisions": ("alert_rate", "ppv", "fpr", "fnr"),
    "searches": ("fpir", "fnir_rank1"),
    "deployments": ("ppv", "false_alerts_per_transaction"),
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


def _largest_ratio(results: Record) -> str:
    """Tell the largest ratio of wrongly flagged shares whose interval leaves out 1."""
    reference = results["reference"]
    name = "fpir" if results["kind"] == "searches" else "fpr"
    rows = [
        row
        for row in results["estimates"]
        if row["metric"] == f"{name}_ratio_vs_{reference}"
        and row["subset"] == "all"
        and defined(row["value"])
        and defined(row["low"])
        and row["low"] > 1
        and row["threshold"] == results["thresholds"][0]
    ]
    if not rows:
        return ""
    row = max(rows, key=lambda one: float(one["value"]))
    upper = number(row["high"]) if defined(row["high"]) else "no limit"
    level = percent(results["settings"]["level"])
    return (
        f"Of those not to be flagged, {percent(row['numerator'])} of group {row['group']} were "
        f"flagged and {percent(row['denominator'])} of group {reference}: {number(row['value'])} "
        f"times the share ({level} interval {number(row['low'])} to {upper})."
    )
