"""How many incidents there may have been, given how many were recorded."""

from __future__ import annotations

import math

from veedor.arrays import Floats, Ints
from veedor.statistics import Estimate, normal_quantile
from veedor.statistics.codes import Denominator, Method


def true_count_bounds(
    counts: Floats, low: Floats, high: Floats, stratum: Ints
) -> tuple[Floats, Floats]:
    r"""Smallest and largest true count of each place, over all admissible rates.

    $$\sum_c n_c / \text{high}_c \le N \le \sum_c n_c / \text{low}_c$$

    Parameters
    ----------
    counts : array, shape (places, categories)
    low, high : array in (0, 1], shape (strata, categories)
    stratum : array of int, shape (places,)

    Returns
    -------
    tuple of array, shape (places,)
        Incidents. They bound what the rates leave open and no more: that of the incidents of one
        place a smaller or larger share than the rate may by chance have been reported is left out.

    Examples
    --------
    >>> import numpy as np
    >>> low, high = np.array([[0.4]]), np.array([[0.5]])
    >>> true_count_bounds(np.array([[20.0]]), low, high, np.array([0]))
    (array([40.]), array([50.]))
    """
    smallest: Floats = (counts / high[stratum]).sum(axis=1)
    largest: Floats = (counts / low[stratum]).sum(axis=1)
    return smallest, largest


def true_total(
    recorded: float, rate: float, standard_error: float, *, level: float = 0.95, of: Denominator
) -> Estimate:
    r"""Estimate how many incidents there were, with the survey's error and the chance of reporting.

    $\hat N = n / \hat r$. On the log scale its variance is

    $$\frac{1 - \hat r}{n} + \left(\frac{s}{\hat r}\right)^2$$

    the first term because each incident is reported or not (n is binomial given N), the second the
    survey's relative standard error.

    Parameters
    ----------
    recorded : float
        Recorded incidents, n.
    rate : float
        The survey's estimate, in (0, 1].
    standard_error : float
        Of the rate.
    level : float
    of : Denominator
        What was recorded.

    Returns
    -------
    Estimate
        Incidents; the interval is not below `recorded`. Undefined where nothing was recorded.

    References
    ----------
    Oehlert, G. W. (1992). A note on the delta method. The American Statistician 46, 27-29.
    https://doi.org/10.1080/00031305.1992.10475842

    Examples
    --------
    >>> found = true_total(400, 0.5, 0.02, of=Denominator("thefts"))
    >>> found.value, round(found.low), round(found.high)
    (800.0, 721, 888)
    """
    size = round(recorded)
    if recorded <= 0.0:
        return Estimate(None, None, None, level, Method("none_nothing_recorded"), size, of)
    value = recorded / rate
    spread = math.sqrt((1.0 - rate) / recorded + (standard_error / rate) ** 2)
    factor = math.exp(normal_quantile(level) * spread)
    return Estimate(
        value,
        max(value / factor, float(recorded)),
        value * factor,
        level,
        Method("delta_log_and_binomial_reporting"),
        size,
        of,
    )
