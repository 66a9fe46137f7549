"""Every pair within reach is found once, and none else."""

import numpy as np
import pytest

from veedor.forecasters.selfexciting import ring_edges
from veedor.forecasters.selfexciting.pairs import Grid, Pairs


@pytest.mark.parametrize("reach_days", [1, 7, 30])
@pytest.mark.parametrize("reach_m", [170.0, 500.0])
def test_pairs_are_those_of_all_against_all(reach_days, reach_m):
    rng = np.random.default_rng(2)
    n = 300
    x, y = rng.uniform(-900, 2000, n), rng.uniform(100, 1500, n)
    x[:40], y[:40] = np.round(x[:40], -2), np.round(y[:40], -2)
    day = rng.integers(0, 45, n)
    edges = ring_edges(reach_m, 100.0)
    pairs = Pairs.of(Grid.of(x, y, day, reach_m, reach_days), x, y, day, edges, reach_days)
    for child in range(n):
        lag = day[child] - day
        apart = np.hypot(x - x[child], y - y[child])
        near = (lag >= 1) & (lag <= reach_days) & (apart < reach_m)
        ring = np.searchsorted(edges, apart[near], side="right") - 1
        expected = np.sort((lag[near] - 1) * (len(edges) - 1) + ring)
        mine = np.sort(pairs.index[pairs.indptr[child] : pairs.indptr[child + 1]])
        np.testing.assert_array_equal(mine, expected)


def test_points_beyond_the_grid_find_what_is_near():
    grid = Grid.of(np.array([0.0, 10.0]), np.array([0.0, 0.0]), np.array([0, 3]), 300.0, 5)
    far = Pairs.of(
        grid, np.array([-250.0, 5000.0]), np.zeros(2), np.array([4, 4]), ring_edges(300.0, 100.0), 5
    )
    np.testing.assert_array_equal(np.diff(far.indptr), [2, 0])


def test_no_incidents_make_no_pairs():
    none, days = np.zeros(0), np.zeros(0, dtype=np.int64)
    grid = Grid.of(none, none, days, 300.0, 5)
    assert len(Pairs.of(grid, none, none, days, ring_edges(300.0, 100.0), 5)) == 0
