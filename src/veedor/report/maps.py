"""What the map needs, checked once and packed small.

Coordinates are kept to a millionth of a degree (about 0.1 m); expected counts as 16-bit
steps on a logarithmic scale, with the error that this makes stated on the page; recorded counts
exactly.
"""

from __future__ import annotations

import base64
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import shapely

from veedor.errors import SameGroundError
from veedor.report import scales

Array = npt.NDArray[Any]
_STEPS = 65535
_DEGREE = 1e6


@dataclass(frozen=True)
class Maps:
    """The cells on the ground, and what was expected and recorded in each.

    Parameters
    ----------
    polygons : ndarray of shapely Polygon or MultiPolygon, shape (C,)
        WGS84 longitude and latitude.
    cell_ids : sequence of str, length C
    area_km2 : ndarray, shape (C,)
    observed : dict of str to int ndarray, shape (P, C)
        Recorded incidents, by category.
    means : dict of str to dict of str to float ndarray, shape (P, C)
        Expected incidents, by category and forecaster.

    Raises
    ------
    SameGroundError
        If two of these differ in cells, periods or categories.

    Examples
    --------
    >>> squares = shapely.box(np.arange(2.0), 0.0, np.arange(2.0) + 1, 1.0)
    >>> recorded = {"theft": np.zeros((1, 2), int)}
    >>> maps = Maps(squares, ("a", "b"), np.ones(2), recorded, {"theft": {}})
    >>> maps.shape
    (1, 2)
    """

    polygons: Array
    cell_ids: Sequence[str]
    area_km2: Array
    observed: Mapping[str, Array]
    means: Mapping[str, Mapping[str, Array]]

    def __post_init__(self) -> None:
        """Check that everything lies on the same ground."""
        cells = len(self.polygons)
        if cells == 0:
            raise SameGroundError("A map needs at least one cell.", found="none")
        for name, array in (("cell_ids", self.cell_ids), ("area_km2", self.area_km2)):
            if len(array) != cells:
                raise SameGroundError(
                    "Each cell of a map needs one id, one area and one polygon.",
                    found=f"{cells} polygons and {len(array)} {name}",
                )
        if set(self.observed) != set(self.means):
            raise SameGroundError(
                "Expected and recorded counts must cover the same categories.",
                found=f"{sorted(self.observed)} recorded and {sorted(self.means)} expected",
            )
        arrays = [*self.observed.values(), *(m for c in self.means.values() for m in c.values())]
        if (
            not arrays
            or self.shape[0] == 0
            or {a.shape for a in arrays} != {(self.shape[0], cells)}
        ):
            raise SameGroundError(
                "Every array of a map has a row per period, at least one, and a column per cell.",
                found=f"{cells} cells and arrays of the shapes {sorted({a.shape for a in arrays})}",
            )

    @property
    def shape(self) -> tuple[int, int]:
        """Number of periods and of cells."""
        first = next(iter(self.observed.values()), np.zeros((0, 0)))
        return int(first.shape[0]), len(self.polygons)


def pack(maps: Maps, periods: Sequence[str], descriptions: Mapping[str, str]) -> dict[str, Any]:
    """Pack the map for the page.

    Parameters
    ----------
    maps : Maps
    periods : sequence of str
        What the slider says, one per period.
    descriptions : dict of str
        Words that the page's script shows: ``unit``, ``period``.

    Returns
    -------
    dict
        JSON-ready; arrays as base64 of little-endian numbers.
    """
    return {
        "cells": pack_polygons(maps.polygons) | {"ids": [str(cell) for cell in maps.cell_ids]},
        "area_km2": _base64(np.asarray(maps.area_km2), "<f4"),
        "periods": list(periods),
        "words": dict(descriptions),
        "categories": [_category(maps, name) for name in maps.observed],
    }


def pack_polygons(polygons: Array) -> dict[str, Any]:
    """Pack polygons as one run of coordinates and three runs of lengths.

    Returns
    -------
    dict
        ``coordinates`` (int32 pairs of longitude and latitude, in millionths of a degree, the
        closing point left out), ``ring_sizes`` (points per ring), ``part_sizes`` (rings per
        polygon), ``cell_sizes`` (polygons per cell), ``bounds`` (west, south, east, north).

    Examples
    --------
    >>> packed = pack_polygons(np.array([shapely.box(0, 0, 1, 1)]))
    >>> packed["bounds"], unpack(packed["ring_sizes"], "<u4").tolist()
    ([0.0, 0.0, 1.0, 1.0], [4])
    """
    parts, cell_of_part = shapely.get_parts(polygons, return_index=True)
    rings, part_of_ring = shapely.get_rings(parts, return_index=True)
    coordinates, ring_of_point = shapely.get_coordinates(rings, return_index=True)
    closing = np.append(ring_of_point[1:] != ring_of_point[:-1], True)[: len(ring_of_point)]
    points = np.round(coordinates[~closing] * _DEGREE)
    return {
        "coordinates": _base64(points, "<i4"),
        "ring_sizes": _base64(np.bincount(ring_of_point[~closing], minlength=len(rings)), "<u4"),
        "part_sizes": _base64(np.bincount(part_of_ring, minlength=len(parts)), "<u4"),
        "cell_sizes": _base64(np.bincount(cell_of_part, minlength=len(polygons)), "<u4"),
        "bounds": [float(limit) for limit in shapely.total_bounds(polygons)],
    }


def pack_means(means: Array) -> dict[str, Any]:
    """Pack expected counts as 16-bit steps, evenly spaced in ``log(1 + mean / small)``.

    Returns
    -------
    dict
        ``steps`` (base64 of uint16), ``small`` and ``width``: a mean is
        ``small * expm1(step * width)``.
        ``error``: the largest possible error, as a share of ``mean + small``.

    Examples
    --------
    >>> packed = pack_means(np.array([0.0, 0.001, 3.0]))
    >>> steps = unpack(packed["steps"], "<u2")
    >>> (packed["small"] * np.expm1(steps * packed["width"])).round(5).tolist()
    [0.0, 0.001, 3.0]
    >>> packed["error"] < 1e-3
    True
    """
    values = np.clip(np.nan_to_num(np.asarray(means, dtype=float), posinf=0.0), 0.0, None)
    top = float(values.max(initial=0.0))
    small = top / 1e5 if top > 0 else 1.0
    width = math.log1p(top / small) / _STEPS if top > 0 else 1.0
    steps = np.round(np.log1p(values / small) / width)
    return {
        "steps": _base64(steps, "<u2"),
        "small": small,
        "width": width,
        "error": math.expm1(width / 2),
    }


def unpack(text: str, kind: str) -> Array:
    """Read a base64 array back.

    >>> unpack(pack_means(np.array([1.0]))["steps"], "<u2").tolist()
    [65535]
    """
    return np.frombuffer(base64.b64decode(text), dtype=kind)


def _category(maps: Maps, name: str) -> dict[str, Any]:
    observed, means = maps.observed[name], maps.means[name]
    stack = list(means.values()) or [np.zeros(maps.shape)]
    wide = "<u1" if np.max(observed, initial=0) < 256 else "<u4"
    expected = scales.mean_breaks(stack)
    recorded = scales.count_breaks(observed)
    gap = scales.difference_breaks(observed, stack)
    return {
        "name": name,
        "observed": {"kind": wide[1:], "values": _base64(observed, wide)},
        "means": [{"forecaster": who} | pack_means(mean) for who, mean in means.items()],
        "scales": {
            "mean": _scale(expected, scales.sequential(expected), scales.labels(expected)),
            "observed": _scale(
                recorded, scales.sequential(recorded), scales.labels(recorded, whole=True)
            ),
            "difference": _scale(gap, scales.diverging(gap), scales.labels(gap, signed=True)),
        },
    }


def _scale(breaks: list[float], colours: list[str], labels: list[str]) -> dict[str, Any]:
    return {"breaks": breaks, "colours": colours, "labels": labels}


def _base64(values: Array, kind: str) -> str:
    return base64.b64encode(np.ascontiguousarray(values).astype(kind).tobytes()).decode("ascii")
