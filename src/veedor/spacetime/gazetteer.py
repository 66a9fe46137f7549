"""Where each cell is, in words that people find it by: coordinates, its zone, its streets."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import msgspec
import numpy as np
import numpy.typing as npt
import shapely
from msgspec import structs

from veedor.spacetime.cells import Cells
from veedor.spacetime.outlines import Outlines
from veedor.spacetime.streets import FARTHEST_M, MOST_STREETS, Streets

#: About 11 m: of a cell's middle, never of an incident.
_DECIMALS = 4


class Place(msgspec.Struct, frozen=True):
    """A cell as it is found.

    Parameters
    ----------
    cell_id : str
    lat, lon : float
        Of a point at its middle, in degrees (WGS84), to four decimals.
    zone : str
        Name of the zone that holds it; empty for none.
    streets : tuple of str
        Streets that cross it, the longest stretch first; or the nearest one; empty for none.
    streets_m : float or None
        Distance of the cell from them in metres: 0 where they cross it.
    """

    cell_id: str
    lat: float
    lon: float
    zone: str = ""
    streets: tuple[str, ...] = ()
    streets_m: float | None = None

    @property
    def fields(self) -> tuple[str | float | None, ...]:
        """What a row of a table holds of it, in the order of its parameters."""
        return (
            self.cell_id, self.lat, self.lon, self.zone, "; ".join(self.streets), self.streets_m
        )  # fmt: skip


@dataclass(frozen=True, eq=False)
class Gazetteer:
    """The place of each cell, in the order of the cells.

    Examples
    --------
    >>> Gazetteer((Place("0_0", -34.6037, -58.3816, "San Nicolás"),)).columns["zone"]
    ['San Nicolás']
    """

    places: tuple[Place, ...]

    @classmethod
    def of(
        cls, cells: Cells, zones: Outlines | None = None, streets: Streets | None = None
    ) -> Gazetteer:
        """Find where cells are.

        Parameters
        ----------
        cells : Cells
        zones : Outlines, optional
        streets : Streets, optional
        """
        made = cls.at(cells.cell_id.tolist(), cells.lonlat_polygons(), zones)
        if streets is None:
            return made
        near = _streets_of(cells, streets)
        return cls(
            tuple(
                structs.replace(place, streets=names, streets_m=metres)
                for place, (names, metres) in zip(made.places, near, strict=True)
            )
        )

    @classmethod
    def at(
        cls, cell_ids: Sequence[str], polygons: npt.NDArray[Any], zones: Outlines | None = None
    ) -> Gazetteer:
        """Find where polygons are, in WGS84 longitude and latitude, by zones alone.

        Examples
        --------
        >>> Gazetteer.at(["a"], shapely.box([-58.4], -34.6, -58.3, -34.5)).places[0]
        Place(cell_id='a', lat=-34.55, lon=-58.35, zone='', streets=(), streets_m=None)
        """
        middle = shapely.centroid(polygons)
        outside = ~shapely.covers(polygons, middle)
        middle[outside] = shapely.point_on_surface(polygons[outside])
        lon, lat = (np.round(get(middle), _DECIMALS) for get in (shapely.get_x, shapely.get_y))
        named = [""] * len(polygons) if zones is None else zones.names_of(polygons)
        return cls(tuple(map(Place, map(str, cell_ids), lat.tolist(), lon.tolist(), named)))

    @property
    def columns(self) -> dict[str, list[str] | list[float] | list[float | None]]:
        """What tables and exports say of each cell: ``lat, lon, zone, streets, streets_m``."""
        return {
            "lat": [one.lat for one in self.places],
            "lon": [one.lon for one in self.places],
            "zone": [one.zone for one in self.places],
            "streets": ["; ".join(one.streets) for one in self.places],
            "streets_m": [one.streets_m for one in self.places],
        }


def _streets_of(cells: Cells, streets: Streets) -> list[tuple[tuple[str, ...], float | None]]:
    """Streets that cross each cell and 0, or the nearest one and its distance."""
    names, number = np.unique(np.array(streets.names), return_inverse=True)
    lines = streets.in_metres(cells.crs)
    tree = shapely.STRtree(lines)
    cell, line = tree.query(cells.polygons, predicate="intersects")
    length = shapely.length(shapely.intersection(cells.polygons[cell], lines[line]))
    pairs, of = np.unique(cell * len(names) + number[line], return_inverse=True)
    stretch = np.bincount(of, length, minlength=len(pairs))
    crossed, street = pairs // len(names), pairs % len(names)
    order = np.lexsort((street, -np.round(stretch, 3), crossed))
    found: list[list[str]] = [[] for _ in range(len(cells))]
    for at in order.tolist():
        mine = found[crossed[at]]
        if stretch[at] > 0 and len(mine) < MOST_STREETS:
            mine.append(str(names[street[at]]))
    near: list[tuple[tuple[str, ...], float | None]] = [
        (tuple(mine), 0.0 if mine else None) for mine in found
    ]
    without = np.array([at for at, mine in enumerate(found) if not mine], dtype=np.int64)
    if len(without):
        (asked, nearest), metres = tree.query_nearest(
            cells.polygons[without], max_distance=FARTHEST_M, return_distance=True, all_matches=True
        )
        for at in np.lexsort((number[nearest], asked))[::-1].tolist():  # the first by name stays
            near[without[asked[at]]] = (
                (str(names[number[nearest[at]]]),),
                round(float(metres[at]), 1),
            )
    return near
