"""Series of an offence with their running sums, and how much the counts of stretches vary."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from veedor.areas.edition import Values
from veedor.arrays import Bools, Floats, Ints

#: Areas whose series together say how much an offence varies: fewer say nothing.
_LEAST_AREAS, _LEAST_COUNT = 5, 30


class Windows(NamedTuple):
    """How long the stretches are that are compared, in spans.

    Parameters
    ----------
    inside : tuple of int
        Of the low side of an edge, ascending.
    beside : int
        Of its other side, at most.
    least : int
        Spans that must be reported beside an edge.
    season : int
        After how many spans a season returns; 0 for none.
    """

    inside: tuple[int, ...]
    beside: int
    least: int
    season: int


WINDOWS = {
    "year": Windows((1, 2, 3), 3, 1, 0),
    "quarter": Windows((1, 2, 4), 4, 1, 4),
    "month": Windows((1, 2, 3, 6, 12), 12, 3, 12),
    "week": Windows((2, 4, 13, 26, 52), 52, 13, 52),
    "day": Windows((7, 14, 28, 91, 365), 365, 28, 365),
}


@dataclass(frozen=True, eq=False)
class RunningSums:
    """Series of an offence with their running sums, shape (spans + 1, areas).

    `spans`, how many are reported, has one column where that is the same for all areas; `when`
    says where each span lies among all, shape (spans,): those that nobody reported are passed over.
    """

    when: Ints
    summed: Ints
    spans: Ints
    windows: Windows
    own: Floats
    pooled: dict[int, float]

    def between(self, first: Ints, end: Ints, area: Ints | slice) -> tuple[Ints, Ints]:
        """Count and reported spans of `first` to `end` (exclusive), cut at the ends.

        For all areas rows of them, shape (stretches, areas); for one each, shape (stretches,).
        """
        last = len(self.summed) - 1
        low = np.clip(first, 0, last)
        high = np.maximum(low, np.clip(end, 0, last))
        column = area if self.spans.shape[1] > 1 or isinstance(area, slice) else 0
        return (
            self.summed[high, area] - self.summed[low, area],
            self.spans[high, column] - self.spans[low, column],
        )

    def dispersion(self, window: Ints, area: Ints) -> Floats:
        """Of a series, and at least what is usual for the offence over so long a stretch."""
        usual = np.array([self.pooled[one] for one in self.windows.inside])
        at = np.searchsorted(self.windows.inside, window, side="right") - 1
        found: Floats = np.maximum(self.own[area], usual[np.maximum(at, 0)])
        return found


def running_sums(
    when: Ints, values: Values | Ints, there: Bools, windows: Windows, alike: bool
) -> RunningSums:
    """Sum the counts of areas, and how much they vary.

    Parameters
    ----------
    when : array of int, shape (spans,)
        Where each span lies among all.
    values : array of int, shape (spans, areas)
        0 where nothing was reported.
    there : array of bool, same shape
    windows : Windows
    alike : bool
        Whether what is usual among the areas holds for each.
    """
    counted = there[:, :1] if bool((there == there[:, :1]).all()) else there
    # Sums times a season's spans must not overflow; small integers are read twice as fast.
    most = int(values.sum(axis=0, dtype=np.int64).max(initial=0)) * 2 * windows.beside
    size = np.int32 if most < np.iinfo(np.int32).max else np.int64
    summed, spans = (
        np.concatenate([np.zeros((1, of.shape[1]), dtype=kind), np.cumsum(of, axis=0, dtype=kind)])
        for of, kind in ((values, size), (counted, np.int16))
    )
    with np.errstate(divide="ignore", invalid="ignore"):
        mean = summed[-1] / spans[-1]
    own = _differences(summed, spans, mean, 1, windows)
    pooled = {
        window: _pooled(summed, spans, mean, window, windows) if alike else 0.0
        for window in windows.inside
    }
    return RunningSums(when, summed, spans, windows, np.nan_to_num(own), pooled)


def _excess(squares: Floats, n: Ints, mean: Floats) -> Floats:
    """Dispersion of a variance in excess of the mean's; NaN where there is nothing."""
    with np.errstate(divide="ignore", invalid="ignore"):
        found: Floats = np.maximum((squares / n - mean) / mean**2, 0.0)
    return found


def _pooled(summed: Ints, spans: Ints, mean: Floats, window: int, windows: Windows) -> float:
    """Median over areas of the dispersion of so long stretches."""
    usable = np.flatnonzero(summed[-1] >= _LEAST_COUNT)
    spans = spans[:, usable if spans.shape[1] > 1 else slice(None)]
    found = _differences(summed[:, usable], spans, mean[usable], window, windows)
    found = found[np.isfinite(found)]
    return float(np.median(found)) if len(found) >= _LEAST_AREAS else 0.0


def _differences(summed: Ints, spans: Ints, mean: Floats, window: int, windows: Windows) -> Floats:
    """Dispersion of series by differences of stretches: neighbours, or a season apart.

    The smaller: a season makes neighbours differ, and a gap what lies a season apart. NaN where
    there are no two stretches to compare.
    """
    found = np.full(summed.shape[1], np.nan)
    for apart in {window, max(window, windows.season)}:
        last = len(summed) - apart - window
        if last < 1:
            continue
        first, second = (
            [of[at + window : at + window + last] - of[at : at + last] for of in (summed, spans)]
            for at in (0, apart)
        )
        whole = (first[1] == window) & (second[1] == window)
        gap = (second[0] - first[0]).astype(np.float64)
        squares = np.where(whole, gap**2 / (2.0 * window), 0.0).sum(axis=0)
        found = np.fmin(found, _excess(squares, whole.sum(axis=0), mean))
    return found
