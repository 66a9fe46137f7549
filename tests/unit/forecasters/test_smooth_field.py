"""Features, penalised fits against other ways to the same numbers, and `SmoothField` itself."""

import numpy as np
import pytest
from sklearn.linear_model import PoissonRegressor

from veedor.errors import StudyError
from veedor.forecasters import Task, check_forecaster
from veedor.forecasters.random_features import (
    Course,
    RandomFeatures,
    fit_surface,
    sketch_surface,
    with_intercept,
)
from veedor.forecasters.smooth_field import SmoothField, _Blocks, _Posterior
from veedor.record import Points
from veedor.spacetime import KernelSmoother, Length, Periods

WEEK = Length(1, "week")
START = np.datetime64("2022-01-03T03:00", "us")


def record(make_incidents, cells, n, weeks, length=WEEK, seed=0):
    rng = np.random.default_rng(seed)
    rate = np.exp(2.0 * np.sin(cells.x_m / 1500.0))
    cell = rng.choice(len(cells), n, p=rate / rate.sum())
    minute = np.sort(rng.integers(0, weeks * 10_080, n))
    when = START + minute.astype("timedelta64[m]")
    return Task(
        Points.of(
            make_incidents(when, cells.x_m[cell], cells.y_m[cell]),
            cutoff=START + np.timedelta64(7 * weeks, "D"),
            begins=START,
        ),
        "theft",
        cells,
        length,
    )


def next_week(history):
    return Periods.stepping(history.cutoff, WEEK, 0, 1, history.record.zone)


def matern(distance, scale):
    d = np.sqrt(3.0) * distance / scale
    return (1.0 + d) * np.exp(-d)


@pytest.mark.parametrize("scale", [1500.0, 4000.0])
def test_inner_products_of_features_are_the_kernel(grid, scale):
    cells = grid(20, 20)
    distance = np.hypot(cells.x_m[:, None] - cells.x_m, cells.y_m[:, None] - cells.y_m)

    def error(random):
        phi = random.at(cells)
        return np.abs(phi @ phi.T - matern(distance, scale)).mean()

    # A Student t with 3 degrees of freedom, drawn independently.
    rng = np.random.default_rng(1)
    drawn = rng.normal(size=(100, 2)) / np.sqrt(rng.chisquare(3.0, (100, 1)) / 3.0) / scale
    assert error(RandomFeatures.matern(scale, 200, 0)) < 0.5 * error(RandomFeatures(drawn))
    assert error(RandomFeatures.matern(scale, 200, 0)) < 0.025
    assert error(RandomFeatures.matern(scale, 2000, 0)) < 0.004


def test_features_do_not_depend_on_where_the_area_lies(grid):
    from dataclasses import replace

    cells = grid(4, 3)
    moved = replace(cells, x_m=cells.x_m + 300_000.0, y_m=cells.y_m - 6_000_000.0)
    random = RandomFeatures.matern(900.0, 20, 0)
    np.testing.assert_allclose(random.at(moved), random.at(cells), atol=1e-9)


@pytest.fixture
def surface(grid):
    rng = np.random.default_rng(3)
    cells = grid(12, 10)
    design = with_intercept(RandomFeatures.matern(2000.0, 24, 0).at(cells))
    ground = rng.uniform(0.5, 1.0, len(cells))
    amounts = rng.poisson(ground * np.exp(1.0 + design[:, 1:] @ rng.normal(0, 2, 24)))
    return design, amounts.astype(float), ground


def test_the_surface_is_that_of_scikit_learns_poisson_regression(surface):
    design, amounts, ground = surface
    precision = 0.7
    other = PoissonRegressor(alpha=precision / ground.sum(), tol=1e-10, max_iter=10_000)
    other.fit(design[:, 1:], amounts / ground, sample_weight=ground)
    fit = fit_surface(design, amounts, ground, precision, np.zeros(25))
    assert fit.converged
    assert fit.iterations > 2
    np.testing.assert_allclose(fit.coefficients[0], other.intercept_, rtol=1e-5)
    np.testing.assert_allclose(fit.coefficients[1:], other.coef_, atol=1e-4)


def test_the_start_of_a_fit_does_not_matter(surface):
    design, amounts, ground = surface
    fits = [
        fit_surface(design, amounts, ground, 1.0, start).coefficients
        for start in (np.zeros(25), np.full(25, 3.0), np.full(25, 1000.0))
    ]
    np.testing.assert_allclose(fits[1], fits[0], atol=1e-8)
    np.testing.assert_allclose(fits[2], fits[0], atol=1e-8)


def test_a_sketch_from_the_fit_itself_is_the_fit(surface):
    design, amounts, ground = surface
    fit = fit_surface(design, amounts, ground, 1.0, np.zeros(25)).coefficients
    near = ground * np.exp(design @ fit)
    sketch = sketch_surface(design, amounts, ground, [1.0, 4.0], near)
    np.testing.assert_allclose(sketch[0], fit, atol=1e-6)
    assert np.linalg.norm(sketch[1][1:]) < np.linalg.norm(fit[1:])


@pytest.fixture
def course():
    rng = np.random.default_rng(4)
    base = rng.normal(0.0, 1.0, 30)
    return Course(
        rng.poisson(3.0, (6, 30)).astype(float),
        base - np.log(np.exp(base).sum()),
        rng.normal(0.0, 1.0, (6, 3)),
        rng.normal(0.0, 0.5, (30, 4)),
    )


def test_slope_and_curvature_of_a_course_are_those_of_finite_differences(course):
    beta = np.random.default_rng(5).normal(0.0, 0.3, 12)

    def likelihood(beta):
        log_shares = course.log_shares(beta.reshape(3, 4), course.times)
        return float((course.counts * log_shares).sum())

    gradient, curvature = course.slope(beta.reshape(3, 4))
    steps = 1e-5 * np.eye(12)
    numeric = [(likelihood(beta + e) - likelihood(beta - e)) / 2e-5 for e in steps]
    np.testing.assert_allclose(gradient, numeric, rtol=1e-5, atol=1e-5)
    slopes = [
        (course.slope((beta + e).reshape(3, 4))[0] - course.slope((beta - e).reshape(3, 4))[0])
        / 2e-5
        for e in steps
    ]
    np.testing.assert_allclose(curvature, -np.array(slopes), rtol=1e-5, atol=1e-4)


def test_a_fitted_course_is_flat_where_the_prior_and_the_likelihood_meet(course):
    sds = np.array([0.5, 0.0, 1.0])
    fit = course.fit(sds, np.ones((3, 4)))
    assert fit.converged
    assert (fit.coefficients[1] == 0.0).all()
    gradient = course.slope(fit.coefficients)[0].reshape(3, 4)
    for k in (0, 2):
        np.testing.assert_allclose(gradient[k], fit.coefficients[k] / sds[k] ** 2, atol=1e-6)


def test_a_sketched_course_is_one_step_of_newton(course):
    first, none = course.sketches([(0.5, 0.0, 1e-3), (0.0, 0.0, 0.0)])
    assert (none == 0.0).all()
    assert (first[1] == 0.0).all()
    fit = course.fit(np.array([0.5, 0.0, 1e-3]), np.zeros((3, 4))).coefficients
    np.testing.assert_allclose(first, fit, atol=0.1 * np.abs(fit).max())


def test_posterior_is_what_a_hand_computes(grid):
    """n = 6 where the surface expects 2, and phi = 2: (2 + 6) / (2 / 2 + 1) = 4."""
    cells = grid(2, 1)
    smoother = KernelSmoother(cells)
    shares = _Posterior(0.0, 2.0).shares(np.array([6.0, 2.0]), np.array([2.0, 2.0]), smoother)
    np.testing.assert_allclose(shares, np.array([4.25, 2.25]) / 6.5)


def test_neighbours_pull_a_cell_from_the_surface_and_its_own_count_does_not(grid):
    cells = grid(9, 9)
    smoother = KernelSmoother(cells)
    field, amounts = np.full(81, 2.0), np.full(81, 2.0)
    around = _Posterior(500.0, 1.0)
    middle = int(np.argmin(np.hypot(cells.x_m - 2250.0, cells.y_m - 2250.0)))
    amounts[middle] = 40.0
    alone = around._mean(amounts, field, smoother)
    assert alone[middle] == pytest.approx(2.0)
    assert (alone[cells.neighbours[1]] > 2.0).any()
    amounts = np.full(81, 6.0)
    assert 5.0 < around._mean(amounts, field, smoother)[middle] < 6.0


def test_blocks_are_four_weeks_and_the_last_ones_whole(grid, make_incidents):
    past = record(make_incidents, grid(3, 3), 500, 30)
    blocks = _Blocks.of(past)
    np.testing.assert_allclose(np.diff(blocks.edge_days), [14.0] + [28.0] * 7)
    assert blocks.counts.sum() == past.counts.values.sum()
    np.testing.assert_array_equal(blocks.counts[-1], past.counts.values[-4:].sum(axis=0))
    daily = _Blocks.of(record(make_incidents, grid(3, 3), 500, 30, Length(1, "day")))
    np.testing.assert_array_equal(daily.counts, blocks.counts)


def test_a_season_is_judged_only_after_a_year(grid, make_incidents):
    blocks = _Blocks.of(record(make_incidents, grid(2, 2), 100, 80))
    assert blocks.seasonal
    first, _ = blocks.origins()[0]
    assert blocks.edge_days[first] - blocks.edge_days[0] >= 365.0
    assert blocks.origins()[-1][1] == len(blocks.counts)
    assert not _Blocks.of(record(make_incidents, grid(2, 2), 100, 77)).seasonal


def test_without_incidents_shares_are_close_to_those_of_ground(grid, make_incidents):
    from shapely import box

    from veedor.spacetime import Cells, SquareLattice, StudyArea

    area = StudyArea(box(0.0, 0.0, 2250.0, 1000.0), "EPSG:32721", "made up")
    cells = Cells.on_lattice(area, SquareLattice(500.0))
    past = record(make_incidents, cells, 0, 20)
    shares = SmoothField().fit(past).shares(past, next_week(past))
    np.testing.assert_allclose(shares[0], cells.area_km2 / cells.area_km2.sum(), rtol=0.03)


def test_few_incidents_tune_nothing(grid, make_incidents):
    cells = grid(8, 8)
    few = SmoothField().fit(record(make_incidents, cells, 49, 90))
    assert few.length_scale_m_ == pytest.approx(1000.0)
    assert (few.surface_sd_, few.drift_sd_, few.season_sd_) == (1.0, 0.0, 0.0)
    assert (few.neighbours_m_, few.strength_) == (0.0, 1.0)
    assert few.converged_


def test_the_same_random_state_gives_the_same_bytes_and_another_does_not(grid, make_incidents):
    past = record(make_incidents, grid(10, 10), 800, 40)

    def shares(random_state):
        return SmoothField(60, random_state).fit(past).shares(past, next_week(past)).tobytes()

    assert shares(0) == shares(0)
    assert shares(0) != shares(1)


def test_shares_of_an_earlier_record_do_not_see_what_came_later(grid, make_incidents):
    """What was fitted to the whole record is where the fit to the earlier one starts, no more."""
    past = record(make_incidents, grid(10, 10), 800, 40)
    fitted = SmoothField(60).fit(past)
    early = past.until(past.periods.edges[20])
    first = fitted.shares(early, next_week(early))
    assert not np.allclose(first, fitted.shares(past, next_week(past)), rtol=1e-3)
    fitted.surface_ = np.zeros_like(fitted.surface_)
    np.testing.assert_allclose(fitted.shares(early, next_week(early)), first, rtol=1e-9)


def test_a_season_is_not_fitted_to_a_shorter_record(grid, make_incidents):
    past = record(make_incidents, grid(10, 10), 800, 90)
    fitted = SmoothField(60).fit(past)
    fitted.drift_sd_, fitted.season_sd_ = 0.0, 0.3

    def seasons(history):
        half_a_year = Periods.stepping(history.cutoff, WEEK, 0, 26, "UTC")
        shares = fitted.shares(history, half_a_year)
        return np.ptp(shares, axis=0).max() / shares.max()

    assert seasons(past) > 0.01
    assert seasons(past.until(past.periods.edges[76])) == 0.0


def test_too_few_features_are_refused(grid, make_incidents):
    with pytest.raises(StudyError, match="features of SmoothField"):
        SmoothField(features=4).fit(record(make_incidents, grid(2, 2), 100, 20))


@pytest.mark.parametrize("seed", [0, 1])
def test_contract(seed):
    check_forecaster(SmoothField(), seed=seed)
