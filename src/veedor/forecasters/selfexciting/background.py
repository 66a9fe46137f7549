"""Where incidents are recorded that no earlier one explains: the background's places."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from veedor.arrays import Floats
from veedor.forecasters.selfexciting.ground import Ground
from veedor.forecasters.shrinkage import Shrinkage, offered, surroundings
from veedor.spacetime import Cells, KernelSmoother

BACKGROUNDS = ("cells", "kernel")
_WIDTHS = [2.0 ** (half / 2.0) for half in range(-4, 9)]
_FLOOR = 0.5


@dataclass(frozen=True, eq=False)
class Density:
    """A background density in each place, in the form that lets an incident be left out.

    In place c it is ``unit[c] * room[c]`` per km2; without an incident that weighs p it is
    ``unit[c] * max(room[c] - p, least[c])``.

    Parameters
    ----------
    unit, room, least : array, shape (places,)
        Above 0.
    shares : array, shape (places,)
        Of the whole background in each place; they sum to 1.
    """

    unit: Floats
    room: Floats
    least: Floats
    shares: Floats


class CellBackground:
    """Amounts of the places, shrunk to their surroundings as `PriorCounts` does; see `Shrinkage`.

    Parameters
    ----------
    amounts : array, shape (places,)
        To learn bandwidth and strength from.
    smoother : KernelSmoother
        Over the places.
    """

    def __init__(self, amounts: Floats, smoother: KernelSmoother) -> None:
        self._smoother = smoother
        self._shrinkage = Shrinkage.fit(amounts, smoother)
        self.bandwidth_m = self._shrinkage.bandwidth_m

    def density(self, amounts: Floats) -> Density:
        """Posterior means of the amounts, as a density."""
        strength = self._shrinkage.strength
        around = surroundings(amounts, self._smoother, self.bandwidth_m)
        scale = 1.0 / (strength / around + 1.0)
        room = strength + amounts
        total = float(np.sum(scale * room))
        others = max(total - 1.0, 0.5 * total)
        return Density(
            unit=scale / (others * self._smoother.area_km2),
            room=room,
            least=np.full(len(room), strength),
            shares=scale * room / total,
        )


class KernelBackground:
    """Gaussian kernel density of the amounts, as `Kernel` has it.

    Parameters
    ----------
    amounts : array, shape (places,)
        To learn the bandwidth from, by leave-one-out likelihood.
    smoother : KernelSmoother
        Over the places.
    """

    def __init__(self, amounts: Floats, smoother: KernelSmoother) -> None:
        self._smoother = smoother
        scores = []
        tried = offered(_WIDTHS, self._smoother)
        for self.bandwidth_m in tried:
            density = self.density(amounts)
            left = density.unit * np.maximum(density.room - 1.0, density.least)
            scores.append(float(amounts @ np.log(left)))
        self.bandwidth_m = tried[int(np.argmax(scores))]

    def density(self, amounts: Floats) -> Density:
        """Kernel mass over each cell, of which half an incident is spread over all ground."""
        area = self._smoother.area_km2
        within = self._smoother.ground(self.bandwidth_m)
        mass = self._smoother.sum(amounts / within, self.bandwidth_m) * area
        own = self._smoother.own_weight(self.bandwidth_m) * area / within
        floor = _FLOOR * area / area.sum()
        total = float(mass.sum()) + _FLOOR
        others = max(total - 1.0, 0.5 * total)
        return Density(
            unit=own / (others * area),
            room=(mass + floor) / own,
            least=floor / own,
            shares=(mass + floor) / total,
        )


def learn_background(
    kind: str, amounts: Floats, places: Ground | Cells
) -> CellBackground | KernelBackground:
    """Background of a kind in `BACKGROUNDS`, learned from declustered amounts."""
    smoother = KernelSmoother(places)
    return (CellBackground if kind == "cells" else KernelBackground)(amounts, smoother)
