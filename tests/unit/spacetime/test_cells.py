import json

import numpy as np
import pytest
import shapely

from veedor.errors import CellSizeRefusal, DataError, GeographicCoordinatesError, UnreadableError
from veedor.spacetime import (
    Cells,
    HexagonLattice,
    SquareLattice,
    StudyArea,
    footprint,
    read_polygons,
)

CRS = "EPSG:32721"
LATTICES = [SquareLattice(500.0), SquareLattice(100.0), HexagonLattice(500.0)]


def blob() -> StudyArea:
    """An outline with a hole, a notch and no straight edge."""
    angle = np.linspace(0.0, 2.0 * np.pi, 200, endpoint=False)
    radius = 2300.0 + 400.0 * np.sin(5.0 * angle)
    ring = np.column_stack([1234.5 + radius * np.cos(angle), 987.6 + radius * np.sin(angle)])
    hole = shapely.Point(1300.0, 1100.0).buffer(620.0)
    return StudyArea(shapely.Polygon(ring).difference(hole), CRS, "blob")


@pytest.mark.parametrize("lattice", LATTICES, ids=str)
def test_cells_are_disjoint_and_cover_the_area(lattice):
    area = blob()
    cells = Cells.on_lattice(area, lattice)
    union = shapely.union_all(cells.polygons)
    assert cells.area_km2.min() >= 0.01 * (1 - 1e-9)
    assert cells.area_km2.sum() == pytest.approx(union.area / 1e6, rel=1e-9)
    assert cells.area_km2.sum() + cells.lost_km2 == pytest.approx(area.polygon.area / 1e6)
    assert len(set(cells.cell_id)) == len(cells)


@pytest.mark.parametrize("lattice", LATTICES, ids=str)
def test_a_point_is_in_the_cell_whose_polygon_holds_it(lattice):
    area = blob()
    cells = Cells.on_lattice(area, lattice)
    rng = np.random.default_rng(1)
    x, y = rng.uniform(-2000, 4500, 20_000), rng.uniform(-2000, 4500, 20_000)
    index = cells.locate(x, y)
    inside = index >= 0
    assert shapely.intersects_xy(cells.polygons[index[inside]], x[inside], y[inside]).all()
    in_area = shapely.intersects_xy(area.polygon, x, y)
    assert not (inside & ~in_area).any()
    lost_share = cells.lost_km2 / cells.area_km2.sum()
    assert (in_area & ~inside).mean() <= lost_share + 0.002


def test_points_without_a_place_are_in_no_cell(grid):
    cells = grid(2, 2)
    assert cells.locate(np.array([np.nan, 1.0]), np.array([np.nan, 1.0])).tolist() == [-1, 0]


def test_squares_are_half_open(grid):
    cells = grid(2, 1)
    index = cells.locate(np.array([0.0, 499.999, 500.0]), np.array([0.0, 0.0, 0.0]))
    assert index.tolist() == [0, 0, 1]


@pytest.mark.parametrize("lattice", [SquareLattice(99.0), HexagonLattice(105.0)], ids=str)
def test_cells_below_the_minimum_are_refused(lattice):
    with pytest.raises(CellSizeRefusal, match="10,000 m2"):
        Cells.on_lattice(blob(), lattice)


def test_small_polygons_are_refused():
    with pytest.raises(CellSizeRefusal, match="addresses"):
        Cells.from_polygons(np.array([shapely.box(0, 0, 99, 99)]), ["a"], CRS, source="s")


def test_degrees_are_refused():
    with pytest.raises(GeographicCoordinatesError, match="metres"):
        StudyArea(shapely.box(0, 0, 1, 1), "EPSG:4326", "degrees")


def test_neighbours_of_squares_are_the_queens(grid):
    indptr, indices = grid(3, 3).neighbours
    assert np.diff(indptr).tolist() == [3, 5, 3, 5, 8, 5, 3, 5, 3]
    assert indices[indptr[0] : indptr[1]].tolist() == [1, 3, 4]


def test_polygon_cells_share_borders_and_slight_overlaps_are_cut():
    left, right = shapely.box(0, 0, 1000, 1000), shapely.box(999, 0, 2000, 1000)
    cells = Cells.from_polygons(np.array([left, right]), ["l", "r"], CRS, source="two")
    assert cells.neighbours[1].tolist() == [1, 0]
    assert cells.area_km2.sum() == pytest.approx(2.0)
    assert "1 overlaps" in cells.source
    assert cells.locate(np.array([999.5, 1000.0]), np.array([5.0, 5.0])).tolist() == [0, 0]


def test_overlapping_polygons_are_refused():
    with pytest.raises(DataError, match="must not overlap"):
        Cells.from_polygons(
            np.array([shapely.box(0, 0, 1000, 1000), shapely.box(500, 0, 2000, 1000)]),
            ["a", "b"],
            CRS,
            source="two",
        )


def test_taking_cells_keeps_their_points_and_neighbours(grid):
    cells = grid(4, 3)
    order = np.random.default_rng(2).permutation(len(cells))
    taken = cells.take(order)
    x, y = np.random.default_rng(3).uniform(0, 1500, (2, 500))
    index, moved = cells.locate(x, y), taken.locate(x, y)
    assert (taken.cell_id[moved] == cells.cell_id[index]).all()
    for new, old in enumerate(order):
        near = cells.neighbours[1][cells.neighbours[0][old] : cells.neighbours[0][old + 1]]
        got = taken.neighbours[1][taken.neighbours[0][new] : taken.neighbours[0][new + 1]]
        assert set(cells.cell_id[near]) == set(taken.cell_id[got])


def test_the_footprint_closes_gaps_and_knows_only_what_it_is_given():
    x = np.array([250.0, 250.0, 250.0, 750.0, 1250.0, 1250.0, 1250.0, 750.0, np.nan])
    y = np.array([250.0, 750.0, 1250.0, 1250.0, 1250.0, 750.0, 250.0, 250.0, np.nan])
    area = footprint(x, y, 500.0, CRS)
    assert area.polygon.area == pytest.approx(9 * 500.0**2)
    assert len(Cells.on_lattice(area, SquareLattice(500.0))) == 9


def test_a_footprint_of_nothing_is_an_error():
    with pytest.raises(DataError, match="must have an area"):
        footprint(np.array([np.nan]), np.array([np.nan]), 500.0, CRS)


def test_a_footprint_of_the_whole_world_is_an_error():
    with pytest.raises(DataError, match="close enough"):
        footprint(np.array([0.0, 1e8]), np.array([0.0, 1e8]), 100.0, CRS)


@pytest.mark.parametrize(
    "text",
    ["", "{}", "[1]", '{"type": "FeatureCollection", "features": []}', "not json"],
)
def test_what_is_not_geojson_is_one_clear_error(tmp_path, text):
    path = tmp_path / "area.geojson"
    path.write_text(text)
    with pytest.raises(UnreadableError, match=r"area\.geojson"):
        read_polygons(path, CRS)


def test_points_are_not_an_area(tmp_path):
    path = tmp_path / "points.geojson"
    point = {"type": "Feature", "geometry": {"type": "Point", "coordinates": [-58.4, -34.6]}}
    path.write_text(json.dumps({"type": "FeatureCollection", "features": [point]}))
    with pytest.raises(UnreadableError, match="must be a polygon"):
        read_polygons(path, CRS)


def test_cells_in_metres_that_are_none_on_the_ground_are_refused():
    """A Web Mercator square of 100 m covers 50 m x 50 m in Oslo: an address."""
    east, north = 1_196_000.0, 8_380_000.0
    oslo = shapely.box(east, north, east + 1000.0, north + 1000.0)
    with pytest.raises(
        GeographicCoordinatesError, match=r"(1.99|2.0\d) to (1.99|2.0\d) metres of a metre"
    ):
        Cells.on_lattice(StudyArea(oslo, "EPSG:3857", "Oslo"), SquareLattice(100.0))
    # On the equator it is as good as any.
    quito = shapely.box(-8_740_000.0, -20_000.0, -8_739_000.0, -19_000.0)
    assert len(Cells.on_lattice(StudyArea(quito, "EPSG:3857", "Quito"), SquareLattice(500.0))) >= 4


@pytest.mark.parametrize("lattice", LATTICES, ids=str)
def test_a_part_far_away_costs_no_tiles_between(lattice, monkeypatch):
    """One place misread by degrees once made millions of tiles, and took gigabytes."""
    near, far = (
        shapely.box(0.0, 0.0, 1600.0, 1600.0),
        shapely.box(4e5, 3e5, 4e5 + 900.0, 3e5 + 900.0),
    )
    beside = shapely.box(1700.0, 0.0, 2600.0, 900.0)  # shares a tile with the first
    area = StudyArea(shapely.union_all([near, beside, far]), CRS, "parts")
    made = []
    plain = type(lattice).tiles
    monkeypatch.setattr(
        type(lattice), "tiles", lambda self, i, j: made.append(len(i)) or plain(self, i, j)
    )
    cells = Cells.on_lattice(area, lattice)
    assert max(made) < 1500
    assert cells.area_km2.sum() + cells.lost_km2 == pytest.approx(area.polygon.area / 1e6)
    j, i = cells.tiling.j, cells.tiling.i
    assert np.array_equal(np.lexsort((i, j)), np.arange(len(cells)))


def test_millions_of_cells_are_refused():
    country = StudyArea(shapely.box(0.0, 0.0, 9e5, 9e5), CRS, "a country")
    with pytest.raises(DataError, match="at most 2,000,000 cells"):
        Cells.on_lattice(country, SquareLattice(100.0))
