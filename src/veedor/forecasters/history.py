"""`History`: all that a forecaster ever sees, cut at its cut-off."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt

from veedor.errors import LeakageError, StudyError
from veedor.forecasters.covariates import Covariates
from veedor.incidents import Incidents
from veedor.spacetime import Cells, Counts, Length, Periods, count
from veedor.spacetime.periods import local_iso

Floats = npt.NDArray[np.float64]


class _Lineage:
    """Stands for the incidents that a history was first made of."""


@dataclass(frozen=True, eq=False)
class History:
    """Incidents that were known at a cut-off, with the cells and periods to count them in.

    Build it with `of` and narrow it with `until`.

    Parameters
    ----------
    incidents : Incidents
        Only those known at the cut-off.
    cell : array of int32, shape (n,)
        Cell of each incident; -1 outside or unlocated.
    cells : Cells
    category : str
        The one to forecast; the other categories' past may be used.
    length : Length
        Of the periods.
    begins : datetime64
        Instant from which the record is taken as complete.
    cutoff : datetime64
    country, subdivision : str or None
        ISO 3166 codes whose public holidays apply; None for no holidays.
    covariates : Covariates or None
        Of the places, for forecasters that take them.
    lineage : object
        One for all histories that were cut from the same one: two of one lineage, cut-off and
        beginning hold the same incidents.
    """

    incidents: Incidents
    cell: npt.NDArray[np.int32]
    cells: Cells
    category: str
    length: Length
    begins: np.datetime64
    cutoff: np.datetime64
    country: str | None = None
    subdivision: str | None = None
    covariates: Covariates | None = None
    lineage: object = field(default_factory=_Lineage, repr=False)

    def __post_init__(self) -> None:
        late = int(np.sum(known_at(self.incidents) > self.cutoff))
        if late:
            raise LeakageError(
                "A history must hold only what was known at its cut-off.",
                found=f"{late} incidents known later than {self.cutoff}",
            )

    @classmethod
    def of(
        cls,
        incidents: Incidents,
        cells: Cells,
        *,
        category: str,
        length: Length,
        cutoff: np.datetime64,
        begins: np.datetime64 | None = None,
        country: str | None = None,
        subdivision: str | None = None,
        covariates: Covariates | None = None,
    ) -> History:
        """Cut the incidents at `cutoff`; `begins` is the first incident's start by default."""
        if begins is None:
            begins = incidents.start.min() if len(incidents) else cutoff
        known = np.flatnonzero(known_at(incidents) <= cutoff)
        cut = incidents.take(known)
        return cls(
            cut,
            cells.locate(cut.x_m, cut.y_m),
            cells,
            category,
            length,
            begins,
            cutoff,
            country,
            subdivision,
            covariates,
        )

    def until(self, cutoff: np.datetime64) -> History:
        """Return what was known at an earlier instant; the same object for the same instant.

        An incident is known when its record was entered (`reported_at`), or where that is not
        recorded when its interval ended: one entered late is not seen early.

        Raises
        ------
        LeakageError
            If `cutoff` is later than this history's own.
        """
        if cutoff > self.cutoff:
            raise LeakageError(
                "A history can only be cut earlier than it is.",
                found=f"{cutoff} after its cut-off {self.cutoff}",
            )
        if cutoff not in self._cuts:
            known = np.flatnonzero(known_at(self.incidents) <= cutoff)
            self._cuts[cutoff] = replace(
                self, incidents=self.incidents.take(known), cell=self.cell[known], cutoff=cutoff
            )
        return self._cuts[cutoff]

    @cached_property
    def _cuts(self) -> dict[np.datetime64, History]:
        """Earlier cuts that were asked for: what forecasters learn of one they learn once."""
        return {}

    def __getstate__(self) -> dict[str, Any]:
        """Cuts are not pickled: they can be made anew."""
        return {name: value for name, value in vars(self).items() if name != "_cuts"}

    def of_category(self, category: str) -> History:
        """Return the same history for forecasting another category."""
        return replace(self, category=category)

    @cached_property
    def periods(self) -> Periods:
        """Whole periods that end at the cut-off and begin no earlier than the record.

        Raises
        ------
        StudyError
            If not even one fits, or more than 20,000 do.
        """
        return self.whole_periods(self.length)

    def whole_periods(self, length: Length) -> Periods:
        """Whole periods of any length that end at the cut-off; see `periods`."""
        hours = (self.cutoff - self.begins) / np.timedelta64(1, "h")
        most = int(hours / length.nominal_hours) + 2
        if most > _MOST_PERIODS:
            raise StudyError(
                f"A history must have at most {_MOST_PERIODS:,} periods.",
                found=f"about {most:,} of {length}, into which periods of {self.length} are cut, "
                f"since {self.begins}",
                remedy="set history_from in study.toml to where the record becomes complete",
            )
        if most > 1:
            periods = Periods.stepping(self.cutoff, length, -most, 0, self.incidents.time_zone)
            first = int(np.searchsorted(periods.edges, self.begins))
            if first < len(periods):
                return Periods(periods.edges[first:].copy(), periods.time_zone)
        raise StudyError(
            "A history must hold at least one whole period before the cut-off.",
            found=f"{hours:.0f} hours for periods of {length}",
            where=f"cut-off {local_iso(self.cutoff, self.incidents.time_zone)}",
            remedy="use a later first origin or shorter periods",
        )

    @cached_property
    def counts(self) -> Counts:
        """Counts of the category to forecast in `periods`."""
        return self.counts_in(self.periods)

    def counts_in(self, periods: Periods) -> Counts:
        """Counts of the category to forecast in any past periods."""
        return count(
            self.incidents, self.cell, len(self.cells), self.category, periods, self.cutoff
        )


_MOST_PERIODS = 20_000


def known_at(incidents: Incidents) -> npt.NDArray[np.datetime64]:
    """Instant at which each incident could be known, shape (n,).

    The later of its end and its `reported_at`, where there is one.
    """
    if incidents.reported_at is None:
        return incidents.end
    known: npt.NDArray[np.datetime64] = np.fmax(incidents.end, incidents.reported_at)
    return known
