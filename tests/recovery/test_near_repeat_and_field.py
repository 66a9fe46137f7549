"""Simulate, forecast, and see that near repeats, smooth surfaces and seasons come back."""

import numpy as np
import pytest

from veedor.forecasters import Kernel, PriorCounts, Task
from veedor.forecasters.near_repeat import NearRepeat
from veedor.forecasters.smooth_field import SmoothField
from veedor.record import Points
from veedor.spacetime import Length, Periods

WEEK = Length(1, "week")
START = np.datetime64("2022-01-03T03:00", "us")


def history(rng, cells, rate, make_incidents):
    """Poisson incidents at a rate a week and cell, shape (weeks, cells)."""
    week, cell = np.nonzero(n := rng.poisson(rate))
    times = n[week, cell]
    week, cell = np.repeat(week, times), np.repeat(cell, times)
    minute = week * 10_080 + rng.integers(0, 10_080, len(week))
    incidents = make_incidents(
        START + minute.astype("timedelta64[m]"), cells.x_m[cell], cells.y_m[cell]
    )
    return Task(
        Points.of(incidents, cutoff=START + np.timedelta64(7 * len(rate), "D"), begins=START),
        "theft",
        cells,
        WEEK,
    )


def ahead(past, first=0, last=1):
    return Periods.stepping(past.cutoff, WEEK, first, last, past.record.zone)


def divergence(true, shares):
    """Nats per incident that are lost by forecasting `shares`."""
    true = true / true.sum()
    return float(np.sum(true * np.log(true / shares)))


@pytest.mark.parametrize("seed", [0, 1, 2])
def test_a_smooth_surface_comes_back_better_than_from_counts_and_kernel(grid, make_incidents, seed):
    rng = np.random.default_rng(seed)
    cells = grid(24, 24)
    log_rate = np.sin(cells.x_m / 2200.0) + np.cos(cells.y_m / 2600.0 + seed) - cells.x_m / 6000.0
    rate = np.exp(1.3 * log_rate)
    rate *= 1500.0 / rate.sum() / 40.0
    past = history(rng, cells, np.tile(rate, (40, 1)), make_incidents)
    lost = {}
    for forecaster in (SmoothField(), PriorCounts(), Kernel()):
        shares = forecaster.fit(past).shares(past, ahead(past))[0]
        lost[type(forecaster)] = divergence(rate, shares)
    assert lost[SmoothField] < 0.7 * lost[PriorCounts]
    assert lost[SmoothField] < 0.7 * lost[Kernel]


def test_places_that_stand_out_of_the_surface_stand_out_of_the_forecast(grid, make_incidents):
    """A smooth surface alone would smear them; a large phi would too."""
    rng = np.random.default_rng(5)
    cells = grid(20, 20)
    rate = 0.1 * np.exp(np.sin(cells.x_m / 2500.0)) * rng.gamma(0.5, 2.0, len(cells))
    past = history(rng, cells, np.tile(rate, (60, 1)), make_incidents)
    fitted = SmoothField().fit(past)
    assert 0.3 < fitted.strength_ < 0.9
    shares = fitted.shares(past, ahead(past))[0]
    reference = PriorCounts().fit(past).shares(past, ahead(past))[0]
    # The uneven places are the worst ground for a surface: it must cost next to nothing there.
    assert divergence(rate, shares) < 1.03 * divergence(rate, reference)


@pytest.fixture
def seaside(grid):
    """The western fifth is twice as busy in January, the summer, and half as busy in July."""
    cells = grid(15, 15)
    weeks = np.arange(130)
    summer = np.cos(2.0 * np.pi * (7 * weeks + 3.5 - 14.0) / 365.25)
    sea = cells.x_m < 1500.0
    return cells, sea, 0.3 * np.exp(np.log(2.0) * summer[:, None] * sea)


def test_a_seaside_that_is_busy_in_summer_comes_back(seaside, make_incidents):
    cells, sea, rate = seaside
    rng = np.random.default_rng(6)
    past = history(rng, cells, rate[:104], make_incidents)
    fitted = SmoothField().fit(past)
    assert fitted.converged_
    assert fitted.season_sd_ > 0.0
    shares = fitted.shares(past, ahead(past, 0, 26))
    coast = shares[:, sea].sum(axis=1)
    true = rate[104:, sea].sum(axis=1) / rate[104:].sum(axis=1)
    np.testing.assert_allclose(coast, true, rtol=0.25)
    reference = PriorCounts().fit(past).shares(past, ahead(past))[0]
    lost = [divergence(rate[104 + week], shares[week]) for week in range(26)]
    plain = [divergence(rate[104 + week], reference) for week in range(26)]
    assert np.mean(lost) < 0.5 * np.mean(plain)


def test_a_record_of_less_than_540_days_tells_no_season(seaside, make_incidents):
    cells, _, rate = seaside
    past = history(np.random.default_rng(7), cells, rate[:70], make_incidents)
    assert SmoothField().fit(past).season_sd_ == 0.0


def test_a_steady_record_gives_no_strong_course(grid, make_incidents):
    cells = grid(15, 15)
    strong = 0
    for seed in range(8):
        past = history(
            np.random.default_rng(30 + seed), cells, np.full((90, 225), 0.2), make_incidents
        )
        fitted = SmoothField(80).fit(past)
        strong += fitted.drift_sd_ >= 0.3 or fitted.season_sd_ >= 0.3
    assert strong <= 1


def test_what_moved_across_the_area_within_a_year_drifts(grid, make_incidents):
    cells = grid(15, 15)
    weeks = np.arange(90)[:, None]
    slope = (cells.x_m - cells.x_m.mean()) / np.ptp(cells.x_m)
    rate = 0.4 * np.exp(3.0 * slope * 0.5 ** ((90 - weeks) / 26.0))
    past = history(np.random.default_rng(8), cells, rate, make_incidents)
    fitted = SmoothField().fit(past)
    assert fitted.drift_sd_ > 0.0
    reference = PriorCounts().fit(past).shares(past, ahead(past))[0]
    lost = divergence(rate[-1], fitted.shares(past, ahead(past))[0])
    assert lost < 0.2 * divergence(rate[-1], reference)


def test_near_repeats_are_found_where_they_are_and_only_there(grid, make_incidents):
    """A swarm that moves every six weeks, against ground on which nothing moves."""
    rng = np.random.default_rng(9)
    cells = grid(20, 20, 200.0)
    swarm = np.full((60, 400), 0.02)
    for bout in range(10):
        near = np.hypot(*(rng.uniform(0.0, 4000.0, 2)[:, None] - [cells.x_m, cells.y_m])) < 500.0
        swarm[6 * bout : 6 * bout + 6, near] += 1.0
    steady = np.tile(0.1 * rng.gamma(0.5, 2.0, 400), (60, 1))
    for rate, better in ((swarm, True), (steady, False)):
        past = history(rng, cells, rate[:57], make_incidents)
        mine = NearRepeat().fit(past).shares(past, ahead(past))[0]
        reference = PriorCounts().fit(past).shares(past, ahead(past))[0]
        assert (divergence(rate[57], mine) < divergence(rate[57], reference)) is better
