"""Local statistics and hot spots."""

import numpy as np
import pytest

from veedor.errors import DataError
from veedor.patterns import empirical_bayes_rates, hot_spots, kernel_density
from veedor.statistics import getis_ord, permutation_p_values
from veedor.statistics.spatial import draw_subsets


def test_a_planted_block_is_hot_and_the_rest_is_not(grid):
    cells = grid(20, 20)
    counts = np.random.default_rng(1).poisson(2.0, 400)
    block = (np.abs(cells.x_m - 5000) < 1300) & (np.abs(cells.y_m - 5000) < 1300)
    counts[block] += 15
    found = hot_spots(counts, cells.neighbours, np.random.default_rng(2))
    inner = (np.abs(cells.x_m - 5000) < 800) & (np.abs(cells.y_m - 5000) < 800)
    assert (found.kind[inner] == 1).all()
    far = (np.abs(cells.x_m - 5000) > 2500) | (np.abs(cells.y_m - 5000) > 2500)
    assert (found.kind[far] == 1).sum() == 0


def test_cells_in_another_order_give_the_same_statistics(grid):
    cells = grid(6, 5)
    counts = np.random.default_rng(1).poisson(2.0, 30)
    order = np.random.default_rng(2).permutation(30)
    one = hot_spots(counts, cells.neighbours, np.random.default_rng(1), permutations=99)
    two = hot_spots(
        counts[order], cells.take(order).neighbours, np.random.default_rng(1), permutations=99
    )
    np.testing.assert_allclose(one.z[order], two.z)
    np.testing.assert_allclose(one.moran[order], two.moran)


def test_places_without_a_value_are_left_out_as_neighbours_too(grid):
    cells = grid(5, 1)
    values = np.array([1.0, 2.0, np.nan, 50.0, 3.0])
    found = hot_spots(values, cells.neighbours, np.random.default_rng(1), permutations=99)
    assert np.isnan(found.z[2])
    assert found.kind[2] == 0
    pairs = np.arange(5), np.array([1, 0, 3, 2])
    np.testing.assert_allclose(found.z[[0, 1, 3, 4]], getis_ord([1.0, 2.0, 50.0, 3.0], pairs))


def test_equal_values_are_no_hot_spots_and_raise_no_warning(grid):
    found = hot_spots(
        np.full(9, 4.0), grid(3, 3).neighbours, np.random.default_rng(1), permutations=99
    )
    assert np.isnan(found.z).all()
    assert (found.kind == 0).all()
    assert (found.p_value == 1.0).all()


def test_too_few_places_are_refused(grid):
    with pytest.raises(DataError, match="three"):
        hot_spots([1.0, np.nan, 2.0], grid(3, 1).neighbours, np.random.default_rng(1))


def test_sets_hold_no_number_twice_and_every_number_as_often():
    drawn = draw_subsets(9, 4, 20_000, np.random.default_rng(1))
    assert all(len(set(row)) == 4 for row in drawn[:500].tolist())
    share = np.bincount(drawn.ravel(), minlength=9) / 20_000
    np.testing.assert_allclose(share, 4 / 9, atol=0.02)


def test_a_small_denominator_does_not_stand_out():
    counts, people = np.array([1, 100, 110, 90]), np.array([10, 10_000, 10_000, 10_000])
    rates = empirical_bayes_rates(counts, people)
    assert counts[0] / people[0] > 9 * counts[1] / people[1]
    assert abs(rates[0]) < 9
    with pytest.raises(DataError):
        empirical_bayes_rates([1], [-1])


def test_islands_have_no_test():
    alone = np.array([0, 0, 1, 2]), np.array([2, 1])
    more, less = permutation_p_values(
        [1.0, 2.0, 3.0], alone, np.random.default_rng(1), permutations=9
    )
    assert np.isnan(more[0])
    assert np.isfinite(less[1])


def test_density_of_an_even_record_is_even(grid):
    cells = grid(8, 8, 250.0)
    np.testing.assert_allclose(kernel_density(np.full(64, 3), cells, 400.0), 3 / 0.0625)


def test_a_busy_place_among_places_quieter_than_chance_gives_is_no_hot_spot():
    # A star: the middle is far above the mean, its eight neighbours have nothing at all.
    n, rng = 400, np.random.default_rng(1)
    values = rng.poisson(20.0, n).astype(float) + 5.0
    values[0], values[1:9] = 5000.0, 0.0
    indptr = np.concatenate([[0, 8], 8 + np.arange(1, 9), np.full(n - 9, 16)])
    neighbours = indptr.astype(np.int64), np.r_[np.arange(1, 9), np.zeros(8, dtype=np.int64)]
    found = hot_spots(values, neighbours, np.random.default_rng(2), permutations=9_999)
    assert found.z[0] > 0
    assert found.p_value[0] < 0.001  # fewer around it than chance gives
    assert found.kind[0] == 0
    assert found.quadrant[0] == 3  # high among low


def test_everything_in_one_cell_is_described(grid):
    cells = grid(10, 10)
    counts = np.zeros(100, dtype=int)
    counts[44] = 500
    found = hot_spots(counts, cells.neighbours, np.random.default_rng(1), permutations=999)
    assert np.isfinite(found.z).all()
    assert found.kind[44] == 0  # nothing around it: one busy cell is no spot of many
