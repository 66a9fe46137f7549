"""`AccessLog`: look-ups of one kind of log, as columns of codes, each cell with its state."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import IntEnum
from functools import cached_property
from types import MappingProxyType
from typing import Literal, TypeAlias, get_args

import numpy as np
import numpy.typing as npt

from veedor.arrays import Bools, Floats, Instants
from veedor.errors import DataError, phrase

#: Codes of a column: which of its values each look-up holds, -1 where it holds none.
Codes = npt.NDArray[np.int32]
States = npt.NDArray[np.uint8]

#: What a log is of: others' searches of one's own devices, searches by one's own accounts (both
#: by one row a search), or everything that accounts did.
Kind: TypeAlias = Literal["network", "own", "event"]
KINDS: tuple[str, ...] = get_args(Kind)

#: Columns by codes; those of persons and cases are keys without names.
KEYED = ("user", "key", "case")
NAMED = ("force", "unit", "reason", "search_type", "event")
#: Columns by numbers: networks and devices searched, days between both ends of the window asked
#: for.
NUMBERS = ("networks", "devices", "window_days")


class CellState(IntEnum):
    """What a cell of a log is, as it was released; only the first is a value."""

    VALUE = 0
    #: Written so that the cell is not empty: "N/A", "-", "none".
    PLACEHOLDER = 1
    EMPTY = 2
    #: The export has no such column.
    NOT_EXPORTED = 3
    #: A marker stands for the whole value: "[REDACTED]", or stars alone.
    WITHHELD = 4
    #: A part of the value stands, or the same mask on every row.
    MASKED = 5
    #: A marker stands for a part of a text; the rest is as written.
    PARTIAL = 6


@dataclass(frozen=True, eq=False)
class CodedColumn:
    """A column whose values are few or must not be known.

    Parameters
    ----------
    codes : array of int32, shape (look-up,)
        Which value, from 0; -1 where the cell holds none (its state says why).
    states : array of uint8, shape (look-up,)
        `CellState` of each cell. A cell that is a value or partial has a code.
    values : tuple of str
        What the codes stand for. Empty for keys of persons and cases, of which only `distinct` is
        known.
    distinct : int
        How many values there are.
    constant : bool
        Whether every value is the same though look-ups are many, or all are masked: it yields no
        rate.
    """

    codes: Codes
    states: States
    distinct: int
    values: tuple[str, ...] = field(default=(), repr=False)
    constant: bool = False

    def __post_init__(self) -> None:
        if self.codes.shape != self.states.shape or self.codes.ndim != 1:
            raise DataError(
                "A column of a log must have a state for each code.",
                found=phrase(
                    "{codes} and {states}", codes=self.codes.shape, states=self.states.shape
                ),
            )
        if self.values and len(self.values) != self.distinct:
            raise DataError(
                "Codes of a log must stand for as many values as it has.",
                found=phrase("{values} values for {n}", values=len(self.values), n=self.distinct),
            )
        if self.codes.size and not -1 <= self.codes.min() <= self.codes.max() < self.distinct:
            raise DataError(
                "Codes of a log must stand for one of its values, or be -1.",
                found=phrase(
                    "codes from {low} to {high}", low=self.codes.min(), high=self.codes.max()
                ),
            )

    @cached_property
    def known(self) -> Bools:
        """Whether a cell holds a value, whole or in part."""
        return self.codes >= 0


@dataclass(frozen=True, eq=False)
class NumberColumn:
    """A column of numbers.

    Parameters
    ----------
    values : array of float64 or float32, shape (look-up,)
        NaN where the cell holds none.
    states : array of uint8, shape (look-up,)
    constant : bool
        Whether every value is the same though look-ups are many: it yields no rate.
    """

    values: Floats | npt.NDArray[np.float32]
    states: States
    constant: bool = False

    def __post_init__(self) -> None:
        if self.values.shape != self.states.shape or self.values.ndim != 1:
            raise DataError(
                "A column of a log must have a state for each number.",
                found=phrase("{n} and {states}", n=self.values.shape, states=self.states.shape),
            )

    @cached_property
    def known(self) -> Bools:
        """Whether a cell holds a number."""
        return ~np.isnan(self.values)


@dataclass(frozen=True, eq=False)
class Release:
    """A file of a log, or a part of one with a header of its own.

    Parameters
    ----------
    name : str
        Of the file, without its folder.
    sha256 : str
    preset : str
        The form of export that its header is; ``"generic"`` where a user named the columns.
    columns : tuple of str
        Which columns of an `AccessLog` it exports.
    rows : int
        As they stand in it, repeats too.
    first, last : datetime64[us] or None
        UTC; of its look-ups.
    cap : int or None
        The limit of exports that its rows reach to the row: what came after it is not there.
    part : int
        Which of the exports in its file it is, from 1.
    uneven : tuple of int
        Rows left out for more or fewer cells than the header, from 1 behind it: they are none of
        ``rows``.
    """

    name: str
    sha256: str
    preset: str
    columns: tuple[str, ...]
    rows: int
    first: np.datetime64 | None = None
    last: np.datetime64 | None = None
    cap: int | None = None
    part: int = 1
    uneven: tuple[int, ...] = ()


@dataclass(frozen=True, eq=False)
class AccessLog:
    """Look-ups of one kind of log, each once, in order of time.

    Rows that are the same look-up released again are not here (`repeated` counts them); rows
    without a time come last.

    Parameters
    ----------
    kind : {"network", "own", "event"}
        Kinds are never summed: one look-up stands in a row of several kinds.
    time_zone : str
        IANA name of local time, in which months, days and hours are counted.
    at : array of datetime64[us], shape (look-up,)
        UTC; NaT where the row has no time that can be read.
    coded : mapping of str to CodedColumn
        Of `KEYED` and `NAMED`; a column that no file exports is absent.
    numbers : mapping of str to NumberColumn
        Of `NUMBERS`.
    release : array of int16, shape (look-up,)
        Which of ``releases`` a row is from, the first that holds it.
    row : array of int32, shape (look-up,)
        Where in that file, from 1 behind the header: with ``release`` it leads back to the row.
    releases : tuple of Release
        In order of their first look-up.
    own : array of bool, shape (look-up,), or None
        In a network's log, whether the look-up is by the force that released it; None where that
        is not known.
    repeated : mapping of str to int
        Rows left out as released again, by why: ``"same_id"``, ``"same_row"``, ``"near"`` (the
        same user, key and reason within moments). Near ones are counted and stay.
    """

    kind: Kind
    time_zone: str
    at: Instants
    coded: Mapping[str, CodedColumn]
    numbers: Mapping[str, NumberColumn]
    release: npt.NDArray[np.int16]
    row: npt.NDArray[np.int32]
    releases: tuple[Release, ...]
    own: Bools | None = None
    repeated: Mapping[str, int] = field(default_factory=lambda: MappingProxyType({}))

    def __post_init__(self) -> None:
        if self.kind not in KINDS:
            raise DataError(
                "The kind of a log must be known: network, own or event.", found=repr(self.kind)
            )
        lengths = {
            "at": self.at.shape,
            "release": self.release.shape,
            "row": self.row.shape,
            **{name: column.codes.shape for name, column in self.coded.items()},
            **{name: column.values.shape for name, column in self.numbers.items()},
        }
        if self.own is not None:
            lengths["own"] = self.own.shape
        wrong = next((name for name, one in lengths.items() if one != (self.at.size,)), None)
        unknown = {*self.coded} - {*KEYED, *NAMED} | {*self.numbers} - {*NUMBERS}
        if wrong or unknown:
            raise DataError(
                "Columns of a log must be its own, and as long as it is.",
                found=wrong or min(unknown),
            )
        if any(self.coded[name].values for name in KEYED if name in self.coded):
            raise DataError("Users, keys and cases of a log must have no names.")
        timed = self.at[~np.isnat(self.at)]
        if np.isnat(self.at[: timed.size]).any() or (timed[1:] < timed[:-1]).any():
            raise DataError("Look-ups must be in order of time, those without a time last.")

    def __len__(self) -> int:
        return self.at.size

    @cached_property
    def timed(self) -> int:
        """How many look-ups have a time; they come first."""
        return int(self.at.size - np.isnat(self.at).sum())

    def states(self, column: str) -> States:
        """Return the state of each cell of a column, `CellState.NOT_EXPORTED` without it."""
        found = self.coded.get(column) or self.numbers.get(column)
        if found is None:
            return np.full(self.at.size, CellState.NOT_EXPORTED, np.uint8)
        return found.states

    def counted(self, column: str) -> Mapping[CellState, int]:
        """Count the cells of a column by state."""
        counts = np.bincount(self.states(column), minlength=len(CellState))
        return {state: int(counts[state]) for state in CellState}
