"""The audit of a table of decisions: what is counted, what is refused, and why."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from msgspec import structs
from scipy import stats

from veedor.audits.alerts.auc import (
    Auc,
    ScoreCounts,
    ScoresOfGroup,
    auc,
    calibration,
    det_points,
    score_counts,
)
from veedor.audits.alerts.base_rates import base_rate_statements
from veedor.audits.alerts.checks import check_clusters, check_decisions
from veedor.audits.alerts.clusters import ClusterEntry, cluster_entries, clustered_rates
from veedor.audits.alerts.comparisons import (
    compared_together,
    comparison_statements,
    likelihood_ratio_statements,
    surest_group,
    widest_gap,
)
from veedor.audits.alerts.counting import (
    ALL,
    AlertCounts,
    audited_strata,
    cluster_moments,
    count,
    count_by_day,
    days_of,
)
from veedor.audits.alerts.impossibility import SOURCE, Sides, both_sides
from veedor.audits.alerts.over_time import watched
from veedor.audits.alerts.part import Part, SampleNeeded
from veedor.audits.alerts.partial import (
    Corrected,
    audit_size,
    begg_greenes,
    chapman,
    rogan_gladen,
    unresolved_bounds,
)
from veedor.audits.alerts.rates import Proportions, count_statements, proportions, rate_statements
from veedor.audits.alerts.settings import Settings
from veedor.audits.alerts.statements import state
from veedor.audits.alerts.tables.decisions import CLUSTERS, Decisions
from veedor.audits.alerts.tables.small import Stratum
from veedor.audits.audit import NOTE, AuditWarning, Statement
from veedor.errors import StudyError, phrase
from veedor.statistics.clusters import ClusteredRate, widest
from veedor.statistics.codes import Finding, Method
from veedor.statistics.intervals import wilson

#: Rates that need to know what became of those without an alert.
NEED_QUIET = ("tpr", "fnr", "fpr", "tnr", "npv", "for", "accuracy", "prevalence")
#: Error rates that are compared between groups.
ERRORS = ("fpr", "fnr", "fdr")
_DIFFERENT = 1e-3
_MOST_VERSIONS = 20
_GAPS = ("alert_rate", "fpr", "fnr", "ppv")


def audit_decisions(
    decisions: Decisions, settings: Settings, strata: Sequence[Stratum] = ()
) -> Part:
    """Audit a table of decisions.

    Parameters
    ----------
    decisions : Decisions
    settings : Settings
    strata : sequence of Stratum
        Of a random audit of those without an alert.
    """
    reference = settings.compared_with(decisions.groups)
    thresholds: tuple[float | None, ...] = settings.thresholds or (None,)
    marked = settings.alerts_only or {"flagged", "threshold"} & set(decisions.headers)
    if thresholds == (None,) and not marked:
        raise StudyError(
            "It must be known which decisions are alerts.",
            found=phrase("scores, and no threshold"),
            where=decisions.source.table.name,
            remedy="give --threshold, or a column `flagged` or `threshold`",
        )
    part = Part("decisions", decisions.rows, (ALL, *decisions.groups), reference)
    ranked = score_counts(decisions) if "score" in decisions.headers else {}
    for number, threshold in enumerate(thresholds):
        counts = count(decisions, threshold)
        shown = decisions.fixed_threshold if threshold is None else threshold
        rates, clusters = _rates(decisions, counts, threshold, reference)
        refused = _refusal(decisions, counts, strata, alerts_only=settings.alerts_only)
        unknown = _unknown(counts, alerts_only=settings.alerts_only) if refused else ()
        part.rates[shown] = {name: rate for name, rate in rates.items() if name not in unknown}
        _rows(part, shown, counts, rates, unknown, settings)
        for entry in clusters:
            if entry.metric not in unknown:
                part.clusters.append(structs.replace(entry, threshold=shown))
        if refused:
            _corrected(part, decisions, threshold, shown, counts, strata, settings)
        _unresolved(part, shown, counts)
        if not refused:
            sides = both_sides(rates, reference, settings.level)
            part.impossibility.append(Sides(shown, reference or ALL, SOURCE, sides))
            _gaps(part, shown, rates, settings)
        if number == 0:
            if reference:
                names = [n for n in ERRORS if n in part.rates[shown]]
                part.compared = compared_together(
                    [rates[n] for n in names], reference, settings.level
                )
                if not refused:
                    part.surest_group = surest_group(rates["fpr"], reference, settings.level)
            part.warnings += check_decisions(decisions, counts, publish=settings.publish)
            part.warnings += check_clusters(part.clusters, ("ppv",))
            if refused:
                part.refuse(unknown, refused, _sample_needed(counts))
            if "decided_at" in decisions.headers:
                part.days = days_of(decisions)
                daily = count_by_day(decisions, threshold)
                names = [n for n in ("fdr", "fpr", "alert_rate") if n in part.rates[shown]]
                part.monitoring = watched(daily, names, settings)
            if not refused:
                _ranking(part, shown, ranked, settings)
        if not settings.publish:  # a version is the whole less the others
            _versions(part, decisions, threshold, shown, unknown, settings)
    return part


def _unknown(counts: AlertCounts, *, alerts_only: bool) -> tuple[str, ...]:
    """Rates that need those without an alert: their outcomes, and how many there are."""
    all_are_there = not alerts_only and counts.cells[0, [2, 3, 5]].any()
    return NEED_QUIET if all_are_there else (*NEED_QUIET, "alert_rate")


def _refusal(
    decisions: Decisions, counts: AlertCounts, strata: Sequence[Stratum], *, alerts_only: bool
) -> Finding | None:
    """Say why rates that need the others' outcomes are refused; None where they are not."""
    tp, fp, fn, tn, alert_unknown, quiet_unknown = (int(n) for n in counts.cells[0])
    alerts, quiet = tp + fp + alert_unknown, fn + tn + quiet_unknown
    if quiet and fn + tn == 0 and not alerts_only:
        return Finding("only_alerts_were_checked", {"quiet": quiet})
    if strata:
        return Finding("checked_by_a_random_audit")
    if alerts_only or not quiet:
        return Finding("only_alerts_were_given")
    if "inclusion_probability" in decisions.headers and alert_unknown + quiet_unknown:
        return Finding("checked_with_stated_chances")
    if not (alerts and quiet and alert_unknown + quiet_unknown):
        return None
    table = [[tp + fp, alert_unknown], [fn + tn, quiet_unknown]]
    p_value = float(stats.chi2_contingency(table, correction=False)[1])
    if p_value < _DIFFERENT:
        return Finding("checked_unevenly", {
            "alerts_known": tp + fp, "alerts": alerts, "quiet_known": fn + tn, "quiet": quiet,
        })  # fmt: skip
    return None


def _rows(
    part: Part,
    shown: float | None,
    counts: AlertCounts,
    rates: dict[str, Proportions],
    unknown: Sequence[str],
    settings: Settings,
) -> None:
    counted = count_statements("all", shown, counts)
    level = settings.level
    if not unknown:
        part.statements += counted
        part.statements += rate_statements("all", shown, rates, settings.interval, level)
        part.statements += likelihood_ratio_statements("all", shown, rates, level)
        part.statements += base_rate_statements(
            "all", shown, rates["tpr"], rates["fpr"], settings.base_rates, level
        )
    else:
        kept = {name: rate for name, rate in rates.items() if name not in unknown}
        part.statements += [row for row in counted if row.statistic not in ("fn", "tn")]
        part.statements += rate_statements("all", shown, kept, settings.interval, level)
        part.statements += [
            state("all", shown, group, name, None)
            for name in ("fn", "tn", *unknown, "lr_pos", "lr_neg")
            for group in counts.groups
        ]
        rates = kept
    if part.reference:
        part.statements += comparison_statements(
            "all", shown, list(rates.values()), part.reference, level
        )


def _rates(
    decisions: Decisions,
    counts: AlertCounts,
    threshold: float | None,
    reference: str | None,
    version: str | None = None,
) -> tuple[dict[str, Proportions], list[ClusterEntry]]:
    """Count every rate, each with the clusters that leave it the fewest independent rows.

    Returns
    -------
    dict of str to Proportions
    list of ClusterEntry
        What is said of each clustering.
    """
    rates, entries = proportions(counts), []
    by: list[tuple[str, dict[str, ClusteredRate]]] = []
    for role, _ in CLUSTERS:
        if role in decisions.headers:
            moments = cluster_moments(
                decisions, role, threshold, version=version, compared_with=reference
            )
            if moments.repeats:
                by.append((moments.cluster, clustered_rates(counts, moments)))
                entries += cluster_entries(
                    list(by[-1][1].items()), counts.groups, cluster=moments.cluster
                )
    if not by:
        return rates, []
    for name, rate in rates.items():
        clustered, headers = by[0][1][name], np.full(len(counts.groups), by[0][0], dtype=object)
        if len(by) > 1:
            clustered, chosen = widest(clustered, by[1][1][name])
            headers = np.where(chosen, by[1][0], headers)
        rates[name] = rate.with_clusters(clustered, headers.tolist())
    return rates, entries


def _corrected(
    part: Part,
    decisions: Decisions,
    threshold: float | None,
    shown: float | None,
    counts: AlertCounts,
    strata: Sequence[Stratum],
    settings: Settings,
) -> None:
    """Put in what a random audit of those without an alert lets one estimate."""
    by_group = {s.name for s in strata} == set(decisions.groups)
    for number, group in enumerate(counts.groups):
        tp, fp, fn, tn, alert_unknown, quiet_unknown = (int(n) for n in counts.cells[number])
        if strata:
            mine = (
                list(strata)
                if group == ALL
                else [s for s in strata if by_group and s.name == group]
            )
            alerts, checked, right = tp + fp + alert_unknown, float(tp + fp), float(tp)
            if group == ALL:
                _compare_population(part, mine, fn + tn + quiet_unknown)
        elif "inclusion_probability" in decisions.headers:
            mine, (alerts, checked, right) = audited_strata(decisions, threshold, group)
        else:
            return
        if not mine or any(s.sampled == 0 for s in mine):
            continue
        found = begg_greenes(alerts, checked, right, mine, settings.level)
        part.replace(shown, group, found, settings.level)
        if checked and not math.isclose(checked, tp + fp):
            found = _weighted(checked, right, settings.level)
            part.replace(shown, group, found, settings.level)


def _weighted(checked: float, right: float, level: float) -> dict[str, Corrected]:
    """PPV and FDR of alerts that were not all as likely to be checked."""
    found = {}
    for name, events in (("ppv", right), ("fdr", checked - right)):
        low, high = wilson(events, checked, level)
        found[name] = Corrected(
            events / checked, float(low), float(high),
            Method("wilson_by_inclusion_probability"),
            events, checked,
        )  # fmt: skip
    return found


def _compare_population(part: Part, strata: Sequence[Stratum], quiet: int) -> None:
    stated = sum(stratum.population for stratum in strata)
    if stated == quiet:
        return
    part.warnings.append(AuditWarning("audit_population", {"audit": stated, "decisions": quiet}))


def _unresolved(part: Part, shown: float | None, counts: AlertCounts) -> None:
    """Add bounds of PPV where alerts were never resolved, and the corrections asked for."""
    for group, cells in zip(counts.groups, counts.cells, strict=True):
        tp, fp, unknown = int(cells[0]), int(cells[1]), int(cells[4])
        if unknown == 0:
            continue
        low, high = unresolved_bounds(tp, fp, unknown)
        alerts = tp + fp + unknown
        for name, value, right in (
            ("ppv_if_unresolved_false", low, tp), ("ppv_if_unresolved_true", high, tp + unknown),
        ):  # fmt: skip
            part.statements.append(
                state("all", shown, group, name, value, right, alerts, None, None, Method("bound"))
            )


def corrected_statements(
    part: Part, shown: float | None, right: int, checked: int, settings: Settings
) -> None:
    """Add PPV corrected for an imperfect checker, and positives by capture and recapture."""
    if settings.adjudicator:
        corrected = rogan_gladen(right, checked, *settings.adjudicator, settings.level)
        part.statements.append(
            _stated(shown, "ppv_adjudicator_corrected", corrected, settings.level)
        )
    if settings.recapture:
        found = chapman(*settings.recapture, settings.level)
        part.statements.append(_stated(shown, "positives_by_recapture", found, settings.level))


def _stated(shown: float | None, metric: str, corrected: Corrected, level: float) -> Statement:
    return state(
        "all", shown, ALL, metric, corrected.value, corrected.numerator, corrected.denominator,
        corrected.low, corrected.high, corrected.method, level=level,
    )  # fmt: skip


def _sample_needed(counts: AlertCounts) -> SampleNeeded | None:
    """Say how large a random audit of those without an alert would have to be."""
    tp, quiet = int(counts.cells[0, 0]), int(counts.cells[0, [2, 3, 5]].sum())
    if not tp or not quiet:
        return None
    # If half of all positives were missed, there would be as many among the others as were found.
    share = min(max(tp / quiet, 1e-9), 0.5)
    size = audit_size(share, half_width=0.5)
    return SampleNeeded(
        quiet, min(size["to_see_one"], quiet), min(size["to_measure"], quiet), share
    )


def _gaps(
    part: Part, shown: float | None, rates: dict[str, Proportions], settings: Settings
) -> None:
    if len(part.groups) < 3:
        return
    for name in _GAPS:
        part.statements.append(
            state(
                "all",
                shown,
                ALL,
                f"{name}_widest_gap",
                *_gap_of(rates[name], settings.level),
                level=settings.level,
            )
        )


def _gap_of(rate: Proportions, level: float) -> tuple[float, None, None, float, float, Method]:
    value, low, high = widest_gap(rate, level)
    return value, None, None, low, high, Method("newcombe_all_pairs")


def _ranking(
    part: Part, shown: float | None, ranked: dict[str, ScoreCounts], settings: Settings
) -> None:
    """Add AUC, DET points and calibration by score of every group."""
    for group, scores in ranked.items():
        area: Auc = auc(scores, settings.level)
        part.statements.append(
            state("all", shown, group, "auc", area.value, area.wins, area.pairs, area.low,
                  area.high, area.method, level=settings.level)
        )  # fmt: skip
        if len(scores.score):
            part.scores.append(ScoresOfGroup(
                group, det_points(scores), calibration(scores, level=settings.level)
            ))  # fmt: skip


def _versions(
    part: Part,
    decisions: Decisions,
    threshold: float | None,
    shown: float | None,
    unknown: Sequence[str],
    settings: Settings,
) -> None:
    """Add the rates of each version of the system, where there are several."""
    if "system_version" not in decisions.headers:
        return
    found = decisions.source.database.rows(
        "SELECT DISTINCT system_version FROM decisions WHERE system_version IS NOT NULL ORDER BY 1"
    )
    if not 2 <= len(found) <= _MOST_VERSIONS:
        if len(found) > _MOST_VERSIONS:
            part.warnings.append(AuditWarning("many_versions", {"count": len(found)}, NOTE))
        return
    for (version,) in found:
        counts = count(decisions, threshold, version)
        rates = {
            name: rate
            for name, rate in _rates(decisions, counts, threshold, None, version)[0].items()
            if name not in unknown
        }
        subset = f"system_version={version}"
        part.statements += count_statements(subset, shown, counts)[: len(counts.groups)]
        part.statements += rate_statements(subset, shown, rates, settings.interval, settings.level)
