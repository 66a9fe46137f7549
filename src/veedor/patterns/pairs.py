"""Pairs of incidents that are close in space and in time, counted under many orders of the days."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from veedor.arrays import Floats, Ints

_MOST_SQUARES = 4_000_000
_TOGETHER = 256


@dataclass(frozen=True, eq=False)
class PairCounter:
    """Incidents sorted into squares, ready to be paired with those nearby.

    Parameters
    ----------
    x_m, y_m : array, shape (n,)
        Sorted by square, rows first.
    order : array of int64, shape (n,)
        Place of each in the arrays it was made of.
    start : array of int64, shape (squares + 1,)
    shape : (rows, columns)
    corner : (west, south)
    side_m : float
        At least the largest distance, so that what is near lies in the next square at most.
    group : array of int64, shape (n,)
        The district of each, as `districts` makes them.
    distances_m : array, shape (distance bands,)
        Largest distance of each band, ascending.
    days : array, shape (time bands,)
        Largest lag of each band, ascending.
    """

    x_m: Floats
    y_m: Floats
    order: Ints
    start: Ints
    shape: tuple[int, int]
    corner: tuple[float, float]
    side_m: float
    group: Ints
    distances_m: Floats
    days: npt.NDArray[np.int16]

    @classmethod
    def of(
        cls, x_m: Floats, y_m: Floats, group: Ints, distances_m: Floats, days: npt.ArrayLike
    ) -> PairCounter:
        """Sort; O(n log n)."""
        west, south = float(x_m.min()), float(y_m.min())
        wide, high = float(x_m.max()) - west, float(y_m.max()) - south
        side = max(float(distances_m[-1]), float(np.sqrt(wide * high / _MOST_SQUARES)), 1e-6)
        rows, columns = int(high / side) + 1, int(wide / side) + 1
        square = ((y_m - south) / side).astype(np.int64) * columns
        square += ((x_m - west) / side).astype(np.int64)
        order = np.argsort(square, kind="stable")
        many = np.bincount(square, minlength=rows * columns)
        return cls(
            x_m[order],
            y_m[order],
            order,
            np.concatenate([[0], np.cumsum(many)]).astype(np.int64),
            (rows, columns),
            (west, south),
            side,
            group[order],
            np.asarray(distances_m, dtype=np.float64),
            np.asarray(days, dtype=np.int16),
        )

    def observed(self, day: Ints) -> Ints:
        """Count pairs by district and band, shape (groups, distance bands, time bands)."""
        _, by_group = self._count(day[self.order][:, None])
        return by_group

    def at_any_time(self) -> Ints:
        """Count pairs by district and distance, however many days apart, (groups, bands)."""
        return self.observed(np.zeros(len(self.order), dtype=np.int64))[:, :, 0]

    def permuted(
        self, day: Ints, blocks: Iterable[tuple[np.random.Generator, int]], shuffle: Shuffle
    ) -> Ints:
        """Count pairs under shuffled days, on all cores; each block has its own generator.

        Parameters
        ----------
        day : array of int64, shape (n,)
        blocks : iterable of (numpy.random.Generator, int)
            How many orders to draw from each.
        shuffle : callable
            ``(rng, day, many) -> array, shape (many, n)``

        Returns
        -------
        array, shape (orders, distance bands, time bands)
        """

        def block(one: tuple[np.random.Generator, int]) -> Ints:
            rng, many = one
            counted, _ = self._count(shuffle(rng, day, many).T[self.order])
            return counted

        with ThreadPoolExecutor(max_workers=os.cpu_count() or 1) as pool:
            return np.concatenate(list(pool.map(block, blocks)))

    def _count(self, days: npt.NDArray[np.integer]) -> tuple[Ints, Ints]:
        from veedor.patterns.compiled import count_pairs

        bands, lags, many = len(self.distances_m), len(self.days), days.shape[1]
        counts = np.zeros((bands, lags, many), dtype=np.int64)
        by_group = np.zeros((int(self.group.max()) + 1, bands, lags), dtype=np.int64)
        count_pairs(
            self.x_m,
            self.y_m,
            self.start,
            *self.shape,
            *self.corner,
            self.side_m,
            self.group,
            np.ascontiguousarray(days, dtype=np.int16),
            self.distances_m**2,
            tuple(self.days),
            counts,
            by_group,
        )
        # The loop counts lags up to each band's end; a band begins where the one before it ends.
        return (
            np.diff(counts, axis=1, prepend=0).transpose(2, 0, 1),
            np.diff(by_group, axis=2, prepend=0),
        )


Shuffle = Callable[[np.random.Generator, Ints, int], npt.NDArray[np.int16]]


def blocks_of(rng: np.random.Generator, orders: int) -> list[tuple[np.random.Generator, int]]:
    """Divide `orders` into blocks with generators of their own, so that cores do not matter."""
    sizes = [min(_TOGETHER, orders - first) for first in range(0, orders, _TOGETHER)]
    return list(zip(rng.spawn(len(sizes)), sizes, strict=True))


def shuffle_all(rng: np.random.Generator, day: Ints, many: int) -> npt.NDArray[np.int16]:
    """Shuffle the days over all incidents, `many` times: shape (many, n)."""
    return _shuffled(rng, day, np.array([len(day)]), many)


def shuffle_within(group: Ints) -> Shuffle:
    """Shuffle days within districts only: each keeps its days, and with them its season."""
    order = np.argsort(group, kind="stable")
    ends = np.cumsum(np.bincount(group))

    def shuffle(rng: np.random.Generator, day: Ints, many: int) -> npt.NDArray[np.int16]:
        drawn = np.empty((many, len(day)), dtype=np.int16)
        drawn[:, order] = _shuffled(rng, day[order], ends, many)
        return drawn

    return shuffle


def _shuffled(rng: np.random.Generator, day: Ints, ends: Ints, many: int) -> npt.NDArray[np.int16]:
    from veedor.patterns.compiled import shuffle_parts

    drawn = np.tile(day.astype(np.int16), (many, 1))
    for row in drawn:
        shuffle_parts(row, ends, rng.random(len(day)))
    return drawn


def close_candidates(x_m: Floats, y_m: Floats, reach_m: float) -> int:
    """Count pairs in the same or adjoining squares of `reach_m`: at least those within reach.

    Parameters
    ----------
    x_m, y_m : array, shape (n,)
    reach_m : float

    Returns
    -------
    int
        About three times the pairs within reach where incidents lie evenly, and just those where
        all are at one point. O(n log n).

    Examples
    --------
    >>> close_candidates(np.array([0.0, 1.0, 99.0]), np.zeros(3), 10.0)
    1
    """
    column = np.floor((x_m - x_m.min()) / reach_m).astype(np.int64)
    row = np.floor((y_m - y_m.min()) / reach_m).astype(np.int64)
    width = int(column.max()) + 3
    square, many = np.unique(row * width + column, return_counts=True)
    ordered = np.zeros(len(square))
    for up in (-1, 0, 1):
        for aside in (-1, 0, 1):
            beside = square + up * width + aside
            place = np.minimum(np.searchsorted(square, beside), len(square) - 1)
            ordered += np.where(square[place] == beside, many[place], 0)
    return int((many @ ordered - len(x_m)) // 2)


def pairs_by_lag(day: Ints, lags: Ints) -> Ints:
    """Count all pairs of incidents by the band of their lag, wherever they are; shape (bands,).

    Parameters
    ----------
    day : array of int, shape (n,)
        At least 0.
    lags : array of int, shape (bands,)
        Largest lag of each band, ascending from 0.

    Examples
    --------
    >>> pairs_by_lag(np.array([0, 0, 3, 9]), np.array([0, 3]))
    array([1, 2])
    """
    many = np.bincount(day)
    at = np.zeros(int(lags[-1]) + 1, dtype=np.int64)
    at[0] = (many @ (many - 1)) // 2
    for lag in range(1, min(len(at), len(many))):
        at[lag] = many[lag:] @ many[:-lag]
    return np.diff(np.cumsum(at)[lags], prepend=0)


def districts(x_m: Floats, y_m: Floats, fewest: int, most_groups: int = 1024) -> Ints:
    """Halve the ground, across its longer side, into districts of at least `fewest` incidents.

    Parameters
    ----------
    x_m, y_m : array, shape (n,)
    fewest : int
        Incidents in each, unless there are fewer than twice as many in all: then there is one.
    most_groups : int

    Returns
    -------
    array of int64, shape (n,)
        Number of the district of each, from 0. O(n log n).

    Examples
    --------
    >>> districts(np.array([0.0, 9.0, 1.0, 8.0]), np.zeros(4), fewest=2)
    array([0, 1, 0, 1])
    """
    group = np.zeros(len(x_m), dtype=np.int64)
    parts = [np.arange(len(x_m))]
    while True:
        halved: list[Ints] = []
        for part in parts:
            if len(part) < 2 * fewest or len(parts) * 2 > most_groups:
                halved.append(part)
                continue
            wide = np.ptp(x_m[part]) >= np.ptp(y_m[part])
            ranked = part[np.argsort((x_m if wide else y_m)[part], kind="stable")]
            halved += [ranked[: len(ranked) // 2], ranked[len(ranked) // 2 :]]
        if len(halved) == len(parts):
            break
        parts = halved
    for number, part in enumerate(parts):
        group[part] = number
    return group
