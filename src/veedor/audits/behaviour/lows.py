"""Periods in which series fall so low that a record may be missing: found before anything else."""

from __future__ import annotations

from typing import Literal, TypeAlias

import msgspec
import numpy as np

from veedor.arrays import Bools, Ints
from veedor.audits.behaviour.panel import ROLES, Panel
from veedor.errors import DataError, phrase
from veedor.tables.escape import shown

#: What low values are, where the user says so.
Lows: TypeAlias = Literal["counted", "missing"]
#: A value is low below this share of the median of the nearest on either side.
LOW_SHARE = 0.5
_NEAR = 6
_FEWEST_NEAR = 3
#: Longest run of zeros that nobody needs to explain.
MOST_ZEROS = 3
#: Share of the series of a role that must be low in one period for it to be one event.
_SHARED = 0.5


class LowPeriod(msgspec.Struct, frozen=True):
    """A period in which many series are low.

    Parameters
    ----------
    period : str
    series : int
        How many are low, of the `known` that have a value.
    known : int
    zeros : int
        How many are exactly 0.
    everywhere : bool
        Whether half of the sensitive series and half of the controls are low: something happened to
        the record, rather than to what people did.
    """

    period: str
    series: int
    known: int
    zeros: int
    everywhere: bool


def low_cells(panel: Panel) -> Bools:
    """Which values are a dip: below half of what is usual on both sides, shape (series, periods).

    Usual is the median of the 6 nearest values of the same series before, and of those after; a
    side with fewer than 3 says nothing. A lasting fall is no dip.
    """
    rate = panel.values / panel.denominators
    low = np.zeros(rate.shape, dtype=bool)
    for row, values in enumerate(rate):
        known = np.flatnonzero(np.isfinite(values))
        for number, place in enumerate(known.tolist()):
            sides = (known[max(0, number - _NEAR) : number], known[number + 1 :][:_NEAR])
            usual = [np.median(values[side]) for side in sides if len(side) >= _FEWEST_NEAR]
            low[row, place] = bool(usual) and values[place] < LOW_SHARE * float(min(usual))
    return low


def shared_lows(panel: Panel, low: Bools) -> tuple[LowPeriod, ...]:
    """Periods in which half or more of the series of any role are low.

    Parameters
    ----------
    panel : Panel
    low : array of bool, shape (series, periods)
        See `low_cells`.
    """
    known = np.isfinite(panel.values)
    halves = {}
    for role in ROLES[:2]:
        mine = panel.of_role(role)
        if mine.any():
            halves[role] = low[mine].sum(axis=0) >= np.maximum(
                _SHARED * known[mine].sum(axis=0), 1.0
            )
    found = []
    for place in np.flatnonzero(np.any(list(halves.values()), axis=0)).tolist():
        found.append(
            LowPeriod(
                panel.spans.labels[place],
                int(low[:, place].sum()),
                int(known[:, place].sum()),
                int((panel.values[:, place] == 0.0).sum()),
                all(bool(half[place]) for half in halves.values()),
            )
        )
    return tuple(found)


def refuse_runs_of_zeros(panel: Panel) -> None:
    """Refuse more than three zeros on end of a series that otherwise is above 0.

    Raises
    ------
    DataError
        Names the first series, and where the run begins.
    """
    runs = run_of_zeros(panel)
    row, place = (one[:1] for one in np.nonzero(runs > MOST_ZEROS))
    if not len(row):
        return
    raise DataError(
        "More than three zeros on end must be declared: no one may have acted, or no one counted.",
        found=phrase(
            "{series} series with such a run, first {name}: {many} from {period} on",
            series=int((runs > MOST_ZEROS).any(axis=1).sum()),
            name=shown(str(panel.series[row[0]])),
            many=int(runs[row[0], place[0]]),
            period=panel.spans.labels[place[0]],
        ),
        where=panel.source,
        remedy="leave the values empty where nothing was recorded, name a column of days without a "
        "record with --missing-days, or say with --lows what such values are: missing or counted",
    )  # fmt: skip


def run_of_zeros(panel: Panel) -> Ints:
    """Length of the run of zeros that each cell is in, 0 where it is none, shape (series, periods).

    A missing period ends a run.
    """
    zero = panel.values == 0.0
    runs = np.zeros(zero.shape, dtype=np.int64)
    last = zero.shape[1]
    for place in range(last):
        runs[:, place] = np.where(zero[:, place], (runs[:, place - 1] if place else 0) + 1, 0)
    for place in range(last - 2, -1, -1):
        on = zero[:, place] & zero[:, place + 1]
        runs[on, place] = runs[on, place + 1]
    return runs
