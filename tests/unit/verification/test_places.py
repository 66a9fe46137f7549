import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from veedor.verification import captured, expected_flags, most_capturable


def test_ties_are_an_expectation_not_first_come():
    mean = np.array([[1.0, 1.0, 1.0, 1.0]])
    for hot in itertools.permutations([8, 0, 0, 0]):
        assert captured(mean, np.array([hot]), np.ones(4), 0.25)[0] == pytest.approx(2.0)


def test_the_flagged_area_is_exact_though_cells_differ():
    area = np.array([3.0, 1.0, 2.0])
    density = np.array([[5.0, 9.0, 1.0]])
    flags = expected_flags(density, area, 0.5)
    np.testing.assert_allclose(flags, [[2.0 / 3.0, 1.0, 0.0]])


def test_flagging_ranks_by_density_not_by_size_of_cell():
    mean, area = np.array([[3.0, 2.0]]), np.array([3.0, 1.0])
    assert captured(mean, np.array([[0, 5]]), area, 0.25)[0] == pytest.approx(5.0)


def test_average_over_random_tie_breaks_is_the_expectation():
    rng = np.random.default_rng(5)
    mean = rng.integers(0, 3, 12) + 0.5
    seen = rng.poisson(2.0, 12)
    expected = captured(mean[None], seen[None], np.ones(12), 0.25)[0]
    draws = []
    for _ in range(20_000):
        order = np.lexsort((rng.random(12), -mean))
        draws.append(seen[order[:3]].sum())
    assert np.mean(draws) == pytest.approx(expected, abs=0.06)


counts = hnp.arrays(np.int64, (2, 6), elements=st.integers(0, 9))
means = hnp.arrays(np.float64, (2, 6), elements=st.sampled_from([0.1, 0.2, 1.0, 3.0]))
areas = hnp.arrays(np.float64, 6, elements=st.sampled_from([0.01, 0.25, 1.0]))


@given(means, counts, areas, st.sampled_from([0.01, 0.2, 0.5, 1.0]))
def test_no_choice_beats_the_most_capturable(mean, seen, area, fraction):
    hits, most = captured(mean, seen, area, fraction), most_capturable(seen, area, fraction)
    assert (hits <= most + 1e-9).all()
    assert (most <= seen.sum(axis=1) + 1e-9).all()
    flags = expected_flags(mean / area, area, fraction)
    np.testing.assert_allclose(flags @ area, fraction * area.sum())


@given(means, counts, areas)
def test_more_area_captures_no_less_and_all_captures_all(mean, seen, area):
    previous = np.zeros(2)
    for fraction in (0.05, 0.3, 0.8, 1.0):
        hits = captured(mean, seen, area, fraction)
        assert (hits >= previous - 1e-9).all()
        previous = hits
    np.testing.assert_allclose(previous, seen.sum(axis=1))


def test_rounding_of_areas_does_not_break_a_tie():
    rng = np.random.default_rng(6)
    area = np.full(400, 0.111) * (1.0 + rng.integers(-2, 3, 400) * 2.0**-52)
    flags = expected_flags(np.full((1, 400), 0.5) / area, area, 0.05)
    np.testing.assert_allclose(flags, 0.05, rtol=1e-9)
