"""How much of the ground around a place lies in which cell, and how much in none."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import shapely
from scipy import sparse

from veedor.arrays import Floats, Ints
from veedor.forecasters.selfexciting.events import Events
from veedor.forecasters.selfexciting.ground import Ground
from veedor.spacetime import Cells

# Points at which a ring is looked up: more for what share of it is inside than for which cells.
_PER_RING, _PER_RING_OF_CELL = 16, 8
# Rings with less of the kernel's mass than this are not looked up.
_NEGLIGIBLE = 1e-6
_BLOCK = 4_000_000


def ring_points(edges: Floats, per_ring: int) -> tuple[Floats, Floats]:
    """Offsets of points that stand for equal parts of each ring, shape (rings, per_ring).

    Their squared radii alternate between a quarter and three quarters of the way between those of
    the ring's edges; every other ring is turned by half a step.
    """
    ring = np.arange(len(edges) - 1)[:, None]
    point = np.arange(per_ring)[None, :]
    inner, outer = edges[:-1, None] ** 2, edges[1:, None] ** 2
    radius = np.sqrt(inner + (outer - inner) * (0.25 + 0.5 * (point % 2)))
    angle = 2.0 * np.pi * (point + 0.5 * (ring % 2) + 0.25) / per_ring
    return radius * np.cos(angle), radius * np.sin(angle)


def gather(x_m: Floats, y_m: Floats, side_m: float) -> tuple[Ints, Floats, Floats]:
    """Put points that share a square of side `side_m` at their mean place.

    Returns
    -------
    place : array of int64, shape (n,)
        Number of the place of each point.
    x_m, y_m : array, shape (places,)
    """
    column = np.floor(x_m / side_m).astype(np.int64)
    row = np.floor(y_m / side_m).astype(np.int64)
    wide = int(column.max(initial=0)) - int(column.min(initial=0)) + 1
    _, place = np.unique(row * wide + column, return_inverse=True)
    many = np.bincount(place)
    return (
        place,
        np.bincount(place, weights=x_m) / many,
        np.bincount(place, weights=y_m) / many,
    )


def inside(ground: Ground, x_m: Floats, y_m: Floats, edges: Floats) -> Floats:
    """Share of each ring around each place that lies in a cell, shape (places, rings)."""
    east, north = ring_points(edges, _PER_RING)
    block = max(1, _BLOCK // east.size)
    share = np.ones((len(x_m), len(edges) - 1))
    near_border = np.flatnonzero(~ground.surrounded(x_m, y_m, float(edges[-1])))
    for first in range(0, len(near_border), block):
        part = near_border[first : first + block]
        at = ground.inside(x_m[part, None, None] + east, y_m[part, None, None] + north)
        share[part] = at.mean(axis=2)
    return share


def exposure(record: Events, edges: Floats, reach_days: int, first_day: int) -> Floats:
    """How much each bin was exposed: parents whose ring and lag lie in the cells and the record.

    Parameters
    ----------
    record : Events
    edges : array, shape (rings + 1,)
    reach_days : int
    first_day : int
        Children are scored from this day on; the record's last day is the last one.

    Returns
    -------
    array, shape (reach_days, rings)
        Sum over the incidents of the share of the ring that lies in the cells, of those whose day
        plus the lag is scored.

    Notes
    -----
    Incidents that share a square half as wide as the innermost disc are put at their mean place.
    """
    place, x_m, y_m = gather(record.x_m, record.y_m, float(edges[1]) / 2.0)
    share = inside(record.ground, x_m, y_m, edges)
    days, rings = len(record.course), len(edges) - 1
    by_day = np.zeros((days + 1, rings))
    for ring in range(rings):
        by_day[1:, ring] = np.bincount(record.day, weights=share[place, ring], minlength=days)
    until = np.cumsum(by_day, axis=0)
    lag = np.arange(1, reach_days + 1)
    exposed: Floats = (
        until[np.maximum(days - lag, 0)]
        - until[np.minimum(np.maximum(first_day - lag, 0), np.maximum(days - lag, 0))]
    )
    return exposed


def spread(
    cells: Cells, x_m: Floats, y_m: Floats, edges: Floats, ring_mass: Floats
) -> sparse.csr_array:
    """Mass that a kernel around each place puts into each cell, shape (places, cells).

    Rows sum to less than 1 where part of the kernel lies outside the cells.
    """
    heavy = np.flatnonzero(ring_mass > _NEGLIGIBLE)
    blocks = []
    weight = (ring_mass[heavy] / _PER_RING_OF_CELL)[None, :, None]
    for cell in _cells_around(cells, x_m, y_m, edges, heavy):
        place = np.broadcast_to(np.arange(len(cell))[:, None, None], cell.shape)
        found = cell >= 0
        blocks.append(
            sparse.csr_array(
                (np.broadcast_to(weight, cell.shape)[found], (place[found], cell[found])),
                shape=(len(cell), len(cells)),
            )
        )
    if not blocks:
        return sparse.csr_array((0, len(cells)))
    return sparse.csr_array(sparse.vstack(blocks, format="csr"))


def spread_of_cells(cells: Cells, edges: Floats, ring_mass: Floats) -> sparse.csr_array:
    """Mass that a kernel around an incident anywhere in a cell puts into each cell.

    The incident is put at up to four points spread over its cell.

    Returns
    -------
    sparse array, shape (cells, cells)
    """
    bounds = shapely.bounds(cells.polygons)
    wide, high = bounds[:, 2] - bounds[:, 0], bounds[:, 3] - bounds[:, 1]
    quarter = np.array([[0.25, 0.25], [0.75, 0.25], [0.25, 0.75], [0.75, 0.75]])
    x = (bounds[:, :1] + wide[:, None] * quarter[:, 0]).ravel()
    y = (bounds[:, 1:2] + high[:, None] * quarter[:, 1]).ravel()
    own = np.repeat(np.arange(len(cells)), 4)
    hit = cells.locate(x, y) == own
    missed = np.flatnonzero(np.bincount(own[hit], minlength=len(cells)) == 0)
    within = shapely.point_on_surface(cells.polygons[missed])
    x = np.concatenate([x[hit], shapely.get_x(within)])
    y = np.concatenate([y[hit], shapely.get_y(within)])
    own = np.concatenate([own[hit], missed])
    of_points = spread(cells, x, y, edges, ring_mass)
    weight = 1.0 / np.bincount(own, minlength=len(cells))[own]
    mean = sparse.csr_array((weight, (own, np.arange(len(own)))), shape=(len(cells), len(own)))
    return sparse.csr_array(mean @ of_points)


def _cells_around(
    cells: Cells, x_m: Floats, y_m: Floats, edges: Floats, rings: Ints
) -> list[npt.NDArray[np.int32]]:
    """Cells of the ring points around each place, in blocks of shape (places, rings, points)."""
    east, north = (offset[rings] for offset in ring_points(edges, _PER_RING_OF_CELL))
    block = max(1, _BLOCK // east.size)
    found = []
    for first in range(0, len(x_m), block):
        x = x_m[first : first + block, None, None] + east
        y = y_m[first : first + block, None, None] + north
        found.append(cells.locate(x.ravel(), y.ravel()).reshape(x.shape))
    return found
