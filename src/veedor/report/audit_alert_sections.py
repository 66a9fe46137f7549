"""The sections of an alert audit's report."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from veedor.audits.alerts.claimed import WORDS, in_words
from veedor.report import audit_alert_charts as charts
from veedor.report import audit_alert_words as words
from veedor.report.document import Section
from veedor.report.numbers import defined, interval, listed, number, percent
from veedor.report.tables import Table, table

Record = Mapping[str, Any]
_SMALL = " (few)"
_MAIN = {
    "decisions": ("alert_rate", "fpr", "fnr", "ppv", "npv", "accuracy", "prevalence"),
    "searches": ("fpir", "fnir_rank1", "fnir_rank5", "fta_rate"),
    "deployments": tuple(WORDS),
}
_SUBSETS = {"first": ", in the first deployment", "after_first": ", after the first deployment"}
_LEAST_COLUMNS = ("Group", "Value", "Interval", "Counted", "Out of")


def first_row(
    results: Record, metric: str, group: str = "ALL", subset: str = "all"
) -> Record | None:
    """Return the row of a metric at the first threshold, with the one interval that it has."""
    return next(
        (
            row
            for row in results["estimates"]
            if (row["metric"], row["group"], row["subset"]) == (metric, group, subset)
            and row["threshold"] == results["thresholds"][0]
        ),
        None,
    )


def told(row: Record) -> str:
    """Say a rate with its denominator.

    >>> told({"metric": "fpr", "value": 0.25, "numerator": 1, "denominator": 4, "group": "ALL",
    ...     "low": 0.05, "high": 0.7})
    'Of 4 decisions whose outcome is false, 1 (25%; interval 5% to 70%) were wrongly flagged.'
    """
    who, of = WORDS[row["metric"]]
    within = "" if row["group"] == "ALL" else f" in group {row['group']}"
    within += _SUBSETS.get(row.get("subset", "all"), "")
    cluster = row.get("method", "").partition("_neff_by_")[2]
    by = f", by {cluster}" if cluster else ""
    ends = f"; interval {interval(row, share=True)}{by}" if defined(row["low"]) else ""
    return (
        f"Of {number(row['denominator'])} {of}{within}, {number(row['numerator'])} "
        f"({percent(row['value'])}{ends}) were {who}."
    )


def refused(results: Record) -> Section | None:
    """Say what is refused, and what it would take."""
    if not results["refused"]:
        return None
    sentences = []
    for one in results["refused"]:
        sentences.append(
            f"These shares cannot be counted: {_in_words(one['metrics'])}. "
            f"The reason: {one['why']}."
        )
        sample = one["audit_sample"]
        if sample:
            sentences.append(
                f"To count them, draw {number(sample['to_measure'])} of the "
                f"{number(sample['population'])} decisions without an alert at random and check "
                f"what became of each; {number(sample['to_see_one'])} would show at least one miss "
                f"with a probability of 95%, were {percent(sample['if_missed_share'])} of them "
                "missed (as many as were found), and the larger number would then give their share "
                "to within about half of itself. Give the result with --nonalert-audit."
            )
    estimated = [
        r for r in results["estimates"] if r["method"] == "begg_greenes" and defined(r["value"])
    ]
    if estimated:
        sentences.append(
            "A random part of them was checked. Where these rates stand below they are estimated "
            "from that part (Begg and Greenes 1983), out of estimated numbers."
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
            who, of = in_words(results["kind"], metric)
            tables.append(_rate_table(f"{metric}: {who}, of {of}", rows))
    small = results["settings"]["small"]
    at = "as the system gave them" if shown is None else f"score {number(shown)} or more"
    sentences = [
        f"Alerts: {at}. {percent(results['settings']['level'])} intervals. A rate that would be 0 "
        "out of 0 is undefined, not 0.",
        f"Rates out of fewer than {small} are marked (few): read their intervals, not their "
        "values.",
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
        (
            title,
            [row for row in _rows(results, metric, first["threshold"]) if row["group"] != "ALL"],
        )
        for metric, title in metrics
    ]
    lines = [
        [
            one["group"] + (" (reference)" if one["is_reference"] else ""),
            *(percent(one[name]) for name in ("prevalence", "fpr", "fnr", "ppv")),
            *(
                "reference" if one["is_reference"] else _gap(one[f"{name}_gap"])
                for name in ("fpr", "fnr", "ppv")
            ),
            percent(one["fpr_by_identity"]),
            percent(one["fpr_if_equal"])
            if one["fpr_if_equal_possible"]
            else "over 100%: no system",
        ]
        for one in first["groups"]
    ]
    head = [
        "Group", "Outcome is true, of all known", "Wrongly flagged, of outcomes that are false",
        "Missed, of outcomes that are true", "Right, of alerts", "Gap in wrongly flagged",
        "Gap in missed", "Gap in right alerts", "Wrongly flagged, by the identity",
        "Wrongly flagged, were right alerts and missed as in the reference",
    ]  # fmt: skip
    sentences = [
        "The two complaints that are made about such systems stand here side by side. One counts "
        "among decisions whose outcome is false: how many of them are wrongly flagged? The other "
        "counts among alerts: how many of them are right? Their denominators differ.",
        "They hang together: the share wrongly flagged is p/(1-p) times (1-PPV)/PPV times (1-FNR), "
        "with p the share whose outcome is true (Chouldechova 2017). Where p differs between "
        "groups, and some alerts are right and some wrong, the share wrongly flagged, the share "
        "missed and the share of right alerts (PPV) cannot all three be equal. Any two of them "
        "can, at the price of the third: equal shares wrongly flagged and equal shares of right "
        "alerts mean unequal shares missed. Which to equalise is a decision, not a measurement. "
        "The last column says what the share wrongly flagged would have to be with "
        f"{'the reference' if results['reference'] else 'everyone'}'s other two.",
    ]
    whole = "" if results["reference"] else " (everyone, the group included)"
    table_ = table(
        f"Gaps to {first['reference']}{whole}, in percentage points, with "
        f"{percent(results['settings']['level'])} intervals",
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
        name = repr(float(entry["base_rate"]))
        ppv = _at(results, f"ppv_at_base_rate_{name}", entry["threshold"])
        per_true = _at(results, f"false_per_true_at_{name}", entry["threshold"])
        line = [
            f"{number(1 / entry['base_rate'], 6)}",
            percent(entry["ppv"]),
            interval(ppv, share=True) if ppv else "",
            number(per_true["value"]) if per_true else "",
            interval(per_true) if per_true else "",
            _rightly(entry),
            _wrongly(entry),
        ]
        if daily:
            line += [number(entry["true_a_day"]), number(entry["false_a_day"])]
        lines.append(line)
    kind = results["kind"]
    head = [words.HEAD[kind], "Alerts that are right", "Interval", "Wrong for each right",
            "Interval", "Right, of 1,000 alerts", "Wrong, of 1,000 alerts"]  # fmt: skip
    if daily:
        head += ["True alerts a day", "False alerts a day"]
    sentences = [
        "How many alerts are right depends on the shares wrongly flagged and missed, which are "
        f"taken here to be the same everywhere, and as much on {words.RARE[kind]}. Where anyone is "
        "wrongly flagged: the rarer, the more wrong alerts there are for each right one."
    ]
    for entry in first:
        if entry["base_rate"] not in (1e-4, 0.01) or entry["of_1000_right"] is None:
            continue
        row = _at(results, f"ppv_at_base_rate_{float(entry['base_rate'])!r}", entry["threshold"])
        known = row is not None and defined(row["low"])
        ends = f" ({interval(row, share=True)} right)" if row is not None and known else ""
        rarity = words.one_in(kind, number(1 / entry["base_rate"], 6))
        sentences.append(
            f"Of 1,000 alerts, {rarity}, "
            f"{_rightly(entry)} would be right and {_wrongly(entry)} wrong{ends}."
        )
    if daily:
        people = number(results["settings"]["people_a_day"])
        sentences.append(f"Alerts a day are for {people} {kind} a day.")
    return Section(
        "At other base rates",
        sentences=sentences,
        tables=[table("The same two error shares at other base rates", head, lines)],
    )


def _rightly(entry: Record) -> str:
    if entry["of_1000_right"] == 0 and entry["ppv"]:
        return "fewer than one"
    return number(entry["of_1000_right"])


def _wrongly(entry: Record) -> str:
    if entry["of_1000_right"] == 0 and entry["ppv"]:
        return "more than 999"
    return number(entry["of_1000_wrong"])


def _rows(results: Record, metric: str, shown: Any) -> list[Record]:
    """Rows of a metric at a threshold, one a group: everything, the first interval."""
    found: dict[str, Record] = {}
    for row in results["estimates"]:
        if (row["metric"], row["subset"], row["threshold"]) == (metric, "all", shown):
            found.setdefault(row["group"], row)
    return list(found.values())


def _at(results: Record, metric: str, shown: Any) -> Record | None:
    return next((row for row in _rows(results, metric, shown) if row["group"] == "ALL"), None)


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
    if not defined(gap["low"]):
        return f"{number(100 * gap['value'])} (no interval)"
    value, low, high = (number(100 * gap[name]) for name in ("value", "low", "high"))
    return f"{value} ({low} to {high})"


def _in_words(metrics: Sequence[str]) -> str:
    """Name rates by whom they count, with their short names behind.

    >>> _in_words(["tpr", "fnr", "for", "selectivity"])
    'rightly flagged (tpr), missed (fnr and for) and selectivity'
    """
    names: dict[str, list[str]] = {}
    for metric in metrics:
        names.setdefault(WORDS[metric][0] if metric in WORDS else "", []).append(metric)
    plain = names.pop("", [])
    return listed([*(f"{who} ({listed(short)})" for who, short in names.items()), *plain])
