"""Sums of cells: how uncertain a forecast is of what zones, or groups of cells, record together."""

from __future__ import annotations

import numpy as np

from veedor.arrays import Floats, Ints
from veedor.forecasts.distributions import CountDistribution


def common_variance(mean: Floats, own: Floats, total: float) -> float:
    r"""Variance tau of the factor by which all cells of a period rise and fall together.

    What makes the variance of all cells together the one that their forecast states for the total:

    .. math:: \alpha M^2 = \sum_c \alpha_c \mu_c^2 + \tau \left(M^2 - \sum_c \mu_c^2\right),

    with M the sum of the means; at least 0.

    Parameters
    ----------
    mean, own : array, shape (cells,)
        Means, and dispersions times means squared.
    total : float
        Dispersion alpha of the total.

    Examples
    --------
    >>> common_variance(np.ones(2), np.zeros(2), 0.1)
    0.2
    """
    whole = float(mean.sum()) ** 2
    pairs = whole - float((mean**2).sum())
    common = total * whole - float(own.sum())
    return max(0.0, common / pairs) if pairs > 1e-12 * whole else 0.0


def sums_of(
    cells: CountDistribution, group: Ints, groups: int, total: float | None = None
) -> CountDistribution:
    r"""Distribution of the count of each group of cells in one period, as a negative binomial.

    Its mean is the sum of the cells' means, its variance

    .. math:: v_g = m_g + \sum_{c \in g} \alpha_c \mu_c^2
              + \tau \left(m_g^2 - \sum_{c \in g} \mu_c^2\right).

    Parameters
    ----------
    cells : CountDistribution, shape (cells,)
    group : array of int, shape (cells,)
        From 0; below 0 is in no group. Every group has a cell.
    groups : int
    total : float, optional
        Dispersion that the forecast states for all cells together, which gives tau
        (`common_variance`). Without it cells are independent and tau is 0.

    Returns
    -------
    CountDistribution, shape (groups,)

    Examples
    --------
    Two cells that are all of the area have the total's dispersion; independent ones less:

    >>> cells = CountDistribution(np.array([1.0, 3.0]), 0.5)
    >>> sums_of(cells, np.zeros(2, dtype=int), 1, 0.6).dispersion.round(4)
    array([0.6])
    >>> sums_of(cells, np.zeros(2, dtype=int), 1).dispersion
    array([0.3125])
    """
    own = cells.dispersion * cells.mean**2
    tau = 0.0 if total is None else common_variance(cells.mean, own, total)
    inside = group >= 0
    mean, owns, squares = (
        np.bincount(group[inside], weights=values[inside], minlength=groups)
        for values in (cells.mean, own, cells.mean**2)
    )
    excess = owns + tau * (mean**2 - squares)
    return CountDistribution(mean, np.maximum(excess, 0.0) / mean**2)
