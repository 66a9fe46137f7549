"""`PlaceRecord`: where the incidents of all reported categories were, by age."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from veedor.arrays import Bools, Floats, Instants, Ints
from veedor.forecasters.task import Task
from veedor.incidents import refuse_discovered
from veedor.record import Points, known_at
from veedor.spacetime import Cells

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
    point : array of int64, shape (n,)
        Number of the address, or corner, that each incident was written to: the same for equal
        metres in one cell. Nothing else is known of it, and it is only counted.
    cell_of_point : array of int64, shape (points,)
    middle, known : array of datetime64, shape (n,)
        Midpoint of each incident's interval, and when its record could be known.
    """

    categories: tuple[str, ...]
    cells: int
    code: Ints
    cell: Ints
    point: Ints
    cell_of_point: Ints
    middle: Instants
    known: Instants

    @classmethod
    def of(cls, task: Task) -> PlaceRecord:
        """Take the incidents in cells since the record begins; once, whoever asks.

        Raises
        ------
        DiscoveredCategoryRefusal
            If the category to forecast is one that police go looking for.
        """
        incidents = task.points.incidents
        target = incidents.categories[incidents.index_of(task.category)]
        if target.known_by != "reported":
            refuse_discovered(target)
        return task.record.memo.ask(
            (cls, task.cells.digest, *task.record.covered),
            lambda: cls._taken(task.points, task.cells, task.begins),
        )

    @classmethod
    def _taken(cls, points: Points, cells: Cells, begins: np.datetime64) -> PlaceRecord:
        incidents, cell = points.incidents, points.cell_of(cells)
        reported = [
            number
            for number, category in enumerate(incidents.categories)
            if category.known_by == "reported"
        ]
        position = np.full(len(incidents.categories), -1)
        position[reported] = np.arange(len(reported))
        code = position[incidents.category]
        mine = np.flatnonzero((code >= 0) & (cell >= 0) & (incidents.midpoint >= begins))
        own = cell[mine].astype(np.int64)
        point, cell_of_point = _points(own, incidents.x_m[mine], incidents.y_m[mine])
        return cls(
            tuple(incidents.categories[number].name for number in reported),
            len(cells),
            code[mine],
            own,
            point,
            cell_of_point,
            incidents.midpoint[mine],
            known_at(incidents)[mine],
        )

    def index_of(self, category: str) -> int:
        """Number of a category."""
        return self.categories.index(category)

    def discounted(self, instant: np.datetime64, half_life_days: float = np.inf) -> Floats:
        """Sum the incidents known at an instant, each weighing half as much a half-life later.

        Returns
        -------
        array, shape (categories, cells)
        """
        seen = self.known <= instant
        slot = (self.code * self.cells + self.cell)[seen]
        return self._table(
            np.bincount(slot, self._weights(seen, instant, half_life_days), self._slots)
        )

    def between(
        self, start: np.datetime64, end: np.datetime64, known: np.datetime64 | None = None
    ) -> Floats:
        """Count the incidents from `start` up to `end`, shape (categories, cells).

        Parameters
        ----------
        start, end : datetime64
        known : datetime64, optional
            Instant at which they were known; whatever is in the record by default.
        """
        inside = (self.middle >= start) & (self.middle < end)
        if known is not None:
            inside &= self.known <= known
        slot = (self.code * self.cells + self.cell)[inside]
        return self._table(np.bincount(slot, minlength=self._slots))

    def at_points(
        self, category: int | None, instant: np.datetime64, half_life_days: float = np.inf
    ) -> Floats:
        """Sum the incidents at each point, as `discounted` does, shape (points,).

        Parameters
        ----------
        category : int or None
            All together for None.
        instant : datetime64
        half_life_days : float, optional
        """
        seen = self.known <= instant
        if category is not None:
            seen &= self.code == category
        weights = self._weights(seen, instant, half_life_days)
        return np.bincount(self.point[seen], weights, len(self.cell_of_point)).astype(np.float64)

    def by_cell(self, of_points: Floats | Bools) -> Floats:
        """Sum an amount of each point by cell, shape (cells,)."""
        return np.bincount(self.cell_of_point, of_points, self.cells).astype(np.float64)

    def _weights(self, seen: Bools, instant: np.datetime64, half_life_days: float) -> Floats | None:
        if not np.isfinite(half_life_days):
            return None
        weights: Floats = np.exp2((self.middle[seen] - instant) / _DAY / half_life_days)
        return weights

    @property
    def _slots(self) -> int:
        return len(self.categories) * self.cells

    def _table(self, flat: npt.NDArray[np.generic]) -> Floats:
        return flat.astype(np.float64).reshape(len(self.categories), self.cells)


def _points(cell: Ints, x_m: Floats, y_m: Floats) -> tuple[Ints, Ints]:
    """Number of each incident's point, and the cell of each point."""
    x, y = np.round(x_m).astype(np.int64), np.round(y_m).astype(np.int64)
    order = np.lexsort((x, y, cell))
    begins = np.ones(len(cell), bool)
    begins[1:] = False
    for one in (x, y, cell):
        ordered = one[order]
        begins[1:] |= ordered[1:] != ordered[:-1]
    point = np.empty(len(cell), np.int64)
    point[order] = np.cumsum(begins) - 1
    return point, cell[order[begins]]
