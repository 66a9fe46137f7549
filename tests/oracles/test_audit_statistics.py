"""Statistics of the audits of places against slow plain versions, scipy and scikit-learn."""

import itertools

import numpy as np
import pytest
import shapely
from scipy import stats
from sklearn.linear_model import PoissonRegressor

from veedor.audits.places import (
    Ground,
    correlation,
    correlation_p_value,
    covered_bounds,
    mapped_correlation,
    mid_ranks,
    part_held,
    published_ranks,
)
from veedor.audits.places.dependence import FittedMean, MappedCorrelation
from veedor.audits.places.dependence.field import likely_covariances
from veedor.statistics import fit_counts, morans_i, queen_neighbours
from veedor.statistics.inequality import gini, hoover, share_of_places_holding


def test_spearman_is_scipys():
    rng = np.random.default_rng(5)
    x, y = rng.integers(0, 12, 40) / 12.0, rng.poisson(1.0, 40).astype(float)
    assert mid_ranks(y) == pytest.approx(stats.rankdata(y))
    assert correlation(mid_ranks(x), mid_ranks(y)) == pytest.approx(stats.spearmanr(x, y).statistic)
    assert correlation(x, y) == pytest.approx(stats.pearsonr(x, y).statistic)
    ground = Ground(*rng.uniform(0, 1000, (2, 40)), rng)
    assert mapped_correlation(ground, x, y).r == pytest.approx(correlation(x, y))


def test_ties_at_the_cut_are_the_mean_over_every_order_of_rows():
    count = np.array([5.0, 2.0, 2.0, 2.0, 0.0])
    orders = []
    for order in itertools.permutations(range(5)):
        ranked = sorted(order, key=lambda place: -count[place])
        part = np.zeros(5)
        part[ranked[:2]] = 1.0
        orders.append(part)
    assert part_held(count, 0.4) == pytest.approx(np.mean(orders, axis=0))


def test_published_ranks_sort_as_a_stable_sort_does():
    count = np.random.default_rng(0).integers(0, 5, 50).astype(float)
    order = sorted(range(50), key=lambda place: -count[place])
    expected = np.empty(50)
    for rank, place in enumerate(order):
        expected[place] = 50 - rank
    assert published_ranks(count).tolist() == expected.tolist()


def test_gini_is_half_the_mean_difference_between_residents():
    rng = np.random.default_rng(1)
    people, count = rng.integers(1, 9, 15), rng.poisson(3.0, 15).astype(float)
    rates = np.repeat(count / people, people)
    plain = np.abs(rates[:, None] - rates).mean() / (2.0 * rates.mean())
    assert gini(count, people.astype(float)) == pytest.approx(plain)


def test_hoover_and_half_by_hand():
    count, people = np.array([6.0, 3.0, 1.0]), np.array([1.0, 1.0, 2.0])
    assert hoover(count, people) == pytest.approx((0.35 + 0.05 + 0.4) / 2)
    assert share_of_places_holding(count, 0.5, people) == pytest.approx(5 / 6 / 4)


def test_morans_i_is_its_double_sum_with_an_island():
    rng = np.random.default_rng(2)
    x, y = np.meshgrid(np.arange(5.0), np.arange(4.0))
    squares = shapely.box(*(100 * v.ravel() for v in (x, y, x + 1, y + 1)))
    squares = np.append(squares, shapely.box(5000, 5000, 5100, 5100))
    values, near = rng.normal(size=21), queen_neighbours(squares)
    z = values - values.mean()
    total = weights = 0.0
    for i in range(21):
        others = [j for j in range(21) if j != i and squares[i].touches(squares[j])]
        for j in others:
            total += z[i] * z[j] / len(others)
            weights += 1 / len(others)
    assert weights == pytest.approx(20.0)
    assert morans_i(values, near) == pytest.approx(21 / weights * total / np.sum(z**2))
    assert np.isnan(morans_i(np.ones(21), near))


def classes_of(x_m, y_m):
    """Distance by direction of every pair, as the angle says it; and the number of steps."""
    n = len(x_m)
    steps = int(np.ceil(1 + np.log2(n * (n - 1) / 2)))
    apart = np.hypot(x_m[:, None] - x_m, y_m[:, None] - y_m)
    angle = np.arctan2(y_m[:, None] - y_m, x_m[:, None] - x_m) + np.pi / 8
    way = (np.mod(angle, np.pi) // (np.pi / 4)).astype(int) % 4
    widest = np.hypot(np.ptp(x_m), np.ptp(y_m))
    return 4 * np.minimum((apart / widest * steps).astype(int), steps - 1) + way, apart


@pytest.mark.parametrize("clusters", [False, True])
def test_effective_zones_are_a_sum_over_pairs(clusters):
    rng = np.random.default_rng(3)
    n = 60
    x_m, y_m = rng.uniform(0, 1000, (2, n))
    x, y = x_m + rng.normal(0, 100, n), x_m + rng.normal(0, 300, n)
    cluster = rng.integers(0, 20, n) if clusters else np.arange(n)
    dx, dy = ((v - v.mean()) / v.std() for v in (x, y))
    rest = dy - np.mean(dx * dy) * dx
    rest /= rest.std()
    klass, apart = classes_of(x_m, y_m)
    spacing = np.median(np.sort(apart, axis=1)[:, 4])
    near = (apart <= 1.6 * spacing) | (cluster[:, None] == cluster)
    shared, swapped = float(n), 0.0
    for each in range(klass.max() + 1):
        pairs = [(i, j) for i in range(n) for j in range(i) if klass[i, j] == each]
        if pairs:
            mean = np.prod([np.mean([v[i] * v[j] for i, j in pairs]) for v in (dx, dy)])
            shared += 2 * len(pairs) * mean
            swapped += 2 * sum(
                dx[i] * rest[i] * dx[j] * rest[j] - mean for i, j in pairs if near[i, j]
            )
    variance = max(shared / n**2, 1 / n)
    variance = max(variance, variance + swapped / n**2)
    units = len(np.unique(cluster))
    ground = Ground(x_m, y_m, rng, cluster if clusters else None)
    found = mapped_correlation(ground, x, y)
    assert found.effective == pytest.approx(1 + (units - 2) / units / variance)
    assert found.effective < n


def test_likelihoods_of_covariances_are_those_of_their_matrices():
    """Restricted likelihood of each covariance by its whole matrix, s^2 integrated out."""
    rng = np.random.default_rng(9)
    n = 30
    x_m, y_m = rng.uniform(0, 1000, (2, n))
    ground = Ground(x_m, y_m, rng)
    design = np.column_stack([np.ones(n), rng.normal(size=n)])
    apart = np.hypot(x_m[:, None] - x_m, y_m[:, None] - y_m)
    u = np.linalg.cholesky(np.exp(-apart / 200)) @ rng.normal(size=n)
    found = likely_covariances(ground, u, design)
    likelihood = []
    for place, shape in enumerate(ground.shapes):
        for nugget in [0.02, 0.1, 0.2, 0.35, 0.5, 0.65, 0.8, 0.9, 0.97] + [1.0] * (place == 0):
            matrix = (1 - nugget) * shape.at(apart) + nugget * np.eye(n)
            inverse = np.linalg.inv(matrix)
            information = design.T @ inverse @ design
            rest = u - design @ np.linalg.solve(information, design.T @ inverse @ u)
            square = rest @ inverse @ rest
            likelihood.append(
                -0.5 * np.linalg.slogdet(matrix)[1]
                - 0.5 * np.linalg.slogdet(information)[1]
                - 0.5 * (n - 2) * np.log(square)
            )
    weight = np.exp(np.array(likelihood) - max(likelihood))
    weight = weight[weight / weight.sum() > 1e-3]
    assert found.weight == pytest.approx(weight / weight.sum(), rel=1e-4)


def test_the_error_of_a_ratio_is_a_sum_over_pairs():
    """Each of the four variances by loops over matrices; the largest is taken."""
    rng = np.random.default_rng(12)
    n = 50
    x_m, y_m = rng.uniform(0, 1000, (2, n))
    ground = Ground(x_m, y_m, rng)
    klass, apart = classes_of(x_m, y_m)
    near = apart <= 1.6 * ground.spacing
    np.fill_diagonal(near, False)
    design = np.column_stack([np.ones(n), x_m / 1000 - 0.5])
    for smooth in (50.0, 300.0):
        field = np.linalg.cholesky(np.exp(-apart / smooth)) @ rng.normal(size=n)
        count = rng.poisson(20 * np.exp(0.5 * field)).astype(float)
        fitted = FittedMean.of(ground, count, design)
        a = x_m / (x_m @ count) - 1.0 / count.sum()
        mean, u = fitted.mean, count / fitted.mean - 1
        assert design.T @ (count - mean) == pytest.approx([0, 0], abs=1e-4)
        root = design * np.sqrt(mean)[:, None]
        hat = np.diag(root @ np.linalg.inv(root.T @ root) @ root.T)
        error, w = a * (count - mean) / (1 - hat), a * mean
        alone = max(error @ error, u @ u / (n - 2) * (w @ w))
        far = swapped = 0.0
        for weight, shared, place in zip(
            fitted.covariances.weight, fitted.covariances.shared, fitted.covariances.shape,
            strict=True,
        ):  # fmt: skip
            pairs = shared * np.outer(w, w) * ground.shapes[place].at(apart)
            np.fill_diagonal(pairs, 0.0)
            far += weight * max(pairs.sum(), -0.5 * alone)
            swapped += weight * pairs[near].sum()
        observed = np.outer(error, error)[near].sum()
        clifford = 0.0
        below = np.tril(np.ones((n, n), dtype=bool), -1)
        for each in range(klass.max() + 1):
            here = below & (klass == each)
            if here.any():
                means = [np.outer(v - v.mean(), v - v.mean())[here].mean() for v in (w, u)]
                clifford += 2 * here.sum() * means[0] * means[1]
        variance = alone + max(0.0, far, far - swapped + observed, clifford)
        ((found,),) = fitted.contrasts(a[:, None])
        assert found.effective == pytest.approx(min(n * alone / variance, n), rel=1e-3)
        assert found.error == pytest.approx(np.sqrt(variance * n / (n - 2)), rel=1e-3)
        assert found.left == pytest.approx(found.effective - 2)


def test_zones_that_vary_alone_are_worth_exactly_as_many():
    """13 zones less 5 terms leave the 8 that an interval needs, whatever rounds."""
    rng = np.random.default_rng(3)
    ground = Ground(*rng.uniform(0, 1000, (2, 24)), rng)
    count = rng.poisson(20.0, 24).astype(float)
    fitted = FittedMean.of(ground, count, np.ones((24, 1)))
    (found,) = fitted.contrasts(rng.normal(size=(24, 400)), np.full(400, 13.0))
    effective = np.array([one.effective for one in found])
    assert np.sum(effective == 13.0) > 50
    assert not np.any((effective < 13.0) & (effective > 13.0 - 1e-9))


def test_covered_bounds_are_reached_by_some_way_of_living():
    rng = np.random.default_rng(4)
    people = rng.integers(2, 7, 6)
    members = np.array([rng.integers(0, p + 1) for p in people])
    inside = np.array([rng.integers(0, p + 1) for p in people])
    least, most = 0, 0
    for p, g, k in zip(people, members, inside, strict=True):
        found = [sum(chosen) for chosen in itertools.combinations([1] * g + [0] * (p - g), k)]
        least, most = least + min(found), most + max(found)
    _, low, high = covered_bounds(*(v.astype(float) for v in (members, people)), inside / people)
    assert (low, high) == pytest.approx((least / members.sum(), most / members.sum()))


def test_poisson_regression_is_scikit_learns_and_its_errors_those_of_refitting():
    rng = np.random.default_rng(6)
    x, block = rng.normal(size=(200, 2)), np.repeat(np.arange(40), 5)
    count = rng.poisson(np.exp(1.0 + 0.3 * x[:, 0] - 0.2 * x[:, 1])).astype(float)
    design = np.column_stack([np.ones(200), x])
    fit = fit_counts(count, design, block)
    other = PoissonRegressor(alpha=0.0, tol=1e-10, max_iter=1000).fit(x, count)
    assert fit.coefficients == pytest.approx([other.intercept_, *other.coef_], abs=1e-5)
    again = [
        fit_counts(count[block != b], design[block != b], block[block != b] % 39).coefficients
        for b in range(40)
    ]
    refitted = 39 / 40 * sum(np.outer(d, d) for d in np.array(again) - fit.coefficients)
    assert np.sqrt(np.diag(fit.covariance)) == pytest.approx(np.sqrt(np.diag(refitted)), rel=0.05)


def test_negative_binomial_regression_solves_its_score():
    rng = np.random.default_rng(7)
    x = rng.normal(size=400)
    mean = np.exp(1.0 + 0.5 * x)
    count = rng.poisson(mean * rng.gamma(2.0, 0.5, 400)).astype(float)
    design = np.column_stack([np.ones(400), x])
    fit = fit_counts(count, design, np.arange(400), "negative_binomial")
    fitted = np.exp(design @ fit.coefficients)
    score = design.T @ ((count - fitted) / (1 + fit.dispersion * fitted))
    assert np.abs(score).max() < 1e-3
    assert 0.3 < fit.dispersion < 0.8


@pytest.mark.parametrize("effective", [10.0, 13.0, 60.0])
def test_a_correlation_is_tested_by_its_own_interval(effective):
    for r in np.linspace(-0.95, 0.95, 77):
        low, high = MappedCorrelation(r, effective, 89).interval(0.95)
        assert (correlation_p_value(r, effective) < 0.05) == (not low <= 0.0 <= high)
    assert correlation_p_value(0.9, 9.0) is None
