"""Cells of a lattice as their file states it: read back, they hold the same points as before.

Corners in degrees and back again are off by a millionth of a millimetre. Where coordinates are
recorded in whole metres many incidents lie exactly on an edge, and that much would move them into
the next cell. So a file of cells says which tiles of which lattice they are.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

import numpy as np
import shapely
from pyproj.exceptions import CRSError

from veedor.arrays import Floats, Geometries, Ints
from veedor.errors import ForecastFileError, GeographicCoordinatesError, phrase
from veedor.incidents.model import require_metres
from veedor.spacetime import Cells, HexagonLattice, SquareLattice
from veedor.spacetime.tilings import LatticeTiling

_LATTICES: dict[str, type[SquareLattice | HexagonLattice]] = {
    "square": SquareLattice,
    "hexagon": HexagonLattice,
}
_SMALLEST_M, _LARGEST_M = 100.0, 100_000.0
_TILE = re.compile(r"(-?[0-9]{1,9})_(-?[0-9]{1,9})")
_MOST_ADDRESSES = 50_000_000
# Of the ground of a tile: what reprojection there and back may be off by, and no more.
_OFF = 1e-6
_BORDER_M = 1e-5
_PUBLIC_CRS = re.compile(r"EPSG:[0-9]{4,6}")


def stated_lattice(cells: Cells) -> dict[str, Any] | None:
    """Say which lattice cells are tiles of, for their file; None for others."""
    if not isinstance(cells.tiling, LatticeTiling) or not _PUBLIC_CRS.fullmatch(cells.crs):
        return None
    return {"crs": cells.crs, "lattice": cells.shape, "size_m": cells.size_m}


def crs_of(stated: dict[str, Any], where: str) -> str | None:
    """Crs of the lattice that a file states; None where it states none.

    Raises
    ------
    ForecastFileError
        If it is not an EPSG code of metres.
    """
    crs = stated.get("crs")
    if crs is None:
        return None
    try:
        if not isinstance(crs, str) or not _PUBLIC_CRS.fullmatch(crs):
            raise ValueError  # noqa: TRY301
        require_metres(crs)
    except (ValueError, CRSError, GeographicCoordinatesError) as error:
        raise _wrong(phrase("of a crs in metres, as EPSG:32721"), crs, where) from error
    return crs


def joined_tiles(cells: Cells) -> dict[int, list[str]]:
    """Tiles besides its own that each cell holds pieces of, by number of the cell."""
    tiling = cells.tiling
    if not isinstance(tiling, LatticeTiling):
        return {}
    rows, columns = np.nonzero(tiling.table >= 0)
    number = tiling.table[rows, columns]
    i, j = columns + tiling.origin[0], rows + tiling.origin[1]
    other = (i != tiling.i[number]) | (j != tiling.j[number])
    found: dict[int, list[str]] = {}
    for cell, a, b in zip(number[other].tolist(), i[other], j[other], strict=True):
        found.setdefault(cell, []).append(f"{a}_{b}")
    return found


def on_stated_lattice(
    polygons: Geometries,
    names: Sequence[str],
    joined: Sequence[Any],
    stated: dict[str, Any],
    area_km2: Floats,
    where: str,
) -> Cells:
    """Return the cells of a file as tiles of the lattice that it states, in the file's order.

    Parameters
    ----------
    polygons : array of geometries, shape (n,)
        As the file has them, in the crs of the lattice.
    names : sequence of str
        Each ``i_j``, the address of the cell's own tile.
    joined : sequence
        Further tiles of each cell, a list of addresses; None for none.
    stated : dict
        Of `stated_lattice`.
    area_km2 : array, shape (n,)
        As the file states it.
    where : str
        Name of the file.

    Raises
    ------
    ForecastFileError
        If they are not what the file says.
    """
    size_m, shape = stated.get("size_m"), stated.get("lattice")
    fits = isinstance(size_m, int | float) and _SMALLEST_M <= size_m <= _LARGEST_M
    if not isinstance(shape, str) or shape not in _LATTICES or not fits:
        raise _wrong(phrase("a lattice of squares or hexagons of 100 m to 100 km"), stated, where)
    lattice = _LATTICES[shape](float(size_m))  # type: ignore[arg-type]
    i, j, number = _addresses(names, joined, where)
    tiles = lattice.tiles(i, j)
    whole = tiles[: len(names)].copy()
    more = np.arange(len(names), len(i))
    for cell in np.unique(number[more]):
        whole[cell] = shapely.union_all([whole[cell], *tiles[more[number[more] == cell]]])
    ground = shapely.area(whole)
    spilt = shapely.area(shapely.difference(polygons, whole)) > _OFF * ground
    if bool(spilt.any()):
        first = int(np.argmax(spilt))
        raise _wrong(
            phrase("polygons within the tiles that they are named after"), names[first], where
        )
    cut = shapely.area(polygons) < (1.0 - _OFF) * ground
    exact = np.where(cut, polygons, whole)
    # A point's address says in which tile it lies; of one that is cut, only the border of the
    # study area is asked for, and a point on it is inside.
    asked = np.where(cut, shapely.buffer(polygons, _BORDER_M, join_style="mitre"), whole)
    own = slice(0, len(names))
    tiling = LatticeTiling.of(lattice, i[own], j[own], i, j, number, asked)
    centre = shapely.centroid(exact)
    return Cells(
        cell_id=np.array(names),
        polygons=exact,
        x_m=shapely.get_x(centre),
        y_m=shapely.get_y(centre),
        area_km2=area_km2,
        neighbours=tiling.neighbours(),
        crs=str(stated["crs"]),
        shape=shape,
        size_m=float(size_m),  # type: ignore[arg-type]
        tiling=tiling,
        source=phrase("cells of {file}", file=where),
    )


def _addresses(names: Sequence[str], joined: Sequence[Any], where: str) -> tuple[Ints, Ints, Ints]:
    """Addresses of all tiles, those that cells are named after first, and the cell of each."""
    texts, number = list(names), list(range(len(names)))
    for cell, others in enumerate(joined):
        if others is not None and not isinstance(others, list):
            raise _wrong(phrase("lists of addresses in the property tiles"), others, where)
        for text in others or []:
            texts.append(str(text))
            number.append(cell)
    found = [_TILE.fullmatch(text) for text in texts]
    if not all(found):
        raise _wrong(
            phrase("tiles named as 12_-7"),
            next(t for t, f in zip(texts, found, strict=True) if not f),
            where,
        )
    i = np.array([int(match[1]) for match in found if match], dtype=np.int64)
    j = np.array([int(match[2]) for match in found if match], dtype=np.int64)
    if len(np.unique(np.stack([i, j], axis=1), axis=0)) < len(i):
        raise _wrong(phrase("each tile once"), "one twice", where)
    if (float(np.ptp(i)) + 1.0) * (float(np.ptp(j)) + 1.0) > _MOST_ADDRESSES:
        raise _wrong(
            phrase("tiles that lie together"),
            phrase("up to {n} apart", n=max(np.ptp(i), np.ptp(j))),
            where,
        )
    return i, j, np.array(number, dtype=np.int64)


def _wrong(what: str, found: object, where: str) -> ForecastFileError:
    return ForecastFileError(
        phrase("Cells that say which lattice they are of must be {what}.", what=what),
        found=f"{found!r}"[:100],
        where=phrase("{where}, member `veedor`", where=where),
        remedy="correct it, or take the member `veedor` out: cells are then any polygons",
    )
