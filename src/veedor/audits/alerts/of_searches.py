"""The audit of 1:N searches and their candidates."""

from __future__ import annotations

import numpy as np

from veedor.audits.alerts.base_rates import base_rate_statements
from veedor.audits.alerts.checks import check_clusters, check_searches
from veedor.audits.alerts.clusters import cluster_entries
from veedor.audits.alerts.comparisons import compared_together, comparison_statements, surest_group
from veedor.audits.alerts.over_time import WatchedRate, watched_series
from veedor.audits.alerts.part import Part
from veedor.audits.alerts.rates import Proportions, rate_statements
from veedor.audits.alerts.searches import (
    at_common_threshold,
    complement,
    equity_statements,
    identification_det,
    identification_rates,
    selectivity_statements,
    threshold_statements,
)
from veedor.audits.alerts.settings import Settings
from veedor.audits.alerts.statements import ALL, state
from veedor.audits.alerts.tables.searches import Searches
from veedor.audits.audit import Statement
from veedor.statistics.codes import Finding

#: Error rates that are compared between groups.
ERRORS = ("fpir", "fnir_rank1")
_COMPARED = ("fpir", "fnir_rank1", "fnir_rank5", "fta_rate")


def audit_searches(searches: Searches, settings: Settings) -> Part:
    """Audit 1:N searches.

    Parameters
    ----------
    searches : Searches
        Read with the thresholds of the settings.
    settings : Settings
    """
    reference = settings.compared_with(searches.groups)
    part = Part("searches", len(searches), (ALL, *searches.groups), reference)
    part.warnings += check_searches(searches)
    rng = np.random.default_rng(settings.seed)
    level = settings.level
    thresholds: tuple[float | None, ...] = settings.thresholds or (None,)
    for threshold in thresholds:
        rates = identification_rates(searches, threshold, reference=reference)
        part.rates[threshold] = rates
        part.statements += _counted(threshold, rates)
        part.statements += rate_statements(
            "all", threshold, rates, settings.interval, level, table="searches"
        )
        for name, rate in rates.items():
            if rate.clustered is not None and searches.subject_header:
                part.clusters += cluster_entries(
                    [(name, rate.clustered)], rate.groups, searches.subject_header, threshold
                )
        if reference:
            compared = [rates[n] for n in _COMPARED if n in rates]
            part.statements += comparison_statements(
                "all", threshold, compared, reference, level, table="searches"
            )
            if threshold == thresholds[0]:
                errors = [rates[n] for n in ERRORS if n in rates]
                part.compared = compared_together(errors, reference, level)
                if "fpir" in rates:
                    part.surest_group = surest_group(rates["fpir"], reference, level)
        if threshold is None:
            continue
        part.statements += equity_statements(threshold, rates, rng, level)
        part.statements += base_rate_statements(
            "all", threshold, complement(rates["fnir_rank1"], "tpir_rank1"), rates["fpir"],
            settings.base_rates, level, table="searches",
        )  # fmt: skip
    if settings.thresholds:
        part.statements += selectivity_statements(searches, settings.thresholds, level)
    else:
        part.refuse(
            ["fpir", "selectivity"],
            Finding("no_threshold_for_searches"),
        )
    part.statements += threshold_statements(searches, settings.fpir_targets, level)
    part.at_common_threshold = at_common_threshold(
        searches, settings.fpir_targets, settings.interval, level
    )
    part.det = identification_det(searches)
    part.warnings += check_clusters(part.clusters, ("fpir", "fnir_rank1"))
    _watch(part, searches, settings)
    return part


def _counted(threshold: float | None, rates: dict[str, Proportions]) -> list[Statement]:
    """Rows of `n`: searches, and of how many are mated and not."""
    made = []
    whole, mated = rates["fta_rate"], rates["fnir_rank1"]
    for number, group in enumerate(whole.groups):
        n, with_mate = whole.trials[number], mated.trials[number]
        for name, number_of in (("n", n), ("n_mated", with_mate), ("n_nonmated", n - with_mate)):
            made.append(
                state("all", threshold, group, name, number_of, number_of, n, table="searches")
            )
    return made


def _watch(part: Part, searches: Searches, settings: Settings) -> None:
    """Watch FPIR and FNIR by day, where searches have times and there is a threshold."""
    if searches.day is None or not settings.thresholds:
        return
    timed = ~np.isnat(searches.day)
    days, place = np.unique(searches.day[timed], return_inverse=True)
    limit = settings.thresholds[0]
    found = searches.acquired & (searches.mate_rank <= 1) & (searches.mate_score >= limit)
    metrics = {
        "fpir": (~searches.mated & (searches.top_score >= limit), ~searches.mated),
        "fnir_rank1": (searches.mated & ~found, searches.mated),
    }
    watches: list[WatchedRate] = []
    for name, (above, below) in metrics.items():
        series = {}
        for number, group in enumerate((ALL, *searches.groups), start=-1):
            here = np.ones(len(searches), dtype=bool) if number < 0 else searches.group == number
            series[group] = (
                np.bincount(place[(above & here)[timed]], minlength=len(days)).astype(float),
                np.bincount(place[(below & here)[timed]], minlength=len(days)).astype(float),
            )
        watches += watched_series(name, [str(day) for day in days], "day", series, settings)
    part.monitoring = watches
