"""Looking at many places, and still knowing how often one is called out by chance."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from scipy import stats

from veedor.arrays import Floats

#: Share of false ones that is accepted, on average, among the places (or bands, or series) named.
FALSE_DISCOVERY_RATE = 0.05


def family_wise_p(p_values: npt.ArrayLike) -> Floats:
    r"""Adjust p-values so that naming all up to 5% names anything false in 5% of families at most.

    Holm's: :math:`\max_{j \le i} \min(1, (m - j + 1)\, p_{(j)})` for the i-th smallest of m. It
    holds whatever the tests share.

    Parameters
    ----------
    p_values : array of float, shape (tests,)
        NaN where a test is undefined: it is not counted among the tests.

    Returns
    -------
    array in [0, 1], shape (tests,)

    References
    ----------
    Holm, S. (1979). A simple sequentially rejective multiple test procedure. Scandinavian Journal
    of Statistics 6, 65-70. https://www.jstor.org/stable/4615733

    Examples
    --------
    >>> family_wise_p([0.01, 0.04, np.nan, 0.03, 0.5])
    array([0.04, 0.09,  nan, 0.09, 0.5 ])
    """
    p = np.asarray(p_values, dtype=np.float64)
    adjusted = np.full(p.shape, np.nan)
    tested = np.flatnonzero(np.isfinite(p))
    order = tested[np.argsort(p[tested], kind="stable")]
    factor = np.arange(len(order), 0, -1)
    adjusted[order] = np.minimum(1.0, np.maximum.accumulate(factor * p[order]))
    return adjusted


def false_discovery_q(p_values: npt.ArrayLike) -> Floats:
    r"""Adjust p-values for the number of tests: smallest false discovery rate that names each.

    :math:`q_{(i)} = \min_{j \ge i} \min(1, m p_{(j)} / j)` for m p-values in ascending order
    (Benjamini & Hochberg). Naming all with q <= 0.05 keeps the expected share of false ones among
    those named at 5% or less, for independent tests and for tests that depend on one another
    positively, as those of neighbouring places do.

    Parameters
    ----------
    p_values : array of float
        Of any shape; NaN where a test is undefined: it is not counted among the tests.

    Returns
    -------
    array in [0, 1], of the same shape
        NaN where the p-value is. Smaller is stronger evidence.

    References
    ----------
    Benjamini, Y. & Hochberg, Y. (1995). Controlling the false discovery rate. Journal of the Royal
    Statistical Society B 57, 289-300. https://doi.org/10.1111/j.2517-6161.1995.tb02031.x

    Benjamini, Y. & Yekutieli, D. (2001). The control of the false discovery rate in multiple
    testing under dependency. Annals of Statistics 29, 1165-1188.
    https://doi.org/10.1214/aos/1013699998

    Examples
    --------
    >>> false_discovery_q([0.01, 0.04, np.nan, 0.03, 0.5])
    array([0.04      , 0.05333333,        nan, 0.05333333, 0.5       ])
    """
    p = np.asarray(p_values, dtype=np.float64)
    q = np.full(p.shape, np.nan)
    tested = np.isfinite(p)
    if bool(tested.any()):
        q[tested] = stats.false_discovery_control(p[tested], method="bh")
    return q


def smallest_q(q_values: npt.ArrayLike) -> float | None:
    """Smallest of q-values: the p-value of there being nothing anywhere; None without a test.

    References
    ----------
    Simes, R. J. (1986). An improved Bonferroni procedure for multiple tests of significance.
    Biometrika 73, 751-754. https://doi.org/10.1093/biomet/73.3.751

    Examples
    --------
    >>> smallest_q([0.2, np.nan, 0.03]), smallest_q([np.nan])
    (0.03, None)
    """
    q = np.asarray(q_values, dtype=np.float64)
    q = q[np.isfinite(q)]
    return float(q.min()) if len(q) else None
