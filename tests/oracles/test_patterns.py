"""Patterns against other libraries and against slow, plain versions."""

import warnings
from itertools import combinations, pairwise

import numpy as np
import pytest
from scipy import stats

from veedor.patterns import empirical_bayes_rates, mann_kendall, map_change, pelt
from veedor.patterns.emerging import _two_sided
from veedor.patterns.map_changes import _ends
from veedor.patterns.pairs import PairCounter
from veedor.patterns.share_trends import _root_tail
from veedor.patterns.trends import _autocorrelation_factor
from veedor.statistics import getis_ord, gini, local_moran, permutation_p_values


@pytest.fixture(scope="module")
def pysal():
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import esda
        from libpysal.weights import W
    return esda, W


def _weights(W, neighbours):
    indptr, indices = neighbours
    return W({c: indices[indptr[c] : indptr[c + 1]].tolist() for c in range(len(indptr) - 1)})


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_getis_ord_and_local_moran_are_those_of_esda(grid, pysal, seed):
    esda, W = pysal
    cells = grid(11, 9)
    values = np.random.default_rng(seed).negative_binomial(1, 0.2, 99).astype(float)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        weights = _weights(W, cells.neighbours)
        theirs = esda.G_Local(values, weights, transform="B", star=True, permutations=0)
        moran = esda.Moran_Local(values, weights, permutations=0)
    np.testing.assert_allclose(getis_ord(values, cells.neighbours), theirs.Zs, rtol=0, atol=1e-9)
    np.testing.assert_allclose(local_moran(values, cells.neighbours), moran.Is, rtol=0, atol=1e-9)


def test_permutation_p_values_are_those_of_a_plain_loop(grid):
    cells = grid(5, 4)
    rng = np.random.default_rng(1)
    values = rng.poisson(2.0, 20).astype(float)
    more, less = permutation_p_values(values, cells.neighbours, rng)
    indptr, indices = cells.neighbours
    for cell in range(0, 20, 3):
        near = indices[indptr[cell] : indptr[cell + 1]]
        others = np.delete(values, cell)
        drawn = np.array([rng.choice(others, len(near), replace=False).sum() for _ in range(4000)])
        assert more[cell] == pytest.approx(np.mean(drawn >= values[near].sum()), abs=0.03)
        assert less[cell] == pytest.approx(np.mean(drawn <= values[near].sum()), abs=0.03)


def test_exact_tails_of_emerging_are_those_of_many_permutations(grid):
    cells = grid(20, 20)
    values = np.random.default_rng(1).negative_binomial(0.7, 0.3, 400).astype(float)
    many = permutation_p_values(
        values, cells.neighbours, np.random.default_rng(2), permutations=40_000
    )
    drawn = np.minimum(1.0, 2.0 * np.minimum(*many))
    ours = _two_sided(values, cells.neighbours)
    np.testing.assert_allclose(ours, drawn, rtol=0.25, atol=0.02)
    assert np.corrcoef(np.log(ours), np.log(drawn))[0, 1] > 0.99


def test_standardised_rates_are_those_of_esda(pysal):
    from esda.smoothing import assuncao_rate

    rng = np.random.default_rng(1)
    people = rng.integers(50, 5000, 60).astype(float)
    counts = rng.poisson(people * rng.gamma(4, 0.005, 60)).astype(float)
    np.testing.assert_allclose(empirical_bayes_rates(counts, people), assuncao_rate(counts, people))


@pytest.mark.parametrize("seed", range(6))
def test_mann_kendall_is_that_of_pymannkendall_but_for_the_autocorrelation(seed):
    import pymannkendall

    rng = np.random.default_rng(seed)
    steps = 40
    series = np.convolve(rng.normal(size=steps), [1.0, 0.8, 0.5], mode="same")
    series = np.round(series + 0.03 * seed * np.arange(steps), 1 if seed % 2 else 9)
    found = mann_kendall(series[:, None])
    theirs = pymannkendall.original_test(series)
    assert found.slope[0] == pytest.approx(theirs.slope)
    assert found.tau[0] == pytest.approx(theirs.Tau)
    # Hamed's coefficient, of the normal scores about a trend, less its bias.
    score = stats.norm.ppf((stats.rankdata(series) - 0.375) / (steps + 0.25))
    design = np.column_stack([score[:-1], np.ones(steps - 1), np.arange(2, steps + 1)])
    fitted = np.linalg.lstsq(design, score[1:], rcond=None)[0][0]
    a = min(max((steps * fitted + 2) / (steps - 4), 0.0), 0.95)
    # Hamed and Rao's variance, with the rank autocorrelations of that autoregression.
    weighted = sum(
        (steps - i) * (steps - i - 1) * (steps - i - 2) * 6 / np.pi * np.arcsin(a**i / 2)
        for i in range(1, steps)
    )
    factor = 1 + 2 * weighted / (steps * (steps - 1) * (steps - 2))
    assert factor > 1.3
    assert found.z[0] == pytest.approx(theirs.z / np.sqrt(factor))


def test_mann_kendall_without_autocorrelation_is_the_plain_test_of_pymannkendall():
    import pymannkendall

    series = np.tile([5.0, 1.0, 4.0, 2.0, 3.0], 6) + 0.01 * np.arange(30)
    found, theirs = mann_kendall(series[:, None]), pymannkendall.original_test(series)
    assert (found.z[0], found.p_value[0]) == pytest.approx((theirs.z, theirs.p))


@pytest.mark.parametrize("coefficient", [0.0, 0.4, 0.8])
def test_the_variance_of_mann_kendall_is_that_of_all_pairs_of_pairs(coefficient):
    """Exact for a Gaussian autoregression: signs of two normal differences agree by arcsin."""
    steps = 16
    early, late = np.triu_indices(steps, 1)
    rho = coefficient ** np.abs(np.subtract.outer(np.arange(steps), np.arange(steps)))
    spread = np.sqrt(2 - 2 * rho[early, late])
    together = (
        rho[np.ix_(late, late)] - rho[np.ix_(late, early)]
        - rho[np.ix_(early, late)] + rho[np.ix_(early, early)]
    ) / np.outer(spread, spread)  # fmt: skip
    exact = float(np.sum(2 / np.pi * np.arcsin(np.clip(together, -1, 1))))
    plain = steps * (steps - 1) * (2 * steps + 5) / 18
    ours = plain * _autocorrelation_factor(steps, np.array([coefficient]))[0]
    assert ours == pytest.approx(exact, rel=0.06)


def test_ties_lower_the_variance_as_in_pymannkendall():
    import pymannkendall

    series = np.random.default_rng(1).integers(0, 3, 30).astype(float)
    theirs = pymannkendall.original_test(series)
    assert mann_kendall(series[:, None]).tau[0] == pytest.approx(theirs.Tau)


def test_gini_is_the_mean_absolute_difference():
    counts = np.random.default_rng(1).poisson(2.0, 60)
    plain = np.abs(counts[:, None] - counts).mean() / (2 * counts.mean())
    assert gini(counts) == pytest.approx(plain)


def test_pairs_are_those_of_all_against_all():
    rng = np.random.default_rng(1)
    x, y = np.round(rng.uniform(0, 1500, (2, 500)), -1)
    day = rng.integers(0, 60, 500)
    edges, lags = np.array([1.0, 100.0, 250.0]), [0, 7, 21]
    group = rng.integers(0, 4, 500)
    found = PairCounter.of(x, y, group, edges, lags).observed(day)
    i, j = np.triu_indices(500, 1)
    far, gap = np.hypot(x[i] - x[j], y[i] - y[j]), np.abs(day[i] - day[j])
    band = np.searchsorted(edges, far, side="left")
    lag = np.searchsorted(lags, gap, side="left")
    plain = np.zeros((3, 3), dtype=int)
    near = (band < 3) & (lag < 3)
    np.add.at(plain, (band[near], lag[near]), 1)
    np.testing.assert_array_equal(found.sum(axis=0), plain)


@pytest.mark.parametrize(
    ("whole", "mine", "size"), [(900, 0, 765), (900, 7, 765), (900, 300, 765), (10, 9, 8)]
)
def test_ends_of_a_resample_are_the_hypergeometric_percentiles(whole, mine, size):
    known = stats.hypergeom(whole, mine, size)
    assert _ends(whole, mine, size) == (known.ppf(0.025), known.ppf(0.975))


def test_a_places_change_is_fishers_exact_test_with_the_tail_doubled():
    one, two = np.array([12, 40, 3, 60]), np.array([25, 38, 9, 44])
    found = map_change(one, two, np.random.default_rng(1), simulations=9)
    assert found.reference.all()
    for place in range(4):
        table = [[one[place], two[place]], [one.sum() - one[place], two.sum() - two[place]]]
        tails = [stats.fisher_exact(table, alternative=tail).pvalue for tail in ("less", "greater")]
        assert found.p_value[place] == pytest.approx(min(1.0, 2 * min(tails)))


@pytest.mark.parametrize(("steps", "many"), [(6, 10), (12, 10), (24, 60), (24, 400)])
def test_the_tail_of_a_trend_is_that_of_every_sum_of_so_many_draws(steps, many):
    share = np.random.default_rng(steps + many).dirichlet(np.full(steps, 8.0))
    exact = np.ones(1)
    for _ in range(many):
        exact = np.convolve(exact, share)
    when = np.arange(steps, dtype=float)
    mean, spread = many * when @ share, np.sqrt(many * (when - when @ share) ** 2 @ share)
    score = np.unique(np.round(mean + np.array([1, 2, 3, 4, 5]) * spread)).astype(int)
    score = score[score < len(exact) - 1]
    tau = np.tile((when - when @ share)[:, None], len(score))
    ours = _root_tail(
        (score - mean) / many, tau, np.tile(share[:, None], len(score)),
        np.full(len(score), float(many)), 1.0,
    )  # fmt: skip
    tails = np.array([exact[one:].sum() for one in score])
    np.testing.assert_allclose(stats.norm.sf(ours), tails, rtol=0.06)


def _penalised(y, e, breaks, penalty):
    cost = 0.0
    for a, b in pairwise([0, *breaks, len(y)]):
        many = y[a:b].sum()
        cost -= 2 * many * np.log(many / e[a:b].sum()) if many else 0.0
    return cost + penalty * len(breaks)


def _every_division(steps, shortest):
    for many in range(steps // shortest):
        for breaks in combinations(range(shortest, steps - shortest + 1), many):
            if all(b - a >= shortest for a, b in pairwise([0, *breaks, steps])):
                yield list(breaks)


@pytest.mark.parametrize("shortest", [1, 2, 3, 4, 5])
def test_pelt_is_the_best_of_all_divisions_whatever_the_shortest_level(shortest):
    """A start that is given up at once, not when its rival is long enough, fails at 3 to 5."""
    rng = np.random.default_rng(shortest)
    for _ in range(150):
        steps = int(rng.integers(8, 15))
        y = rng.poisson(rng.choice([2.0, 8.0]) * rng.choice([1, 3], steps)).astype(float)
        e, penalty = rng.uniform(0.5, 2.0, steps), float(rng.uniform(0.5, 8.0))
        found = pelt(y, e, penalty, shortest)
        best = min(_penalised(y, e, one, penalty) for one in _every_division(steps, shortest))
        assert _penalised(y, e, found, penalty) == pytest.approx(best, abs=1e-9)
        assert min(np.diff([0, *found, steps])) >= shortest


def test_pelt_finds_no_break_that_costs_more_than_it_gains():
    y = np.array([10.0, 5, 6, 17, 4, 5, 2, 11, 12, 9])
    assert [pelt(y, np.ones(10), 2.0, shortest) for shortest in (3, 4)] == [[4, 7], []]
