"""`AreaRecord`: a record of published counts by area, as it was known at a cut-off."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import NamedTuple

import numpy as np

from veedor.areas import AreaCounts, Series, Spans, reported
from veedor.arrays import Bools, Floats, Instants, Ints
from veedor.errors import (
    DataError,
    LeakageError,
    NotReportedError,
    TooLittleDataError,
    listed,
    phrase,
)
from veedor.incidents import Category, refuse_discovered
from veedor.record.memo import Memo
from veedor.record.protocol import Covered
from veedor.record.publication import instants, known_from, lateness, spans_out
from veedor.spacetime import Cells, Counts, Length, Periods
from veedor.spacetime.periods import local_time

_DAY = np.timedelta64(1, "D")
_NAMED = 5
_MONTHS = {"month": 1, "quarter": 3, "year": 12}
_GRAINS = {unit: Length(1, unit) for unit in ("day", "week")} | {
    unit: Length(n, "month") for unit, n in _MONTHS.items()
}


class CountedOutcomes(NamedTuple):
    """What was recorded in cells and periods, where it was reported, shape (periods, cells).

    `values` are 0 where `reported` is False: in a span that was not reported or that the record
    does not hold, and where corrections bring a count below 0.
    """

    values: Ints
    reported: Bools


@dataclass(frozen=True, eq=False)
class AreaRecord:
    """Counts by area that were published by a cut-off.

    Build it with `of` and narrow it with `until`. An edition is known from the end of the day on
    which it was published. Before the first edition at hand nobody can say what was known: the
    record is then that edition, cut by its spans as late as its own last span was published
    (`replayed` says which). Revisions go both ways, so that no part of a count is held to be
    missing: `completeness` is 1, and what is known late is the lead between `covered.through`, the
    end of the last span that was out, and `covered.cutoff`, when it was.

    Parameters
    ----------
    areas : AreaCounts
        Only the editions and spans known at the cut-off.
    categories : tuple of Category
        `values` are codes of offences, summed.
    covered : Covered
    late : timedelta64
        Time from the end of the first edition's last span until that edition was known.
    first : bool
        Whether each count is as it was published for the first time, not as it was last.
    replayed : bool
        Whether an edition at hand had been published by the cut-off.
    """

    areas: AreaCounts
    categories: tuple[Category, ...]
    covered: Covered
    late: np.timedelta64
    first: bool = False
    replayed: bool = True
    memo: Memo = field(init=False, default_factory=Memo, repr=False)

    @classmethod
    def of(
        cls,
        areas: AreaCounts,
        categories: Sequence[Category],
        *,
        cutoff: np.datetime64 | None = None,
        begins: np.datetime64 | None = None,
    ) -> AreaRecord:
        """Take the offences of some categories, as known at `cutoff`.

        Parameters
        ----------
        areas : AreaCounts
        categories : sequence of Category
            Of each, the codes that it sums, or its name is one; a comparable series of a break is
            one too. Those that police discover are known as such, and not counted.
        cutoff : datetime64, optional
            The end of the day of the latest edition by default.
        begins : datetime64, optional
            The beginning of the first span by default.

        Raises
        ------
        DataError
            If a code is none of the counts', those of a category hold one another or count
            different units, or an edition was published before the end of what it holds.
        LeakageError
            If `cutoff` is later than the latest edition at hand.
        TooLittleDataError
            If no span was out at the cut-off.
        """
        codes = {code for category in categories for code in category.values or (category.name,)}
        if not codes <= set(areas.offence_index):
            areas = areas.crossed()
        made = tuple(_category(areas, category) for category in categories)
        edges = instants(areas.spans, areas.time_zone)
        late = [lateness(areas, edition, made, edges) for edition in areas.editions]
        latest = known_from(areas.latest, areas.time_zone)
        through = edges[spans_out(areas, areas.latest, made)]
        covered = Covered(edges[0] if begins is None else begins, latest, through)
        record = cls(areas, made, covered, late[0])
        return record if cutoff is None else record.until(cutoff)

    @property
    def zone(self) -> str:
        """IANA name of the local time zone."""
        return self.areas.time_zone

    @property
    def grain(self) -> Length | None:
        """Length of a span; a year is twelve months."""
        return _GRAINS[self.areas.spans.unit]

    def until(self, cutoff: np.datetime64) -> AreaRecord:
        """Return what was known at an earlier instant.

        Raises
        ------
        LeakageError
            If `cutoff` is later than this record's own.
        TooLittleDataError
            If no span was out by then.
        """
        self.covered.require_known(cutoff)
        first = self.areas.editions[0]
        edges = self._edges
        replayed = self.replayed and bool(cutoff >= known_from(first, self.zone))
        if replayed:
            day = np.datetime64(local_time(cutoff, self.zone), "D") - _DAY
            areas = self.areas.as_of(day)
            n = spans_out(areas, areas.latest, self.categories)
        else:
            areas = replace(self.areas, editions=(first,))
            n = int(np.searchsorted(edges, cutoff - self.late, side="right")) - 1
        if n < 1:
            raise TooLittleDataError(
                "A record must hold a span that was out at its cut-off.",
                found=phrase(
                    "none at {cutoff}, where {source} is the first edition",
                    cutoff=cutoff,
                    source=first.source,
                ),
                remedy="use a later cut-off, or add earlier editions",
            )
        covered = self.covered._replace(cutoff=cutoff, through=edges[n])
        other = replace(self, areas=areas.first_spans(n), covered=covered, replayed=replayed)
        return self._with(other)

    def since(self, begins: np.datetime64) -> AreaRecord:
        """Return the same as if it were complete only from a later instant."""
        return self._with(replace(self, covered=self.covered._replace(begins=begins)))

    def first_published(self) -> AreaRecord:
        """Return the same with each count as it was published for the first time."""
        return replace(self, first=True)  # its memo is a new one: the answers are others

    def _with(self, other: AreaRecord) -> AreaRecord:
        object.__setattr__(other, "memo", self.memo)
        return other

    @property
    def _edges(self) -> Instants:
        """Beginning of each span and the end of the last, as instants."""
        spans, zone = self.areas.spans, self.zone
        asked = (Spans, spans.unit, str(spans.first), len(spans))
        return self.memo.ask(asked, lambda: instants(spans, zone))

    def require_unbroken(self, category: str, begins: np.datetime64, end: np.datetime64) -> None:
        """Refuse a stretch of time within which a category comes to mean something else.

        Raises
        ------
        BrokenSeriesError
            Names the break, and the comparable series where there is one.
        """
        edges = self._edges
        first = max(int(np.searchsorted(edges, begins, side="right")) - 1, 0)
        last = min(int(np.searchsorted(edges, end)), len(edges) - 1)
        for code in self._named(category).values:
            self.areas.require_unbroken(code, first, max(first, last))

    def counts(self, category: str, periods: Periods, cells: Cells) -> Counts:
        """Add up a category in past periods, each of whole spans.

        Parameters
        ----------
        category : str
        periods : Periods
        cells : Cells
            Their ids are codes of areas. Residual areas are what is `unlocated`, and areas without
            a cell `outside`; where those reported nothing they add nothing.

        Raises
        ------
        NotReportedError
            If a cell was not reported in one of the spans, or is a correction below 0.
        BrokenSeriesError
            If the category comes to mean something else between the beginning of the record and
            the end of the periods.
        DiscoveredCategoryRefusal
            If it is one that police discover.
        LeakageError
            If a period ends after the cut-off.
        DataError
            If a period is not whole spans, or a cell's id is no area's code.
        """
        refuse_discovered(self._named(category))
        if periods.edges[-1] > self.covered.cutoff:
            raise LeakageError(
                "Incidents can only be counted in periods that are over.",
                found=phrase(
                    "a period that ends {edges}, seen as of {as_of}",
                    edges=periods.edges[-1],
                    as_of=self.covered.cutoff,
                ),
            )
        begins = min(self.covered.begins, periods.edges[0])
        self.require_unbroken(category, begins, periods.edges[-1])
        edges, columns = self._places_of(periods), self._columns(cells)
        if edges[0] < 0 or edges[-1] > len(self.areas.spans):
            raise NotReportedError(
                "Counts must be of spans that were published.",
                found=phrase("{first} to {last}", first=periods.edges[0], last=periods.edges[-1]),
                where=phrase("category {category}", category=category),
                remedy="use periods that the record holds",
            )
        series = self._series(category)
        values = _sums(series.values, edges)
        self._refuse_gaps(category, series, values, edges, columns)
        elsewhere, residual = self._elsewhere(columns)
        return Counts(
            values=values[:, columns],
            unlocated=values[:, residual].sum(axis=1),
            outside=values[:, elsewhere].sum(axis=1),
            category=category,
            as_of=self.covered.cutoff,
        )

    def outcomes(self, category: str, periods: Periods, cells: Cells) -> CountedOutcomes:
        """Add up a category as `counts` does, and say which counts were reported.

        Nothing is refused but a period that is not whole spans, and a cell's id that is no area's
        code (`DataError`).
        """
        edges, columns = self._places_of(periods), self._columns(cells)
        held = np.flatnonzero((edges[:-1] >= 0) & (edges[1:] <= len(self.areas.spans)))
        values = np.zeros((len(periods), len(cells)), dtype=np.int64)
        told = np.zeros(values.shape, dtype=np.bool_)
        if len(held):
            edges = edges[held[0] : held[-1] + 2]
            series = self._series(category)
            found = _sums(series.values, edges)[:, columns]
            told[held] = (_sums(~reported(series.state), edges)[:, columns] == 0) & (found >= 0)
            values[held] = found
        return CountedOutcomes(np.where(told, values, 0), told)

    def reported(self, category: str, periods: Periods, cells: Cells) -> Bools:
        """Whether each cell was reported in each period; see `outcomes`."""
        return self.outcomes(category, periods, cells).reported

    def totals(self, category: str, periods: Periods, cells: Cells) -> Floats:
        """Count a category in all cells together, shape (periods,)."""
        totals: Floats = self.counts(category, periods, cells).values.sum(axis=1).astype(np.float64)
        return totals

    def completeness(self, category: str, periods: Periods) -> Floats:  # noqa: ARG002 - protocol
        """Return 1 for every period: revisions go both ways."""
        return np.ones(len(periods))

    def _named(self, category: str) -> Category:
        for one in self.categories:
            if one.name == category:
                return one
        raise DataError(
            "A category must be one of the record's.",
            found=repr(category),
            remedy=phrase("use one of {names}", names=", ".join(c.name for c in self.categories)),
        )

    def _series(self, category: str) -> Series:
        return self.areas.summed(self._named(category).values, first=self.first)

    def _places_of(self, periods: Periods) -> Ints:
        """Span with which each period begins, and the one after the last, shape (n + 1,).

        Below 0, or above the number of spans, for what lies before and after them.
        """
        edges = self._edges
        place = np.searchsorted(edges, periods.edges).astype(np.int64)
        inside = (periods.edges >= edges[0]) & (periods.edges <= edges[-1])
        exact = edges[np.minimum(place, len(edges) - 1)] == periods.edges
        wrong = np.flatnonzero(inside & ~exact)
        if len(wrong):
            raise DataError(
                "A period must be made of whole spans of the counts.",
                found=phrase(
                    "one that begins or ends at {instant} (UTC)",
                    instant=periods.edges[wrong[0]],
                ),
                where=phrase("counts by {unit}", unit=self.areas.spans.unit),
                remedy="use periods of whole spans, in the time zone of the counts",
            )
        place[periods.edges < edges[0]] = -1
        place[periods.edges > edges[-1]] = len(edges)
        return place

    def _columns(self, cells: Cells) -> Ints:
        """Area of each cell."""
        index = self.areas.area_index
        unknown = [str(code) for code in cells.cell_id if str(code) not in index]
        if unknown:
            raise DataError(
                "The id of a cell must be the code of an area.",
                found=phrase(
                    "{n:,} that are not: {ids}",
                    n=len(unknown),
                    ids=", ".join(unknown[:_NAMED]),
                ),
                remedy="name the property of the outlines that holds the codes, padded as in the "
                "counts",
            )
        codes = [str(code) for code in cells.cell_id]
        self.areas.area_sums.refuse_twice(codes)
        return np.array([index[code] for code in codes], dtype=np.int64)

    def _elsewhere(self, columns: Ints) -> tuple[Ints, Ints]:
        """Areas that no cell holds and that are no sum: places, and residual ones."""
        areas, held = self.areas, set(columns.tolist())
        for column in columns:
            below = areas.area_sums.below(areas.areas[column].code)
            held |= {areas.area_index[code] for code in below if code in areas.area_index}
        free = [n for n in areas.leaves.tolist() if n not in held]
        residual = np.array([areas.areas[n].residual for n in free], dtype=np.bool_)
        places = np.array(free, dtype=np.int64)
        return places[~residual], places[residual]

    def _refuse_gaps(
        self, category: str, series: Series, values: Ints, edges: Ints, columns: Ints
    ) -> None:
        gaps = np.argwhere(~reported(series.state[edges[0] : edges[-1], columns]))
        if len(gaps):
            labels = self.areas.spans.labels
            raise NotReportedError(
                "A cell must have been reported to be counted: what is missing is never 0.",
                found=phrase(
                    "{n:,} that were not, first {cells}",
                    n=len(gaps),
                    cells=listed(
                        [
                            phrase(
                                "{area} in {span}",
                                area=self.areas.areas[columns[column]].code,
                                span=labels[edges[0] + span],
                            )
                            for span, column in gaps[:_NAMED]
                        ]
                    ),
                ),
                where=phrase("category {category}", category=category),
                remedy="leave the area out, or use only spans in which it reported",
            )
        below = np.argwhere(values[:, columns] < 0)
        if len(below):
            raise NotReportedError(
                "A count must be at least 0, once corrections are added.",
                found=phrase(
                    "{n:,} below 0, first {area}",
                    n=len(below),
                    area=self.areas.areas[columns[below[0][1]]].code,
                ),
                where=phrase("category {category}", category=category),
                remedy="leave the area out, or use longer periods",
            )


def _category(areas: AreaCounts, category: Category) -> Category:
    """Category with its codes, discovered where one of them is."""
    codes = category.values or (category.name,)
    areas.summed(codes)
    known = {areas.offences[areas.offence_of(code)].known_by for code in codes}
    known_by = "discovered" if "discovered" in known else category.known_by
    return Category(category.name, known_by, codes)


def _sums(values: np.ndarray, edges: Ints) -> Ints:
    """Sums of the spans of each period, shape (periods, areas)."""
    part = values[edges[0] : edges[-1]].astype(np.int64)
    sums: Ints = np.add.reduceat(part, edges[:-1] - edges[0], axis=0)
    return sums
