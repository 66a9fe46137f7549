"""Checks of the data: what may be wrong with a table before any rate is read from it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from scipy import stats

from veedor.audits.alerts.clusters import ClusterEntry
from veedor.audits.alerts.counting import AlertCounts
from veedor.audits.alerts.statements import ALL
from veedor.audits.alerts.tables.decisions import Decisions
from veedor.audits.alerts.tables.deployments import Deployments
from veedor.audits.alerts.tables.searches import Searches
from veedor.audits.audit import NOTE, SERIOUS, AuditWarning
from veedor.statistics.codes import Argument

_IMPROBABLE = 1e-6
_FEWEST = 20
_LISTED = 5
#: Fewer clusters of equal size than this show little.
_FEW_CLUSTERS = 4


def check_decisions(
    decisions: Decisions, counts: AlertCounts, *, publish: bool = False
) -> list[AuditWarning]:
    """Run every check of a table of decisions.

    Parameters
    ----------
    decisions : Decisions
    counts : AlertCounts
        At the first threshold.
    publish : bool
        Leave out what may hold small numbers.
    """
    found = []
    if "decided_at" in decisions.headers:
        found += _outcome_by_time(decisions)
        found += _changes(decisions, "threshold", "thresholds_changed")
        found += _changes(decisions, "system_version", "versions_changed")
    else:
        found += _several(decisions, "threshold", "several_thresholds")
        found += _several(decisions, "system_version", "several_versions")
    found += _people(decisions)
    found += _verification(counts)
    found += _flags_against_scores(decisions)
    if not publish:
        found += _causes(decisions)
    return found


def _outcome_by_time(decisions: Decisions) -> list[AuditWarning]:
    """Look at both ends of the record for months in which every outcome is the same."""
    rows = decisions.source.database.rows(
        "SELECT day, count_if(outcome = 1), count_if(outcome = 0), count(*) FROM decisions "
        "WHERE day IS NOT NULL GROUP BY day ORDER BY day"
    )
    days = [row[0] for row in rows]
    true, false, whole = (np.array([row[n] for row in rows], dtype=np.int64) for n in (1, 2, 3))
    found = []
    for end in ("last", "first"):
        step = -1 if end == "last" else 1
        for word, same, other in (("true", true, false), ("false", false, true)):
            run = _run_without(other[::step])
            days_in = days[::step][:run]
            number = int(same[::step][:run].sum())
            rest_same = int(same.sum()) - number
            rest = rest_same + int(other.sum())
            if number < _FEWEST or rest < _FEWEST:
                continue
            chance = (rest_same + 1.0) / (rest + 2.0)
            if number * np.log(chance) > np.log(_IMPROBABLE):
                continue
            first, final = sorted((days_in[0], days_in[-1]))
            found.append(AuditWarning(_ONE_OUTCOME[end, word], {
                "from": str(first), "to": str(final), "decisions": number,
                "elsewhere": rest_same, "elsewhere_of": rest,
            }))  # fmt: skip
    return found + _unknown_by_time(days, whole - true - false, whole)


#: Days of one outcome, by the end of the record and by the outcome.
_ONE_OUTCOME = {
    ("last", "true"): "last_outcomes_true",
    ("last", "false"): "last_outcomes_false",
    ("first", "true"): "first_outcomes_true",
    ("first", "false"): "first_outcomes_false",
}


def _run_without(other: np.ndarray[Any, Any]) -> int:
    """Days from the end in which the other outcome does not come."""
    there = np.flatnonzero(other)
    return int(there[0]) if len(there) else 0


def _unknown_by_time(days: list[Any], unknown: Any, whole: Any) -> list[AuditWarning]:
    """Compare the share of unknown outcomes between the halves of the record."""
    half = int(np.searchsorted(np.cumsum(whole), whole.sum() / 2.0)) + 1
    x = np.array([unknown[:half].sum(), unknown[half:].sum()])
    n = np.array([whole[:half].sum(), whole[half:].sum()])
    if n.min() == 0 or x.sum() in (0, n.sum()):
        return []
    p_value = float(stats.chi2_contingency([x, n - x], correction=False)[1])
    if p_value > _IMPROBABLE:
        return []
    return [AuditWarning("unknown_by_time", {
        "until": str(days[half - 1]), "before": int(x[0]), "before_of": int(n[0]),
        "after": int(x[1]), "after_of": int(n[1]), "p_value": p_value,
    })]  # fmt: skip


def _changes(decisions: Decisions, column: str, code: str) -> list[AuditWarning]:
    if column not in decisions.headers:
        return []
    rows = decisions.source.database.rows(
        f"SELECT {column}::VARCHAR, min(day), max(day), count(*) FROM decisions "
        f"WHERE {column} IS NOT NULL GROUP BY ALL ORDER BY 2, 1"
    )
    if len(rows) < 2:
        return []
    values = "; ".join(f"{value} {first}/{last} ({n})" for value, first, last, n in rows[:_LISTED])
    more = "; ..." if len(rows) > _LISTED else ""
    return [AuditWarning(code, {"count": len(rows), "values": values + more})]


def _several(decisions: Decisions, column: str, code: str) -> list[AuditWarning]:
    if column not in decisions.headers:
        return []
    number = int(
        decisions.source.database.rows(f"SELECT count(DISTINCT {column}) FROM decisions")[0][0]
    )
    if number < 2:
        return []
    return [AuditWarning(code, {"count": number})]


def _people(decisions: Decisions) -> list[AuditWarning]:
    if "subject_key" not in decisions.headers:
        return []
    rows, people, most = decisions.source.database.rows(
        "SELECT sum(n), count(*), max(n) FROM (SELECT count(*) AS n FROM decisions "
        "WHERE subject_key IS NOT NULL GROUP BY subject_key)"
    )[0]
    if not people or rows == people:
        return []
    said: dict[str, Argument] = {"decisions": int(rows), "people": int(people), "most": int(most)}
    return [AuditWarning("repeated_people", said, NOTE)]


def _verification(counts: AlertCounts) -> list[AuditWarning]:
    """Tell how many outcomes are unknown, with and without an alert."""
    tp, fp, fn, tn, alert_unknown, quiet_unknown = (int(n) for n in counts.cells[0])
    if alert_unknown + quiet_unknown == 0:
        return []
    alerts, quiet = tp + fp + alert_unknown, fn + tn + quiet_unknown
    if not quiet:
        only: dict[str, Argument] = {"alerts": alerts, "alerts_unknown": alert_unknown}
        return [AuditWarning("unknown_outcomes_of_alerts", only, NOTE)]
    said: dict[str, Argument] = {
        "alerts": alerts, "alerts_unknown": alert_unknown, "quiet": quiet,
        "quiet_unknown": quiet_unknown,
    }  # fmt: skip
    return [AuditWarning("unknown_outcomes", said, SERIOUS if quiet_unknown else NOTE)]


def _flags_against_scores(decisions: Decisions) -> list[AuditWarning]:
    """Compare what was flagged with what its own score and threshold say."""
    if not {"flagged", "score", "threshold"} <= set(decisions.headers):
        return []
    rows, against = decisions.source.database.rows(
        "SELECT count(*), count_if((flagged = 1) <> (score >= threshold)) FROM decisions "
        "WHERE score IS NOT NULL AND threshold IS NOT NULL AND flagged < 2"
    )[0]
    if not against:
        return []
    return [AuditWarning("flags_against_scores", {"against": int(against), "of": int(rows)})]


def _causes(decisions: Decisions) -> list[AuditWarning]:
    """Tell what false alerts were put down to, where the table says."""
    if "error_cause" not in decisions.headers:
        return []
    rows = decisions.source.database.rows(
        "SELECT coalesce(error_cause, 'not stated'), count(*) FROM decisions "
        f"WHERE {decisions.alert(None)} AND outcome = 0 GROUP BY 1 ORDER BY 2 DESC, 1"
    )
    if not rows:
        return []
    total = sum(row[1] for row in rows)
    causes = "; ".join(f"{cause}: {number}" for cause, number in rows[:10])
    return [AuditWarning("error_causes", {"of": int(total), "causes": causes}, NOTE)]


#: Rates of which clusters are checked.
_UNEVEN = {
    "ppv": "uneven_clusters_of_alerts",
    "fpir": "uneven_clusters_of_wrong_alerts",
    "fnir_rank1": "uneven_clusters_of_misses",
}


def check_clusters(entries: Sequence[ClusterEntry], metrics: Sequence[str]) -> list[AuditWarning]:
    """Tell where a few clusters hold most of what a rate is out of.

    Parameters
    ----------
    entries : sequence of ClusterEntry
    metrics : sequence of str
        The rates that are looked at.
    """
    found = []
    for entry in entries:
        mine = entry.metric in metrics and entry.group == ALL and entry.subset == "all"
        worth = entry.effective_clusters
        if not mine or entry.clusters < _FEW_CLUSTERS or worth is None or worth >= _FEW_CLUSTERS:
            continue
        found.append(AuditWarning(_UNEVEN[entry.metric], {
            "rows": entry.rows, "clusters": entry.clusters, "cluster": entry.cluster,
            "worth": worth,
        }))  # fmt: skip
    return found


def check_searches(searches: Searches) -> list[AuditWarning]:
    """Run every check of searches and candidates."""
    found = []
    if searches.ignored_candidates:
        said: dict[str, Argument] = {"candidates": searches.ignored_candidates}
        found.append(AuditWarning("candidates_without_sample", said))
    if searches.uneven_ranks:
        said = {"searches": searches.uneven_ranks, "of": len(searches)}
        found.append(AuditWarning("uneven_ranks", said))
    if searches.ranked_against_score:
        said = {"searches": searches.ranked_against_score, "of": len(searches)}
        found.append(AuditWarning("ranked_against_score", said))
    if searches.subject is not None:
        people = len(np.unique(searches.subject))
        if people < len(searches):
            said = {"searches": len(searches), "people": people}
            found.append(AuditWarning("repeated_searches", said, NOTE))
    return found


def check_deployments(deployments: Deployments, *, publish: bool = False) -> list[AuditWarning]:
    """Run every check of published counts.

    Parameters
    ----------
    deployments : Deployments
    publish : bool
        Leave out counts that may be small.
    """
    found = []
    names = deployments.groups[1:]
    traffic = deployments.counts.get("transactions")
    if names and (traffic is None or not np.isfinite(traffic[1:]).all()):
        said: dict[str, Argument] = {"groups": ", ".join(names)}
        if not publish:
            false = deployments.total("false_alerts")
            said["false_alerts"] = "; ".join(
                f"{name}: {int(number)}"
                for name, number in zip(deployments.groups, false, strict=True)
                if np.isfinite(number)
            )
        code = "groups_without_traffic" if publish else "false_alerts_without_traffic"
        found.append(AuditWarning(code, said))
    for values, code in (
        (deployments.thresholds, "thresholds_of_deployments"),
        (deployments.versions, "versions_of_deployments"),
    ):
        different = {value for value in values if value is not None}
        if len(different) > 1:
            said = {"count": len(different), "deployments": len(deployments.ids)}
            found.append(AuditWarning(code, said))
    unresolved = deployments.total("unresolved_alerts")[0]
    if np.isfinite(unresolved) and unresolved > 0:
        said = {"unresolved": int(unresolved), "alerts": int(deployments.total("alerts")[0])}
        found.append(AuditWarning("unresolved_alerts", said, NOTE))
    if traffic is None:
        found.append(AuditWarning("no_transactions", {}))
    if deployments.cameras_without_hours:
        found.append(AuditWarning("cameras_without_hours", {}, NOTE))
    return found
