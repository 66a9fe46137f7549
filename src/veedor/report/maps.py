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

import msgspec
import numpy as np
import numpy.typing as npt
import shapely

from veedor.errors import SameGroundError, phrase
from veedor.forecasts.expected_places import ExpectedPlace, ExpectedZone
from veedor.report import scales
from veedor.report.base_layer import BaseLayer
from veedor.report.scales import Scale
from veedor.report.words import Words
from veedor.report.words.maps import script_words
from veedor.spacetime import Gazetteer, Outlines
from veedor.spacetime.streets import MOST_STREETS

Array = npt.NDArray[Any]
_STEPS = 65535
_DEGREE = 1e6
_TEN_THOUSAND = 1e4


class PackedOutlines(msgspec.Struct, frozen=True):
    """Polygons as one run of coordinates and three runs of lengths, in base64.

    Parameters
    ----------
    coordinates : str
        int32 pairs of longitude and latitude, in millionths of a degree; the closing point of a
        ring is left out.
    ring_sizes, part_sizes, shape_sizes : str
        uint32: points per ring, rings per polygon, polygons per shape.
    bounds : list of float
        West, south, east, north.
    """

    coordinates: str
    ring_sizes: str
    part_sizes: str
    shape_sizes: str
    bounds: list[float]


class PackedZones(msgspec.Struct, frozen=True):
    """Zones: outlines, names, a point in each where its name stands, and the zone of each cell."""

    outlines: PackedOutlines
    names: list[str]
    places: list[list[float]]
    of_cell: str


class PackedLines(msgspec.Struct, frozen=True):
    """Lines: int32 pairs as of `PackedOutlines`, and the points of each, uint32, in base64."""

    coordinates: str
    sizes: str


class PackedPlaces(msgspec.Struct, frozen=True):
    """Where each cell is: its middle, and the streets by which it is found.

    Parameters
    ----------
    middles : str
        int32 pairs of latitude and longitude, in ten-thousandths of a degree.
    streets : list of str
        Every name once.
    of_cell : str
        int32, `MOST_STREETS` a cell: which streets; -1 for none.
    crossed : str
        uint8 a cell: whether they cross it, or are the nearest.
    """

    middles: str
    streets: list[str]
    of_cell: str
    crossed: str


class PackedCounts(msgspec.Struct, frozen=True):
    """Whole numbers of a kind (``u1`` or ``u4``), in base64."""

    kind: str
    values: str


class PackedMeans(msgspec.Struct, frozen=True):
    """Expected counts as 16-bit steps, evenly spaced in ``log(1 + mean / small)``, in base64.

    A mean is ``small * expm1(step * width)``; ``error`` is the largest possible error, as a share
    of ``mean + small``.
    """

    steps: str
    small: float
    width: float
    error: float


class MapScales(msgspec.Struct, frozen=True):
    """The classes of a category."""

    mean: Scale
    observed: Scale
    difference: Scale


class MapCategory(msgspec.Struct, frozen=True):
    """One category: recorded counts, and expected ones by forecaster."""

    name: str
    observed: PackedCounts
    forecasters: list[str]
    means: list[PackedMeans]
    scales: MapScales


class MapData(msgspec.Struct, frozen=True):
    """All that the page's script draws from."""

    cells: PackedOutlines
    ids: list[str]
    area_km2: str
    places: PackedPlaces
    periods: list[str]
    categories: list[MapCategory]
    zones: PackedZones | None
    base: PackedLines | None
    words: dict[str, str]


@dataclass(frozen=True)
class Maps:
    """The cells on the ground, and what was expected and recorded in each.

    Parameters
    ----------
    polygons : ndarray of shapely Polygon or MultiPolygon, shape (C,)
        WGS84 longitude and latitude.
    gazetteer : Gazetteer of length C
        Where each cell is.
    area_km2 : ndarray, shape (C,)
    observed : dict of str to int ndarray, shape (P, C)
        Recorded incidents, by category.
    means : dict of str to dict of str to float ndarray, shape (P, C)
        Expected incidents, by category and forecaster.
    zones : Outlines, optional
        What the map is found by; at least one, or None.
    expected : sequence of ExpectedPlace
        The most expected places of each category in the last period, in their order.
    expected_zones : sequence of ExpectedZone
        The zones with most expected, of each category in the last period, in their order.
    base : BaseLayer, optional
        Lines that the map is drawn with.

    Raises
    ------
    SameGroundError
        If two of these differ in cells, periods or categories.

    Examples
    --------
    >>> squares = shapely.box(np.arange(2.0), 0.0, np.arange(2.0) + 1, 1.0)
    >>> recorded = {"theft": np.zeros((1, 2), int)}
    >>> where = Gazetteer.at(["a", "b"], squares)
    >>> maps = Maps(squares, where, np.ones(2), recorded, {"theft": {}})
    >>> maps.shape
    (1, 2)
    """

    polygons: Array
    gazetteer: Gazetteer
    area_km2: Array
    observed: Mapping[str, Array]
    means: Mapping[str, Mapping[str, Array]]
    zones: Outlines | None = None
    expected: Sequence[ExpectedPlace] = ()
    expected_zones: Sequence[ExpectedZone] = ()
    base: BaseLayer | None = None

    def __post_init__(self) -> None:
        """Check that everything lies on the same ground."""
        cells = len(self.polygons)
        if cells == 0:
            raise SameGroundError("A map needs at least one cell.", found=phrase("none"))
        for name, array in (
            ("gazetteer", self.gazetteer.places),
            ("area_km2", self.area_km2),
        ):
            if len(array) != cells:
                raise SameGroundError(
                    "Each cell of a map needs one place, one area and one polygon.",
                    found=phrase(
                        "{cells} polygons and {n} {name}",
                        cells=cells,
                        n=len(array),
                        name=name,
                    ),
                )
        if set(self.observed) != set(self.means):
            raise SameGroundError(
                "Expected and recorded counts must cover the same categories.",
                found=phrase(
                    "{observed} recorded and {means} expected",
                    observed=sorted(self.observed),
                    means=sorted(self.means),
                ),
            )
        arrays = [*self.observed.values(), *(m for c in self.means.values() for m in c.values())]
        if (
            not arrays
            or self.shape[0] == 0
            or {a.shape for a in arrays} != {(self.shape[0], cells)}
        ):
            raise SameGroundError(
                "Every array of a map has a row per period, at least one, and a column per cell.",
                found=phrase(
                    "{cells} cells and arrays of the shapes {shapes}",
                    cells=cells,
                    shapes=sorted({a.shape for a in arrays}),
                ),
            )

    @property
    def shape(self) -> tuple[int, int]:
        """Number of periods and of cells."""
        first = next(iter(self.observed.values()), np.zeros((0, 0)))
        return int(first.shape[0]), len(self.polygons)


def pack(maps: Maps, periods: Sequence[str], words: Words, named: Mapping[str, str]) -> MapData:
    """Pack the map for the page.

    Parameters
    ----------
    maps : Maps
    periods : sequence of str
        What the slider says, one per period.
    words : Words
    named : dict of str
        What the page's script names besides: ``unit`` and ``reference``.
    """
    return MapData(
        cells=pack_polygons(maps.polygons),
        ids=[place.cell_id for place in maps.gazetteer.places],
        area_km2=_base64(np.asarray(maps.area_km2), "<f4"),
        places=_places(maps.gazetteer),
        periods=list(periods),
        categories=[_category(maps, name, words) for name in maps.observed],
        zones=None if maps.zones is None else _zones(maps.zones, maps.polygons),
        base=None if maps.base is None else _lines(maps.base),
        words=script_words(words) | dict(named),
    )


def pack_polygons(polygons: Array) -> PackedOutlines:
    """Pack polygons or multipolygons.

    Examples
    --------
    >>> packed = pack_polygons(np.array([shapely.box(0, 0, 1, 1)]))
    >>> packed.bounds, unpack(packed.ring_sizes, "<u4").tolist()
    ([0.0, 0.0, 1.0, 1.0], [4])
    """
    parts, shape_of_part = shapely.get_parts(polygons, return_index=True)
    rings, part_of_ring = shapely.get_rings(parts, return_index=True)
    coordinates, ring_of_point = shapely.get_coordinates(rings, return_index=True)
    closing = np.append(ring_of_point[1:] != ring_of_point[:-1], True)[: len(ring_of_point)]
    points = np.round(coordinates[~closing] * _DEGREE)
    return PackedOutlines(
        coordinates=_base64(points, "<i4"),
        ring_sizes=_base64(np.bincount(ring_of_point[~closing], minlength=len(rings)), "<u4"),
        part_sizes=_base64(np.bincount(part_of_ring, minlength=len(parts)), "<u4"),
        shape_sizes=_base64(np.bincount(shape_of_part, minlength=len(polygons)), "<u4"),
        bounds=[float(limit) for limit in shapely.total_bounds(polygons)],
    )


def pack_means(means: Array) -> PackedMeans:
    """Pack expected counts.

    Examples
    --------
    >>> packed = pack_means(np.array([0.0, 0.001, 3.0]))
    >>> steps = unpack(packed.steps, "<u2")
    >>> (packed.small * np.expm1(steps * packed.width)).round(5).tolist()
    [0.0, 0.001, 3.0]
    >>> packed.error < 1e-3
    True
    """
    values = np.clip(np.nan_to_num(np.asarray(means, dtype=float), posinf=0.0), 0.0, None)
    top = float(values.max(initial=0.0))
    small = top / 1e5 if top > 0 else 1.0
    width = math.log1p(top / small) / _STEPS if top > 0 else 1.0
    steps = np.round(np.log1p(values / small) / width)
    return PackedMeans(_base64(steps, "<u2"), small, width, error=math.expm1(width / 2))


def unpack(text: str, kind: str) -> Array:
    """Read a base64 array back.

    >>> unpack(pack_means(np.array([1.0])).steps, "<u2").tolist()
    [65535]
    """
    return np.frombuffer(base64.b64decode(text), dtype=kind)


def _places(gazetteer: Gazetteer) -> PackedPlaces:
    places = gazetteer.places
    names = sorted({name for place in places for name in place.streets})
    number = {name: at for at, name in enumerate(names)}
    of_cell = np.full((len(places), MOST_STREETS), -1)
    for row, place in zip(of_cell, places, strict=True):
        row[: len(place.streets)] = [number[name] for name in place.streets]
    middles = np.array([(place.lat, place.lon) for place in places])
    return PackedPlaces(
        middles=_base64(np.round(middles * _TEN_THOUSAND), "<i4"),
        streets=names,
        of_cell=_base64(of_cell, "<i4"),
        crossed=_base64(np.array([place.streets_m == 0.0 for place in places]), "u1"),
    )


def _lines(base: BaseLayer) -> PackedLines:
    points = shapely.get_coordinates(base.lines)
    return PackedLines(
        coordinates=_base64(np.round(points * _DEGREE), "<i4"),
        sizes=_base64(shapely.get_num_coordinates(base.lines), "<u4"),
    )


def _zones(zones: Outlines, cells: Array) -> PackedZones:
    points = shapely.get_coordinates(shapely.point_on_surface(zones.polygons))
    return PackedZones(
        outlines=pack_polygons(zones.polygons),
        names=list(zones.names),
        places=np.round(points, 6).tolist(),
        of_cell=_base64(zones.holding(cells), "<i4"),
    )


def _category(maps: Maps, name: str, words: Words) -> MapCategory:
    observed, means = maps.observed[name], maps.means[name]
    stack = list(means.values()) or [np.zeros(maps.shape)]
    wide = "<u1" if np.max(observed, initial=0) < 256 else "<u4"
    return MapCategory(
        name=name,
        observed=PackedCounts(wide[1:], _base64(observed, wide)),
        forecasters=list(means),
        means=[pack_means(mean) for mean in means.values()],
        scales=MapScales(
            mean=scales.scale_of_means(stack, words),
            observed=scales.scale_of_counts(observed, words),
            difference=scales.scale_of_differences(observed, stack, words),
        ),
    )


def _base64(values: Array, kind: str) -> str:
    return base64.b64encode(np.ascontiguousarray(values).astype(kind).tobytes()).decode("ascii")
