"""Rates of counts by exposure: small ones drawn towards others, and the limits of funnels."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import special, stats

from veedor.arrays import Bools, Floats
from veedor.statistics.intervals import Interval, garwood
from veedor.statistics.spatial import Neighbours, lag

#: Share of the z-scores at each end that is drawn in before dispersion is measured.
WINSORISED = 0.1


@dataclass(frozen=True, eq=False)
class ShrunkRates:
    """Rates drawn towards a common one, arrays of shape (places,); NaN without exposure.

    Parameters
    ----------
    value : array
        Between the place's own rate and the common one.
    low, high : array
        Ends of the 95% interval of a gamma distribution with the value as its mean.
    towards : array
        The common rate of each.
    between : array
        Variance of true rates between places, by moments; 0 where its estimate is not above 0, and
        then the value is the common rate.
    own : array in [0, 1]
        Weight of the place's own rate.
    """

    value: Floats
    low: Floats
    high: Floats
    towards: Floats
    between: Floats
    own: Floats


def marshall(
    events: npt.ArrayLike, exposure: npt.ArrayLike, neighbours: Neighbours | None = None
) -> ShrunkRates:
    r"""Marshall's empirical Bayes rates, towards that of all places, or of each and its neighbours.

    With rates :math:`r_i = y_i / n_i`, the common rate :math:`m = \sum y / \sum n` and
    :math:`A = \sum n_i (r_i - m)^2 / \sum n - m / \bar n` (over all places, or over a place and its
    neighbours), the value is :math:`m + C_i (r_i - m)` with :math:`C_i = A / (A + m / n_i)`. Where
    A is not above 0, rates differ by no more than chance gives: C is 0.

    It is the mean of a gamma distribution with shape :math:`y_i + m^2 / A` and rate
    :math:`n_i + m / A`, whose quantiles are the interval; where A is 0, Garwood's of the common
    rate. As m and A are taken as known, intervals of few places are too short.

    Parameters
    ----------
    events, exposure : array, shape (places,)
        Places without exposure have no rate, and are nobody's neighbours.
    neighbours : (indptr, indices), optional
        For the local form: a place without neighbours that have a rate keeps its own.

    References
    ----------
    Marshall, R. J. (1991). Mapping disease and mortality rates using empirical Bayes estimators.
    Journal of the Royal Statistical Society C 40, 283-294. https://doi.org/10.2307/2347593

    Examples
    --------
    Rates of 0.1, 0.2 and 0.3: m is 0.2, A is 0.006667 - 0.002 = 0.004667, C 0.7.

    >>> found = marshall([10, 20, 30], [100, 100, 100])
    >>> found.value.round(3), found.own.round(3)
    (array([0.13, 0.2 , 0.27]), array([0.7, 0.7, 0.7]))

    Differences that chance alone gives are all drawn in:

    >>> marshall([4, 5, 6], [100, 100, 100]).value.round(3)
    array([0.05, 0.05, 0.05])
    """
    y, n = np.asarray(events, dtype=np.float64), np.asarray(exposure, dtype=np.float64)
    known = (n > 0.0) & np.isfinite(y)
    y, n = np.where(known, y, 0.0), np.where(known, n, 0.0)
    with np.errstate(divide="ignore", invalid="ignore"):
        rate = y / n
        if neighbours is None:
            sums = [np.full(len(y), part.sum()) for part in (y, n, known.astype(np.float64))]
        else:
            sums = [part + lag(part, neighbours) for part in (y, n, known.astype(np.float64))]
        events_around, exposure_around, places_around = sums
        towards = events_around / exposure_around
        # Sum of n (r - m)^2 over the places around: of n r^2, less the part of the mean.
        square = np.where(known, y * rate, 0.0)
        squares = (
            np.full(len(y), square.sum())
            if neighbours is None
            else square + lag(square, neighbours)
        )
        spread = squares / exposure_around - towards**2
        between = np.maximum(spread - towards * places_around / exposure_around, 0.0)
        # Rounding of rates that are all alike is no variance.
        between = np.where(between > 1e-12 * towards**2, between, 0.0)
        own = np.where(between > 0.0, between / (between + towards / n), 0.0)
        # Alone, a place has no variance around it and nothing to be drawn towards.
        own = np.where(places_around > 1, own, 1.0)
        value = towards + own * (rate - towards)
        shape = y + towards**2 / between
        scale = 1.0 / (n + towards / between)
        drawn = between > 0.0
        tails = [special.gammaincinv(np.where(drawn, shape, 1.0), tail) for tail in (0.025, 0.975)]
        common = garwood(events_around, exposure_around)
        low, high = (
            np.where(drawn, tail * scale, end) for tail, end in zip(tails, common, strict=True)
        )
    return ShrunkRates(
        *(np.where(known, part, np.nan) for part in (value, low, high, towards, between, own))
    )


@dataclass(frozen=True, eq=False)
class Funnel:
    r"""Where the rates of places lie if all are alike but for chance.

    Parameters
    ----------
    target : float
        Rate of all places together.
    dispersion : float
        Mean square of winsorised z-scores; about 0.7 where all places are alike, as far ones are
        drawn in.
    widened : bool
        Whether limits are widened by the root of the dispersion: where it is above
        :math:`1 + 2\sqrt{2 / I}` for I places, more than chance gives.
    """

    target: float
    dispersion: float
    widened: bool

    def limits(self, exposure: npt.ArrayLike, level: float) -> Interval:
        r"""Limits of rates by exposure, between which a share `level` of alike places lies.

        Exact Poisson limits, interpolated between whole counts: with q half of 1 - `level` and r
        the smallest count with :math:`P(Y \le r) > q`, the lower is :math:`(r - (P(Y \le r) -
        q) / P(Y = r)) / n`. The upper is its mirror image, with r the largest count with
        :math:`P(Y \ge r) > q`: the paper takes the lower formula for both ends, by which counts
        that are likelier than q can lie above. Widened about the target where places differ by more
        than chance; never below 0.

        Parameters
        ----------
        exposure : array
            Above 0.
        level : float

        Examples
        --------
        Of mean 10, 3 or fewer have probability .0103, 4 or fewer .0293; 18 or more .0143, 17 or
        more .0270:

        >>> low, high = Funnel(0.1, 1.0, False).limits([100.0], 0.95)
        >>> low.round(4).item(), high.round(4).item()
        (0.0378, 0.1716)
        """
        n = np.asarray(exposure, dtype=np.float64)
        mean, tail = self.target * n, (1.0 - level) / 2.0
        few, many = stats.poisson.ppf(tail, mean), stats.poisson.isf(tail, mean)
        ends = (
            few - (stats.poisson.cdf(few, mean) - tail) / stats.poisson.pmf(few, mean),
            many + (stats.poisson.sf(many - 1, mean) - tail) / stats.poisson.pmf(many, mean),
        )
        wider = np.sqrt(self.dispersion) if self.widened else 1.0
        low, high = (self.target + (end / n - self.target) * wider for end in ends)
        return np.maximum(low, 0.0), high


def funnel(events: npt.ArrayLike, exposure: npt.ArrayLike) -> Funnel | None:
    r"""Fit a funnel to the rates of places; None for fewer than three, or without events.

    z-scores are :math:`(r_i - m) / \sqrt{m / n_i}`; the tenth at each end is drawn in to where that
    tenth begins, and their mean square is the dispersion.

    Parameters
    ----------
    events, exposure : array, shape (places,)
        Places without exposure (0 or NaN) are left out.

    References
    ----------
    Spiegelhalter, D. J. (2005). Funnel plots for comparing institutional performance. Statistics in
    Medicine 24, 1185-1202. https://doi.org/10.1002/sim.1970

    Spiegelhalter, D. J. (2005). Handling over-dispersion of performance indicators. Quality and
    Safety in Health Care 14, 347-351. https://doi.org/10.1136/qshc.2005.013755

    Examples
    --------
    >>> found = funnel([10, 12, 8, 40], [100.0, 100.0, 100.0, 100.0])
    >>> found.target, round(found.dispersion, 2), found.widened
    (0.175, 5.21, True)
    """
    y, n = np.asarray(events, dtype=np.float64), np.asarray(exposure, dtype=np.float64)
    known: Bools = (n > 0.0) & np.isfinite(y)
    y, n = y[known], n[known]
    if len(y) < 3 or y.sum() <= 0.0:
        return None
    target = float(y.sum() / n.sum())
    z = (y / n - target) / np.sqrt(target / n)
    drawn_in = np.clip(z, *np.quantile(z, (WINSORISED, 1.0 - WINSORISED)))
    dispersion = float(np.mean(drawn_in**2))
    return Funnel(target, dispersion, dispersion > 1.0 + 2.0 * (2.0 / len(y)) ** 0.5)
