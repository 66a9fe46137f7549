"""What is known of a cell of area counts: a state, never a guess from 0 or blank."""

from __future__ import annotations

from enum import IntEnum, StrEnum

import numpy as np
import numpy.typing as npt

States = npt.NDArray[np.uint8]


class State(IntEnum):
    """What stands behind the number of a cell.

    Only a layout's rule says which: a blank or a 0 of a file alone says nothing.
    """

    NOT_REPORTED = 0
    """Nothing was published: a gap, an area that did not send its month, or after the cut-off."""
    REPORTED_ZERO = 1
    """It was counted, and there was none."""
    OBSERVED = 2
    """It was counted, and the value is not 0."""
    NOT_APPLICABLE = 3
    """There can be no count: an offence without victims, an area that did not exist yet."""


class Unit(StrEnum):
    """What one count counts; counts of different units are never added."""

    FACTS = "facts"
    """Facts (hechos): what happened, whoever reported it."""
    VICTIMS = "victims"
    """Victims (víctimas, vítimas)."""
    RECORDS = "records"
    """Records of a police station (registros de ocorrência, partes)."""
    OFFENCES = "offences"
    """Offences in investigation files (delitos en carpetas de investigación)."""
    FILES = "files"
    """Investigation files (carpetas de investigación)."""
    CASES = "cases"
    """Police cases of whatever source (casos policiales)."""


def reported(states: States) -> npt.NDArray[np.bool_]:
    """Whether a number was published: a count or a zero that was reported.

    Parameters
    ----------
    states : array of uint8
        Of `State`.

    Examples
    --------
    >>> reported(np.array([State.NOT_REPORTED, State.REPORTED_ZERO, State.OBSERVED], np.uint8))
    array([False,  True,  True])
    """
    said: npt.NDArray[np.bool_] = (states == State.REPORTED_ZERO) | (states == State.OBSERVED)
    return said


def states_of(values: npt.NDArray[np.int32]) -> States:
    """Return the states of numbers that were all published: a zero is a reported one."""
    return np.where(values == 0, np.uint8(State.REPORTED_ZERO), np.uint8(State.OBSERVED))
