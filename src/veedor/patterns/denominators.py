"""Denominators: what incidents are counted against, brought from zones to cells."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
import shapely

from veedor.arrays import Floats, Ints
from veedor.errors import DataError, phrase
from veedor.spacetime import Cells

#: Boundaries drawn twice never agree: so large a part of the ground may be in two zones.
_SLACK = 0.01


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
        If a value is negative or not a number, a zone has no area, or zones lie over one another
        (over more than a hundredth of the ground of a cell, and of all cells): people would be
        counted twice.

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
            found=phrase(
                "{n} that are not, the first at zones {bad}",
                n=len(bad),
                bad=bad[:5].tolist(),
            ),
        )
    size = shapely.area(polygons)
    flat = np.flatnonzero(~(size > 0))
    if len(flat):
        raise DataError(
            "Every zone must have an area.",
            found=phrase(
                "{n} without, the first at zones {flat}",
                n=len(flat),
                flat=flat[:5].tolist(),
            ),
        )
    zone, cell = shapely.STRtree(cells.polygons).query(polygons, predicate="intersects")
    shared = shapely.area(shapely.intersection(polygons[zone], cells.polygons[cell]))
    _refuse_overlap(cells, zone, cell, shared)
    given = np.bincount(cell, amount[zone] * shared / size[zone], minlength=len(cells))
    return given.astype(np.float64)


def _refuse_overlap(cells: Cells, zone: Ints, cell: Ints, shared: Floats) -> None:
    ground = shapely.area(cells.polygons)
    twice = np.bincount(cell, shared, minlength=len(cells)) - ground
    over = np.flatnonzero(twice > _SLACK * ground)
    if len(over) and twice[over].sum() > _SLACK * ground.sum():
        first = np.unique(zone[(cell == over[0]) & (shared > _SLACK * ground[over[0]])])
        raise DataError(
            "Zones with a denominator must not lie over one another.",
            found=phrase(
                "more ground of zones than there is in {n} cells, in the first of them of "
                "zones {first}",
                n=len(over),
                first=first[:5].tolist(),
            ),
            remedy="take one set of zones, such as only census tracts",
        )
