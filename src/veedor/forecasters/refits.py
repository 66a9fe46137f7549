"""When forecasters of places learn anew: on dates that follow from the record's beginning alone.

A forecast then does not depend on which others were made beside it: what is learned of a record up
to one of these dates serves every cut-off from it to the next, and whoever forecasts.
"""

from __future__ import annotations

import numpy as np

from veedor.record import Covered

_DAY = np.timedelta64(1, "D")
#: Between one date of learning and the next.
REFIT = 28 * _DAY
#: Between one instant whose features are learned from and the next, and as far ahead as each looks.
STEP = 14 * _DAY
#: The record that must lie before an instant, for its features to mean something.
FIRST = 182 * _DAY
#: Instants that are learned from: two years of them.
MOST_INSTANTS = 52


def refit_at(covered: Covered, instant: np.datetime64 | None = None) -> np.datetime64:
    """Return the last date of learning at or before an instant.

    Before the first that lies ahead of `FIRST` it is the instant itself: of so short a record
    every week tells.

    Parameters
    ----------
    covered : Covered
    instant : datetime64, optional
        The cut-off of the record by default.

    Examples
    --------
    >>> days = [np.datetime64("2023-01-01", "us") + day * _DAY for day in (0, 100, 182, 200)]
    >>> record = Covered(days[0], days[-1], days[-1])
    >>> [str(refit_at(record, day).astype("datetime64[D]")) for day in days[1:]]
    ['2023-04-11', '2023-06-18', '2023-07-16']
    """
    at = covered.cutoff if instant is None else instant
    whole = (at - covered.begins) // REFIT
    return at if whole < FIRST // REFIT else covered.begins + whole * REFIT


def training_instants(covered: Covered, until: np.datetime64) -> list[np.datetime64]:
    """Return the instants that are learned from until a date, latest first.

    They are `STEP` apart, begin `FIRST` after the record does, and what each looks ahead to ends
    at the date or before.
    """
    first, last = FIRST // STEP, (until - covered.begins) // STEP - 1
    return [
        covered.begins + number * STEP
        for number in range(int(last), max(int(first), int(last) - MOST_INSTANTS + 1) - 1, -1)
    ]
