"""`PlaceRecord`: where the incidents of all reported categories were, by age."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from veedor.arrays import Floats, Instants, Ints
from veedor.forecasters.task import Task
from veedor.incidents import refuse_discovered
from veedor.record import known_at

_DAY = np.timedelta64(1, "D")


@dataclass(frozen=True, eq=False)
class PlaceRecord:
    """Located incidents of the categories that people report, ready to be cut at any instant.

    Categories that police go looking for are left out: where they were found says where police
    looked, and a forecast made from it would send them there again.

    Parameters
    ----------
    categories : tuple of str
        In the order of the record.
    cells : int
        Number of cells.
    code : array of int64, shape (n,)
        Number of each incident's category.
    cell : array of int64, shape (n,)
    middle, known : array of datetime64, shape (n,)
        Midpoint of each incident's interval, and when its record could be known.
    """

    categories: tuple[str, ...]
    cells: int
    code: Ints
    cell: Ints
    middle: Instants
    known: Instants

    @classmethod
    def of(cls, task: Task) -> PlaceRecord:
        """Take the incidents in cells since the record begins.

        Raises
        ------
        DiscoveredCategoryRefusal
            If the category to forecast is one that police go looking for.
        """
        points = task.points
        incidents, cell = points.incidents, points.cell_of(task.cells)
        target = incidents.categories[incidents.index_of(task.category)]
        if target.known_by != "reported":
            refuse_discovered(target)
        reported = [
            number
            for number, category in enumerate(incidents.categories)
            if category.known_by == "reported"
        ]
        position = np.full(len(incidents.categories), -1)
        position[reported] = np.arange(len(reported))
        code = position[incidents.category]
        mine = np.flatnonzero((code >= 0) & (cell >= 0) & (incidents.midpoint >= task.begins))
        return cls(
            tuple(incidents.categories[number].name for number in reported),
            len(task.cells),
            code[mine],
            cell[mine].astype(np.int64),
            incidents.midpoint[mine],
            known_at(incidents)[mine],
        )

    def discounted(self, cutoff: np.datetime64, half_life_days: float = np.inf) -> Floats:
        """Sum the incidents known at `cutoff`, each weighing half as much a half-life later.

        Returns
        -------
        array, shape (categories, cells)
        """
        seen = self.known <= cutoff
        slot = (self.code * self.cells + self.cell)[seen]
        weights = None
        if np.isfinite(half_life_days):
            age_days = (cutoff - self.middle[seen]) / _DAY
            weights = np.exp2(-age_days / half_life_days)
        return self._table(np.bincount(slot, weights, self._slots))

    def between(self, start: np.datetime64, end: np.datetime64) -> Floats:
        """Count the incidents from `start` up to `end`, shape (categories, cells)."""
        inside = (self.middle >= start) & (self.middle < end)
        slot = (self.code * self.cells + self.cell)[inside]
        return self._table(np.bincount(slot, minlength=self._slots))

    @property
    def _slots(self) -> int:
        return len(self.categories) * self.cells

    def _table(self, flat: npt.NDArray[np.generic]) -> Floats:
        return flat.astype(np.float64).reshape(len(self.categories), self.cells)
