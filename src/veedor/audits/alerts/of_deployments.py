"""The audit of counts that police publish: only alerts were checked, and seldom all of them."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from veedor.arrays import Floats
from veedor.audits.alerts.checks import check_clusters, check_deployments
from veedor.audits.alerts.clusters import cluster_entries
from veedor.audits.alerts.comparisons import compared_together, comparison_statements
from veedor.audits.alerts.over_time import WatchedRate, watched_series
from veedor.audits.alerts.part import Part
from veedor.audits.alerts.partial import unresolved_bounds
from veedor.audits.alerts.rates import Proportions, rate_statements
from veedor.audits.alerts.settings import Settings
from veedor.audits.alerts.statements import ALL, state, states
from veedor.audits.alerts.tables.deployments import Deployments
from veedor.audits.audit import Statement
from veedor.statistics.clusters import linearised, per_exposure
from veedor.statistics.codes import Finding, Method

REFUSED = ("tpr", "fnr", "fpr", "tnr", "npv", "for", "accuracy", "prevalence", "fn", "tn")
#: Error rates that are compared between groups.
ERRORS = ("false_alerts_per_transaction", "fdr")
_TABLE = "deployments"
#: Rate -> (counted, out of).
RATES = {
    "ppv": ("true_alerts", "resolved"),
    "fdr": ("false_alerts", "resolved"),
    "alert_rate": ("alerts", "transactions"),
    "false_alerts_per_transaction": ("false_alerts", "transactions"),
    "true_alerts_per_transaction": ("true_alerts", "transactions"),
    "stops_per_false_alert": ("stops_after_false_alert", "false_alerts"),
    "engagements_per_alert": ("engagements", "alerts"),
}

#: Alerts by the time that was watched -> (counted, exposure).
PER_TIME = {
    "alerts_per_hour": ("alerts", "hours"),
    "false_alerts_per_hour": ("false_alerts", "hours"),
    "alerts_per_camera_hour": ("alerts", "camera_hours"),
    "false_alerts_per_camera_hour": ("false_alerts", "camera_hours"),
}


def audit_deployments(deployments: Deployments, settings: Settings) -> Part:
    """Audit published counts: all deployments, the first, and those after it.

    Trials, launches and tests often come first and weigh most; so the rates of the first
    deployment and of the others stand beside those of all.
    """
    reference = settings.compared_with(deployments.groups[1:])
    part = Part("deployments", len(deployments.ids), deployments.groups, reference)
    part.warnings += check_deployments(deployments, publish=settings.publish)
    thresholds = {t for t in deployments.thresholds if t is not None}
    one = None not in deployments.thresholds and len(thresholds) == 1
    shown = thresholds.pop() if one else None
    rates = deployment_rates(deployments, reference=reference)
    part.rates[shown] = rates
    part.statements += _count_rows(shown, deployments)
    subsets = {"all": rates}
    if len(deployments.ids) > 2:
        subsets["first"] = deployment_rates(deployments, slice(1))
        subsets["after_first"] = deployment_rates(deployments, slice(1, None))
    for subset, held in subsets.items():
        _rate_statements(part, subset, shown, held, deployments.cluster, settings)
    part.statements += _per_time(shown, deployments, settings.level)
    part.statements += _bounds(shown, deployments)
    part.statements += [
        state("all", shown, g, n, None, table=_TABLE) for n in REFUSED for g in deployments.groups
    ]
    part.refuse([n for n in REFUSED if n not in ("fn", "tn")], Finding("nobody_checked_the_others"))
    if reference:
        errors = [rates[n] for n in ERRORS if n in rates]
        part.compared = compared_together(errors, reference, settings.level)
        part.statements += comparison_statements(
            "all", shown, list(rates.values()), reference, settings.level, table=_TABLE
        )
    part.monitoring = _watched(deployments, settings)
    part.warnings += check_clusters(part.clusters, ("ppv",))
    return part


def deployment_rates(
    deployments: Deployments, chosen: slice = slice(None), reference: str | None = None
) -> dict[str, Proportions]:
    """Return every rate of `RATES` whose counts are given, of every group.

    Alerts of one evening are not independent: where there is more than one deployment, intervals
    allow for that.

    Parameters
    ----------
    deployments : Deployments
    chosen : slice
        Of the deployments, in their order.
    reference : str, optional
        Group that the others are compared with.
    """
    found = {}
    base = deployments.groups.index(reference) if reference else 0
    for name, (above, below) in RATES.items():
        events, trials = (part[:, chosen] for part in _both(deployments, above, below))
        known = np.isfinite(events.sum(axis=1)) & np.isfinite(trials.sum(axis=1))
        if not known.any():
            continue
        x, n = (np.where(known[:, None], part, 0.0) for part in (events, trials))
        rate = Proportions(name, deployments.groups, x.sum(axis=1), n.sum(axis=1))
        if x.shape[1] > 1:
            rate = rate.with_clusters(linearised(x, n, base), deployments.cluster)
        found[name] = rate
    return found


def _both(deployments: Deployments, above: str, below: str) -> tuple[Floats, Floats]:
    counts = deployments.counts
    missing = np.full((len(deployments.groups), len(deployments.ids)), np.nan)
    trials = (
        counts["true_alerts"] + counts["false_alerts"]
        if below == "resolved"
        else counts.get(below, missing)
    )
    return counts.get(above, missing), trials


def _count_rows(shown: float | None, deployments: Deployments) -> list[Statement]:
    """Rows of `n` (people who passed), `tp`, `fp` and every count that is given."""
    made = []
    whole = deployments.total("transactions")
    names = {"n": "transactions", "tp": "true_alerts", "fp": "false_alerts"}
    names |= {name: name for name in deployments.counts if name != "watchlist_size"}
    for metric, name in names.items():
        total = deployments.total(name)
        below = whole if np.isfinite(whole).any() else deployments.total("alerts")
        for group, number, out_of in zip(deployments.groups, total, below, strict=True):
            made.append(state("all", shown, group, metric, number, number, out_of, table=_TABLE))
    many = float(len(deployments.ids))
    made.append(state("all", shown, ALL, "deployments", many, table=_TABLE))
    return made


def _rate_statements(
    part: Part,
    subset: str,
    shown: float | None,
    rates: dict[str, Proportions],
    cluster: str,
    settings: Settings,
) -> None:
    method, level = settings.interval, settings.level
    for name, rate in rates.items():
        part.statements += rate_statements(subset, shown, {name: rate}, method, level, table=_TABLE)
        if name == "ppv":
            part.statements += _false_per_true(subset, shown, rate, method, level)
        if rate.clustered is not None:
            part.clusters += cluster_entries(
                [(name, rate.clustered)], rate.groups, cluster, shown, subset
            )


def _per_time(shown: float | None, deployments: Deployments, level: float) -> list[Statement]:
    """Rows of alerts by hour, and by camera and hour, over the deployments that say both."""
    made = []
    for name, (above, below) in PER_TIME.items():
        if below not in deployments.exposures:
            continue
        events, watched = deployments.counts[above], deployments.exposures[below]
        known = np.isfinite(events) & np.isfinite(watched)
        x, t = (np.where(known, part, 0.0) for part in (events, watched))
        (low, high), over = per_exposure(x, t, level)
        total, whole = x.sum(axis=1), t.sum(axis=1)
        with np.errstate(invalid="ignore", divide="ignore"):
            value = np.where(whole > 0.0, total / whole, np.nan)
        of_many = Method("garwood_over_clusters", {"cluster": deployments.cluster})
        methods = [of_many if one else Method("garwood") for one in over]
        made += states(
            "all", shown, deployments.groups, name, value, total, whole, low, high, methods,
            level=level, table=_TABLE,
        )  # fmt: skip
    return made


def _false_per_true(
    subset: str, shown: float | None, ppv: Proportions, method: str, level: float
) -> list[Statement]:
    """Rows of `false_per_true`: (1 - PPV) / PPV, and so for the ends of its interval."""
    low, high = ppv.interval(method, level)
    wrong = ppv.trials - ppv.events
    with np.errstate(divide="ignore", invalid="ignore"):
        value = np.where(ppv.events > 0.0, wrong / ppv.events, np.nan)
        least, most = (1.0 - high) / high, np.where(low > 0.0, (1.0 - low) / low, np.inf)
    return states(
        subset, shown, ppv.groups, "false_per_true", value, wrong, ppv.events, least, most,
        ppv.method(method), level=level, table=_TABLE,
    )  # fmt: skip


def _bounds(shown: float | None, deployments: Deployments) -> list[Statement]:
    """Rows of PPV with unresolved alerts all wrong and all right."""
    made = []
    true, false, unresolved = (
        deployments.total(name) for name in ("true_alerts", "false_alerts", "unresolved_alerts")
    )
    for number, group in enumerate(deployments.groups):
        if not np.isfinite(unresolved[number]) or unresolved[number] <= 0:
            continue
        right, rest = int(true[number]), int(unresolved[number])
        low, high = unresolved_bounds(right, int(false[number]), rest)
        alerts = right + int(false[number]) + rest
        for name, value, events in (
            ("ppv_if_unresolved_false", low, right), ("ppv_if_unresolved_true", high, right + rest),
        ):  # fmt: skip
            made.append(state(
                "all", shown, group, name, value, events, alerts, None, None, Method("bound"),
                table=_TABLE,
            ))  # fmt: skip
    return made


def _watched(deployments: Deployments, settings: Settings) -> list[WatchedRate]:
    found: list[WatchedRate] = []
    for name in ("fdr", "false_alerts_per_transaction"):
        events, trials = _both(deployments, *RATES[name])
        known = np.isfinite(events) & np.isfinite(trials)
        series = {
            group: (np.where(known, events, 0.0)[n], np.where(known, trials, 0.0)[n])
            for n, group in enumerate(deployments.groups)
        }
        found += watched_series(name, _names(deployments), "deployment", series, settings)
    return found


def _names(deployments: Deployments) -> Sequence[str]:
    """Name deployments by their id and, where there is one, their date."""
    return [
        one if date is None else f"{one} ({date})"
        for one, date in zip(deployments.ids, deployments.dates, strict=True)
    ]
