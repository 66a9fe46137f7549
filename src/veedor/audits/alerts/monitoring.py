"""A rate over time: intervals that may be looked at every day, and alarms of drift.

Both hold whatever the reason to look or to stop looking: they rest on betting against what is
claimed, not on a number of looks planned ahead.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import special

from veedor.audits.alerts.intervals import Interval, clopper_pearson

Floats = npt.NDArray[np.float64]

_STEPS = 60
#: Odds ratios of the drifts that are sought.
DRIFTS = (1.25, 1.5, 2.0, 3.0)


def confidence_sequence(
    events: npt.ArrayLike, trials: npt.ArrayLike, level: float = 0.95, prior: float = 0.5
) -> Interval:
    r"""Beta-mixture confidence sequence of a proportion: all its intervals hold together.

    The p for which the mixture bet has not reached :math:`1/\alpha`:

    .. math:: \frac{B(a + x, a + n - x)}{B(a, a)\, p^x (1 - p)^{n - x}} < \frac{1}{\alpha}.

    The chance that any of the intervals, at any time, leaves the rate out is at most
    :math:`\alpha`. Without trials it is [0, 1].

    Parameters
    ----------
    events, trials : array
        Counted from the beginning up to each look.
    level : float
        1 - alpha.
    prior : float
        a, of the mixing Beta(a, a) distribution.

    Returns
    -------
    low, high : array

    References
    ----------
    Robbins, H. (1970). Statistical methods related to the law of the iterated logarithm. Annals of
    Mathematical Statistics 41, 1397-1409. https://doi.org/10.1214/aoms/1177696786

    Howard, S. R., Ramdas, A., McAuliffe, J. & Sekhon, J. (2021). Time-uniform, nonparametric,
    nonasymptotic confidence sequences. Annals of Statistics 49, 1055-1080.
    https://doi.org/10.1214/20-AOS1991

    Examples
    --------
    >>> [end.round(3).item() for end in confidence_sequence(0, 0)]
    [0.0, 1.0]
    >>> low, high = confidence_sequence([5, 50, 500], [10, 100, 1000])
    >>> (high - low).round(3)
    array([0.765, 0.323, 0.115])
    """
    x, n = np.broadcast_arrays(
        np.asarray(events, dtype=np.float64), np.asarray(trials, dtype=np.float64)
    )
    budget = -np.log(1.0 - level)
    mixed = special.betaln(prior + x, prior + n - x) - special.betaln(prior, prior)
    with np.errstate(invalid="ignore", divide="ignore"):
        middle = np.where(n > 0.0, x / n, 0.5)

    def search(outside: float) -> Floats:
        near, far = middle.copy(), np.full(x.shape, outside)
        for _ in range(_STEPS):
            p = 0.5 * (near + far)
            inside = mixed - special.xlogy(x, p) - special.xlog1py(n - x, -p) < budget
            near, far = np.where(inside, p, near), np.where(inside, far, p)
        return near

    low = np.where(x == 0.0, 0.0, search(0.0))
    high = np.where(x == n, 1.0, search(1.0))
    return low, high


@dataclass(frozen=True)
class Drift:
    """What watching a rate for drift found.

    Parameters
    ----------
    direction : str
        ``rise`` or ``fall``.
    limit : float
        The rate that the null hypothesis allows: no higher (lower) than this.
    periods_between_false_alarms : float
        On average at least so many, while the null hypothesis holds.
    alarm : int or None
        Number of the first period with an alarm, from 0 at the first after the baseline.
    evidence : array, shape (periods,)
        Natural logarithm of the e-CUSUM after each period; an alarm is at the logarithm of
        `periods_between_false_alarms`.
    """

    direction: str
    limit: float
    periods_between_false_alarms: float
    alarm: int | None
    evidence: Floats


def e_cusum(
    events: npt.ArrayLike,
    trials: npt.ArrayLike,
    limit: float,
    *,
    direction: str = "rise",
    periods_between_false_alarms: float = 1000.0,
) -> Drift:
    r"""Watch a rate, period by period, for a rise above a limit or a fall below it.

    For each of a few drifts (odds ratios of 1.25 to 3) the likelihood ratio :math:`L_t` of a
    period against the limit is an e-value while the rate keeps to it, whatever the rate is
    exactly; :math:`M_t = L_t \max(M_{t-1}, 1)`, and the mean of the M over the drifts raises the
    alarm when it reaches c. While the rate keeps to the limit, alarms are at least c periods apart
    on average, and the chance of one within any given t periods is at most t / c.

    Parameters
    ----------
    events, trials : array of whole numbers, shape (periods,)
    limit : float
        In (0, 1).
    direction : str
        ``rise`` or ``fall``.
    periods_between_false_alarms : float
        c.

    References
    ----------
    Shin, J., Ramdas, A. & Rinaldo, A. (2024). E-detectors: a nonparametric framework for
    sequential change detection. New England Journal of Statistics in Data Science 2, 229-260.
    https://doi.org/10.51387/23-NEJSDS51

    Examples
    --------
    Ten days of 1 in 10, then days of 5 in 10:

    >>> e_cusum([1] * 10 + [5] * 10, [10] * 20, 0.2).alarm
    13
    """
    x, n = np.asarray(events, dtype=np.float64), np.asarray(trials, dtype=np.float64)
    sign = 1.0 if direction == "rise" else -1.0
    logs = []
    for drift in DRIFTS:
        p = float(special.expit(special.logit(limit) + sign * np.log(drift)))
        gain = x * np.log(p / limit) + (n - x) * np.log((1.0 - p) / (1.0 - limit))
        walk = np.cumsum(gain)
        # log M_t is the walk's height above its lowest point before t: the bet starts anew there.
        logs.append(walk - np.minimum.accumulate(np.concatenate([[0.0], walk[:-1]])))
    evidence = special.logsumexp(np.array(logs), axis=0) - np.log(len(DRIFTS))
    over = np.flatnonzero(evidence >= np.log(periods_between_false_alarms))
    return Drift(
        direction, limit, periods_between_false_alarms, int(over[0]) if len(over) else None,
        np.asarray(evidence, dtype=np.float64),
    )  # fmt: skip


@dataclass(frozen=True)
class Watch:
    """A rate of one group over time.

    Parameters
    ----------
    low, high : array, shape (periods,)
        Confidence sequence, from the first period on.
    baseline : int
        First periods, from which the limits are taken.
    drifts : tuple of Drift
        A rise and a fall; empty where the baseline is too small.
    """

    low: Floats
    high: Floats
    baseline: int
    drifts: tuple[Drift, ...]


def watch(
    events: npt.ArrayLike,
    trials: npt.ArrayLike,
    *,
    baseline_share: float = 0.25,
    periods_between_false_alarms: float = 1000.0,
    level: float = 0.95,
) -> Watch:
    """Put a confidence sequence around a rate and watch it for drift from its beginning.

    The limits are the ends of the exact 99% interval of the baseline, so that chance in the
    baseline is not taken for drift later: if that interval holds the true rate, the false-alarm
    rate is as stated.

    Parameters
    ----------
    events, trials : array of whole numbers, shape (periods,)
    baseline_share : float
        Of the trials.
    periods_between_false_alarms : float
    level : float
        Of the confidence sequence.
    """
    x, n = np.asarray(events, dtype=np.float64), np.asarray(trials, dtype=np.float64)
    low, high = confidence_sequence(np.cumsum(x), np.cumsum(n), level)
    seen = np.cumsum(n)
    first = int(np.searchsorted(seen, baseline_share * seen[-1])) + 1 if len(n) else 0
    if first >= len(n) or seen[first - 1] < 1:
        return Watch(low, high, first, ())
    ends = clopper_pearson(x[:first].sum(), n[:first].sum(), 0.99)
    drifts = tuple(
        e_cusum(
            x[first:], n[first:], float(limit), direction=direction,
            periods_between_false_alarms=periods_between_false_alarms,
        )
        for direction, limit in (("rise", ends[1]), ("fall", ends[0]))
        if 0.0 < limit < 1.0
    )  # fmt: skip
    return Watch(low, high, first, drifts)
