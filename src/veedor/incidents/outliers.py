"""`find_outliers`: points far from all other places, and those of them that mean "nowhere"."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np
import numpy.typing as npt
from pyproj import CRS, Proj, Transformer
from pyproj.aoi import AreaOfInterest
from pyproj.database import query_crs_info
from pyproj.enums import PJType
from pyproj.exceptions import ProjError

from veedor.arrays import Bools, Floats

Rows = npt.NDArray[np.int64]

_CHUNK = 1_000_000
#: Points that are looked at to find where the bulk lies; each point counts once.
_SAMPLE = 100_000
_FEWEST_POINTS = 10
#: Share of the points that is cut off on each side of the bulk, and at least one.
_TAIL = 0.01
#: A point is far from the bulk beyond so many times its width, and so many metres at least.
_FAR_TIMES, _FAR_M = 1.0, 20_000.0
#: From here on a point that repeats is no place that incidents happen at.
_DEFAULT_TIMES, _DEFAULT_M = 3.0, 100_000.0
#: A default point repeats so often, and no other point lies so near.
_DEFAULT_COUNT, _ALONE_M = 3, 20_000.0
#: How near a point lies to a false origin, which may be written with three decimals of a degree.
_ORIGIN_DEGREES = 1e-3
#: More points alone that repeat are towns, each geocoded to its centre.
_MOST_DEFAULTS = 2
_MOST_FAR = 1_000_000


@dataclass(frozen=True, eq=False)
class Outliers:
    """What lies far from all other places.

    Parameters
    ----------
    defaults : array of int64
        Positions of the incidents on default points: a false origin of a projection that is used
        there, or a point alone that repeats.
    far : array of int64
        Positions of the other incidents that are far from the bulk of the places.
    points : int
        How many distinct points those are on.
    farthest_m : float or None
        Distance of the farthest of those from the middle of the bulk.
    """

    defaults: Rows
    far: Rows
    points: int
    farthest_m: float | None


NONE = Outliers(np.empty(0, dtype=np.int64), np.empty(0, dtype=np.int64), 0, None)


def find_outliers(x_m: Floats, y_m: Floats, crs: str) -> Outliers:
    """Find the points far from all other places.

    The bulk lies between the quantiles at 1% and 99% of the distinct points on each axis. A point
    beyond it by more than its width, and 20 km, is far. One beyond it by three times its width, and
    100 km, is a default point if it is where some CRS that is used there has its (0, 0), or if
    three or more incidents are on it and none on another point within 20 km. Where there are more
    than two of the latter kind they are taken for towns, each written as its centre.

    Parameters
    ----------
    x_m, y_m : array, shape (n,)
        Metres of `crs`; NaN without a place.
    crs : str
    """
    bulk = _bulk(x_m, y_m)
    if bulk is None:
        return NONE
    low, high = bulk
    reach = max(_FAR_TIMES * float(np.max(high - low)), _FAR_M)
    rows = _outside(x_m, y_m, low - reach, high + reach)
    if not 0 < len(rows) <= _MOST_FAR:
        return NONE
    places = np.column_stack((x_m[rows], y_m[rows]))
    points, point, count = np.unique(places, axis=0, return_inverse=True, return_counts=True)
    point = point.ravel()
    away = max(_DEFAULT_TIMES * float(np.max(high - low)), _DEFAULT_M)
    beyond = np.any((points < low - away) | (points > high + away), axis=1)
    middle = (low + high) / 2
    alone = beyond & _repeats_alone(points, count)
    if np.count_nonzero(alone) > _MOST_DEFAULTS:
        alone[:] = False
    default = alone | (beyond & _is_origin(points, middle, crs))
    far = ~default[point]
    others = points[~default]
    return Outliers(
        rows[~far],
        rows[far],
        len(others),
        float(np.max(np.hypot(*(others - middle).T))) if len(others) else None,
    )


def _bulk(x_m: Floats, y_m: Floats) -> tuple[Floats, Floats] | None:
    """Lower left and upper right corner of the bulk of the distinct points."""
    step = max(1, len(x_m) // _SAMPLE)
    x, y = np.asarray(x_m[::step]), np.asarray(y_m[::step])
    there = np.isfinite(x)
    points = np.unique(np.column_stack((x[there], y[there])), axis=0)
    if len(points) < _FEWEST_POINTS:
        return None
    cut = max(1, int(_TAIL * len(points)))
    ordered = np.sort(points, axis=0)
    return ordered[cut], ordered[-1 - cut]


def _outside(x_m: Floats, y_m: Floats, low: Floats, high: Floats) -> Rows:
    found = []
    for first in range(0, len(x_m), _CHUNK):
        x, y = x_m[first : first + _CHUNK], y_m[first : first + _CHUNK]
        out = (x < low[0]) | (x > high[0]) | (y < low[1]) | (y > high[1])
        found.append(np.flatnonzero(out) + first)
    return np.concatenate(found)


def _repeats_alone(points: Floats, count: Rows) -> Bools:
    alone = np.ones(len(points), dtype=bool)
    order = np.argsort(points[:, 0], kind="stable")
    x = points[order, 0]
    for at, place in enumerate(points):
        if count[at] < _DEFAULT_COUNT:
            continue
        low, high = np.searchsorted(x, (place[0] - _ALONE_M, place[0] + _ALONE_M))
        beside = points[order[low:high]]
        alone[at] = np.count_nonzero(np.hypot(*(beside - place).T) <= _ALONE_M) == 1
    return alone & (count >= _DEFAULT_COUNT)


def _is_origin(points: Floats, middle: Floats, crs: str) -> Bools:
    """Whether points are where a CRS that is used in the middle of the bulk has its (0, 0)."""
    parsed = CRS.from_user_input(crs)
    to_degrees = Transformer.from_crs(parsed, "EPSG:4326", always_xy=True)
    lon, lat = (float(value) for value in to_degrees.transform(*middle))
    found = np.zeros(len(points), dtype=bool)
    if not (np.isfinite(lon) and np.isfinite(lat)):
        return found
    degrees = np.column_stack(to_degrees.transform(points[:, 0], points[:, 1]))
    for known in query_crs_info(
        pj_types=[PJType.PROJECTED_CRS],
        area_of_interest=AreaOfInterest(lon, lat, lon, lat),
        contains=True,
    ):
        origin = _origin(known.auth_name, known.code)
        if origin is not None:
            with np.errstate(invalid="ignore"):
                found |= np.all(np.abs(degrees - origin) <= _ORIGIN_DEGREES, axis=1)
    return found


@cache  # some 10 ms each, and hundreds are used in one place
def _origin(authority: str, code: str) -> tuple[float, float] | None:
    """Longitude and latitude of a projected CRS's (0, 0)."""
    try:
        lon, lat = Proj(CRS.from_authority(authority, code))(0.0, 0.0, inverse=True)
    except ProjError:  # grid systems, and what PROJ itself cannot compute
        return None
    return float(lon), float(lat)
