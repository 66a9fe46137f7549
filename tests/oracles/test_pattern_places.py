"""Patterns of places against slow versions written from their sources, without veedor's code."""

import itertools
import warnings
from fractions import Fraction

import numpy as np
import pytest
from scipy import stats
from shapely import box

from veedor.patterns import (
    concentration,
    empirical_bayes_rates,
    kernel_density,
    map_change,
    near_repeats,
)
from veedor.patterns.pairs import close_candidates, pairs_by_lag
from veedor.patterns.simulated import middle_range
from veedor.spacetime import Cells, HexagonLattice, StudyArea
from veedor.statistics import (
    generalised_gini,
    getis_ord,
    local_moran,
    lorenz,
    permutation_p_values,
    share_of_places_holding,
)

CRS = "EPSG:32721"


def _uneven(seed):
    """Rectangles of uneven size that touch unevenly, one apart from the rest: an island."""
    rng = np.random.default_rng(seed)
    columns = np.r_[0.0, np.cumsum(rng.uniform(200, 1500, 5))]
    shapes = []
    for west, east in itertools.pairwise(columns):
        rows = np.r_[0.0, np.cumsum(rng.uniform(200, 1500, 4))]
        shapes += [box(west, south, east, north) for south, north in itertools.pairwise(rows)]
    shapes.append(box(50_000, 0, 50_500, 500))
    names = [f"z{n}" for n in range(len(shapes))]
    return Cells.from_polygons(np.array(shapes, dtype=object), names, CRS, source="made up")


@pytest.fixture(params=["hexagons", "uneven"])
def cells(request):
    if request.param == "uneven":
        return _uneven(1)
    ground = StudyArea(box(0, 0, 4000, 3000), CRS, "made up")
    return Cells.on_lattice(ground, HexagonLattice(500.0))


def _near(cells, c):
    indptr, indices = cells.neighbours
    return indices[indptr[c] : indptr[c + 1]].tolist()


def _plain_getis_ord(x, cells):
    """Ord and Getis (1995), equation 14, with w_ii = 1."""
    n, mean = len(x), sum(x) / len(x)
    s = (sum(v * v for v in x) / n - mean**2) ** 0.5
    found = []
    for i in range(n):
        w = [1.0 if j == i or j in _near(cells, i) else 0.0 for j in range(n)]
        whole, square = sum(w), sum(v * v for v in w)
        under = s * ((n * square - whole**2) / (n - 1)) ** 0.5
        found.append((sum(w[j] * x[j] for j in range(n)) - mean * whole) / under)
    return found


def _plain_moran(x, cells):
    """Anselin (1995), equation 12: z_i / m2 times the mean of the neighbours' z."""
    n, mean = len(x), sum(x) / len(x)
    z = [v - mean for v in x]
    m2 = sum(v * v for v in z) / (n - 1)
    return [
        z[i] / m2 * sum(z[j] for j in near) / len(near) if (near := _near(cells, i)) else np.nan
        for i in range(n)
    ]


@pytest.mark.parametrize("seed", [1, 2])
def test_local_statistics_on_hexagons_and_uneven_polygons_with_an_island(cells, seed):
    x = np.random.default_rng(seed).negative_binomial(1, 0.1, len(cells)).astype(float)
    np.testing.assert_allclose(
        getis_ord(x, cells.neighbours), _plain_getis_ord(x, cells), rtol=0, atol=1e-9
    )
    np.testing.assert_allclose(
        local_moran(x, cells.neighbours), _plain_moran(x, cells), rtol=0, atol=1e-9
    )


def test_local_statistics_are_those_of_esda_on_hexagons_and_uneven_polygons(cells):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import esda
        from libpysal.weights import W

        weights = W({c: _near(cells, c) for c in range(len(cells))})
        x = np.random.default_rng(1).negative_binomial(1, 0.1, len(cells)).astype(float)
        theirs = esda.G_Local(x, weights, transform="B", star=True, permutations=0)
        moran = esda.Moran_Local(x, weights, permutations=0)
    np.testing.assert_allclose(getis_ord(x, cells.neighbours), theirs.Zs, rtol=0, atol=1e-9)
    joined = np.diff(cells.neighbours[0]) > 0
    np.testing.assert_allclose(
        local_moran(x, cells.neighbours)[joined], moran.Is[joined], rtol=0, atol=1e-9
    )


def test_permutation_p_values_tend_to_the_exact_share_of_all_sets_of_neighbours():
    cells = _uneven(2)
    x = np.random.default_rng(1).poisson(3.0, len(cells)).astype(float)
    more, less = permutation_p_values(x, cells.neighbours, np.random.default_rng(2))
    for c in range(len(cells)):
        near = _near(cells, c)
        if not near:
            assert np.isnan(more[c])
            continue
        others = np.delete(x, c)
        sums = np.array([sum(held) for held in itertools.combinations(others, len(near))])
        seen = x[near].sum()
        assert more[c] == pytest.approx(np.mean(sums >= seen), abs=0.01)
        assert less[c] == pytest.approx(np.mean(sums <= seen), abs=0.01)


def test_generalised_gini_is_the_area_between_the_curve_and_the_most_even_arrangement():
    """Bernasco and Steenbeek (2017): their sum over shares, by exact fractions."""
    rng = np.random.default_rng(1)
    for n, c in ((10, 5), (7, 30), (40, 12), (9, 9)):
        counts = rng.multinomial(c, rng.dirichlet(np.full(n, 0.5)))
        y = [Fraction(int(v), c) for v in sorted(counts)]
        weighed = sum((i + 1) * share for i, share in enumerate(y))
        plain = max(Fraction(1, c), Fraction(1, n)) * (2 * weighed - n - 1)
        plain += 1 - max(Fraction(n, c), Fraction(1))
        assert generalised_gini(counts) == pytest.approx(float(plain), abs=1e-12)
    # No arrangement of so few incidents is more even than one of each: it has 0.
    assert generalised_gini(np.r_[np.ones(12), np.zeros(28)]) == pytest.approx(0.0, abs=1e-12)


def test_lorenz_and_shares_of_cells_are_those_of_a_plain_walk():
    counts = np.array([0, 7, 3, 3, 0, 1, 12])
    walked = [sum(sorted(counts.tolist())[:k]) / 26 for k in range(8)]
    np.testing.assert_allclose(lorenz(counts), walked, atol=1e-15)
    for share in (0.25, 0.5, 0.9, 1.0):
        wanted, held, cells = share * 26, 0.0, 0.0
        for many in sorted(counts.tolist(), reverse=True):
            if held + many >= wanted:
                cells += (wanted - held) / many
                break
            held, cells = held + many, cells + 1.0
        assert share_of_places_holding(counts, share) == pytest.approx(cells / 7, abs=1e-12)


def test_what_chance_gives_is_the_mean_over_incidents_thrown_one_by_one():
    rng = np.random.default_rng(1)
    counts = np.zeros((8, 30), dtype=int)
    counts[:, :5] = 1
    found = concentration(counts, rng, simulations=1999).chance
    thrown = np.array([np.bincount(rng.integers(0, 30, 40), minlength=30) for _ in range(4000)])
    for key, plain in (
        ("generalised_gini", generalised_gini(thrown)),
        ("0.25", share_of_places_holding(thrown, 0.25)),
        ("0.5", share_of_places_holding(thrown, 0.5)),
    ):
        assert found[key].mean == pytest.approx(plain.mean(), rel=0.02)
        assert found[key].low == pytest.approx(np.quantile(plain, 0.025), rel=0.06)


def _plain_density(counts, cells, weight):
    found = []
    for i in range(len(cells)):
        weights = [weight(cells.x_m[j] - cells.x_m[i], cells.y_m[j] - cells.y_m[i])
                   for j in range(len(cells))]  # fmt: skip
        found.append((weights @ counts) / (weights @ cells.area_km2))
    return found


def test_kernel_density_is_a_plain_double_sum_with_the_ground_as_its_edge_correction(grid):
    def of_centres(east, north):
        far = np.hypot(east, north) / 700.0
        return np.exp(-0.5 * far**2) if far <= 4.0 else 0.0

    def of_squares(east, north):
        ends = stats.norm.cdf([(one + aside) / 300.0 for one in (east, north)
                               for aside in (-125.0, 125.0)])  # fmt: skip
        return (ends[1] - ends[0]) * (ends[3] - ends[2])

    for cells, bandwidth, weight in (
        (_uneven(1), 700.0, of_centres),
        (grid(7, 5, 250.0), 300.0, of_squares),
    ):
        counts = np.random.default_rng(1).poisson(3.0, len(cells))
        plain = _plain_density(counts, cells, weight)
        np.testing.assert_allclose(kernel_density(counts, cells, bandwidth), plain, rtol=1e-3)


def test_knox_expectation_is_the_mean_over_every_order_of_the_days():
    rng = np.random.default_rng(1)
    x, y, day = *rng.uniform(0, 300, (2, 7)), rng.integers(0, 12, 7)
    found = near_repeats(
        x, y, day, rng, distances_m=(80, 160), days=(2, 5), permutations=999, most_pairs=np.inf
    )
    i, j = np.triu_indices(7, 1)
    far = np.searchsorted([1.0, 80.0, 160.0], np.hypot(x[i] - x[j], y[i] - y[j]))
    tables = np.zeros((5040, 3, 3))
    for number, order in enumerate(itertools.permutations(day.tolist())):
        lag = np.searchsorted([0, 2, 5], np.abs(np.array(order)[i] - np.array(order)[j]))
        near = (far < 3) & (lag < 3)
        np.add.at(tables[number], (far[near], lag[near]), 1)
    np.testing.assert_allclose(found.expected, tables.mean(axis=0), rtol=1e-12, atol=1e-12)
    exact = (tables >= found.observed).mean(axis=0)
    known = found.expected > 0
    np.testing.assert_allclose(found.p_value[known], exact[known], atol=0.06)
    assert np.isnan(found.p_value[~known]).all()


def test_pairs_by_lag_and_the_bound_on_close_pairs():
    rng = np.random.default_rng(1)
    day = rng.integers(0, 40, 200)
    gap = np.abs(day[:, None] - day)[np.triu_indices(200, 1)]
    plain = [np.sum(gap == 0), np.sum((gap > 0) & (gap <= 7)), np.sum((gap > 7) & (gap <= 90))]
    assert pairs_by_lag(day, np.array([0, 7, 90])).tolist() == plain
    x, y = rng.uniform(0, 900, (2, 200))
    far = np.hypot(x[:, None] - x, y[:, None] - y)[np.triu_indices(200, 1)]
    assert close_candidates(x, y, 100.0) >= np.sum(far <= 100.0)
    assert close_candidates(x, y, 100.0) < 9 * np.sum(far <= 100.0)


def test_s_index_is_that_of_resamples_of_85_percent_without_replacement():
    """Andresen (2009): draw, order the shares, drop 2.5% at either end, and look."""
    rng = np.random.default_rng(1)
    one, two = rng.poisson(rng.gamma(1.0, 8.0, 30), (2, 30))
    found = map_change(one, two, rng)
    who = np.repeat(np.arange(30), two)
    size = round(0.85 * len(who))
    drawn = np.sort(
        [np.bincount(rng.permutation(who)[:size], minlength=30) / size for _ in range(8000)], axis=0
    )
    low, high = drawn[199], drawn[7800]
    base = one / one.sum()
    similar = (base >= low) & (base <= high)
    busy = (one + two) > 0
    # A share right at an end may fall on either side of it in a sample of resamples.
    assert found.s_index == pytest.approx(similar.mean(), abs=1.01 / 30)
    assert found.robust_s_index == pytest.approx(similar[busy].mean(), abs=1.01 / busy.sum())


def test_s_without_a_change_is_that_of_incidents_whose_map_is_shuffled():
    rng = np.random.default_rng(2)
    one, two = rng.poisson(rng.gamma(1.0, 5.0, 40), (2, 40))
    found = map_change(one, two, rng, simulations=999)
    place = np.repeat(np.arange(40), one + two)
    plain = []
    for _ in range(400):
        mixed = rng.permutation(place)
        first = np.bincount(mixed[: one.sum()], minlength=40)
        plain.append(map_change(first, one + two - first, rng, simulations=1).robust_s_index)
    assert found.s_by_chance[0] == pytest.approx(np.mean(plain), abs=0.01)
    assert found.s_by_chance[1:] == pytest.approx(np.quantile(plain, (0.025, 0.975)), abs=0.04)


def test_standardised_rates_are_those_of_assuncao_and_reis_term_by_term():
    """Their section 3: p_i, b, s2, a, v_i, z_i; v_i = b / x_i where it would be negative."""
    rng = np.random.default_rng(1)
    for spread in (0.0005, 0.5):
        x = rng.integers(50, 4000, 40).astype(float)
        y = rng.poisson(x * 0.01 * rng.gamma(1 / spread, spread, 40)).astype(float)
        m = len(x)
        p = [y[i] / x[i] for i in range(m)]
        b = sum(y) / sum(x)
        s2 = sum(x[i] * (p[i] - b) ** 2 for i in range(m)) / sum(x)
        a = s2 - b / (sum(x) / m)
        v = [a + b / x[i] for i in range(m)]
        v = [v[i] if v[i] > 0 else b / x[i] for i in range(m)]
        plain = [(p[i] - b) / v[i] ** 0.5 for i in range(m)]
        np.testing.assert_allclose(empirical_bayes_rates(y, x), plain, rtol=1e-12)


def test_one_more_draw_lies_in_the_middle_range_as_often_as_said():
    rng = np.random.default_rng(1)
    drawn = rng.gamma(0.5, 1.0, (79, 6000))
    low, high = middle_range(drawn)
    one_more = rng.gamma(0.5, 1.0, 6000)
    inside = int(np.sum((low <= one_more) & (one_more <= high)))
    assert stats.binomtest(inside, 6000, 0.95).pvalue > 1e-3
