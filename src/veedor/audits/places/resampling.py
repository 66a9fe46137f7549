"""Intervals that resample zones, or clusters of zones, whole."""

from __future__ import annotations

from functools import cached_property

import numpy as np
import numpy.typing as npt
from scipy import special

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

#: With fewer, no interval is given.
FEWEST_UNITS = 8
_MOST_UNDEFINED = 0.05


class ZoneResampling:
    """Resamples of n zones, drawn with replacement one by one, or by cluster.

    Resample r counts zone i w_ri times; every statistic of one audit uses the same w, so that what
    is compared shares its luck.

    Parameters
    ----------
    cluster : array of int, shape (n,)
        Number of the unit that each zone belongs to, from 0; ``arange(n)`` resamples zones.
    rng : numpy.random.Generator
    replicates : int
    level : float
        Of the intervals.

    References
    ----------
    Davison, A. C. & Hinkley, D. V. (1997). Bootstrap Methods and their Application, sections 2.4,
    3.8 and 5.2. https://doi.org/10.1017/CBO9780511802843

    Efron, B. (1987). Better bootstrap confidence intervals. Journal of the American Statistical
    Association 82, 171-185. https://doi.org/10.1080/01621459.1987.10478410
    """

    def __init__(
        self, cluster: Ints, rng: np.random.Generator, replicates: int = 2000, level: float = 0.95
    ) -> None:
        self.cluster = cluster
        self.units = int(cluster.max()) + 1 if len(cluster) else 0
        self.level = level
        drawn = rng.multinomial(self.units, np.full(self.units, 1.0 / self.units), size=replicates)
        self._drawn = drawn.astype(np.float64)
        self._whole = self.units == len(cluster)

    @property
    def enough(self) -> bool:
        """Whether there are enough units for an interval."""
        return self.units >= FEWEST_UNITS

    @cached_property
    def weights(self) -> Floats:
        """How often each zone counts, shape (replicates, n)."""
        return self._drawn if self._whole else np.ascontiguousarray(self._drawn[:, self.cluster])

    def log_ratios(self, sums: Floats, exponents: Floats) -> tuple[Floats, Floats]:
        r"""Intervals of products of powers of sums, by a studentised bootstrap of their logarithm.

        :math:`\theta_k = \prod_j S_j^{e_{kj}}` with :math:`S_j = \sum_i x_{ij}` and exponents that
        sum to 0: a ratio of sums has exponents 1 and -1. The standard error of log theta is by the
        jackknife over units, which errs to the safe side; in every resample, by linearisation,
        :math:`\sum_j e_{kj} x_{ij} / S_j` summed within units.

        Parameters
        ----------
        sums : array, shape (n, j)
            Terms of the sums, at least 0.
        exponents : array, shape (k, j)

        Returns
        -------
        low, high : array, shape (k,)
            NaN where a sum is 0, in the sample or in too many resamples, or units are too few.
        """
        nothing = np.full(len(exponents), np.nan)
        if not self.enough:
            return nothing, nothing.copy()
        scale = np.maximum(sums.sum(axis=0), 1e-300)
        unit = np.zeros((self.units, sums.shape[1]))
        np.add.at(unit, self.cluster, sums / scale * self.units)
        first, second = np.triu_indices(unit.shape[1])
        totals = self._drawn @ unit
        products = self._drawn @ (unit[:, first] * unit[:, second])
        whole = unit.sum(axis=0)
        low, high = nothing, nothing.copy()
        for k, row in enumerate(exponents):
            used = np.flatnonzero(row).tolist()
            if bool(np.any(whole[used] <= 0.0)):
                continue
            power = row[used]
            error = _jackknife_error(unit[:, used], power)
            with np.errstate(divide="ignore", invalid="ignore"):
                weighed = power / totals[:, used]
                moved = np.log(totals[:, used] / whole[used]) @ power
                variance = np.zeros(len(totals))
                for a, one in enumerate(used):
                    for b, other in enumerate(used):
                        pair = _place(min(one, other), max(one, other), unit.shape[1])
                        variance += weighed[:, a] * weighed[:, b] * products[:, pair]
                t = moved / np.sqrt(variance)
            t = t[np.isfinite(t)]
            if error <= 1e-12:
                low[k] = high[k] = float(np.exp(np.log(sums.sum(axis=0)[used]) @ power))
                continue
            if len(t) < (1.0 - _MOST_UNDEFINED) * len(totals):
                continue
            tail = 50.0 * (1.0 - self.level)
            below, above = np.percentile(t, [tail, 100.0 - tail])
            centre = float(np.log(sums.sum(axis=0)[used]) @ power)
            # One unit that holds nearly everything leaves no end: infinity, which is no interval.
            with np.errstate(over="ignore"):
                low[k], high[k] = np.exp(centre - above * error), np.exp(centre - below * error)
        return low, high

    def percentiles(
        self, value: float, replicates: Floats, part: float = 1.0
    ) -> tuple[float, float]:
        """Interval of any statistic: percentiles corrected for bias, and expanded for few units.

        The percentile at each end is the normal probability below ``2 z0 -/+ q``, where z0 is the
        normal quantile of the share of resamples below the value, and q is Student's t quantile
        with n - 1 degrees of freedom times sqrt(n / (n - 1)) for the n units that it is made of.

        Parameters
        ----------
        value : float
            Of the sample.
        replicates : array, shape (replicates,)
            Of the resamples; NaN where undefined.
        part : float
            Of the units that the statistic is made of: a tenth for the most targeted tenth.

        Returns
        -------
        low, high : float
            NaN with too few units, too many undefined resamples, or resamples that are all alike.
        """
        defined = replicates[np.isfinite(replicates)]
        few = len(defined) < (1.0 - _MOST_UNDEFINED) * len(replicates)
        # Where every resample says the same, as of a share of 0, the resamples know no uncertainty.
        if few or not self.enough or not np.isfinite(value) or np.ptp(defined) <= 0.0:
            return float("nan"), float("nan")
        n = max(part * self.units, 2.0)
        quantile = special.stdtrit(n - 1, 0.5 + self.level / 2.0) * np.sqrt(n / (n - 1))
        below = np.mean(defined < value) + 0.5 * np.mean(defined == value)
        shift = special.ndtri(np.clip(below, 1e-3, 1.0 - 1e-3))
        ends = 100.0 * special.ndtr(2.0 * shift + np.array([-quantile, quantile]))
        low, high = np.percentile(defined, ends)
        return float(low), float(high)


def _jackknife_error(unit: Floats, power: Floats) -> float:
    """Standard error of the logarithm of a product of powers of sums, leaving out unit by unit."""
    n = len(unit)
    rest = unit.sum(axis=0) - unit
    without = np.log(np.where(rest > 0.0, rest, np.nan)) @ power
    deviations = without - np.nanmean(without)
    return float(np.sqrt((n - 1) / n * np.nansum(deviations**2)))


def _place(one: int, other: int, n: int) -> int:
    """Place of a pair, one <= other, among those of ``triu_indices(n)``."""
    return one * n - one * (one - 1) // 2 + other - one
