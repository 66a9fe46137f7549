"""Rates of a frame from what readers said of its sample, in each scenario."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from veedor.arrays import Bools, Ints
from veedor.audits.audit import Statement, Subject
from veedor.audits.reading.design import PlannedStratum
from veedor.audits.reading.pack import Item, ReadingKey
from veedor.audits.reading.plan import RANDOM, ReadingPlan
from veedor.audits.reading.readings import Readings, differing
from veedor.audits.reading.results import (
    ALERTS,
    LENIENT,
    OTHERS,
    SETTLED,
    STRICT,
    ErrorCell,
    Scenario,
    ScoreSettings,
)
from veedor.statistics.codes import Denominator, Method
from veedor.statistics.estimates import Estimate
from veedor.statistics.misclassified import true_share
from veedor.statistics.stratified import StratifiedShare, part_of_sum, stratified_share
from veedor.statistics.suppression import SMALL_COUNT

#: A part of a frame -> the share that is counted as yes, and the rest.
STATISTICS = {
    "all": ("share_yes", "share_no"),
    ALERTS: ("ppv", "fdr"),
    OTHERS: ("miss_share", "share_rightly_passed"),
}
_ROWS_OF = {
    "all": lambda rows: Denominator("rows_drawn", {"rows": rows}),
    ALERTS: lambda rows: Denominator("alerts_drawn", {"rows": rows}),
    OTHERS: lambda rows: Denominator("others_drawn", {"rows": rows}),
}


@dataclass(frozen=True, eq=False)
class Scored:
    """A pack with what readers said: what figures are made of.

    Parameters
    ----------
    plan : ReadingPlan
    key : ReadingKey
    readings : Readings
    settings : ScoreSettings
    """

    plan: ReadingPlan
    key: ReadingKey
    readings: Readings
    settings: ScoreSettings

    @property
    def at_random(self) -> Bools:
        """Items of the random part."""
        return np.array([one.part == RANDOM for one in self.key.items], dtype=np.bool_)

    def part(self, name: str) -> tuple[list[PlannedStratum], Bools]:
        """Strata of a part of the frame, and its random items."""
        side = name != OTHERS
        strata = [one for one in self.plan.strata if one.alert == side]
        alert = np.array([one.alert for one in self.key.items], dtype=np.bool_)
        return strata, self.at_random & (alert == side)

    def stratum(self, strata: Sequence[PlannedStratum], items: Sequence[Item]) -> Ints:
        """Which stratum each of some items is of."""
        place = {one.name: n for n, one in enumerate(strata)}
        return np.array([place[one.stratum] for one in items], dtype=np.int64)


def scenarios_of(scored: Scored) -> tuple[Scenario, ...]:
    """Scenarios that readings allow, from the strictest."""
    settled = scored.readings.third is not None or scored.key.readers > 2
    return (STRICT, SETTLED, LENIENT) if settled else (STRICT, LENIENT)


def counted_as_yes(readings: Readings, scenario: Scenario) -> Bools:
    """Rows that are yes in a scenario: who cannot tell is no yes in the first two."""
    judged = readings.judged
    if scenario == STRICT:
        return np.asarray((judged == 1.0).all(axis=1))
    if scenario == LENIENT:
        return np.asarray(~(judged == 0.0).all(axis=1))
    if readings.third is not None:
        alike = ~differing(readings)
        return np.asarray(np.where(alike, judged[:, 0] == 1.0, readings.third == 1.0))
    return np.asarray(np.sum(judged == 1.0, axis=1) > judged.shape[1] / 2.0)


def found_in(scored: Scored, name: str, yes: Bools) -> tuple[list[PlannedStratum], Ints]:
    """Strata of a part, and how many of the rows read in each are yes."""
    strata, here = scored.part(name)
    of = np.flatnonzero(here & yes)
    stratum = scored.stratum(strata, [scored.key.items[place] for place in of])
    return strata, np.bincount(stratum, minlength=len(strata)).astype(np.int64)


def _share(strata: Sequence[PlannedStratum], found: Ints, level: float) -> StratifiedShare:
    return stratified_share(
        [one.rows for one in strata], [one.drawn for one in strata], found, level
    )


def shares(scored: Scored, name: str, scenario: Scenario) -> list[Statement]:
    """Share of a part that is yes, and the rest; of each stratum too, where enough was read."""
    strata, found = found_in(scored, name, counted_as_yes(scored.readings, scenario))
    made = []
    subject = Subject("all", scenario, name)
    yes, no = STATISTICS[name]
    whole = _estimate(_share(strata, found, scored.settings.level), strata, name, scored)
    made = [
        Statement(subject, yes, whole, float(found.sum()), float(sum(one.drawn for one in strata))),
        Statement(subject, no, _rest(whole)),
    ]
    if len(strata) == 1:
        return made
    for one, many in zip(strata, found, strict=True):
        of_one = Subject(one.name, scenario, name)
        if one.drawn < SMALL_COUNT:
            hidden = Estimate(
                None, None, None, scored.settings.level,
                Method("none_few_read", {"k": SMALL_COUNT}), 0, _ROWS_OF[name](one.rows),
            )  # fmt: skip
            made.append(Statement(of_one, yes, hidden, small=True))
            continue
        share = _share([one], np.array([many]), scored.settings.level)
        made.append(
            Statement(
                of_one, yes, _estimate(share, [one], name, scored), float(many), float(one.drawn)
            )
        )
    return made


def _estimate(
    share: StratifiedShare, strata: Sequence[PlannedStratum], name: str, scored: Scored
) -> Estimate:
    rows, drawn = sum(one.rows for one in strata), sum(one.drawn for one in strata)
    method = Method("korn_graubard", {"strata": len(strata)})
    if math.isinf(share.effective):
        return Estimate(
            share.value, None, None, scored.settings.level, Method("none_counted"), drawn,
            _ROWS_OF[name](rows),
        )  # fmt: skip
    if share.value in (0.0, 1.0):
        method = Method("none_or_all_found", {"drawn": drawn})
    return Estimate(
        share.value, share.low, share.high, scored.settings.level, method, drawn,
        _ROWS_OF[name](rows),
    )  # fmt: skip


def _rest(one: Estimate) -> Estimate:
    def less(value: float | None) -> float | None:
        return None if value is None else 1.0 - value

    return Estimate(
        less(one.value), less(one.high), less(one.low), one.level, one.method, one.n,
        one.denominator,
    )  # fmt: skip


def cannot_tell(
    scored: Scored, name: str, strata: Sequence[PlannedStratum], stratum: Ints, of: Ints
) -> Statement:
    """Share of rows that one reader or more could not tell."""
    unknown = np.isnan(scored.readings.judged[of]).any(axis=1)
    found = np.bincount(stratum[unknown], minlength=len(strata))
    share = _share(strata, found.astype(np.int64), scored.settings.level)
    made = _estimate(share, strata, name, scored)
    return Statement(
        Subject("all", subset=name), "cannot_tell_share", made, float(found.sum()), float(len(of))
    )


def _limits(scored: Scored, name: str, scenario: Scenario) -> StratifiedShare:
    strata, found = found_in(scored, name, counted_as_yes(scored.readings, scenario))
    return _share(strata, found, scored.settings.level)


def band(scored: Scored, name: str) -> list[Statement]:
    """State between what the share lies over all scenarios, intervals and errors of readers."""
    asked = scored.settings
    least, most = _limits(scored, name, STRICT), _limits(scored, name, LENIENT)
    low = float(true_share(least.low, 1.0, asked.specificity))
    high = float(true_share(most.high, asked.sensitivity, 1.0))
    strata, _ = scored.part(name)
    method = Method(
        "readers_error_band",
        {"sensitivity": asked.sensitivity, "specificity": asked.specificity},
    )
    rows, drawn = sum(one.rows for one in strata), sum(one.drawn for one in strata)
    made = Estimate(None, low, high, asked.level, method, drawn, _ROWS_OF[name](rows))
    return [Statement(Subject("all", subset=name), f"{STATISTICS[name][0]}_band", made)]


def errors(scored: Scored, parts: Sequence[str]) -> list[ErrorCell]:
    """Shares by how good what is counted as yes may be: corners and middle of the stated range."""

    def steps(least: float) -> list[float]:
        return sorted({least, round((least + 1.0) / 2.0, 6), 1.0})

    return [
        ErrorCell(
            name, scenario, sensitivity, specificity,
            float(true_share(_limits(scored, name, scenario).value, sensitivity, specificity)),
        )
        for name in parts
        for scenario in scenarios_of(scored)
        for sensitivity in steps(scored.settings.sensitivity)
        for specificity in steps(scored.settings.specificity)
    ]  # fmt: skip


def recalls(scored: Scored) -> list[Statement]:
    """State the share of all true rows that had an alert."""
    made = []
    for scenario in scenarios_of(scored):
        totals = []
        for name in (ALERTS, OTHERS):
            rows = sum(one.rows for one in scored.part(name)[0])
            share = _limits(scored, name, scenario)
            totals.append((rows * share.value, rows * share.low, rows * share.high))
        told = part_of_sum(totals[0], totals[1])
        true = round(totals[0][0] + totals[1][0])
        of = Denominator("true_rows_estimated")
        level = scored.settings.level
        if told is None:
            found = Estimate(None, None, None, level, Method("none_undefined"), 0, of)
        else:
            found = Estimate(*told, level, Method("recall_by_parts"), true, of)
        made.append(Statement(Subject("all", scenario, "all"), "recall", found))
    return made
