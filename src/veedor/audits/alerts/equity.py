"""One number for how unequal rates are between groups, as biometric testing names them."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from veedor.arrays import Floats
from veedor.statistics.inequality import gini


def max_over_geometric_mean(rates: npt.ArrayLike) -> Floats:
    """Largest rate of any group by the geometric mean of all; 1 is equal, larger is worse.

    Undefined where a group's rate is 0 or undefined, or there are fewer than two groups.

    Parameters
    ----------
    rates : array, shape (..., groups)

    References
    ----------
    Grother, P. (2022). Face Recognition Vendor Test Part 8: Summarizing demographic differentials.
    NIST IR 8429. https://doi.org/10.6028/NIST.IR.8429.ipd

    Examples
    --------
    >>> max_over_geometric_mean([0.01, 0.04]).round(6).item()
    2.0
    """
    x = np.asarray(rates, dtype=np.float64)
    with np.errstate(divide="ignore", invalid="ignore"):
        ratio = x.max(axis=-1) / np.exp(np.log(x).mean(axis=-1))
    defined = np.isfinite(x).all(axis=-1) & (x > 0.0).all(axis=-1) & (x.shape[-1] > 1)
    return np.where(defined, ratio, np.nan)


def gini_of_groups(rates: npt.ArrayLike) -> Floats:
    """Gini coefficient of rates, corrected for the number of groups: see `gini`.

    0 is equal, also where all rates are 0; 1 is all in one group. Undefined with fewer than two
    groups or an undefined rate.

    Examples
    --------
    >>> gini_of_groups([0.0, 0.0, 0.3]).item(), gini_of_groups([0.2, 0.2]).item()
    (1.0, 0.0)
    """
    x = np.asarray(rates, dtype=np.float64)
    equal = (x == 0.0).all(axis=-1) & (x.shape[-1] > 1)
    return np.where(equal, 0.0, gini(x, unbiased=True))


def garbe(fpir: npt.ArrayLike, fnir: npt.ArrayLike, alpha: float = 0.5) -> Floats:
    r"""Gini aggregation rate for biometric equitability.

    :math:`\alpha G(\text{FPIR}) + (1 - \alpha) G(\text{FNIR})`, with `gini_of_groups`. From 0,
    equal, to 1.

    Parameters
    ----------
    fpir, fnir : array, shape (..., groups)
    alpha : float

    References
    ----------
    Howard, J. J., Laird, E. J., Rubin, R. E., Sirotin, Y. B., Tipton, J. L. & Vemury, A. R.
    (2022). Evaluating proposed fairness models for face recognition algorithms.
    https://doi.org/10.48550/arXiv.2203.05051

    Examples
    --------
    >>> garbe([0.0, 0.01], [0.1, 0.1]).item()
    0.5
    """
    value: Floats = alpha * gini_of_groups(fpir) + (1.0 - alpha) * gini_of_groups(fnir)
    return value


def fairness_discrepancy_rate(
    fpir: npt.ArrayLike, fnir: npt.ArrayLike, alpha: float = 0.5
) -> Floats:
    r"""Fairness discrepancy rate ("FDR-fair", not the false discovery rate).

    :math:`1 - \alpha \max|\Delta \text{FPIR}| - (1 - \alpha) \max|\Delta \text{FNIR}|`, over pairs
    of groups. 1 is equal, smaller is worse. Differences of small FPIR hardly move it: read it with
    the ratio beside it.

    References
    ----------
    de Freitas Pereira, T. & Marcel, S. (2022). Fairness in biometrics: a figure of merit to assess
    biometric verification systems. IEEE T-BIOM 4, 19-29.
    https://doi.org/10.1109/TBIOM.2021.3102862

    Examples
    --------
    >>> fairness_discrepancy_rate([0.0, 0.1], [0.1, 0.3]).item()
    0.85
    """
    a, b = np.asarray(fpir, dtype=np.float64), np.asarray(fnir, dtype=np.float64)
    if a.shape[-1] < 2:
        return np.full(a.shape[:-1], np.nan)
    value: Floats = 1.0 - alpha * np.ptp(a, axis=-1) - (1.0 - alpha) * np.ptp(b, axis=-1)
    return value
