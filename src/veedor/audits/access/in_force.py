"""`InForce`: what a list says of keys or cases, and from when until when it said so."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from veedor.arrays import Bools, Instants
from veedor.audits.access.log import Codes
from veedor.errors import DataError, phrase

_OPEN = (np.iinfo(np.int64).min + 1, np.iinfo(np.int64).max)


@dataclass(frozen=True, eq=False)
class InForce:
    """Spans in which keys (or cases) of a log are on a list: warrants, watched plates, open cases.

    Parameters
    ----------
    codes : array of int32, shape (span,)
        Which key of the log; a span of a key that no look-up asked for is not here.
    since, until : array of datetime64[us], shape (span,)
        UTC, half-open; NaT where the list names no start, or no end.
    listed : int
        Keys that the list names, whether or not they were looked up.
    starts : array of datetime64[us], shape (version,)
        UTC, in order; from when on each of the lists that replaced one another held. Empty where
        each row says its own span.
    begins : datetime64[us]
        UTC; the earliest start of all that the list names, looked up or not. NaT where something on
        it has no start: it was in force before the log.

    Examples
    --------
    >>> days = np.array(["2025-01-01", "2025-03-01", "NaT"], "datetime64[us]")
    >>> warrants = InForce(np.array([4, 4], np.int32), days[:2], days[1:], listed=9)
    >>> asked = np.array(["2024-12-31", "2025-01-01", "2025-06-01"], "datetime64[us]")
    >>> warrants.holds(np.array([4, 4, 4], np.int32), asked).tolist()
    [False, True, True]
    >>> warrants.known(np.array([4, 5, -1], np.int32)).tolist()
    [True, False, False]
    """

    codes: Codes
    since: Instants
    until: Instants
    listed: int
    starts: Instants = field(default_factory=lambda: np.empty(0, "datetime64[us]"))
    begins: np.datetime64 = field(default_factory=lambda: np.datetime64("NaT", "us"))

    def __post_init__(self) -> None:
        if not self.codes.shape == self.since.shape == self.until.shape:
            raise DataError(
                "Spans of a list must have a start and an end each.",
                found=phrase("{n} keys, {since} starts", n=self.codes.size, since=self.since.size),
            )
        if (self.until < self.since).any():
            raise DataError(
                "What a list says must not end before it begins.",
                found=phrase("{n} that do", n=int((self.until < self.since).sum())),
            )

    @property
    def versions(self) -> int:
        """How many lists replaced one another; 1 where each row says its own span."""
        return max(self.starts.size, 1)

    def known(self, codes: Codes) -> Bools:
        """Whether the list ever names each of some keys; -1 is none of them."""
        return np.isin(codes, self.codes) & (codes >= 0)

    def holds(self, codes: Codes, at: Instants) -> Bools:
        """Whether each key was on the list at its own time, by the version then in force.

        Parameters
        ----------
        codes : array of int32, shape (n,)
        at : array of datetime64[us], shape (n,)
            UTC; at a time that is not known nothing holds.
        """
        keys, since, until = self._apart()
        steps = np.unique(since)
        asked = np.flatnonzero(self.known(codes) & ~np.isnat(at))
        found = np.zeros(codes.size, bool)
        if not asked.size:
            return found
        when = at[asked].astype("datetime64[us]").astype(np.int64)
        wide = np.int64(steps.size + 1)
        begun = keys.astype(np.int64) * wide + np.searchsorted(steps, since) + 1
        now = codes[asked].astype(np.int64) * wide + np.searchsorted(steps, when, side="right")
        last = np.searchsorted(begun, now, side="right") - 1
        there = (last >= 0) & (keys[last] == codes[asked])
        found[asked] = there & (when < until[last])
        return found

    def _apart(self) -> tuple[Codes, np.ndarray, np.ndarray]:
        """Give the spans in order, those of one key that touch or overlap joined."""
        low, high = _OPEN
        since = np.where(np.isnat(self.since), low, self.since.astype(np.int64))
        until = np.where(np.isnat(self.until), high, self.until.astype(np.int64))
        order = np.lexsort((since, self.codes))
        kept: list[tuple[int, int, int]] = []
        for key, first, last in zip(
            self.codes[order].tolist(), since[order].tolist(), until[order].tolist(), strict=True
        ):
            if kept and kept[-1][0] == key and first <= kept[-1][2]:
                kept[-1] = (key, kept[-1][1], max(last, kept[-1][2]))
            else:
                kept.append((key, first, last))
        spans = np.array(kept, np.int64).reshape(-1, 3)
        return spans[:, 0].astype(np.int32), spans[:, 1], spans[:, 2]
