"""Flagging the densest ground: exact areas, and ties by expectation."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from veedor.arrays import Floats, Ints
from veedor.verification.ties import TiedCells

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
        Each row flags exactly ``fraction`` of the area, the last cell in part. Where the last
        cells to be flagged are tied it is the expectation over all orders of them (`tied_shares`),
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
    targets = np.asarray(fractions, dtype=np.float64) * float(area_km2.sum())
    for values in density:
        groups = _Groups(values, area_km2)
        yield np.stack([groups.flags(target) for target in targets])


def swept(
    mean: Floats, observed: Ints, area_km2: Floats, fractions: Sequence[float] | Floats
) -> Iterator[tuple[Floats, float]]:
    """Incidents captured as more and more ground is flagged, for each period.

    Parameters
    ----------
    mean : array, shape (periods, cells)
        The ground with the largest mean per km2 is flagged first.
    observed : array of int, shape (periods, cells)
    area_km2 : array, shape (cells,)
    fractions : sequence of float in [0, 1]

    Yields
    ------
    captured : array, shape (fractions,)
        Incidents expected in the flagged ground at each share of the area, ties by expectation.
    under : float
        Area under the curve of incidents against the share of the area, from 0 to 1. In a random
        order half the ground of the others lies before a tied cell, whatever the areas, so that it
        is exactly that of a straight line across the ties.
    """
    total = float(area_km2.sum())
    targets = np.asarray(fractions, dtype=np.float64) * total
    for values, counts in zip(mean / area_km2, observed, strict=True):
        groups = _Groups(values, area_km2)
        hits = np.asarray(np.bincount(groups.of_cell, weights=counts), dtype=np.float64)
        yield (
            groups.captured(targets, counts, hits),
            float(np.trapezoid(np.append(0.0, np.cumsum(hits)), groups.edges) / total),
        )


def captured_at(
    mean: Floats, observed: Ints, area_km2: Floats, fractions: Sequence[float] | Floats
) -> Floats:
    """Incidents expected in the flagged ground at each share of the area, (fractions, periods).

    Cells of each period are sorted once for all fractions: periods times cells times log cells.
    """
    return np.stack([hits for hits, _ in swept(mean, observed, area_km2, fractions)], axis=1)


class _Groups:
    """Cells of one period in groups of ties, the densest first.

    Parameters
    ----------
    values : array, shape (cells,)
        Densities.
    area_km2 : array, shape (cells,)
    """

    def __init__(self, values: Floats, area_km2: Floats) -> None:
        self.of_cell = _groups_of_ties(values)
        self._area = area_km2
        self.edges = np.append(0.0, np.cumsum(np.bincount(self.of_cell, weights=area_km2)))
        self._tied: dict[int, tuple[Ints, TiedCells]] = {}

    def flags(self, target_km2: float) -> Floats:
        """Share of each cell that is flagged, shape (cells,)."""
        at = self._reached(target_km2)
        flags = (self.of_cell < at).astype(np.float64)
        mine, tied = self._group(at)
        flags[mine] = tied.shares(target_km2 - self.edges[at])
        return flags

    def captured(self, targets_km2: Floats, counts: Ints, hits: Floats) -> Floats:
        """Incidents in the flagged ground; `hits` are those of each group."""
        before = np.append(0.0, np.cumsum(hits))
        captured = np.empty(len(targets_km2))
        for number, target in enumerate(targets_km2):
            at = self._reached(target)
            captured[number] = before[at]
            if hits[at] > 0.0:
                mine, tied = self._group(at)
                captured[number] += tied.captured(target - self.edges[at], counts[mine])
        return captured

    def _group(self, number: int) -> tuple[Ints, TiedCells]:
        """Cells of a group, looked for once."""
        if number not in self._tied:
            mine = np.flatnonzero(self.of_cell == number)
            self._tied[number] = mine, TiedCells(self._area[mine])
        return self._tied[number]

    def _reached(self, target_km2: float) -> int:
        """Group in which the target is reached."""
        at = int(np.searchsorted(self.edges, target_km2 * (1.0 - _TIE), side="right")) - 1
        return min(max(at, 0), len(self.edges) - 2)


def _groups_of_ties(values: Floats) -> Ints:
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
