"""Intervals of proportions, their ratios, differences, and predictive values at a base rate.

All take arrays that broadcast, and give two arrays, low and high. NaN where undefined: 0/0 has no
interval. AlertCounts need not be whole: an effective sample size is not.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from scipy import special

from veedor.arrays import Floats

Interval = tuple[Floats, Floats]

_STEPS = 70


def normal_quantile(level: float) -> float:
    """Two-sided quantile of the standard normal distribution.

    >>> round(normal_quantile(0.95), 4)
    1.96
    """
    return float(special.ndtri(0.5 + level / 2.0))


def wilson(events: npt.ArrayLike, trials: npt.ArrayLike, level: float = 0.95) -> Interval:
    r"""Wilson's score interval of a proportion.

    .. math:: \frac{x + z^2/2}{n + z^2} \pm \frac{z}{n + z^2}
              \sqrt{\frac{x (n - x)}{n} + \frac{z^2}{4}}

    Undefined where there was no trial. Its low end is exactly 0 without events, its high end
    exactly 1 where every trial was one.

    Parameters
    ----------
    events, trials : array
    level : float
        In (0, 1).

    References
    ----------
    Wilson, E. B. (1927). Probable inference, the law of succession, and statistical inference.
    Journal of the American Statistical Association 22, 209-212.
    https://doi.org/10.1080/01621459.1927.10502953

    Examples
    --------
    >>> [end.round(4).item() for end in wilson(173, 2470)]
    [0.0606, 0.0808]
    """
    x, n = _counts(events, trials)
    z = normal_quantile(level)
    with np.errstate(divide="ignore", invalid="ignore"):
        middle = (x + z * z / 2.0) / (n + z * z)
        half = z / (n + z * z) * np.sqrt(x * (n - x) / n + z * z / 4.0)
    low, high = np.clip(middle - half, 0.0, 1.0), np.clip(middle + half, 0.0, 1.0)
    return np.where(x == 0.0, 0.0 * n, low), np.where(x == n, 1.0 + 0.0 * n, high)


def clopper_pearson(events: npt.ArrayLike, trials: npt.ArrayLike, level: float = 0.95) -> Interval:
    """Clopper and Pearson's exact interval of a proportion: covers at least as often as it says.

    Quantiles of Beta(x, n - x + 1) and Beta(x + 1, n - x). Undefined where there was no trial.

    References
    ----------
    Clopper, C. J. & Pearson, E. S. (1934). The use of confidence or fiducial limits illustrated
    in the case of the binomial. Biometrika 26, 404-413. https://doi.org/10.1093/biomet/26.4.404

    Examples
    --------
    >>> [end.round(4).item() for end in clopper_pearson(0, 10)]
    [0.0, 0.3085]
    """
    x, n = _counts(events, trials)
    tail = (1.0 - level) / 2.0
    one = np.ones_like(n)
    low = special.betaincinv(np.where(x > 0.0, x, one), n - x + 1.0, tail)
    high = special.betaincinv(x + 1.0, np.where(x < n, n - x, one), 1.0 - tail)
    nothing = np.isnan(n)
    low = np.where(nothing, np.nan, np.where(x == 0.0, 0.0, low))
    high = np.where(nothing, np.nan, np.where(x == n, 1.0, high))
    return low, high


def garwood(events: npt.ArrayLike, exposure: npt.ArrayLike, level: float = 0.95) -> Interval:
    """Garwood's exact interval of a Poisson rate: events by exposure.

    Quantiles of Gamma(x) and Gamma(x + 1), by the exposure. Covers at least as often as it says
    where events are independent. Undefined without exposure.

    Parameters
    ----------
    events : array
        Need not be whole.
    exposure : array
        As hours, or camera-hours.
    level : float
        In (0, 1).

    References
    ----------
    Garwood, F. (1936). Fiducial limits for the Poisson distribution. Biometrika 28, 437-442.
    https://doi.org/10.1093/biomet/28.3-4.437

    Examples
    --------
    >>> [end.round(4).tolist() for end in garwood([10, 0], [1, 2])]
    [[4.7954, 0.0], [18.3904, 1.8444]]
    """
    x, t = (np.asarray(one, dtype=np.float64) for one in (events, exposure))
    tail = (1.0 - level) / 2.0
    with np.errstate(divide="ignore", invalid="ignore"):
        least = special.gammaincinv(np.where(x > 0.0, x, 1.0), tail)
        low = np.where(x > 0.0, least, 0.0) / t
        high = special.gammaincinv(x + 1.0, 1.0 - tail) / t
    known = t > 0.0
    return np.where(known, low, np.nan), np.where(known, high, np.nan)


def newcombe_hybrid(
    events: npt.ArrayLike,
    trials: npt.ArrayLike,
    reference_events: npt.ArrayLike,
    reference_trials: npt.ArrayLike,
    level: float = 0.95,
) -> Interval:
    r"""Newcombe's hybrid score interval of a difference of proportions (his method 10).

    With Wilson's limits l, u of each,
    :math:`d - \sqrt{(p_1 - l_1)^2 + (u_2 - p_2)^2}` to
    :math:`d + \sqrt{(u_1 - p_1)^2 + (p_2 - l_2)^2}`.

    Undefined where either had no trial.

    References
    ----------
    Newcombe, R. G. (1998). Interval estimation for the difference between independent proportions.
    Statistics in Medicine 17, 873-890.
    https://doi.org/10.1002/(SICI)1097-0258(19980430)17:8<873::AID-SIM779>3.0.CO;2-I

    Examples
    --------
    >>> [end.round(4).item() for end in newcombe_hybrid(56, 70, 48, 80)]
    [0.0524, 0.3339]
    """
    x1, n1 = _counts(events, trials)
    x2, n2 = _counts(reference_events, reference_trials)
    (l1, u1), (l2, u2) = wilson(x1, n1, level), wilson(x2, n2, level)
    p1, p2 = x1 / n1, x2 / n2
    return (
        p1 - p2 - np.sqrt((p1 - l1) ** 2 + (u2 - p2) ** 2),
        p1 - p2 + np.sqrt((u1 - p1) ** 2 + (p2 - l2) ** 2),
    )


def newcombe_within(
    events: npt.ArrayLike,
    trials: npt.ArrayLike,
    whole_events: npt.ArrayLike,
    whole_trials: npt.ArrayLike,
    level: float = 0.95,
) -> Interval:
    r"""Newcombe's interval of the gap between a group and a whole that the group is part of.

    The two share trials, so they are not independent. With w the group's share of the trials, the
    gap is :math:`p - p_{\text{whole}} = (1 - w)(p - p_{\text{rest}})`: (1 - w) times the difference
    from everyone else, who are independent of it, and so are the ends of its interval.

    Undefined where the group or the rest had no trial: a group that is the whole has no gap.

    Parameters
    ----------
    events, trials : array
        Of the group.
    whole_events, whole_trials : array
        Of everyone, the group included.
    level : float

    Examples
    --------
    Right alerts of COMPAS, decile 5 or more, of African-American defendants and of all: 1.6 points.

    >>> [end.round(4).item() for end in newcombe_within(1369, 2174, 2035, 3317)]
    [0.0042, 0.0283]
    """
    x, n = _counts(events, trials)
    rest = np.asarray(whole_trials, dtype=np.float64) - n
    low, high = newcombe_hybrid(x, n, np.asarray(whole_events, dtype=np.float64) - x, rest, level)
    share = rest / np.asarray(whole_trials, dtype=np.float64)
    return share * low, share * high


def koopman_score(
    events: npt.ArrayLike,
    trials: npt.ArrayLike,
    reference_events: npt.ArrayLike,
    reference_trials: npt.ArrayLike,
    level: float = 0.95,
) -> Interval:
    r"""Koopman's score interval of a ratio of proportions.

    All ratios :math:`\theta` that Pearson's chi-squared does not reject,

    .. math:: \frac{(x_1 - n_1 \tilde p_1)^2}{n_1 \tilde p_1 (1 - \tilde p_1)} +
              \frac{(x_2 - n_2 \tilde p_2)^2}{n_2 \tilde p_2 (1 - \tilde p_2)} \le z^2,

    with :math:`\tilde p` the most likely proportions of which :math:`p_1 = \theta p_2`.

    From 0 to infinity. Low is 0 without events in the first, high is infinite without events in
    the reference; undefined where either had no trial, or where neither had an event.

    References
    ----------
    Koopman, P. A. R. (1984). Confidence intervals for the ratio of two binomial proportions.
    Biometrics 40, 513-517. https://doi.org/10.2307/2531405

    Examples
    --------
    >>> [end.round(2).item() for end in koopman_score(36, 40, 16, 80)]
    [2.94, 7.15]
    """
    x1, n1, x2, n2 = np.broadcast_arrays(
        *_counts(events, trials), *_counts(reference_events, reference_trials)
    )
    limit = normal_quantile(level) ** 2
    defined = np.isfinite(n1) & np.isfinite(n2) & ((x1 > 0.0) | (x2 > 0.0))
    with np.errstate(divide="ignore", invalid="ignore"):
        middle = np.log(np.where(x1 > 0.0, x1, 0.5) / n1) - np.log(np.where(x2 > 0.0, x2, 0.5) / n2)
        low = _crossing(middle, -1.0, x1, n1, x2, n2, limit)
        high = _crossing(middle, 1.0, x1, n1, x2, n2, limit)
    low = np.where(x1 == 0.0, 0.0, low)
    high = np.where(x2 == 0.0, np.inf, high)
    return np.where(defined, low, np.nan), np.where(defined, high, np.nan)


def _crossing(
    middle: Floats, side: float, x1: Floats, n1: Floats, x2: Floats, n2: Floats, limit: float
) -> Floats:
    """Find where chi-squared reaches the limit, on one side of the observed log ratio."""
    # Without events on one side chi-squared rises from 0 at an end, so the search starts there.
    inside = np.where((x1 == 0.0) | (x2 == 0.0), middle - side * 40.0, middle)
    outside = middle + side * 40.0
    for _ in range(_STEPS):
        centre = 0.5 * (inside + outside)
        accepted = _chi_squared(np.exp(centre), x1, n1, x2, n2) <= limit
        inside, outside = np.where(accepted, centre, inside), np.where(accepted, outside, centre)
    return np.exp(0.5 * (inside + outside))


def _chi_squared(ratio: Floats, x1: Floats, n1: Floats, x2: Floats, n2: Floats) -> Floats:
    a = n1 + n2
    b = ratio * (n1 + x2) + x1 + n2
    # The root that stays accurate when b^2 is far above the rest.
    p1 = 2.0 * ratio * (x1 + x2) / (b + np.sqrt(np.maximum(b * b - 4.0 * ratio * a * (x1 + x2), 0)))
    p2 = p1 / ratio
    return _pearson(x1, n1, p1) + _pearson(x2, n2, p2)


def _pearson(x: Floats, n: Floats, p: Floats) -> Floats:
    gap = (x - n * p) ** 2
    return np.where(gap < 1e-18 * n * n, 0.0, gap / np.maximum(n * p * (1.0 - p), 1e-300))


def mercaldo_logit(
    true_alerts: npt.ArrayLike,
    positives: npt.ArrayLike,
    false_alerts: npt.ArrayLike,
    negatives: npt.ArrayLike,
    base_rate: npt.ArrayLike,
    level: float = 0.95,
) -> Interval:
    r"""Mercaldo, Lau and Zhou's logit interval of the PPV at a base rate.

    .. math:: \text{logit PPV} = \log\frac{\text{TPR}\,b}{\text{FPR}\,(1 - b)}, \quad
              \text{variance} = \frac{1 - \text{TPR}}{P\,\text{TPR}} +
              \frac{1 - \text{FPR}}{N\,\text{FPR}}.

    Where one of TPR and FPR is 0 or 1, half of z squared is added to its events and to its other
    trials, as in their adjusted form; the other rate is left as it was counted: adding to both
    would make false alerts of a system that has few, and covers .73 for .95 in simulations. The
    interval is then widened to hold the plain estimate. Undefined without positives or without
    negatives.

    Parameters
    ----------
    true_alerts, positives : array
        TPR is their ratio.
    false_alerts, negatives : array
        FPR is their ratio.
    base_rate : array
        In (0, 1).
    level : float

    References
    ----------
    Mercaldo, N. D., Lau, K. F. & Zhou, X. H. (2007). Confidence intervals for predictive values
    with an emphasis to case-control studies. Statistics in Medicine 26, 2170-2183.
    https://doi.org/10.1002/sim.2677

    Examples
    --------
    >>> [end.round(4).item() for end in mercaldo_logit(80, 100, 10, 100, 0.1)]
    [0.3287, 0.6174]
    """
    x1, n1 = _counts(true_alerts, positives)
    x0, n0 = _counts(false_alerts, negatives)
    b = np.asarray(base_rate, dtype=np.float64)
    z = normal_quantile(level)
    extra1, extra0 = (
        np.where((x == 0.0) | (x == n), z * z / 2.0, 0.0) for x, n in ((x1, n1), (x0, n0))
    )
    tpr = (x1 + extra1) / (n1 + 2.0 * extra1)
    fpr = (x0 + extra0) / (n0 + 2.0 * extra0)
    spread = (1.0 - tpr) / ((n1 + 2.0 * extra1) * tpr) + (1.0 - fpr) / ((n0 + 2.0 * extra0) * fpr)
    centre = np.log(tpr * b) - np.log(fpr * (1.0 - b))
    low = special.expit(centre - z * np.sqrt(spread))
    high = special.expit(centre + z * np.sqrt(spread))
    with np.errstate(invalid="ignore"):
        plain = (x1 / n1 * b) / (x1 / n1 * b + x0 / n0 * (1.0 - b))
    return np.fmin(low, plain), np.fmax(high, plain)


def _counts(events: npt.ArrayLike, trials: npt.ArrayLike) -> tuple[Floats, Floats]:
    """Return both as floats, NaN where there was no trial."""
    x, n = np.broadcast_arrays(
        np.asarray(events, dtype=np.float64), np.asarray(trials, dtype=np.float64)
    )
    return np.where(n > 0.0, x, np.nan), np.where(n > 0.0, n, np.nan)
