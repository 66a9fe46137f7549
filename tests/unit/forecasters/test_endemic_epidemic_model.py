"""Likelihood, derivatives, weights and fit of the endemic-epidemic model, against slow readings."""

from dataclasses import replace

import numpy as np
import pytest
from scipy import sparse
from tests.made_up_panels import lattice, log_likelihood, panel

from veedor.errors import DataError, StudyError, TooLittleDataError
from veedor.forecasters.endemic_epidemic import (
    Design,
    Model,
    Panel,
    Part,
    Values,
    Weights,
    fit,
    moments,
    one_step,
    orders,
    paths,
    simulate,
)
from veedor.forecasters.endemic_epidemic.arrow import Arrow
from veedor.forecasters.endemic_epidemic.fitting import _Climb
from veedor.forecasters.endemic_epidemic.likelihood import Likelihood, rising
from veedor.forecasters.endemic_epidemic.variances import Covariance, Turns
from veedor.forecasters.endemic_epidemic.weights import Spreading

ENDEMIC = Part(trend=True, season=2, covariates=("height", "rain"), offset="people")
ECHO = Part(covariates=("heat",))
POWER_LAW = Weights("power_law", 4, normalised=True)
FLOWS = sparse.csr_array(np.random.default_rng(3).uniform(size=(6, 6)) * (1.0 - np.eye(6)))

MODELS = {
    "basic": Model(ENDEMIC, ECHO, Part()),
    "power law": Model(ENDEMIC, ECHO, Part(season=1), POWER_LAW, cycle=7.0),
    "power law, not divided": Model(ENDEMIC, ECHO, Part(), Weights("power_law")),
    "equal": Model(ENDEMIC, None, Part(), Weights("equal", 2)),
    "given": Model(Part(), ECHO, Part(), Weights("given", normalised=True)),
    "poisson": Model(ENDEMIC, ECHO, Part(), POWER_LAW, "none"),
    "random": Model(
        replace(ENDEMIC, intercept="random"), Part("random"), Part("random"), POWER_LAW
    ),
    "by area": Model(replace(ENDEMIC, intercept="by_area"), ECHO, Part(), POWER_LAW, "by_area"),
    "mixed": Model(Part("by_area"), Part("random"), Part(), dispersion="by_area"),
    "endemic only": Model(Part("by_area"), None, None, dispersion="none"),
    "no endemic part": Model(None, ECHO, Part()),
}


def numbers(design, seed=1, scale=0.3):
    rng = np.random.default_rng(seed)
    fixed = rng.normal(0.0, scale, len(design.names))
    effects = rng.normal(0.0, scale, (design.panel.areas, len(design.effects)))
    return Values(fixed, effects)


def dense(arrow):
    """The matrix that an arrow stands for."""
    areas, k, p = arrow.side.shape
    whole = np.zeros((p + areas * k, p + areas * k))
    whole[:p, :p] = arrow.core
    for area in range(areas):
        own = slice(p + area * k, p + (area + 1) * k)
        whole[own, own] = arrow.blocks[area]
        whole[own, :p], whole[:p, own] = arrow.side[area], arrow.side[area].T
    return whole


def slopes(function, at, step=1e-5):
    found = []
    for place in range(len(at)):
        up, down = at.copy(), at.copy()
        up[place] += step
        down[place] -= step
        found.append((function(up) - function(down)) / (2.0 * step))
    return np.array(found)


@pytest.fixture(params=["whole", "with gaps"])
def counts(request):
    if request.param == "whole":
        return panel(flows=FLOWS)
    gaps = np.ones((12, 6), dtype=bool)
    gaps[4, 2] = gaps[9, 5] = gaps[11, 0] = False
    return panel(flows=FLOWS, observed=gaps)


@pytest.mark.parametrize("name", MODELS)
def test_likelihood_is_the_sum_of_its_cells(name, counts):
    design = Design(MODELS[name], counts)
    values = numbers(design)
    psi = design.dispersion(values)
    total, judged = 0.0, 0
    for t in range(1, 12):
        parts = design.means(values, slice(t, t + 1), counts.counts[t - 1 : t])
        mean = sum(part[0] for part in parts.values())
        for area in range(6):
            if design.rows[t, area]:
                judged += 1
                total += log_likelihood(counts.counts[t, area], mean[area], psi[area])
    assert judged > 30
    assert Likelihood(design).at(values) == pytest.approx(total, rel=1e-10)


@pytest.mark.parametrize("name", MODELS)
def test_derivatives_are_those_of_differences(name, counts):
    design = Design(MODELS[name], counts)
    likelihood = Likelihood(design)
    at = numbers(design).flat
    slope = likelihood.slope(design.values(at))
    np.testing.assert_allclose(
        slope.score, slopes(lambda x: likelihood.at(design.values(x)), at), rtol=1e-6, atol=1e-5
    )
    found = dense(slope.observed)
    np.testing.assert_allclose(found, found.T, atol=1e-10)
    by_differences = slopes(lambda x: -likelihood.slope(design.values(x)).score, at)
    np.testing.assert_allclose(found, by_differences, rtol=1e-5, atol=1e-4)
    assert np.linalg.eigvalsh(dense(slope.expected())).min() > -1e-9


@pytest.mark.parametrize("name", ["basic", "random"])
def test_dispersion_of_nearly_none_is_poisson(name):
    design = Design(MODELS[name], panel())
    plain = Design(replace(MODELS[name], dispersion="none"), panel())
    values = numbers(design)
    fixed = values.fixed.copy()
    fixed[-1] = np.log(1e-11)
    nearly = Likelihood(design).at(Values(fixed, values.effects))
    assert nearly == pytest.approx(Likelihood(plain).at(Values(fixed[:-1], values.effects)))
    slope = Likelihood(design).slope(Values(fixed, values.effects)).score
    assert abs(slope[len(fixed) - 1]) < 1e-7


@pytest.mark.parametrize("psi", [1e-9, 1e-4, 0.3, 50.0])
def test_sums_over_large_counts(psi):
    counts = np.array([0.0, 1.0, 4095.0, 4096.0, 4097.0, 60_000.0])
    j = psi * np.arange(60_000.0)
    for derivative, term in enumerate((np.log1p(j), j / (1.0 + j), j / (1.0 + j) ** 2)):
        plain = np.concatenate([[0.0], np.cumsum(term)])[counts.astype(int)]
        np.testing.assert_allclose(rising(psi, counts, derivative), plain, rtol=1e-9, atol=1e-9)
    assert np.isfinite(rising(psi, np.array([1e9]), 0)).all()


def test_a_mean_is_what_the_formula_says():
    counts = panel()
    model = Model(Part(season=1, offset="people"), Part(), Part(), Weights("power_law"), cycle=12.0)
    design = Design(model, counts)
    values = Values(np.array([0.2, 0.3, -0.1, -0.5, -1.0, np.log(1.5), 0.0]), np.zeros((6, 0)))
    assert design.names[:3] == ("endemic.intercept", "endemic.sin1", "endemic.cos1")
    parts = design.means(values, slice(5, 6), counts.counts[4:5])
    turn = 2.0 * np.pi * 5 / 12.0
    level = np.exp(0.2 + 0.3 * np.sin(turn) - 0.1 * np.cos(turn)) * counts.covariates["people"]
    np.testing.assert_allclose(parts["endemic"][0], level)
    np.testing.assert_allclose(parts["autoregressive"][0], np.exp(-0.5) * counts.counts[4])
    # Six areas, 0 1 2 above 3 4 5: from 0, area 1 and 3 are one border away, 5 is three.
    y = counts.counts[4]
    far = y[1] + y[3] + 2.0**-1.5 * (y[2] + y[4]) + 3.0**-1.5 * y[5]
    assert parts["neighbours"][0, 0] == pytest.approx(np.exp(-1.0) * far)


def test_orders_by_walking():
    indptr, indices = lattice(3, 4)
    found = orders((indptr, indices)).toarray()
    row, column = np.divmod(np.arange(12), 4)
    walk = np.abs(row[:, None] - row) + np.abs(column[:, None] - column)
    np.testing.assert_array_equal(found, walk)
    near = orders((indptr, indices), 2).toarray()
    np.testing.assert_array_equal(near, np.where(walk <= 2, walk, 0))


def test_orders_of_an_island():
    found = orders((np.array([0, 1, 2, 2]), np.array([1, 0]))).toarray()
    np.testing.assert_array_equal(found, [[0, 1, 0], [1, 0, 0], [0, 0, 0]])


@pytest.mark.parametrize("normalised", [True, False])
def test_weights_and_their_derivatives(normalised):
    counts = panel()
    spreading = Spreading.of(Weights("power_law", 3, normalised=normalised), counts)
    y = counts.counts
    plain, first, second = spreading.sums(y, 0.4)
    step = 1e-4
    up, down = (spreading.sums(y, 0.4 + sign * step)[0] for sign in (1.0, -1.0))
    np.testing.assert_allclose(first, (up - down) / (2.0 * step), rtol=1e-6, atol=1e-6)
    np.testing.assert_allclose(second, (up - 2.0 * plain + down) / step**2, rtol=1e-4, atol=1e-4)
    if normalised:
        np.testing.assert_allclose(spreading.at(0.4).sum(axis=1), 1.0)
        np.testing.assert_allclose(plain.sum(axis=1), y.sum(axis=1))
    else:
        assert spreading.at(0.4).toarray()[0, 1] == 1.0


@pytest.mark.parametrize(("across", "order"), [(3, 3), (40, 1)])
def test_sums_over_neighbours_are_products_with_the_weights(across, order):
    """Where most areas are neighbours as where few are."""
    y = np.random.default_rng(2).poisson(3.0, (5, 2 * across)).astype(np.float64)
    many = Panel(y, neighbours=lattice(2, across))
    spreading = Spreading.of(Weights("power_law", order, normalised=True), many)
    expected = y @ spreading.at(0.3).toarray()
    np.testing.assert_allclose(spreading.sums(y, 0.3)[0], expected, rtol=1e-12)
    np.testing.assert_allclose(spreading.plain_sums(y, 0.3), expected, rtol=1e-12)


def test_an_arrow_solves_like_the_matrix_it_stands_for():
    rng = np.random.default_rng(0)
    areas, k, p = 5, 2, 3
    root = rng.normal(size=(areas, k, k))
    blocks = root @ root.transpose(0, 2, 1) + 4.0 * np.eye(k)
    side = rng.normal(size=(areas, k, p)) * 0.3
    arrow = Arrow(blocks, side, 9.0 * np.eye(p))
    whole, right = dense(arrow), rng.normal(size=p + areas * k)
    factor = arrow.factor()
    np.testing.assert_allclose(factor.solve(right), np.linalg.solve(whole, right))
    assert factor.log_determinant == pytest.approx(np.linalg.slogdet(whole)[1])
    inverse = np.linalg.inv(whole)
    np.testing.assert_allclose(factor.fixed_covariance, inverse[:p, :p])
    for area in range(areas):
        own = slice(p + area * k, p + (area + 1) * k)
        np.testing.assert_allclose(factor.own_covariance[area], inverse[own, own])
    with pytest.raises(np.linalg.LinAlgError):
        Arrow(blocks, side, -np.eye(p)).factor()


@pytest.mark.parametrize("correlated", [False, True])
def test_a_covariance_that_changes_nothing_is_where_the_marginal_is_flat(correlated):
    rng = np.random.default_rng(5)
    own = 2.0 * np.exp(rng.normal(0.0, 0.8, 30))
    echo = 0.4 * np.exp(rng.normal(0.0, 0.5, 30))
    counts = np.full((80, 30), 3.0)
    for t in range(1, 80):
        counts[t] = rng.poisson(own + np.minimum(echo, 0.9) * counts[t - 1])
    model = Model(Part("random"), Part("random"), correlated=correlated)
    fitted = fit(model, Panel(counts))
    assert fitted.converged
    assert fitted.edges in ((), ("dispersion",))
    assert len(fitted.design.random) == 2
    covariance = Covariance(len(fitted.design.random), correlated=correlated)
    at = covariance.numbers(fitted.effects_covariance)
    likelihood = Likelihood(fitted.design)
    effects = fitted.values.effects[:, : covariance.size]

    def marginal(moved):
        climb = _Climb(fitted.design, likelihood, covariance.precision(moved))
        return covariance.marginal(moved, effects, climb.factor(fitted.values.flat))

    np.testing.assert_allclose(slopes(marginal, at, 1e-4), 0.0, atol=1e-3)
    assert fitted.marginal_log_likelihood == pytest.approx(marginal(at), abs=1e-3)


def test_turns_find_where_a_map_changes_nothing():
    matrix, right = np.array([[0.9, 0.05], [0.0, 0.8]]), np.array([1.0, 2.0])
    at, turns = np.zeros(2), Turns()
    for _ in range(12):
        at = turns.step(at, matrix @ at + right)
    np.testing.assert_allclose(at, np.linalg.solve(np.eye(2) - matrix, right), rtol=1e-6)


@pytest.mark.parametrize("start", [-4.6, -4.599, -1.0, 2.0])
def test_turns_go_away_from_where_a_map_flees(start):
    """A change of 1e-4 near -4.6, which grows: the map rests at 0."""
    at, turns = np.array([start]), Turns()
    for _ in range(100):
        change = np.exp(at) * (1.0 - np.exp(at)) / 100.0
        if np.abs(change).max() < 1e-9:
            break
        at = np.maximum(turns.step(at, at + change), -4.6)
    assert at[0] == pytest.approx(0.0, abs=1e-6)


def test_what_was_not_reported_says_nothing():
    gaps = np.ones((12, 6), dtype=bool)
    gaps[4, 0] = False
    given = panel(observed=gaps, seed=8)
    wrong = given.counts.copy()
    wrong[4, 0] = 9_999.0
    model = Model(Part(), Part(), Part())
    first, second = fit(model, given), fit(model, replace(given, counts=wrong))
    assert first.coefficients == second.coefficients
    # Itself, what it is followed by in its own area, and in the two that it touches.
    assert first.cells == 11 * 6 - 1 - 3
    rows = first.design.rows
    assert not rows[0].any()
    assert not rows[4, 0]
    assert not rows[5, [0, 1, 3]].any()
    assert rows[5, [2, 4, 5]].all()
    alone = Design(replace(model, neighbours=None), given).rows
    assert int(alone.sum()) == 11 * 6 - 2
    level = Design(replace(model, neighbours=None, autoregressive=None), given).rows
    assert int(level.sum()) == 11 * 6 - 1


def test_one_area_alone():
    counts = np.random.default_rng(0).poisson(4.0, (80, 1)).astype(float)
    fitted = fit(Model(Part(season=1), Part(), dispersion="none"), Panel(counts))
    assert fitted.converged
    assert fitted.cells == 79


def test_a_level_alone_is_the_mean():
    counts = panel(60)
    fitted = fit(Model(Part(), None, dispersion="none"), counts)
    assert np.exp(fitted.coefficients["endemic.intercept"]) == pytest.approx(
        counts.counts[1:].mean()
    )
    by_area = fit(Model(Part("by_area"), None, dispersion="none"), counts)
    np.testing.assert_allclose(np.exp(by_area.values.effects[:, 0]), counts.counts[1:].mean(axis=0))
    assert by_area.aic == pytest.approx(12.0 - 2.0 * by_area.log_likelihood)


def test_an_area_without_input_keeps_its_number():
    given = panel(60)
    off = np.array([0.0, 1.0, 1.0, 1.0, 1.0, 1.0])
    given = replace(given, covariates={"on": off})
    fitted = fit(Model(Part(), Part("by_area", offset="on"), dispersion="none"), given)
    assert fitted.converged
    start = Design(fitted.design.model, given).start()
    assert fitted.values.effects[0, 0] == start.effects[0, 0]


def test_what_is_at_its_edge_is_left_out_and_told():
    rng = np.random.default_rng(2)
    counts = rng.poisson(2.0, (200, 6)).astype(float)
    counts[1::2] = 2.0  # after many come no more, and they vary less than Poisson
    model = Model(Part(), Part(), Part(), POWER_LAW)
    fitted = fit(model, replace(panel(200), counts=counts))
    assert fitted.converged
    assert "dispersion" in fitted.edges
    assert {"autoregressive", "neighbours"} <= set(fitted.edges)
    assert list(fitted.coefficients) == ["endemic.intercept"]
    assert fitted.aic == pytest.approx(2.0 - 2.0 * fitted.log_likelihood)


def test_areas_that_do_not_differ_have_one_level():
    counts = np.random.default_rng(4).poisson(5.0, (300, 6)).astype(float)
    counts = np.sort(counts, axis=1)[:, [0, 1, 2, 3, 4, 5]]
    counts = np.stack([np.roll(row, k) for k, row in enumerate(counts)])
    fitted = fit(Model(Part("random"), None, dispersion="none"), replace(panel(300), counts=counts))
    assert fitted.edges == ("endemic.variance",)
    assert fitted.effects_covariance is None


def test_a_power_law_that_falls_off_at_once_is_first_order():
    rng = np.random.default_rng(6)
    counts = np.zeros((400, 9))
    counts[0] = 3.0
    given = panel(400, 3, 3)
    near = Spreading.of(Weights("first_order", normalised=True), given).at().T
    for t in range(1, 400):
        counts[t] = rng.poisson(0.4 + 0.6 * (near @ counts[t - 1]))
    model = Model(Part(), None, Part(), POWER_LAW, "none")
    fitted = fit(model, replace(given, counts=counts))
    assert fitted.converged
    if fitted.edges:
        assert fitted.edges == ("only_nearest",)
        assert fitted.design.model.weights.kind == "first_order"
    else:
        assert fitted.natural["neighbours.decay"][0] > 3.0


@pytest.mark.parametrize(
    ("make", "says"),
    [
        (lambda: Part(season=-1), "no fewer than"),
        (lambda: Weights(max_order=0), "at least 1"),
        (lambda: Model(None, None, None), "have a part"),
        (lambda: Model(cycle=0.0), "more than 0 periods"),
    ],
)
def test_models_that_cannot_be(make, says):
    with pytest.raises(StudyError, match=says):
        make()


@pytest.mark.parametrize(
    ("changed", "says"),
    [
        ({"counts": np.zeros(3)}, "a row for each period"),
        ({"counts": np.full((12, 6), 0.5)}, "whole number"),
        ({"counts": np.full((12, 6), -1.0)}, "whole number"),
        ({"counts": np.full((12, 6), np.nan)}, "whole number"),
        ({"observed": np.ones((12, 5), dtype=bool)}, "observed must be of shape"),
        ({"flows": sparse.csr_array((5, 5))}, "flows must be of shape"),
    ],
)
def test_panels_that_cannot_be(changed, says):
    with pytest.raises(DataError, match=says):
        panel(**changed)


def test_covariates_reach_no_less_far_than_counts():
    with pytest.raises(DataError, match="no fewer periods"):
        replace(panel(), periods=11)


@pytest.mark.parametrize(
    ("model", "changed", "says"),
    [
        (Model(Part(covariates=("snow",))), {}, "must be in the panel"),
        (Model(Part(covariates=("height",))), {"covariates": {"height": np.ones(5)}}, "of shape"),
        (
            Model(Part(covariates=("height",))),
            {"covariates": {"height": np.array([1.0, 2.0, np.inf, 0.0, 0.0, 0.0])}},
            "finite",
        ),
        (Model(Part(offset="height")), {"covariates": {"height": -np.ones(6)}}, "at least 0"),
        (Model(neighbours=Part()), {"neighbours": None}, "weights of a neighbour part"),
        (Model(neighbours=Part(), weights=Weights("given")), {}, "weights of a neighbour part"),
        (
            Model(neighbours=Part(), weights=Weights("given")),
            {"flows": sparse.csr_array(np.eye(6))},
            "0 of an area for itself",
        ),
    ],
)
def test_panels_that_lack_what_a_model_names(model, changed, says):
    with pytest.raises(DataError, match=says):
        fit(model, panel(**changed))


@pytest.mark.parametrize("counts", [np.ones((1, 6)), np.zeros((12, 6)), np.ones((2, 2))])
def test_too_little_to_fit(counts):
    areas = counts.shape[1]
    with pytest.raises(TooLittleDataError, match="more reported cells than terms"):
        fit(Model(Part()), Panel(counts, neighbours=lattice(1, areas)))


def test_one_step_forecasts_from_what_came_before():
    given = panel(40)
    model = Model(Part(), Part(), Part())
    ahead = one_step(model, given, 30, 32)
    fitted = fit(model, given.until(31))
    assert ahead.periods.tolist() == [30, 31, 32]
    part = fitted.design.means(fitted.values, slice(31, 32), given.counts[30:31])
    np.testing.assert_allclose(ahead.mean[1], sum(part.values())[0], rtol=1e-6)
    changed = given.counts.copy()
    changed[31:] += 7.0
    later = one_step(model, replace(given, counts=changed), 30, 31)
    np.testing.assert_array_equal(later.mean, ahead.mean[:2])
    gaps = np.ones((40, 6), dtype=bool)
    gaps[30, 0] = False
    missing = one_step(model, replace(given, observed=gaps), 31, 31)
    np.testing.assert_array_equal(
        np.isnan(missing.mean[0]), [True, True, False, True, False, False]
    )
    for first, last in ((0, 3), (5, 4), (30, 40)):
        with pytest.raises(StudyError, match="in the panel, after its first"):
            one_step(model, given, first, last)


def test_moments_are_those_of_drawn_paths():
    given = replace(panel(60, seed=3), covariates={})
    fitted = fit(Model(Part(season=1), Part(), Part(), Weights("equal", 2)), given)
    assert len(fitted.design.channels) == 4
    fitted = fitted.on(replace(given, periods=64))
    exact = moments(fitted, 4)
    drawn = paths(fitted, 4, np.random.default_rng(0), 60_000)
    assert drawn.shape == (60_000, 4, 6)
    np.testing.assert_allclose(drawn.mean(axis=0), exact.mean, rtol=0.02)
    np.testing.assert_allclose(drawn.var(axis=0), exact.variance, rtol=0.06)
    np.testing.assert_allclose(drawn.sum(axis=2).var(axis=0), exact.total_variance, rtol=0.06)
    assert (exact.total_variance[1:] > exact.variance[1:].sum(axis=1)).all()


def test_courses_that_grow_without_bound_are_refused():
    design = Design(Model(Part(), Part()), replace(panel(3), periods=200, covariates={}))
    values = Values(np.array([0.0, np.log(2.0), -9.0]), np.zeros((6, 0)))
    with pytest.raises(StudyError, match="within bounds"):
        simulate(design, values, np.random.default_rng(0))


def test_what_was_reported_last_is_kept_and_the_rest_expected():
    gaps = np.ones((40, 6), dtype=bool)
    gaps[39, :3] = False
    given = replace(panel(40, observed=gaps), covariates={})
    fitted = fit(Model(Part(), Part(), dispersion="none"), given)
    ahead = fitted.on(replace(given, periods=41))
    level, echo = (np.exp(value) for value in fitted.values.fixed)
    before = np.where(gaps[39], given.counts[39], level + echo * given.counts[38])
    found = moments(ahead, 1)
    np.testing.assert_allclose(found.mean[0], level + echo * before)
    seen = gaps[39]
    np.testing.assert_allclose(found.variance[0][seen], found.mean[0][seen])
    assert (found.variance[0][~seen] > found.mean[0][~seen]).all()
    drawn = paths(ahead, 1, np.random.default_rng(0), 40_000)[:, 0]
    np.testing.assert_allclose(drawn.mean(axis=0), found.mean[0], rtol=0.02)
    with pytest.raises(StudyError, match="covariates must reach as far"):
        moments(fitted, 1)


def test_an_area_that_never_reported_begins_with_an_average():
    gaps = np.ones((40, 6), dtype=bool)
    gaps[:, 5] = False
    given = replace(panel(40, observed=gaps), covariates={})
    fitted = fit(Model(Part(), Part(), dispersion="none"), given)
    found = moments(fitted.on(replace(given, periods=42)), 2)
    assert np.isfinite(found.mean).all()
    assert (found.mean > 0.0).all()
