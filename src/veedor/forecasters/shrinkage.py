"""Empirical Bayes: shrinking each cell's count to what its surroundings suggest."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy import optimize, special

from veedor.arrays import Floats
from veedor.spacetime import KernelSmoother

# Bandwidths that are tried, in cell widths, and the bounds of the log strength.
_BANDWIDTHS = (1.0, 2.0, 4.0, 8.0)
_LOG_STRENGTH = (-4.0, 8.0)


@dataclass(frozen=True)
class Shrinkage:
    r"""Gamma prior of a cell's count, centred on the kernel mean of the other cells.

    With n incidents in the cell and m expected from its surroundings (kernel mean without the
    cell itself, in proportion to ground), the rate is Gamma with mean m and shape
    :math:`\phi`; the count is then negative binomial, and the posterior mean is

    .. math:: \frac{\phi + n}{\phi / m + 1}.

    Parameters
    ----------
    bandwidth_m : float
        Of the kernel, in metres.
    strength : float
        Shape phi: a large one trusts the surroundings, a small one the cell.

    References
    ----------
    Clayton, D. & Kaldor, J. (1987). Empirical Bayes estimates of age-standardized relative risks
    for use in disease mapping. Biometrics 43, 671-681. https://doi.org/10.2307/2532003
    """

    bandwidth_m: float
    strength: float

    @classmethod
    def fit(
        cls,
        amounts: Floats,
        smoother: KernelSmoother,
        bandwidth_m: float | None = None,
    ) -> Shrinkage:
        """Bandwidth and strength with the largest marginal likelihood.

        A pseudo-likelihood, strictly: the surroundings of a cell come from the other cells of
        the same record.

        Parameters
        ----------
        amounts : array, shape (cells,)
            Incidents of each cell; may be discounted, so not whole.
        smoother : KernelSmoother
        bandwidth_m : float, optional
            To fit the strength alone.
        """
        tried = [bandwidth_m] if bandwidth_m is not None else offered(_BANDWIDTHS, smoother)
        best, chosen = -np.inf, cls(tried[0], 1.0)
        for width in tried:
            around = surroundings(amounts, smoother, width)
            strength, log_marginal = best_strength(amounts, around)
            if log_marginal > best:
                best, chosen = log_marginal, cls(width, strength)
        return chosen

    def shares(self, amounts: Floats, smoother: KernelSmoother) -> Floats:
        """Posterior means as shares of their sum, shape (cells,)."""
        posterior = self.posterior(amounts, surroundings(amounts, smoother, self.bandwidth_m))
        shares: Floats = posterior / posterior.sum()
        return shares

    def posterior(self, amounts: Floats, around: Floats) -> Floats:
        """Posterior means, shape (cells,), from what the surroundings lead to expect."""
        posterior: Floats = (self.strength + amounts) / (self.strength / around + 1.0)
        return posterior


def offered(widths: Sequence[float], smoother: KernelSmoother) -> list[float]:
    """Bandwidths in metres from widths in cells, without those too wide for the smoother."""
    all_m = [width * smoother.width_m for width in widths]
    return [width_m for width_m in all_m if width_m <= smoother.widest_m] or [min(all_m)]


def surroundings(amounts: Floats, smoother: KernelSmoother, bandwidth_m: float) -> Floats:
    """Expect in each cell what the kernel mean of the other cells suggests, shape of `amounts`.

    Half an incident spread over all the ground keeps it above 0 where nothing was ever recorded.
    """
    area = smoother.area_km2
    own = smoother.own_weight(bandwidth_m)
    near = np.maximum(smoother.sum(amounts, bandwidth_m) - own * amounts, 0.0)
    ground = np.maximum(smoother.ground(bandwidth_m) - own * area, 0.0)
    everywhere = (amounts.sum(axis=-1, keepdims=True) + 0.5) / area.sum()
    # One cell's worth of the overall mean steadies the edges, where little ground is near.
    steady = own * np.median(area) * 0.1 + 1e-12
    density: Floats = (near + steady * everywhere) / (ground + steady)
    return density * area


def best_strength(amounts: Floats, mean: Floats) -> tuple[float, float]:
    """Shape of the Gamma prior with the largest marginal likelihood, and that likelihood's log.

    Parameters
    ----------
    amounts, mean : array, shape (cells,)
        Incidents, maybe discounted, and what the prior expects, above 0.

    Returns
    -------
    strength : float
        Between 0.02 and 3,000.
    log_marginal : float
        Up to terms without the parameters.
    """
    # Counts repeat: the log gamma function is only taken of those that differ.
    distinct, times = np.unique(amounts, return_counts=True)

    def loss(log_strength: float) -> float:
        strength = float(np.exp(log_strength))
        rate = special.gammaln(distinct + strength) - special.gammaln(strength)
        odds = mean / strength
        hits = special.xlogy(amounts, odds).sum()
        return -float(times @ rate + hits - (amounts + strength) @ np.log1p(odds))

    found = optimize.minimize_scalar(
        loss, bounds=_LOG_STRENGTH, method="bounded", options={"xatol": 1e-4}
    )
    return float(np.exp(found.x)), -float(found.fun)
