import numpy as np
import pytest
import shapely

from veedor.spacetime import Cells, HexagonLattice, KernelSmoother, StudyArea


def as_polygons(cells: Cells) -> Cells:
    return Cells.from_polygons(
        shapely.normalize(cells.polygons), cells.cell_id.tolist(), cells.crs, source="same"
    )


def test_filter_and_matrix_agree_on_squares(grid):
    cells = grid(12, 9)
    values = np.random.default_rng(0).gamma(1.0, 1.0, len(cells))
    square, other = KernelSmoother(cells), KernelSmoother(as_polygons(cells))
    mean = square.sum(values, 1500.0) / square.sum(cells.area_km2, 1500.0)
    same = other.sum(values, 1500.0) / other.sum(cells.area_km2, 1500.0)
    np.testing.assert_allclose(mean, same, rtol=5e-3)


def test_kernel_mean_of_a_constant_is_the_constant_up_to_the_edge(grid):
    cells = grid(7, 5)
    smoother = KernelSmoother(cells)
    mean = smoother.sum(3.0 * cells.area_km2, 800.0) / smoother.sum(cells.area_km2, 800.0)
    np.testing.assert_allclose(mean, 3.0, rtol=1e-12)


@pytest.mark.parametrize("bandwidth_m", [50.0, 500.0, 3000.0])
def test_own_weight_is_what_a_cell_gives_itself(grid, bandwidth_m):
    cells = grid(6, 6)
    for smoother in (KernelSmoother(cells), KernelSmoother(as_polygons(cells))):
        one = np.zeros(len(cells))
        one[14] = 1.0
        got = smoother.sum(one, bandwidth_m)[14]
        assert got == pytest.approx(smoother.own_weight(bandwidth_m))


def test_a_narrow_kernel_keeps_everything_in_place(grid):
    cells = grid(4, 4)
    values = np.arange(16.0)
    np.testing.assert_allclose(KernelSmoother(cells).sum(values, 20.0), values, atol=1e-12)


def test_permuted_cells_smooth_the_same(grid):
    cells = grid(5, 4)
    order = np.random.default_rng(1).permutation(20)
    values = np.random.default_rng(2).gamma(1.0, 1.0, 20)
    plain = KernelSmoother(cells).sum(values, 700.0)
    permuted = KernelSmoother(cells.take(order)).sum(values[order], 700.0)
    np.testing.assert_allclose(permuted, plain[order], rtol=1e-12)


@pytest.mark.parametrize("bandwidth_m", [100.0, 700.0, 4000.0])
def test_transform_and_matrix_agree_on_hexagons(bandwidth_m):
    ground = StudyArea(shapely.Point(0.0, 0.0).buffer(4000.0), "EPSG:32721", "round")
    cells = Cells.on_lattice(ground, HexagonLattice(500.0))
    whole = cells.area_km2 > 0.99 * cells.area_km2.max()
    cells = cells.take(np.flatnonzero(whole))  # clipped hexagons have their centres elsewhere
    values = np.random.default_rng(4).gamma(1.0, 1.0, len(cells))
    filtered = KernelSmoother(cells).sum(values, bandwidth_m)
    matrix = KernelSmoother(as_polygons(cells)).sum(values, bandwidth_m)
    np.testing.assert_allclose(filtered, matrix, rtol=1e-6)


@pytest.mark.parametrize("bandwidth_m", [20.0, 400.0, 2500.0])
@pytest.mark.parametrize("ground", ["squares", "hexagons", "polygons"])
def test_rows_together_are_summed_as_each_alone(grid, ground, bandwidth_m):
    cells = grid(9, 7)
    if ground == "hexagons":
        area = StudyArea(shapely.union_all(cells.polygons), cells.crs, "same")
        cells = Cells.on_lattice(area, HexagonLattice(450.0))
    elif ground == "polygons":
        cells = as_polygons(cells)
    smoother = KernelSmoother(cells)
    rows = np.random.default_rng(5).gamma(0.5, 2.0, (2, 3, len(cells)))
    together = smoother.sum(rows, bandwidth_m)
    alone = [[smoother.sum(row, bandwidth_m) for row in block] for block in rows]
    assert together.shape == rows.shape
    np.testing.assert_array_equal(together, alone)
    assert smoother.sum(rows[0, :0], bandwidth_m).shape == (0, len(cells))


def test_polygons_do_not_take_bandwidths_with_too_many_pairs(grid):
    assert KernelSmoother(as_polygons(grid(20, 20))).widest_m == float("inf")
    assert KernelSmoother(as_polygons(grid(60, 60))).widest_m < 60 * 500.0
