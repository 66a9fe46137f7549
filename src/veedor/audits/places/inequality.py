"""How unevenly predictions are spread over people and ground."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]


def gini(count: Floats, base: Floats) -> float:
    r"""Gini index of predictions over a base (people or ground).

    .. math:: G = 1 - \sum_i (P_i - P_{i-1})(C_i + C_{i-1})

    with zones in ascending order of count per base, and P, C the cumulative shares of base and
    predictions: twice the area between the Lorenz curve and the diagonal.

    Parameters
    ----------
    count, base : array, shape (n,)
        At least 0; zones with a base of 0 are passed over.

    Returns
    -------
    float
        0 where everyone has the same, towards 1 where one has all. NaN where nothing is predicted.

    References
    ----------
    Lerman, R. I. & Yitzhaki, S. (1989). Improving the accuracy of estimates of Gini coefficients.
    Journal of Econometrics 42, 43-47. https://doi.org/10.1016/0304-4076(89)90074-2

    Examples
    --------
    Two zones of the same population, one with everything:

    >>> gini(np.array([0.0, 8.0]), np.array([5.0, 5.0]))
    0.5
    """
    people, held = _lorenz(count, base)
    if not held[-1] > 0.0:
        return float("nan")
    people, held = people / people[-1], held / held[-1]
    steps = np.diff(people, prepend=0.0)
    return float(1.0 - steps @ (held + np.concatenate([[0.0], held[:-1]])))


def hoover(count: Floats, base: Floats) -> float:
    r"""Hoover index: the share of predictions that would have to move to be even.

    .. math:: H = \tfrac12 \sum_i \left| \frac{c_i}{C} - \frac{p_i}{P} \right|

    Parameters
    ----------
    count, base : array, shape (n,)

    Returns
    -------
    float
        In [0, 1); 0 is even. NaN where nothing is predicted.

    References
    ----------
    Hoover, E. M. (1936). The measurement of industrial localization. Review of Economics and
    Statistics 18, 162-171. https://doi.org/10.2307/1927875

    Examples
    --------
    >>> hoover(np.array([0.0, 8.0]), np.array([5.0, 5.0]))
    0.5
    """
    if not count.sum() > 0.0:
        return float("nan")
    return float(0.5 * np.abs(count / count.sum() - base / base.sum()).sum())


def share_holding_half(count: Floats, base: Floats) -> float:
    """Smallest share of the base whose zones hold half of the predictions.

    Zones are taken by predictions per base, the most first; of the zone in which half is reached,
    the part that it takes.

    Parameters
    ----------
    count, base : array, shape (n,)

    Returns
    -------
    float
        In (0, 0.5]; 0.5 is even. NaN where nothing is predicted.

    Examples
    --------
    >>> share_holding_half(np.array([0.0, 8.0]), np.array([5.0, 5.0]))
    0.25
    """
    people, held = _lorenz(count, base)
    if not held[-1] > 0.0:
        return float("nan")
    half = held[-1] / 2.0
    at = int(np.searchsorted(held, half))
    before, behind = (held[at - 1], people[at - 1]) if at else (0.0, 0.0)
    part = (half - before) / (held[at] - before)
    return float(1.0 - (behind + part * (people[at] - behind)) / people[-1])


def _lorenz(count: Floats, base: Floats) -> tuple[Floats, Floats]:
    """Cumulative base and predictions, in ascending order of predictions per base."""
    used = base > 0.0
    order = np.flatnonzero(used)[np.argsort(count[used] / base[used], kind="stable")]
    return np.cumsum(base[order]), np.cumsum(count[order])
