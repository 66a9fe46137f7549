"""How counts depart from what is expected: how far, and whether a departure lasts."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from veedor.arrays import Floats, Ints

_MOST_CARRIED = 0.9
_POISSON = 1e-9
#: Below it, differences of periods say little of dispersion.
_FEWEST_PERIODS = 8
#: Variance of the estimates from n independent periods, times n: of the dispersion, relative to it,
#: and of the autocorrelation.
_OF_DISPERSION = 3.0
_OF_CARRIED = 1.5


@dataclass(frozen=True, eq=False)
class Departures:
    """Of many series, arrays of shape (series,).

    Parameters
    ----------
    dispersion : array
        Variance by mean; at least 1.
    carried : array in [0, 0.9]
        Share of a period's departure that lasts into the next: the autocorrelation of a first-order
        autoregression.
    """

    dispersion: Floats
    carried: Floats

    @property
    def long_run(self) -> Floats:
        """Variance by mean of a sum over many periods: dispersion x (1 + carried) / (1 - carried).

        >>> Departures(np.array([2.0]), np.array([0.5])).long_run
        array([6.])
        """
        return np.asarray(self.dispersion * (1.0 + self.carried) / (1.0 - self.carried))

    def freedom(self, periods: int) -> Floats:
        """Degrees of freedom of `long_run` as estimated from so many periods: 2 by its variance.

        >>> Departures(np.array([2.0, 2.0]), np.array([0.0, 0.5])).freedom(90).round(1)
        array([20. , 13.2])
        """
        of_carried = _OF_CARRIED * (2.0 / (1.0 - self.carried**2)) ** 2
        return np.asarray(2.0 * periods / (_OF_DISPERSION + of_carried))


def departures(y: npt.ArrayLike, e: npt.ArrayLike, shift: Ints | None = None) -> Departures:
    r"""Estimate dispersion and autocorrelation from differences: a level shift adds little to them.

    With :math:`r_t = (y_t - m_t) / \sqrt{m_t}`, :math:`m_t` in proportion to e, the semivariances
    :math:`\gamma_h`, half the mean square of :math:`r_{t+h} - r_t`, are :math:`\phi (1 - a^h)` for
    an autoregression: :math:`(1 + a)^2 = (\gamma_2 + \gamma_3) / \gamma_1 - 1` and
    :math:`\phi = \gamma_1 / (1 - a)`. A shift is in h differences of the many at each h, and in
    none where it is given.

    Parameters
    ----------
    y : array, shape (series, periods)
    e : array, shape (periods,)
        At least 4 above 0. Periods without an expected count are left out.
    shift : array of int, shape (series,), optional
        First period of the new level, where there may be one: no difference across it is used.

    Returns
    -------
    Departures
        A negative autocorrelation counts as none. Dispersion 1 for a series without incidents.

    References
    ----------
    Cressie, N. (1993). Statistics for Spatial Data, revised edition. Wiley, 2.4 (the semivariance).
    https://doi.org/10.1002/9781119115151

    Examples
    --------
    >>> found = departures([[1.0, 9.0, 1.0, 9.0]], np.ones(4))
    >>> found.dispersion, found.carried
    (array([6.4]), array([0.]))
    >>> departures([[4.0, 6.0, 9.0, 8.0, 5.0, 3.0, 5.0, 9.0]], np.ones(8)).carried.round(2)
    array([0.9])
    """
    counts, expected = np.asarray(y, dtype=np.float64), np.asarray(e, dtype=np.float64)
    used = expected > 0
    counts, expected = counts[:, used], expected[used]
    level = counts.sum(axis=1, keepdims=True) / expected.sum()
    level = np.where(level > 0, level, 1.0)
    aside = (counts - level * expected) / np.sqrt(level * expected)
    edge: Ints = np.zeros(len(counts), dtype=np.int64)
    if shift is not None:
        edge = np.cumsum(used, dtype=np.int64)[shift - 1]
    variance, carried = _autoregressions(aside, edge)
    return Departures(np.maximum(1.0, variance), carried)


def common_departures(y: npt.ArrayLike) -> Departures:
    r"""Estimate one dispersion and one autocorrelation for all places, against their common total.

    The semivariances of `departures`, :math:`m_t` each place's incidents in proportion to those of
    all, averaged over the places: no place alone has incidents enough.

    Parameters
    ----------
    y : array, shape (places, periods)

    Returns
    -------
    Departures
        Arrays of shape (1,). Dispersion 1 where fewer than eight periods, or fewer than two places,
        have incidents.

    Examples
    --------
    >>> drawn = draw_counts(np.full((400, 60), 2.0), 1.5, np.random.default_rng(1), carried=0.3)
    >>> found = common_departures(drawn)
    >>> found.dispersion.round(1), found.carried.round(1)
    (array([1.5]), array([0.3]))
    """
    counts = np.asarray(y, dtype=np.float64)
    total, place = counts.sum(axis=0), counts.sum(axis=1)
    counts, total, place = counts[place > 0][:, total > 0], total[total > 0], place[place > 0]
    places, periods = counts.shape
    if places < 2 or periods < _FEWEST_PERIODS:
        return Departures(np.ones(1), np.zeros(1))
    mean = np.outer(place, total / total.sum())
    # Of the total each has only what the others leave: (1 - 1/n) of a Poisson's variance, together.
    aside = (counts - mean) / np.sqrt(mean) * np.sqrt(places / (places - 1.0))
    edge = np.zeros((places, 1), dtype=np.int64)
    parts = [float(_semivariance(aside, edge, h).mean()) for h in (1, 2, 3)]
    variance, carried = _solved(*(np.array([part]) for part in parts))
    return Departures(np.maximum(1.0, variance), carried)


def autoregression(remainder: Floats) -> tuple[float, float]:
    """Variance and autocorrelation of one series that is 0 but for noise, by the same differences.

    >>> variance, carried = autoregression(np.array([2.0, -2.0, 2.0, -2.0, 2.0]))
    >>> variance, carried
    (8.0, 0.0)
    """
    variance, carried = _autoregressions(remainder[None], np.zeros(1, dtype=np.int64))
    return float(variance[0]), float(carried[0])


def _autoregressions(aside: Floats, edge: Ints) -> tuple[Floats, Floats]:
    return _solved(*(_semivariance(aside, edge[:, None], h) for h in (1, 2, 3)))


def _solved(one: Floats, two: Floats, three: Floats) -> tuple[Floats, Floats]:
    square = (two + three) / np.maximum(one, _POISSON) - 1.0
    carried = np.clip(np.sqrt(np.maximum(square, 0.0)) - 1.0, 0.0, _MOST_CARRIED)
    return one / (1.0 - carried), carried


def draw_departures(
    dispersion: float, carried: float, periods: float, many: int, rng: np.random.Generator
) -> Departures:
    """Draw what dispersion and autocorrelation may truly be, where these were estimated.

    Parameters
    ----------
    dispersion, carried : float
        As `departures` estimated them.
    periods : float
        From how many periods; infinite if they are known.
    many : int
    rng : numpy.random.Generator

    Examples
    --------
    >>> found = draw_departures(2.0, 0.3, np.inf, 2, np.random.default_rng(1))
    >>> found.dispersion, found.carried
    (array([2., 2.]), array([0.3, 0.3]))
    """
    spread = np.full(many, dispersion)
    if np.isfinite(periods):
        spread *= rng.gamma(periods / _OF_DISPERSION, _OF_DISPERSION / periods, size=many)
    lasting = carried + np.sqrt(_OF_CARRIED / periods) * rng.normal(size=many)
    return Departures(np.maximum(spread, 1.0), np.clip(lasting, 0.0, _MOST_CARRIED))


def _semivariance(aside: Floats, edge: Ints, apart: int) -> Floats:
    """Half the mean square of differences so far apart, but for those across the edge."""
    first = np.arange(aside.shape[1] - apart)
    within = (first >= edge) | (first + apart < edge)
    square = np.where(within, (aside[:, apart:] - aside[:, :-apart]) ** 2, 0.0)
    return np.asarray(square.sum(axis=1) / within.sum(axis=1) / 2.0)


def draw_counts(
    mean: Floats,
    dispersion: npt.ArrayLike,
    rng: np.random.Generator,
    carried: npt.ArrayLike = 0.0,
) -> Floats:
    """Draw series of counts with these means, dispersion and autocorrelation.

    Negative binomial where nothing is carried. Else an integer autoregression: of the incidents of
    a period some stay for the next, by binomial thinning, and new ones are drawn, so that each
    count has variance `dispersion` times its mean, and neighbouring ones the correlation `carried`
    (less where the mean changes by more than that allows).

    Parameters
    ----------
    mean : array, shape (series, periods)
    dispersion : float or array, shape (series,)
        At least 1.
    rng : numpy.random.Generator
    carried : float or array, shape (series,)
        From 0 to below 1.

    Returns
    -------
    array, shape (series, periods)

    References
    ----------
    Al-Osh, M. A. & Alzaid, A. A. (1987). First-order integer-valued autoregressive (INAR(1))
    process. Journal of Time Series Analysis 8, 261-275.
    https://doi.org/10.1111/j.1467-9892.1987.tb00438.x

    Examples
    --------
    >>> drawn = draw_counts(np.full((500, 200), 9.0), 2.0, np.random.default_rng(1), carried=0.5)
    >>> print(drawn.mean().round(1), (drawn.var() / drawn.mean()).round(1))
    9.0 2.0
    """
    spread = np.broadcast_to(np.asarray(dispersion, dtype=np.float64), len(mean))
    lasting = np.broadcast_to(np.asarray(carried, dtype=np.float64), len(mean))
    if not bool(np.any(lasting > 0)):
        return _independent(mean, spread[:, None], rng)
    drawn = np.empty(mean.shape)
    drawn[:, 0] = _independent(mean[:, 0], spread, rng)
    for period in range(1, mean.shape[1]):
        before, now = mean[:, period - 1], mean[:, period]
        change = now / np.where(before > 0, before, np.inf)
        stays = np.minimum(lasting * np.sqrt(change), np.minimum(change, 1.0))
        fresh = np.maximum(now - stays * before, 0.0)
        variance = spread * (now - stays**2 * before) - stays * (1.0 - stays) * before
        of_fresh = variance / np.where(fresh > 0, fresh, np.inf)
        kept = rng.binomial(drawn[:, period - 1].astype(np.int64), stays)
        drawn[:, period] = kept + _independent(fresh, of_fresh, rng)
    return drawn


def _independent(mean: Floats, dispersion: Floats, rng: np.random.Generator) -> Floats:
    scale = np.maximum(dispersion - 1.0, 0.0)
    if bool(np.all(scale <= _POISSON)):
        return rng.poisson(mean).astype(np.float64)
    scale = np.maximum(scale, _POISSON)
    return rng.poisson(rng.gamma(mean / scale, scale)).astype(np.float64)
