"""`Ground`: what forecasts of one category are held against, row by row."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from veedor.spacetime import Cells
from veedor.spacetime.periods import local_iso
from veedor.study.stated import Stated

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Instants = npt.NDArray[np.datetime64]
_WEEK = np.timedelta64(7, "D")


@dataclass(frozen=True, eq=False)
class Ground:
    """Rows (a period, as forecast from one issue time), cells, and what was recorded there.

    Parameters
    ----------
    category : str
    cells : Cells
    start, end : array of datetime64, shape (n,)
        Of the periods, ascending.
    lead_time : array of int, shape (n,)
        1 for the first period after the issue, 2 for the next.
    time_zone : str
    observed : array of int, shape (n, cells)
    unlocated, outside : array of int, shape (n,)
    stated : mapping of str to Stated
        By forecaster, the reference first.
    reference : str
        The one that all are compared with.
    reference_made : bool
        Whether veedor made it, from the record before each issue time.
    zones : (names, number of each cell's zone) or None
        -1 for a cell whose centre is in no zone.
    """

    category: str
    cells: Cells
    start: Instants
    end: Instants
    lead_time: Ints
    time_zone: str
    observed: Ints
    unlocated: Ints
    outside: Ints
    stated: Mapping[str, Stated]
    reference: str
    reference_made: bool
    zones: tuple[tuple[str, ...], Ints] | None

    def __len__(self) -> int:
        return len(self.start)

    @property
    def weeks(self) -> Ints:
        """Number of the week, counted from the first period, in which each row's period begins."""
        number = np.floor((self.start - self.start[0]) / _WEEK + 1e-2)
        return np.unique(number, return_inverse=True)[1].astype(np.int64)

    @property
    def labels(self) -> tuple[list[str], list[str]]:
        """Beginnings and ends of the periods, local ISO 8601."""
        return (
            [local_iso(instant, self.time_zone) for instant in self.start],
            [local_iso(instant, self.time_zone) for instant in self.end],
        )

    @property
    def incidents(self) -> Floats:
        """Recorded in all cells, shape (n,)."""
        incidents: Floats = self.observed.sum(axis=1).astype(np.float64)
        return incidents

    def take(self, rows: Ints) -> Ground:
        """Return some of the rows."""
        return replace(
            self,
            start=self.start[rows],
            end=self.end[rows],
            lead_time=self.lead_time[rows],
            observed=self.observed[rows],
            unlocated=self.unlocated[rows],
            outside=self.outside[rows],
            stated={name: one.take(rows) for name, one in self.stated.items()},
        )

    def latest(self) -> Ground:
        """Each period once, by the forecast that was issued last before it."""
        order = np.lexsort((self.lead_time, self.start))
        first = np.ones(len(order), dtype=bool)
        first[1:] = self.start[order][1:] != self.start[order][:-1]
        return self.take(np.sort(order[first]))
