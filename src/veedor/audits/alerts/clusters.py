"""Rates of decisions whose rows come in clusters: the same person, the same deployment."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from veedor.audits.alerts.counting import DENOMINATORS, AlertCounts, ClusterMoments
from veedor.audits.alerts.rates import RATES
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


def cluster_entries(
    rates: Sequence[tuple[str, ClusteredRate]], groups: Sequence[str], **said: object
) -> list[dict[str, object]]:
    """Say of every rate and group how many clusters there are and what its rows are worth.

    Parameters
    ----------
    rates : sequence of (str, ClusteredRate)
    groups : sequence of str
    **said
        Further fields of each entry.
    """
    found: list[dict[str, object]] = []
    for name, rate in rates:
        effect, size, worth = rate.design_effect, rate.effective_n, rate.effective_clusters
        for number, group in enumerate(groups):
            if not rate.trials[number] > 0.0:
                continue
            found.append({
                **said, "group": group, "metric": name,
                "clusters": int(rate.clusters[number]), "rows": int(rate.trials[number]),
                "design_effect": _finite(effect[number]), "effective_n": _finite(size[number]),
                "effective_clusters": _finite(worth[number]),
            })  # fmt: skip
    return found


def _finite(value: float) -> float | None:
    return float(value) if np.isfinite(value) else None
