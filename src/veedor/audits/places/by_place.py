"""`PlaceFigures`: what an audit found at each place, with its interval and what it is out of."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
import numpy.typing as npt
import shapely
from pyproj import Transformer

from veedor.arrays import Floats
from veedor.audits.audit import finite
from veedor.audits.places.assignment import Shared
from veedor.audits.places.predictions import Predictions
from veedor.audits.places.zones import PeopledZones, text_id
from veedor.errors import DataError, phrase
from veedor.files.replacing import replacing
from veedor.spacetime.areas import read_polygons
from veedor.statistics.codes import Denominator, Method
from veedor.tables.csv_file import write_rows
from veedor.tables.escape import shown

Numbers = tuple[float | None, ...]

TABLE, OUTLINES = "places.csv", "places.geojson"
#: How a number of a place is known where nothing about it is estimated.
COUNTED = Method("none_counted")
_LONLAT = "EPSG:4326"
#: Of a box: less of it in a zone is rounding.
_SPECK = 1e-9
_DIGITS = 7


class PlaceColumn(msgspec.Struct, frozen=True):
    """One figure of every place.

    Parameters
    ----------
    statistic : str
        Its code.
    assignment : str
        Under which reading of the data; empty where there is no choice.
    value : tuple of float or None
        In the order of the places; None where undefined.
    low, high : tuple of float or None
        Ends of the intervals; empty where there are none, and `method` says why.
    out_of : tuple of float
        Of a rate, the size of each place's denominator; empty for a count.
    level : float
        Of the intervals; 1 for bounds.
    method : Method
    denominator : Denominator
    """

    statistic: str
    assignment: str
    value: Numbers
    method: Method
    denominator: Denominator
    low: Numbers = ()
    high: Numbers = ()
    out_of: tuple[float, ...] = ()
    level: float = 0.95

    def of(self, place: int) -> tuple[float | None, float | None, float | None]:
        """Value, low and high of one place."""
        low, high = (ends[place] if ends else None for ends in (self.low, self.high))
        return self.value[place], low, high


class PlaceCodes(msgspec.Struct, frozen=True):
    """Of every place, which of a few kinds it is."""

    statistic: str
    assignment: str
    code: tuple[str, ...]


class PlaceFigures(msgspec.Struct, frozen=True):
    """What was found at each place.

    Parameters
    ----------
    about : str
        ``simulated`` or ``observed``, where an audit is of both; else empty.
    place : tuple of str
        Ids, unique.
    name : tuple of str
        Empty where places have no names beside their ids.
    columns : tuple of PlaceColumn
    codes : tuple of PlaceCodes
    """

    about: str
    place: tuple[str, ...]
    columns: tuple[PlaceColumn, ...]
    codes: tuple[PlaceCodes, ...] = ()
    name: tuple[str, ...] = ()

    def column(self, statistic: str, assignment: str = "") -> PlaceColumn | None:
        """Return the column of a statistic; None where there is none."""
        named = (statistic, assignment)
        return next((c for c in self.columns if (c.statistic, c.assignment) == named), None)

    def kinds(self, statistic: str, assignment: str = "") -> PlaceCodes | None:
        """Return the codes of a statistic; None where there are none."""
        named = (statistic, assignment)
        return next((c for c in self.codes if (c.statistic, c.assignment) == named), None)

    def called(self, place: int) -> str:
        """Name of a place, with its id where it has another name."""
        name = self.name[place] if self.name else ""
        return f"{name} ({self.place[place]})" if name else self.place[place]


@dataclass(frozen=True, eq=False)
class PlaceOutlines:
    """Outlines of some places.

    Parameters
    ----------
    file : str
    polygons : object array, shape (n,)
        In WGS84 longitude and latitude, in the order of the places; None for a place without one.
    """

    file: str
    polygons: npt.NDArray[np.object_]

    @property
    def known(self) -> npt.NDArray[np.bool_]:
        """Which places have an outline, shape (n,)."""
        found: npt.NDArray[np.bool_] = np.array([one is not None for one in self.polygons], bool)
        return found

    @classmethod
    def of_zones(cls, zones: PeopledZones, file: str) -> PlaceOutlines:
        """Take the outlines of zones, as their file draws them."""
        if zones.source == _LONLAT:
            return cls(file, zones.outlines)
        move = Transformer.from_crs(zones.source, _LONLAT, always_xy=True)
        return cls(file, shapely.transform(
            zones.outlines, lambda xy: np.column_stack(move.transform(xy[:, 0], xy[:, 1]))
        ))  # fmt: skip

    @classmethod
    def read(cls, path: Path, id_column: str, places: Sequence[str]) -> PlaceOutlines:
        """Read the outlines of places from GeoJSON, plain or .gz; others in the file are left.

        Raises
        ------
        DataError
            If a feature lacks the property, or a place has two outlines.
        """
        polygons, properties = read_polygons(path, _LONLAT)
        wanted = {name: at for at, name in enumerate(places)}
        found = np.full(len(places), None, dtype=object)
        for polygon, row in zip(polygons, properties, strict=True):
            at = wanted.get(text_id(row, id_column, path))
            if at is None:
                continue
            if found[at] is not None:
                raise DataError(
                    "Ids of zones must be unique.",
                    found=phrase("{twice} more than once", twice=shown(places[at])),
                    where=path.name,
                )
            found[at] = polygon
        return cls(path.name, found)


def column(
    statistic: str,
    value: npt.ArrayLike,
    denominator: Denominator,
    *,
    assignment: str = "",
    ends: tuple[npt.ArrayLike, npt.ArrayLike] | None = None,
    method: Method = COUNTED,
    out_of: npt.ArrayLike | None = None,
    level: float = 0.95,
) -> PlaceColumn:
    """Make a column of arrays, in which what is not finite is None."""
    low, high = ((), ()) if ends is None else (_numbers(ends[0]), _numbers(ends[1]))
    sizes = () if out_of is None else tuple(np.asarray(out_of, dtype=np.float64).tolist())
    return PlaceColumn(
        statistic, assignment, _numbers(value), method, denominator, low, high, sizes, level
    )


def _numbers(values: npt.ArrayLike) -> Numbers:
    return tuple(map(finite, np.asarray(values, dtype=np.float64).tolist()))


def box_bounds(
    predictions: Predictions, zones: PeopledZones, shared: Shared
) -> tuple[Floats, Floats]:
    """Fewest and most predictions that a zone can have had, whatever point of a box is meant.

    Parameters
    ----------
    predictions : Predictions
    zones : PeopledZones
    shared : Shared
        As `by_box` found it.

    Returns
    -------
    fewest, most : array, shape (zones,)
        Predictions of the boxes that lie whole in the zone, and in no other; of all that have
        ground in it. Both ways to assign, by centre and by ground, lie between them.
    """
    box, zone, pieces = shared
    part = shapely.area(pieces) / shapely.area(predictions.extents(zones.crs))[box]
    meets = part > _SPECK
    holders = np.bincount(box[meets], minlength=len(predictions))
    whole = meets & (part >= 1.0 - _SPECK) & (holders[box] == 1)
    fewest, most = (
        np.bincount(zone[which], weights=predictions.count[box[which]], minlength=len(zones))
        for which in (whole, meets)
    )
    return fewest.astype(np.float64), most.astype(np.float64)


def holding_half(count: Floats, population: Floats) -> list[str]:
    """Tell apart the zones that hold half between them, those predicted most per resident first.

    Returns
    -------
    list of str
        ``half``, ``other``, or ``none`` for a zone without a prediction.

    Examples
    --------
    >>> holding_half(np.array([6.0, 0.0, 3.0, 1.0]), np.array([10.0, 5.0, 1.0, 9.0]))
    ['half', 'none', 'half', 'other']
    """
    with np.errstate(divide="ignore", invalid="ignore"):
        rate = np.where(population > 0.0, count / population, -1.0)
    order = np.argsort(-rate, kind="stable")
    counted = np.where(population > 0.0, count, 0.0)[order]
    before = np.cumsum(counted) - counted
    codes = np.where(count > 0.0, "other", "none").astype("<U5")
    codes[order[(before < 0.5 * counted.sum()) & (counted > 0.0)]] = "half"
    return list(map(str, codes.tolist()))


def write_places(figures: PlaceFigures, path: Path) -> None:
    """Write figures of places as CSV, a row a place; text is made safe for spreadsheets.

    A statistic is a column, with its assignment where there is one, and its interval in two more
    that end in ``_low`` and ``_high``.
    """
    head, columns = ["place"], [list(figures.place)]
    if figures.name:
        head.append("name")
        columns.append(list(figures.name))
    for codes in figures.codes:
        head.append(_header(codes.statistic, codes.assignment))
        columns.append(list(codes.code))
    values: list[Sequence[Any]] = [*columns]
    for one in figures.columns:
        name = _header(one.statistic, one.assignment)
        head.append(name)
        values.append(one.value)
        if one.low:
            head += [f"{name}_low", f"{name}_high"]
            values += [one.low, one.high]
    write_rows(head, zip(*values, strict=True), path)


def _header(statistic: str, assignment: str) -> str:
    return f"{statistic}_{assignment}" if assignment else statistic


def write_outlines(figures: PlaceFigures, outlines: PlaceOutlines, path: Path) -> None:
    """Write the outlines of places as GeoJSON (WGS84), with their ids; a crash leaves the old file.

    Corners are rounded to a centimetre.
    """
    known = np.flatnonzero(outlines.known)
    drawn = shapely.transform(outlines.polygons[known], lambda xy: np.round(xy, _DIGITS))
    features = [
        {
            "type": "Feature",
            "properties": {"place": figures.place[at]},
            "geometry": json.loads(outline),
        }
        for at, outline in zip(known.tolist(), shapely.to_geojson(drawn).tolist(), strict=True)
    ]
    with replacing(path) as part:
        part.write_text(
            json.dumps({"type": "FeatureCollection", "features": features}), encoding="utf-8"
        )
