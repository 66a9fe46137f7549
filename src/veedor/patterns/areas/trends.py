"""Log-linear trends of count series with a season, gaps and an exposure: a score test."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import special, stats

from veedor.arrays import Floats
from veedor.patterns.departures import departures
from veedor.statistics.regression import gram, poisson_regression

#: Fewest spans and recorded incidents of a trend, and the fewest years it goes over.
FEWEST_SPANS, FEWEST_RECORDED, FEWEST_YEARS = 8, 10, 2.0
#: Waves of the season: a year, and half a year.
_WAVES = 2
#: Standard deviations of the priors around 0: of how far a series' season is from the common one,
#: and of the logarithm of its change in a year. Both only keep rare series from running off.
_SEASON, _SLOPE = 0.3, 5.0


@dataclass(frozen=True, eq=False)
class Trend:
    """The trend of a series.

    Parameters
    ----------
    slope, error : float
        Logarithm of the yearly change, and its standard error.
    freedom : float
        Degrees of freedom of the error.
    p_value : float
        Of there being none, two-sided.
    dispersion, carried : float
        Variance by mean, and the share of a departure that lasts into the next span.
    level : array, shape (spans,)
        Expected counts without the trend: exposure and season alone.
    fitted : array, shape (spans,)
        Expected counts with it.
    """

    slope: float
    error: float
    freedom: float
    p_value: float
    dispersion: float
    carried: float
    level: Floats
    fitted: Floats

    def interval(self, level: float = 0.95) -> tuple[float, float]:
        """Interval of the logarithm of the yearly change."""
        reach = float(stats.t.ppf(0.5 + level / 2.0, self.freedom)) * self.error
        return self.slope - reach, self.slope + reach


def enough(counts: Floats, years: Floats) -> bool:
    """Whether a series can have a trend: spans, incidents, and years that it goes over.

    >>> enough(np.full(24, 1.0), np.arange(24) / 12), enough(np.full(23, 1.0), np.arange(23) / 12)
    (True, False)
    """
    if len(counts) < FEWEST_SPANS or counts.sum() < FEWEST_RECORDED:
        return False
    step = float(np.median(np.diff(years)))
    return bool(years[-1] - years[0] + step >= FEWEST_YEARS - 1e-2)


def waves(years: Floats) -> Floats:
    """Season of a year in waves, shape (spans, 4); none where spans are years.

    >>> waves(np.array([0.5, 1.5])).shape, waves(np.arange(24) / 12).shape
    ((2, 0), (24, 4))
    """
    if len(years) < 2 or float(np.median(np.diff(years))) > 0.3:
        return np.zeros((len(years), 0))
    turns = 2.0 * np.pi * np.outer(years, np.arange(1, _WAVES + 1))
    return np.column_stack([np.sin(turns), np.cos(turns)])


def common_season(counts: Floats, exposure: Floats, years: Floats) -> Floats:
    """Season that series have in common, as a factor of each span about 1, shape (spans,).

    Fitted beside a smooth course of the years, so that a rise is no season.

    Parameters
    ----------
    counts, exposure : array, shape (spans,)
        Of all series together; a span without exposure is left out.
    years : array, shape (spans,)
        Middle of each span.
    """
    used = exposure > 0.0
    wave = waves(years)
    if not wave.shape[1] or counts[used].sum() <= 0.0 or np.ptp(years[used]) < FEWEST_YEARS - 0.1:
        return np.ones(len(years))
    ago = (years[used] - years[used].mean()) / max(float(np.ptp(years[used])), 1.0)
    course = np.column_stack([ago**power for power in range(4)])
    design = np.column_stack([course, wave[used]])
    expected = exposure[used] * counts[used].sum() / exposure[used].sum()
    precision = np.array([0.0, *np.full(3, _SLOPE**-2), *np.full(wave.shape[1], 1.0)])
    fit = poisson_regression(design, counts[used], expected, precision)
    season = np.exp(wave @ fit.coefficients[4:])
    found: Floats = season / season[used].mean()
    return found


def trend(
    counts: Floats, exposure: Floats, years: Floats, *, least_carried: float = 0.0
) -> Trend | None:
    r"""Log-linear trend of a series, with what is left of a season, by quasi-likelihood.

    .. math:: \log E(y_t) = \log e_t + a + b \tau_t + s_t, \quad
              \mathrm{var}(y_t) = \phi E(y_t)

    with exposures e (people and length of a span, and the season that series have in common), time
    :math:`\tau` in years, and s two waves a year with a prior around 0. Departures from it last:
    with the share a of one that is carried into the next span, sums vary by :math:`\lambda = \phi
    (1 + a) / (1 - a)`. The p-value is that of the score of b where b is 0: with few incidents it
    keeps its size where an estimate by its standard error does not.

    Parameters
    ----------
    counts, exposure, years : array, shape (spans,)
        Spans that were reported, in order; exposures above 0, years of their middles.
    least_carried : float
        Share that series of this kind carry on average: one alone hardly tells.

    Returns
    -------
    Trend or None
        None for fewer than 8 spans, less than 2 years, or fewer than 10 incidents.

    References
    ----------
    McCullagh, P. & Nelder, J. A. (1989). Generalized Linear Models, 2nd ed., chapter 9 (quasi-
    likelihood). https://doi.org/10.1201/9780203753736

    Rao, C. R. (1948). Large sample tests of statistical hypotheses concerning several parameters.
    Proceedings of the Cambridge Philosophical Society 44, 50-57.
    https://doi.org/10.1017/S0305004100023987

    Examples
    --------
    Half as many again each year:

    >>> years = (np.arange(48) + 0.5) / 12
    >>> found = trend(np.round(40 * 1.5**years), np.ones(48), years)
    >>> round(float(np.exp(found.slope)), 2), found.p_value < 1e-9
    (1.5, True)
    """
    if not enough(counts, years):
        return None
    wave = waves(years)
    nuisance = np.column_stack([np.ones(len(years)), wave])
    expected = exposure * counts.sum() / exposure.sum()
    priors = np.array([0.0, *np.full(wave.shape[1], _SEASON**-2)])
    null = poisson_regression(nuisance, counts, expected, priors)
    level = expected * np.exp(nuisance @ null.coefficients)
    tau = years - float(np.average(years, weights=level))
    design, precision = np.column_stack([nuisance, tau]), np.append(priors, _SLOPE**-2)
    start = np.append(null.coefficients, 0.0)
    fit = poisson_regression(design, counts, expected, precision, [start])
    fitted = expected * np.exp(design @ fit.coefficients)
    aside = departures(counts[None], fitted)
    dispersion = max(float(aside.dispersion[0]), _pearson(counts, fitted, design.shape[1]))
    carried = max(float(aside.carried[0]), least_carried)
    lasting = type(aside)(np.array([dispersion]), np.array([carried]))
    long_run, freedom = float(lasting.long_run[0]), float(lasting.freedom(len(years))[0])
    score = float(tau @ (counts - level))
    apart = score / np.sqrt(long_run * _left(nuisance, tau, level, priors))
    error = np.sqrt(long_run / _left(nuisance, tau, fitted, priors))
    return Trend(
        slope=float(fit.coefficients[-1]),
        error=float(error),
        freedom=freedom,
        p_value=float(2.0 * special.stdtr(freedom, -abs(apart))),
        dispersion=dispersion,
        carried=carried,
        level=level,
        fitted=fitted,
    )


def _pearson(counts: Floats, fitted: Floats, parameters: int) -> float:
    """Variance by mean of what is left, by Pearson's chi-squared."""
    left = len(counts) - parameters
    return float(np.sum((counts - fitted) ** 2 / fitted) / left) if left > 0 else 1.0


def _left(nuisance: Floats, tau: Floats, mean: Floats, priors: Floats) -> float:
    """Information on the slope that the other terms leave."""
    cross = nuisance.T @ (mean * tau)
    held = np.linalg.solve(gram(nuisance, mean) + np.diag(priors), cross)
    return float(tau @ (mean * tau) - cross @ held)
