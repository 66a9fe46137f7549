"""`AreaCounts`: what was recorded, as counts by area, span of time, offence and edition."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import pairwise
from typing import NamedTuple

import numpy as np

from veedor.areas.breaks import Crossing, SeriesBreak
from veedor.areas.edition import Edition, Undated
from veedor.areas.names import Area, Level, Offence, Sum, Sums, by_code
from veedor.areas.series import Series, added
from veedor.areas.spans import Spans
from veedor.areas.states import State
from veedor.arrays import Ints
from veedor.errors import BrokenSeriesError, DataError, LeakageError, listed, phrase
from veedor.incidents.model import Provenance
from veedor.suggestions import did_you_mean


class Totals(NamedTuple):
    """Sums over areas, residual ones with them, shape (spans,).

    Where `missing` areas reported nothing `values` are what the others sum to: a lower bound.
    """

    values: Ints
    missing: Ints


@dataclass(frozen=True, eq=False)
class AreaCounts:
    """One record in one or more editions, each a whole publication.

    Parameters
    ----------
    areas : tuple of Area
        The last axis of every edition. Where a file prints areas beside what they are made of,
        both are here, and `area_sums` says so.
    offences : tuple of Offence
        The middle axis.
    spans : Spans
        The first axis.
    editions : tuple of Edition
        At least one, by the day they were published, no two of one day.
    area_sums, offence_sums : Sums
        What is declared to be the sum of what.
    levels : tuple of Level
        Coarser divisions, from fine to coarse.
    breaks : tuple of SeriesBreak
    time_zone : str
        IANA name; spans are of its wall clock.
    provenance : Provenance

    Raises
    ------
    DataError
        If axes and editions do not fit one another, or a sum names other units.

    Notes
    -----
    An edition takes six bytes a cell: 190 MB for 2,470 areas, 130 months and 98 offences.
    """

    areas: tuple[Area, ...]
    offences: tuple[Offence, ...]
    spans: Spans
    editions: tuple[Edition, ...]
    area_sums: Sums = field(default_factory=Sums)
    offence_sums: Sums = field(default_factory=Sums)
    levels: tuple[Level, ...] = ()
    breaks: tuple[SeriesBreak, ...] = ()
    time_zone: str = "UTC"
    provenance: Provenance = field(default_factory=Provenance)

    def __post_init__(self) -> None:
        shape = (len(self.spans), len(self.offences), len(self.areas))
        _ = self.area_index, self.offence_index
        for edition in self.editions:
            if edition.values.shape != shape:
                raise DataError(
                    "An edition must have a cell for each span, offence and area of its record.",
                    found=phrase("{found} for {shape}", found=edition.values.shape, shape=shape),
                    where=edition.source,
                )
        days = [edition.published for edition in self.editions]
        if not days or any(later <= day for day, later in pairwise(days)):
            raise DataError(
                "Editions of one record must be of different days, the earliest first.",
                found=", ".join(map(str, days)) or phrase("none"),
                remedy="say for each file on which day it was published",
            )
        for one in self.offence_sums.declared:
            units = {
                self.offences[self.offence_index[code]].unit
                for code in (one.total, *one.parts)
                if code in self.offence_index
            }
            if len(units) > 1:
                raise DataError(
                    "What is summed must be counted in one unit.",
                    found=", ".join(sorted(units)),
                    where=one.total,
                )

    @cached_property
    def area_index(self) -> dict[str, int]:
        """Place of each area, by code."""
        return dict(by_code(self.areas, phrase("areas")))

    @cached_property
    def offence_index(self) -> dict[str, int]:
        """Place of each offence, by code."""
        return dict(by_code(self.offences, phrase("offences")))

    def offence_of(self, code: str) -> int:
        """Return the place of an offence.

        Raises
        ------
        DataError
            If there is none of that code.
        """
        if code not in self.offence_index:
            raise DataError(
                "An offence must be one that the counts tell apart.",
                found=repr(code),
                remedy=did_you_mean(code, self.offence_index),
            )
        return self.offence_index[code]

    @cached_property
    def places(self) -> Ints:
        """Areas that are places and no sum of others, in order: what is ranked, drawn, forecast."""
        return np.array(
            [
                place
                for place, area in enumerate(self.areas)
                if not area.residual and area.code not in self.area_sums.totals
            ],
            dtype=np.int64,
        )

    @cached_property
    def leaves(self) -> Ints:
        """Areas that are no sum of others, residual ones with them: what totals are made of."""
        return np.array(
            [n for n, area in enumerate(self.areas) if area.code not in self.area_sums.totals],
            dtype=np.int64,
        )

    @property
    def latest(self) -> Edition:
        """The edition that was published last."""
        return self.editions[-1]

    def as_of(self, day: np.datetime64) -> AreaCounts:
        """Return the record as it was known at the end of a day: the editions up to it.

        Raises
        ------
        LeakageError
            If nothing was published by then.
        """
        known = tuple(edition for edition in self.editions if edition.published <= day)
        if not known:
            raise LeakageError(
                "A record must have been published before it is used.",
                found=phrase(
                    "the first edition of {published}, asked as of {day}",
                    published=self.editions[0].published,
                    day=day,
                ),
            )
        return replace(self, editions=known)

    def series(self, offence: str, edition: Edition | None = None) -> Series:
        """Counts of an offence in the latest edition, or in one of them."""
        place, of = self.offence_of(offence), edition or self.latest
        return Series(of.values[:, place], of.state[:, place], of.provisional[:, place])

    def first_spans(self, n: int) -> AreaCounts:
        """Return the first `n` spans of every edition, and what falls into whole years of them."""
        spans = self.spans.part(0, n)
        whole = spans.edges[-1].astype("datetime64[Y]").astype(np.int64) + 1970
        editions = []
        for edition in self.editions:
            of = edition.undated
            kept = of.year < whole
            undated = Undated(of.year[kept], of.offence[kept], of.area[kept], of.values[kept])
            parts = (edition.values[:n], edition.state[:n], edition.provisional[:n])
            editions.append(Edition(edition.published, edition.source, *parts, undated))
        return replace(self, spans=spans, editions=tuple(editions))

    def summed(self, offences: Sequence[str], *, first: bool = False) -> Series:
        """Add up offences as published last, or as their sum was published for the first time.

        A cell is not reported where one of them is not, provisional where one of them is, and not
        applicable where all are not. Parts are of one edition, or what one carves out of another
        would be counted in both.

        Raises
        ------
        DataError
            If one holds another, or they count different units.
        """
        self.offence_sums.refuse_twice(list(offences))
        units = {self.offences[self.offence_of(code)].unit for code in offences}
        if len(units) > 1:
            raise DataError(
                "What is summed must be counted in one unit.",
                found=", ".join(sorted(units)),
                where=", ".join(offences),
            )
        return self._first(offences) if first else self._added(offences, self.latest)

    def first_published(self, offence: str) -> Series:
        """Counts of an offence as each was published for the first time, from edition to edition.

        What the first edition of all holds was published before it too, and may have been revised.
        """
        return self._first([offence])

    def _added(self, offences: Sequence[str], edition: Edition) -> Series:
        parts = [self.series(code, edition) for code in offences]
        if len(parts) == 1:
            return parts[0]
        return added(*(np.stack(each, axis=1) for each in zip(*parts, strict=True)))

    def _first(self, offences: Sequence[str]) -> Series:
        """Take each sum from the first edition that reports all of it."""
        values = np.zeros((len(self.spans), len(self.areas)), dtype=np.int32)
        state = np.zeros(values.shape, dtype=np.uint8)
        provisional = np.zeros(values.shape, dtype=np.bool_)
        for edition in self.editions:
            of = self._added(offences, edition)
            new = (state == State.NOT_REPORTED) & (of.state != State.NOT_REPORTED)
            values[new], state[new] = of.values[new], of.state[new]
            provisional[new] = of.provisional[new]
        return Series(values, state, provisional)

    def totals(self, offence: str, within: Sequence[int] | Ints | None = None) -> Totals:
        """Sum an offence over areas in the latest edition, none of them twice.

        Parameters
        ----------
        offence : str
        within : array of int, optional
            Places of areas, none of which holds another; all `leaves` by default.

        Notes
        -----
        An area to which the offence is not applicable adds nothing, and is not missing.
        """
        if within is None:
            within = self.leaves
        else:
            self.area_sums.refuse_twice([self.areas[place].code for place in within])
        of = self.series(offence)
        missing = (of.state[:, within] == State.NOT_REPORTED).sum(axis=1)
        return Totals(of.values[:, within].sum(axis=1, dtype=np.int64), missing)

    def breaks_of(self, offence: str, first: int, last: int) -> tuple[SeriesBreak, ...]:
        """Breaks of an offence inside of spans `first` to `last` (exclusive), as published last."""
        start, end = self.spans.edges[first], self.spans.edges[last]
        return tuple(
            one
            for one in self.breaks
            if one.concerns(offence)
            and one.within(start, end)
            and one.holds_in(self.latest.published)
        )

    def require_unbroken(self, offence: str, first: int = 0, last: int | None = None) -> None:
        """Refuse to read a series across a break.

        Raises
        ------
        BrokenSeriesError
            If a break lies inside of spans `first` to `last` (exclusive; all by default).
        """
        self.offence_of(offence)
        found = self.breaks_of(offence, first, len(self.spans) if last is None else last)
        if not found:
            return
        raise _broken(found[0], offence)

    def require_published_alike(self, offence: str, known: Edition, end: np.datetime64) -> None:
        """Refuse to hold what one edition says against the latest, where they mean other things.

        Parameters
        ----------
        offence : str
        known : Edition
            Of this record.
        end : datetime64
            Only breaks before it, of local civil time, matter.

        Raises
        ------
        BrokenSeriesError
            If the latest edition has a break of the offence that this one was published before.
        """
        for one in self.breaks:
            newer = one.holds_in(self.latest.published) and not one.holds_in(known.published)
            if one.concerns(offence) and newer and np.datetime64(one.day) < end:
                raise _broken(one, offence)

    def crossed(self) -> AreaCounts:
        """Return the same with every comparable series beside the published ones.

        A cell of such a series is a sum of published ones: not reported where one of them is not,
        provisional where one of them is, not applicable where all are not. In an edition without
        the break it is the sum of what it is before it. It is declared as that sum, so that it is
        never added to what it holds, or to another that holds the same.
        """
        found = [
            (one, crossing)
            for one in self.breaks
            for crossing in one.crossings
            if crossing.offence.code not in self.offence_index
            and set(crossing.before + crossing.after) <= set(self.offence_index)
        ]
        if not found:
            return self
        editions = tuple(
            replace(
                edition,
                values=np.concatenate([edition.values, *(part.values for part in made)], axis=1),
                state=np.concatenate([edition.state, *(part.state for part in made)], axis=1),
                provisional=np.concatenate(
                    [edition.provisional, *(part.provisional for part in made)], axis=1
                ),
            )
            for edition in self.editions
            for made in [[self._comparable(edition, *pair) for pair in found]]
        )
        offences = (*self.offences, *(crossing.offence for _, crossing in found))
        sums = [
            Sum(crossing.offence.code, parts, since, until, printed=False)
            for one, crossing in found
            for parts, since, until in (
                (crossing.before, None, one.day),
                (crossing.after, one.day, None),
            )
        ]
        declared = Sums((*self.offence_sums.declared, *sums))
        return replace(self, offences=offences, editions=editions, offence_sums=declared)

    def _comparable(self, edition: Edition, one: SeriesBreak, crossing: Crossing) -> Series:
        """Sum the two sides of a break, with an axis of one offence."""
        from_it = self.spans.starts >= np.datetime64(one.day)
        if not one.holds_in(edition.published):
            from_it[:] = False
        sides = []
        for codes in (crossing.before, crossing.after):
            where = [self.offence_index[code] for code in codes]
            sides.append(
                added(
                    edition.values[:, where], edition.state[:, where], edition.provisional[:, where]
                )
            )
        parts = (
            np.where(from_it[:, None], after, before)[:, None]
            for before, after in zip(*sides, strict=True)
        )
        return Series(*parts)


def _broken(one: SeriesBreak, offence: str) -> BrokenSeriesError:
    crossed = [
        crossing.offence.code
        for crossing in one.crossings
        if offence in (*crossing.before, *crossing.after)
    ]
    return BrokenSeriesError(
        "A forecast or a trend must not cross a day from which a series means something else.",
        found=listed([phrase("{day}:", day=one.day.isoformat()), one.what], " "),
        where=phrase("offence {offence}, after {source}", offence=offence, source=one.source),
        remedy=phrase(
            "use the comparable series {names}, or only spans on one side",
            names=", ".join(crossed),
        )
        if crossed
        else phrase("use only spans on one side of it"),
    )
