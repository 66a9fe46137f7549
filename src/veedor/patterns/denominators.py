"""Denominators: what incidents are counted against, brought from zones to cells."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
import shapely

from veedor.errors import DataError
from veedor.spacetime import Cells

Floats = npt.NDArray[np.float64]


def denominator_of_cells(cells: Cells, polygons: npt.NDArray[Any], values: npt.ArrayLike) -> Floats:
    """Share the values of zones out over cells by area.

    Parameters
    ----------
    cells : Cells
    polygons : array of shapely geometries, shape (zones,)
        In metres of the cells' crs.
    values : array, shape (zones,)
        Amounts such as people or homes, at least 0; each is taken to lie evenly over its zone.

    Returns
    -------
    array, shape (cells,)
        0 where no zone is: there no rate can be had.

    Raises
    ------
    DataError
        If a value is negative or not a number.

    Notes
    -----
    People do not live evenly over a zone: cells with a park or a port get people that they do not
    have, and their rates come out too small. O(pairs of overlapping cells and zones).
    """
    amount = np.asarray(values, dtype=np.float64)
    bad = np.flatnonzero(~(np.isfinite(amount) & (amount >= 0)))
    if len(bad):
        raise DataError(
            "Every zone's denominator must be a number of at least 0.",
            found=f"{len(bad)} that are not, the first at zones {bad[:5].tolist()}",
        )
    zone, cell = shapely.STRtree(cells.polygons).query(polygons, predicate="intersects")
    shared = shapely.area(shapely.intersection(polygons[zone], cells.polygons[cell]))
    whole = shapely.area(polygons)[zone]
    given = np.bincount(cell, amount[zone] * shared / whole, minlength=len(cells))
    return given.astype(np.float64)
