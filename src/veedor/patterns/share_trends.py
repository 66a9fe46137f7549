"""Trends of places against the places that kept their share, with exact tails."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import special

from veedor.arrays import Bools, Floats
from veedor.patterns.departures import common_departures
from veedor.patterns.references import unchanged
from veedor.statistics.discoveries import FALSE_DISCOVERY_RATE, false_discovery_q
from veedor.statistics.spatial import Neighbours, lag

_FEWEST_INCIDENTS = 10
_STEPS = 16
_STEEPEST = 60.0
_CLOSE = 1e-4
_TINY = 1e-300


@dataclass(frozen=True, eq=False)
class PoissonTrend:
    """Trends of many places against the places that kept their share, arrays of shape (places,).

    Parameters
    ----------
    change : array
        Yearly change of the place against the reference: 0.1 is 10% more a year than there. NaN for
        places with fewer than 10 incidents.
    low, high : array
        95% interval.
    p_value, q_value : array
        Two-sided; `false_discovery_q` over all places.
    reference : array of bool
        The places that each is held against: see `veedor.patterns.references.unchanged`.
    dispersion, carried : float
        Variance by mean of the counts about what is expected, and the share of a departure that
        lasts into the next period, of all places together: `common_departures`.
    """

    change: Floats
    low: Floats
    high: Floats
    p_value: Floats
    q_value: Floats
    reference: Bools
    dispersion: float
    carried: float


def poisson_trend(
    counts: npt.ArrayLike, years: npt.ArrayLike, *, neighbours: Neighbours | None = None
) -> PoissonTrend:
    r"""Log-linear trend of each place against the places that kept their share: a score test.

    Given its total :math:`N_c`, a place without a trend of its own has its incidents in the periods
    in the same shares :math:`\pi_t` as the reference and itself together. With time :math:`\tau_t`
    in years from their mean, :math:`U_c = \sum_t \tau_t y_{tc}`, :math:`v = \sum_t \pi_t
    \tau_t^2`, f the place's part of both and :math:`\lambda` the long-run dispersion:
    :math:`b_c = U_c / (N_c v (1 - f))` with standard error
    :math:`\sqrt{\lambda / (N_c v (1 - f))}`; change is :math:`e^b - 1`. The p-value has the tail of
    that sum of multinomial counts, not the normal's: a saddlepoint, with the steps between its
    values. Thousands of places need tails that far out.

    As it is held against other places, what moves all places alike - a season, a change of how
    incidents are recorded - is no trend here. As it is held against those that did not change, one
    place that grows does not make the others fall.

    Parameters
    ----------
    counts : array of int, shape (periods, places)
    years : array, shape (periods,)
        Middle of each period, in years from any instant.
    neighbours : (indptr, indices), optional
        Then each place is taken together with those around it.

    References
    ----------
    Lugannani, R. & Rice, S. (1980). Saddle point approximation for the distribution of the sum of
    independent random variables. Advances in Applied Probability 12, 475-490.
    https://doi.org/10.2307/1426607

    Daniels, H. E. (1987). Tail probability approximations. International Statistical Review 55,
    37-48 (sums on a lattice). https://doi.org/10.2307/1403269

    Examples
    --------
    >>> counts = np.array([[20, 40, 300, 300], [40, 20, 300, 300]])
    >>> found = poisson_trend(counts, [0.0, 1.0])
    >>> found.change.round(2), found.reference.tolist()
    (array([ 0.95, -0.49,  0.  ,  0.  ]), [False, False, True, True])
    """
    own, when = np.asarray(counts, dtype=np.float64), np.asarray(years, dtype=np.float64)
    y = own if neighbours is None else own + lag(own, neighbours)
    places = y.shape[1]
    nothing, everywhere = np.full(places, np.nan), np.ones(places, dtype=bool)
    if own.sum() == 0 or len(own) < 2:
        return PoissonTrend(nothing, nothing, nothing, nothing, nothing, everywhere, 1.0, 0.0)
    enough = y.sum(axis=0) >= _FEWEST_INCIDENTS
    aside = common_departures(y[:, enough].T)
    long_run = float(aside.long_run[0])

    def held(kept: Bools) -> tuple[Floats, Floats, Floats]:
        inside = own * kept
        mine = inside if neighbours is None else inside + lag(inside, neighbours)
        return _against(y, y - mine + inside.sum(axis=1)[:, None], when, long_run)

    def named(kept: Bools) -> Bools:
        p_value = np.where(enough, held(kept)[2], np.nan)
        return np.asarray(false_discovery_q(p_value) <= FALSE_DISCOVERY_RATE)

    starts = [everywhere]
    if enough.any():
        slope, error, _ = held(everywhere)
        usual = np.nanmedian(slope[enough]) if np.isfinite(slope[enough]).any() else 0.0
        starts.append(~enough | (np.abs(slope - usual) <= 2.0 * error))
    reference = unchanged(named, starts)
    slope, error, p_value = (np.where(enough, part, np.nan) for part in held(reference))
    reach = special.ndtri(0.975) * error
    return PoissonTrend(
        np.expm1(slope),
        np.expm1(slope - reach),
        np.expm1(slope + reach),
        p_value,
        false_discovery_q(p_value),
        reference,
        float(aside.dispersion[0]),
        float(aside.carried[0]),
    )


def _against(
    y: Floats, both: Floats, when: Floats, long_run: float
) -> tuple[Floats, Floats, Floats]:
    """Slope, its standard error and p-value, of places against a reference with the place itself.

    `y` and `both` have shape (periods, places).
    """
    n, whole = y.sum(axis=0), both.sum(axis=0)
    with np.errstate(invalid="ignore", divide="ignore"):
        share = both / whole
        tau = when[:, None] - when @ share
        spread = np.sum(share * tau**2, axis=0)
        left = 1.0 - n / whole
        score = np.sum(tau * y, axis=0) / n
        slope = np.where(left * spread > 0, score / (spread * left), np.nan)
        error = np.sqrt(long_run / (n * spread * left))
    gaps = np.diff(np.sort(when))
    root = _root_tail(np.where(n > 0, score, 0.0), tau, share, n / long_run, np.median(gaps))
    with np.errstate(invalid="ignore", divide="ignore"):
        p_value = 2.0 * special.ndtr(-root / np.sqrt(left))
    return slope, error, np.where(np.isfinite(slope), np.minimum(p_value, 1.0), np.nan)


def _root_tail(score: Floats, tau: Floats, share: Floats, many: Floats, step: float) -> Floats:
    """Normal score of the tail from a mean score on, of so many multinomial draws; mostly above 0.

    The tail holds the value itself; values are `step` / `many` apart.
    """
    size = np.abs(score)
    mirrored = np.where(score < 0, -1.0, 1.0) * tau
    span = np.ptp(tau, axis=0)
    low, high = np.zeros(len(size)), np.full(len(size), _STEEPEST) / np.where(span > 0, span, 1.0)
    tilt = np.zeros(len(size))
    for _ in range(_STEPS):
        _, mean, variance = _cumulants(tilt, mirrored, share)
        below = mean < size
        low, high = np.where(below, tilt, low), np.where(below, high, tilt)
        # Newton's step, or half of what is left where that leads outside.
        tilt = tilt + (size - mean) / np.maximum(variance, _TINY)
        tilt = np.where((tilt > low) & (tilt < high), tilt, (low + high) / 2.0)
    log_mean, _, variance = _cumulants(tilt, mirrored, share)
    w = np.sqrt(np.maximum(2.0 * many * (tilt * size - log_mean), 0.0))
    u = -np.expm1(-tilt * step) / step * np.sqrt(many * np.maximum(variance, _TINY))
    close = w < _CLOSE
    safe = np.where(close, 1.0, w)
    ratio = np.maximum(np.where(close, 1.0, u), _TINY) / safe
    return np.where(close, 0.0, safe + np.log(ratio) / safe)


def _cumulants(tilt: Floats, tau: Floats, share: Floats) -> tuple[Floats, Floats, Floats]:
    """Logarithm of the generating function of one draw's score, its slope and its curvature."""
    power = tilt * tau
    most = power.max(axis=0)
    weight = share * np.exp(power - most)
    total = np.maximum(weight.sum(axis=0), _TINY)
    mean = np.sum(weight * tau, axis=0) / total
    variance = np.sum(weight * (tau - mean) ** 2, axis=0) / total
    return np.log(total) + most, mean, variance
