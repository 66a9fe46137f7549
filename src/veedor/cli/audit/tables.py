"""The short tables that audits print."""

from __future__ import annotations

from typing import Any

from veedor.cli.console import Rows

_SHOWN = {
    "decisions": ("alert_rate", "fpr", "fnr", "ppv"),
    "searches": ("fpir", "fnir_rank1"),
    "deployments": ("ppv", "false_alerts_per_transaction"),
}


def alerts_table(results: dict[str, Any]) -> Rows:
    """Show the first rates of each group with their counts and intervals.

    Parameters
    ----------
    results : dict
        Of `AlertAudit`.
    """
    table = Rows(
        title=f"Alerts: {results['rows']:,} {results['kind']} read",
        caption=f"{results['settings']['level']:.0%} intervals. All rates are in estimates.csv.",
        ruled=False,
    )
    for name in ("Threshold", "Group", "Rate"):
        table.add_column(name)
    for name in ("Value", "Interval", "Out of"):
        table.add_column(name, justify="right")
    for row in results["estimates"]:
        if row["subset"] != "all" or row["metric"] not in _SHOWN[results["kind"]]:
            continue
        value = "undefined" if row["value"] is None else f"{row['value']:.4f}"
        ends = "" if row["low"] is None else f"{row['low']:.4f} to {row['high']:.4f}"
        of = "" if row["denominator"] is None else f"{row['denominator']:,.0f}"
        at = "" if row["threshold"] is None else f"{row['threshold']:g}"
        table.add_row(at, row["group"], row["metric"], value, ends, of)
    return table
