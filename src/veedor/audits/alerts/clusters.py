"""Intervals where rows come in clusters: the same person, the same deployment.

Ten alerts from one evening are not ten independent trials. The variance of a rate is linearised
over clusters; the design effect is how many times that of independent rows it is; Wilson's
interval is taken at the number of rows divided by the design effect.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from veedor.audits.alerts.counting import AlertCounts, ClusterMoments
from veedor.audits.alerts.estimates import Row, rows_of
from veedor.audits.alerts.intervals import Interval, wilson
from veedor.audits.alerts.rates import RATES

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]


@dataclass(frozen=True)
class ClusteredRate:
    """A rate of clustered rows.

    Parameters
    ----------
    events, trials : array, shape (groups,)
    clusters : array of int, shape (groups,)
        That had a trial.
    variance : array, shape (groups,)
        Linearised; NaN with fewer than two clusters.
    """

    events: Floats
    trials: Floats
    clusters: Ints
    variance: Floats

    @property
    def design_effect(self) -> Floats:
        """Variance by that of as many independent rows; NaN where a rate is 0, 1 or undefined."""
        with np.errstate(invalid="ignore", divide="ignore"):
            p = self.events / self.trials
            plain = p * (1.0 - p) / self.trials
            return np.where(plain > 0.0, self.variance / plain, np.nan)

    @property
    def effective_n(self) -> Floats:
        """Independent rows that would tell as much, never more than there are.

        The number of clusters where no trial or every trial was an event: with nothing to see
        of how clusters differ, each counts once.
        """
        with np.errstate(invalid="ignore", divide="ignore"):
            sized = self.trials / np.maximum(self.design_effect, 1.0)
        extreme = (self.events == 0.0) | (self.events == self.trials)
        sized = np.where(extreme, np.minimum(self.clusters, self.trials), sized)
        return np.where((self.trials > 0.0) & (self.clusters > 1), sized, np.nan)

    def interval(self, level: float = 0.95) -> Interval:
        """Wilson's interval at the effective number of rows; NaN with fewer than two clusters."""
        n = self.effective_n
        with np.errstate(invalid="ignore", divide="ignore"):
            return wilson(self.events / self.trials * n, n, level)


def linearised(events: npt.ArrayLike, trials: npt.ArrayLike) -> ClusteredRate:
    r"""Rate over clusters from their events and trials.

    .. math:: \text{variance} = \frac{m}{m - 1} \frac{\sum_c (x_c - p n_c)^2}{(\sum_c n_c)^2},
              \quad p = \frac{\sum_c x_c}{\sum_c n_c},

    over the m clusters that had a trial. Undefined with fewer than two.

    Parameters
    ----------
    events, trials : array, shape (clusters,)

    References
    ----------
    Cochran, W. G. (1977). Sampling Techniques, 3rd ed., section 6.4. Kish, L. (1965). Survey
    Sampling, section 8.2 (design effect). Korn, E. L. & Graubard, B. I. (1998). Confidence
    intervals for proportions with small expected number of positive counts estimated from survey
    data. Survey Methodology 24, 193-201 (interval at an effective number).

    Examples
    --------
    Two deployments that saw only right alerts, and two that saw only wrong ones:

    >>> rate = linearised([10, 10, 0, 0], [10, 10, 10, 10])
    >>> round(rate.design_effect.item(), 2), round(rate.effective_n.item(), 2)
    (13.33, 3.0)
    """
    x, n = np.asarray(events, dtype=np.float64), np.asarray(trials, dtype=np.float64)
    clusters = int(np.count_nonzero(n))
    total, size = x.sum(), n.sum()
    variance = np.nan
    if clusters > 1:
        spread = float(((x - total / size * n) ** 2).sum())
        variance = clusters / (clusters - 1) * spread / size**2
    return ClusteredRate(
        np.array(total), np.array(size), np.array(clusters), np.array(variance, dtype=np.float64)
    )


def clustered_rates(counts: AlertCounts, moments: ClusterMoments) -> dict[str, ClusteredRate]:
    """Return every rate but `alert_rate` with unknown outcomes, from sums over clusters.

    The sum of squares of `linearised` is :math:`w^T M w`, with M the products of cells summed
    over clusters and w the weights of the numerator less p times those of the denominator: one
    pass over the data serves every rate.

    Parameters
    ----------
    counts : AlertCounts
    moments : ClusterMoments
        Of the same decisions and threshold.
    """
    found = {}
    for name, definition in RATES.items():
        above, below = definition.weights()
        if name == "alert_rate" and counts.cells[:, 4:].any():
            continue
        events, trials = counts.cells @ above, counts.cells @ below
        subset = sum(1 << cell for cell in range(4) if below[cell])
        clusters = moments.active[:, subset]
        with np.errstate(invalid="ignore", divide="ignore"):
            p = np.where(trials > 0.0, events / trials, np.nan)
            w = above[None, :4] - p[:, None] * below[None, :4]
            spread = np.einsum("gi,gij,gj->g", w, moments.products, w)
            factor = np.where(clusters > 1, clusters / (clusters - 1.0), np.nan)
            variance = factor * np.maximum(spread, 0.0) / trials**2
        found[name] = ClusteredRate(events, trials, clusters, variance)
    return found


def clustered_rows(
    subset: str,
    threshold: float | None,
    counts: AlertCounts,
    moments: ClusterMoments,
    level: float = 0.95,
) -> list[Row]:
    """Rows of every rate with the interval ``wilson_neff_by_<cluster>``."""
    rows = []
    for name, rate in clustered_rates(counts, moments).items():
        low, high = rate.interval(level)
        with np.errstate(invalid="ignore", divide="ignore"):
            value = np.where(rate.trials > 0.0, rate.events / rate.trials, np.nan)
        rows += rows_of(
            subset, threshold, counts.groups, name, value, rate.events, rate.trials, low, high,
            f"wilson_neff_by_{moments.cluster}",
        )  # fmt: skip
    return rows
