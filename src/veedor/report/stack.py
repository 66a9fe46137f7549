"""Who carries a forecast that is made of other forecasters', and whom it went without."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from veedor.report.document import Section
from veedor.report.tables import Table, table
from veedor.report.words import Words
from veedor.study.results import StudyResults

Record = Mapping[str, Any]
_SMALL = 0.01


def stacks(words: Words, results: StudyResults) -> list[Section]:
    """Say of every forecast whose fitted parameters hold weights who carries it."""
    made: list[tuple[str, str, Record]] = [
        (category.name, who, fitted)
        for category in results.categories
        for who, fitted in category.fitted.items()
        if isinstance(fitted.get("weights_"), Mapping)
    ]
    if not made:
        return []
    return [
        Section(
            words.say("Who carries the stack"),
            sentences=[_sentence(words, *one) for one in made],
            behind=[_table(words, made)],
            behind_name=words.say("Table: weights of the members"),
        )
    ]


def _sentence(words: Words, category: str, who: str, fitted: Record) -> str:
    carry = [(name, weight) for name, weight in _weights(fitted) if weight >= _SMALL]
    small = [name for name, weight in _weights(fitted) if weight < _SMALL]
    weights = words.listed([f"{name} {words.percent(weight)}" for name, weight in carry])
    if small:
        few = {"names": words.listed(small), "share": words.percent(_SMALL)}
        weights += "; " + (
            words.say("{names} less than {share} each", **few)
            if len(small) > 1
            else words.say("{names} less than {share}", **few)
        )
    told = words.say(
        "{name}, {who}: at the last cut-off its weight lay on {weights}.",
        name=category,
        who=who,
        weights=weights,
    )
    absent = fitted.get("members_absent_") or {}
    if absent:
        why = "; ".join(f"{name} ({str(reason).rstrip('.')})" for name, reason in absent.items())
        told += " " + words.say("For too little data it went without {why}.", why=why)
    return told


def _table(words: Words, made: list[tuple[str, str, Record]]) -> Table:
    rows = []
    for category, who, fitted in made:
        rows += [[category, who, name, words.number(weight)] for name, weight in _weights(fitted)]
        rows += [
            [category, who, name, words.say("went without: {reason}", reason=str(reason))]
            for name, reason in (fitted.get("members_absent_") or {}).items()
        ]
    return table(
        words.say(
            "Weight of each member at the last cut-off; the weights of one forecast sum to 1"
        ),
        [
            words.say("Category"),
            words.say("Forecaster"),
            words.say("Member"),
            words.say("Weight"),
        ],
        rows,
        headers=3,
    )


def _weights(fitted: Record) -> list[tuple[str, float]]:
    """Members and their weights, the largest first."""
    weights = {name: weight or 0.0 for name, weight in fitted["weights_"].items()}
    return sorted(weights.items(), key=lambda member: (-member[1], member[0]))
