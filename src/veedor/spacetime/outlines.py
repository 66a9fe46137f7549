"""Zones as outlines with names, for maps to be found by: no population, no groups."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import shapely

from veedor.arrays import Ints
from veedor.errors import StudyError, phrase
from veedor.spacetime.areas import read_polygons
from veedor.suggestions import did_you_mean

_LONLAT = "EPSG:4326"


@dataclass(frozen=True, eq=False)
class Outlines:
    """Zones by name.

    Parameters
    ----------
    names : tuple of str, length Z
        Empty for a zone without a name.
    polygons : array of shapely Polygon or MultiPolygon, shape (Z,)
        In WGS84 longitude and latitude.

    Examples
    --------
    >>> halves = shapely.box([0, 1], 0, [1, 2], 1)
    >>> Outlines(("West", "East"), halves).holding(shapely.box([1.2, 7], 0, [1.8, 8], 1))
    array([ 1, -1])
    """

    names: tuple[str, ...]
    polygons: npt.NDArray[Any]

    @classmethod
    def read(cls, path: Path, names: str | None = None) -> Outlines:
        """Read a GeoJSON file.

        Parameters
        ----------
        path : Path
        names : str, optional
            The property that holds the names; without it ``name`` or, failing that, ``id``.

        Raises
        ------
        StudyError
            If a zone lacks the property that was asked for.
        """
        polygons, properties = read_polygons(path, _LONLAT)
        if names is not None and (lacking := [p for p in properties if names not in p]):
            near = did_you_mean(names, lacking[0])
            raise StudyError(
                "The property that names the zones must be there for each of them.",
                found=phrase(
                    "{n_lacking} of {n_properties} zones without {names}, but with {lacking}",
                    n_lacking=len(lacking),
                    n_properties=len(properties),
                    names=repr(names),
                    lacking=", ".join(sorted(map(str, lacking[0]))[:10]) or phrase("no property"),
                ),
                where=path.name,
                remedy=near or phrase("set zone_names to a property of the file"),
            )
        given = (names,) if names is not None else ("name", "id")
        told = next((key for key in given if all(key in p for p in properties)), None)
        return cls(
            tuple("" if told is None or p[told] is None else str(p[told]) for p in properties),
            polygons,
        )

    def names_of(self, polygons: npt.NDArray[Any]) -> list[str]:
        """Name the zone that each polygon lies in; empty for none."""
        return [self.names[zone] if zone >= 0 else "" for zone in self.holding(polygons).tolist()]

    def holding(self, polygons: npt.NDArray[Any]) -> Ints:
        """Index of the zone that a point inside each polygon lies in; -1 for none."""
        found = np.full(len(polygons), -1, dtype=np.int64)
        points = shapely.point_on_surface(polygons)
        point, zone = shapely.STRtree(self.polygons).query(points, predicate="intersects")
        found[point[::-1]] = zone[::-1]
        return found
