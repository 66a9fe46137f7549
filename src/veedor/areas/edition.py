"""`Edition`: all numbers of one publication of area counts, on the axes of their record."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from veedor.areas.states import State, States, reported
from veedor.arrays import Bools, Ints
from veedor.errors import DataError, phrase

Values = npt.NDArray[np.int32]


@dataclass(frozen=True, eq=False)
class Undated:
    """Counts of a year that no month is known of (SNIC's month 99), in totals of years only.

    Parameters
    ----------
    year, offence, area : array of int, shape (n,)
        The year, and places on the axes of the record.
    values : array of int, shape (n,)
    """

    year: Ints
    offence: Ints
    area: Ints
    values: Ints

    @classmethod
    def none(cls) -> Undated:
        """Return none at all."""
        empty = np.zeros(0, dtype=np.int64)
        return cls(empty, empty, empty, empty)


@dataclass(frozen=True, eq=False)
class Edition:
    """What was published once.

    Parameters
    ----------
    published : datetime64[D]
        Day on which anyone could know it.
    source : str
        Name of its file.
    values : array of int32, shape (spans, offences, areas)
        0 where nothing was reported; below 0 where the publisher corrects so.
    state : array of uint8 of `State`, same shape
    provisional : array of bool, same shape
        Whether the publisher says that the cell will change; False where nothing is reported.
    undated : Undated

    Raises
    ------
    DataError
        If shapes differ, or a state does not fit its value.
    """

    published: np.datetime64
    source: str
    values: Values
    state: States
    provisional: Bools
    undated: Undated = field(default_factory=Undated.none)

    def __post_init__(self) -> None:
        if not self.values.shape == self.state.shape == self.provisional.shape:
            raise DataError(
                "Values, states and what is provisional must be given for the same cells.",
                found=f"{self.values.shape}, {self.state.shape}, {self.provisional.shape}",
                where=self.source,
            )
        wrong = (self.values != 0) != (self.state == State.OBSERVED)
        if bool(wrong.any()):
            raise DataError(
                "A cell's value must be other than 0 where it was observed, and only there.",
                found=phrase("{wrong:,} cells", wrong=int(wrong.sum())),
                where=self.source,
            )
        for array in (self.values, self.state, self.provisional):
            array.flags.writeable = False

    @property
    def reported(self) -> Bools:
        """Whether a number was published, shape (spans, offences, areas)."""
        return reported(self.state)

    @property
    def last(self) -> int:
        """Last span for which anything was reported; -1 for none."""
        there = np.flatnonzero(self.reported.any(axis=(1, 2)))
        return int(there[-1]) if len(there) else -1
