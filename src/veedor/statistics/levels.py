"""Whether one stretch of a series of counts is lower than another, exactly, and how it varies."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from scipy import special

from veedor.arrays import Floats

#: Below this dispersion times a stretch's spans a count is taken as Poisson.
_POISSON = 1e-9
#: Counts up to this are summed one by one; beyond it single counts no longer matter.
_SUMMED = 2_000
_LARGEST_BATCH = 1_000_000


def lower_tail(
    inside: npt.ArrayLike,
    outside: npt.ArrayLike,
    spans_inside: npt.ArrayLike,
    spans_outside: npt.ArrayLike,
    dispersion: npt.ArrayLike,
) -> Floats:
    r"""Chance of so low a share of two stretches' counts in the first, were their levels equal.

    For independent negative binomial counts of one mean and one dispersion :math:`\alpha`
    (variance :math:`\mu + \alpha\mu^2`) a sum over w spans is negative binomial of size
    :math:`w/\alpha`. Given :math:`n = x + y`, the mean drops out: x is beta-binomial of n with
    parameters :math:`w_x/\alpha` and :math:`w_y/\alpha`, and binomial of n and
    :math:`w_x/(w_x + w_y)` for :math:`\alpha = 0`. Beyond counts of 2,000 the beta distribution of
    that mean and variance is taken instead.

    Parameters
    ----------
    inside, outside : array of int
        Counts of the two stretches, at least 0.
    spans_inside, spans_outside : array
        How many spans each holds, above 0.
    dispersion : array
        :math:`\alpha`, at least 0.

    Returns
    -------
    array in [0, 1]
        P(X <= inside): small where the first stretch is lower. 1 where both counts are 0.

    References
    ----------
    Przyborowski, J. & Wilenski, H. (1940). Homogeneity of results in testing samples from Poisson
    series. Biometrika 31, 313-323. https://doi.org/10.1093/biomet/31.3-4.313

    Johnson, N. L., Kemp, A. W. & Kotz, S. (2005). Univariate Discrete Distributions, 3rd ed.,
    section 6.2.2. Wiley. https://doi.org/10.1002/0471715816

    Examples
    --------
    No incident in 1 span beside 10 in 1: 1/2 to the power of 10; with dispersion 1 each split is
    as likely as another.

    >>> lower_tail([0, 0], [10, 10], 1, 1, [0.0, 1.0]).round(6).tolist()
    [0.000977, 0.090909]
    """
    x, y, w, v, alpha = np.broadcast_arrays(
        *(np.asarray(given, dtype=np.float64) for given in (inside, outside, spans_inside)),
        np.asarray(spans_outside, dtype=np.float64),
        np.asarray(dispersion, dtype=np.float64),
    )
    shape = x.shape
    x, y, w, v, alpha = (given.ravel() for given in (x, y, w, v, alpha))
    n, share = x + y, w / (w + v)
    found = np.ones(len(x))
    poisson = alpha * np.maximum(n, 1.0) < _POISSON
    some = (n > 0) & poisson
    found[some] = special.betainc(np.maximum(y[some], 1e-300), x[some] + 1.0, 1.0 - share[some])
    found[some & (y == 0)] = 1.0
    with np.errstate(divide="ignore"):
        a, b = w / alpha, v / alpha
    summed = (n > 0) & ~poisson & (x <= _SUMMED)
    found[summed] = _summed(x[summed], n[summed], a[summed], b[summed])
    large = (n > 0) & ~poisson & ~summed
    size = n[large] * (a[large] + b[large] + 1.0) / (a[large] + b[large] + n[large]) - 1.0
    found[large] = special.betainc(
        size * share[large],
        size * (1.0 - share[large]),
        np.minimum((x[large] + 0.5) / n[large], 1.0),
    )
    return np.minimum(found, 1.0).reshape(shape)


def chance_of(
    inside: npt.ArrayLike,
    outside: npt.ArrayLike,
    spans_inside: npt.ArrayLike,
    spans_outside: npt.ArrayLike,
    dispersion: npt.ArrayLike,
) -> Floats:
    """Chance of just that share in the first stretch: at most `lower_tail`, without its sum.

    >>> chance_of([0], [10], 1, 1, [0.0]).round(6).tolist()
    [0.000977]
    """
    x, y = np.asarray(inside, dtype=np.float64), np.asarray(outside, dtype=np.float64)
    w, v = np.asarray(spans_inside, dtype=np.float64), np.asarray(spans_outside, dtype=np.float64)
    alpha, n = np.asarray(dispersion, dtype=np.float64), x + y
    poisson = alpha * np.maximum(n, 1.0) < _POISSON
    safe = np.where(poisson, 1.0, alpha)
    a, b = w / safe, v / safe
    ways = -special.betaln(x + 1.0, y + 1.0) - np.log(n + 1.0)
    mixed = special.betaln(x + a, y + b) - special.betaln(a, b)
    plain = special.xlogy(x, w / (w + v)) + special.xlogy(y, v / (w + v))
    found: Floats = np.exp(ways + np.where(poisson, plain, mixed))
    return found


def _summed(x: Floats, n: Floats, a: Floats, b: Floats) -> Floats:
    """Sum the beta-binomial distribution from x down to 0, by the ratio of each term to the next.

    Few long sums and many short ones are not laid into one table.
    """
    found = np.empty(len(x))
    order = np.argsort(-x, kind="stable")
    start = 0
    while start < len(order):
        longest = int(x[order[start]])
        some = order[start : start + max(_LARGEST_BATCH // (longest + 1), 1)]
        start += len(some)
        top, whole, low, high = (part[some, None] for part in (x, n, a, b))
        k = np.maximum(top - np.arange(longest), 0.0)
        ratio = k * (whole - k + high) / ((whole - k + 1.0) * np.maximum(k - 1.0 + low, 1e-300))
        with np.errstate(over="ignore", invalid="ignore"):
            below = np.cumprod(np.where(k > 0, ratio, 0.0), axis=1).sum(axis=1)
            sums = _term(x[some], n[some], a[some], b[some]) * (1.0 + below)
        # Of a term too small for a number so far above the middle that all else lies below it.
        found[some] = np.where(np.isfinite(sums), sums, 1.0)
    return found


def _term(x: Floats, n: Floats, a: Floats, b: Floats) -> Floats:
    ways = -special.betaln(x + 1.0, n - x + 1.0) - np.log(n + 1.0)
    found: Floats = np.exp(ways + special.betaln(x + a, n - x + b) - special.betaln(a, b))
    return found
