"""The whole audit: a long table and an event to `BehaviourAudit`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import numpy as np

from veedor.arrays import Bools, Floats
from veedor.audits.audit import NOTE, SERIOUS, AuditWarning, Statement
from veedor.audits.behaviour.comparison import Comparer, Comparison
from veedor.audits.behaviour.design import FEWEST_POINTS, Question, Timing
from veedor.audits.behaviour.lows import (
    MOST_ZEROS,
    LowPeriod,
    low_cells,
    refuse_runs_of_zeros,
    run_of_zeros,
    shared_lows,
)
from veedor.audits.behaviour.panel import ROLES, Panel
from veedor.audits.behaviour.placebos import ENOUGH_PLACEBOS, SIZE, in_space, in_time, left_out
from veedor.audits.behaviour.results import (
    BehaviourAudit,
    Course,
    Placebos,
    Pooled,
    Reason,
    SeriesUsed,
    SingleSeries,
    Verdict,
)
from veedor.audits.behaviour.segmented import segmented
from veedor.audits.behaviour.statements import SERIES, statements, statements_of_segmented
from veedor.errors import DataError, phrase
from veedor.statistics import false_discovery_q
from veedor.tables.escape import shown

#: Power at which a change counts as detectable.
POWER = 0.8


def audit_behaviour(panel: Panel, question: Question) -> BehaviourAudit:
    """Ask whether people changed what they do at an event, beside what they had no reason to.

    Parameters
    ----------
    panel : Panel
    question : Question

    Raises
    ------
    StudyError
        If the event lies outside of the periods.
    DataError
        Without a sensitive series or, in a comparison, a control that can be used; with undeclared
        runs of zeros; with fewer than 8 periods on a side.
    """
    timing = Timing.of(panel.spans, question)
    low = low_cells(panel)
    lows = shared_lows(panel, low)
    if question.lows == "missing":
        panel = panel.without(low | (run_of_zeros(panel) > MOST_ZEROS))
    elif question.lows is None:
        refuse_runs_of_zeros(panel)
    undeclared = lows if question.lows is None else ()
    warnings = [*_of_lows(panel, undeclared)]
    if question.design != "comparative":
        return _of_published(panel, timing, question, lows, warnings)
    small = panel.small(timing.used)
    short = ~small & _short(panel, timing)
    used = panel.keeping(~small & ~short)
    roles = _counted(panel, small, short)
    _require_series(panel, roles)
    warnings += [
        AuditWarning("behaviour_series_small", {"n": one.small, "role": one.role}, NOTE)
        for one in roles
        if one.small
    ]
    comparer = Comparer(used, timing, question)
    found, parts = _pooled(comparer, panel)
    reasons = tuple(_reasons(undeclared, parts))
    alone = _alone(comparer)
    stated = tuple(statements(comparer, found, alone))
    verdict: Verdict = "change" if parts.p_value <= SIZE else "no_change_detectable"
    if reasons:
        verdict = "cannot_tell"
    warnings += _fragile(verdict, parts)
    return BehaviourAudit(
        schema_version=BehaviourAudit.newest_schema,
        statements=stated,
        warnings=tuple(warnings),
        table=panel.source,
        question=question,
        unit=panel.spans.unit,
        first_after=panel.spans.labels[timing.event],
        before=found.sides[0],
        after=found.sides[1],
        series=roles,
        verdict=verdict,
        reasons=reasons,
        lows=lows,
        pooled=parts,
        single=_single(stated, alone),
        segmented=None,
    )


def _of_lows(panel: Panel, undeclared: tuple[LowPeriod, ...]) -> Iterator[AuditWarning]:
    if undeclared:
        yield AuditWarning("behaviour_lows", {"n": len(undeclared)}, SERIOUS)
    if panel.unused_days:
        yield AuditWarning("behaviour_days_unused", {"column": shown(panel.unused_days)}, SERIOUS)


def _short(panel: Panel, timing: Timing) -> Bools:
    known = np.isfinite(panel.values)
    return np.array([min(timing.sides(one)) < FEWEST_POINTS for one in known], dtype=bool)


def _counted(panel: Panel, small: Bools, short: Bools) -> tuple[SeriesUsed, ...]:
    made = []
    for role in ROLES:
        mine = panel.of_role(role)
        if mine.any():
            made.append(
                SeriesUsed(
                    role,
                    int(mine.sum()),
                    int((mine & ~small & ~short).sum()),
                    int((mine & small).sum()),
                    int((mine & short).sum()),
                )
            )
    return tuple(made)


def _require_series(panel: Panel, roles: tuple[SeriesUsed, ...]) -> None:
    by_role = {one.role: one for one in roles}
    for role, must in (
        ("sensitive", phrase("A comparison needs a sensitive series that can be used.")),
        ("control", phrase("A comparison needs a control that can be used.")),
    ):
        one = by_role.get(role)  # type: ignore[call-overload]
        if one is None or not one.used:
            raise DataError(
                must,
                found=phrase(
                    "{given} with that role; {small} with a count below 10 in a period, {short} "
                    "with fewer than 8 periods on a side",
                    given=one.given if one else 0, small=one.small if one else 0,
                    short=one.short if one else 0,
                ),
                where=panel.source,
                remedy="without a control, what everyone does differently and what the event did "
                "are one; a published study's design can be done again with --design",
            )  # fmt: skip


def _pooled(comparer: Comparer, panel: Panel) -> tuple[Comparison, Pooled]:
    ours, theirs, negative = (comparer.panel.of_role(role) for role in ROLES)
    found = comparer.compare(ours, theirs)
    if found is None:
        raise DataError(
            "Both sides of the event need at least 8 periods with values of both groups.",
            found=phrase("fewer"),
            where=panel.source,
        )
    beside = comparer.compare(negative, theirs) if negative.any() else None
    apart = found.level.detectable(SIZE, POWER)
    between = comparer.differing(ours, found.periods).get("level_change")
    return found, Pooled(
        course=_course(comparer, found, ours, theirs),
        p_value=found.p_value,
        p_value_of_others=found.p_value_of_others,
        autocorrelation=found.fit.carried,
        autocorrelation_reml=found.fit.reml,
        freedom=found.fit.freedom,
        pairs=comparer.timing.pairs(comparer.question),
        detectable_fall=float(np.exp(-apart)),
        detectable_rise=float(np.exp(apart)),
        between=None if between is None else float(np.sqrt(between[0])),
        in_time=in_time(comparer, found, ours, theirs),
        in_space=in_space(comparer, found, theirs),
        left_out=tuple(left_out(comparer, ours, theirs)),
        negative_p=None if beside is None else beside.p_value,
    )


def _alone(comparer: Comparer) -> dict[str, Comparison]:
    """Compare each sensitive series with the controls."""
    ours, theirs, _ = (comparer.panel.of_role(role) for role in ROLES)
    made = {
        str(comparer.panel.series[place]): comparer.compare(np.arange(len(ours)) == place, theirs)
        for place in np.flatnonzero(ours).tolist()
    }
    return {name: one for name, one in made.items() if one is not None}


def _single(
    stated: tuple[Statement, ...], alone: Mapping[str, Comparison]
) -> tuple[SingleSeries, ...]:
    """Put the change of each series beside its p-value, adjusted for their number."""
    level = {
        one.subject.group: one.estimate
        for one in stated
        if one.subject.subset == SERIES and one.statistic == "level_change"
    }
    p_values = [one.p_value for one in alone.values()]
    q_values = false_discovery_q(p_values).tolist()
    return tuple(
        SingleSeries(name, level[name], p_value, q_value)
        for name, p_value, q_value in zip(alone, p_values, q_values, strict=True)
    )


def _course(comparer: Comparer, found: Comparison, ours: Bools, theirs: Bools) -> Course:
    values = comparer.difference(ours, theirs)
    before = found.values[found.periods < found.timing.event]
    base = float(before.mean())
    number = len(values)
    entered = np.zeros(number, dtype=bool)
    entered[found.periods] = True

    def laid(parts: Floats) -> tuple[float | None, ...]:
        whole = np.full(number, np.nan)
        whole[found.periods] = np.exp(parts - base)
        return tuple(None if np.isnan(one) else float(one) for one in whole)

    fitted = np.array([found.fit.of(row).mean for row in found.columns.matrix])
    effects = [found.fit.of(row) for row in found.columns.matrix - found.columns.counterfactual]
    after = found.periods >= found.timing.event
    level = comparer.question.level
    ends = np.array([
        one.interval(level) if late else (np.nan, np.nan)
        for one, late in zip(effects, after.tolist(), strict=True)
    ])  # fmt: skip
    return Course(
        periods=comparer.panel.spans.labels,
        entered=tuple(entered.tolist()),
        ratio=tuple(
            None if not np.isfinite(one) else float(np.exp(one - base)) for one in values.tolist()
        ),
        expected=laid(fitted - np.array([one.mean for one in effects])),
        low=laid(fitted - ends[:, 1]),
        high=laid(fitted - ends[:, 0]),
        fitted=laid(fitted),
    )


def _reasons(undeclared: tuple[LowPeriod, ...], parts: Pooled) -> Iterator[Reason]:
    if any(one.everywhere for one in undeclared):
        yield "lows"
    if parts.negative_p is not None and parts.negative_p <= SIZE:
        yield "moved"
    if parts.p_value <= SIZE:
        if parts.p_value_of_others > SIZE:
            yield "differ"
        places: tuple[tuple[Reason, Placebos], ...] = (
            ("in_space", parts.in_space), ("in_time", parts.in_time),
        )  # fmt: skip
        for name, one in places:
            rare = one.p_value is not None and one.p_value <= SIZE
            if len(one.placebos) >= ENOUGH_PLACEBOS and not rare:
                yield name


def _fragile(verdict: Verdict, parts: Pooled) -> list[AuditWarning]:
    """Say what a change rests on: what, left out, makes it one that is not shown."""
    if verdict != "change":
        return []
    lost = [one for one in parts.left_out if one.p_value > SIZE]
    counted = {
        "behaviour_rests_on_series": sum(one.kind == "series" for one in lost),
        "behaviour_rests_on_period": sum(one.kind == "period" for one in lost),
        "behaviour_rests_on_last": min(
            (int(one.name) for one in lost if one.kind == "last"), default=0
        ),
    }
    return [AuditWarning(code, {"n": n}) for code, n in counted.items() if n]


def _of_published(
    panel: Panel,
    timing: Timing,
    question: Question,
    lows: tuple[LowPeriod, ...],
    warnings: list[AuditWarning],
) -> BehaviourAudit:
    """Do a published study's regression again: no controls, so no verdict."""
    ours = panel.keeping(panel.of_role("sensitive"))
    if not len(ours.series):
        raise DataError(
            "A published design needs a sensitive series.", found=phrase("none"), where=panel.source
        )
    made = segmented(ours, timing, question)
    return BehaviourAudit(
        schema_version=BehaviourAudit.newest_schema,
        statements=tuple(statements_of_segmented(made, question)),
        warnings=tuple(warnings),
        table=panel.source,
        question=question,
        unit=panel.spans.unit,
        first_after=panel.spans.labels[timing.event],
        before=made.before,
        after=made.after,
        series=(SeriesUsed("sensitive", len(ours.series), len(ours.series), 0, 0),),
        verdict="none",
        reasons=(),
        lows=lows,
        pooled=None,
        single=(),
        segmented=made,
    )
