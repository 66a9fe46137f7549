"""`KnownRows`: incidents of one category, in the order in which they were known.

What a record holds at a cut-off is then the beginning of each category's rows, and no cut copies
them: counting costs a pass, and memory does not grow with the number of cuts.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from veedor.arrays import Instants
from veedor.incidents import Incidents

Indices = npt.NDArray[np.int32]


class KnownRows(NamedTuple):
    """Incidents of one category.

    Parameters
    ----------
    row : array of int32, shape (n,)
        Of each in the incidents.
    middle, known : array of datetime64[us], shape (n,)
        Midpoint of its interval, and when its record could be known, never falling.
    """

    row: Indices
    middle: Instants
    known: Instants

    @classmethod
    def of(cls, incidents: Incidents, known: Instants) -> tuple[KnownRows, ...]:
        """Order the incidents of each category; O(n log n) for n of them.

        Parameters
        ----------
        incidents : Incidents
        known : array of datetime64, shape (n,)
            Instant at which each could be known.
        """
        ordered = []
        for category in range(len(incidents.categories)):
            mine = np.flatnonzero(incidents.category == category)
            mine = mine[np.argsort(known[mine], kind="stable")]
            ordered.append(cls(mine.astype(np.int32), incidents.midpoint_of(mine), known[mine]))
        return tuple(ordered)

    def number_until(self, cutoff: np.datetime64) -> int:
        """How many were known at an instant."""
        return int(np.searchsorted(self.known, cutoff, side="right"))

    def until(self, cutoff: np.datetime64) -> KnownRows:
        """Those that were known at an instant: a view of the first of them."""
        n = self.number_until(cutoff)
        return KnownRows(self.row[:n], self.middle[:n], self.known[:n])
