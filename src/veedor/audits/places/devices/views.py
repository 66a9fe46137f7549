"""Ground that a device can look at: sectors of circles in metres, true north up."""

from __future__ import annotations

from typing import Literal

import numpy as np
import shapely
from pyproj import Geod, Transformer

from veedor.arrays import Floats, Geometries, Ints
from veedor.audits.places.devices.model import ROUND, Devices
from veedor.spacetime.areas import polygonal

#: Which end of what is not known.
End = Literal["least", "most"]

#: Degrees of an arc that one side stands for.
_STEP = 5.0
#: Degrees between points of a side that is given in degrees, so that projection leaves it in place.
LONGEST_SIDE = 0.005
#: Metres from a device over which it is found where north is in a plane.
_NEAR = 100.0
_GEOD = Geod(ellps="WGS84")


def sectors(radius_m: Floats, bearing: Floats, angle: Floats) -> Geometries:
    r"""Sectors of circles about the origin, x east and y north, shape (n,).

    An arc is drawn with a side for every 5 degrees or less, :math:`\delta`. Corners stand at
    :math:`r \sqrt{\delta / \sin \delta}`, so that a sector has exactly the area
    :math:`\pi r^2 \cdot angle / 360`. Its edge then lies within 0.07% of r of the arc.

    Parameters
    ----------
    radius_m : array, shape (n,)
        r.
    bearing : array, shape (n,)
        Degrees clockwise from north: the middle of each sector.
    angle : array, shape (n,)
        In [0, 360] degrees; 360 is a circle. An angle or a radius of 0 is empty.

    Examples
    --------
    >>> quarter = sectors(np.array([2.0]), np.array([45.0]), np.array([90.0]))[0]
    >>> round(quarter.area / np.pi, 9), quarter.bounds[0] > -1e-9
    (1.0, True)
    """
    made: Geometries = np.full(len(radius_m), shapely.Polygon(), dtype=object)
    there = (radius_m > 0.0) & (angle > 0.0)
    sides = np.where(there, np.ceil(np.maximum(angle, 1e-9) / _STEP), 0).astype(np.int64)
    for n in np.unique(sides[there]):
        at = np.flatnonzero(there & (sides == n))
        delta = np.radians(angle[at]) / n
        corner = radius_m[at] * np.sqrt(delta / np.sin(delta))
        turn = np.linspace(-0.5, 0.5, n + 1)
        azimuth = np.radians(bearing[at][:, None] + angle[at][:, None] * turn)
        arc = corner[:, None, None] * np.stack([np.sin(azimuth), np.cos(azimuth)], axis=2)
        whole = angle[at] >= ROUND
        made[at[whole]] = shapely.polygons(arc[whole, :-1])
        middle = np.zeros((len(at), 1, 2))
        made[at[~whole]] = shapely.polygons(np.concatenate([middle, arc], axis=1)[~whole])
    return made


def views(devices: Devices, crs: str, end: End) -> Geometries:
    """Ground that each device can look at, in metres of `crs`, shape (n,).

    Parameters
    ----------
    devices : Devices
    crs : str
        Projected, in metres, area-preserving.
    end : {"least", "most"}
        With the shortest range and the narrowest field of view that the device may have, or the
        longest and the widest. A view that is drawn is the same at both.

    Notes
    -----
    North and scale are taken at each device, by two points 100 m from it, so that a direction is
    true wherever it stands in the plane. A device beyond the plane sees nothing in it.

    Buildings, trees and hills are not known: ground behind them counts as in view.
    """
    looks = devices.looks
    low = end == "least"
    radius = (devices.range_low_m if low else devices.range_high_m)[looks.device]
    angle = looks.angle_low if low else looks.angle_high
    about = sectors(radius, looks.bearing, angle)
    x, y, axes = _frames(devices.lon, devices.lat, crs)
    known = np.isfinite(x) & np.isfinite(y) & np.isfinite(axes).all(axis=(1, 2))
    about[~known[looks.device]] = shapely.Polygon()
    counts = shapely.get_num_coordinates(about)
    of = np.repeat(looks.device, counts)
    corners = np.einsum("nij,nj->ni", axes[of], shapely.get_coordinates(about))
    corners += np.column_stack([x, y])[of]
    found = _together(shapely.set_coordinates(about, corners), looks.device, len(devices))
    drawn = ~shapely.is_empty(devices.drawn)
    found[drawn] = _in_plane(devices.drawn[drawn], crs)
    return found


def _in_plane(outlines: Geometries, crs: str) -> Geometries:
    """Move outlines from degrees into a plane; what lies beyond it is empty."""
    move = Transformer.from_crs("EPSG:4326", crs, always_xy=True)
    moved: Geometries = shapely.transform(
        shapely.segmentize(outlines, LONGEST_SIDE),
        lambda xy: np.column_stack(move.transform(xy[:, 0], xy[:, 1])),
    )
    here = np.isfinite(shapely.bounds(moved)).all(axis=1)
    moved[~here] = shapely.Polygon()
    moved[here] = [polygonal(one) for one in moved[here]]
    return moved


def _frames(lon: Floats, lat: Floats, crs: str) -> tuple[Floats, Floats, Floats]:
    """Where each device stands in a plane, and what a metre to the east and the north is there."""
    move = Transformer.from_crs("EPSG:4326", crs, always_xy=True)
    ends = []
    for azimuth in (90.0, 0.0):
        away, up, _ = _GEOD.fwd(lon, lat, np.full(len(lon), azimuth), np.full(len(lon), _NEAR))
        ends.append(np.column_stack(move.transform(away, up)))
    x, y = move.transform(lon, lat)
    here = np.column_stack([x, y])
    with np.errstate(invalid="ignore"):
        axes = np.stack([(end - here) / _NEAR for end in ends], axis=2)
    return here[:, 0], here[:, 1], axes


def _together(shapes: Geometries, device: Ints, n: int) -> Geometries:
    """Join the sectors of each device: one that looks two ways has one view."""
    found: Geometries = np.full(n, shapely.Polygon(), dtype=object)
    many = np.bincount(device, minlength=n)
    alone = many[device] == 1
    found[device[alone]] = shapes[alone]
    for place in np.flatnonzero(many > 1):
        found[place] = shapely.union_all(shapes[device == place])
    return found
