"""`Points`: a record of single incidents, each with its instant and its place."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import cast

import numpy as np
import numpy.typing as npt

from veedor.arrays import Bools, Floats, Instants, Ints
from veedor.errors import LeakageError, TooLittleDataError, phrase
from veedor.incidents import Category, Incidents
from veedor.record.completeness import completeness
from veedor.record.memo import Memo
from veedor.record.protocol import Covered, Record
from veedor.spacetime import Cells, Counts, Length, Periods, count

Indices = npt.NDArray[np.int32]


@dataclass(frozen=True, eq=False)
class Points:
    """Incidents that were known at a cut-off.

    Build it with `of` and narrow it with `until`. An incident is known when its record was entered
    (`reported_at`), or where that is not recorded when its interval ended: one entered late is not
    seen early.

    Parameters
    ----------
    incidents : Incidents
        Only those known at the cut-off.
    covered : Covered

    Raises
    ------
    LeakageError
        If an incident was known later than the cut-off.
    """

    incidents: Incidents
    covered: Covered
    memo: Memo = field(init=False, default_factory=Memo, repr=False)
    # By the digest of the cells: what was located once, all cuts take with them.
    _cell: dict[str, Indices] = field(init=False, default_factory=dict, repr=False)

    def __post_init__(self) -> None:
        known = known_by(self.incidents, self.covered.cutoff)
        late = len(known) - int(np.count_nonzero(known))
        if late:
            raise LeakageError(
                "A record must hold only what was known at its cut-off.",
                found=phrase(
                    "{late} incidents known later than {cutoff}",
                    late=late,
                    cutoff=self.covered.cutoff,
                ),
            )

    @classmethod
    def of(
        cls, incidents: Incidents, *, cutoff: np.datetime64, begins: np.datetime64 | None = None
    ) -> Points:
        """Cut the incidents at `cutoff`; `begins` is the first incident's start by default."""
        if begins is None:
            begins = incidents.start.min() if len(incidents) else cutoff
        known = known_by(incidents, cutoff)
        # A record that is known as a whole is not copied: its columns may be mapped from a file.
        seen = incidents if known.all() else incidents.take(np.flatnonzero(known))
        return cls(seen, Covered(begins, cutoff, cutoff))

    @property
    def categories(self) -> tuple[Category, ...]:
        """Categories of the incidents."""
        return self.incidents.categories

    @property
    def zone(self) -> str:
        """IANA name of the local time zone."""
        return self.incidents.time_zone

    @property
    def grain(self) -> Length | None:
        """None: single incidents are counted by any length."""
        return None

    def until(self, cutoff: np.datetime64) -> Points:
        """Return what was known at an earlier instant.

        Raises
        ------
        LeakageError
            If `cutoff` is later than this record's own.
        """
        self.covered.require_known(cutoff)

        def cut() -> tuple[Incidents, dict[str, Indices]]:
            known = np.flatnonzero(known_by(self.incidents, cutoff))
            cell = {digest: cell[known] for digest, cell in self._cell.items()}
            return self.incidents.take(known), cell

        incidents, cell = self.memo.ask((Points, cutoff), cut)
        covered = Covered(self.covered.begins, cutoff, cutoff)
        return self._with(replace(self, incidents=incidents, covered=covered), cell)

    def since(self, begins: np.datetime64) -> Points:
        """Return the same as if it were complete only from a later instant."""
        covered = self.covered._replace(begins=begins)
        return self._with(replace(self, covered=covered), self._cell)

    def _with(self, other: Points, cell: dict[str, Indices]) -> Points:
        object.__setattr__(other, "memo", self.memo)
        object.__setattr__(other, "_cell", cell)
        return other

    def assigned(self, cells: Cells, cell: Indices) -> Points:
        """Return the record with the cell of each incident as given, not by its coordinates.

        Parameters
        ----------
        cells : Cells
        cell : array of int32, shape (n,)
            -1 outside or without a place.
        """
        other = replace(self)  # its memo is a new one: with other cells the answers are others
        other._cell[cells.digest] = cell
        return other

    def cell_of(self, cells: Cells) -> Indices:
        """Cell of each incident, shape (n,); -1 outside or without a place."""
        if cells.digest not in self._cell:
            incidents = self.incidents
            self._cell[cells.digest] = cells.locate(incidents.x_m, incidents.y_m)
        return self._cell[cells.digest]

    def located(self, category: str, cells: Cells) -> Ints:
        """Rows of the incidents of a category that lie in one of the cells."""
        mine = self.incidents.category == self.incidents.index_of(category)
        return np.flatnonzero(mine & (self.cell_of(cells) >= 0))

    def counts(self, category: str, periods: Periods, cells: Cells) -> Counts:
        """Count the incidents of a category in any past periods."""
        cell, cutoff = self.cell_of(cells), self.covered.cutoff
        return count(self.incidents, cell, len(cells), category, periods, cutoff)

    def totals(self, category: str, periods: Periods, cells: Cells) -> Floats:
        """Count the incidents of a category in all cells together, shape (periods,)."""
        period = periods.index_of(self.incidents.midpoint_of(self.located(category, cells)))
        return np.bincount(period[period >= 0], minlength=len(periods)).astype(np.float64)

    def completeness(self, category: str, periods: Periods) -> Floats:
        """Share of the incidents of past periods that was known; see `completeness`."""
        incidents, cutoff = self.incidents, self.covered.cutoff
        return completeness(incidents, known_at(incidents), category, periods, cutoff)


def points_of(record: Record) -> Points:
    """Return a record of single incidents as what it is.

    Raises
    ------
    TooLittleDataError
        If it has no single incidents.
    """
    if not isinstance(record, Points):
        raise TooLittleDataError(
            "A forecaster of places that looks at single incidents must have them.",
            found=phrase("counts only"),
            remedy="use a forecaster that needs counts only",
        )
    return record


def known_at(incidents: Incidents) -> Instants:
    """Instant at which each incident could be known, shape (n,).

    The later of its end and its `reported_at`, where there is one.
    """
    if incidents.reported_at is None:
        return incidents.end
    return cast("Instants", np.fmax(incidents.end, incidents.reported_at))


def known_by(incidents: Incidents, cutoff: np.datetime64) -> Bools:
    """Whether each incident was known at an instant, shape (n,)."""
    known = incidents.end <= cutoff
    if incidents.reported_at is not None:
        known &= ~(incidents.reported_at > cutoff)
    return known


def last_known(incidents: Incidents) -> np.datetime64 | None:
    """Return the instant at which the last of the incidents was known; None if there is none."""
    if len(incidents) == 0:
        return None
    ends: np.datetime64 = incidents.end.max()
    if incidents.reported_at is None:
        return ends
    entered: np.datetime64 = np.fmax.reduce(incidents.reported_at)
    return ends if np.isnat(entered) else max(ends, entered)
