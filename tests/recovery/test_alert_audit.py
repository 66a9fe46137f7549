"""Coverage of every interval and size of every test of the alert audit, by simulation.

The smaller part; `benchmarks.alerts_coverage` has more replicates and more settings.
"""

import numpy as np
import pytest

from veedor.audits.alerts import (
    AlertCounts,
    ScoreCounts,
    Stratum,
    auc,
    begg_greenes,
    bootstrap_rates,
    chapman,
    clopper_pearson,
    confidence_sequence,
    e_cusum,
    judge,
    koopman_score,
    linearised,
    mercaldo_logit,
    newcombe_hybrid,
    rogan_gladen,
    threshold_at,
    wilson,
)

MANY = 20_000


def _covers(ends, truth):
    low, high = ends
    return float(np.mean((np.asarray(low) <= truth) & (truth <= np.asarray(high))))


@pytest.mark.parametrize(("n", "p"), [(50, 0.3), (200, 0.05), (2000, 0.002), (30, 0.9)])
def test_proportions(n, p):
    x = np.random.default_rng(1).binomial(n, p, MANY)
    assert 0.93 <= _covers(wilson(x, n), p) <= 0.98
    assert _covers(clopper_pearson(x, n), p) >= 0.948


@pytest.mark.parametrize(("n1", "p1", "n2", "p2"), [(100, 0.2, 150, 0.3), (300, 0.03, 900, 0.02)])
def test_ratios_and_differences(n1, p1, n2, p2):
    rng = np.random.default_rng(2)
    x1, x2 = rng.binomial(n1, p1, MANY), rng.binomial(n2, p2, MANY)
    assert 0.94 <= _covers(newcombe_hybrid(x1, n1, x2, n2), p1 - p2) <= 0.97
    seen = (x1 > 0) | (x2 > 0)
    assert 0.94 <= _covers(koopman_score(x1[seen], n1, x2[seen], n2), p1 / p2) <= 0.965


@pytest.mark.parametrize(("tpr", "fpr", "b"), [(0.8, 0.1, 0.01), (0.95, 0.02, 1e-4)])
def test_predictive_values_at_a_base_rate(tpr, fpr, b):
    rng = np.random.default_rng(3)
    x1, x0 = rng.binomial(200, tpr, MANY), rng.binomial(1000, fpr, MANY)
    truth = tpr * b / (tpr * b + fpr * (1 - b))
    assert 0.94 <= _covers(mercaldo_logit(x1, 200, x0, 1000, b), truth) <= 0.965


def test_rates_of_clusters():
    """30 deployments that differ: Wilson by rows fails, by deployment it holds."""
    rng = np.random.default_rng(4)
    naive = right = 0
    for _ in range(1500):
        n = rng.poisson(20, 30)
        x = rng.binomial(n, rng.beta(2, 3, 30))
        low, high = linearised(x, n).interval()
        right += low <= 0.4 <= high
        low, high = wilson(x.sum(), n.sum())
        naive += low <= 0.4 <= high
    assert 0.92 <= right / 1500 <= 0.97
    assert naive / 1500 < 0.75


def test_auc():
    rng = np.random.default_rng(5)
    truth = 0.5 * (1 + 0.5205)  # P(X > Y), X ~ N(1, 1), Y ~ N(0, 1): Phi(1 / sqrt(2))
    hits = 0
    for _ in range(1500):
        found = auc(ScoreCounts.of(rng.normal(1, 1, 40), rng.normal(0, 1, 60)))
        hits += found.low <= truth <= found.high
    assert 0.93 <= hits / 1500 <= 0.97


def test_begg_greenes():
    rng = np.random.default_rng(6)
    hits = {"tpr": 0, "fpr": 0, "for": 0, "prevalence": 0}
    for _ in range(1500):
        positives = rng.binomial(20_000, 0.05)
        tp, fp = rng.binomial(positives, 0.7), rng.binomial(20_000 - positives, 0.04)
        quiet, missed = 20_000 - tp - fp, positives - tp
        found = rng.hypergeometric(missed, quiet - missed, 1500)
        rates = begg_greenes(tp + fp, tp + fp, tp, [Stratum("all", quiet, 1500, int(found))])
        truths = {"tpr": 0.7, "fpr": 0.04, "for": 0.015 / (0.015 + 0.912), "prevalence": 0.05}
        for name, truth in truths.items():
            hits[name] += rates[name].low <= truth <= rates[name].high
    assert all(0.93 <= hit / 1500 <= 0.975 for hit in hits.values()), hits


def test_an_imperfect_checker():
    rng = np.random.default_rng(7)
    hits = 0
    for _ in range(2000):
        found = rng.binomial(200, 0.6 * 0.9 + 0.4 * 0.15)
        se, sp = rng.binomial(100, 0.9), rng.binomial(100, 0.85)
        rate = rogan_gladen(int(found), 200, (int(se), 100), (int(sp), 100))
        hits += rate.low <= 0.6 <= rate.high
    assert 0.93 <= hits / 2000 <= 0.975


def test_two_lists():
    rng = np.random.default_rng(8)
    on = rng.random((2000, 2, 500)) < np.array([0.4, 0.3])[None, :, None]
    first, second = on.sum(axis=2).T
    both = (on[:, 0] & on[:, 1]).sum(axis=1)
    found = [chapman(*map(int, row)) for row in zip(first, second, both, strict=True)]
    hits = np.mean([f.low <= 500 <= f.high for f in found])
    assert 0.93 <= hits <= 0.975
    assert np.mean([f.value for f in found]) == pytest.approx(500, rel=0.01)


def test_a_confidence_sequence_may_be_looked_at_after_every_trial():
    rng = np.random.default_rng(9)
    left = []
    for p in (0.02, 0.3):
        x = np.cumsum(rng.random((300, 400)) < p, axis=1)
        low, high = confidence_sequence(x, np.arange(1, 401))
        left += ((low > p) | (high < p)).any(axis=1).tolist()
    assert np.mean(left) <= 0.05 + 0.02


def test_drift_alarms_are_as_rare_as_stated_and_come_when_due():
    rng = np.random.default_rng(10)
    alarms, delays = [], []
    for p, found in ((0.1, alarms), (0.2, delays)) * 400:
        x, n = rng.binomial(50, p, 100), np.full(100, 50)
        found.append(e_cusum(x, n, 0.1, periods_between_false_alarms=200).alarm)
    assert sum(alarm is not None for alarm in alarms) / 400 <= 100 / 200
    assert None not in delays
    assert np.median(delays) < 8


@pytest.mark.parametrize("p", [0.009999, 0.010001])
def test_wrong_verdicts_on_claims_are_no_more_frequent_than_alpha(p):
    x = np.random.default_rng(11).binomial(3000, p, 3000)
    verdicts = [judge("<", 0.01, int(events), 3000) for events in np.unique(x)]
    share = np.unique(x, return_counts=True)[1] / len(x)
    wrong = "contradicted" if p < 0.01 else "supported"
    said = sum(s for s, v in zip(share, verdicts, strict=True) if v.verdict == wrong)
    assert said <= 0.05 + 0.012
    against = [v.e_against if p < 0.01 else v.e_for for v in verdicts]
    assert sum(s for s, e in zip(share, against, strict=True) if e >= 20) <= 0.05


def test_thresholds_at_a_target():
    """The interval of order statistics holds the true threshold; the mean FPIR is at the target."""
    rng = np.random.default_rng(12)
    hits, reached = 0, []
    for _ in range(1000):
        tops = rng.random(2000)
        value, low, high = threshold_at(tops, 0.02)
        hits += low <= 0.98 <= high
        reached.append(1 - value)
    assert 0.93 <= hits / 1000 <= 0.975
    assert np.mean(reached) == pytest.approx(0.02, rel=0.03)


def test_resampled_counts_are_resampled_rows():
    """Same mean and spread as drawing rows with replacement."""
    cells = np.array([[40, 30, 20, 110, 0, 0], [5, 10, 15, 70, 0, 0]])
    drawn = bootstrap_rates(AlertCounts.of(("a", "b"), cells), np.random.default_rng(13), 4000)
    rng = np.random.default_rng(14)
    rows = np.repeat(np.arange(4), cells[0, :4])
    plain = []
    for _ in range(4000):
        again = np.bincount(rng.choice(rows, len(rows)), minlength=4)
        plain.append(again[1] / (again[1] + again[3]))
    assert drawn["fpr"][:, 1].mean() == pytest.approx(np.mean(plain), abs=0.002)
    assert drawn["fpr"][:, 1].std() == pytest.approx(np.std(plain), rel=0.05)
