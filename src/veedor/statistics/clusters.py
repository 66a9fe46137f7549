"""How many independent rows clustered ones are worth: the same person, the same deployment.

Ten alerts from one evening are not ten independent trials. The variance of a rate is linearised
over clusters; the design effect is how many times that of independent rows it is; intervals are
taken at the number of rows divided by the design effect, and by what Student's t costs where
clusters are few or one of them holds most.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
from scipy import special

from veedor.arrays import Bools, Floats, Ints
from veedor.statistics.intervals import Interval, garwood, normal_quantile, wilson


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
    squares : array, shape (groups,)
        Sum over clusters of their trials, squared.
    covariance : array, shape (groups,)
        With the rate of the group that all are compared with; 0 where no cluster is in both.
    """

    events: Floats
    trials: Floats
    clusters: Ints
    variance: Floats
    squares: Floats
    covariance: Floats

    @property
    def value(self) -> Floats:
        """Events by trials, NaN where there was no trial."""
        with np.errstate(invalid="ignore", divide="ignore"):
            return np.where(self.trials > 0.0, self.events / self.trials, np.nan)

    @property
    def independent(self) -> Bools:
        """Whether every row is a cluster of its own."""
        return np.asarray(self.trials <= self.clusters)

    @property
    def design_effect(self) -> Floats:
        """Variance by that of as many independent rows; NaN where a rate is 0, 1 or undefined."""
        with np.errstate(invalid="ignore", divide="ignore"):
            p = self.value
            plain = p * (1.0 - p) / self.trials
            return np.where(plain > 0.0, self.variance / plain, np.nan)

    @property
    def effective_clusters(self) -> Floats:
        """Clusters of equal size that would tell as much: trials squared by their squares' sum."""
        with np.errstate(invalid="ignore", divide="ignore"):
            return np.where(self.trials > 0.0, self.trials**2 / self.squares, np.nan)

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
        sized = np.where(self.independent, self.trials, sized)
        enough = (self.clusters > 1) | self.independent
        return np.where((self.trials > 0.0) & enough, sized, np.nan)

    def size(self, level: float = 0.95) -> Floats:
        """Independent rows of which an interval is taken: Korn and Graubard's adjusted number.

        `effective_n` times the square of a quantile of Student's t with as many degrees of freedom
        as rows, less one, by that with as many as effective clusters, less one (at least one).
        """
        few = np.maximum(self.effective_clusters - 1.0, 1.0)
        rows = np.maximum(self.trials - 1.0, 1.0)
        tail = 0.5 + level / 2.0
        cost = (special.stdtrit(rows, tail) / special.stdtrit(few, tail)) ** 2
        # Without events on one side the clusters were counted, not their spread.
        extreme = (self.events == 0.0) | (self.events == self.trials)
        sized = self.effective_n * np.where(self.independent | extreme, 1.0, cost)
        return np.asarray(np.minimum(sized, self.trials), dtype=np.float64)

    def interval(self, level: float = 0.95) -> Interval:
        """Wilson's interval at `size`; NaN with fewer than two clusters."""
        n = self.size(level)
        return wilson(self.value * n, n, level)


def linearised(
    events: npt.ArrayLike, trials: npt.ArrayLike, base: int | None = None
) -> ClusteredRate:
    r"""Rate over clusters from their events and trials.

    .. math:: \text{variance} = \frac{m}{m - 1} \frac{\sum_c (x_c - p n_c)^2}{(\sum_c n_c)^2},
              \quad p = \frac{\sum_c x_c}{\sum_c n_c},

    over the m clusters that had a trial. Undefined with fewer than two.

    Parameters
    ----------
    events, trials : array, shape (clusters,) or (groups, clusters)
    base : int, optional
        Group with whose rate the covariance is wanted.

    References
    ----------
    Cochran, W. G. (1977). Sampling Techniques, 3rd ed., section 6.4. Kish, L. (1965). Survey
    Sampling, section 8.2 (design effect). Korn, E. L. & Graubard, B. I. (1998). Confidence
    intervals for proportions with small expected number of positive counts estimated from survey
    data. Survey Methodology 24, 193-201 (interval at an effective number). Carter, A. V., Schnepel,
    K. T. & Steigerwald, D. G. (2017). Asymptotic behavior of a t-test robust to cluster
    heterogeneity. Review of Economics and Statistics 99, 698-709.
    https://doi.org/10.1162/REST_a_00639 (clusters of unequal size).

    Examples
    --------
    Two deployments that saw only right alerts, and two that saw only wrong ones:

    >>> rate = linearised([10, 10, 0, 0], [10, 10, 10, 10])
    >>> round(rate.design_effect.item(), 2), round(rate.effective_n.item(), 2)
    (13.33, 3.0)
    >>> round(rate.size().item(), 2)
    1.21
    """
    x, n = np.asarray(events, dtype=np.float64), np.asarray(trials, dtype=np.float64)
    clusters = np.count_nonzero(n, axis=-1)
    total, size = x.sum(axis=-1), n.sum(axis=-1)
    with np.errstate(invalid="ignore", divide="ignore"):
        residual = (x - (total / size)[..., None] * n) / size[..., None]
        factor = np.where(clusters > 1, clusters / (clusters - 1.0), np.nan)
        variance = factor * (residual**2).sum(axis=-1)
        covariance = np.zeros_like(total)
        if base is not None:
            joint = (residual * residual[base]).sum(axis=-1) * np.sqrt(factor * factor[base])
            covariance = np.nan_to_num(joint)
    return ClusteredRate(
        np.asarray(total), np.asarray(size), np.asarray(clusters), np.asarray(variance),
        np.asarray((n**2).sum(axis=-1)), np.asarray(covariance),
    )  # fmt: skip


def per_exposure(
    events: npt.ArrayLike, exposure: npt.ArrayLike, level: float = 0.95
) -> tuple[Interval, Bools]:
    """Interval of events by exposure, as alarms an hour, over clusters that differ.

    Garwood's, at as many events and as much exposure as independent ones would be: divided by how
    many times the Poisson variance the linearised one is (at least 1), and by what Student's t
    costs for so few effective clusters. Garwood's itself with a single cluster, or without events,
    where nothing shows how clusters differ.

    Parameters
    ----------
    events, exposure : array, shape (clusters,) or (groups, clusters)
    level : float

    Returns
    -------
    (low, high) : array, shape (groups,) each
    array of bool, shape (groups,)
        Whether clusters were allowed for.

    Examples
    --------
    The same 40 alarms in 100 hours, spread evenly over five evenings and all on two of them:

    >>> hours = [20] * 5
    >>> [end.round(2).item() for end in per_exposure([8, 8, 8, 8, 8], hours)[0]]
    [0.24, 0.62]
    >>> [end.round(2).item() for end in per_exposure([20, 20, 0, 0, 0], hours)[0]]
    [0.02, 1.85]
    """
    rate = linearised(events, exposure)
    with np.errstate(invalid="ignore", divide="ignore"):
        effect = np.maximum(rate.variance * rate.trials / rate.value, 1.0)
        few = np.maximum(rate.effective_clusters - 1.0, 1.0)
        cost = (normal_quantile(level) / special.stdtrit(few, 0.5 + level / 2.0)) ** 2
        over = np.asarray((rate.clusters > 1) & (rate.events > 0.0))
        worth = np.where(over, cost / effect, 1.0)
    return garwood(rate.events * worth, rate.trials * worth, level), over


def widest(first: ClusteredRate, second: ClusteredRate) -> tuple[ClusteredRate, Ints]:
    """Take for each group the one of two clusterings that leaves the fewer independent rows.

    Returns
    -------
    ClusteredRate
    array of int
        0 where it is the first, 1 where the second.
    """
    one, two = np.nan_to_num(first.size()), np.nan_to_num(second.size())
    chosen = two < one
    parts = {
        name: np.where(chosen, getattr(second, name), getattr(first, name))
        for name in ("clusters", "variance", "squares", "covariance")
    }
    return replace(first, **parts), chosen.astype(np.int64)
