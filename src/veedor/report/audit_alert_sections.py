"""The sections of an alert audit's report."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from veedor.audits.alerts.claimed import WORDS
from veedor.report import audit_alert_charts as charts
from veedor.report.document import Section
from veedor.report.numbers import counted, defined, interval, number, percent
from veedor.report.tables import Table, table

Record = Mapping[str, Any]
_SMALL = " (few)"
_MAIN = {
    "decisions": ("alert_rate", "fpr", "fnr", "ppv", "npv", "accuracy", "prevalence"),
    "searches": ("fpir", "fnir_rank1", "fnir_rank5", "fta_rate"),
    "deployments": tuple(WORDS),
}
_LEAST_COLUMNS = ("Group", "Value", "Interval", "Counted", "Out of")


def first_row(results: Record, metric: str, group: str = "ALL") -> Record | None:
    """Return the first row of a metric: everything, the first threshold, the plain interval."""
    return next(
        (
            row
            for row in results["estimates"]
            if (row["metric"], row["group"], row["subset"]) == (metric, group, "all")
            and row["threshold"] == results["thresholds"][0]
        ),
        None,
    )


def told(row: Record) -> str:
    """Say a rate with its denominator.

    >>> told({"metric": "fpr", "value": 0.25, "numerator": 1, "denominator": 4, "group": "ALL",
    ...     "low": 0.05, "high": 0.7})
    'Of 4 decisions whose outcome is false, 1 (25%; interval 5% to 70%) wrongly flagged.'
    """
    who, of = WORDS[row["metric"]]
    within = "" if row["group"] == "ALL" else f" in group {row['group']}"
    ends = f"; interval {interval(row, share=True)}" if defined(row["low"]) else ""
    return (
        f"Of {number(row['denominator'])} {of}{within}, {number(row['numerator'])} "
        f"({percent(row['value'])}{ends}) {who}."
    )


def refused(results: Record) -> Section | None:
    """Say what is refused, and what it would take."""
    if not results["refused"]:
        return None
    sentences = []
    for one in results["refused"]:
        sentences.append(f"{_listed(one['metrics'])} cannot be counted: {one['why']}.")
        sample = one["audit_sample"]
        if sample:
            sentences.append(
                f"To count them, draw {number(sample['to_measure'])} of the "
                f"{number(sample['population'])} decisions without an alert at random and check "
                f"what became of each; {number(sample['to_see_one'])} would be enough to see one "
                f"miss, were {percent(sample['if_missed_share'])} of them missed (as many as were "
                "found). Give the result with --nonalert-audit."
            )
    estimated = [r for r in results["estimates"] if r["method"] == "begg_greenes" and defined(r["value"])]  # fmt: skip
    if estimated:
        sentences.append(
            "A random part of them was checked. Where these rates stand below they are estimated "
            "from that part (Begg and Greenes 1983), out of the estimated numbers of people."
        )
    bounds = [
        row for row in results["estimates"]
        if row["metric"].startswith("ppv_if_unresolved") and row["group"] == "ALL"
    ]  # fmt: skip
    if len(bounds) >= 2:
        low, high = bounds[:2]
        sentences.append(
            f"Of {number(low['denominator'])} alerts, some were never resolved: between "
            f"{percent(low['value'])} (if all of those were wrong) and {percent(high['value'])} "
            "(if all were right) of these alerts are right."
        )
    return Section("What cannot be said", sentences=sentences)


def rates(results: Record) -> Section:
    """Set out the rates of every group, with intervals and counts."""
    shown = results["thresholds"][0]
    tables = []
    for metric in _MAIN[results["kind"]]:
        rows = _rows(results, metric, shown)
        if any(defined(row["value"]) for row in rows):
            who, of = WORDS[metric]
            tables.append(_rate_table(f"{metric}: {who}, of {of}", rows))
    small = results["settings"]["small"]
    at = (
        "as the system gave them"
        if shown is None
        else f"score {number(shown)} or more"
    )
    sentences = [
        f"Alerts: {at}. {percent(results['settings']['level'])} intervals. A rate that would be 0 "
        "out of 0 is undefined, not 0.",
        f"Rates out of fewer than {small} are marked (few): read their intervals, not their values.",
    ]
    if results["settings"]["publish"]:
        sentences.append(
            f"For publication, numbers out of fewer than {small}, and as many more as keep them "
            "from being worked out by sums, are left out."
        )
    return Section("How often it is wrong, and for whom", sentences=sentences, tables=tables)


def both_sides(results: Record) -> Section | None:
    """Show both sides of the impossibility beside each other."""
    entries = results.get("impossibility", [])
    if not entries or not entries[0]["groups"]:
        return None
    first = entries[0]
    metrics = (
        ("fpr", "Wrongly flagged"), ("fnr", "Missed"), ("ppv", "Alerts that are right"),
    )  # fmt: skip
    drawn = [
        (title, [row for row in _rows(results, metric, first["threshold"]) if row["group"] != "ALL"])
        for metric, title in metrics
    ]
    lines = [
        [
            one["group"] + (" (reference)" if one["is_reference"] else ""),
            *(percent(one[name]) for name in ("prevalence", "fpr", "fnr", "ppv")),
            *(_gap(one[f"{name}_gap"]) for name in ("fpr", "ppv")),
            percent(one["fpr_by_identity"]),
            percent(one["fpr_if_equal"]),
        ]
        for one in first["groups"]
    ]
    head = [
        "Group", "Outcome is true, of all known", "Wrongly flagged, of outcomes that are false",
        "Missed, of outcomes that are true", "Right, of alerts", "Gap in wrongly flagged",
        "Gap in right alerts", "Wrongly flagged, by the identity",
        "Wrongly flagged, were right alerts and missed as in the reference",
    ]  # fmt: skip
    sentences = [
        "The two complaints that are made about such systems stand here side by side. One counts "
        "among people whose outcome is false: who of them is wrongly flagged? The other counts "
        "among alerts: how many of them are right? Both are right questions, and their "
        "denominators differ.",
        "They hang together: the share wrongly flagged is p/(1-p) times (1-PPV)/PPV times (1-FNR), "
        "with p the share whose outcome is true (Chouldechova 2017). Where p differs between "
        "groups, a system that errs at all cannot make the share wrongly flagged, the share missed "
        "and the share of right alerts equal at once. Which one to equalise is a decision, not a "
        "measurement. The last column says what the share wrongly flagged would be with the "
        f"{'reference' if results['reference'] else 'whole'}'s other two.",
    ]
    table_ = table(
        f"Gaps to {first['reference']}, with {percent(results['settings']['level'])} intervals",
        head, lines,
    )  # fmt: skip
    figure = charts.beside_each_other(drawn, "sides")
    return Section(
        "Both sides of the same errors",
        sentences=sentences,
        figures=[(figure, "Each share with its interval; the denominators differ by panel.")],
        tables=[table_],
    )


def base_rates(results: Record) -> Section | None:
    """Say what the same system does at other base rates."""
    entries = results.get("base_rates", [])
    if not entries:
        return None
    first = [entry for entry in entries if entry["threshold"] == entries[0]["threshold"]]
    daily = "true_a_day" in first[0]
    lines = []
    for entry in first:
        name = f"{entry['base_rate']:g}"
        ppv = _at(results, f"ppv_at_base_rate_{name}", entry["threshold"])
        per_true = _at(results, f"false_per_true_at_{name}", entry["threshold"])
        line = [
            f"{number(1 / entry['base_rate'], 6)}",
            percent(entry["ppv"]),
            interval(ppv, share=True) if ppv else "",
            number(per_true["value"]) if per_true else "",
            interval(per_true) if per_true else "",
            number(entry["of_1000_right"]),
            number(entry["of_1000_wrong"]),
        ]
        if daily:
            line += [number(entry["true_a_day"]), number(entry["false_a_day"])]
        lines.append(line)
    head = ["One sought in", "Alerts that are right", "Interval", "Wrong for each right", "Interval",
            "Rightly, of 1,000 stopped", "Wrongly, of 1,000 stopped"]  # fmt: skip
    if daily:
        head += ["True alerts a day", "False alerts a day"]
    people = results["settings"]["people_a_day"]
    sentences = [
        "The shares wrongly flagged and missed are the system's; how many alerts are right depends "
        "as much on how rare those sought are among all who are checked. The rarer, the more "
        "people are wrongly stopped for each right one."
    ]
    sentences += [
        f"Of 1,000 people stopped where one in {number(1 / entry['base_rate'], 6)} of those "
        f"checked is sought, {_rightly(entry)} would be stopped rightly and "
        f"{number(entry['of_1000_wrong'])} wrongly."
        for entry in first
        if entry["base_rate"] in (1e-4, 0.01) and entry["of_1000_right"] is not None
    ]
    if daily:
        sentences.append(f"Alerts a day are for {number(people)} people checked a day.")
    return Section(
        "At other base rates",
        sentences=sentences,
        tables=[table("The same system where those sought are rarer or more common", head, lines)],
    )


def _rightly(entry: Record) -> str:
    if entry["of_1000_right"] == 0 and entry["ppv"]:
        return "fewer than one"
    return number(entry["of_1000_right"])


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
         percent(one["fpir"]), percent(one["fnir_rank1"])]
        for entry in results.get("at_common_threshold", [])
        for group, one in entry["groups"].items()
    ]  # fmt: skip
    if common:
        tables.append(table(
            "What one threshold for everyone does: wrong alerts of non-mated, misses of mated "
            "searches", ["Target", "Threshold", "Group", "FPIR", "FNIR at rank 1"], common, 3,
        ))  # fmt: skip
    unequal = [
        [row["metric"], number(row["threshold"]), number(row["value"]), interval(row)]
        for row in results["estimates"]
        if row["metric"].endswith("_max_over_geomean") or row["metric"].startswith(("garbe", "fdr_fair"))
    ]  # fmt: skip
    if unequal:
        tables.append(table(
            "How unequal the groups are (largest by geometric mean: 1 is equal; garbe: 0 is equal, "
            "1 is all in one group; fdr_fair: 1 is equal)",
            ["Measure", "Threshold", "Value", "Interval"], unequal,
        ))  # fmt: skip
    figures = []
    if results.get("det"):
        drawn = charts.det(results["det"], ("fpir", "fnir_rank1"), "det")
        figures = [(drawn, "Each line is a group; lower and further left is better. Scales are logarithmic.")]  # fmt: skip
    return Section(
        "Thresholds, and what they do to groups",
        sentences=[
            "A candidate at or above the threshold is an alert. A search in which no usable sample "
            "was acquired counts as missed if the person is in the gallery, and as no alert if not."
        ],
        figures=figures,
        tables=tables,
    )


def ranking(results: Record) -> Section | None:
    """Say how scores rank, and what became of each score."""
    entries = results.get("scores", [])
    if not entries:
        return None
    areas = [row for row in results["estimates"] if row["metric"] == "auc"]
    lines = [
        [r["group"], number(r["value"]), interval(r), number(r["denominator"])] for r in areas
    ]
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
    drawn = charts.det(curves, ("fpr", "fnr"), "det")
    return Section(
        "How its scores rank",
        figures=[(drawn, "Each line is a group; lower and further left is better. Scales are logarithmic.")],  # fmt: skip
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
        [e["metric"] + (f", {e['subset']}" if e.get("subset", "all") != "all" else ""), e["cluster"],
         number(e["rows"]), number(e["clusters"]), number(e["design_effect"]),
         number(e["effective_n"])]
        for e in entries
    ]  # fmt: skip
    return Section(
        "Rows that are not independent",
        sentences=[
            "Alerts of one evening, or decisions about one person, go right or wrong together. The "
            "design effect says how many times wider than for independent rows a variance is; "
            "intervals named wilson_neff_by_... take it into account."
        ],
        tables=[table(
            "Everyone", ["Rate", "Together by", "Out of", "Clusters", "Design effect",
                         "Worth so many independent ones"], lines, headers=2,
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
                    points.append(
                        f"{metric}, group {watch['group']}: a {drift['direction']} beyond "
                        f"{percent(drift['limit'])} of {of} since {watch['baseline_until']} raised "
                        f"an alarm at {drift['alarm']}."
                    )
    number_of = sum(len(w["drifts"]) for w in watches)
    rarely = results["settings"]["periods_between_false_alarms"]
    sentences = [
        f"{counted(number_of, 'rate', 'rates')} and directions are watched. While a rate keeps to "
        f"what it was in its first quarter, a false alarm of each comes at most once in "
        f"{number(rarely)} {watches[0]['unit']}s on average."
    ]
    if not points:
        sentences.append("None raised an alarm. That is no proof that nothing changed.")
    return Section("Over time", sentences=sentences, points=points, figures=figures)


def claim_sentence(claim: Record) -> str:
    """Say a claim and what the counts say to it, with both denominators."""
    words = {"<": "less than", "<=": "at most", ">": "more than", ">=": "at least"}
    who, of = WORDS[claim["counted_as"]]
    group = "" if claim["group"] == "ALL" else f", group {claim['group']}"
    said = f" per {claim['claimed_denominator']}" if claim["claimed_denominator"] else ""
    text = (
        f"Claim: {claim['metric']}{group} {words[claim['operator']]} {percent(claim['claimed'], 4)}"
        f"{said}. {claim['verdict'].capitalize()}: "
    )
    text += (
        f"of {number(claim['trials'])} {of}, {number(claim['events'])} ({percent(claim['value'])}) "
        f"{who}."
        if claim["trials"]
        else f"{claim['reason']}."
    )
    if claim["verdict"] == "not enough data" and claim["trials_to_settle"]:
        against = "such case" if claim["operator"].startswith("<") else "case to the contrary"
        text += (
            f" {number(claim['trials_to_settle'])} {of} without one {against} would support it."
        )
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
            "there are not enough data, which is no support. Exact one-sided tests; they take "
            "trials as independent. E-values may be added to as counts come in.",
        ],
        points=[claim_sentence(entry) for entry in entries],
        tables=[table("Claims", head, lines, headers=2)],
    )


def checks(results: Record) -> Section:
    """List what the checks of the data found."""
    return Section(
        "Checks of the data",
        sentences=[] if results["checks"] else ["The checks found nothing. That is no proof that the table is right."],  # fmt: skip
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
        [row["subset"], number(row["threshold"]) if row["threshold"] is not None else "", row["group"],
         row["metric"], number(row["value"], 4), interval(row), number(row["numerator"], 4),
         number(row["denominator"], 4), row["method"]]
        for row in rows[:most]
    ]  # fmt: skip
    head = ["Subset", "Threshold", "Group", "Metric", "Value", "Interval", "Numerator",
            "Denominator", "Method"]  # fmt: skip
    rest = f" The first {number(most)} are here; all are in estimates.csv." if len(rows) > most else ""
    return Section(
        "Every estimate",
        sentences=[f"{counted(len(rows), 'estimate')}.{rest}"],
        behind=[table("Every estimate", head, lines, headers=4)],
        behind_name="Show them",
    )


def _rows(results: Record, metric: str, shown: Any) -> list[Record]:
    """Rows of a metric at a threshold, one a group: everything, the first interval."""
    found: dict[str, Record] = {}
    for row in results["estimates"]:
        if (row["metric"], row["subset"], row["threshold"]) == (metric, "all", shown):
            found.setdefault(row["group"], row)
    return list(found.values())


def _at(results: Record, metric: str, shown: Any) -> Record | None:
    return next(
        (row for row in _rows(results, metric, shown) if row["group"] == "ALL"), None
    )


def _rate_table(caption: str, rows: Sequence[Record]) -> Table:
    lines = [
        [
            row["group"] + (_SMALL if row["small"] else ""),
            "left out" if row["method"] == "suppressed" else percent(row["value"]),
            interval(row, share=True),
            number(row["numerator"]),
            number(row["denominator"]),
        ]
        for row in rows
    ]
    return table(caption, _LEAST_COLUMNS, lines)


def _gap(gap: Record) -> str:
    if not defined(gap["value"]):
        return "undefined"
    return f"{number(100 * gap['value'])} points ({number(100 * gap['low'])} to {number(100 * gap['high'])})"  # fmt: skip


def _listed(metrics: Sequence[str]) -> str:
    return ", ".join(metrics)
