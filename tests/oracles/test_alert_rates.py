"""Slow plain versions, scipy, and figures of other packages, beside ours."""

import itertools
from dataclasses import fields

import numpy as np
import pytest
from scipy import stats

from veedor.audits.alerts import (
    ScoreCounts,
    auc,
    confidence_sequence,
    e_cusum,
    error_free_trials,
    gini_of_groups,
    judge,
    one_sided_e_value,
)
from veedor.audits.alerts.clusters import clustered_rates
from veedor.audits.alerts.counting import CELLS, DENOMINATORS, AlertCounts, ClusterMoments
from veedor.audits.alerts.monitoring import DRIFTS
from veedor.statistics import clopper_pearson, koopman_score, linearised, newcombe_hybrid, wilson


@pytest.mark.parametrize(("method", "ours"), [("wilson", wilson), ("exact", clopper_pearson)])
@pytest.mark.parametrize("level", [0.8, 0.95, 0.99])
def test_proportions_as_in_scipy(method, ours, level):
    for n in (1, 2, 7, 30, 1000):
        for x in sorted({0, 1, n // 3, n - 1, n}):
            theirs = stats.binomtest(x, n).proportion_ci(level, method)
            low, high = ours(x, n, level)
            assert float(low) == pytest.approx(theirs.low, abs=1e-10)
            assert float(high) == pytest.approx(theirs.high, abs=1e-10)


def test_ratios_and_differences_as_in_statsmodels_0_14():
    """`confint_proportions_2indep(..., correction=False)`, run once and written down."""
    for counts, low, high in (
        ((36, 40, 16, 80), 2.9395691922149965, 7.15222343486603),
        ((1369, 1901, 505, 966), 1.2908411407832934, 1.4743483870230656),
        ((40, 40, 16, 80), 3.3282030494294994, 7.872252832037413),
        ((0, 40, 16, 80), 0.0, 0.444602935792068),
        ((5, 40, 0, 80), 2.6761831072109286, np.inf),
    ):
        assert [float(e) for e in koopman_score(*counts)] == pytest.approx([low, high], rel=1e-8)
    ends = newcombe_hybrid(56, 70, 48, 80)
    assert [float(e) for e in ends] == pytest.approx([0.05243147240236498, 0.33387265403690614])


def test_koopman_s_interval_is_what_chi_squared_does_not_reject():
    """At each end the constrained chi-squared, minimised numerically, is the critical value."""
    from scipy.optimize import minimize_scalar

    for x1, n1, x2, n2 in ((9, 50, 4, 60), (1, 10, 2, 300), (30, 31, 29, 35)):
        for end in koopman_score(x1, n1, x2, n2):
            top = min(1.0, 1.0 / float(end))

            def minus_log_likelihood(p2, ratio=float(end), a=(x1, n1, x2, n2)):
                p1 = min(ratio * p2, 1 - 1e-12)
                return -stats.binom.logpmf(a[0], a[1], p1) - stats.binom.logpmf(a[2], a[3], p2)

            p2 = minimize_scalar(
                minus_log_likelihood, bounds=(1e-9, top - 1e-9), method="bounded",
                options={"xatol": 1e-12},
            ).x  # fmt: skip
            p1 = float(end) * p2
            found = (x1 - n1 * p1) ** 2 / (n1 * p1 * (1 - p1)) + (x2 - n2 * p2) ** 2 / (
                n2 * p2 * (1 - p2)
            )
            assert found == pytest.approx(stats.chi2.ppf(0.95, 1), rel=1e-3)


def test_auc_and_its_variance_pair_by_pair():
    rng = np.random.default_rng(0)
    positives = rng.integers(0, 8, 30).astype(float)
    negatives = rng.integers(0, 6, 40).astype(float)
    wins = np.array([[(p > n) + 0.5 * (p == n) for n in negatives] for p in positives])
    found = auc(ScoreCounts.of(positives, negatives))
    assert found.value == pytest.approx(wins.mean())
    variance = wins.mean(axis=1).var(ddof=1) / 30 + wins.mean(axis=0).var(ddof=1) / 40
    a = wins.mean()
    half = stats.norm.ppf(0.975) * np.sqrt(variance) / (a * (1 - a))
    logit = np.log(a / (1 - a))
    ends = 1 / (1 + np.exp(-np.array([logit - half, logit + half])))
    assert [found.low, found.high] == pytest.approx(ends)


def test_variance_from_products_is_that_of_the_clusters():
    """One pass over cells by cluster serves every rate."""
    rng = np.random.default_rng(1)
    one, two = rng.poisson(0.7, (2, 50, 6))
    groups = np.stack([one + two, one, two])
    active = [
        [
            sum(any(row[CELLS.index(cell)] for cell in subset) for row in cells)
            for subset in DENOMINATORS
        ]
        for cells in groups
    ]
    products = np.einsum("gci,gcj->gij", groups, groups).astype(float)
    counts = AlertCounts(("ALL", "a", "b"), groups.sum(axis=1))
    for base in (0, 1):
        across = np.einsum("gci,cj->gij", groups, groups[base]).astype(float)
        moments = ClusterMoments("k", products, across, base, np.array(active), True)
        rates = clustered_rates(counts, moments)
        for name, above, below in (
            ("ppv", [0], [0, 1]), ("fpr", [1], [1, 3]), ("accuracy", [0, 3], [0, 1, 2, 3]),
            ("alert_rate", [0, 1, 4], [0, 1, 2, 3, 4, 5]),
        ):  # fmt: skip
            plain = linearised(
                groups[:, :, above].sum(axis=2), groups[:, :, below].sum(axis=2), base
            )
            for field in fields(plain):
                found, slow = (getattr(rate, field.name) for rate in (rates[name], plain))
                assert found == pytest.approx(np.asarray(slow)), (name, field.name)


def test_zero_events_count_the_clusters():
    rate = linearised([0, 0, 0, 0], [10, 20, 30, 0])
    assert float(rate.effective_n) == 3.0
    assert [float(e) for e in rate.interval()] == [float(e) for e in wilson(0, 3)]


def test_gini_pair_by_pair():
    x = np.array([0.01, 0.02, 0.05, 0.0])
    pairs = sum(abs(a - b) for a, b in itertools.product(x, x))
    assert float(gini_of_groups(x)) == pytest.approx(4 / 3 * pairs / (2 * 16 * x.mean()))


def test_e_cusum_step_by_step():
    rng = np.random.default_rng(2)
    n = rng.integers(1, 30, 60)
    x = rng.binomial(n, np.where(np.arange(60) < 30, 0.1, 0.4))
    limit = 0.15
    m = np.zeros(len(DRIFTS))
    path = []
    for events, trials in zip(x, n, strict=True):
        for place, drift in enumerate(DRIFTS):
            odds = limit / (1 - limit) * drift
            p = odds / (1 + odds)
            ratio = (p / limit) ** events * ((1 - p) / (1 - limit)) ** (trials - events)
            m[place] = ratio * max(m[place], 1.0)
        path.append(np.log(m.mean()))
    found = e_cusum(x, n, limit)
    assert found.evidence == pytest.approx(np.array(path))
    assert found.alarm == next(t for t, value in enumerate(path) if value >= np.log(1000))


def test_confidence_sequence_is_where_the_bet_has_not_won():
    from mpmath import beta, mpf

    for x, n in ((0, 5), (3, 10), (200, 400)):
        low, high = (float(end) for end in confidence_sequence(x, n))
        half = mpf("0.5")
        bet = beta(half + x, half + n - x) / beta(half, half)
        for end in (low, high):
            if 0 < end < 1:
                p = mpf(end)
                assert float(bet / (p**x * (1 - p) ** (n - x))) == pytest.approx(20, rel=1e-6)


def test_claims_as_in_scipy_and_by_summing():
    for x, n, p in ((0, 10, 0.1), (7, 8600, 1 / 6000), (60, 100, 0.5)):
        verdict = judge("<", p, x, n)
        assert verdict.p_if_true == pytest.approx(stats.binomtest(x, n, p, "greater").pvalue)
        assert verdict.p_if_false == pytest.approx(stats.binomtest(x, n, p, "less").pvalue)
    # On average 1 over everything that can be counted, were the claim just true.
    n, p = 12, 0.3
    mean = sum(stats.binom.pmf(x, n, p) * one_sided_e_value(x, n, p) for x in range(n + 1))
    assert mean == pytest.approx(1.0)


@pytest.mark.parametrize("value", [0.5, 0.01, 1 / 6000, 1e-6])
def test_error_free_trials_are_the_fewest(value):
    n = error_free_trials(value)
    assert (1 - value) ** n <= 0.05 < (1 - value) ** (n - 1)
    assert judge("<", value, 0, n).verdict == "supported"
    assert judge("<", value, 0, n - 1).verdict == "not_enough_data"
