"""The zones that a study's record names instead of giving coordinates: its own cells."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import shapely
from pyproj import Transformer

from veedor.errors import StudyError, phrase
from veedor.incidents.named_zones import NamedZones, OfferedZones, zone_name
from veedor.spacetime import read_polygons
from veedor.spacetime.areas import read_outlines
from veedor.study.sections import CellsSection


def named_zones(section: CellsSection, crs: str, folder: Path, where: str) -> NamedZones:
    """Read the polygons of ``[cells]`` by the names that ``id`` holds, with a point inside each.

    Raises
    ------
    StudyError
        If cells are not polygons with an id, or two of them have one name.
    """
    if section.shape != "polygon" or section.file is None or section.id is None:
        raise StudyError(
            "A record of zones instead of coordinates must have the zones as cells.",
            found=phrase(
                "shape {shape}, file {file}, id {id}",
                shape=repr(section.shape),
                file=repr(section.file),
                id=repr(section.id),
            ),
            where=phrase("{where}, [cells]", where=where),
            remedy='set shape = "polygon", file to a GeoJSON of the zones, and id to the property '
            "that holds the names which the column mapped as `zone` uses; without [area]",
        )
    polygons, properties = read_polygons(folder / section.file, crs)
    names = polygon_ids(properties, section.id, Path(section.file).name)
    inside = shapely.point_on_surface(np.asarray(polygons, dtype=object))
    return NamedZones(names, shapely.get_x(inside), shapely.get_y(inside))


def polygon_ids(properties: list[dict[str, Any]], name: str | None, where: str) -> list[str]:
    """Ids of polygons, from a property of theirs or else their number."""
    if name is None:
        return [str(number) for number in range(len(properties))]
    missing = [number for number, row in enumerate(properties) if row.get(name) is None]
    if missing:
        raise StudyError(
            "Every polygon must have the property that study.toml names as id.",
            found=phrase(
                "{n} without {name}, the first at {rows}; the properties are {properties}",
                n=len(missing),
                name=repr(name),
                rows=missing[:5],
                properties=", ".join(sorted(properties[0])) or phrase("none"),
            ),
            where=where,
            remedy="correct id under [cells], or leave it out to number the polygons",
        )
    return [str(row[name]) for row in properties]


def offered_zones(path: Path) -> OfferedZones:
    """Read the names of zones that a record may use, by property, and where their middle lies.

    Raises
    ------
    UnreadableError
        If the file is not GeoJSON, or holds a feature that is not a polygon.
    """
    polygons, properties, crs = read_outlines(path)
    west, south, east, north = shapely.total_bounds(polygons)
    to_degrees = Transformer.from_crs(crs, "EPSG:4326", always_xy=True)
    longitude, latitude = to_degrees.transform((west + east) / 2, (south + north) / 2)
    names = {
        key: frozenset(zone_name(str(row[key])) for row in properties if row.get(key) is not None)
        for key in dict.fromkeys(key for row in properties for key in row)
    }
    return OfferedZones(names, float(longitude), float(latitude))
