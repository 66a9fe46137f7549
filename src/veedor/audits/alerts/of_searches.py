"""The audit of 1:N searches and their candidates."""

from __future__ import annotations

import numpy as np

from veedor.audits.alerts.base_rates import base_rate_rows
from veedor.audits.alerts.checks import check_clusters, check_searches
from veedor.audits.alerts.clusters import cluster_entries
from veedor.audits.alerts.comparisons import comparison_rows, surest_group
from veedor.audits.alerts.estimates import Row
from veedor.audits.alerts.over_time import watched_series
from veedor.audits.alerts.rates import Proportions, rate_rows
from veedor.audits.alerts.results import Part
from veedor.audits.alerts.searches import (
    at_common_threshold,
    complement,
    equity_rows,
    identification_det,
    identification_rates,
    selectivity_rows,
    threshold_rows,
)
from veedor.audits.alerts.settings import Settings
from veedor.audits.alerts.tables.searches import Searches

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
    part = Part("searches", len(searches), ("ALL", *searches.groups), reference)
    part.findings += check_searches(searches)
    rng = np.random.default_rng(settings.seed)
    level = settings.level
    thresholds: tuple[float | None, ...] = settings.thresholds or (None,)
    for threshold in thresholds:
        rates = identification_rates(searches, threshold, reference=reference)
        part.rates[threshold] = rates
        part.rows += _counted(threshold, rates)
        part.rows += rate_rows("all", threshold, rates, settings.interval, level)
        for name, rate in rates.items():
            if rate.clustered is not None and searches.subject_header:
                for entry in cluster_entries(
                    [(name, rate.clustered)], rate.groups, cluster=searches.subject_header,
                    threshold=threshold,
                ):  # fmt: skip
                    part.add("clusters", entry)
        if reference:
            compared = [rates[n] for n in _COMPARED if n in rates]
            part.rows += comparison_rows("all", threshold, compared, reference, level)
            if threshold == thresholds[0] and "fpir" in rates:
                part.results["surest_group"] = surest_group(rates["fpir"], reference, level)
        if threshold is None:
            continue
        part.rows += equity_rows(threshold, rates, rng, level)
        part.rows += base_rate_rows(
            "all", threshold, complement(rates["fnir_rank1"], "tpir_rank1"), rates["fpir"],
            settings.base_rates, level,
        )  # fmt: skip
    if settings.thresholds:
        part.rows += selectivity_rows(searches, settings.thresholds, level)
    else:
        part.refuse(
            ["fpir", "selectivity"],
            "without a threshold every search that returns anything is an alert: give --threshold",
            {},
        )
    part.rows += threshold_rows(searches, settings.fpir_targets, level)
    part.results["at_common_threshold"] = at_common_threshold(
        searches, settings.fpir_targets, settings.interval, level
    )
    part.results["det"] = identification_det(searches)
    part.findings += check_clusters(part.results.get("clusters", ()), ("fpir", "fnir_rank1"))
    _watch(part, searches, settings)
    return part


def _counted(threshold: float | None, rates: dict[str, Proportions]) -> list[Row]:
    """Rows of `n`: searches, and of how many are mated and not."""
    rows = []
    whole, mated = rates["fta_rate"], rates["fnir_rank1"]
    for number, group in enumerate(whole.groups):
        n, with_mate = whole.trials[number], mated.trials[number]
        rows.append(Row("all", threshold, group, "n", n, n, n))
        rows.append(Row("all", threshold, group, "n_mated", with_mate, with_mate, n))
        rows.append(Row("all", threshold, group, "n_nonmated", n - with_mate, n - with_mate, n))
    return rows


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
    watches = []
    for name, (above, below) in metrics.items():
        series = {}
        for number, group in enumerate(("ALL", *searches.groups), start=-1):
            here = np.ones(len(searches), dtype=bool) if number < 0 else searches.group == number
            series[group] = (
                np.bincount(place[(above & here)[timed]], minlength=len(days)).astype(float),
                np.bincount(place[(below & here)[timed]], minlength=len(days)).astype(float),
            )
        watches += watched_series(name, [str(day) for day in days], "day", series, settings)
    part.results["monitoring"] = watches
