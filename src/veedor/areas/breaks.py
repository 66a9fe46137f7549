"""Where a series means something else than before, and how the two sides can be compared."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np

from veedor.areas.names import Offence


@dataclass(frozen=True)
class Crossing:
    """A series that means the same on both sides of a break: sums of what is counted on each.

    Parameters
    ----------
    offence : Offence
        What the comparable series is called; its code is a new one.
    before, after : tuple of str
        Codes whose sum it is before the break, and from it on.
    """

    offence: Offence
    before: tuple[str, ...]
    after: tuple[str, ...]


@dataclass(frozen=True)
class SeriesBreak:
    """A day from which codes mean something else, or are counted by another method.

    Parameters
    ----------
    day : date
        First day of the new meaning.
    what : str
        What changed, as a sentence (a `phrase`).
    source : str
        Who says so.
    offences, areas : tuple of str
        Codes that it concerns; none for all.
    published_from : date, optional
        Editions published before do not have it: the publisher went back, as a new category is
        carved out of an old one for months that were published already.
    crossings : tuple of Crossing
        Comparable series over it; none where there is no honest one.
    """

    day: date
    what: str
    source: str
    offences: tuple[str, ...] = ()
    areas: tuple[str, ...] = ()
    published_from: date | None = None
    crossings: tuple[Crossing, ...] = ()

    def concerns(self, offence: str, area: str | None = None) -> bool:
        """Whether it lies in the series of an offence, of one area or of any.

        In a comparable series over it, it does not.
        """
        if any(offence == crossing.offence.code for crossing in self.crossings):
            return False
        there = area is None or not self.areas or area in self.areas
        return there and (not self.offences or offence in self.offences)

    def within(self, first: np.datetime64, end: np.datetime64) -> bool:
        """Whether it lies inside of a stretch of days: not on its first day, and before `end`."""
        return bool(first < np.datetime64(self.day) < end)

    def holds_in(self, published: np.datetime64) -> bool:
        """Whether an edition of that day has it."""
        return self.published_from is None or bool(published >= np.datetime64(self.published_from))
