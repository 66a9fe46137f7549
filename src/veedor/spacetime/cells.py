"""`Cells`: the places for which incidents are counted and forecast."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt
import shapely
from pyproj import Transformer

from veedor.arrays import Floats, Geometries, Ints
from veedor.errors import CellSizeRefusal, DataError, phrase
from veedor.incidents.model import require_metres, require_true_metres
from veedor.spacetime.areas import StudyArea
from veedor.spacetime.lattices import Lattice, SquareLattice
from veedor.spacetime.tilings import LatticeTiling, PolygonTiling, Tiling
from veedor.tables.personal import refuse_personal_places

#: Smaller cells would be addresses, not places.
MIN_CELL_AREA_KM2 = 0.01

_MOST_TILES = 2_000_000
#: Points located at a time.
_CHUNK = 1_000_000
_SLIGHT_OVERLAP = 0.02
_ROUNDED_CORNERS = 3e-4


@dataclass(frozen=True, eq=False)
class Cells:
    """Disjoint places, in an order that is canonical for everything that refers to them.

    Build them with `on_lattice` or `from_polygons`.

    Parameters
    ----------
    cell_id : array of str, shape (n,)
    polygons : array of shapely geometries, shape (n,)
        In metres of `crs`.
    x_m, y_m : array, shape (n,)
        Centroids.
    area_km2 : array, shape (n,)
        At least 0.01.
    neighbours : (indptr, indices), CSR
        Cells that touch cell c: ``indices[indptr[c]:indptr[c + 1]]``, ascending.
    crs : str
        Projected coordinate reference system in metres.
    shape : str
        ``"square"``, ``"hexagon"`` or ``"polygon"``.
    size_m : float or None
        Side of a square or width of a hexagon; None for polygons.
    tiling : Tiling
        Finds the cell of a point.
    source : str
        Where the outline comes from, in words.
    lost_km2 : float
        Ground of the study area in specks too small to be a cell and with no neighbour to join.

    Raises
    ------
    CellSizeRefusal
        If a cell is smaller than 0.01 km2.
    GeographicCoordinatesError
        If `crs` is not in metres, or its metres are not metres on the ground at the cells.
    """

    cell_id: npt.NDArray[np.str_]
    polygons: Geometries
    x_m: Floats
    y_m: Floats
    area_km2: Floats
    neighbours: tuple[Ints, Ints]
    crs: str
    shape: str
    size_m: float | None
    tiling: Tiling
    source: str
    lost_km2: float = 0.0

    def __post_init__(self) -> None:
        require_metres(self.crs)
        if len(self.cell_id) == 0:
            raise DataError("A study must have at least one cell.", found=phrase("none"))
        require_true_metres(self.crs, float(np.mean(self.x_m)), float(np.mean(self.y_m)))
        _refuse_small(self.area_km2, self.cell_id)
        if len(np.unique(self.cell_id)) != len(self.cell_id):
            raise DataError("Cell ids must be unique.", found=phrase("an id given twice"))

    def __len__(self) -> int:
        return len(self.cell_id)

    @cached_property
    def digest(self) -> str:
        """Hash of ids and polygons in their order: equal for equal cells, in any process."""
        found = hashlib.sha256(f"{self.crs} {self.shape} {self.size_m}".encode())
        for name, polygon in zip(self.cell_id, shapely.to_wkb(self.polygons), strict=True):
            found.update(str(name).encode() + b" " + polygon)
        return found.hexdigest()

    @classmethod
    def on_lattice(cls, area: StudyArea, lattice: Lattice) -> Cells:
        """Tiles of a lattice, clipped to the study area.

        A clipped piece smaller than 0.01 km2 joins the neighbour with which it shares the longest
        border, so that no ground is lost and no cell is an address.

        Raises
        ------
        CellSizeRefusal
            If a whole tile of the lattice is smaller than 0.01 km2.
        DataError
            If the area would need millions of cells.
        """
        zero = np.zeros(1, dtype=np.int64)
        _refuse_small(shapely.area(lattice.tiles(zero, zero)) / 1e6, np.array(["one tile"]))
        i, j = _covering(area, lattice)
        tiles = lattice.tiles(i, j)
        shapely.prepare(area.polygon)
        meets = shapely.intersects(area.polygon, tiles)
        i, j, tiles = i[meets], j[meets], tiles[meets]
        whole = shapely.covers(area.polygon, tiles)
        pieces = tiles.copy()
        pieces[~whole] = shapely.intersection(area.polygon, tiles[~whole])
        ground = shapely.area(pieces) / 1e6
        kept = ground > 1e-9
        i, j, pieces, whole, ground = i[kept], j[kept], pieces[kept], whole[kept], ground[kept]

        tiling, polygons, clipped, lost_km2 = _join_specks(lattice, i, j, pieces, ground)
        if len(polygons) == 0:
            raise DataError(
                "The study area must be larger than a cell may be small.",
                found=phrase("{ground:.4f} km2", ground=float(ground.sum())),
                where=area.source,
            )
        ids = np.array([f"{a}_{b}" for a, b in zip(tiling.i, tiling.j, strict=True)])
        centre = shapely.centroid(polygons)
        return cls(
            cell_id=ids,
            polygons=polygons,
            x_m=shapely.get_x(centre),
            y_m=shapely.get_y(centre),
            area_km2=clipped,
            neighbours=tiling.neighbours(),
            crs=area.crs,
            shape="square" if isinstance(lattice, SquareLattice) else "hexagon",
            size_m=lattice.size_m,
            tiling=tiling,
            source=area.source,
            lost_km2=lost_km2,
        )

    @classmethod
    def from_polygons(
        cls,
        polygons: Geometries,
        ids: list[str],
        crs: str,
        *,
        source: str,
        area_km2: Floats | None = None,
    ) -> Cells:
        """Use the user's own polygons, in their order.

        `area_km2`, shape (n,), is that of the polygons before their corners were rounded; it is
        passed over if an overlap had to be cut.

        Raises
        ------
        CellSizeRefusal
            If one is smaller than 0.01 km2.
        DataError
            If two overlap by more than 2% of the smaller one's area. Slighter overlaps, as
            simplified outlines have them, go to the first of the two, and `source` says so; below
            0.03% corners were rounded, and a point in both is in the first.
        """
        refuse_personal_places(ids, what=phrase("a cell's name"), where=source)
        tree = shapely.STRtree(polygons)
        left, right = tree.query(polygons, predicate="intersects")
        pairs = left < right
        first, second = left[pairs], right[pairs]
        ground = shapely.area(polygons)
        overlap = shapely.intersection(polygons[first], polygons[second])
        shared = shapely.area(overlap) / np.minimum(ground[first], ground[second])
        if float(shared.max(initial=0.0)) > _SLIGHT_OVERLAP:
            worst = int(np.argmax(shared))
            raise DataError(
                "Cells must not overlap.",
                found=phrase(
                    "{pairs} overlapping pairs, the worst {ids} and {ids_2} by {shared:.1%} of the "
                    "smaller one",
                    pairs=int((shared > _SLIGHT_OVERLAP).sum()),
                    ids=ids[first[worst]],
                    ids_2=ids[second[worst]],
                    shared=shared[worst],
                ),
                where=source,
                remedy="clean the polygons, or use a square grid",
            )
        polygons = polygons.copy()
        for pair in np.flatnonzero(shared > _ROUNDED_CORNERS):
            polygons[second[pair]] = shapely.difference(
                polygons[second[pair]], polygons[first[pair]]
            )
        cut = int(np.sum(shared > _ROUNDED_CORNERS))
        if cut:
            source += f"; {cut} overlaps of at most {shared.max():.2%} went to the first of the two"
        if area_km2 is None or cut:
            area_km2 = shapely.area(polygons) / 1e6
        order = np.lexsort((np.concatenate([second, first]), np.concatenate([first, second])))
        rows = np.concatenate([first, second])[order]
        indptr = np.searchsorted(rows, np.arange(len(polygons) + 1)).astype(np.int64)
        centre = shapely.centroid(polygons)
        return cls(
            cell_id=np.array(ids),
            polygons=polygons,
            x_m=shapely.get_x(centre),
            y_m=shapely.get_y(centre),
            area_km2=area_km2,
            neighbours=(indptr, np.concatenate([second, first])[order].astype(np.int64)),
            crs=crs,
            shape="polygon",
            size_m=None,
            tiling=PolygonTiling(polygons),
            source=source,
        )

    def locate(self, x_m: Floats, y_m: Floats) -> npt.NDArray[np.int32]:
        """Index of the cell that holds each point, shape like `x_m`; -1 outside or without place.

        O(n) array work on a lattice, O(n log cells) for polygons.
        """
        index = np.full(len(x_m), -1, dtype=np.int32)
        for first in range(0, len(x_m), _CHUNK):
            x, y = x_m[first : first + _CHUNK], y_m[first : first + _CHUNK]
            placed = np.flatnonzero(np.isfinite(x) & np.isfinite(y))
            index[placed + first] = self.tiling.locate(x[placed], y[placed])
        return index

    def take(self, order: Ints) -> Cells:
        """Return the cells at `order`, in that order; neighbours that are left out are dropped."""
        place = np.full(len(self), -1, dtype=np.int64)
        place[order] = np.arange(len(order))
        indptr, indices = self.neighbours
        rows = [
            np.sort(near[near >= 0])
            for near in (place[indices[indptr[c] : indptr[c + 1]]] for c in order)
        ]
        return Cells(
            cell_id=self.cell_id[order],
            polygons=self.polygons[order],
            x_m=self.x_m[order],
            y_m=self.y_m[order],
            area_km2=self.area_km2[order],
            neighbours=(
                np.concatenate([[0], np.cumsum([len(row) for row in rows])]).astype(np.int64),
                np.concatenate(rows) if rows else np.zeros(0, dtype=np.int64),
            ),
            crs=self.crs,
            shape=self.shape,
            size_m=self.size_m,
            tiling=self.tiling.take(order, place),
            source=self.source,
            lost_km2=self.lost_km2,
        )

    def lonlat_polygons(self) -> Geometries:
        """Polygons in WGS84 longitude and latitude, shape (n,)."""
        to_degrees = Transformer.from_crs(self.crs, "EPSG:4326", always_xy=True)
        degrees: Geometries = shapely.transform(
            self.polygons, lambda xy: np.column_stack(to_degrees.transform(xy[:, 0], xy[:, 1]))
        )
        return degrees


def _covering(area: StudyArea, lattice: Lattice) -> tuple[Ints, Ints]:
    """Addresses of tiles over each part of the area, once each, row by row from the south.

    Part by part, so that a part far away does not cost all the tiles between.
    """
    parts = shapely.get_parts(area.polygon)
    west, south, east, north = shapely.bounds(parts).T
    wide, high = (east - west) / lattice.size_m + 1.0, (north - south) / lattice.size_m + 1.0
    tiles = float(np.sum(wide * high))
    if tiles > _MOST_TILES:
        raise DataError(
            phrase("A study must have at most {most_tiles:,} cells.", most_tiles=_MOST_TILES),
            found=phrase(
                "about {tiles:,.0f} of {size_m:g} m over an extent of {east_west_km:,.0f} x "
                "{north_south_km:,.0f} km",
                tiles=tiles,
                size_m=lattice.size_m,
                east_west_km=(east.max() - west.min()) / 1000.0,
                north_south_km=(north.max() - south.min()) / 1000.0,
            ),
            where=area.source,
            remedy="use larger cells or a smaller area, and check its coordinates",
        )
    addresses = [lattice.covering(part.bounds) for part in parts]
    i, j = (np.concatenate(axis) for axis in zip(*addresses, strict=True))
    columns = int(i.max()) - int(i.min()) + 1
    _, first = np.unique((j - j.min()) * columns + (i - i.min()), return_index=True)
    return i[first], j[first]


def _refuse_small(area_km2: Floats, names: npt.NDArray[np.str_]) -> None:
    small = np.flatnonzero(area_km2 < MIN_CELL_AREA_KM2 * (1 - 1e-9))
    if len(small):
        raise CellSizeRefusal(
            "A cell must be at least 10,000 m2 (100 m x 100 m): veedor forecasts places, "
            "not addresses.",
            found=phrase(
                "{n_small} smaller ones, the smallest of {smallest_m2:,.0f} m2",
                n_small=len(small),
                smallest_m2=1e6 * area_km2.min(),
            ),
            where=", ".join(str(name) for name in names[small[:5]]),
            remedy="use larger cells",
        )


def _join_specks(
    lattice: Lattice,
    i: Ints,
    j: Ints,
    pieces: Geometries,
    ground: Floats,
) -> tuple[LatticeTiling, Geometries, Floats, float]:
    """Let pieces below the minimum join a neighbour; number the cells that remain."""
    large = ground >= MIN_CELL_AREA_KM2 * (1 - 1e-9)
    number = np.where(large, np.cumsum(large) - 1, -1)
    at = {(int(a), int(b)): n for n, (a, b) in enumerate(zip(i, j, strict=True))}
    joined: dict[int, list[int]] = {}
    lost = 0.0
    for speck in np.flatnonzero(~large):
        near = [
            at[key]
            for di, dj in lattice.offsets
            if (key := (int(i[speck]) + di, int(j[speck]) + dj)) in at and large[at[key]]
        ]
        border = shapely.length(shapely.intersection(pieces[near], pieces[speck])) if near else []
        if len(border) == 0 or max(border) <= 0.0:
            lost += float(ground[speck])
            continue
        host = near[int(np.argmax(border))]
        number[speck] = number[host]
        joined.setdefault(host, []).append(int(speck))
    for host, specks in joined.items():
        pieces[host] = shapely.union_all(pieces[[host, *specks]])
    polygons = pieces[large]
    kept = number >= 0
    tiling = LatticeTiling.of(lattice, i[large], j[large], i[kept], j[kept], number[kept], polygons)
    return tiling, polygons, shapely.area(polygons) / 1e6, lost
