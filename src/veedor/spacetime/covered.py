"""`RecordedSpan`: the time that a record covers; time without a record is not time without."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from veedor.arrays import Bools, Instants

_GAPS = 10


@dataclass(frozen=True)
class RecordedSpan:
    """First and last incident of a record, and how far beyond them it may be taken to reach.

    Parameters
    ----------
    first, last : datetime64
    reach : timedelta64
        Ten times the mean gap between incidents, or more: so long a gap by chance is very rare.
    """

    first: np.datetime64
    last: np.datetime64
    reach: np.timedelta64

    @classmethod
    def of(cls, start: Instants, least: np.timedelta64 | None = None) -> RecordedSpan:
        """Take the instants of all incidents of a record, of every category.

        Parameters
        ----------
        start : array of datetime64, shape (n,)
        least : timedelta64, optional
            By which it reaches beyond its ends in any case.

        Examples
        --------
        >>> days = np.datetime64("2024-01-01", "us") + np.arange(11) * np.timedelta64(1, "D")
        >>> RecordedSpan.of(days).reach.astype("timedelta64[D]")
        np.timedelta64(10,'D')
        """
        first, last = start.min(), start.max()
        reach = (last - first) / max(len(start) - 1, 1) * _GAPS
        return cls(first, last, reach if least is None else max(reach, least))

    @property
    def begins(self) -> np.datetime64:
        """The earliest instant that is covered."""
        begins: np.datetime64 = self.first - self.reach
        return begins

    @property
    def ends(self) -> np.datetime64:
        """The latest instant that is covered."""
        ends: np.datetime64 = self.last + self.reach
        return ends

    def covers(self, start: Instants, end: Instants) -> Bools:
        """Which periods are covered from their beginnings to their ends."""
        covered: Bools = (start >= self.begins) & (end <= self.ends)
        return covered
