"""Claims put beside the counts of an audit."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

from veedor.audits.alerts.claims import NOT_ENOUGH, judge
from veedor.audits.alerts.rates import RATES, Proportions
from veedor.audits.alerts.results import Part
from veedor.audits.alerts.tables.small import Claim
from veedor.errors import DataError
from veedor.tables.escape import shown

_PER_PERSON = ("transaction", "face", "person", "people", "passer", "scan", "search")
_FALSE_ALERTS = ("fpr", "fpir", "false_alert_rate", "false_alerts", "false_positive_rate")
WORDS = {
    "fpir": (
        "searches that wrongly raised an alert",
        "searches of people who are not in the gallery",
    ),
    "fnir_rank1": ("missed at rank 1", "searches of people who are in the gallery"),
    "fnir_rank5": ("missed among the first five", "searches of people who are in the gallery"),
    "fta_rate": ("searches without a usable sample", "searches"),
    "false_alerts_per_transaction": ("wrongly flagged", "people who passed"),
    "true_alerts_per_transaction": ("rightly flagged", "people who passed"),
    "stops_per_false_alert": ("followed by a stop", "false alerts"),
    "engagements_per_alert": ("followed by an engagement", "alerts"),
    **{name: (rate.who, rate.denominator) for name, rate in RATES.items()},
}


def in_words(kind: str, metric: str) -> tuple[str, str]:
    """Say whom a rate counts, and out of whom; of published counts, people who passed.

    Parameters
    ----------
    kind : str
        ``decisions``, ``searches`` or ``deployments``.
    metric : str

    Examples
    --------
    >>> in_words("deployments", "alert_rate"), in_words("decisions", "alert_rate")
    (('alerts', 'people who passed'), ('alerts', 'decisions'))
    """
    who, of = WORDS[metric]
    if kind == "deployments" and metric == "alert_rate":
        of = "people who passed"
    return who, of


def judge_claims(
    part: Part, claims: Sequence[Claim], interval: str = "wilson", level: float = 0.95
) -> list[dict[str, Any]]:
    """Judge every claim by the counts of an audit.

    Parameters
    ----------
    part : Part
    claims : sequence of Claim
    interval : str
        As of the rates in the tables, which a claim's rate repeats.
    level : float

    Returns
    -------
    list of dict
        The claim, the verdict with its numbers, and what was counted in words.

    Raises
    ------
    DataError
        Where a claim is about a group or a threshold that the audit does not have, or about
        something that is no rate.
    """
    return [_judged(part, claim, interval, level) for claim in claims]


def _judged(part: Part, claim: Claim, interval: str, level: float) -> dict[str, Any]:
    said = {
        "row": claim.row, "metric": claim.metric, "operator": claim.operator,
        "claimed": claim.value, "group": claim.group, "claimed_denominator": claim.denominator,
        "threshold": claim.threshold,
    }  # fmt: skip
    rates = _rates_at(part, claim)
    name = _counted_as(part, claim)
    group = _group(part, claim)
    rate = rates.get(name)
    if rate is None:
        why = next((r["why"] for r in part.refused if name in r["metrics"]), None)
        if why is None:
            raise DataError(
                "The `metric` of a claim must be a rate that the audit counts.",
                found=f"{shown(claim.metric)!r}",
                where=f"claims, row {claim.row}",
                remedy=f"use one of {', '.join(rates)}",
            )
        verdict = judge(claim.operator, claim.value, 0, 0, claim.alpha).to_dict()
        return said | {
            "counted_as": name,
            "reason": why,
            "low": None,
            "high": None,
            "out_of": in_words(part.kind, name)[1],
            **verdict,
        }
    at = rate.groups.index(group)
    low, high = (float(ends[at]) for ends in rate.interval(interval, level))
    verdict = judge(
        claim.operator, claim.value, int(rate.events[at]), int(rate.trials[at]), claim.alpha,
        float(rate.size(1.0 - claim.alpha)[at]),
    ).to_dict()  # fmt: skip
    reason = ""
    if verdict["verdict"] == NOT_ENOUGH and not verdict["trials"]:
        reason = "there are no trials"
    elif verdict["size"] is None:
        reason = "all of them are of one cluster, and nothing shows how others would differ"
    return said | {
        "counted_as": name,
        "reason": reason,
        "out_of": in_words(part.kind, name)[1],
        "low": low if math.isfinite(low) else None,
        "high": high if math.isfinite(high) else None,
        **verdict,
    }


def _counted_as(part: Part, claim: Claim) -> str:
    """Name of the rate that a claim is about; on published counts, false alerts per person."""
    per_person = any(word in claim.denominator.casefold() for word in _PER_PERSON)
    if part.kind == "deployments" and claim.metric in _FALSE_ALERTS:
        if per_person or claim.metric not in ("fpr", "fpir"):
            return "false_alerts_per_transaction"
        return "fpr"
    if part.kind == "searches" and claim.metric in _FALSE_ALERTS:
        return "fpir"
    return claim.metric


def _group(part: Part, claim: Claim) -> str:
    alike = [group for group in part.groups if group.casefold() == claim.group.casefold()]
    if not alike:
        raise DataError(
            "The `group` of a claim must be one of the groups.",
            found=repr(shown(claim.group)),
            where=f"claims, row {claim.row}",
            remedy="leave it empty for everyone, or give --group",
        )
    return alike[0]


def _rates_at(part: Part, claim: Claim) -> dict[str, Proportions]:
    if claim.threshold is None:
        return next(iter(part.rates.values()))
    if claim.threshold in part.rates:
        return part.rates[claim.threshold]
    if list(part.rates) == [None]:
        return part.rates[None]
    raise DataError(
        "The `threshold` of a claim must be one that is counted.",
        found=f"{claim.threshold:g}",
        where=f"claims, row {claim.row}",
        remedy="give it with --threshold too",
    )
