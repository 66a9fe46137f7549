"""How many independent zones a correlation over a map is worth."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from scipy import special

Floats = npt.NDArray[np.float64]


def effective_sample_size(
    x: Floats, y: Floats, x_m: Floats, y_m: Floats, classes: int | None = None
) -> float | None:
    r"""Effective sample size of the correlation of two mapped quantities.

    .. math:: \hat n = 1 + \frac{1}{\hat\sigma_r^2}, \quad
       \hat\sigma_r^2 = \frac{\sum_k N_k \hat C_x(k) \hat C_y(k)}{n^2 s_x^2 s_y^2}

    over classes k of the distance between zones, with N_k ordered pairs (a zone with itself is
    class 0), C(k) the mean product of deviations of a class and s^2 the variance.

    Parameters
    ----------
    x, y : array, shape (n,)
        Ranks, for Spearman's correlation.
    x_m, y_m : array, shape (n,)
        Places, metres.
    classes : int, optional
        Of distance, equally wide; Sturges' number of the pairs by default.

    Returns
    -------
    float or None
        Near n where neighbours have nothing to do with each other, and less where both quantities
        change slowly over the map. None with fewer than 4 zones, where either does not vary, or
        where the estimate of the variance is not positive. O(n^2).

    References
    ----------
    Clifford, P., Richardson, S. & Hemon, D. (1989). Assessing the significance of the correlation
    between two spatial processes. Biometrics 45, 123-134. https://doi.org/10.2307/2532039

    Dutilleul, P. (1993). Modifying the t test for assessing the correlation between two spatial
    processes. Biometrics 49, 305-314. https://doi.org/10.2307/2532625
    """
    n = len(x)
    dx, dy = x - x.mean(), y - y.mean()
    if n < 4 or dx @ dx <= 0.0 or dy @ dy <= 0.0:
        return None
    from veedor.audits.places.compiled import class_products

    number = classes or int(np.ceil(1.0 + np.log2(n * (n - 1) / 2.0)))
    widest = float(np.hypot(np.ptp(x_m), np.ptp(y_m))) or 1.0
    pairs, (of_x, of_y) = class_products(x_m, y_m, np.vstack([dx, dy]), widest, number)
    seen = pairs > 0
    variance_x, variance_y = dx @ dx / n, dy @ dy / n
    # A pair counts in both orders.
    shared = 2.0 * float(np.sum(of_x[seen] * of_y[seen] / pairs[seen]))
    shared += n * variance_x * variance_y
    variance = shared / (n * n * variance_x * variance_y)
    return 1.0 + 1.0 / variance if variance > 0.0 else None


def correlation_p_value(r: float, effective: float | None) -> float | None:
    """Two-sided p-value of no correlation, by Student's t with the effective sample size less 2.

    None where it is undefined: a size of at most 2, or a correlation of 1.
    """
    if effective is None or effective <= 2.0 or abs(r) >= 1.0:
        return None
    t = abs(r) * np.sqrt((effective - 2.0) / (1.0 - r * r))
    return float(2.0 * special.stdtr(effective - 2.0, -t))
