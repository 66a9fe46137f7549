"""What simulated records say of the one observed."""

from __future__ import annotations

import numpy as np

from veedor.arrays import Floats


def middle_range(drawn: Floats) -> Floats:
    """95% range of a statistic over simulated records: where one more such record would lie.

    Ends are between the ranks 0.025 (R + 1) and 0.975 (R + 1) of R values, so that one more draw
    from the same lies within with probability 0.95 whatever its distribution; the smallest and the
    largest where R is below 39, and then it does with (R - 1) / (R + 1).

    Parameters
    ----------
    drawn : array, shape (simulations, ...)

    Returns
    -------
    array, shape (2, ...)
        Low and high.

    References
    ----------
    Weibull, W. (1939). The phenomenon of rupture in solids. Ingeniorsvetenskapsakademiens
    Handlingar 153, 1-55.

    Examples
    --------
    >>> middle_range(np.arange(1.0, 80.0))
    array([ 2., 78.])
    """
    low_and_high: Floats = np.quantile(drawn, (0.025, 0.975), axis=0, method="weibull")
    return low_and_high
