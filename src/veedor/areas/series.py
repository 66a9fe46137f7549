"""`Series`: counts of one offence with their states, and how several are added up."""

from __future__ import annotations

from typing import NamedTuple

from veedor.areas.edition import Values
from veedor.areas.states import State, States, states_of
from veedor.arrays import Bools


class Series(NamedTuple):
    """Counts of one offence.

    `values`, shape (spans, areas), are 0 where `state` says that nothing was reported.
    """

    values: Values
    state: States
    provisional: Bools


def added(values: Values, state: States, provisional: Bools) -> Series:
    """Add up offences along the middle axis of cells of shape (spans, offences, areas).

    A sum is not reported where one of its parts is not, not applicable where all are not, and
    provisional where one is.
    """
    summed = values.sum(axis=1, dtype=values.dtype)
    lacking = (state == State.NOT_REPORTED).any(axis=1)
    nowhere = (state == State.NOT_APPLICABLE).all(axis=1)
    summed[lacking] = 0
    made = states_of(summed)
    made[lacking], made[nowhere] = State.NOT_REPORTED, State.NOT_APPLICABLE
    return Series(summed, made, provisional.any(axis=1) & ~lacking)
