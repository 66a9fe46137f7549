"""How unevenly something is spread over places, people or groups."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from veedor.arrays import Floats


def lorenz(counts: npt.ArrayLike) -> Floats:
    """Lorenz curve: share of incidents in the i places with the fewest, for i = 0, ..., places.

    Parameters
    ----------
    counts : array, shape (..., places)
        At least 0; whole numbers, or weights.

    Returns
    -------
    array in [0, 1], shape (..., places + 1)
        Ascending and convex; NaN where there are no incidents.

    Examples
    --------
    >>> lorenz([3, 0, 1])
    array([0.  , 0.  , 0.25, 1.  ])
    """
    ascending = np.sort(np.asarray(counts), axis=-1)
    total = np.cumsum(ascending, axis=-1, dtype=np.float64)
    with np.errstate(invalid="ignore"):
        return np.concatenate([np.zeros((*total.shape[:-1], 1)), total], axis=-1) / total[..., -1:]


def gini(
    values: npt.ArrayLike, base: npt.ArrayLike | None = None, *, unbiased: bool = False
) -> Floats:
    r"""Gini coefficient over the last axis: twice the area between Lorenz curve and diagonal.

    .. math:: G = 1 - \sum_i (P_i - P_{i-1})(C_i + C_{i-1})

    with places in rising order of value per base, and P, C the cumulative shares of base and
    values. Where all n places have the same base, with values in rising order, that is
    :math:`\frac{2 \sum_i i\,x_{(i)}}{n \sum_i x_i} - \frac{n + 1}{n}`.

    Parameters
    ----------
    values : array, shape (..., places)
        At least 0.
    base : array, shape (places,), optional
        What they are spread over, people or ground; the same for all places where not given.
        Places with a base of 0 are passed over.
    unbiased : bool
        Multiply by n/(n - 1), so that 1 is reached where one of n places has everything.

    Returns
    -------
    array, shape (...)
        0 where all have the same; up to (n - 1)/n, or to 1 if `unbiased`. NaN where all are 0, and
        unbiased of a single place.

    References
    ----------
    Gini, C. (1912). Variabilita e mutabilita. Bologna.

    Lerman, R. I. & Yitzhaki, S. (1989). Improving the accuracy of estimates of Gini coefficients.
    Journal of Econometrics 42, 43-47. https://doi.org/10.1016/0304-4076(89)90074-2

    Examples
    --------
    >>> gini([3, 1, 1, 0, 0, 0, 0, 0, 0, 0]).round(2)  # 2 (10 * 3 + 9 + 8) / 50 - 1.1
    np.float64(0.78)
    >>> gini([1.0, 8.0], [2.0, 1.0]).round(4)  # 1 - (2/3) (1/9) - (1/3) (1/9 + 1)
    np.float64(0.5556)
    >>> float(gini([0.0, 0.0, 0.3], unbiased=True))
    1.0
    """
    if base is None:
        x = np.asarray(values, dtype=np.float64)
        n, total = x.shape[-1], x.sum(axis=-1)
        coefficient = _weighed(x) / (n * np.where(total > 0.0, total, 1.0))
    else:
        people, held = _lorenz_of(values, base)
        n, total = people.shape[-1], held[..., -1]
        held = held / np.where(total > 0.0, total, 1.0)[..., None]
        people = people / people[..., -1:]
        before = np.concatenate([np.zeros_like(held[..., :1]), held[..., :-1]], axis=-1)
        coefficient = 1.0 - (np.diff(people, axis=-1, prepend=0.0) * (held + before)).sum(axis=-1)
    # Rounding must not make an even spread uneven.
    coefficient = np.where(total > 0.0, np.maximum(coefficient, 0.0), np.nan)
    if unbiased:
        coefficient = coefficient * (n / (n - 1.0)) if n > 1 else np.full_like(coefficient, np.nan)
    result: Floats = coefficient[()]
    return result


def gini_of_kinds(values: npt.ArrayLike, many: npt.ArrayLike) -> Floats:
    r"""Gini coefficient of which only the different values are given, and how often each occurs.

    That of `gini` at a cost that does not grow with how many there are: with values ascending and
    :math:`N_j` of them up to the j-th,

    .. math:: G = \frac{\sum_j m_j\,v_j\,(N_{j-1} + N_j)}{n \sum_j m_j\,v_j} - 1.

    Parameters
    ----------
    values : array, shape (kinds,)
        At least 0, ascending.
    many : array of int, shape (..., kinds)
        How often each occurs.

    Returns
    -------
    array, shape (...)
        NaN where all are 0.

    Examples
    --------
    >>> gini_of_kinds([0, 1, 3], [7, 2, 1]).round(2)  # as gini([3, 1, 1, 0, 0, 0, 0, 0, 0, 0])
    np.float64(0.78)
    """
    v, m = np.asarray(values, dtype=np.float64), np.asarray(many, dtype=np.float64)
    up_to = np.cumsum(m, axis=-1)
    total = m @ v
    with np.errstate(invalid="ignore", divide="ignore"):
        found = (m * (2.0 * up_to - m)) @ v / (up_to[..., -1] * total) - 1.0
    # Rounding must not make an even spread uneven.
    return np.asarray(np.where(total > 0.0, np.maximum(found, 0.0), np.nan))[()]


def generalised_gini(counts: npt.ArrayLike, *, unbiased: bool = False) -> Floats:
    r"""Gini coefficient of counts against the most even that so few incidents can lie.

    With c incidents in n places, :math:`G' = \max(1, n / c)\,(G - 1) + 1`. Where there are fewer
    incidents than places no arrangement has a Gini coefficient of 0, and G alone calls rare
    offences concentrated. G' is 0 where no place has more than one incident, and equals G where
    incidents are no fewer than places. ``unbiased`` multiplies by m/(m - 1), with m the smaller of
    n and c, so that 1 is reached where one place has everything.

    Every place counts alike, whatever its area. G' still depends on the number of incidents: from
    the same places it rises until there are as many incidents as places, and falls after.

    Parameters
    ----------
    counts : array of whole numbers >= 0, shape (..., places)
    unbiased : bool

    Returns
    -------
    array, shape (...)
        From 0 (as even as can be) up to 1. Undefined (NaN) without incidents, and unbiased with
        a single one or a single place.

    References
    ----------
    Bernasco, W. & Steenbeek, W. (2017). More places than crimes: implications for evaluating the
    law of crime concentration at place. Journal of Quantitative Criminology 33, 451-467.
    https://doi.org/10.1007/s10940-016-9324-7

    Examples
    --------
    >>> generalised_gini([5, 2, 1, 0, 0, 0, 0, 0, 0, 0]).round(4)  # G is 0.8
    np.float64(0.75)
    >>> float(generalised_gini([0, 0, 1, 1])), float(gini([0, 0, 1, 1]))
    (0.0, 0.5)
    """
    x = np.asarray(counts, dtype=np.float64)
    n, c = x.shape[-1], x.sum(axis=-1)
    some = np.where(c > 0.0, c, np.nan)
    # The same with whole numbers until the end, so that as even as can be is exactly 0.
    result = np.maximum(1.0 - (n * some - _weighed(x)) / (some * np.minimum(n, some)), 0.0)
    if unbiased:
        fewer = np.minimum(n, some)
        result = np.where(
            fewer > 1.0, result * fewer / np.where(fewer > 1.0, fewer - 1.0, 1.0), np.nan
        )
    return np.asarray(result, dtype=np.float64)[()]


def share_of_places_holding(
    values: npt.ArrayLike, share: float, base: npt.ArrayLike | None = None
) -> Floats:
    """Smallest share of the places, or of what they hold, that has `share` of the values.

    The places with the most are taken first; the last one in the part that is needed.

    Parameters
    ----------
    values : array, shape (..., places)
    share : float
        Of the values, in (0, 1].
    base : array, shape (places,), optional
        People or ground: places are taken by value per base, and the share is one of the base.
        Places with a base of 0 are passed over.

    Returns
    -------
    array in (0, 1], shape (...)
        `share` itself is even; smaller is more concentrated. NaN where all values are 0.

    References
    ----------
    Weisburd, D. (2015). The law of crime concentration and the criminology of place. Criminology
    53, 133-157. https://doi.org/10.1111/1745-9125.12070

    Examples
    --------
    >>> float(share_of_places_holding([6, 2, 1, 1], 0.5))  # five sixths of one place of four
    0.20833333333333334
    >>> float(share_of_places_holding([0.0, 8.0], 0.5, [5.0, 5.0]))
    0.25
    """
    if base is None:
        values = np.asarray(values, dtype=np.float64)
        base = np.ones(values.shape[-1])
    people, held = _lorenz_of(values, base)
    size = np.diff(people, axis=-1, prepend=0.0)[..., ::-1]
    descending = np.diff(held, axis=-1, prepend=0.0)[..., ::-1]
    most = np.cumsum(descending, axis=-1)
    wanted = share * most[..., -1:]
    last = np.minimum(np.sum(most < wanted, axis=-1), most.shape[-1] - 1)[..., None]
    before = np.take_along_axis(most - descending, last, axis=-1)
    with np.errstate(invalid="ignore", divide="ignore"):
        part = (wanted - before) / np.take_along_axis(descending, last, axis=-1)
        taken = np.take_along_axis(np.cumsum(size, axis=-1) - size, last, axis=-1)
        found = taken + part * np.take_along_axis(size, last, axis=-1)
        found = found[..., 0] / people[..., -1]
    return np.asarray(np.where(most[..., -1] > 0, found, np.nan))


def hoover(values: Floats, base: Floats) -> float:
    r"""Hoover index: the share of the values that would have to move to be even.

    .. math:: H = \tfrac12 \sum_i \left| \frac{c_i}{C} - \frac{p_i}{P} \right|

    Parameters
    ----------
    values, base : array, shape (n,)

    Returns
    -------
    float
        In [0, 1); 0 is even. NaN where all values are 0.

    References
    ----------
    Hoover, E. M. (1936). The measurement of industrial localization. Review of Economics and
    Statistics 18, 162-171. https://doi.org/10.2307/1927875

    Examples
    --------
    >>> hoover(np.array([0.0, 8.0]), np.array([5.0, 5.0]))
    0.5
    """
    if not values.sum() > 0.0:
        return float("nan")
    return float(0.5 * np.abs(values / values.sum() - base / base.sum()).sum())


def _weighed(values: Floats) -> Floats:
    """Sum of (2 i - n - 1) x_(i) over the last axis, in rising order: half the sum of all gaps."""
    x = np.sort(values, axis=-1)
    n = x.shape[-1]
    # Above the smallest, so that an even spread is 0 whatever is rounded.
    weighed: Floats = (x - x[..., :1]) @ (2.0 * np.arange(1.0, n + 1.0) - n - 1.0)
    return weighed


def _lorenz_of(values: npt.ArrayLike, base: npt.ArrayLike) -> tuple[Floats, Floats]:
    """Cumulative base and values, shape (..., used places), in rising order of value per base."""
    over = np.asarray(base, dtype=np.float64)
    used = over > 0.0
    x = np.asarray(values, dtype=np.float64)[..., used]
    over = np.broadcast_to(over[used], x.shape)
    order = np.argsort(x / over, axis=-1, kind="stable")
    people = np.cumsum(np.take_along_axis(over, order, axis=-1), axis=-1)
    return people, np.cumsum(np.take_along_axis(x, order, axis=-1), axis=-1)
