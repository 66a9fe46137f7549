"""Correlation of two mapped quantities, with the independent zones that it is worth."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import special

from veedor.arrays import Floats
from veedor.audits.places.dependence.ground import FEWEST_LEFT, Ground

_TERMS = 2


@dataclass(frozen=True)
class MappedCorrelation:
    """A correlation over a map.

    Parameters
    ----------
    r : float
        In [-1, 1].
    effective : float or None
        Independent zones that it is worth; None where it cannot be told.
    zones : int
        That there are.
    """

    r: float
    effective: float | None
    zones: int

    def interval(self, level: float) -> tuple[float, float]:
        """Interval by Fisher's transformation; NaN with fewer than 8 zones beyond its 2 terms."""
        if self.effective is None or self.effective - _TERMS < FEWEST_LEFT:
            return float("nan"), float("nan")
        quantile = special.stdtrit(self.effective - _TERMS, 0.5 + level / 2.0)
        reach = float(quantile) / np.sqrt(self.effective - 3.0)
        centre = _fisher(self.r)
        return float(np.tanh(centre - reach)), float(np.tanh(centre + reach))


def mapped_correlation(ground: Ground, x: Floats, y: Floats) -> MappedCorrelation:
    r"""Pearson's correlation, of ranks Spearman's, and its effective number of zones.

    .. math:: \hat n = 1 + \frac{1}{\hat\sigma_r^2}, \quad
       \hat\sigma_r^2 = \frac{1}{n^2} \sum_k N_k \hat C_x(k) \hat C_y(k)

    over classes k of distance and direction between zones, with N_k ordered pairs (a zone with
    itself is one class) and C(k) the mean product of standardised deviations. In pairs that touch
    or share a cluster, the product of the means is exchanged for that of x with what x leaves of y,
    where that makes the variance larger.

    Parameters
    ----------
    ground : Ground
    x, y : array, shape (n,)

    Returns
    -------
    MappedCorrelation
        NaN where either does not vary. O(n^2).

    References
    ----------
    Clifford, P., Richardson, S. & Hemon, D. (1989). Assessing the significance of the correlation
    between two spatial processes. Biometrics 45, 123-134. https://doi.org/10.2307/2532039

    Dutilleul, P. (1993). Modifying the t test for assessing the correlation between two spatial
    processes. Biometrics 49, 305-314. https://doi.org/10.2307/2532625
    """
    n = len(x)
    if n < 2 or np.ptp(x) <= 0.0 or np.ptp(y) <= 0.0:
        return MappedCorrelation(float("nan"), None, n)
    dx, dy = ((values - values.mean()) / values.std() for values in (x, y))
    r = float(np.clip(np.mean(dx * dy), -1.0, 1.0))
    rest = dy - r * dx
    if not ground.enough or rest.std() <= 1e-9:
        return MappedCorrelation(r, None, n)
    rest /= rest.std()
    products = ground.products(np.column_stack([dx, dy]))
    of_class = products.means.prod(axis=1)
    variance = max((n + 2.0 * float(products.pairs @ of_class)) / n**2, 1.0 / n)
    first, second = ground.near
    observed = (dx * rest)[first] @ (dx * rest)[second]
    expected = of_class[ground.classes(first, second)].sum()
    variance = max(variance, variance + 2.0 * float(observed - expected) / n**2)
    units = ground.units
    return MappedCorrelation(r, min(1.0 + (units - 2.0) / units / variance, float(n)), n)


def correlation_p_value(r: float, effective: float | None) -> float | None:
    r"""Two-sided p-value of no correlation, the one that belongs to the interval.

    .. math:: t = \mathrm{artanh}(|r|) \sqrt{\hat n - 3}

    of Student's t with the effective zones less 2: below 0.05 just where the 95% interval leaves 0
    out. None where there is no interval: fewer than 8 zones beyond these 2.

    Examples
    --------
    >>> round(correlation_p_value(0.558, 13.0), 3)
    0.072
    >>> low, high = MappedCorrelation(0.558, 13.0, 89).interval(0.95)
    >>> bool(low < 0.0 < high)
    True
    """
    if effective is None or effective - _TERMS < FEWEST_LEFT or not np.isfinite(r):
        return None
    t = _fisher(abs(r)) * np.sqrt(effective - 3.0)
    return float(2.0 * special.stdtr(effective - _TERMS, -t))


def _fisher(r: float) -> float:
    """Fisher's transformation, bounded: a correlation of 1 has no infinite one."""
    return float(np.arctanh(np.clip(r, -0.999, 0.999)))
