"""`AlertAudit`: what an alert audit found."""

from __future__ import annotations

from typing import ClassVar

import msgspec

from veedor.audits.alerts.auc import DetCurve, ScoresOfGroup
from veedor.audits.alerts.checklist import Answer
from veedor.audits.alerts.claimed import JudgedClaim
from veedor.audits.alerts.clusters import ClusterEntry
from veedor.audits.alerts.comparisons import Compared, SurestGroup
from veedor.audits.alerts.impossibility import Sides
from veedor.audits.alerts.over_time import WatchedRate
from veedor.audits.alerts.part import Refusal
from veedor.audits.alerts.searches import AtThreshold
from veedor.audits.alerts.settings import Settings
from veedor.audits.audit import Audit


class Picture(msgspec.Struct, frozen=True):
    """Of 1,000 alerts, how many are right and wrong: as counted, or at a base rate.

    Parameters
    ----------
    ppv : float or None
    of_1000_right, of_1000_wrong : int or None
    base_rate : float or None
        None as counted.
    threshold : float or None
    alerts : int or None
        That were counted.
    true_a_day, false_a_day : float or None
    """

    ppv: float | None
    of_1000_right: int | None
    of_1000_wrong: int | None
    base_rate: float | None = None
    threshold: float | None = None
    alerts: int | None = None
    true_a_day: float | None = None
    false_a_day: float | None = None


class InputFile(msgspec.Struct, frozen=True):
    """A file that was read."""

    file: str
    sha256: str


class AlertAudit(Audit, frozen=True, kw_only=True, tag="alerts"):
    """What an alert audit found.

    Parameters
    ----------
    table : str
        ``decisions``, ``searches`` or ``deployments``.
    rows : int
        Read.
    groups : tuple of str
        The first is ``ALL``.
    reference : str or None
    thresholds : tuple of float or None
    days : int or None
        From the first decision to the last, both counted; None where one has no day.
    compared : tuple of Compared
        Error rates of every group beside the reference's, at the first threshold, with intervals
        that hold together.
    suppressed_groups : tuple of str
        Groups with a number that is not published.
    """

    newest_schema: ClassVar[int] = 4

    table: str
    rows: int
    groups: tuple[str, ...]
    reference: str | None
    thresholds: tuple[float | None, ...]
    days: int | None
    inputs: dict[str, InputFile]
    settings: Settings
    checklist: tuple[Answer, ...]
    refused: tuple[Refusal, ...]
    base_rates: tuple[Picture, ...]
    as_counted: Picture | None
    clusters: tuple[ClusterEntry, ...]
    impossibility: tuple[Sides, ...]
    scores: tuple[ScoresOfGroup, ...]
    monitoring: tuple[WatchedRate, ...]
    claims: tuple[JudgedClaim, ...]
    det: tuple[DetCurve, ...]
    at_common_threshold: tuple[AtThreshold, ...]
    surest_group: SurestGroup | None
    compared: tuple[Compared, ...]
    suppressed_groups: tuple[str, ...]
