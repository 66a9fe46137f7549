"""`Events`: the incidents of a record that a self-exciting fit uses, by civil day."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from veedor.arrays import Floats, Ints
from veedor.forecasters.levels import AreaTotals
from veedor.forecasters.selfexciting.ground import Ground, canonical_order
from veedor.forecasters.task import Task
from veedor.spacetime import Length

DAY = Length(1, "day")


@dataclass(frozen=True, eq=False)
class Events:
    """Incidents of the category in a cell and a whole day, sorted by cell and then by day.

    Parameters
    ----------
    id : array, shape (n,)
    x_m, y_m : array, shape (n,)
    cell : array of int64, shape (n,)
        Number of the cell in `ground`.
    square : array of int64, shape (n,)
        Number of the square of the background in `ground`.
    day : array of int64, shape (n,)
        Number of the civil day (counted from the cut-off's time of day), 0 the first whole one.
    course : array, shape (days,)
        Expected number of all cells together each day, as `AreaTotals.course` describes the past.
    ground : Ground
    """

    id: npt.NDArray[Any]
    x_m: Floats
    y_m: Floats
    cell: Ints
    square: Ints
    day: Ints
    course: Floats
    ground: Ground

    def __len__(self) -> int:
        return len(self.id)

    @classmethod
    def of(cls, task: Task, totals: AreaTotals, ground: Ground) -> Events:
        """Incidents of the task's category; totals and ground of the same task."""
        points = task.points
        incidents = points.incidents
        order = canonical_order(task.cells)
        place = np.empty(len(order), dtype=np.int64)
        place[order] = np.arange(len(order))
        days = task.whole_periods(DAY)
        used = points.located(task.category, task.cells)
        day = days.index_of(incidents.midpoint_of(used))
        used, day = used[day >= 0], day[day >= 0]
        cell = place[points.cell_of(task.cells)[used]]
        by_place = np.lexsort((used, day, cell))
        used = used[by_place]
        x_m, y_m = incidents.x_m[used], incidents.y_m[used]
        return cls(
            id=incidents.id[used],
            x_m=x_m,
            y_m=y_m,
            square=ground.square_of(x_m, y_m),
            cell=cell[by_place],
            day=day[by_place],
            course=totals.course(days),
            ground=ground,
        )
