"""The Knox table."""

import numpy as np
import pytest
from scipy import stats

from veedor.errors import DataError
from veedor.patterns import near_repeats
from veedor.patterns.pairs import PairCounter, districts, shuffle_within


def test_bands_are_closed_above_and_the_same_place_and_day_stand_apart():
    x = np.array([0.0, 0.0, 100.0, 100.01, 5000.0])
    day = np.array([0, 0, 7, 8, 300])
    found = near_repeats(x, np.zeros(5), day, np.random.default_rng(1), permutations=19)
    assert found.observed[0, 0] == 1  # two at 0 m on day 0
    assert found.observed[1, 1] == 2  # each of them and the one at 100 m, 7 days later
    assert found.observed[2, 2] == 2  # each of them and the one at 100.01 m, 8 days later
    assert found.observed[0, 1] == 1  # 0.01 m apart is one place
    assert found.observed.sum() == 6
    assert found.distances_m == (1.0, 100.0, 200.0, 300.0, 400.0)
    assert found.days[:2] == (0, 7)
    assert found.places == 3


def test_the_expected_pairs_are_those_of_the_exact_mean_over_all_orders():
    rng = np.random.default_rng(1)
    x, y, day = *rng.uniform(0, 2000, (2, 300)), rng.integers(0, 100, 300)
    found = near_repeats(x, y, day, rng, permutations=999)
    gap = np.abs(day[:, None] - day)[np.triu_indices(300, 1)]
    far = np.hypot(x[:, None] - x, y[:, None] - y)[np.triu_indices(300, 1)]
    exact = np.sum((far > 1) & (far <= 100)) * np.mean((gap >= 1) & (gap <= 7))
    assert found.expected[1, 1] == pytest.approx(exact, rel=0.02)


def test_the_same_seed_gives_the_same_however_many_cores(monkeypatch):
    rng = np.random.default_rng(1)
    x, y, day = *rng.uniform(0, 3000, (2, 1200)), rng.integers(0, 100, 1200)
    tables = []
    for cores in (1, 3):
        monkeypatch.setattr("veedor.patterns.pairs.os.cpu_count", lambda cores=cores: cores)
        tables.append(near_repeats(x, y, day, np.random.default_rng(7), permutations=299))
    np.testing.assert_array_equal(tables[0].p_value, tables[1].p_value)
    np.testing.assert_array_equal(tables[0].seasonal_ratio, tables[1].seasonal_ratio)


def test_shuffling_within_districts_keeps_the_days_of_each():
    x = np.arange(2000.0)
    group = districts(x, np.zeros(2000), 500)
    assert np.bincount(group).tolist() == [500, 500, 500, 500]
    day = np.repeat([0, 1000], 1000)
    drawn = shuffle_within(group)(np.random.default_rng(1), day, 3)
    assert (drawn == day).all()
    day = np.arange(2000)
    drawn = shuffle_within(group)(np.random.default_rng(1), day, 2)
    assert (np.sort(drawn.reshape(2, 4, 500), axis=2) == day.reshape(4, 500)).all()
    assert (drawn[0] != drawn[1]).any()


def test_more_pairs_of_one_incident_than_a_tally_holds_are_all_counted():
    n = 9_000
    counter = PairCounter.of(
        np.zeros(n), np.zeros(n), np.zeros(n, dtype=int), np.array([1.0]), [0, 1]
    )
    observed = counter.observed(np.repeat([0, 1], n // 2)).sum(axis=0)
    assert observed[0].tolist() == [2 * (n // 2) * (n // 2 - 1) // 2, (n // 2) ** 2]


def test_every_order_of_a_part_is_as_likely_as_any_other():
    rng, group = np.random.default_rng(1), np.array([0, 1, 0, 1, 1, 1])
    drawn = shuffle_within(group)(rng, np.arange(6), 24_000)
    _, seen = np.unique(drawn, axis=0, return_counts=True)
    assert len(seen) == 2 * 24  # 2! orders of two incidents times 4! orders of four
    assert stats.chisquare(seen).pvalue > 1e-3


def test_pairs_are_counted_anew_for_each_order_across_the_ends_of_districts_and_tallies():
    rng = np.random.default_rng(1)
    x, y, day = *np.round(rng.uniform(0, 900, (2, 700)), -2), rng.integers(0, 90, 700)
    edges, lags = np.array([1.0, 150.0, 300.0]), np.array([0, 3, 11])
    counter = PairCounter.of(x, y, districts(x, y, 60), edges, lags)
    orders = np.array([rng.permutation(day) for _ in range(5)])
    counted = counter.permuted(day, [(rng, 5)], lambda _rng, _day, _many: orders.astype(np.int16))
    far = np.hypot(x[:, None] - x, y[:, None] - y)[np.triu_indices(700, 1)]
    for order, table in zip(orders, counted, strict=True):
        gap = np.abs(order[:, None] - order)[np.triu_indices(700, 1)]
        inner = far[gap <= 11], gap[gap <= 11]
        plain = np.histogram2d(*inner, bins=[[-1, 1, 150, 300.0], [-1, 0.5, 3.5, 11.5]])[0]
        np.testing.assert_array_equal(table, plain)


def test_days_over_more_than_89_years_are_refused():
    rng = np.random.default_rng(1)
    with pytest.raises(DataError, match=r"at most 32,767 days.*40,000"):
        near_repeats(np.zeros(3), np.zeros(3), np.array([0, 5, 40_000]), rng)


def test_too_little_and_bands_out_of_order_are_refused():
    rng = np.random.default_rng(1)
    with pytest.raises(DataError, match="two incidents"):
        near_repeats(np.zeros(1), np.zeros(1), np.zeros(1, dtype=int), rng)
    for bands in (
        {"distances_m": (200, 100)},
        {"distances_m": (0.5,)},
        {"distances_m": (100, np.nan)},
        {"distances_m": (100, np.inf)},
        {"distances_m": ()},
        {"distances_m": range(2, 202)},
        {"days": (0, 7)},
        {"days": (-7, 7)},
    ):
        with pytest.raises(DataError, match="ascend"):
            near_repeats(np.zeros(3), np.zeros(3), np.arange(3), rng, **bands)


def test_all_incidents_at_one_point_or_on_one_day_are_counted_without_a_warning():
    rng = np.random.default_rng(1)
    at_one_point = near_repeats(
        np.full(80, 5.0), np.full(80, 7.0), rng.integers(0, 99, 80), rng, permutations=19
    )
    assert at_one_point.places == 1
    assert at_one_point.ratio[0].tolist() == [1.0] * 5  # whatever the order of the days
    assert np.isnan(at_one_point.ratio[1:]).all()
    on_one_day = near_repeats(*rng.uniform(0, 500, (2, 80)), np.full(80, 3), rng, permutations=19)
    assert np.nanmax(on_one_day.ratio) == 1.0
    assert on_one_day.p_value[1, 0] == 1.0
    assert np.isnan(on_one_day.p_value[:, 1:]).all()


def test_a_pair_that_no_shuffle_drew_has_a_p_value():
    x = np.r_[0.0, 50.0, np.arange(200) * 5000.0 + 9000.0]
    day = np.r_[0, 1, np.arange(200) * 100 + 500]
    found = near_repeats(x, np.zeros(202), day, np.random.default_rng(1), permutations=99)
    assert found.observed[1, 1] == 1
    assert 0 < found.expected[1, 1] < 1e-3
    assert found.p_value[1, 1] == pytest.approx(0.01)


def test_a_dense_record_is_thinned_and_its_ratio_is_of_the_same():
    rng = np.random.default_rng(1)
    x, y, day = *rng.uniform(0, 2000, (2, 4000)), rng.integers(0, 200, 4000)
    again = rng.integers(0, 4000, 2000)
    x, y = np.r_[x, x[again] + 20.0], np.r_[y, y[again]]
    day = np.r_[day, day[again] + 3]
    few = {"permutations": 1, "seasonal_permutations": 1}
    whole = near_repeats(x, y, day, np.random.default_rng(1), **few)
    part = near_repeats(x, y, day, np.random.default_rng(1), most_pairs=1e5, **few)
    assert whole.thinned == 0
    assert part.incidents + part.thinned == 6000
    assert 500 < part.incidents < 3000
    assert part.low[1, 1] < whole.ratio[1, 1] < part.high[1, 1]
    at_one_point = near_repeats(
        np.zeros(6000), np.zeros(6000), day, np.random.default_rng(1), most_pairs=1e5, **few
    )
    assert at_one_point.incidents == pytest.approx(np.sqrt(2e5), abs=10)
