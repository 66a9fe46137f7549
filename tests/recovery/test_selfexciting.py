"""Simulate clusters in continuous time, fit, and see that what is true comes back."""

from dataclasses import replace

import numpy as np
import pytest

from veedor.forecasters import AreaTotals, Task
from veedor.forecasters.selfexciting import Kernels, SelfExciting, ring_edges
from veedor.forecasters.selfexciting.background import Density
from veedor.forecasters.selfexciting.events import Events
from veedor.forecasters.selfexciting.fitting import fit
from veedor.forecasters.selfexciting.ground import Ground
from veedor.forecasters.selfexciting.likelihood import Likelihood
from veedor.forecasters.selfexciting.residuals import residual_test
from veedor.record import Points
from veedor.spacetime import Length, Periods

WEEK = Length(1, "week")
START = np.datetime64("2022-01-03T03:00", "us")
DAYS = 420
DAY_US = 86_400_000_000


def exponential(mean):
    return lambda rng, n: rng.exponential(mean, n)


def omori(c, p):
    return lambda rng, n: c * (rng.uniform(size=n) ** (-1.0 / (p - 1.0)) - 1.0)


def gaussian(sigma):
    return lambda rng, n: (rng.normal(0.0, sigma, n), rng.normal(0.0, sigma, n))


def power(d, q):
    def offsets(rng, n):
        r = d * np.sqrt(rng.uniform(size=n) ** (-1.0 / (q - 1.0)) - 1.0)
        angle = rng.uniform(0.0, 2.0 * np.pi, n)
        return r * np.cos(angle), r * np.sin(angle)

    return offsets


def uneven(cells, total):
    """Incidents a day in each cell, much more in some than in others."""
    rng = np.random.default_rng(11)
    rate = rng.gamma(2.0, 0.5, len(cells)) * np.exp(np.sin(cells.x_m / 1500.0))
    return rate * total / rate.sum()


def branching(rng, cells, rate, ratio, lag, offset, days=DAYS, before=60):
    """Times (days), places: a Poisson background and Poisson offspring of every incident."""
    half = cells.size_m / 2.0
    cell = rng.choice(len(cells), rng.poisson(rate.sum() * (days + before)), p=rate / rate.sum())
    t = rng.uniform(-before, days, len(cell))
    x = cells.x_m[cell] + rng.uniform(-half, half, len(cell))
    y = cells.y_m[cell] + rng.uniform(-half, half, len(cell))
    everything = [(t, x, y)]
    while len(t):
        many = rng.poisson(ratio, len(t))
        east, north = offset(rng, many.sum())
        t = np.repeat(t, many) + lag(rng, many.sum())
        x, y = np.repeat(x, many) + east, np.repeat(y, many) + north
        # What falls outside is not recorded, and has no offspring that come back.
        kept = (t < days) & (cells.locate(x, y) >= 0)
        t, x, y = t[kept], x[kept], y[kept]
        everything.append((t, x, y))
    t, x, y = (np.concatenate(part) for part in zip(*everything, strict=True))
    order = np.argsort(t)[np.sum(t < 0.0) :]
    return t[order], x[order], y[order]


def history(make_incidents, cells, t, x, y, days=DAYS):
    when = START + (t * DAY_US).astype("timedelta64[us]")
    return Task(
        Points.of(
            make_incidents(when, x, y), cutoff=START + np.timedelta64(days, "D"), begins=START
        ),
        "theft",
        cells,
        WEEK,
    )


def next_week(past):
    return Periods.stepping(past.cutoff, WEEK, 0, 1, past.record.zone)


def later_days(ratio, same_day):
    return ratio * (1.0 - same_day) / (1.0 - ratio * same_day)


@pytest.mark.parametrize("ratio", [0.2, 0.5])
@pytest.mark.parametrize(("lag", "sigma"), [(3.0, 80.0), (3.0, 200.0), (10.0, 80.0), (10.0, 200.0)])
def test_parameters_come_back(grid, make_incidents, ratio, lag, sigma):
    cells = grid(16, 16)
    rng = np.random.default_rng(int(1000 * ratio + 10 * lag + sigma))
    rate = uneven(cells, 12.0 * (1.0 - ratio))
    t, x, y = branching(rng, cells, rate, ratio, exponential(lag), gaussian(sigma))
    fitted = SelfExciting().fit(history(make_incidents, cells, t, x, y))
    assert fitted.converged_
    assert not fitted.at_lower_bound_
    assert not fitted.at_upper_bound_
    # Offspring beyond the reach are the background's.
    reached = 1.0 - np.exp(-0.5 * (500.0 / sigma) ** 2)
    kappa = later_days(ratio * reached, fitted.same_day_)
    assert abs(fitted.kappa_ - kappa) < 3.0 * fitted.kappa_se_ + 0.02
    assert abs(fitted.branching_ratio_ - ratio * reached) < 3.0 * fitted.kappa_se_ + 0.02
    assert abs(fitted.mean_lag_days_ - lag) < 3.0 * fitted.mean_lag_days_se_
    # A kernel as wide as the squares it is smoothed over is in part taken for background.
    narrowed = 0.15 * sigma if sigma > 100.0 else 0.0
    assert abs(fitted.sigma_m_ - sigma) < 3.0 * fitted.sigma_m_se_ + narrowed
    assert abs(fitted.background_share_ - (1.0 - kappa)) < 0.06


def test_power_kernels_come_back(grid, make_incidents):
    cells = grid(16, 16)
    rng = np.random.default_rng(31)
    t, x, y = branching(
        rng, cells, uneven(cells, 8.0), 0.5, omori(4.0, 3.0), power(120.0, 2.5), before=120
    )
    past = history(make_incidents, cells, t, x, y)
    fitted = SelfExciting("power", "power").fit(past)
    assert fitted.converged_
    assert fitted.branching_ratio_ == pytest.approx(0.5, abs=0.05)
    # Scale and exponent trade off along a ridge, so it is the kernels that are compared.
    kernels = fitted.kernels_
    true = np.log([4.0, 2.0, 120.0, 1.5])
    lags = np.cumsum(kernels.lags(fitted.parameters_[2:]))
    rings = np.cumsum(kernels.rings(fitted.parameters_[2:]))
    np.testing.assert_allclose(lags, np.cumsum(kernels.lags(true)), atol=0.05)
    np.testing.assert_allclose(rings, np.cumsum(kernels.rings(true)), atol=0.05)
    # The wrong family fits this record less well.
    assert fitted.log_likelihood_ > SelfExciting().fit(past).log_likelihood_ + 5.0


@pytest.mark.parametrize("background", ["cells", "kernel"])
def test_where_nothing_follows_anything_kappa_is_near_0(grid, make_incidents, background):
    """Or its kernel is as wide or slow as the reach, and the fit says so: it is background then."""
    cells = grid(16, 16)
    kappas = []
    for seed in range(6):
        rng = np.random.default_rng(seed)
        t, x, y = branching(rng, cells, uneven(cells, 12.0), 0.0, exponential(1.0), gaussian(1.0))
        fitted = SelfExciting(background=background).fit(history(make_incidents, cells, t, x, y))
        assert fitted.converged_
        assert fitted.kappa_ < 0.05 or fitted.at_upper_bound_
        kappas.append(fitted.kappa_)
    assert np.median(kappas) < 0.04


def test_the_branching_ratio_is_that_of_continuous_time(grid, make_incidents):
    """Lags of half a day: two thirds of the offspring come on the day itself."""
    cells = grid(16, 16)
    rng = np.random.default_rng(51)
    t, x, y = branching(rng, cells, uneven(cells, 12.0), 0.5, exponential(0.6), gaussian(80.0))
    fitted = SelfExciting().fit(history(make_incidents, cells, t, x, y))
    assert fitted.same_day_ > 0.4
    assert fitted.kappa_ < 0.42
    assert fitted.branching_ratio_ == pytest.approx(0.5, abs=0.06)


def test_without_edge_correction_kappa_would_be_too_small(grid, make_incidents):
    """A strip two cells wide, from which many offspring fall out."""
    cells = grid(40, 1, 300.0)
    rng = np.random.default_rng(61)
    rate = np.full(len(cells), 8.0 / len(cells))
    t, x, y = branching(rng, cells, rate, 0.5, exponential(3.0), gaussian(150.0))
    past = history(make_incidents, cells, t, x, y)
    fitted = SelfExciting().fit(past)
    kappa = later_days(0.5, fitted.same_day_)
    assert fitted.kappa_ == pytest.approx(kappa, abs=3.0 * fitted.kappa_se_ + 0.02)
    # The same fit, had every ring around every place been taken as ground.
    _, likelihood = fitted._read(past)
    lag = np.arange(1, fitted.reach_days + 1)
    scored = (likelihood.record.day[:, None] + lag >= likelihood.first_day) & (
        likelihood.record.day[:, None] + lag < DAYS
    )
    everywhere = np.ones(len(fitted.kernels_.edges) - 1)
    likelihood.exposure = scored.sum(axis=0)[:, None] * everywhere
    uncorrected = np.exp(fit(likelihood, "cells").state.parameters[1])
    assert uncorrected < fitted.kappa_ - 0.08


def test_standard_errors_are_about_the_spread_of_estimates(grid, make_incidents):
    cells = grid(10, 10)
    estimates, stated = [], []
    for seed in range(12):
        rng = np.random.default_rng(700 + seed)
        t, x, y = branching(
            rng, cells, uneven(cells, 4.0), 0.4, exponential(4.0), gaussian(100.0), days=250
        )
        fitted = SelfExciting().fit(history(make_incidents, cells, t, x, y, days=250))
        estimates.append([fitted.kappa_, np.log(fitted.mean_lag_days_), np.log(fitted.sigma_m_)])
        stated.append(
            [
                fitted.kappa_se_,
                fitted.mean_lag_days_se_ / fitted.mean_lag_days_,
                fitted.sigma_m_se_ / fitted.sigma_m_,
            ]
        )
    ratio = np.std(estimates, axis=0, ddof=1) / np.mean(stated, axis=0)
    assert np.all(ratio > 0.5)
    assert np.all(ratio < 1.8)


@pytest.fixture
def clustered(grid, make_incidents):
    cells = grid(8, 8)
    rng = np.random.default_rng(81)
    days = 210
    t, x, y = branching(
        rng, cells, uneven(cells, 6.0), 0.4, exponential(4.0), gaussian(100.0), days=days
    )
    return cells, t, x, y, days


def test_rounding_to_civil_days_changes_nothing_and_to_hours_nothing_either(
    clustered, make_incidents
):
    cells, t, x, y, days = clustered
    past = history(make_incidents, cells, t, x, y, days)
    exact = SelfExciting().fit(past).shares(past, next_week(past))
    for unit in (1.0, 24.0):
        rounded = history(make_incidents, cells, np.floor(t * unit) / unit, x, y, days)
        again = SelfExciting().fit(rounded).shares(rounded, next_week(past))
        np.testing.assert_array_equal(again, exact)


@pytest.mark.parametrize("snap", ["hundredth of the block", "100 m lattice", "street blocks"])
def test_snapped_places_give_nearly_the_same_shares_and_no_collapse(
    clustered, make_incidents, snap
):
    cells, t, x, y, days = clustered
    past = history(make_incidents, cells, t, x, y, days)
    exact = SelfExciting().fit(past).shares(past, next_week(past))[0]
    if snap == "street blocks":  # along one axis only, as addresses lie on streets
        there = (np.floor(x / 120.0) * 120.0 + 60.0, y)
    else:
        step = 100.0 if snap == "100 m lattice" else 1.0
        # Off the lattice of cells, so that nobody changes cell by more than the snapping does.
        there = (np.floor(x / step) * step + step / 2, np.floor(y / step) * step + step / 2)
    snapped = history(make_incidents, cells, t, *there, days)
    fitted = SelfExciting().fit(snapped)
    shares = fitted.shares(snapped, next_week(past))[0]
    assert np.isfinite(fitted.log_likelihood_)
    assert fitted.sigma_m_ >= 50.0 * (1.0 - 1e-9)
    # Half the sum of absolute differences: the share of the total that is put elsewhere.
    assert 0.5 * np.abs(shares - exact).sum() < 0.05


def test_many_at_one_place_and_day_are_no_excitation(grid, make_incidents):
    """Ten records of one event have no order among them."""
    cells = grid(8, 8)
    rng = np.random.default_rng(91)
    t, x, y = branching(rng, cells, uneven(cells, 6.0), 0.0, exponential(1.0), gaussian(1.0), 210)
    t, x, y = (np.concatenate([part, np.repeat(part[::100], 10)]) for part in (t, x, y))
    order = np.argsort(t, kind="stable")
    past = history(make_incidents, cells, t[order], x[order], y[order], 210)
    assert SelfExciting().fit(past).kappa_ < 0.08


def test_a_background_finer_than_its_squares_looks_like_excitation(grid, make_incidents):
    """Not to be read as contagion: each incident is independent of every other.

    Squares of 190 m, in each of which one corner records most: a kernel that hardly spreads fits
    them better than a background that is even within the square.
    """
    cells = grid(16, 16, 190.0)
    rng = np.random.default_rng(101)
    n, days = 6000, 300
    column, row = rng.integers(0, 16, (2, n))
    busy = rng.uniform(size=n) < 0.7
    x, y = column * 190.0 + rng.uniform(0, 190, n), row * 190.0 + rng.uniform(0, 190, n)
    t = np.sort(rng.uniform(0, days, n))
    even = SelfExciting().fit(history(make_incidents, cells, t, x, y, days))
    x, y = x.copy(), y.copy()  # those of a record are read-only
    x[busy], y[busy] = column[busy] * 190.0 + 20.0, row[busy] * 190.0 + 20.0
    fitted = SelfExciting().fit(history(make_incidents, cells, t, x, y, days))
    assert even.kappa_ < 0.1
    assert fitted.kappa_ > 0.2
    assert fitted.mean_lag_days_ > 20.0
    # Squares no wider than the innermost disc tell the corners from their surroundings.
    fine = SelfExciting(resolution_m=190.0).fit(history(make_incidents, cells, t, x, y, days))
    assert fine.kappa_ < 0.1


def test_the_mean_of_simulations_is_the_expectation(clustered, make_incidents):
    cells, t, x, y, days = clustered
    past = history(make_incidents, cells, t, x, y, days)
    fitted = SelfExciting().fit(past)
    ahead = Periods.stepping(past.cutoff, WEEK, 0, 3, past.record.zone)
    size = 4000
    drawn = fitted.simulate(ahead, np.random.default_rng(5), size)
    again = fitted.simulate(ahead, np.random.default_rng(5), 10)
    np.testing.assert_array_equal(again, fitted.simulate(ahead, np.random.default_rng(5), 10))
    mean = drawn.mean(axis=0)
    shares = mean / mean.sum(axis=1, keepdims=True)
    expected = fitted.shares(past, ahead)
    error = np.sqrt(drawn.var(axis=0) / size) / mean.sum(axis=1, keepdims=True)
    z = (shares - expected) / error
    assert np.abs(z).max() < 4.7
    assert np.mean(z**2) == pytest.approx(1.0, abs=0.3)
    # Totals of three weeks vary more than a Poisson's, since incidents draw others.
    totals = drawn.sum(axis=(1, 2))
    assert totals.var() > 1.2 * totals.mean()
    days_ahead, _ = fitted._days_ahead(past, ahead)
    assert totals.mean() == pytest.approx(days_ahead.expected().sum(), rel=0.01)


def test_direct_offspring_of_one_incident_by_hand(grid):
    """In the middle of a large cell, three days after: kappa h_3, all of it in the cell."""
    from veedor.forecasters.selfexciting.expectation import DaysAhead, drawn_by_record

    ground = Ground.of(grid(3, 3, 1000.0), 100.0)
    middle = int(ground.cells.locate(np.array([1500.0]), np.array([1500.0]))[0])
    one = Events(
        id=np.array([7]),
        x_m=np.array([1500.0]),
        y_m=np.array([1500.0]),
        cell=np.array([middle]),
        square=np.array([0]),
        day=np.array([7]),
        course=np.ones(10),
        ground=ground,
    )
    lags = 0.4 * np.array([0.4, 0.3, 0.2, 0.1])
    edges, masses = np.array([0.0, 100.0, 200.0]), np.array([0.75, 0.25])
    drawn = drawn_by_record(one, 3, lags, edges, masses)
    # Day 10 is 3 days after day 7; day 11 is 4, day 12 is beyond reach.
    np.testing.assert_allclose(drawn[:, middle], [0.4 * 0.2, 0.4 * 0.1, 0.0])
    assert drawn.sum() == pytest.approx(0.4 * 0.3)
    import scipy.sparse as sparse

    stay = sparse.csr_array(np.eye(9))
    expected = DaysAhead(drawn, lags, stay).expected()
    np.testing.assert_allclose(
        expected[:, middle], [0.08, 0.04 + 0.16 * 0.08, 0.16 * 0.0528 + 0.12 * 0.08]
    )


def test_declustering_tells_offspring_from_background(grid, make_incidents):
    """Pairs a day apart at one place, far from all else: the second is offspring."""
    cells = grid(12, 12)
    rng = np.random.default_rng(111)
    n, days = 700, 400
    t = rng.uniform(0.0, days - 2.0, n)
    x, y = rng.uniform(0, 6000, (2, n))
    twice = np.arange(n) < 250
    t, x, y = np.append(t, t[twice] + 1.0), np.append(x, x[twice]), np.append(y, y[twice])
    second = np.arange(len(t)) >= n
    order = np.argsort(t)
    fitted = SelfExciting().fit(history(make_incidents, cells, t[order], x[order], y[order], days))
    division = fitted.declustering()
    late = t[order][division.id] > 100.0
    second = second[order][division.id]
    first = (np.arange(len(t)) < 250)[order][division.id]
    assert division.background[second & late].mean() < 0.2
    assert division.background[~second & late].mean() > 0.9
    assert division.offspring[first & late].mean() > 0.7
    assert division.offspring[~first & late].mean() < 0.15


def test_the_residual_test_of_a_fit_is_cautious_and_notices_clusters(grid, make_incidents):
    cells = grid(8, 8)
    p_values = []
    for seed in range(15):
        rng = np.random.default_rng(900 + seed)
        t, x, y = branching(
            rng, cells, uneven(cells, 3.0), 0.4, exponential(4.0), gaussian(100.0), days=140
        )
        past = history(make_incidents, cells, t, x, y, 140)
        fitted = SelfExciting().fit(past)
        p_values.append(fitted.residual_test(rng, 99).p_value)
    assert np.mean(np.array(p_values) <= 0.05) <= 0.15
    assert 0.3 < np.mean(p_values) < 0.85
    # Without the excitation, what is left clusters.
    fitted.parameters_ = fitted.parameters_.copy()
    fitted.parameters_[0] = 0.0
    fitted.parameters_[1] = np.log(1e-6)
    ignoring = fitted.residual_test(np.random.default_rng(6), 99)
    assert ignoring.p_value <= 0.02
    assert ignoring.close_pairs > 1.3 * ignoring.expected_close_pairs


def test_the_residual_test_has_its_size_where_the_model_is_true(grid, make_incidents):
    """150 such records gave 7.3% at or below 0.05; here there are 40, for time."""
    cells = grid(8, 8)
    ground = Ground.of(cells, 100.0)
    kernels = Kernels("exponential", "gaussian", 60, ring_edges(500.0, 100.0))
    rate, true = uneven(cells, 3.0), np.log([4.0, 100.0])
    same_day = kernels.same_day(true)
    side = ground.squares.lattice.size_m
    centre = cells.locate((ground.squares.i + 0.5) * side, (ground.squares.j + 0.5) * side)
    km2 = rate[centre] / rate.sum() / 0.25
    # So much room that an incident's own weight is nothing.
    density = Density(km2 / 1e9, np.full(len(ground), 1e9), np.ones(len(ground)), km2)
    parameters = np.concatenate([[0.0, np.log(later_days(0.4, same_day))], true])
    p_values = []
    for seed in range(40):
        rng = np.random.default_rng(3000 + seed)
        t, x, y = branching(rng, cells, rate, 0.4, exponential(4.0), gaussian(100.0), days=140)
        past = history(make_incidents, cells, t, x, y, 140)
        # Offspring of the day itself are the background's.
        course = np.full(140, 3.0 / (1.0 - 0.4 * same_day))
        record = replace(Events.of(past, AreaTotals(past), ground), course=course)
        found = residual_test(Likelihood(record, kernels), parameters, density, rng, 99)
        p_values.append(found.p_value)
    assert np.mean(np.array(p_values) <= 0.05) <= 0.15
    assert 0.4 < np.mean(p_values) < 0.65


def test_the_total_is_left_to_the_area(clustered, make_incidents):
    cells, t, x, y, days = clustered
    past = history(make_incidents, cells, t, x, y, days)
    fitted = SelfExciting().fit(past)
    forecast = fitted.predict(next_week(past))
    assert forecast.mean.sum() == pytest.approx(AreaTotals(past).predict(next_week(past))[0])
