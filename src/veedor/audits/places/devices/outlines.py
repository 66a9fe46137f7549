"""`InView`: outlines of the ground in view, for a map and for a file."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import shapely
from pyproj import Transformer

from veedor.arrays import Geometries
from veedor.audits.places.devices.model import Devices
from veedor.audits.places.devices.views import End, views
from veedor.audits.places.zones import PeopledZones
from veedor.files.replacing import replacing

FILE = "views.geojson"
#: Metres that an outline may be moved by, so that a file of many devices stays small.
_MOVED = 0.5
_DIGITS = 6


@dataclass(frozen=True, eq=False)
class InView:
    """Ground in view of one device or more.

    Parameters
    ----------
    name : tuple of str
        ``view``, or ``view_least`` and ``view_most``.
    outlines : object array of polygons
        In WGS84 longitude and latitude, moved by half a metre at most; empty where nothing is.
    """

    name: tuple[str, ...]
    outlines: Geometries

    @classmethod
    def of(cls, devices: Devices, zones: PeopledZones) -> InView:
        """Join what devices see, in the plane of the zones."""
        ends: tuple[tuple[str, End], ...] = (("view_least", "least"), ("view_most", "most"))
        if devices.views_known:
            ends = (("view", "most"),)
        made = []
        for _, end in ends:
            counts = devices.count_low if end == "least" else devices.count_high
            seen = shapely.union_all(views(devices, zones.crs, end)[counts > 0.0])
            made.append(shapely.simplify(seen, _MOVED))
        to_degrees = Transformer.from_crs(zones.crs, "EPSG:4326", always_xy=True)
        moved = shapely.transform(
            np.array(made, dtype=object),
            lambda xy: np.column_stack(to_degrees.transform(xy[:, 0], xy[:, 1])),
        )
        return cls(tuple(name for name, _ in ends), moved)

    def write(self, path: Path) -> None:
        """Write them as GeoJSON, a feature each; a crash leaves the old file."""
        rounded = shapely.transform(self.outlines, lambda xy: np.round(xy, _DIGITS))
        features = [
            {"type": "Feature", "properties": {"ground": name}, "geometry": json.loads(outline)}
            for name, outline in zip(self.name, shapely.to_geojson(rounded).tolist(), strict=True)
        ]
        with replacing(path) as part:
            part.write_text(
                json.dumps({"type": "FeatureCollection", "features": features}), encoding="utf-8"
            )
