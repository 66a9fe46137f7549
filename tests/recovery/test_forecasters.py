"""Simulate, forecast, and see that what is true comes back."""

import numpy as np
import pytest

from veedor.forecasters import AreaTotals, Kernel, PastMean, PriorCounts, Recency, Region, Task
from veedor.forecasts import CountDistribution
from veedor.record import Points
from veedor.spacetime import Length, Periods
from veedor.verification import log_score

WEEK = Length(1, "week")
START = np.datetime64("2022-01-03T03:00", "us")


def simulate(rng, cells, rate, weeks, make_incidents, daily=None):
    """Poisson incidents at the given rate a cell and week, over `weeks` weeks."""
    n = rng.poisson(np.broadcast_to(rate, (weeks, len(cells))))
    week, cell = np.nonzero(n)
    times = n[week, cell]
    week, cell = np.repeat(week, times), np.repeat(cell, times)
    day = rng.choice(7, len(week), p=daily)
    minute = week * 10080 + day * 1440 + rng.integers(0, 1440, len(week))
    when = START + minute.astype("timedelta64[m]")
    return make_incidents(when, cells.x_m[cell], cells.y_m[cell])


def history(incidents, cells, weeks, length=WEEK, country=None):
    return Task(
        Points.of(incidents, cutoff=START + np.timedelta64(7 * weeks, "D"), begins=START),
        "theft",
        cells,
        length,
        Region(country),
    )


@pytest.fixture
def uneven(grid):
    rng = np.random.default_rng(11)
    cells = grid(15, 15)
    smooth = np.exp(np.sin(cells.x_m / 1500.0) + np.cos(cells.y_m / 1900.0))
    return cells, 0.08 * smooth * rng.gamma(2.0, 0.5, len(cells))


def test_shrinkage_is_nearer_the_truth_than_raw_counts_and_than_the_floor(uneven, make_incidents):
    cells, rate = uneven
    rng = np.random.default_rng(12)
    incidents = simulate(rng, cells, rate, 40, make_incidents)
    past = history(incidents, cells, 40)
    share = rate / rate.sum()

    def distance(estimate):
        p = estimate / estimate.sum()
        return float(np.sum(share * np.log(share / p)))

    ahead = Periods.stepping(past.cutoff, WEEK, 0, 1, past.record.zone)
    shrunk = distance(PriorCounts().fit(past).shares(past, ahead)[0])
    raw = distance(past.counts.values.sum(axis=0) + 0.5)
    assert shrunk < 0.9 * raw
    assert shrunk < distance(np.ones(len(cells)))


def test_recency_finds_a_shift_and_leaves_a_steady_record_alone(uneven, make_incidents):
    cells, rate = uneven
    rng = np.random.default_rng(13)
    steady = simulate(rng, cells, 8 * rate, 60, make_incidents)
    half_life = Recency().fit(history(steady, cells, 60)).half_life_days_
    assert half_life is None or half_life >= 224.0

    drifting = np.stack([8 * np.roll(rate, 40 * (week // 8)) for week in range(60)])
    moved = simulate(rng, cells, drifting, 60, make_incidents)
    past = history(moved, cells, 60)
    recent = Recency().fit(past)
    assert recent.half_life_days_ <= 112.0
    ahead = Periods.stepping(past.cutoff, WEEK, 0, 1, past.record.zone)
    seen = rng.poisson(drifting[-1], (20, len(cells)))
    mine = log_score(recent.predict(ahead).distribution, seen).mean()
    assert mine < log_score(PriorCounts().fit(past).predict(ahead).distribution, seen).mean()


def test_kernel_bandwidth_follows_the_smoothness_of_the_ground(grid, make_incidents):
    cells, rng = grid(20, 20), np.random.default_rng(14)
    smooth = 0.1 * np.exp(np.sin(cells.x_m / 2500.0))
    rough = 0.1 * rng.gamma(0.3, 3.0, len(cells))
    wide = Kernel().fit(history(simulate(rng, cells, smooth, 40, make_incidents), cells, 40))
    narrow = Kernel().fit(history(simulate(rng, cells, rough, 40, make_incidents), cells, 40))
    assert wide.bandwidth_m_ >= 2.0 * narrow.bandwidth_m_


def test_weekdays_holidays_and_levels_come_back(grid, make_incidents):
    cells, rng = grid(5, 5), np.random.default_rng(15)
    daily = np.array([1, 1, 1, 1, 2, 3, 1]) / 10.0
    incidents = simulate(rng, cells, np.full(25, 8.0), 50, make_incidents, daily)
    past = history(incidents, cells, 50, length=Length(1, "day"))
    totals = AreaTotals(past)
    days = Periods.stepping(past.cutoff, Length(1, "day"), 0, 7, past.record.zone)
    predicted = totals.predict(days)
    np.testing.assert_allclose(predicted / predicted.sum(), daily, atol=0.012)
    assert predicted.sum() == pytest.approx(200.0, rel=0.06)


def test_the_level_follows_a_shift(grid, make_incidents):
    cells, rng = grid(5, 5), np.random.default_rng(16)
    rate = np.full((60, 25), 4.0)
    rate[40:] = 8.0
    past = history(simulate(rng, cells, rate, 60, make_incidents), cells, 60)
    totals = AreaTotals(past)
    ahead = Periods.stepping(past.cutoff, WEEK, 0, 1, past.record.zone)
    assert totals.predict(ahead)[0] == pytest.approx(200.0, rel=0.08)
    assert totals.half_life_days <= 56.0


def test_totals_of_a_month_are_those_of_its_days(grid, make_incidents):
    cells, rng = grid(3, 3), np.random.default_rng(17)
    incidents = simulate(rng, cells, np.full(9, 3.0), 60, make_incidents)
    past = history(incidents, cells, 60)
    totals = AreaTotals(past)
    month = Periods.stepping(past.cutoff, Length(4, "week"), 0, 1, past.record.zone)
    weeks = Periods.stepping(past.cutoff, WEEK, 0, 4, past.record.zone)
    assert totals.predict(month)[0] == pytest.approx(totals.predict(weeks).sum())


def test_stated_uncertainty_of_cells_and_totals_holds(uneven, make_incidents):
    from veedor.verification import pit_cdf

    cells, rate = uneven
    inside_cells, inside_totals = [], []
    for seed in range(25):
        rng = np.random.default_rng(100 + seed)
        past = history(simulate(rng, cells, rate, 30, make_incidents), cells, 30)
        ahead = Periods.stepping(past.cutoff, WEEK, 0, 1, past.record.zone)
        forecast = PriorCounts().fit(past).predict(ahead)
        seen = rng.poisson(rate[None, :])
        low, high = pit_cdf(forecast.distribution, seen, [0.025, 0.975])
        inside_cells.append((high - low).mean())
        low, high = pit_cdf(forecast.totals, seen.sum(axis=1), [0.025, 0.975])
        inside_totals.append((high - low).mean())
    assert 0.93 <= np.mean(inside_cells) <= 0.97
    assert 0.85 <= np.mean(inside_totals) <= 1.0


@pytest.fixture(scope="module")
def drifting():
    """Daily totals whose level walks, with the week that comes after: (days, 7) incidents."""
    made = []
    for seed in range(30):
        rng = np.random.default_rng(300 + seed)
        level = 80.0 * np.exp(np.cumsum(rng.normal(0.0, 0.06, 287)))
        made.append(np.split(rng.poisson(level), [280]))
    return made


def test_a_week_of_days_is_as_uncertain_as_its_level_drifts(grid, make_incidents, drifting):
    from veedor.verification import pit_cdf

    cells, day = grid(1, 1), Length(1, "day")
    inside = {"week": [], "a day ahead": []}
    for counts, seen in drifting:
        when = START + np.repeat(np.arange(280), counts).astype("timedelta64[D]")
        place = np.full(len(when), 10.0)
        past = history(make_incidents(when, place, place), cells, 40, length=day)
        ahead = Periods.stepping(past.cutoff, day, 0, 7, past.record.zone)
        week = PriorCounts().fit(past).predict(ahead).totals
        alone = CountDistribution(week.mean, AreaTotals.of(past).dispersion)
        for name, totals in zip(inside, (week, alone), strict=True):
            low, high = pit_cdf(totals, seen, [0.025, 0.975])
            inside[name].append((high - low).mean())
    assert 0.91 <= np.mean(inside["week"]) <= 0.97
    assert np.mean(inside["a day ahead"]) < np.mean(inside["week"]) - 0.03


def test_the_past_mean_is_what_a_hand_computes(grid, make_incidents):
    when = START + np.array([1, 2, 30], dtype="timedelta64[D]")
    incidents = make_incidents(when, [10.0, 10.0, 600.0], [10.0, 10.0, 10.0])
    past = history(incidents, grid(3, 1), 5)
    ahead = Periods.stepping(past.cutoff, WEEK, 0, 1, past.record.zone)
    mean = PastMean().fit(past).predict(ahead).mean
    np.testing.assert_allclose(mean, np.array([[2.5, 1.5, 0.5]]) / 4.5 * 3.5 / 5)


def test_late_records_do_not_pull_the_level_down(grid, make_incidents):
    """Entered after ten days on average: the last weeks look half empty, and were not."""
    import dataclasses

    cells, rng = grid(5, 5), np.random.default_rng(18)
    incidents = simulate(rng, cells, np.full(25, 16.0), 60, make_incidents)
    days = rng.exponential(10.0, len(incidents))
    late = dataclasses.replace(
        incidents, reported_at=incidents.start + (days * 86_400e6).astype("timedelta64[us]")
    )
    past = history(late, cells, 55)
    totals = AreaTotals(past)
    ahead = Periods.stepping(past.cutoff, WEEK, 0, 1, past.record.zone)
    assert past.counts.values[-1].sum() < 200
    assert totals.predict(ahead)[0] == pytest.approx(400.0, rel=0.06)

    known = past.record.completeness(past.category, past.periods)
    age = (past.cutoff - past.periods.start) / np.timedelta64(1, "D")
    true = 1.0 - 10.0 * (np.exp(-(age - 7) / 10.0) - np.exp(-age / 10.0)) / 7.0
    np.testing.assert_allclose(known, true, atol=0.03)


def test_prompt_records_are_complete(grid, make_incidents):

    incidents = simulate(np.random.default_rng(19), grid(2, 2), np.full(4, 5.0), 20, make_incidents)
    past = history(incidents, grid(2, 2), 20)
    assert (past.record.completeness(past.category, past.periods) == 1.0).all()


@pytest.mark.parametrize("forecaster", [PriorCounts, Recency, Kernel, PastMean])
def test_a_category_that_goes_quiet_keeps_a_small_level(grid, make_incidents, forecaster):
    """What stopped may begin again: a mean of next to nothing would be certainty."""
    cells, rng = grid(3, 3), np.random.default_rng(20)
    incidents = simulate(rng, cells, np.full(9, 1.5), 10, make_incidents)
    past = history(incidents, cells, 400)
    ahead = Periods.stepping(past.cutoff, WEEK, 0, 1, past.record.zone)
    total = forecaster().fit(past).predict(ahead).mean.sum()
    assert 1e-3 < total < 2.0


def test_the_course_of_totals_follows_calendar_and_level(grid, make_incidents):
    cells, rng = grid(5, 5), np.random.default_rng(21)
    daily = np.array([1, 1, 1, 1, 2, 3, 1]) / 10.0
    rate = 8.0 * (1.0 + 0.3 * np.sin(np.arange(60) / 9.0))[:, None] * np.ones(25)
    past = history(simulate(rng, cells, rate, 60, make_incidents, daily), cells, 60)
    days = past.whole_periods(Length(1, "day"))
    course = AreaTotals(past).course(days)
    true = np.outer(rate.sum(axis=1), daily).ravel()
    assert np.corrcoef(course, true)[0, 1] > 0.99
    assert course.sum() == pytest.approx(past.counts.values.sum(), rel=0.01)
