"""Predictions to zones: by their centre, or by the ground of each box in each zone."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np
import shapely

from veedor.arrays import Floats, Geometries, Ints
from veedor.audits.places.predictions import Predictions
from veedor.audits.places.zones import PeopledZones
from veedor.errors import DataError, phrase

#: Binary digits of a zone's sum, counted from the largest, that are more than rounding.
_DIGITS = 30


class Shared(NamedTuple):
    """Box, zone and the ground that they share, for every pair that meets."""

    box: Ints
    zone: Ints
    pieces: Geometries


@dataclass(frozen=True, eq=False)
class Assigned:
    """What each zone received.

    Parameters
    ----------
    assignment : str
        ``"centre"``, ``"box"`` or ``"stored"``.
    count : array, shape (zones,)
        Predictions of each zone.
    total : float
        Predictions that there were, inside and outside the zones.
    shared : Shared or None
        Of boxes: the ground that they share with the zones.
    """

    assignment: str
    count: Floats
    total: float
    shared: Shared | None = None


def by_centre(predictions: Predictions, zones: PeopledZones) -> Assigned:
    """Give each prediction to the zone that its centre lies in.

    On a border, or where zones overlap, each of the k zones that hold the point gets 1/k, so that
    nothing is counted twice. O(n log zones).

    Raises
    ------
    DataError
        If none falls in a zone.
    """
    count = points_by_zone(predictions.lon, predictions.lat, predictions.count, zones)
    return _assigned("centre", count, predictions)


def _assigned(assignment: str, count: Floats, predictions: Predictions) -> Assigned:
    if not count.any():
        raise DataError(
            "At least one prediction must fall in a zone.",
            found=phrase(
                "none of {n} places does, by {assignment}",
                n=len(predictions),
                assignment=assignment,
            ),
            where=predictions.source,
            remedy="check that predictions and zones are of the same city, and that lat and lon "
            "are not exchanged",
        )
    return Assigned(assignment, count, float(predictions.count.sum()))


def points_by_zone(lon: Floats, lat: Floats, weights: Floats, zones: PeopledZones) -> Floats:
    """Sum of the weights of the points in each zone, shape (zones,).

    A point that k zones hold, on a border or where zones overlap, gives each 1/k of its weight.
    Points are held against the outlines as their file draws them, where a side is straight in
    longitude and latitude (RFC 7946, section 3.1.1), so that a point on a border is on it.

    Parameters
    ----------
    lon, lat : array, shape (n,)
        WGS84 degrees.
    weights : array, shape (n,)
    zones : PeopledZones
    """
    points = shapely.points(*zones.in_file(lon, lat))
    point, zone = shapely.STRtree(zones.outlines).query(points, predicate="intersects")
    holders = np.bincount(point, minlength=len(points))
    return _sums(zone, weights[point] / holders[point], len(zones))


def _sums(zone: Ints, weights: Floats, n: int) -> Floats:
    """Sum of each zone, so that rounding makes no zone's sum differ from another's or from 0.

    Sums are whole multiples of a billionth of the largest, as a power of two: whole numbers stay.
    """
    sums = np.bincount(zone, weights=weights, minlength=n).astype(np.float64)
    largest = float(sums.max(initial=0.0))
    if not largest > 0.0:
        return sums
    step = 2.0 ** (np.floor(np.log2(largest)) - _DIGITS)
    rounded: Floats = np.round(sums / step) * step
    return rounded


def by_box(predictions: Predictions, zones: PeopledZones) -> Assigned:
    """Give each zone of a prediction the share of its ground that lies there.

    Where zones overlap, ground that k of them hold is shared by them, so that no prediction is
    counted more than once. O(n log zones).

    Raises
    ------
    StudyError
        If the size of the boxes is not known.
    DataError
        If none falls in a zone.
    """
    box, zone, pieces = shared = _shared(predictions, zones)
    part = shapely.area(pieces) / shapely.area(predictions.extents(zones.crs))[box]
    taken = np.bincount(box, weights=part, minlength=len(predictions))
    part /= np.maximum(taken, 1.0)[box]
    count = _sums(zone, predictions.count[box] * part, len(zones))
    return replace(_assigned("box", count, predictions), shared=shared)


def covered_share(
    predictions: Predictions, zones: PeopledZones, shared: Shared | None = None
) -> Floats:
    """Share of the ground of each zone that lies in any box ever predicted, shape (zones,).

    In [0, 1]. Boxes are joined first, so that ground that many boxes cover counts once. What
    `by_box` found them to share need not be found again.
    """
    box, zone, pieces = shared or _shared(predictions, zones)
    predicted = predictions.count[box] > 0.0
    zone, pieces = zone[predicted], pieces[predicted]
    order = np.argsort(zone, kind="stable")
    places, starts = np.unique(zone[order], return_index=True)
    share = np.zeros(len(zones))
    for place, near in zip(places, np.split(pieces[order], starts[1:]), strict=True):
        share[place] = shapely.area(shapely.union_all(near))
    covered: Floats = np.clip(share / shapely.area(zones.polygons), 0.0, 1.0)
    return covered


def _shared(predictions: Predictions, zones: PeopledZones) -> Shared:
    boxes = predictions.extents(zones.crs)
    box, zone = shapely.STRtree(zones.polygons).query(boxes, predicate="intersects")
    pieces = boxes[box]
    alone = np.bincount(box, minlength=len(boxes))[box] == 1
    shapely.prepare(zones.polygons)
    cut = ~alone
    cut[alone] = ~shapely.covers(zones.polygons[zone[alone]], pieces[alone])
    pieces[cut] = shapely.intersection(pieces[cut], zones.polygons[zone[cut]])
    return Shared(box, zone, pieces)
