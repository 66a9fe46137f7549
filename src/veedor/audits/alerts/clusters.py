"""Rates of decisions whose rows come in clusters: the same person, the same deployment."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec
import numpy as np

from veedor.audits.alerts.counting import DENOMINATORS, AlertCounts, ClusterMoments
from veedor.audits.alerts.rates import RATES
from veedor.audits.audit import finite
from veedor.statistics.clusters import ClusteredRate


def clustered_rates(counts: AlertCounts, moments: ClusterMoments) -> dict[str, ClusteredRate]:
    """Return every rate, from sums over clusters.

    The sum of squares of `linearised` is :math:`w^T M w`, with M the products of cells summed
    over clusters and w the weights of the numerator less p times those of the denominator: one
    pass over the data serves every rate. The covariance with the rate of the group that all are
    compared with comes from the products across the two in the same way.

    Parameters
    ----------
    counts : AlertCounts
    moments : ClusterMoments
        Of the same decisions and threshold.
    """
    found = {}
    for name, definition in RATES.items():
        above, below = definition.weights()
        events, trials = counts.cells @ above, counts.cells @ below
        clusters = moments.active[:, DENOMINATORS.index(definition.out_of)]
        with np.errstate(invalid="ignore", divide="ignore"):
            p = np.where(trials > 0.0, events / trials, np.nan)
            w = (above[None, :] - p[:, None] * below[None, :]) / trials[:, None]
            spread = np.einsum("gi,gij,gj->g", w, moments.products, w)
            factor = np.where(clusters > 1, clusters / (clusters - 1.0), np.nan)
            joint = np.einsum("gi,gij,j->g", w, moments.across, w[moments.base])
            covariance = joint * np.sqrt(factor * factor[moments.base])
        squares = np.einsum("i,gij,j->g", below, moments.products, below)
        found[name] = ClusteredRate(
            events, trials, clusters, factor * np.maximum(spread, 0.0), squares,
            np.nan_to_num(covariance),
        )  # fmt: skip
    return found


class ClusterEntry(msgspec.Struct, frozen=True, kw_only=True):
    """How many clusters a rate of a group has, and what its rows are worth."""

    metric: str
    group: str
    cluster: str
    subset: str
    threshold: float | None
    clusters: int
    rows: int
    design_effect: float | None
    effective_n: float | None
    effective_clusters: float | None


def cluster_entries(
    rates: Sequence[tuple[str, ClusteredRate]],
    groups: Sequence[str],
    cluster: str,
    threshold: float | None = None,
    subset: str = "all",
) -> list[ClusterEntry]:
    """Say of every rate and group how many clusters there are and what its rows are worth.

    Parameters
    ----------
    rates : sequence of (str, ClusteredRate)
    groups : sequence of str
    cluster : str
        Header of what rows are together by.
    threshold : float, optional
    subset : str
    """
    return [
        ClusterEntry(
            metric=name,
            group=group,
            cluster=cluster,
            subset=subset,
            threshold=threshold,
            clusters=int(rate.clusters[number]),
            rows=int(rate.trials[number]),
            design_effect=finite(rate.design_effect[number]),
            effective_n=finite(rate.effective_n[number]),
            effective_clusters=finite(rate.effective_clusters[number]),
        )
        for name, rate in rates
        for number, group in enumerate(groups)
        if rate.trials[number] > 0.0
    ]
