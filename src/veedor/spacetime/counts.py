"""Counts of incidents in cells and periods: exact whole numbers, or aoristic weights."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from veedor.arrays import Floats, Instants, Ints
from veedor.errors import LeakageError, phrase
from veedor.incidents.model import Incidents
from veedor.spacetime.periods import Periods

Indices = npt.NDArray[np.int32]


@dataclass(frozen=True, eq=False)
class Counts:
    """Whole numbers of recorded incidents of one category.

    Parameters
    ----------
    values : array of int64, shape (periods, cells)
    unlocated, outside : array of int64, shape (periods,)
        Incidents without a place, and with a place in no cell.
    category : str
    as_of : datetime64
        Instant up to which records were seen; at or after the last edge.

    Notes
    -----
    ``values.sum(axis=1) + unlocated + outside`` is the number of incidents in each period. An
    interval that spans periods counts where its midpoint lies.
    """

    values: Ints
    unlocated: Ints
    outside: Ints
    category: str
    as_of: np.datetime64

    @property
    def total(self) -> int:
        """All incidents of the periods, wherever they were."""
        return int(self.values.sum() + self.unlocated.sum() + self.outside.sum())


@dataclass(frozen=True, eq=False)
class WeightedCounts:
    """Aoristic weights of recorded incidents of one category (Ratcliffe 2002).

    An incident whose interval spans periods gives each the share of its interval that lies in it.
    Never added to, or compared with, `Counts`.

    Parameters
    ----------
    values : array of float64, shape (periods, cells)
    unlocated, outside : array of float64, shape (periods,)
    category : str

    References
    ----------
    Ratcliffe, J. H. (2002). Aoristic signatures and the spatio-temporal analysis of high volume
    crime patterns. Journal of Quantitative Criminology 18, 23-43.
    https://doi.org/10.1023/A:1013240828824
    """

    values: Floats
    unlocated: Floats
    outside: Floats
    category: str


def count(
    incidents: Incidents,
    cell: Indices,
    cells: int,
    category: str,
    periods: Periods,
    as_of: np.datetime64,
) -> Counts:
    """Count incidents of a category by midpoint.

    Parameters
    ----------
    incidents : Incidents
    cell : array of int32, shape (n,)
        Cell of each incident as `Cells.locate` gives it; -1 outside or unlocated.
    cells : int
        Number of cells.
    category : str
    periods : Periods
    as_of : datetime64

    Raises
    ------
    LeakageError
        If the last period ends after `as_of`: it could not be complete.

    Notes
    -----
    O(n) for n incidents.
    """
    mine = np.flatnonzero(incidents.category == incidents.index_of(category))
    place = place_column(cell[mine], incidents.x_m[mine], cells)
    return count_places(place, incidents.midpoint_of(mine), cells, category, periods, as_of)


def count_places(
    place: Indices,
    middle: Instants,
    cells: int,
    category: str,
    periods: Periods,
    as_of: np.datetime64,
) -> Counts:
    """Count incidents whose places are numbered as `place_column` does; see `count`.

    Fastest where they are roughly in order of time.
    """
    from veedor.spacetime.compiled import count_each

    if periods.edges[-1] > as_of:
        raise LeakageError(
            "Incidents can only be counted in periods that are over.",
            found=phrase(
                "a period that ends {edges}, seen as of {as_of}",
                edges=periods.edges[-1],
                as_of=as_of,
            ),
        )
    table = np.zeros((len(periods), cells + 2), dtype=np.int64)
    count_each(place, middle.view(np.int64), periods.edges.view(np.int64), table)
    return Counts(
        values=table[:, :cells],
        unlocated=table[:, cells],
        outside=table[:, cells + 1],
        category=category,
        as_of=as_of,
    )


def spread(
    incidents: Incidents, cell: Indices, cells: int, category: str, periods: Periods
) -> WeightedCounts:
    """Spread incidents of a category over the periods that their intervals touch.

    Arguments as in `count`. The weights of an incident sum to the share of its interval that lies
    within the periods. O(n + incidents x periods touched).
    """
    mine = np.flatnonzero(incidents.category == incidents.index_of(category))
    start, end = incidents.start[mine], incidents.end[mine]
    edges = periods.edges
    first = np.clip(np.searchsorted(edges, start, side="right") - 1, 0, None)
    last = np.where(
        end > start,
        np.searchsorted(edges, end, side="left") - 1,
        np.searchsorted(edges, end, side="right") - 1,
    )
    last = np.clip(last, None, len(periods) - 1)
    touched = np.clip(last - first + 1, 0, None)
    row = np.repeat(np.arange(len(mine)), touched)
    period = np.arange(len(row)) - np.repeat(np.cumsum(touched) - touched, touched) + first[row]
    microseconds = (
        np.minimum(end[row], edges[period + 1]) - np.maximum(start[row], edges[period])
    ).astype(np.int64)
    width = (end - start)[row].astype(np.int64)
    weight = np.where(width > 0, microseconds / np.maximum(width, 1), 1.0)
    where = place_column(cell[mine], incidents.x_m[mine], cells)[row]
    table = (
        np.bincount(
            period * (cells + 2) + where, weights=weight, minlength=len(periods) * (cells + 2)
        )
        .astype(np.float64)
        .reshape(len(periods), cells + 2)
    )
    return WeightedCounts(
        values=table[:, :cells],
        unlocated=table[:, cells],
        outside=table[:, cells + 1],
        category=category,
    )


def place_column(cell: Indices, x_m: Floats, cells: int) -> Indices:
    """Column of each incident: its cell, then one for the unlocated, then one for those outside."""
    column = np.where(cell >= 0, cell, np.where(np.isfinite(x_m), cells + 1, cells))
    return column.astype(np.int32)
