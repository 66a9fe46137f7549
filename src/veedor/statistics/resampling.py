"""Bootstrap intervals that resample what varies together: whole weeks, runs, groups."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import special

from veedor.arrays import Floats, Ints
from veedor.statistics.codes import Denominator, Method
from veedor.statistics.dependence import SerialDependence, serial_dependence
from veedor.statistics.estimates import Estimate

#: Blocks that an interval needs.
FEWEST_BLOCKS = 6
# Share of the replicates beyond which the tail is taken as normal: fewer tell too little.
_FAR = 0.005


@dataclass(frozen=True)
class Spread:
    """How far a ratio varies on the side of 0, and the p-value that it is 0.

    Parameters
    ----------
    error : float
        As a standard error: beside Student's t with as many degrees of freedom as blocks less 1.
    p_value : float
        Two-sided; at most 0.05 just where the 95% interval of `BlockBootstrap.ratio`, stretched
        about the ratio as the dependence says, excludes 0.
    """

    error: float
    p_value: float


def resampled(counts: npt.ArrayLike, rng: np.random.Generator, replicates: int) -> Ints:
    """Draw as many rows as there are, with replacement, and count each kind again.

    That is a multinomial draw, at a cost that does not grow with the rows.

    Parameters
    ----------
    counts : array of whole numbers, shape (kinds,)
        Rows of each kind; ones where every row is a kind of its own.
    rng : numpy.random.Generator
    replicates : int

    Returns
    -------
    array of int, shape (replicates, kinds)
        Each row sums to the number of rows.

    References
    ----------
    Efron, B. & Tibshirani, R. J. (1993). An Introduction to the Bootstrap, section 6.
    https://doi.org/10.1007/978-1-4899-4541-9

    Examples
    --------
    >>> resampled([3, 0, 4], np.random.default_rng(0), 2).sum(axis=1)
    array([7, 7])
    """
    kinds = np.asarray(counts, dtype=np.float64)
    rows = round(float(kinds.sum()))
    return rng.multinomial(rows, kinds / max(rows, 1), size=replicates)


def expanded_tail(units: int, level: float, *, fitted: int = 1, widened: bool = False) -> float:
    r"""Share of bootstrap replicates beyond each end of an expanded percentile interval.

    .. math:: \Phi\left(-\sqrt{\tfrac{n}{n - k}}\; t_{n-k,\,(1 + \text{level})/2}\right)

    of n units resampled about k fitted values: plain percentiles of few units are too narrow.

    Parameters
    ----------
    units : int
        Above `fitted`.
    level : float
        In (0, 1).
    fitted : int
        Values fitted to the units: their mean, by default.
    widened : bool
        The units are residuals that the root was already applied to: the factor is 1.

    Returns
    -------
    float
        Below (1 - level)/2, and near it where units are many.

    References
    ----------
    Hesterberg, T. C. (2015). What teachers should know about the bootstrap. The American
    Statistician 69, 371-386. https://doi.org/10.1080/00031305.2015.1089789

    Examples
    --------
    >>> [round(expanded_tail(units, 0.95), 4) for units in (6, 52, 10**6)]
    [0.0024, 0.0213, 0.025]
    """
    freedom = units - fitted
    quantile = special.stdtrit(freedom, 0.5 + level / 2.0)
    factor = 1.0 if widened else np.sqrt(units / freedom)
    return float(special.ndtr(-quantile * factor))


def jackknife_variance(without: Floats) -> Floats:
    r"""Variance of a statistic by leaving out one group at a time.

    .. math:: \frac{n - 1}{n} \sum_i \left(t_{(i)} - \bar t_{(\cdot)}\right)^2

    Parameters
    ----------
    without : array, shape (groups, ...)
        The statistic without each group.

    Returns
    -------
    array, shape (...)

    References
    ----------
    Efron, B. & Stein, C. (1981). The jackknife estimate of variance. Annals of Statistics 9,
    586-596. https://doi.org/10.1214/aos/1176345462

    Examples
    --------
    >>> float(jackknife_variance(np.array([1.0, 2.0, 3.0])))
    1.3333333333333333
    """
    groups = len(without)
    square = np.sum((without - without.mean(axis=0)) ** 2, axis=0)
    return np.asarray((groups - 1) / groups * square)


def circular_blocks(periods: int, length: int, replicates: int, rng: np.random.Generator) -> Ints:
    """Draw periods in blocks of neighbours, the first following the last.

    Parameters
    ----------
    periods : int
    length : int
        Periods of a block, at least 1; the last block of a replicate is cut off.
    replicates : int
    rng : numpy.random.Generator

    Returns
    -------
    array of int, shape (replicates, periods)
        Numbers of the periods drawn; each period is as likely as any other.

    References
    ----------
    Politis, D. N. & Romano, J. P. (1992). A circular block-resampling procedure for stationary
    data. In LePage, R. & Billard, L. (eds), Exploring the Limits of Bootstrap, 263-270. Wiley.

    Examples
    --------
    >>> np.diff(circular_blocks(4, 4, 1, np.random.default_rng(0))) % 4
    array([[1, 1, 1]])
    """
    many = -(-periods // length)
    begins = rng.integers(0, periods, (replicates, many, 1))
    drawn = (begins + np.arange(length)) % periods
    return drawn.reshape(replicates, many * length)[:, :periods]


def usual_block_length(periods: int) -> int:
    """Block length that grows as the cube root of the periods: 2 for 8, 4 for 52 or 64.

    The rate is that of Kunsch (1989), https://doi.org/10.1214/aos/1176347265; the factor of 1 is a
    rule of thumb for scores whose autocorrelation is slight.

    Examples
    --------
    >>> [usual_block_length(n) for n in (1, 8, 52, 365)]
    [1, 2, 4, 7]
    """
    return max(1, round(float(np.cbrt(periods))))


def _share_up_to_0(drawn: Floats) -> float:
    """Share of the draws up to 0, between them as `numpy.percentile` interpolates."""
    ordered = np.sort(drawn)
    at = int(np.searchsorted(ordered, 0.0, side="right")) - 1
    if at < 0 or at == len(ordered) - 1:
        return 0.0 if at < 0 else 1.0
    between = -float(ordered[at]) / float(ordered[at + 1] - ordered[at])
    return (at + between) / (len(ordered) - 1)


class BlockBootstrap:
    """Expanded percentile intervals of ratios of sums, resampling blocks of periods.

    Incidents of one week rise and fall together, so weeks are resampled, never rows; one set of
    draws serves every estimate, so that estimates of one study share their luck. The percentile at
    each end is that of `expanded_tail`.

    Parameters
    ----------
    blocks : array of int, shape (periods,)
        Block of each period, from 0.
    rng : numpy.random.Generator
    replicates : int
    level : float
        Of the intervals.

    References
    ----------
    Davison, A. C. & Hinkley, D. V. (1997). Bootstrap Methods and their Application, sections 3.8
    and 8.2.3. https://doi.org/10.1017/CBO9780511802843

    Hesterberg, T. C. (2015). What teachers should know about the bootstrap. The American
    Statistician 69, 371-386 (the expanded percentile interval).
    https://doi.org/10.1080/00031305.2015.1089789
    """

    def __init__(
        self,
        blocks: Ints,
        rng: np.random.Generator,
        *,
        replicates: int = 4000,
        level: float = 0.95,
    ) -> None:
        self._blocks = blocks
        self._count = int(blocks.max()) + 1 if len(blocks) else 0
        self._weights = resampled(np.ones(self._count), rng, replicates).astype(np.float64)
        self._level = level

    @property
    def blocks(self) -> int:
        """Number of blocks."""
        return self._count

    def ratio(
        self, numerator: Floats, denominator: Floats, *, n: int | None = None, of: Denominator
    ) -> Estimate:
        """Sum of the numerators by the sum of the denominators.

        Parameters
        ----------
        numerator, denominator : array, shape (periods,)
        n : int, optional
            Size of the denominator to state; its rounded sum by default.
        of : Denominator
            What was counted for the denominator.

        Returns
        -------
        Estimate
            Undefined where the denominators sum to 0. No interval with fewer than six blocks.
        """
        total = float(denominator.sum())
        size = round(total) if n is None else n
        value = float(numerator.sum()) / total if total > 0.0 else None
        if value is None or self._count < FEWEST_BLOCKS:
            method = (
                Method("none_no_denominator")
                if value is None
                else Method("none_few_blocks", {"blocks": self._count})
            )
            return Estimate(value, None, None, self._level, method, size, of)
        drawn = self._drawn(numerator, denominator)
        tail = 100.0 * expanded_tail(self._count, self._level)
        low, high = np.percentile(drawn, [tail, 100.0 - tail])
        method = Method("expanded_percentile", {"blocks": self._count})
        return Estimate(value, float(low), float(high), self._level, method, size, of)

    def dependence(self, numerator: Floats, denominator: Floats) -> SerialDependence | None:
        """Measure how a ratio's blocks resemble the one before.

        Parameters
        ----------
        numerator, denominator : array, shape (periods,)

        Returns
        -------
        SerialDependence or None
            Of each block's numerator less its denominator's share of the whole. None without a
            denominator, with fewer than six blocks, or where all are alike.
        """
        top, below = self._sums(numerator), self._sums(denominator)
        total = float(below.sum())
        if total <= 0.0 or self._count < FEWEST_BLOCKS:
            return None
        return serial_dependence(top - float(top.sum()) / total * below)

    def spread(
        self,
        numerator: Floats,
        denominator: Floats,
        dependence: SerialDependence | None = None,
    ) -> Spread:
        """Say how far the ratio of sums is from 0, by the same draws as its interval.

        Parameters
        ----------
        numerator, denominator : array, shape (periods,)
            With a sum of denominators above 0 and at least six blocks.
        dependence : SerialDependence, optional
            Of the blocks: draws are stretched about the ratio, and Student's t has the degrees of
            freedom of the effective blocks. They are taken as independent by default.

        Notes
        -----
        Where fewer than 0.5% of the replicates lie beyond 0, the tail is taken as that of a normal
        distribution which has that percentile: so there is no smallest p-value.
        """
        drawn = self._drawn(numerator, denominator)
        value = float(numerator.sum()) / float(denominator.sum())
        side = 1.0 if value > 0.0 else -1.0
        far = float(special.ndtri(1.0 - _FAR))
        reach = side * (value - float(np.percentile(drawn, 50.0 - side * (50.0 - 100.0 * _FAR))))
        error = self._by_t * max(reach, 0.0) / far
        statistic = self._statistic(side * drawn, side * value, reach)
        tail = float(special.stdtr(self._count - 1, -statistic))
        if dependence is not None and dependence.inflation > 1.0:
            stretch = dependence.stretch(self._level)
            error *= dependence.inflation
            about = side * (value + stretch * (drawn - value))
            # Beside Student's t of fewer: at the level of the interval its end is 0 by either.
            statistic = self._statistic(about, side * value, stretch * reach)
            statistic *= stretch / dependence.inflation
            tail = max(tail, float(special.stdtr(dependence.degrees, -statistic)))
        return Spread(error, min(1.0, 2.0 * tail))

    @property
    def _by_t(self) -> float:
        """By how much the normal quantile of a tail exceeds Student's t, as in `ratio`."""
        return float(np.sqrt(self._count / (self._count - 1)))

    def _statistic(self, drawn: Floats, value: float, reach: float) -> float:
        """Student's t of the share of the draws up to 0, with a degree less than blocks."""
        beyond = _share_up_to_0(drawn)
        if beyond >= _FAR:
            normal = -float(special.ndtri(min(beyond, 0.5)))
        else:
            far = float(special.ndtri(1.0 - _FAR))
            normal = far * value / reach if reach > 0.0 else np.inf
        return normal / self._by_t

    def _drawn(self, numerator: Floats, denominator: Floats) -> Floats:
        """Ratio of sums of each replicate that has a denominator."""
        top = self._weights @ self._sums(numerator)
        below = self._weights @ self._sums(denominator)
        defined = below > 0.0
        drawn: Floats = top[defined] / below[defined]
        return drawn

    def _sums(self, values: Floats) -> Floats:
        """Sum of each block."""
        sums = np.bincount(self._blocks, weights=values, minlength=self._count)
        return np.asarray(sums, dtype=np.float64)
