"""`Points`: a record of single incidents, each with its instant and its place."""

from __future__ import annotations

from copy import copy
from dataclasses import dataclass, field
from typing import cast

import numpy as np

from veedor.arrays import Bools, Floats, Instants, Ints
from veedor.errors import LeakageError, TooLittleDataError, phrase
from veedor.incidents import Category, Incidents
from veedor.record.completeness import completeness
from veedor.record.known_rows import Indices, KnownRows
from veedor.record.located import Located
from veedor.record.memo import Memo
from veedor.record.protocol import Covered, Record
from veedor.spacetime import Cells, Counts, Length, Periods, count_places


@dataclass(frozen=True, eq=False)
class Points:
    """Incidents that were known at a cut-off.

    Build it with `of` and narrow it with `until`. An incident is known when its record was entered
    (`reported_at`), or where that is not recorded when its interval ended: one entered late is not
    seen early.

    Parameters
    ----------
    whole : Incidents
        Only those known at the cut-off. What is cut from it earlier copies nothing.
    covered : Covered

    Raises
    ------
    LeakageError
        If an incident was known later than the cut-off.
    """

    whole: Incidents
    covered: Covered
    memo: Memo = field(init=False, default_factory=Memo, repr=False)
    # What follows from all incidents, whatever the cut-off: all cuts share it.
    _shared: _Shared = field(init=False, repr=False)

    def __post_init__(self) -> None:
        known = known_by(self.whole, self.covered.cutoff)
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
        object.__setattr__(self, "_shared", _Shared(self.covered.cutoff))

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
    def incidents(self) -> Incidents:
        """The incidents themselves; those of a cut are copied, once while they are remembered."""
        if self._is_whole:
            return self.whole
        return self.memo.ask((Points, self.covered.cutoff), lambda: self.whole.take(self._known))

    @property
    def categories(self) -> tuple[Category, ...]:
        """Categories of the incidents."""
        return self.whole.categories

    @property
    def zone(self) -> str:
        """IANA name of the local time zone."""
        return self.whole.time_zone

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
        return self._with(Covered(self.covered.begins, cutoff, cutoff))

    def since(self, begins: np.datetime64) -> Points:
        """Return the same as if it were complete only from a later instant."""
        return self._with(self.covered._replace(begins=begins))

    def assigned(self, cells: Cells, cell: Indices) -> Points:
        """Return the record with the cell of each incident as given, not by its coordinates.

        Parameters
        ----------
        cells : Cells
        cell : array of int32, shape (n,)
            -1 outside or without a place.
        """
        # Its memo is a new one: with other cells the answers are others.
        other = Points(self.incidents, self.covered)
        other._shared.cell[cells.digest] = cell
        return other

    def cell_of(self, cells: Cells) -> Indices:
        """Cell of each incident, shape (n,); -1 outside or without a place."""
        cell = self._cell_of_all(cells)
        return cell if self._is_whole else cell[self._known]

    def rows(self, category: int) -> KnownRows:
        """Incidents of a category, in the order in which they were known: a view."""
        return self._all_rows[category].until(self.covered.cutoff)

    def located_in(self, cells: Cells) -> Located:
        """Cells and points of all rows, those beyond the cut-off too; see `rows`."""
        made = self._shared.located
        if cells.digest not in made:
            cell, rows = self._cell_of_all(cells), self._all_rows
            made[cells.digest] = Located.of(self.whole, rows, cell, len(cells))
            self.whole.give_back()
        return made[cells.digest]

    def located(self, category: str, cells: Cells) -> Ints:
        """Rows of the incidents of a category that lie in one of the cells."""
        mine = self.incidents.category == self.incidents.index_of(category)
        return np.flatnonzero(mine & (self.cell_of(cells) >= 0))

    def counts(self, category: str, periods: Periods, cells: Cells) -> Counts:
        """Count the incidents of a category in any past periods."""
        number = self.whole.index_of(category)
        rows, where = self.rows(number), self.located_in(cells).places[number]
        place, cutoff = where.place[: len(rows.row)], self.covered.cutoff
        return count_places(place, rows.middle, len(cells), category, periods, cutoff)

    def totals(self, category: str, periods: Periods, cells: Cells) -> Floats:
        """Count the incidents of a category in all cells together, shape (periods,)."""
        number = self.whole.index_of(category)
        rows, where = self.rows(number), self.located_in(cells).places[number]
        nowhere = (where.place[: len(rows.row)] >= len(cells)).astype(np.int32)
        inside = count_places(nowhere, rows.middle, 1, category, periods, self.covered.cutoff)
        return inside.values[:, 0].astype(np.float64)

    def completeness(self, category: str, periods: Periods) -> Floats:
        """Share of the incidents of past periods that was known; see `completeness`."""
        rows = [self.rows(number) for number in range(len(self.categories))]
        return completeness(rows, self.whole.index_of(category), periods, self.covered.cutoff)

    @property
    def _is_whole(self) -> bool:
        return bool(self.covered.cutoff == self._shared.cutoff)

    @property
    def _known(self) -> Ints:
        return np.flatnonzero(known_by(self.whole, self.covered.cutoff))

    def _cell_of_all(self, cells: Cells) -> Indices:
        known = self._shared.cell
        if cells.digest not in known:
            known[cells.digest] = cells.locate(self.whole.x_m, self.whole.y_m)
        return known[cells.digest]

    @property
    def _all_rows(self) -> tuple[KnownRows, ...]:
        if self._shared.rows is None:
            self._shared.rows = KnownRows.of(self.whole, known_at(self.whole))
            self.whole.give_back()
        return self._shared.rows

    def _with(self, covered: Covered) -> Points:
        other = copy(self)
        object.__setattr__(other, "covered", covered)
        return other


@dataclass(eq=False)
class _Shared:
    """What was made of all incidents of a record once; by the digest of the cells, or of none."""

    cutoff: np.datetime64
    cell: dict[str, Indices] = field(default_factory=dict)
    located: dict[str, Located] = field(default_factory=dict)
    rows: tuple[KnownRows, ...] | None = None


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
