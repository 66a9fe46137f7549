"""How well a forecast ranks places: incidents captured at an area."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]

_TIE = 1e-9


def expected_flags(density: Floats, area_km2: Floats, fraction: float) -> Floats:
    """Share of each cell that is flagged when the densest ground is flagged first.

    Parameters
    ----------
    density : array, shape (periods, cells)
        Forecast mean per km2, or anything that ranks cells.
    area_km2 : array, shape (cells,)
    fraction : float
        Of the area to flag, in (0, 1].

    Returns
    -------
    array in [0, 1], shape (periods, cells)
        Each row flags exactly ``fraction`` of the area. Where the last cells to be flagged are
        tied, each is flagged in the same part: the expectation over breaking ties at random,
        never first come, first served.
    """
    target = fraction * float(area_km2.sum())
    flags = np.empty(density.shape)
    for row, values in enumerate(density):
        group = _groups_of_ties(values)
        ground = np.bincount(group, weights=area_km2)
        before = np.concatenate([[0.0], np.cumsum(ground)[:-1]])
        flags[row] = np.clip((target - before) / ground, 0.0, 1.0)[group]
    return flags


def _groups_of_ties(values: Floats) -> npt.NDArray[np.int64]:
    """Number of the group of equal values that each is in, the largest values first.

    Values that differ by less than a billionth are equal: areas of equal cells differ in the last
    bits, and rounding must not choose who is flagged.
    """
    order = np.argsort(-values, kind="stable")
    falling = values[order]
    group = np.empty(len(values), dtype=np.int64)
    group[order] = np.concatenate(
        [[0], np.cumsum(falling[:-1] - falling[1:] > _TIE * np.abs(falling[:-1]))]
    )
    return group


def captured(
    mean: Floats, observed: npt.NDArray[np.int64], area_km2: Floats, fraction: float
) -> Floats:
    """Incidents expected in the flagged ground, shape (periods,).

    The ground with the largest forecast mean per km2 is flagged, `fraction` of the area in every
    period. Divided by all incidents this is the capture rate; that divided by `fraction` is the
    PAI (Chainey et al. 2008); this divided by `most_capturable` is the PEI (Hunt 2016).

    References
    ----------
    Chainey, S., Tompson, L. & Uhlig, S. (2008). The utility of hotspot mapping for predicting
    spatial patterns of crime. Security Journal 21, 4-28. https://doi.org/10.1057/palgrave.sj.8350066

    Hunt, J. M. (2016). Do crime hot spots move? Exploring the effects of the modifiable areal unit
    problem and modifiable temporal unit problem on crime hot spot stability. American University.

    Examples
    --------
    >>> mean, area = np.array([[2.0, 1.0, 1.0, 0.5]]), np.ones(4)
    >>> captured(mean, np.array([[3, 4, 0, 1]]), area, 0.5)  # first cell, half of each tied one
    array([5.])
    """
    flags = expected_flags(mean / area_km2, area_km2, fraction)
    hits: Floats = (flags * observed).sum(axis=1)
    return hits


def most_capturable(observed: npt.NDArray[np.int64], area_km2: Floats, fraction: float) -> Floats:
    """Most incidents that any choice of `fraction` of the area could have captured, (periods,)."""
    return captured(observed.astype(np.float64), observed, area_km2, fraction)
