"""Concentration of counts over places."""

import numpy as np
import pytest

from veedor.errors import DataError
from veedor.patterns import concentration
from veedor.statistics import generalised_gini, gini, share_of_places_holding


def test_generalised_gini_is_the_ordinary_one_with_more_incidents_than_places():
    counts = np.random.default_rng(1).poisson(3.0, (20, 50))
    np.testing.assert_allclose(generalised_gini(counts), gini(counts), atol=1e-12)


def test_one_incident_a_place_is_as_even_as_can_be_however_many_places_are_empty():
    counts = np.zeros(1000, dtype=int)
    counts[::7] = 1
    assert generalised_gini(counts) == pytest.approx(0.0, abs=1e-9)
    assert gini(counts) == pytest.approx(1 - 143 / 1000)
    assert generalised_gini(np.eye(1, 1000, dtype=int)[0] * 9) == pytest.approx(1 - 1 / 9)


def test_nothing_recorded_is_undefined_not_even():
    found = concentration(np.zeros((10, 5), dtype=int), np.random.default_rng(1))
    assert np.isnan(gini(np.zeros(5)))
    assert found.generalised_gini.value is None
    assert found.test.p_value is None
    assert found.chance == {}
    assert np.isnan(share_of_places_holding(np.zeros(5), 0.5))


def test_the_same_seed_gives_the_same_and_chance_can_go_by_exposure():
    counts = np.random.default_rng(1).poisson(np.r_[np.full(5, 9.0), np.ones(45)], (12, 50))
    one, two = (concentration(counts, np.random.default_rng(3)) for _ in range(2))
    assert one.chance == two.chance
    exposed = concentration(
        counts, np.random.default_rng(3), exposure=np.r_[np.full(5, 9.0), np.ones(45)]
    )
    assert one.test.p_value == 0.005  # far from even
    assert exposed.test.p_value > 0.05  # as its exposure has it


def test_few_periods_have_no_interval():
    found = concentration(np.ones((3, 4), dtype=int), np.random.default_rng(1))
    assert found.gini.low is None
    assert found.gini.method.code == "none_few_runs"


def test_negative_counts_are_refused():
    with pytest.raises(DataError, match="at least 0"):
        concentration(np.array([[1, -1]]), np.random.default_rng(1))
