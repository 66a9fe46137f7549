"""Planted patterns come back, and where there is nothing the tests keep silent.

``benchmarks/pattern_sizes.py`` measures the size of every test over 1,000 simulations; here are the
quick ones, and the coverage of the intervals.
"""

import numpy as np
import pytest

from veedor.patterns import (
    baseline,
    concentration,
    decompose,
    emerging,
    find_shifts,
    hot_spots,
    mann_kendall,
    map_change,
    near_repeats,
    poisson_trend,
    weekly_watch,
)
from veedor.patterns.departures import draw_counts
from veedor.statistics import share_of_places_holding


def _record(rng, n, repeats=0, season=0.0):
    """Clustered places, dates with a season, and some incidents repeated nearby within a week."""
    x, y = rng.uniform(0, 8000, (2, 40))[:, rng.integers(0, 40, n)] + rng.normal(0, 400, (2, n))
    day = np.floor(365 * (rng.beta(1 + season, 1 + season, n))).astype(int)
    parent = rng.integers(0, n, repeats)
    angle, far = rng.uniform(0, 2 * np.pi, repeats), rng.uniform(10, 90, repeats)
    x = np.r_[x, x[parent] + far * np.cos(angle)]
    y = np.r_[y, y[parent] + far * np.sin(angle)]
    return x, y, np.r_[day, day[parent] + rng.integers(1, 8, repeats)]


def test_a_planted_near_repeat_is_found_in_its_band_and_not_elsewhere():
    rng = np.random.default_rng(1)
    found = near_repeats(*_record(rng, 3000, repeats=300), rng, permutations=999)
    assert found.q_value[1, 1] <= 0.03
    assert found.ratio[1, 1] == np.nanmax(found.ratio)
    assert found.ratio[1, 1] > found.seasonal_high[1, 1]
    assert found.low[1, 1] > 1.1
    assert (found.q_value[3:, 2:] > 0.05).all()


def test_a_season_of_all_places_alike_is_no_near_repeat():
    rng = np.random.default_rng(2)
    named = [
        (near_repeats(*_record(rng, 500, season=3.0), rng, permutations=199).q_value <= 0.05).any()
        for _ in range(40)
    ]
    assert np.mean(named) <= 0.1


def test_districts_with_seasons_of_their_own_look_like_repeats_and_the_seasonal_record_shows_it():
    rng = np.random.default_rng(3)
    x, y = rng.uniform(0, 4000, (2, 4000))
    day = np.where(x < 2000, rng.integers(0, 120, 4000), rng.integers(240, 360, 4000))
    found = near_repeats(x, y, day, rng, permutations=199)
    assert found.ratio[3, 1] > 1.5
    assert found.seasonal_low[3, 1] < found.ratio[3, 1] < found.seasonal_high[3, 1]


def test_intervals_of_concentration_cover_what_a_record_of_that_length_gives_on_average():
    rng = np.random.default_rng(4)
    rate = rng.gamma(0.5, 0.4, 300)

    def record():
        return rng.poisson(rate, (52, 300))

    truth = np.mean([share_of_places_holding(record().sum(axis=0), 0.5) for _ in range(300)])
    held = [
        one.low <= truth <= one.high
        for one in (concentration(record(), rng, simulations=1).holding["0.5"] for _ in range(200))
    ]
    assert 0.89 <= np.mean(held) <= 0.99


@pytest.mark.parametrize(
    ("ratio", "carried", "least", "most"),
    [(1.0, 0.0, 0.0, 0.1), (1.0, 0.3, 0.0, 0.13), (1.5, 0.0, 0.95, 1.0), (1.5, 0.3, 0.75, 1.0)],
)
def test_level_shifts_are_named_as_often_as_said_and_found_when_there(ratio, carried, least, most):
    rng = np.random.default_rng(5)
    mean = np.r_[np.full(60, 20.0), np.full(44, 20.0 * ratio)]
    drawn = draw_counts(np.broadcast_to(mean, (120, 104)), 2.0, rng, carried)
    found = [find_shifts(counts, np.ones(104), rng, simulations=99) for counts in drawn]
    assert least <= np.mean([one.p_value <= 0.05 for one in found]) <= most
    if ratio > 1.0:
        covered = [
            s.low <= 1.5 <= s.high for one in found for s in one.shifts if len(one.shifts) == 1
        ]
        assert np.mean(covered) > 0.88


def test_the_watch_alarms_no_more_than_said_with_what_it_has_to_estimate():
    """100 areas with baselines of their own; 5 alarms are to be expected, if a share were known."""
    rng = np.random.default_rng(8)
    years = (np.arange(104) + 0.5) * 7 / 365.25
    mean = np.outer(8 * np.exp(0.25 * np.cos(2 * np.pi * years)), np.ones(100))
    counts = draw_counts(mean.T, 1.5, rng).T
    base = baseline(counts[:78], counts[:78].sum(axis=1), years[:78], years[78:])
    known = {"dispersion": base.dispersion, "carried": base.carried, "error": base.error}
    found = weekly_watch(counts[78:], base.expected, rng, known_from=78, simulations=400, **known)
    assert found.false_alarms == pytest.approx(100 * 26 / 520, rel=0.1)
    assert found.alarm.sum() <= 11
    naive = weekly_watch(counts[78:], base.expected, rng, simulations=400)
    assert naive.alarm.sum() > 11


def test_the_band_of_a_trend_holds_the_level():
    """Smaller than ``benchmarks/pattern_coverage.py``, which measures them all."""
    rng = np.random.default_rng(9)
    level = 40 * (1 + 0.2 * np.sin(2 * np.pi * np.arange(400) / 400))
    held = []
    for _ in range(6):
        found = decompose(rng.poisson(level), rng, replicates=29)
        held.append((found.low <= level) & (level <= found.high))
    assert 0.85 <= np.mean(held) <= 0.99


@pytest.mark.parametrize(
    ("steps", "carried", "most"),
    [(24, 0.0, 0.06), (24, 0.4, 0.09), (60, 0.4, 0.075), (120, 0.6, 0.075)],
)
def test_mann_kendall_is_near_its_level_where_departures_last(steps, carried, most):
    rng = np.random.default_rng(7)
    noise = rng.normal(size=(steps + 50, 3000))
    for k in range(1, len(noise)):
        noise[k] += carried * noise[k - 1]
    assert 0.02 <= np.mean(mann_kendall(noise[50:]).p_value <= 0.05) <= most
    # What counts is the order alone.
    np.testing.assert_array_equal(
        mann_kendall(noise[50:, :20]).p_value, mann_kendall(np.exp(noise[50:, :20])).p_value
    )


def test_hot_spots_trends_and_changed_places_are_rarely_named_where_there_are_none(grid):
    rng = np.random.default_rng(6)
    cells = grid(12, 12)
    hot, moved, trending = [], [], []
    for _ in range(60):
        counts = rng.poisson(rng.gamma(1.0, 3.0, 144), (12, 144))
        found = hot_spots(counts.sum(axis=0), cells.neighbours, rng, permutations=9_999)
        hot.append((found.kind != 0).any())
        one, two = counts[:6].sum(axis=0), counts[6:].sum(axis=0)
        moved.append(map_change(one, two, rng, simulations=1).changed.any())
        trending.append((poisson_trend(counts, np.arange(12) / 12).q_value <= 0.05).any())
    assert max(np.mean(hot), np.mean(moved), np.mean(trending)) <= 0.12


def test_blocks_that_rise_slowly_are_emerging_though_hot_in_no_month(grid):
    """One incident a month and cell, three at the end; as hot spots of single months none shows."""
    rng, cells = np.random.default_rng(10), grid(42, 42)
    column, row = (np.round(one / 500 - 0.5).astype(int) for one in (cells.x_m, cells.y_m))
    blocks = [
        (np.abs(column - 3 - 7 * x) <= 1) & (np.abs(row - 3 - 7 * y) <= 1)
        for x in range(6) for y in range(5)
    ]  # fmt: skip
    planted = np.any(blocks, axis=0)
    mean = np.outer(np.ones(24), rng.gamma(2.0, 0.5, len(cells)))
    mean[:, planted] *= np.linspace(1, 3, 24)[:, None]
    found = emerging(rng.poisson(mean), cells.neighbours)
    rises = np.isin(found.hot_class, ["rising", "new", "consecutive", "intensifying"])
    assert sum(rises[one].any() for one in blocks) >= 27
    touched = np.isin(np.arange(len(cells)), np.concatenate([
        cells.neighbours[1][cells.neighbours[0][c] : cells.neighbours[0][c + 1]]
        for c in np.flatnonzero(planted)
    ]))  # fmt: skip
    named = (found.trend_q <= 0.05) & ~planted & ~touched
    assert named.sum() <= 0.05 * (found.trend_q <= 0.05).sum() + 5


@pytest.mark.parametrize("carried", [0.0, 0.3])
def test_places_without_a_change_are_rarely_named_beside_one_that_changed(carried):
    """One place of 40, with a third of all incidents, doubles half-way."""
    rng = np.random.default_rng(11)
    mean = np.outer(np.r_[np.full(40, 0.5)], np.ones(104))
    mean[0] = 10.0
    mean[0, 52:] *= 2
    maps, trends = [], []
    for _ in range(60):
        weeks = draw_counts(mean, 1.0, rng, carried)
        long_run = (1 + carried) / (1 - carried)
        one, two = (part.sum(axis=1).astype(int) for part in (weeks[:, :52], weeks[:, 52:]))
        found = map_change(one, two, rng, simulations=1, dispersion=long_run).changed
        assert found[0] == 1
        maps.append(found[1:].any())
        trend = poisson_trend(weeks.T, np.arange(104) / 52)
        trends.append((trend.q_value[1:] <= 0.05).any())
    assert max(np.mean(maps), np.mean(trends)) <= 0.12
