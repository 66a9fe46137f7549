"""`Kernel`: kernel density of the past incidents."""

from __future__ import annotations

import numpy as np

from veedor.arrays import Floats
from veedor.errors import phrase
from veedor.forecasters.allocation import AllocatingForecaster, everywhen
from veedor.forecasters.contract import FARTHEST_M
from veedor.forecasters.shrinkage import offered
from veedor.forecasters.task import Task
from veedor.spacetime import KernelSmoother, Periods

_WIDTHS = [2.0 ** (half / 2.0) for half in range(-4, 9)]


class Kernel(AllocatingForecaster):
    """Gaussian kernel density of all past incidents, the bandwidth by leave-one-out likelihood.

    Incidents are binned to their cells and the kernel is averaged over cells, so the bandwidth
    cannot collapse onto the points that published coordinates are snapped to; ground outside the
    cells takes no mass (the edge correction divides by the kernel's mass inside).

    Parameters
    ----------
    bandwidth_m : float or None
        Standard deviation of the kernel in metres; None to choose it.

    Notes
    -----
    The likelihood of incident i is the density that all other incidents give its cell. Thirteen
    bandwidths from a quarter to sixteen cell widths are tried.

    References
    ----------
    Habbema, J. D. F., Hermans, J. & van den Broek, K. (1974). A stepwise discriminant analysis
    program using density estimation. Compstat 1974, 101-110 (leave-one-out likelihood).
    """

    def __init__(self, bandwidth_m: float | None = None) -> None:
        self.bandwidth_m = bandwidth_m

    def check_parameters(self) -> None:
        """Refuse a bandwidth that is not above 0, or wider than any study."""
        given = self.bandwidth_m
        must = phrase("above 0, at most {most:,}, or None", most=FARTHEST_M)
        self._require("bandwidth_m", must, given is None or 0.0 < given <= FARTHEST_M)

    def _learn_shares(self, task: Task) -> None:
        if self.bandwidth_m is not None:
            self.bandwidth_m_ = float(self.bandwidth_m)
            return
        tried = offered(_WIDTHS, task.smoother)
        scores = [_left_out(task.amounts, task.smoother, bandwidth_m) for bandwidth_m in tried]
        self.bandwidth_m_ = tried[int(np.argmax(scores))]

    def shares(self, task: Task, periods: Periods) -> Floats:
        """Kernel mass over each cell, as shares; the same in every period."""
        spread = _spread(task.amounts, task.smoother, self.bandwidth_m_)
        # Half an incident over all the ground keeps every cell above 0.
        mass = spread + 0.5 * task.cells.area_km2 / task.cells.area_km2.sum()
        return everywhen(mass / mass.sum(), periods)


def _spread(amounts: Floats, smoother: KernelSmoother, bandwidth_m: float) -> Floats:
    """Kernel mass that the incidents of all cells put into each cell."""
    inside = smoother.ground(bandwidth_m)
    mass: Floats = smoother.sum(amounts / inside, bandwidth_m) * smoother.area_km2
    return mass


def _left_out(amounts: Floats, smoother: KernelSmoother, bandwidth_m: float) -> float:
    area = smoother.area_km2
    own = smoother.own_weight(bandwidth_m) * area / smoother.ground(bandwidth_m)
    others = np.maximum(_spread(amounts, smoother, bandwidth_m) - own, 0.0)
    floor = 0.5 * area / area.sum()
    density = (others + floor) / (max(amounts.sum() - 1.0, 0.0) + 0.5)
    return float(amounts @ np.log(density / area))
