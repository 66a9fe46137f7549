"""`Part`: what an audit of one kind of table finds, on its way to `AlertAudit`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import msgspec

from veedor.audits.alerts.auc import DetCurve, ScoresOfGroup
from veedor.audits.alerts.clusters import ClusterEntry
from veedor.audits.alerts.comparisons import Compared, SurestGroup
from veedor.audits.alerts.impossibility import Sides
from veedor.audits.alerts.over_time import WatchedRate
from veedor.audits.alerts.partial import Corrected
from veedor.audits.alerts.rates import Proportions
from veedor.audits.alerts.searches import AtThreshold
from veedor.audits.alerts.statements import state
from veedor.audits.audit import AuditWarning, Statement, Subject
from veedor.statistics.codes import Finding

if TYPE_CHECKING:
    from veedor.audits.alerts.claimed import JudgedClaim


class SampleNeeded(msgspec.Struct, frozen=True):
    """How large a random audit of those without an alert would have to be."""

    population: int
    to_see_one: int
    to_measure: int
    if_missed_share: float


class Refusal(msgspec.Struct, frozen=True):
    """Rates that are refused, why, and what audit would give them."""

    metrics: tuple[str, ...]
    why: Finding
    audit_sample: SampleNeeded | None


@dataclass
class Part:
    """What an audit finds.

    Parameters
    ----------
    table : str
        ``decisions``, ``searches`` or ``deployments``.
    rows_read : int
    groups : tuple of str
        The first is ``ALL``.
    reference : str or None
    rates : dict
        Threshold -> name -> rate of every group.
    """

    table: str
    rows_read: int
    groups: tuple[str, ...]
    reference: str | None
    statements: list[Statement] = field(default_factory=list)
    warnings: list[AuditWarning] = field(default_factory=list)
    refused: list[Refusal] = field(default_factory=list)
    rates: dict[float | None, dict[str, Proportions]] = field(default_factory=dict)
    clusters: list[ClusterEntry] = field(default_factory=list)
    impossibility: list[Sides] = field(default_factory=list)
    scores: list[ScoresOfGroup] = field(default_factory=list)
    monitoring: list[WatchedRate] = field(default_factory=list)
    claims: tuple[JudgedClaim, ...] = ()
    det: tuple[DetCurve, ...] = ()
    at_common_threshold: tuple[AtThreshold, ...] = ()
    surest_group: SurestGroup | None = None
    compared: tuple[Compared, ...] = ()
    days: int | None = None

    def refuse(
        self, metrics: Sequence[str], why: Finding, sample: SampleNeeded | None = None
    ) -> None:
        """Say which rates are refused, why, and what audit would give them."""
        self.refused.append(Refusal(tuple(metrics), why, sample))

    def replace(
        self, threshold: float | None, group: str, corrected: Mapping[str, Corrected], level: float
    ) -> None:
        """Put estimates in the place of what was refused, or counted without weights."""
        kept, done = [], set()
        for one in self.statements:
            found = corrected.get(one.statistic)
            if one.subject != Subject(group, threshold=threshold) or not found:
                kept.append(one)
            elif one.statistic not in done:  # its other intervals go: they are of the counted rate
                done.add(one.statistic)
                kept.append(state(
                    "all", threshold, group, one.statistic, found.value, found.numerator,
                    found.denominator, found.low, found.high, found.method, level=level,
                ))  # fmt: skip
        self.statements[:] = kept
