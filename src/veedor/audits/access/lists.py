"""What may be known beside a log: who its users are, and which accounts were granted."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from veedor.arrays import Instants
from veedor.audits.access.log import Codes
from veedor.errors import DataError, phrase


@dataclass(frozen=True, eq=False)
class Trait:
    """What a roster says of each user of a log: a force, a unit, a shift or a role.

    Parameters
    ----------
    codes : array of int32, shape (user,)
        By the code that a user has in the log; -1 where the roster says nothing.
    values : tuple of str
    """

    codes: Codes
    values: tuple[str, ...] = field(repr=False)


@dataclass(frozen=True, eq=False)
class Roster:
    """Who the users of a log are.

    Parameters
    ----------
    force, unit, shift, role : Trait or None
        None where the roster has no such column.
    shift_start, shift_end : array of int16, shape (user,), or None
        Minutes after local midnight; -1 where they are not said. A shift that ends at or before
        its start ends on the next day.
    listed : int
        Rows of the roster.
    unmatched : int
        Users of the log that are not on it.
    """

    force: Trait | None
    unit: Trait | None
    shift: Trait | None
    role: Trait | None
    listed: int
    unmatched: int
    shift_start: npt.NDArray[np.int16] | None = None
    shift_end: npt.NDArray[np.int16] | None = None


@dataclass(frozen=True, eq=False)
class Accounts:
    """Accounts that were granted, used or not.

    Parameters
    ----------
    user : array of int32, shape (account,)
        Code in the log; -1: it looked nothing up there.
    granted, until, last_login : array of datetime64[us], shape (account,)
        UTC; NaT where not said.
    may_search : array of int8, shape (account,)
        1 may, 0 may not, -1 not said.
    unlisted : int
        Users of the log that no account is of.
    """

    user: Codes
    granted: Instants
    until: Instants
    last_login: Instants
    may_search: npt.NDArray[np.int8]
    unlisted: int

    def __post_init__(self) -> None:
        sizes = {
            one.shape
            for one in (self.user, self.granted, self.until, self.last_login, self.may_search)
        }
        if len(sizes) != 1:
            raise DataError(
                "An account must have one place in each column of accounts.",
                found=phrase("{n} lengths", n=len(sizes)),
            )

    def __len__(self) -> int:
        return self.user.size
