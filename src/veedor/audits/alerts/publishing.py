"""An audit for publication: small numbers are suppressed, and all that would give them back."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from msgspec.structs import replace

from veedor.audits.alerts.over_time import WatchedDrift, WatchedRate
from veedor.audits.alerts.results import AlertAudit
from veedor.audits.alerts.statements import ALL
from veedor.audits.alerts.suppression import SUPPRESSED, suppress


def published(audit: AlertAudit) -> AlertAudit:
    """Suppress small numbers as the settings of an audit say, wherever they stand.

    Returns
    -------
    AlertAudit
        Groups with a suppressed number are left out of all but the statements.
    """
    small = audit.settings.small
    statements = suppress(audit.statements, small, audit.table)
    gone = [one for one in statements if one.estimate.method == SUPPRESSED]
    hidden = {one.subject.group for one in gone}
    of_all = {one.statistic for one in gone if one.subject.group == ALL}
    at_base_rates_gone = any(name.startswith("ppv_at_base_rate") for name in of_all)
    surest = audit.surest_group
    if surest is not None and {surest.group, surest.reference} & hidden:
        surest = None
    return replace(
        audit,
        statements=tuple(statements),
        clusters=_without(audit.clusters, hidden),
        impossibility=tuple(
            replace(sides, groups=_without(sides.groups, hidden)) for sides in audit.impossibility
        ),
        scores=_without(audit.scores, hidden),
        monitoring=tuple(_without_small(one, small) for one in _without(audit.monitoring, hidden)),
        claims=_without(audit.claims, hidden),
        det=_without(audit.det, hidden),
        at_common_threshold=tuple(
            replace(one, groups={g: held for g, held in one.groups.items() if g not in hidden})
            for one in audit.at_common_threshold
        ),
        surest_group=surest,
        compared=(() if audit.reference in hidden else _without(audit.compared, hidden)),
        base_rates=() if at_base_rates_gone else audit.base_rates,
        as_counted=None if "ppv" in of_all else audit.as_counted,
        suppressed_groups=tuple(sorted(hidden)),
    )


def _without(entries: Iterable[Any], hidden: set[str]) -> tuple[Any, ...]:
    """Take the groups with a suppressed number out of what else is published."""
    return tuple(one for one in entries if one.group not in hidden)


def _without_small(watch: WatchedRate, small: int) -> WatchedRate:
    """Take what was counted around an alarm out where it is out of few."""

    def kept(drift: WatchedDrift) -> WatchedDrift:
        run = drift.run
        if run is None or min(run.before.denominator, run.run.denominator) >= small:
            return drift
        return replace(drift, run=None)

    return replace(watch, drifts=tuple(map(kept, watch.drifts)))
