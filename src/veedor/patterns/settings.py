"""How the patterns of a record are looked for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
import numpy.typing as npt

from veedor.arrays import Floats

#: What an area may be to a change: where something was done, and what each is compared with.
ROLES = ("treated", "control", "displacement", "displacement_control")


@dataclass(frozen=True, eq=False)
class Denominator:
    """What incidents are counted against.

    Parameters
    ----------
    values : array, shape (cells,)
        At least 0.
    of : str
        Of what, such as ``"dwellings"``.
    property : str
        Its name in the file it comes from.
    """

    values: Floats
    of: str
    property: str


@dataclass(frozen=True, eq=False)
class AreaChange:
    """Something that was done in some areas at some time.

    Parameters
    ----------
    at : datetime64
        UTC instant.
    span : timedelta64
        Compared before it and after it.
    polygons : array of shapely geometries, shape (areas,)
    roles : sequence of str, length (areas,)
        Of `ROLES`.
    """

    at: np.datetime64
    span: np.timedelta64
    polygons: npt.NDArray[Any]
    roles: Sequence[str]


@dataclass(frozen=True, kw_only=True, eq=False)
class PatternSettings:
    """How the patterns of a record are looked for.

    Parameters
    ----------
    seed : int
    near_repeat_m, near_repeat_days : sequence of number
        Ends of the bands of distance and of days; see `near_repeats`.
    permutations : int
        Of the days.
    bandwidth_m : float, optional
        Of the density; two cell widths by default.
    pay_days : sequence of int
        Days of the month; -1 is the last.
    holidays : sequence of date
    denominator : Denominator, optional
        For hot spots of rates.
    change : AreaChange, optional
        For a comparison of before and after.
    """

    seed: int = 0
    near_repeat_m: Sequence[float] = (100.0, 200.0, 300.0, 400.0)
    near_repeat_days: Sequence[int] = (7, 14, 21, 28)
    permutations: int = 999
    bandwidth_m: float | None = None
    pay_days: Sequence[int] = ()
    holidays: Sequence[date] = ()
    denominator: Denominator | None = None
    change: AreaChange | None = None
