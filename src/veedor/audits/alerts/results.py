"""`Part`: what an audit gathers on its way to estimates.csv, results.json and the report."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from veedor.audits.alerts.checks import Finding
from veedor.audits.alerts.estimates import Row
from veedor.audits.alerts.partial import Corrected
from veedor.audits.alerts.rates import Proportions


@dataclass
class Part:
    """What an audit gathers.

    Parameters
    ----------
    kind : str
        ``decisions``, ``searches`` or ``deployments``.
    rows_read : int
    groups : tuple of str
        The first is ``ALL``.
    reference : str or None
    """

    kind: str
    rows_read: int
    groups: tuple[str, ...]
    reference: str | None
    rows: list[Row] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    refused: list[dict[str, Any]] = field(default_factory=list)
    rates: dict[float | None, dict[str, Proportions]] = field(default_factory=dict)
    results: dict[str, Any] = field(default_factory=dict)

    def add(self, name: str, entry: dict[str, Any]) -> None:
        """Add an entry to a list of the results."""
        self.results.setdefault(name, []).append(entry)

    def refuse(self, metrics: Sequence[str], why: str, sample: dict[str, Any]) -> None:
        """Say which rates are refused, why, and what audit would give them."""
        self.refused.append({"metrics": list(metrics), "why": why, "audit_sample": sample})

    def replace_rows(
        self, threshold: float | None, group: str, corrected: Mapping[str, Corrected]
    ) -> None:
        """Put estimates in the place of rows that were refused, or counted without weights."""
        kept, done = [], set()
        for row in self.rows:
            found = corrected.get(row.metric)
            if (row.subset, row.threshold, row.group) != ("all", threshold, group) or not found:
                kept.append(row)
            elif row.metric not in done:  # its other intervals go: they are of the counted rate
                done.add(row.metric)
                kept.append(Row(
                    "all", threshold, group, row.metric, found.value, found.numerator,
                    found.denominator, found.low, found.high, found.method,
                ))  # fmt: skip
        self.rows[:] = kept

    def to_dict(self) -> dict[str, Any]:
        """Return everything, JSON-ready."""
        return {
            "kind": self.kind,
            "rows": self.rows_read,
            "groups": list(self.groups),
            "reference": self.reference,
            "thresholds": list(self.rates),
            "refused": self.refused,
            "checks": [finding.to_dict() for finding in self.findings],
            **self.results,
        }
