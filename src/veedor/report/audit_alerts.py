"""The report of an alert audit, in plain words: every sentence names its denominator."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from veedor.audits.alerts.claimed import WORDS
from veedor.report import audit_alert_charts as charts
from veedor.report import audit_alert_evidence as evidence
from veedor.report import audit_alert_sections as sections
from veedor.report import audit_alert_words as words
from veedor.report.document import Document, Section
from veedor.report.numbers import counted, defined, interval, number, percent

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
        "No one of these numbers speaks for the others.",
        "Groups can be alike in the share of right alerts and differ in the share wrongly flagged, "
        "or in the share missed. Where the share whose outcome is true differs between groups, and "
        "some alerts are right and some wrong, all three cannot be alike at once. They stand here "
        "beside each other.",
    ),
    (
        "Good rates do not make a use lawful.",
        "Who may be looked for or scored, who decided it, and what becomes of those flagged cannot "
        "be read from rates. The checklist at the end asks.",
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
        row = sections.first_row(results, metric, subset=subset)
        if row is not None and row["value"] is not None:
            points.append(sections.told(row))
    points += _wrong_for_each_right(results)
    points += _surest_group(results)
    for claim in results.get("claims", []):
        points.append(evidence.claim_sentence(claim))
    figure = []
    pictures = _pictures(results)
    if pictures:
        figure = [(charts.of_1000(pictures, results["kind"], "alerts"), _picture(results))]
    return Section("In plain words", sentences=sentences, points=points, figures=figure)


def _picture(results: Record) -> str:
    """Say what the picture of 1,000 alerts shows."""
    text = "Of 1,000 alerts: how many are right (dark) and how many wrong (light)"
    if results.get("as_counted"):
        text += ", as counted here"
    if results.get("base_rates"):
        one = words.ONE_IN[results["kind"]]
        text += f"; and if {one} in so many, with the same shares wrongly flagged and missed"
    return text + "."


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
    ends = ""
    if defined(row["low"]) and row["high"]:
        most = number((1 - row["low"]) / row["low"]) if row["low"] else "no limit"
        ends = f" (interval {number((1 - row['high']) / row['high'])} to {most})"
    return [f"For each right alert there were {number(each)} wrong ones{ends}, counting {of}."]


def _surest_group(results: Record) -> list[str]:
    """Tell the group whose share wrongly flagged is most surely unlike the reference's, if one is.

    The share of right alerts (of searches: the share missed) stands beside it, so that neither
    side's number comes alone.
    """
    found = results.get("surest_group")
    if not found:
        return []
    other = "fnir_rank1" if results["kind"] == "searches" else "ppv"
    group, reference = found["group"], found["reference"]
    beside = [_two(results, metric, group, reference) for metric in (found["metric"], other)]
    if not beside[0]:
        return []
    upper = number(found["high"]) if defined(found["high"]) else "no limit"
    many = found["compared"]
    looked = "" if many == 1 else f", at a level that holds for all {number(many)} groups together"
    times = (
        f"{number(found['ratio'])} times the share ({percent(found['level'])} interval "
        f"{number(found['low'])} to {upper}{looked})"
    )
    return [f"{beside[0]}: {times}.", *([f"{beside[1]}."] if beside[1] else [])]


def _two(results: Record, metric: str, group: str, reference: str) -> str:
    """Set a rate of a group beside the reference's, each with its denominator."""
    found = [sections.first_row(results, metric, name) for name in (group, reference)]
    who, of = WORDS[metric]
    parts = [
        f"{percent(row['value'])} (interval {interval(row, share=True)}) of "
        f"{number(row['denominator'])} in group {row['group']}"
        for row in found
        if row is not None and defined(row["value"])
    ]
    if len(parts) < 2:
        return ""
    return f"Of {of}, {parts[0]} and {parts[1]} were {who}"
