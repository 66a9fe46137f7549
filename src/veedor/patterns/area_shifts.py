"""Level shifts of areas, each held against the areas that kept their share."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from veedor.arrays import Bools, Floats
from veedor.errors import DataError
from veedor.patterns.breaks import Shifts, best_break, find_shifts, usual_carried
from veedor.patterns.departures import departures

#: What a break must gain, in twice log likelihood by long-run dispersion, to speak against an area
#: being a reference: about the penalty that two years of weeks come to.
_PLAIN = 10.0
#: Rounding must not make one area a better one to leave out than another.
_CLOSER = 1e-9


@dataclass(frozen=True, eq=False)
class AreaShifts:
    """Shifts of areas against the areas that kept their share.

    Parameters
    ----------
    shifts : tuple of Shifts
        One an area.
    reference : array of bool, shape (areas,)
        The areas that each is held against, with itself.
    """

    shifts: tuple[Shifts, ...]
    reference: Bools


def find_area_shifts(
    counts: npt.ArrayLike, rng: np.random.Generator, *, simulations: int = 999
) -> AreaShifts:
    """Find level shifts of each area against the areas that kept their share.

    An area's expected counts are in proportion to those of the reference and itself together. The
    reference is all areas; while one of them still has a plain break against it, the one is left
    out that leaves the least evidence of breaks among the others, and at most half of them are.
    Held against all areas together, one that doubles would make all others fall.

    Parameters
    ----------
    counts : array of int, shape (periods, areas)
    rng : numpy.random.Generator
    simulations : int
        Of each area, see `find_shifts`.

    Returns
    -------
    AreaShifts
        Ratios are against the reference without the area itself.

    Raises
    ------
    DataError
        If there are fewer than two areas; and as `find_shifts`.

    Notes
    -----
    O(areas^3 x periods) at worst, where many areas change.

    Examples
    --------
    >>> counts = np.tile([[40, 20, 20, 20]], (40, 1)) + np.arange(160).reshape(40, 4) % 7 - 3
    >>> counts[20:, 0] *= 2
    >>> found = find_area_shifts(counts, np.random.default_rng(1), simulations=99)
    >>> [[shift.at for shift in one.shifts] for one in found.shifts], found.reference.tolist()
    ([[20], [], [], []], [False, True, True, True])
    """
    y = np.asarray(counts, dtype=np.float64)
    areas = y.shape[1]
    if areas < 2:
        raise DataError("Shifts of areas need at least two areas.", found=str(areas))
    reference = _reference(y)
    others = [y[:, reference & (np.arange(areas) != one)].sum(axis=1) for one in range(areas)]
    least = usual_carried([(y[:, one], others[one] + y[:, one]) for one in range(areas)])
    found = [
        find_shifts(
            y[:, one],
            others[one] + y[:, one],
            rng,
            simulations=simulations,
            least_carried=least,
            rest=others[one],
        )
        for one in range(areas)
    ]
    return AreaShifts(tuple(found), reference)


def _reference(y: Floats) -> Bools:
    kept: Bools = y.sum(axis=0) > 0
    most = int(kept.sum()) // 2
    evidence = _evidence(y, kept)
    for _ in range(most):
        broken = np.flatnonzero(kept & (evidence > 0))
        if len(broken) == 0:
            break
        best, least = broken[0], np.inf
        for area in broken:
            without = kept.copy()
            without[area] = False
            left = float(_evidence(y, without)[without].sum())
            if left < least - _CLOSER:
                best, least = area, left
        kept[best] = False
        evidence = _evidence(y, kept)
    return kept


def _evidence(y: Floats, kept: Bools) -> Floats:
    """How far the best break of each area exceeds a plain one, against those kept and itself."""
    whole = y[:, kept].sum(axis=1)
    found = np.zeros(y.shape[1])
    for area in np.flatnonzero(y.sum(axis=0) > 0):
        mine = y[:, area]
        expected = whole if kept[area] else whole + mine
        used = expected > 0
        gained, at = best_break(mine[None, used], expected[used])
        aside = departures(mine[None, used], expected[used], at)
        found[area] = max(0.0, float(gained[0] / aside.long_run[0]) - _PLAIN)
    return found
