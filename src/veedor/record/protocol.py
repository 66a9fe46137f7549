"""`Record`: what was recorded, whatever it is made of."""

from __future__ import annotations

from typing import NamedTuple, Protocol, Self

import numpy as np

from veedor.arrays import Floats
from veedor.errors import LeakageError, phrase
from veedor.incidents import Category
from veedor.record.memo import Memo
from veedor.spacetime import Cells, Counts, Length, Periods


class Covered(NamedTuple):
    """The time that a record covers.

    Parameters
    ----------
    begins : datetime64
        Instant from which the record is taken as complete.
    cutoff : datetime64
        Instant up to which it was known; nothing that was known later is in it.
    through : datetime64
        Instant up to which it can be counted, at or before `cutoff`: that itself for single
        incidents; for what is published by months, the end of the last month that was out.
    """

    begins: np.datetime64
    cutoff: np.datetime64
    through: np.datetime64

    def require_known(self, cutoff: np.datetime64) -> None:
        """Refuse to cut it later than it is.

        Raises
        ------
        LeakageError
            If `cutoff` is later than its own.
        """
        if cutoff > self.cutoff:
            raise LeakageError(
                "A record can only be cut earlier than it is.",
                found=phrase(
                    "{asked} after its cut-off {cutoff}", asked=cutoff, cutoff=self.cutoff
                ),
            )


class Record(Protocol):
    """What was recorded, as it was known at a cut-off."""

    @property
    def categories(self) -> tuple[Category, ...]:
        """Categories that it tells apart."""

    @property
    def zone(self) -> str:
        """IANA name of the local time zone."""

    @property
    def covered(self) -> Covered:
        """From when to when, and as known when."""

    @property
    def grain(self) -> Length | None:
        """Shortest length that it can be counted by; None where any can."""

    @property
    def memo(self) -> Memo:
        """What was already made of this record; its cuts share it."""

    def until(self, cutoff: np.datetime64) -> Self:
        """Return what was known at an earlier instant; a `LeakageError` for a later one."""

    def since(self, begins: np.datetime64) -> Self:
        """Return the same as if it were complete only from a later instant."""

    def counts(self, category: str, periods: Periods, cells: Cells) -> Counts:
        """Count the incidents of a category in past periods, as known at the cut-off."""

    def totals(self, category: str, periods: Periods, cells: Cells) -> Floats:
        """Count the incidents of a category in all cells together, shape (periods,)."""

    def completeness(self, category: str, periods: Periods) -> Floats:
        """Share of the incidents of past periods that was known at the cut-off, in (0, 1]."""
