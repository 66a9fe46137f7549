"""What area counts are described from: which cells are used, and why the others are not."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum
from itertools import pairwise

import msgspec
import numpy as np
import numpy.typing as npt

from veedor.areas import AreaCounts, Populations, Series, State
from veedor.arrays import Bools, Floats, Ints
from veedor.errors import DataError, phrase
from veedor.incidents import Category
from veedor.spacetime import Cells

_DAYS_A_YEAR = 365.25


class Why(IntEnum):
    """Why a cell is left out; the first that holds."""

    USED = 0
    NOT_REPORTED = 1
    NOT_APPLICABLE = 2
    LOOKS_UNREPORTED = 3
    CORRECTION = 4
    """Below 0: the publisher takes back what was counted in other spans."""
    PROVISIONAL = 5


#: Left out for one of these, a span says nothing of how many incidents there were.
DOUBTED = (Why.NOT_REPORTED, Why.LOOKS_UNREPORTED)


class LeftOut(msgspec.Struct, frozen=True):
    """Spans of a series, one after another, that are left out for one reason.

    Parameters
    ----------
    why : str
        ``"not_reported"``, ``"not_applicable"``, ``"looks_unreported"``, ``"correction"`` or
        ``"provisional"``.
    first, last : str
        Labels of spans.
    spans : int
    """

    why: str
    first: str
    last: str
    spans: int


@dataclass(frozen=True)
class Stretch:
    """Spans of an offence that mean the same, `first` to `last` (exclusive), and what cuts them.

    Parameters
    ----------
    first, last : int
    breaks : tuple of str
        Days on which the offence means something else than in the stretch, at its ends or beyond.
    """

    first: int
    last: int
    breaks: tuple[str, ...]


@dataclass(frozen=True, eq=False)
class AreaGround:
    """Area counts, with what they are held against.

    Parameters
    ----------
    record : AreaCounts
        Its latest edition is described.
    populations : Populations, optional
        Without them there are no rates.
    cells : Cells, optional
        Outlines of places, ``cell_id`` their codes: who is whose neighbour.
    looks_unreported : array of bool, shape (spans, offences, areas), optional
        Cells that say a number but look as if nothing had been reported.
    provisional : bool
        Whether cells that the publisher will change are used.
    categories : tuple of Category
        Names of sums of offences, by `values`; whatever is none of them is an offence by its code.
    described : (int, int), optional
        Only spans from the first of these to the second (exclusive) are described.

    Raises
    ------
    DataError
        If the mask is not one of the record, or no outline is of a place.
    """

    record: AreaCounts
    populations: Populations | None = None
    cells: Cells | None = None
    looks_unreported: Bools | None = None
    provisional: bool = False
    categories: tuple[Category, ...] = ()
    described: tuple[int, int] | None = None

    def __post_init__(self) -> None:
        shape = self.record.latest.values.shape
        if self.looks_unreported is not None and self.looks_unreported.shape != shape:
            raise DataError(
                "What looks unreported must be said of the cells of the record.",
                found=phrase("{found} for {shape}", found=self.looks_unreported.shape, shape=shape),
            )
        if self.cells is not None and not self.outlined.any():
            raise DataError(
                "Outlines of areas must carry the codes of the counts.",
                found=", ".join(map(str, self.cells.cell_id[:5])),
                remedy="name the property that holds the code, padded as in the counts",
            )

    @property
    def places(self) -> Ints:
        """Places of the record's areas."""
        return self.record.places

    @property
    def codes(self) -> tuple[str, ...]:
        """Codes of places."""
        return tuple(self.record.areas[place].code for place in self.places)

    @property
    def cell_of_place(self) -> Ints:
        """Cell of each place, -1 for none, shape (places,)."""
        if self.cells is None:
            return np.full(len(self.places), -1)
        known = {str(code): cell for cell, code in enumerate(self.cells.cell_id)}
        return np.array([known.get(code, -1) for code in self.codes], dtype=np.int64)

    @property
    def outlined(self) -> Bools:
        """Whether each place has an outline."""
        return self.cell_of_place >= 0

    def codes_of(self, offence: str) -> tuple[str, ...]:
        """Codes of the record that an offence, or a category, is the sum of."""
        for one in self.categories:
            if one.name == offence:
                return tuple(one.values or (one.name,))
        return (offence,)

    def series(self, offence: str) -> Series:
        """Counts of an offence, or of a category, as published last."""
        return self.record.summed(self.codes_of(offence))

    def require_unbroken(self, offence: str, first: int, last: int) -> None:
        """Refuse to read across a break of any of the codes: `AreaCounts.require_unbroken`."""
        for code in self.codes_of(offence):
            self.record.require_unbroken(code, first, last)

    def why(self, offence: str) -> npt.NDArray[np.uint8]:
        """Why each cell of an offence is left out, of `Why`, shape (spans, areas)."""
        of = self.series(offence)
        why = np.full(of.state.shape, Why.USED, dtype=np.uint8)
        if not self.provisional:
            why[of.provisional] = Why.PROVISIONAL
        why[of.values < 0] = Why.CORRECTION
        if self.looks_unreported is not None:
            mine = [self.record.offence_of(code) for code in self.codes_of(offence)]
            why[self.looks_unreported[:, mine].any(axis=1)] = Why.LOOKS_UNREPORTED
        why[of.state == State.NOT_APPLICABLE] = Why.NOT_APPLICABLE
        why[of.state == State.NOT_REPORTED] = Why.NOT_REPORTED
        return why

    def stretch(self, offence: str) -> Stretch:
        """Return the longest stretch without a break in which anything is used, else the latest."""
        spans = self.record.spans
        begin, end = self.described or (0, len(spans))
        used = np.flatnonzero((self.why(offence) == Why.USED).any(axis=1))
        used = used[(used >= begin) & (used < end)]
        if len(used) == 0:
            return Stretch(0, 0, ())
        first, last = int(used[0]), int(used[-1]) + 1
        days = sorted(
            {
                np.datetime64(one.day)
                for code in self.codes_of(offence)
                for one in self.record.breaks_of(code, 0, len(spans))
            }
        )
        # A break inside of a span spoils it: the stretch before ends before it.
        before = [int(np.searchsorted(spans.edges, day, side="right")) - 1 for day in days]
        after = [int(np.searchsorted(spans.edges, day, side="left")) for day in days]
        begins, ends = (
            [first, *(max(one, first) for one in after)],
            [
                *(min(one, last) for one in before),
                last,
            ],
        )
        parts = [(end - begin, begin, end) for begin, end in zip(begins, ends, strict=True)]
        longest = max(parts)
        named = tuple(str(day) for day in days if spans.edges[first] < day < spans.edges[last])
        return Stretch(longest[1], max(longest[2], longest[1]), named)

    @property
    def years(self) -> Floats:
        """Middle of each span, in years, shape (spans,)."""
        edges = self.record.spans.edges.astype(np.int64)
        middle: Floats = (edges[:-1] + edges[1:]) / 2.0 / _DAYS_A_YEAR
        return middle

    @property
    def lengths(self) -> Floats:
        """Length of each span, in years, shape (spans,)."""
        days: Floats = np.diff(self.record.spans.edges).astype(np.int64) / _DAYS_A_YEAR
        return days

    def person_years(self) -> Floats:
        """People times years of every area and span, shape (spans, areas); NaN where not said."""
        areas = tuple(area.code for area in self.record.areas)
        if self.populations is None:
            return np.full((len(self.record.spans), len(areas)), np.nan)
        return self.populations.person_years(areas, self.record.spans)


def runs(why: npt.NDArray[np.uint8], labels: tuple[str, ...]) -> tuple[LeftOut, ...]:
    """Gather neighbouring spans that are left out for one reason.

    >>> [one.last for one in runs(np.array([0, 1, 1, 3], np.uint8), ("a", "b", "c", "d"))]
    ['c', 'd']
    """
    edges = [0, *(np.flatnonzero(np.diff(why)) + 1).tolist(), len(why)]
    return tuple(
        LeftOut(Why(int(why[a])).name.lower(), labels[a], labels[b - 1], b - a)
        for a, b in pairwise(edges)
        if b > a and why[a] != Why.USED
    )
