"""Statistics of the audits of places against slow plain versions, scipy and scikit-learn."""

import itertools

import numpy as np
import pytest
import shapely
from scipy import stats
from sklearn.linear_model import PoissonRegressor

from veedor.audits.places import (
    ZoneResampling,
    correlation,
    covered_bounds,
    effective_sample_size,
    fit_counts,
    gini,
    hoover,
    mid_ranks,
    morans_i,
    part_held,
    published_ranks,
    queen_neighbours,
    share_holding_half,
)
from veedor.audits.places.association import resampled_spearman
from veedor.audits.places.ranking import resampled_sums_held


@pytest.fixture
def drawn():
    """Shares and counts with many ties, and resamples of them."""
    rng = np.random.default_rng(5)
    x, y = rng.integers(0, 12, 40) / 12.0, rng.poisson(1.0, 40).astype(float)
    return x, y, rng.multinomial(40, np.full(40, 1 / 40), size=30).astype(float)


def test_spearman_is_scipys(drawn):
    x, y, _ = drawn
    assert correlation(mid_ranks(x), mid_ranks(y)) == pytest.approx(stats.spearmanr(x, y).statistic)
    assert correlation(x, y) == pytest.approx(stats.pearsonr(x, y).statistic)


def test_resampled_correlations_are_those_of_the_rows_repeated(drawn):
    x, y, weights = drawn
    ranked = resampled_spearman(x, y, weights)
    plain = correlation(x, y, weights)
    with_ranks = correlation(mid_ranks(x, weights), mid_ranks(y, weights), weights)
    for row, times in enumerate(weights.astype(int)):
        xs, ys = np.repeat(x, times), np.repeat(y, times)
        assert ranked[row] == pytest.approx(stats.spearmanr(xs, ys).statistic)
        assert with_ranks[row] == pytest.approx(ranked[row])
        assert plain[row] == pytest.approx(stats.pearsonr(xs, ys).statistic)


def test_resampled_shares_are_those_of_the_rows_repeated(drawn):
    x, y, weights = drawn
    columns = np.column_stack([x, np.ones_like(x)])
    for fraction, top in ((0.1, True), (0.25, False)):
        sums = resampled_sums_held(y, fraction, columns, weights, top=top)
        for row, times in enumerate(weights.astype(int)):
            part = part_held(np.repeat(y, times), fraction, top=top)
            assert sums[row] == pytest.approx(part @ np.repeat(columns, times, axis=0))


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
    weights = rng.multinomial(15, np.full(15, 1 / 15), size=8).astype(float)
    for row, times in enumerate(weights.astype(int)):
        repeated = np.repeat(count, times), np.repeat(people, times).astype(float)
        for spread in (gini, hoover, share_holding_half):
            assert spread(count, people.astype(float), weights)[row] == pytest.approx(
                spread(*repeated)
            )


def test_hoover_and_half_by_hand():
    count, people = np.array([6.0, 3.0, 1.0]), np.array([1.0, 1.0, 2.0])
    assert hoover(count, people) == pytest.approx((0.35 + 0.05 + 0.4) / 2)
    assert share_holding_half(count, people) == pytest.approx(5 / 6 / 4)


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


def test_effective_sample_size_is_its_sum_over_pairs():
    rng = np.random.default_rng(3)
    x_m, y_m = rng.uniform(0, 1000, (2, 30))
    x, y = x_m + rng.normal(0, 100, 30), x_m + rng.normal(0, 300, 30)
    classes, widest = 7, np.hypot(np.ptp(x_m), np.ptp(y_m))
    dx, dy = x - x.mean(), y - y.mean()
    shared = 30 * (dx @ dx / 30) * (dy @ dy / 30)
    for klass in range(classes):
        pairs = [
            (i, j)
            for i in range(30)
            for j in range(30)
            if i != j
            and min(int(np.hypot(x_m[i] - x_m[j], y_m[i] - y_m[j]) * classes / widest), 6) == klass
        ]
        if pairs:
            of_x = np.mean([dx[i] * dx[j] for i, j in pairs])
            of_y = np.mean([dy[i] * dy[j] for i, j in pairs])
            shared += len(pairs) * of_x * of_y
    plain = 1 + 1 / (shared / (30**2 * (dx @ dx / 30) * (dy @ dy / 30)))
    assert effective_sample_size(x, y, x_m, y_m, classes) == pytest.approx(plain)
    assert effective_sample_size(x, y, x_m, y_m) < 30


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


def test_studentised_intervals_are_those_of_a_plain_loop():
    rng = np.random.default_rng(8)
    terms = rng.gamma(2.0, 1.0, (25, 2))
    units = ZoneResampling(np.arange(25), np.random.default_rng(0), 400)
    low, high = units.log_ratios(terms, np.array([[1.0, -1.0]]))

    def error(rows):
        parts = rows[:, 0] / rows[:, 0].sum() - rows[:, 1] / rows[:, 1].sum()
        return np.sqrt(np.sum(parts**2))

    theta = np.log(terms[:, 0].sum() / terms[:, 1].sum())
    t = []
    for times in units.weights.astype(int):
        rows = np.repeat(terms, times, axis=0)
        t.append((np.log(rows[:, 0].sum() / rows[:, 1].sum()) - theta) / error(rows))
    left = [np.delete(terms, place, axis=0).sum(axis=0) for place in range(25)]
    left = np.log([a / b for a, b in left])
    jackknife = np.sqrt(24 / 25 * np.sum((left - left.mean()) ** 2))
    below, above = np.percentile(t, [2.5, 97.5])
    assert low[0] == pytest.approx(np.exp(theta - above * jackknife))
    assert high[0] == pytest.approx(np.exp(theta - below * jackknife))
