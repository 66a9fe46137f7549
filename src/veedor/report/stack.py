"""Who carries a forecast that is made of other forecasters', and whom it went without."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from veedor.report.numbers import listed, number, percent
from veedor.report.tables import Table, table

Record = Mapping[str, Any]
_SMALL = 0.01


def stacks(results: Record) -> dict[str, Any]:
    """Build the part on every forecast whose fitted parameters hold weights.

    Returns
    -------
    dict
        ``sentences`` and ``tables``; both empty where no forecast has weights.
    """
    made = [
        (category["name"], forecast["forecaster"], forecast["fitted"])
        for category in results["categories"]
        for forecast in category["forecasts"]
        if isinstance(forecast["fitted"].get("weights_"), Mapping)
    ]
    return {
        "sentences": [_sentence(*one) for one in made],
        "tables": [_table(made)] if made else [],
    }


def _sentence(category: str, who: str, fitted: Record) -> str:
    carry = [(name, weight) for name, weight in _weights(fitted) if weight >= _SMALL]
    small = [name for name, weight in _weights(fitted) if weight < _SMALL]
    told = listed([f"{name} {percent(weight)}" for name, weight in carry])
    if small:
        told += f"; {listed(small)} less than {percent(_SMALL)}{' each' if len(small) > 1 else ''}"
    told = f"{category}, {who}: at the last cut-off its weight lay on {told}."
    absent = fitted.get("members_absent_") or {}
    if absent:
        why = "; ".join(f"{name} ({str(reason).rstrip('.')})" for name, reason in absent.items())
        told += f" For too little data it went without {why}."
    return told


def _table(made: list[tuple[str, str, Record]]) -> Table:
    rows = []
    for category, who, fitted in made:
        rows += [[category, who, name, number(weight)] for name, weight in _weights(fitted)]
        rows += [
            [category, who, name, f"went without: {reason}"]
            for name, reason in (fitted.get("members_absent_") or {}).items()
        ]
    return table(
        "Weight of each member at the last cut-off; the weights of one forecast sum to 1",
        ["Category", "Forecaster", "Member", "Weight"],
        rows,
        headers=3,
    )


def _weights(fitted: Record) -> list[tuple[str, float]]:
    """Members and their weights, the largest first."""
    weights = {name: weight or 0.0 for name, weight in fitted["weights_"].items()}
    return sorted(weights.items(), key=lambda member: (-member[1], member[0]))
