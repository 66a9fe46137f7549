"""A user's own lines on a map: cut to its ground, and simplified until they are small."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import shapely

from veedor.spacetime import Shapes

Lines = npt.NDArray[Any]
#: Corners that a page can bear: eight bytes each, a third more in base64.
MOST_CORNERS = 25_000
_FIRST_M = 2.0
_METRES_IN_A_DEGREE = 111_320.0
#: Of the ground, on each side.
_MARGIN = 0.05


@dataclass(frozen=True, eq=False)
class BaseLayer:
    """Lines below a map.

    Parameters
    ----------
    lines : object array of LineString
        In WGS84 longitude and latitude.
    moved_m : float
        By how much simplifying may have moved a line, in metres.
    """

    lines: Lines
    moved_m: float

    @property
    def corners(self) -> int:
        """Points of all lines."""
        return int(shapely.get_num_coordinates(self.lines).sum())


def base_layer(ground: Shapes, polygons: npt.NDArray[Any]) -> BaseLayer | None:
    """Cut lines, and the outlines of polygons, to the ground of a map, and simplify them.

    They are simplified by 2 m, then by twice as much each time until they have at most
    `MOST_CORNERS`; lines shorter than that are left out.

    Parameters
    ----------
    ground : Shapes
    polygons : object array
        Cells, in WGS84 longitude and latitude.

    Returns
    -------
    BaseLayer or None
        None where nothing lies on the ground.

    Examples
    --------
    >>> line = shapely.linestrings([[[-1.0, 0.5], [0.5, 0.5], [3.0, 0.5]]])
    >>> found = base_layer(Shapes(line, {}), shapely.box([0.0], 0.0, [1.0], 1.0))
    >>> shapely.get_coordinates(found.lines).round(2).tolist(), found.moved_m
    ([[-0.05, 0.5], [1.05, 0.5]], 2.0)
    """
    west, south, east, north = shapely.total_bounds(polygons)
    wide, high = _MARGIN * (east - west), _MARGIN * (north - south)
    area = np.isin(shapely.get_dimensions(ground.shapes), (2,))
    outlines = ground.shapes.copy()
    outlines[area] = shapely.boundary(ground.shapes[area])
    cut = shapely.clip_by_rect(outlines, west - wide, south - high, east + wide, north + high)
    lines = shapely.get_parts(shapely.line_merge(cut))
    lines = lines[(shapely.get_dimensions(lines) == 1) & ~shapely.is_empty(lines)]
    if len(lines) == 0:
        return None
    squeeze = math.cos(math.radians((south + north) / 2.0))
    scale = np.array([squeeze, 1.0]) * _METRES_IN_A_DEGREE
    metres = shapely.transform(lines, lambda xy: xy * scale)
    moved = _FIRST_M
    while True:
        kept = shapely.simplify(metres[shapely.length(metres) >= moved], moved)
        if int(shapely.get_num_coordinates(kept).sum()) <= MOST_CORNERS:
            return (
                None
                if len(kept) == 0
                else BaseLayer(shapely.transform(kept, lambda xy: xy / scale), moved)
            )
        moved *= 2.0
