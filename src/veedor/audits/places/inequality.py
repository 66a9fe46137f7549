"""How unevenly predictions are spread over people and ground."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]


def gini(count: Floats, base: Floats, weights: Floats | None = None) -> Floats:
    r"""Gini index of predictions over a base (people or ground).

    .. math:: G = 1 - \sum_i (P_i - P_{i-1})(C_i + C_{i-1})

    with zones in ascending order of count per base, and P, C the cumulative shares of base and
    predictions: twice the area between the Lorenz curve and the diagonal.

    Parameters
    ----------
    count, base : array, shape (n,)
        At least 0; zones with a base of 0 are passed over.
    weights : array, shape (r, n), optional
        How often each zone counts, in each of r resamples; once by default.

    Returns
    -------
    array, shape (r,) or ()
        0 where everyone has the same, towards 1 where one has all. NaN where nothing is predicted.

    References
    ----------
    Lerman, R. I. & Yitzhaki, S. (1989). Improving the accuracy of estimates of Gini coefficients.
    Journal of Econometrics 42, 43-47. https://doi.org/10.1016/0304-4076(89)90074-2

    Examples
    --------
    Two zones of the same population, one with everything:

    >>> float(gini(np.array([0.0, 8.0]), np.array([5.0, 5.0])))
    0.5
    """
    people, held = _lorenz(count, base, weights)
    with np.errstate(invalid="ignore", divide="ignore"):
        people = people / people[..., -1:]
        held = held / held[..., -1:]
    steps = np.diff(people, axis=-1, prepend=0.0)
    heights = held + np.concatenate([np.zeros_like(held[..., :1]), held[..., :-1]], axis=-1)
    result: Floats = np.asarray(1.0 - np.einsum("...i,...i->...", steps, heights))
    return result


def hoover(count: Floats, base: Floats, weights: Floats | None = None) -> Floats:
    r"""Hoover index: the share of predictions that would have to move to be even.

    .. math:: H = \tfrac12 \sum_i \left| \frac{c_i}{C} - \frac{p_i}{P} \right|

    Parameters
    ----------
    count, base : array, shape (n,)
    weights : array, shape (r, n), optional
        As in `gini`.

    Returns
    -------
    array, shape (r,) or ()
        In [0, 1); 0 is even. NaN where nothing is predicted.

    References
    ----------
    Hoover, E. M. (1936). The measurement of industrial localization. Review of Economics and
    Statistics 18, 162-171. https://doi.org/10.2307/1927875

    Examples
    --------
    >>> float(hoover(np.array([0.0, 8.0]), np.array([5.0, 5.0])))
    0.5
    """
    part = np.ones((1, len(count))) if weights is None else weights
    with np.errstate(invalid="ignore", divide="ignore"):
        total, people = (part @ np.column_stack([count, base])).T
        # The sum of |c/C - p/P| is twice that of its positive part: one pass over the products.
        gap = count / total[:, None] - base / people[:, None]
        result: Floats = 0.5 * np.einsum("ri,ri->r", part, np.abs(gap))
    return result[0] if weights is None else result


def share_holding_half(count: Floats, base: Floats, weights: Floats | None = None) -> Floats:
    """Smallest share of the base whose zones hold half of the predictions.

    Zones are taken by predictions per base, the most first; of the zone in which half is reached,
    the part that it takes.

    Parameters
    ----------
    count, base : array, shape (n,)
    weights : array, shape (r, n), optional
        As in `gini`.

    Returns
    -------
    array, shape (r,) or ()
        In (0, 0.5]; 0.5 is even. NaN where nothing is predicted.

    Examples
    --------
    >>> float(share_holding_half(np.array([0.0, 8.0]), np.array([5.0, 5.0])))
    0.25
    """
    people, held = _lorenz(count, base, weights)
    people, held = np.atleast_2d(people), np.atleast_2d(held)
    half = held[:, -1] / 2.0
    at = np.minimum((held < half[:, None]).sum(axis=1), held.shape[1] - 1)
    row = np.arange(len(held))
    before = np.where(at > 0, held[row, at - 1], 0.0)
    behind = np.where(at > 0, people[row, at - 1], 0.0)
    with np.errstate(invalid="ignore", divide="ignore"):
        part = (half - before) / (held[row, at] - before)
        below = behind + part * (people[row, at] - behind)
        result: Floats = 1.0 - below / people[:, -1]
    return result[0] if weights is None else result


def _lorenz(count: Floats, base: Floats, weights: Floats | None) -> tuple[Floats, Floats]:
    """Cumulative base and predictions, in ascending order of predictions per base."""
    used = base > 0.0
    rate = count[used] / base[used]
    order = np.flatnonzero(used)[np.argsort(rate, kind="stable")]
    part = np.ones(len(order)) if weights is None else weights[:, order]
    return np.cumsum(part * base[order], axis=-1), np.cumsum(part * count[order], axis=-1)
