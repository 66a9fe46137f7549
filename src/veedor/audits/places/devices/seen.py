"""Ground that at least one device sees, and that two or more do: joined, never summed."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import shapely

from veedor.arrays import Floats, Geometries, Ints


class Seen(NamedTuple):
    """Ground in view.

    Parameters
    ----------
    once, twice : array, shape (m,)
        Seen by at least one device; by two or more.
    """

    once: Floats
    twice: Floats


def joined(views: Geometries, counts: Floats, group: Ints, n: int) -> tuple[Geometries, Geometries]:
    r"""Ground in one view or more, and in two or more, of each group of views, shape (n,) each.

    Two parts of a group with :math:`(A_1, A_2)` and :math:`(B_1, B_2)` have together

    .. math:: (A_1 \cup B_1, \; A_2 \cup B_2 \cup (A_1 \cap B_1)),

    which does not hang on the order, so that parts are joined by twos, those of all groups at once.

    Parameters
    ----------
    views : object array of polygons, shape (k,)
        In metres.
    counts : array, shape (k,)
        Devices that each view is of; of 0 it is not there.
    group : array of int, shape (k,)
        In [0, n).
    n : int
    """
    kept = np.flatnonzero((counts > 0.0) & ~shapely.is_empty(views))
    kept = kept[np.argsort(group[kept], kind="stable")]
    one, of = views[kept], group[kept]
    two = np.where(counts[kept] > 1.0, one, shapely.Polygon())
    while len(of) and bool(np.any(of[1:] == of[:-1])):
        first = np.flatnonzero(np.r_[True, of[1:] != of[:-1]])
        place = np.arange(len(of)) - np.repeat(first, np.diff(np.r_[first, len(of)]))
        left = np.flatnonzero((place % 2 == 0) & np.r_[of[1:] == of[:-1], False])
        both = _ground(shapely.intersection(one[left], one[left + 1]))
        double = shapely.union(two[left], two[left + 1])
        two[left] = shapely.union(double, both)
        one[left] = shapely.union(one[left], one[left + 1])
        keep = np.ones(len(of), dtype=bool)
        keep[left + 1] = False
        one, two, of = one[keep], two[keep], of[keep]
    once: Geometries = np.full(n, shapely.Polygon(), dtype=object)
    twice = once.copy()
    once[of], twice[of] = one, two
    return once, twice


def seen_in(views: Geometries, counts: Floats, zones: Geometries) -> Seen:
    """Ground of each zone that is in view, in the square of its unit.

    Parameters
    ----------
    views : object array of polygons, shape (k,)
    counts : array, shape (k,)
        Devices that each view is of.
    zones : object array of polygons, shape (m,)
        Valid, in the same metres.

    Notes
    -----
    A zone that one view holds whole is not cut. O((k + pieces) log zones).
    """
    m, area = len(zones), shapely.area(zones)
    there = np.flatnonzero((counts > 0.0) & ~shapely.is_empty(views))
    view, zone = shapely.STRtree(zones).query(views[there], predicate="intersects")
    view = there[view]
    shapely.prepare(views)
    holds = shapely.covers(views[view], zones[zone])
    whole = np.bincount(zone[holds], weights=counts[view[holds]], minlength=m)
    cut = ~holds & (whole[zone] < 2.0)
    view, zone = view[cut], zone[cut]
    shapely.prepare(zones)
    pieces = views[view]
    apart = ~shapely.covers(zones[zone], pieces)
    pieces[apart] = _ground(shapely.intersection(pieces[apart], zones[zone[apart]]))
    one, two = joined(pieces, counts[view], zone, m)
    some, more = shapely.area(one), shapely.area(two)
    once = np.where(whole >= 1.0, area, np.minimum(some, area))
    # Under one view that holds it whole, whatever else sees a zone is the second.
    twice = np.where(whole >= 2.0, area, np.where(whole == 1.0, some, more))
    return Seen(once, np.minimum(twice, once))


def _ground(shapes: Geometries) -> Geometries:
    """Polygons of what shapes share: where they only touch, it is none."""
    found = shapes.copy()
    kinds = shapely.get_type_id(found)
    found[shapely.get_dimensions(found) < 2] = shapely.Polygon()
    for place in np.flatnonzero(kinds == shapely.GeometryType.GEOMETRYCOLLECTION):
        parts = shapely.get_parts(shapes[place])
        found[place] = shapely.union_all(parts[shapely.get_dimensions(parts) == 2])
    return found
