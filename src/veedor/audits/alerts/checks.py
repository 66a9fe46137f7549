"""Checks of the data: what may be wrong with a table before any rate is read from it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
from scipy import stats

from veedor.audits.alerts.counting import AlertCounts
from veedor.audits.alerts.tables.decisions import Decisions
from veedor.audits.alerts.tables.deployments import Deployments
from veedor.audits.alerts.tables.searches import Searches

SERIOUS, NOTE = "serious", "note"
_IMPROBABLE = 1e-6
_FEWEST = 20
_LISTED = 5
#: Rates of which clusters are checked, in words.
_SHARES = {
    "ppv": "The share of right alerts",
    "fpir": "The share of searches that wrongly raised an alert",
    "fnir_rank1": "The share of searches that missed at rank 1",
}
#: Fewer clusters of equal size than this show little.
_FEW_CLUSTERS = 4


@dataclass(frozen=True)
class Finding:
    """What a check found.

    Parameters
    ----------
    check : str
        Its name.
    severity : str
        ``serious`` or ``note``.
    text : str
        In words, with its numbers.
    numbers : dict
        The same numbers.
    """

    check: str
    severity: str
    text: str
    numbers: dict[str, Any]

    def to_dict(self) -> dict[str, Any]:
        """Return the fields, JSON-ready."""
        return asdict(self)


def check_decisions(
    decisions: Decisions, counts: AlertCounts, *, publish: bool = False
) -> list[Finding]:
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
        found += _changes(decisions, "threshold", "threshold")
        found += _changes(decisions, "system_version", "system version")
    else:
        found += _several(decisions, "threshold", "threshold")
        found += _several(decisions, "system_version", "system version")
    found += _people(decisions)
    found += _verification(counts)
    found += _flags_against_scores(decisions)
    if not publish:
        found += _causes(decisions)
    return found


def _outcome_by_time(decisions: Decisions) -> list[Finding]:
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
            found.append(Finding(
                "outcome_by_time", SERIOUS,
                f"All {number:,} decisions with a known outcome from {first} to {final} have the "
                f"outcome {word}; of the other days' {rest:,}, {rest_same:,} have. Outcomes are "
                f"not missing at random by time. {_MAY[end, word]} The table cannot tell which: "
                "leave these days out, or find out how the table was made.",
                {"from": str(first), "to": str(final), "outcome": word, "decisions": number,
                 "elsewhere": rest_same, "elsewhere_of": rest},
            ))  # fmt: skip
    return found + _unknown_by_time(days, whole - true - false, whole)


_KEPT = "people were kept in the table because of their outcome"
#: What may be behind days of one outcome, by the end of the record and by the outcome.
_MAY = {
    ("last", "true"): "Others' outcomes may not have been known yet when the table was made and "
    f"may be left out of it, or {_KEPT}.",
    ("last", "false"): "Outcomes may not have been known yet when the table was made and may be "
    f"written as false, or {_KEPT}.",
    ("first", "true"): f"Recording may have begun with such cases, or {_KEPT}.",
    ("first", "false"): "The outcome may not have been recorded yet and may be written as false, "
    f"or {_KEPT}.",
}


def _run_without(other: np.ndarray[Any, Any]) -> int:
    """Days from the end in which the other outcome does not come."""
    there = np.flatnonzero(other)
    return int(there[0]) if len(there) else 0


def _unknown_by_time(days: list[Any], unknown: Any, whole: Any) -> list[Finding]:
    """Compare the share of unknown outcomes between the halves of the record."""
    half = int(np.searchsorted(np.cumsum(whole), whole.sum() / 2.0)) + 1
    x = np.array([unknown[:half].sum(), unknown[half:].sum()])
    n = np.array([whole[:half].sum(), whole[half:].sum()])
    if n.min() == 0 or x.sum() in (0, n.sum()):
        return []
    p_value = float(stats.chi2_contingency([x, n - x], correction=False)[1])
    if p_value > _IMPROBABLE:
        return []
    return [Finding(
        "unknown_by_time", SERIOUS,
        f"Until {days[half - 1]} the outcome of {x[0]:,} of {n[0]:,} decisions is unknown, later "
        f"of {x[1]:,} of {n[1]:,}. Rates over time compare what was checked, not only what was "
        "decided.",
        {"until": str(days[half - 1]), "unknown": x.tolist(), "of": n.tolist(),
         "p_value": p_value},
    )]  # fmt: skip


def _changes(decisions: Decisions, column: str, words: str) -> list[Finding]:
    if column not in decisions.headers:
        return []
    rows = decisions.source.database.rows(
        f"SELECT {column}::VARCHAR, min(day), max(day), count(*) FROM decisions "
        f"WHERE {column} IS NOT NULL GROUP BY ALL ORDER BY 2, 1"
    )
    if len(rows) < 2:
        return []
    told = "; ".join(
        f"{value} from {first} to {last} ({n:,})" for value, first, last, n in rows[:_LISTED]
    )
    return [Finding(
        f"changed_{column}", SERIOUS,
        f"There are {len(rows)} values of the {words}: {told}"
        f"{' and others' if len(rows) > _LISTED else ''}. A rate over all of them is of a mixture "
        "of systems: audit each by itself.",
        {"values": [str(row[0]) for row in rows[:100]], "count": len(rows)},
    )]  # fmt: skip


def _several(decisions: Decisions, column: str, words: str) -> list[Finding]:
    if column not in decisions.headers:
        return []
    number = int(
        decisions.source.database.rows(f"SELECT count(DISTINCT {column}) FROM decisions")[0][0]
    )
    if number < 2:
        return []
    return [Finding(
        f"changed_{column}", SERIOUS,
        f"There are {number:,} values of the {words}, and no times to tell when each was used. A "
        "rate over all of them is of a mixture of systems.", {"count": number},
    )]  # fmt: skip


def _people(decisions: Decisions) -> list[Finding]:
    if "subject_key" not in decisions.headers:
        return []
    rows, people, most = decisions.source.database.rows(
        "SELECT sum(n), count(*), max(n) FROM (SELECT count(*) AS n FROM decisions "
        "WHERE subject_key IS NOT NULL GROUP BY subject_key)"
    )[0]
    if not people or rows == people:
        return []
    return [Finding(
        "repeated_people", NOTE,
        f"{rows:,} decisions are about {people:,} people, at most {most:,} about one. Intervals of "
        "rates allow for it.",
        {"decisions": int(rows), "people": int(people), "most": int(most)},
    )]  # fmt: skip


def _verification(counts: AlertCounts) -> list[Finding]:
    """Tell how many outcomes are unknown, with and without an alert."""
    tp, fp, fn, tn, alert_unknown, quiet_unknown = (int(n) for n in counts.cells[0])
    if alert_unknown + quiet_unknown == 0:
        return []
    alerts, quiet = tp + fp + alert_unknown, fn + tn + quiet_unknown
    return [Finding(
        "unknown_outcomes", SERIOUS if quiet_unknown else NOTE,
        f"The outcome of {alert_unknown:,} of {alerts:,} alerts and of {quiet_unknown:,} of "
        f"{quiet:,} decisions without an alert is unknown.",
        {"alerts": alerts, "alerts_unknown": alert_unknown, "quiet": quiet,
         "quiet_unknown": quiet_unknown},
    )]  # fmt: skip


def _flags_against_scores(decisions: Decisions) -> list[Finding]:
    """Compare what was flagged with what its own score and threshold say."""
    if not {"flagged", "score", "threshold"} <= set(decisions.headers):
        return []
    rows, against = decisions.source.database.rows(
        "SELECT count(*), count_if((flagged = 1) <> (score >= threshold)) FROM decisions "
        "WHERE score IS NOT NULL AND threshold IS NOT NULL AND flagged < 2"
    )[0]
    if not against:
        return []
    return [Finding(
        "flags_against_scores", SERIOUS,
        f"{against:,} of {rows:,} decisions are flagged although their score is below the "
        "threshold, or the other way round. Somebody or another rule may decide too, or a low "
        "score may be what raises an alert.",
        {"against": int(against), "of": int(rows)},
    )]  # fmt: skip


def _causes(decisions: Decisions) -> list[Finding]:
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
    told = "; ".join(f"{cause}: {number:,}" for cause, number in rows[:10])
    return [Finding(
        "error_causes", NOTE,
        f"Of {total:,} false alerts, by stated cause: {told}. An alert on a person whom a list "
        "should not have held is an error of the system too, though the match was right.",
        {"causes": {str(cause): int(number) for cause, number in rows[:50]}, "of": int(total)},
    )]  # fmt: skip


def check_clusters(entries: Sequence[Mapping[str, Any]], metrics: Sequence[str]) -> list[Finding]:
    """Tell where a few clusters hold most of what a rate is out of.

    Parameters
    ----------
    entries : sequence of dict
        Of ``clusters`` in the results.
    metrics : sequence of str
        The rates that are looked at.
    """
    found = []
    for entry in entries:
        mine = entry["metric"] in metrics and entry["group"] == "ALL"
        if not mine or entry.get("subset", "all") != "all" or entry["clusters"] < _FEW_CLUSTERS:
            continue
        worth = entry["effective_clusters"]
        if worth is None or worth >= _FEW_CLUSTERS:
            continue
        found.append(Finding(
            "uneven_clusters", SERIOUS,
            f"{_SHARES[entry['metric']]} ({entry['metric']}) is out of {entry['rows']:,}, in "
            f"{entry['clusters']:,} clusters by {entry['cluster']}, and a few of these hold most "
            f"of them: they are worth {worth:.1f} of equal size. The interval over all is wide "
            "because so few show how others would differ. Look at the largest and at the rest by "
            "themselves.",
            {name: entry[name] for name in ("metric", "rows", "clusters", "effective_clusters")},
        ))  # fmt: skip
    return found


def check_searches(searches: Searches) -> list[Finding]:
    """Run every check of searches and candidates."""
    found = []
    if searches.ignored_candidates:
        found.append(Finding(
            "candidates_without_sample", SERIOUS,
            f"{searches.ignored_candidates:,} candidates belong to searches in which nothing was "
            "acquired. They are not counted.", {"candidates": searches.ignored_candidates},
        ))  # fmt: skip
    if searches.uneven_ranks:
        found.append(Finding(
            "uneven_ranks", SERIOUS,
            f"In {searches.uneven_ranks:,} of {len(searches):,} searches the ranks of the "
            "candidates do not run from 1 without a gap or a repeat: rows may be missing or come "
            "twice. FNIR goes by these ranks, and selectivity by the rows.",
            {"searches": searches.uneven_ranks, "of": len(searches)},
        ))  # fmt: skip
    if searches.ranked_against_score:
        found.append(Finding(
            "ranked_against_score", SERIOUS,
            f"In {searches.ranked_against_score:,} of {len(searches):,} searches the candidate of "
            "the lowest rank does not have the highest score. An alert is a score at or above the "
            "threshold: where scores are distances, of which the smallest is the best, turn their "
            "sign.", {"searches": searches.ranked_against_score, "of": len(searches)},
        ))  # fmt: skip
    if searches.subject is not None:
        people = len(np.unique(searches.subject))
        if people < len(searches):
            found.append(Finding(
                "repeated_people", NOTE,
                f"{len(searches):,} searches are of {people:,} people. Intervals of rates allow "
                "for it.", {"searches": len(searches), "people": people},
            ))  # fmt: skip
    return found


def check_deployments(deployments: Deployments, *, publish: bool = False) -> list[Finding]:
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
        false = deployments.total("false_alerts")
        parts = ", ".join(
            f"{int(number):,} of group {name}"
            for name, number in zip(names, false[1:], strict=True)
            if np.isfinite(number)
        )
        whole = f" of {int(false[0]):,}" if np.isfinite(false[0]) else ""
        told = "" if publish else f" ({parts}{whole})"
        found.append(Finding(
            "groups_without_traffic", SERIOUS,
            f"False alerts by group are given{told} without how many of each group "
            "passed. That is a composition, not a rate: it says nothing on whom the system is "
            "wrong about more often. Ask for transactions by group.",
            {"groups": list(names)},
        ))  # fmt: skip
    for values, words in ((deployments.thresholds, "threshold"), (deployments.versions, "version")):
        different = {value for value in values if value is not None}
        if len(different) > 1:
            found.append(Finding(
                f"changed_{words}", SERIOUS,
                f"{len(different)} values of the {words} were used over {len(deployments.ids)} "
                "deployments. A rate over all of them is of a mixture of systems.",
                {"count": len(different)},
            ))  # fmt: skip
    unresolved = deployments.total("unresolved_alerts")[0]
    if np.isfinite(unresolved) and unresolved > 0:
        found.append(Finding(
            "unresolved_alerts", NOTE,
            f"{int(unresolved):,} of {int(deployments.total('alerts')[0]):,} alerts were never "
            "resolved; bounds are given for all of them right and all of them wrong.",
            {"unresolved": int(unresolved)},
        ))  # fmt: skip
    if traffic is None:
        found.append(Finding(
            "no_transactions", SERIOUS,
            "How many people passed the system is not given: nothing can be said per person "
            "checked, only per alert.", {},
        ))  # fmt: skip
    return found
