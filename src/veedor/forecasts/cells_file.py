"""The cells of a forecast as GeoJSON, there and back."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import shapely
import shapely.geometry
from pyproj import CRS, Transformer

from veedor.errors import ForecastFileError, UnreadableError, phrase
from veedor.files.replacing import replacing
from veedor.forecasts.lattice_cells import (
    crs_of,
    joined_tiles,
    on_stated_lattice,
    stated_lattice,
)
from veedor.incidents.whereabouts import utm_crs
from veedor.spacetime import Cells, Gazetteer, read_polygons
from veedor.spacetime.areas import read_outlines
from veedor.tables.personal import refuse_personal_places
from veedor.tables.whole import json_document, require_short

# By how much a polygon with rounded corners may differ from the ground that the file states.
_ROUNDING = 1e-3
_WORLD = "EPSG:6933"  # equal areas, in metres


def write_cells(cells: Cells, path: Path, gazetteer: Gazetteer | None = None) -> None:
    """Write the cells as GeoJSON (WGS84), with ``cell_id`` and ``area_km2``.

    With a `gazetteer` of the cells also ``lat``, ``lon`` (of the middle), ``zone``, ``streets`` and
    ``streets_m``, by which people find them.

    Nothing is rounded, so that whoever reads the file ranks and counts as its maker did. Cells of a
    lattice say so in the member ``veedor``: crs, lattice, size, and under ``tiles`` what joined a
    cell.
    """
    joined = joined_tiles(cells)
    found = {} if gazetteer is None else gazetteer.columns
    features = [
        {
            "type": "Feature",
            "id": str(cell_id),
            "properties": {"cell_id": str(cell_id), "area_km2": float(area)}
            | {name: values[number] for name, values in found.items()}
            | ({"tiles": joined[number]} if number in joined else {}),
            "geometry": json.loads(outline),
        }
        for number, (cell_id, area, outline) in enumerate(
            zip(
                cells.cell_id,
                cells.area_km2,
                shapely.to_geojson(cells.lonlat_polygons()),
                strict=True,
            )
        )
    ]
    document: dict[str, Any] = {"type": "FeatureCollection"}
    if (lattice := stated_lattice(cells)) is not None:
        document["veedor"] = lattice
    with replacing(path) as partial:
        partial.write_text(json.dumps(document | {"features": features}), encoding="utf-8")


def cells_bytes(path: Path) -> bytes:
    """Return a file of cells with nothing in it but what `write_cells` writes, to be made public.

    Other properties and members are left out. Corners stay as they are, in WGS84.

    Raises
    ------
    UnreadableError
        If it is not GeoJSON of polygons.
    """
    outlines, properties, crs = read_outlines(path)
    if crs != CRS.from_epsg(4326):
        there = Transformer.from_crs(crs, "EPSG:4326", always_xy=True)
        outlines = shapely.transform(
            outlines, lambda xy: np.column_stack(there.transform(xy[:, 0], xy[:, 1]))
        )
    stated = _stated(path)
    lattice = crs_of(stated, path.name) is not None
    known = ("area_km2", "tiles") if lattice else ("area_km2",)
    document: dict[str, Any] = {
        "type": "FeatureCollection",
        "features": [
            {
                "type": "Feature",
                "properties": {"cell_id": str(row.get("cell_id"))}
                | {name: row[name] for name in known if row.get(name) is not None},
                "geometry": shapely.geometry.mapping(outline),
            }
            for outline, row in zip(shapely.force_2d(outlines), properties, strict=True)
        ],
    }
    if lattice:
        document["veedor"] = {name: stated.get(name) for name in ("crs", "lattice", "size_m")}
    return json.dumps(document, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def read_cells(path: Path, crs: str) -> Cells:
    """Read cells that `write_cells`, or anyone in that format, wrote.

    Parameters
    ----------
    path : Path
        GeoJSON of polygons, plain or .gz. Each has the property ``cell_id``, and may have
        ``area_km2``: corners are rounded in the file, the area need not be.
    crs : str
        Projected coordinate reference system in metres. Cells that say which lattice they are of
        are read as its tiles if this is its crs, and as polygons otherwise.

    Raises
    ------
    ForecastFileError
        If a polygon has no ``cell_id``, an ``area_km2`` that is not its own, or is no tile of the
        lattice that the file states.
    CellSizeRefusal
        If a cell is smaller than 0.01 km2.
    """
    polygons, properties = read_polygons(path, crs)
    nameless = [number for number, row in enumerate(properties) if row.get("cell_id") is None]
    if nameless:
        raise ForecastFileError(
            "Every cell of a forecast must have the property cell_id.",
            found=phrase(
                "{n} without, the first at {rows}",
                n=len(nameless),
                rows=nameless[:5],
            ),
            where=path.name,
            remedy="name the polygons of the forecast as its rows name them",
        )
    names = [str(row["cell_id"]) for row in properties]
    require_short(pa.array(names, pa.string()), path.name)
    area_km2 = shapely.area(polygons) / 1e6
    for number, row in enumerate(properties):
        stated = row.get("area_km2")
        if stated is None:
            continue
        own = isinstance(stated, (int, float)) and np.isclose(
            stated, area_km2[number], rtol=_ROUNDING, atol=1e-5
        )
        if not own:
            raise ForecastFileError(
                "The area_km2 of a cell must be that of its polygon.",
                found=phrase(
                    "{stated} for {true:.6f} km2",
                    stated=repr(stated),
                    true=area_km2[number],
                ),
                where=phrase("{name}, cell {cell_id}", name=path.name, cell_id=names[number]),
                remedy="correct it or leave it out",
            )
        area_km2[number] = stated
    lattice = _stated(path)
    if crs_of(lattice, path.name) == crs:
        joined = [row.get("tiles") for row in properties]
        refuse_personal_places(names, what=phrase("a cell's name"), where=path.name)
        return on_stated_lattice(polygons, names, joined, lattice, area_km2, path.name)
    return Cells.from_polygons(
        polygons, names, crs, source=phrase("cells of {file}", file=path.name), area_km2=area_km2
    )


def cells_crs(path: Path) -> str:
    """Crs of the lattice that a GeoJSON file of cells states; else the UTM zone of their middle.

    Raises
    ------
    ForecastFileError
        Near the poles, where there is none.
    """
    stated = crs_of(_stated(path), path.name)
    if stated is not None:
        return stated
    polygons, _ = read_polygons(path, _WORLD)
    west, south, east, north = shapely.total_bounds(polygons)
    to_degrees = Transformer.from_crs(_WORLD, "EPSG:4326", always_xy=True)
    crs = utm_crs(*to_degrees.transform((west + east) / 2.0, (south + north) / 2.0))
    if crs is None:
        raise ForecastFileError(
            "Cells must lie where UTM zones are defined.",
            found=phrase("none there"),
            where=path.name,
        )
    return crs


def _stated(path: Path) -> dict[str, Any]:
    """Member ``veedor`` of a file of cells; empty where there is none, or it is no GeoJSON."""
    try:
        stated = json_document(path).get("veedor")
    except (OSError, ValueError, AttributeError, RecursionError, UnreadableError):
        return {}  # `read_polygons` says what is wrong with it
    return stated if isinstance(stated, dict) else {}
