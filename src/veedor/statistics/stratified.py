r"""Shares of a whole of which a random sample was drawn in each stratum, and how large to draw it.

A stratum h holds :math:`N_h` of N, :math:`n_h` of them drawn without replacement, each as likely as
any other; :math:`W_h = N_h / N`, :math:`f_h = n_h / N_h`.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import optimize, special

from veedor.arrays import Floats, Ints
from veedor.statistics.intervals import clopper_pearson, normal_quantile

#: Of each stratum so many are drawn, or all there are: one alone shows no spread.
FEWEST_DRAWN = 2


@dataclass(frozen=True)
class StratifiedShare:
    """A share of a whole, from a stratified sample.

    Parameters
    ----------
    value, low, high : float
        In [0, 1].
    effective : float
        Size of a simple random sample, drawn with replacement, that would tell as much; infinite
        where everything was drawn.
    """

    value: float
    low: float
    high: float
    effective: float


def stratified_share(
    rows: npt.ArrayLike, drawn: npt.ArrayLike, found: npt.ArrayLike, level: float = 0.95
) -> StratifiedShare:
    r"""Share of a whole, from how many were found in each stratum of a sample.

    .. math:: \hat p = \sum_h W_h \frac{x_h}{n_h}, \qquad
              \widehat{\text{var}} = \sum_h W_h^2 (1 - f_h)
              \frac{\tilde p_h (1 - \tilde p_h)}{n_h - 1}

    with :math:`\tilde p_h = (x_h + 1/2) / (n_h + 1)`, so that a stratum where all or none were
    found is not taken for one without spread. The interval is Clopper and Pearson's at the
    effective size :math:`\hat p (1 - \hat p) / \widehat{\text{var}}`, after Korn and Graubard:
    it never leaves [0, 1] and does not vanish at the edges. Where none (or all) were found it is
    that of `share_when_none_found`.

    Parameters
    ----------
    rows, drawn, found : array, shape (strata,)
        N, n and x of each stratum: n at least 1, and at least 2 unless it is all of N.
    level : float

    References
    ----------
    Cochran, W. G. (1977). Sampling Techniques, 3rd ed., sections 5.3 and 5.10. Wiley.

    Korn, E. L. & Graubard, B. I. (1998). Confidence intervals for proportions with small expected
    number of positive counts estimated from survey data. Survey Methodology 24, 193-201.

    Examples
    --------
    >>> share = stratified_share([900, 100], [90, 10], [9, 5])
    >>> round(share.value, 3), round(share.low, 3), round(share.high, 3)
    (0.14, 0.083, 0.216)
    """
    size, n, x = (np.asarray(one, dtype=np.float64) for one in (rows, drawn, found))
    weight = size / size.sum()
    value = float(weight @ (x / n))
    left = 1.0 - n / size
    if not (left > 0.0).any():
        return StratifiedShare(value, value, value, math.inf)
    near = (x + 0.5) / (n + 1.0)
    spread = float(np.sum(weight**2 * left * near * (1.0 - near) / np.maximum(n - 1.0, 1.0)))
    middle = float(weight @ near)
    effective = middle * (1.0 - middle) / spread
    if x.sum() == 0.0:
        return StratifiedShare(0.0, 0.0, share_when_none_found(rows, drawn, level), effective)
    if (x == n).all():
        return StratifiedShare(1.0, 1.0 - share_when_none_found(rows, drawn, level), 1.0, effective)
    effective = value * (1.0 - value) / spread
    low, high = clopper_pearson(value * effective, effective, level)
    return StratifiedShare(value, float(low), float(high), effective)


def share_when_none_found(rows: npt.ArrayLike, drawn: npt.ArrayLike, level: float = 0.95) -> float:
    r"""Largest share of a whole that leaves finding none at least a chance of (1 - level) / 2.

    .. math:: \max \sum_h W_h p_h \quad\text{where}\quad
              \prod_h (1 - p_h)^{n_h} \ge (1 - \text{level}) / 2

    over all shares of strata, so that it holds however they differ; strata of which all were drawn
    hold none. Of one stratum it is Clopper and Pearson's limit, some 3.7 / n; "3 / n" is that of
    a one-sided level of 95%. It takes draws as made with replacement: it is never too low.

    Parameters
    ----------
    rows, drawn : array, shape (strata,)
    level : float

    References
    ----------
    Hanley, J. A. & Lippman-Hand, A. (1983). If nothing goes wrong, is everything all right?
    Interpreting zero numerators. JAMA 249, 1743-1745.
    https://doi.org/10.1001/jama.1983.03330370053031

    Examples
    --------
    >>> round(share_when_none_found([10_000], [300]), 4)
    0.0122
    >>> round(share_when_none_found([9_000, 1_000], [150, 150]), 4)
    0.0219
    """
    size, n = (np.asarray(one, dtype=np.float64) for one in (rows, drawn))
    weight = size / size.sum()
    open_ = n < size
    if not open_.any():
        return 0.0
    weight, n = weight[open_], n[open_]
    budget = -math.log(0.5 - level / 2.0)

    def shares(price: float) -> Floats:
        return np.asarray(np.maximum(1.0 - price * n / weight, 0.0))

    def over(log_price: float) -> float:
        with np.errstate(divide="ignore"):
            return float(-n @ np.log1p(-shares(math.exp(log_price)))) - budget

    top = float(np.log(np.max(weight / n)))
    price = math.exp(optimize.brentq(over, top - 2.0 * budget - 60.0, top, xtol=1e-13))
    return float(weight @ shares(price))


def part_of_sum(
    one: tuple[float, float, float], other: tuple[float, float, float]
) -> tuple[float, float, float] | None:
    r"""One of two estimated numbers as a part of their sum, with the limits of both put together.

    On :math:`\log a - \log b` the squares of the distances to the limits add up, after Zou and
    Donner; where one of the two is 0, the limits are taken as they are. None for 0 of 0.

    Parameters
    ----------
    one, other : (value, low, high)
        At least 0, estimated apart from each other.

    Returns
    -------
    (value, low, high) or None

    References
    ----------
    Zou, G. Y. & Donner, A. (2008). Construction of confidence limits about effect measures: a
    general approach. Statistics in Medicine 27, 1693-1702. https://doi.org/10.1002/sim.3095

    Examples
    --------
    >>> [round(end, 3) for end in part_of_sum((80.0, 70.0, 90.0), (20.0, 10.0, 40.0))]
    [0.8, 0.664, 0.89]
    """
    (a, a_low, a_high), (b, b_low, b_high) = one, other
    if a + b <= 0.0:
        return None
    if a == 0.0 or b == 0.0:
        least = a_low / (a_low + b_high) if a_low else 0.0
        most = a_high / (a_high + b_low) if a_high else 0.0
        return a / (a + b), least, most
    centre = math.log(a / b)
    down = math.hypot(math.log(a / a_low) if a_low else math.inf, math.log(b_high / b))
    up = math.hypot(math.log(a_high / a), math.log(b / b_low) if b_low else math.inf)
    low, high = (float(special.expit(centre + end)) for end in (-down, up))
    return a / (a + b), low, high


def simple_size(
    expected: float, half_width: float, rows: float = math.inf, *, z: float | None = None
) -> int:
    r"""Size of a simple random sample for a wished half-width of a share's interval.

    .. math:: n = \left\lceil \frac{n_0}{1 + (n_0 - 1) / N} \right\rceil, \qquad
              n_0 = \frac{z^2 p (1 - p)}{d^2}

    Parameters
    ----------
    expected : float
        Share that is expected, in (0, 1); a half asks for most.
    half_width : float
        Above 0.
    rows : float
        Of the whole.
    z : float, optional
        Quantile of the normal distribution; that of 95% by default.

    References
    ----------
    Cochran, W. G. (1977). Sampling Techniques, 3rd ed., section 4.4. Wiley.

    Examples
    --------
    Cochran's island of 3,200, half expected, within 5 points, z = 2:

    >>> simple_size(0.5, 0.05, 3_200, z=2.0)
    356
    """
    z = normal_quantile(0.95) if z is None else z
    many = z * z * expected * (1.0 - expected) / half_width**2
    if math.isinf(rows):
        return math.ceil(many - 1e-9)
    return min(math.ceil(many / (1.0 + (many - 1.0) / rows) - 1e-9), int(rows))


def allotted(n: int, rows: npt.ArrayLike, spread: npt.ArrayLike | None = None) -> Ints:
    r"""Allot a sample to strata: by size, or by size times spread (Neyman).

    :math:`n_h \propto N_h S_h`, at least `FEWEST_DRAWN` of each and never more than there are; what
    is left goes to the largest remainders.

    Parameters
    ----------
    n : int
        At most the sum of `rows`.
    rows : array of int, shape (strata,)
    spread : array, shape (strata,), optional
        Standard deviation in each, as :math:`\sqrt{p_h (1 - p_h)}`; alike without it.

    References
    ----------
    Neyman, J. (1934). On the two different aspects of the representative method. Journal of the
    Royal Statistical Society 97, 558-625. https://doi.org/10.2307/2342192

    Examples
    --------
    >>> allotted(100, [900, 100]).tolist(), allotted(100, [900, 100], [0.1, 0.5]).tolist()
    ([90, 10], [64, 36])
    """
    size = np.asarray(rows, dtype=np.int64)
    pull = size * (1.0 if spread is None else np.asarray(spread, dtype=np.float64))
    least = np.minimum(size, FEWEST_DRAWN)
    n = int(min(max(n, least.sum()), size.sum()))
    wished = least.astype(np.float64)
    fixed = np.zeros(len(size), dtype=np.bool_)
    while True:  # strata that meet an end are fixed there, and the rest is shared by the others
        rest = n - wished[fixed].sum()
        free = pull * ~fixed
        if free.sum() <= 0.0:
            free = size * ~fixed * 1.0
        if free.sum() <= 0.0:
            break
        share = rest * free / free.sum()
        low, high = ~fixed & (share < least), ~fixed & (share > size)
        if not (low.any() or high.any()):
            wished[~fixed] = share[~fixed]
            break
        end = high if high.any() else low
        wished[end] = (size if high.any() else least)[end]
        fixed |= end
    given = np.floor(wished + 1e-9).astype(np.int64)
    order = np.argsort(-(wished - given), kind="stable")
    for place in [*order, *order]:
        if given.sum() < n and given[place] < size[place]:
            given[place] += 1
    return given


def half_width(
    rows: npt.ArrayLike, drawn: npt.ArrayLike, share: npt.ArrayLike, level: float = 0.95
) -> float:
    r"""Expected half-width of a share's interval, by the normal approximation.

    .. math:: z \sqrt{\sum_h W_h^2 (1 - f_h) \frac{p_h (1 - p_h)}{n_h}}

    Parameters
    ----------
    rows, drawn : array, shape (strata,)
    share : array, shape (strata,)
        Expected in each.
    level : float

    Examples
    --------
    >>> round(half_width([10**9], [384], [0.5]), 3)
    0.05
    """
    size, n, p = (np.asarray(one, dtype=np.float64) for one in (rows, drawn, share))
    weight = size / size.sum()
    variance = np.sum(weight**2 * (1.0 - n / size) * p * (1.0 - p) / n)
    return normal_quantile(level) * float(np.sqrt(variance))


def stratified_mean(
    rows: npt.ArrayLike,
    drawn: npt.ArrayLike,
    mean: npt.ArrayLike,
    variance: npt.ArrayLike,
    level: float = 0.95,
) -> tuple[float, float, float]:
    r"""Mean of a whole from those of strata: value, low and high.

    Student's t with :math:`\sum_h (n_h - 1)` degrees of freedom, and the finite population
    correction of each stratum. A stratum where all are alike is not taken for one without spread:
    variances are

    .. math:: \tilde s_h^2 = \frac{(n_h - 1) s_h^2 + W_h (S^2 + d_h^2)}{n_h - 1 + W_h}, \qquad
              S^2 = \sum_h W_h (s_h^2 + d_h^2)

    with :math:`d_h` from the mean of a stratum to that of all: as with one row more, which lies in
    each stratum by its size and is as far off as any row of the whole. Of one stratum they are what
    they were.

    Parameters
    ----------
    rows, drawn, mean, variance : array, shape (strata,)
        `variance` of the values in a stratum, with n - 1 below; 0 where only one was drawn.
    level : float

    Examples
    --------
    >>> [round(end, 2) for end in stratified_mean([100], [10], [2.0], [1.0])]
    [2.0, 1.32, 2.68]
    """
    size, n, centre, square = (
        np.asarray(one, dtype=np.float64) for one in (rows, drawn, mean, variance)
    )
    weight = size / size.sum()
    value = float(weight @ centre)
    off = (centre - value) ** 2
    more = float(weight @ (square + off)) + off
    square = ((n - 1.0) * square + weight * more) / (n - 1.0 + weight)
    error = math.sqrt(float(np.sum(weight**2 * (1.0 - n / size) * square / n)))
    freedom = float(np.sum(n - 1.0))
    if freedom < 1.0:
        return value, (value if error == 0.0 else math.nan), (value if error == 0.0 else math.nan)
    t = float(special.stdtrit(freedom, 0.5 + level / 2.0))
    return value, value - t * error, value + t * error
