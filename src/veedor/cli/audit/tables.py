"""The short tables that audits print."""

from __future__ import annotations

from veedor.audits.alerts import AlertAudit
from veedor.cli.console import Rows

_SHOWN = {
    "decisions": ("alert_rate", "fpr", "fnr", "ppv"),
    "searches": ("fpir", "fnir_rank1"),
    "deployments": ("ppv", "false_alerts_per_transaction"),
}


def alerts_table(audit: AlertAudit) -> Rows:
    """Show the first rates of each group with their counts and intervals.

    Parameters
    ----------
    audit : AlertAudit
    """
    table = Rows(
        title=f"Alerts: {audit.rows:,} {audit.kind} read",
        caption=f"{audit.settings.level:.0%} intervals. All rates are in estimates.csv.",
        ruled=False,
    )
    for name in ("Threshold", "Group", "Rate"):
        table.add_column(name)
    for name in ("Value", "Interval", "Out of"):
        table.add_column(name, justify="right")
    for one in audit.statements:
        subject, made = one.subject, one.estimate
        if subject.subset != "all" or one.statistic not in _SHOWN[audit.kind]:
            continue
        value = "undefined" if made.value is None else f"{made.value:.4f}"
        ends = ""
        if made.low is not None and made.high is not None:
            ends = f"{made.low:.4f} to {made.high:.4f}"
        of = "" if one.out_of is None else f"{one.out_of:,.0f}"
        at = "" if subject.threshold is None else f"{subject.threshold:g}"
        table.add_row(at, subject.group, one.statistic, value, ends, of)
    return table
