"""Further sections of an alert audit's report: thresholds, time, claims, checks, the checklist."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from veedor.audits.alerts.claimed import WORDS
from veedor.report import audit_alert_charts as charts
from veedor.report.document import Section
from veedor.report.numbers import counted, interval, number, percent
from veedor.report.tables import table

Record = Mapping[str, Any]
_DET = "Each line is a group; lower and further left is better. Both scales are logarithmic."


def searches(results: Record) -> Section | None:
    """Say what a common threshold does to groups, and which thresholds they would need."""
    if results["kind"] != "searches":
        return None
    tables = []
    rows = [row for row in results["estimates"] if row["metric"].startswith("threshold_at_fpir_")]
    tables.append(
        table(
            "Lowest observed score that keeps wrong alerts at a target, of non-mated searches",
            ["Target", "Group", "Threshold", "Interval", "Non-mated searches"],
            [
                [row["metric"].removeprefix("threshold_at_fpir_"), row["group"],
                 number(row["value"], 6), interval(row), number(row["denominator"])]
                for row in rows
            ],
            headers=2,
        )
    )  # fmt: skip
    common = [
        [number(entry["target"]), number(entry["threshold"], 6), group,
         *_with_ends(one["fpir"]), *_with_ends(one["fnir_rank1"])]
        for entry in results.get("at_common_threshold", [])
        for group, one in entry["groups"].items()
    ]  # fmt: skip
    if common:
        tables.append(table(
            "What one threshold for everyone does: wrong alerts of non-mated, misses of mated "
            "searches", ["Target", "Threshold", "Group", "FPIR", "Interval", "Out of",
                         "FNIR at rank 1", "Interval", "Out of"], common, 3,
        ))  # fmt: skip
    unequal = [
        [row["metric"], number(row["threshold"]), number(row["value"]), interval(row)]
        for row in results["estimates"]
        if row["metric"].endswith("_max_over_geomean")
        or row["metric"].startswith(("garbe", "fdr_fair"))
    ]  # fmt: skip
    if unequal:
        tables.append(table(
            "How unequal the groups are (largest by geometric mean: 1 is equal; garbe: 0 is equal, "
            "1 is all in one group; fdr_fair: 1 is equal)",
            ["Measure", "Threshold", "Value", "Interval"], unequal,
        ))  # fmt: skip
    drawn = charts.det(results.get("det", []), ("fpir", "fnir_rank1"), "searches", "det")
    return Section(
        "Thresholds, and what they do to groups",
        sentences=[
            "A candidate at or above the threshold is an alert. A search in which no usable sample "
            "was acquired counts as missed if the person is in the gallery, and as no alert if not."
        ],
        figures=[(drawn, _DET)] if drawn else [],
        tables=tables,
    )


def _with_ends(rate: Record) -> tuple[str, str, str]:
    return percent(rate["value"]), interval(rate, share=True), number(rate["denominator"])


def ranking(results: Record) -> Section | None:
    """Say how scores rank, and what became of each score."""
    entries = results.get("scores", [])
    if not entries:
        return None
    areas = [row for row in results["estimates"] if row["metric"] == "auc"]
    lines = [[r["group"], number(r["value"]), interval(r), number(r["denominator"])] for r in areas]
    tables = [table(
        "AUC: of pairs of one whose outcome is true and one whose is not, in how many the first "
        "scores higher (ties count half); 0.5 is chance",
        ["Group", "AUC", "Interval", "Pairs"], lines,
    )]  # fmt: skip
    behind = [
        table(
            f"Outcome by score, group {entry['group']}",
            ["Score from", "to", "Outcome is true", "Interval", "Of"],
            [
                [number(b["score_from"]), number(b["score_to"]), percent(b["value"]),
                 interval(b, share=True), number(b["denominator"])]
                for b in entry["calibration"]
            ],
        )
        for entry in entries
    ]  # fmt: skip
    curves = [{"group": e["group"], "points": e["det"]} for e in entries]
    drawn = charts.det(curves, ("fpr", "fnr"), "decisions", "det")
    return Section(
        "How its scores rank",
        figures=[(drawn, _DET)] if drawn else [],
        tables=tables,
        behind=behind,
        behind_name="What became of each score",
    )


def clusters(results: Record) -> Section | None:
    """Say how much rows of one person or evening vary together."""
    entries = [e for e in results.get("clusters", []) if e["group"] == "ALL"]
    if not entries:
        return None
    lines = [
        [e["metric"] + (f", {e['subset']}" if e.get("subset", "all") != "all" else ""),
         e["cluster"],
         number(e["rows"]), number(e["clusters"]), number(e["effective_clusters"]),
         number(e["design_effect"]), number(e["effective_n"])]
        for e in entries
    ]  # fmt: skip
    return Section(
        "Rows that are not independent",
        sentences=[
            "Alerts of one evening, or decisions about one person, may go right or wrong together. "
            "The design effect says how many times as large as for independent rows a variance is. "
            "Every interval of a rate on this page allows for it, and for how few clusters, or how "
            "few of equal size, there are."
        ],
        tables=[table(
            "Everyone", ["Rate", "Together by", "Out of", "Clusters",
                         "Worth so many of equal size", "Design effect",
                         "Worth so many independent rows"], lines, headers=2,
        )],
    )  # fmt: skip


def over_time(results: Record) -> Section | None:
    """Say whether rates drift."""
    watches = results.get("monitoring", [])
    if not watches:
        return None
    points, figures = [], []
    for place, metric in enumerate(dict.fromkeys(w["metric"] for w in watches)):
        same = [w for w in watches if w["metric"] == metric]
        who, of = WORDS[metric]
        words = f"{metric}: {who}, of {of}"
        figures.append((
            charts.over_time(same, words, f"time{place}"),
            "Counted from the beginning. The band is a confidence sequence of everyone: it may be "
            "looked at every day. Dotted lines are drift alarms.",
        ))  # fmt: skip
        for watch in same:
            for drift in watch["drifts"]:
                if drift["alarm"]:
                    points.append(_alarm(watch, drift, who, of))
    number_of = sum(len(w["drifts"]) for w in watches)
    rarely = results["settings"]["periods_between_false_alarms"]
    sentences = [
        f"{counted(number_of, 'watch', 'watches')} are kept: each of one rate, of one group, for a "
        "rise or for a fall. While a rate keeps to the 99% interval of its first quarter, a false "
        f"alarm of each comes at most once in {number(rarely)} {watches[0]['unit']}s on average.",
        f"Were no rate to change, {_few(_expected(watches, 'expected'))} of all of them together "
        f"would be expected over this record (simulated; at most "
        f"{number(_expected(watches, 'at_most'), 2)}). This takes alerts as independent: "
        f"{watches[0]['unit']}s that differ by more than chance raise more.",
    ]
    if not points:
        sentences.append("None raised an alarm. That is no proof that nothing changed.")
    return Section("Over time", sentences=sentences, points=points, figures=figures)


def _alarm(watch: Record, drift: Record, who: str, of: str) -> str:
    """Say an alarm by what was counted before and since, not by the limit that it watched."""
    group = "everyone" if watch["group"] == "ALL" else f"group {watch['group']}"
    alarm = f"{who[0].upper()}{who[1:]} ({watch['metric']}), {group}: alarm of a "
    alarm += f"{drift['direction']} at {drift['alarm']}."
    if "run" not in drift:
        return alarm
    sides = [
        f"{number(side['numerator'])} of {number(side['denominator'])} "
        f"({percent(side['value'])}; interval {interval(side, share=True)})"
        for side in (drift["before"], drift["run"])
    ]
    return (
        f"{alarm} Of {of}, {sides[0]} were {who} until {watch['baseline_until']}, its "
        f"first quarter, and {sides[1]} from {drift['since']} to the alarm, the run that raised it."
    )


def _few(alarms: float) -> str:
    return f"{number(alarms, 2)} false alarms" if alarms >= 0.01 else "fewer than 0.01 false alarms"


def _expected(watches: Sequence[Record], which: str) -> float:
    return float(sum(watch[f"false_alarms_{which}"] for watch in watches))


def claim_sentence(claim: Record) -> str:
    """Say a claim and what the counts say to it, with both denominators."""
    words = {"<": "less than", "<=": "at most", ">": "more than", ">=": "at least"}
    who, of = WORDS[claim["counted_as"]]
    group = "" if claim["group"] == "ALL" else f", group {claim['group']}"
    said = f" (out of: {claim['claimed_denominator']})" if claim["claimed_denominator"] else ""
    text = (
        f"Claim: {claim['metric']}{group} {words[claim['operator']]} {percent(claim['claimed'], 4)}"
        f"{said}. {claim['verdict'].capitalize()}: "
    )
    text += (
        f"of {number(claim['trials'])} {of}, {number(claim['events'])} ({percent(claim['value'])}; "
        f"interval {interval(claim, share=True)}) were {who}."
        if claim["trials"]
        else f"{claim['reason']}."
    )
    if claim["trials"] and claim["reason"]:
        text += f" {claim['reason'].capitalize()}."
    if claim["verdict"] == "not enough data" and claim["trials_to_settle"]:
        against = "such case" if claim["operator"].startswith("<") else "case to the contrary"
        text += f" {number(claim['trials_to_settle'])} {of} without one {against} would support it."
    return text


def claims(results: Record) -> Section | None:
    """Set out each claim with its tests."""
    entries = results.get("claims", [])
    if not entries:
        return None
    lines = [
        [e["metric"], e["group"], f"{e['operator']} {number(e['claimed'], 6)}", e["verdict"],
         number(e["value"]), number(e["trials"]), number(e["p_if_false"]), number(e["p_if_true"]),
         number(e["e_for"]), number(e["e_against"]), number(e["trials_to_settle"])]
        for e in entries
    ]  # fmt: skip
    head = ["Rate", "Group", "Claimed", "Verdict", "Counted", "Out of",
            "p, were it just false", "p, were it just true", "E-value for", "E-value against",
            "Error-free trials to support it"]  # fmt: skip
    return Section(
        "What is claimed",
        sentences=[
            "Supported: so good a count would be improbable (at the level of the claim) were the "
            "claim false. Contradicted: so bad a count would be improbable were it true. Neither: "
            "there are not enough data, which is no support. One-sided tests, exact where trials "
            "are independent; where they come in clusters, of as many as they are worth. E-values "
            "may be worked out anew as counts come in.",
        ],
        points=[claim_sentence(entry) for entry in entries],
        tables=[table("Claims", head, lines, headers=2)],
    )


def checks(results: Record) -> Section:
    """List what the checks of the data found."""
    return Section(
        "Checks of the data",
        sentences=[]
        if results["checks"]
        else ["The checks found nothing. That is no proof that the table is right."],
        points=[finding["text"] for finding in results["checks"]],
    )


def checklist(results: Record) -> Section:
    """Print the checklist, answered or not."""
    return Section(
        "What tables cannot show",
        sentences=[
            "These questions follow what the courts of Buenos Aires looked into in the case on the "
            "city's face recognition of fugitives (file 182908/2020-0, judgment of 7 September "
            "2022). Where nothing was given, it says so."
        ],
        tables=[
            table(
                "Checklist",
                ["Question", "Why it matters", "Answer"],
                [[one["question"], one["why"], one["answer"]] for one in results["checklist"]],
            )
        ],
    )


def everything(results: Record) -> Section:
    """Put every estimate behind one fold, up to a length that a browser bears."""
    rows = results["estimates"]
    most = 3_000
    lines = [
        [row["subset"], number(row["threshold"]) if row["threshold"] is not None else "",
         row["group"], row["metric"], number(row["value"], 4), interval(row),
         number(row["numerator"], 4), number(row["denominator"], 4), row["method"]]
        for row in rows[:most]
    ]  # fmt: skip
    head = ["Subset", "Threshold", "Group", "Metric", "Value", "Interval", "Numerator",
            "Denominator", "Method"]  # fmt: skip
    rest = (
        f" The first {number(most)} are here; all are in estimates.csv." if len(rows) > most else ""
    )
    return Section(
        "Every estimate",
        sentences=[f"{counted(len(rows), 'estimate')}.{rest}"],
        behind=[table("Every estimate", head, lines, headers=4)],
        behind_name="Show them",
    )
