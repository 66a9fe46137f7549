"""Claims put beside the counts of an audit."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from veedor.audits.alerts.claims import NOT_ENOUGH, ClaimVerdict, judge
from veedor.audits.alerts.part import Part
from veedor.audits.alerts.rates import Proportions
from veedor.audits.alerts.statements import out_of
from veedor.audits.alerts.tables.small import Claim
from veedor.audits.audit import finite
from veedor.errors import DataError, phrase
from veedor.statistics.codes import Denominator, Finding
from veedor.tables.escape import shown

_PER_PERSON = ("transaction", "face", "person", "people", "passer", "scan", "search")
_FALSE_ALERTS = ("fpr", "fpir", "false_alert_rate", "false_alerts", "false_positive_rate")


class JudgedClaim(msgspec.Struct, frozen=True, kw_only=True):
    """A claim, what was counted for it, and the verdict with its numbers.

    Parameters
    ----------
    row : int
        Of the table of claims.
    metric, operator, group, claimed_denominator : str
    claimed : float
    threshold : float or None
    counted_as : str
        The rate that was counted.
    out_of : Denominator
    reason : Finding or None
        Why nothing can be told, where nothing can.
    low, high : float or None
        Interval of the rate.
    verdict : ClaimVerdict
    """

    row: int
    metric: str
    operator: str
    claimed: float
    group: str
    claimed_denominator: str
    threshold: float | None
    counted_as: str
    out_of: Denominator
    reason: Finding | None
    low: float | None
    high: float | None
    verdict: ClaimVerdict


def judge_claims(
    part: Part, claims: Sequence[Claim], interval: str = "wilson", level: float = 0.95
) -> tuple[JudgedClaim, ...]:
    """Judge every claim by the counts of an audit.

    Parameters
    ----------
    part : Part
    claims : sequence of Claim
    interval : str
        As of the rates in the tables, which a claim's rate repeats.
    level : float

    Raises
    ------
    DataError
        Where a claim is about a group or a threshold that the audit does not have, or about
        something that is no rate.
    """
    return tuple(_judged(part, claim, interval, level) for claim in claims)


def _judged(part: Part, claim: Claim, interval: str, level: float) -> JudgedClaim:
    rates = _rates_at(part, claim)
    name = _counted_as(part, claim)
    group = _group(part, claim)
    rate = rates.get(name)
    low = high = reason = None
    if rate is None:
        reason = next((one.why for one in part.refused if name in one.metrics), None)
        if reason is None:
            raise DataError(
                "The `metric` of a claim must be a rate that the audit counts.",
                found=f"{shown(claim.metric)!r}",
                where=phrase("claims, row {row}", row=claim.row),
                remedy=phrase("use one of {rates}", rates=", ".join(rates)),
            )
        verdict = judge(claim.operator, claim.value, 0, 0, claim.alpha)
    else:
        at = rate.groups.index(group)
        low, high = (finite(ends[at]) for ends in rate.interval(interval, level))
        verdict = judge(
            claim.operator, claim.value, int(rate.events[at]), int(rate.trials[at]), claim.alpha,
            float(rate.size(1.0 - claim.alpha)[at]),
        )  # fmt: skip
        if verdict.verdict == NOT_ENOUGH and not verdict.trials:
            reason = Finding("no_trials")
        elif verdict.size is None:
            reason = Finding("one_cluster_only")
    return JudgedClaim(
        row=claim.row,
        metric=claim.metric,
        operator=claim.operator,
        claimed=claim.value,
        group=claim.group,
        claimed_denominator=claim.denominator,
        threshold=claim.threshold,
        counted_as=name,
        out_of=out_of(part.table, name),
        reason=reason,
        low=low,
        high=high,
        verdict=verdict,
    )


def _counted_as(part: Part, claim: Claim) -> str:
    """Name of the rate that a claim is about; on published counts, false alerts per person."""
    per_person = any(word in claim.denominator.casefold() for word in _PER_PERSON)
    if part.table == "deployments" and claim.metric in _FALSE_ALERTS:
        if per_person or claim.metric not in ("fpr", "fpir"):
            return "false_alerts_per_transaction"
        return "fpr"
    if part.table == "searches" and claim.metric in _FALSE_ALERTS:
        return "fpir"
    return claim.metric


def _group(part: Part, claim: Claim) -> str:
    alike = [group for group in part.groups if group.casefold() == claim.group.casefold()]
    if not alike:
        raise DataError(
            "The `group` of a claim must be one of the groups.",
            found=repr(shown(claim.group)),
            where=phrase("claims, row {row}", row=claim.row),
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
        where=phrase("claims, row {row}", row=claim.row),
        remedy="give it with --threshold too",
    )
