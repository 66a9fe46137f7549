"""A rate over time: intervals that may be looked at every day, and alarms of drift.

Both hold whatever the reason to look or to stop looking: they rest on betting against what is
claimed, not on a number of looks planned ahead.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import special

from veedor.arrays import Floats
from veedor.statistics.intervals import Interval, clopper_pearson

_STEPS = 60
#: Level of the interval of the first periods whose ends are the limits.
BASELINE_LEVEL = 0.99
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
    since : int or None
        Number of the period with which the run begins that raised it: where the bet on the drift
        that speaks loudest was started anew for the last time.
    evidence : array, shape (periods,)
        Natural logarithm of the e-CUSUM after each period; an alarm is at the logarithm of
        `periods_between_false_alarms`.
    """

    direction: str
    limit: float
    periods_between_false_alarms: float
    alarm: int | None
    since: int | None
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
    bets = _bets(x, n, np.array([limit]), direction)
    evidence = _together(bets)
    over = np.flatnonzero(evidence >= np.log(periods_between_false_alarms))
    if not len(over):
        return Drift(direction, limit, periods_between_false_alarms, None, None, evidence)
    alarm = int(over[0])
    loudest = bets[int(np.argmax(bets[:, alarm])), : alarm + 1]
    # Where M_t is at most 1 the next bet starts anew.
    low = np.flatnonzero(loudest[:-1] <= 0.0)
    since = int(low[-1]) + 1 if len(low) else 0
    return Drift(direction, limit, periods_between_false_alarms, alarm, since, evidence)


def _together(bets: Floats) -> Floats:
    """Logarithm of the mean of the bets on all drifts, the first axis."""
    summed = special.logsumexp(bets, axis=0) - np.log(len(DRIFTS))
    return np.asarray(summed, dtype=np.float64)


def _bets(x: Floats, n: Floats, limit: Floats, direction: str) -> Floats:
    """Logarithm of M after each period, a drift a row; periods last, of which the limit has 1."""
    sign = 1.0 if direction == "rise" else -1.0
    logs = []
    for drift in DRIFTS:
        p = special.expit(special.logit(limit) + sign * np.log(drift))
        gain = x * np.log(p / limit) + (n - x) * np.log((1.0 - p) / (1.0 - limit))
        walk = np.cumsum(gain, axis=-1)
        # log M_t is the walk's height above its lowest point before t: the bet starts anew there.
        before = np.concatenate([np.zeros_like(walk[..., :1]), walk[..., :-1]], axis=-1)
        logs.append(walk - np.minimum.accumulate(before, axis=-1))
    return np.array(logs, dtype=np.float64)


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
    rate is as stated. `false_alarms` says how many are to be expected of a whole record.

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
    first = _baseline(n, baseline_share)
    if first >= len(n) or n[:first].sum() < 1:
        return Watch(low, high, first, ())
    ends = clopper_pearson(x[:first].sum(), n[:first].sum(), BASELINE_LEVEL)
    drifts = tuple(
        e_cusum(
            x[first:], n[first:], float(limit), direction=direction,
            periods_between_false_alarms=periods_between_false_alarms,
        )
        for direction, limit in (("rise", ends[1]), ("fall", ends[0]))
        if 0.0 < limit < 1.0
    )  # fmt: skip
    return Watch(low, high, first, drifts)


def _baseline(trials: Floats, share: float) -> int:
    """Periods from the first on that hold this share of the trials."""
    seen = np.cumsum(trials)
    return int(np.searchsorted(seen, share * seen[-1])) + 1 if len(trials) else 0


def false_alarms(
    trials: npt.ArrayLike,
    rate: float,
    rng: np.random.Generator,
    *,
    baseline_share: float = 0.25,
    periods_between_false_alarms: float = 1000.0,
    replicates: int = 200,
) -> tuple[float, float]:
    r"""How many alarms `watch` would raise over a record in which a rate never changes.

    Parameters
    ----------
    trials : array of whole numbers, shape (periods,)
    rate : float
        That does not change; trials are independent.
    rng : numpy.random.Generator
    baseline_share, periods_between_false_alarms : float
        Of `watch`.
    replicates : int
        Records that are simulated.

    Returns
    -------
    expected : float
        Mean of the simulated records: of a rise and a fall together, from 0 to 2.
    at_most : float
        A bound that needs no simulation: for each of the two, half a per cent, how often the limit
        is on the wrong side of the rate, and the periods watched by
        `periods_between_false_alarms`.

    Examples
    --------
    >>> expected, bound = false_alarms([50] * 100, 0.1, np.random.default_rng(0))
    >>> expected <= bound, round(bound, 3)
    (True, 0.16)
    """
    n = np.asarray(trials, dtype=np.float64)
    first = _baseline(n, baseline_share)
    if first >= len(n) or n[:first].sum() < 1:
        return 0.0, 0.0
    each = (1.0 - BASELINE_LEVEL) / 2.0 + (len(n) - first) / periods_between_false_alarms
    drawn = rng.binomial(n.astype(np.int64), rate, (replicates, len(n))).astype(np.float64)
    low, high = clopper_pearson(drawn[:, :first].sum(axis=1), n[:first].sum(), BASELINE_LEVEL)
    raised = 0
    for direction, limit in (("rise", high), ("fall", low)):
        possible = (limit > 0.0) & (limit < 1.0)
        if possible.any():
            bets = _bets(drawn[possible, first:], n[first:], limit[possible, None], direction)
            evidence = _together(bets)
            raised += int((evidence.max(axis=1) >= np.log(periods_between_false_alarms)).sum())
    return raised / replicates, 2.0 * min(each, 1.0)
