"""Flagging the densest ground: exact areas, and ties by expectation."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

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
    flags: Floats = np.stack([row[0] for row in flags_by_period(density, area_km2, [fraction])])
    return flags


def flags_by_period(
    density: Floats, area_km2: Floats, fractions: Sequence[float]
) -> Iterator[Floats]:
    """Share of each cell that is flagged at each fraction, (fractions, cells), period by period.

    Cells of a period are sorted once for all fractions.
    """
    targets = np.asarray(fractions, dtype=np.float64)[:, None] * float(area_km2.sum())
    for values in density:
        group = _groups_of_ties(values)
        ground = np.bincount(group, weights=area_km2)
        before = np.concatenate([[0.0], np.cumsum(ground)[:-1]])
        yield np.clip((targets - before) / ground, 0.0, 1.0)[:, group]


def sweeps(
    mean: Floats, observed: npt.NDArray[np.int64], area_km2: Floats
) -> Iterator[tuple[Floats, Floats]]:
    """Incidents captured as more and more ground is flagged, for each period.

    Parameters
    ----------
    mean : array, shape (periods, cells)
        The ground with the largest mean per km2 is flagged first.
    observed : array of int, shape (periods, cells)
    area_km2 : array, shape (cells,)

    Yields
    ------
    area, captured : array, shape (groups + 1,)
        Share of the area and incidents, both from 0. Between two of these points what is captured
        is a straight line: tied cells are flagged in the same part.
    """
    total = float(area_km2.sum())
    for values, counts in zip(mean / area_km2, observed, strict=True):
        group = _groups_of_ties(values)
        ground = np.bincount(group, weights=area_km2)
        hits = np.bincount(group, weights=counts)
        area = np.concatenate([[0.0], np.cumsum(ground) / total])
        area[-1] = 1.0
        yield area, np.concatenate([[0.0], np.cumsum(hits)])


def captured_at(
    mean: Floats,
    observed: npt.NDArray[np.int64],
    area_km2: Floats,
    fractions: Sequence[float] | Floats,
) -> Floats:
    """Incidents expected in the flagged ground at each share of the area, (fractions, periods).

    Cells of each period are sorted once for all fractions: periods times cells times log cells.
    """
    at = np.asarray(fractions, dtype=np.float64)
    swept = [np.interp(at, area, hits) for area, hits in sweeps(mean, observed, area_km2)]
    return np.stack(swept, axis=1)


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
