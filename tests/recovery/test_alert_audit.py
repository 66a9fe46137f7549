"""Coverage of every interval and size of every test of the alert audit, by simulation.

The smaller part; `benchmarks.alerts_coverage` has more replicates and more settings.
"""

import numpy as np
import pytest

from veedor.audits.alerts import (
    ScoreCounts,
    Stratum,
    auc,
    begg_greenes,
    chapman,
    confidence_sequence,
    e_cusum,
    false_alarms,
    gap_interval,
    gini_of_groups,
    judge,
    rogan_gladen,
    surest_group,
    threshold_at,
    watch,
    widest_gap,
)
from veedor.audits.alerts.rates import Proportions
from veedor.audits.alerts.searches import equity_statements
from veedor.statistics import (
    clopper_pearson,
    garwood,
    koopman_score,
    linearised,
    mercaldo_logit,
    newcombe_hybrid,
    newcombe_within,
    per_exposure,
    resampled,
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


@pytest.mark.parametrize(("deployments", "spread"), [(5, 0.7), (10, 1.2), (20, 0.7), (20, 0.0)])
def test_alarms_an_hour_of_deployments_that_differ(deployments, spread):
    """As if alarms were independent, four in five intervals or fewer would hold the rate."""
    rng = np.random.default_rng(8)
    hours = np.broadcast_to(rng.lognormal(3.0, 0.5, deployments), (4_000, deployments))
    of_each = rng.gamma(spread**-2, spread**2, hours.shape) if spread else 1.0
    alarms = rng.poisson(0.4 * hours * of_each)
    ends, over = per_exposure(alarms, hours)
    assert over.all()
    assert 0.92 <= _covers(ends, 0.4) <= 0.99
    if spread:
        assert _covers(garwood(alarms.sum(axis=1), hours.sum(axis=1)), 0.4) < 0.8
    assert _covers(garwood(rng.poisson(7.0, MANY), 10.0), 0.7) >= 0.948


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


@pytest.mark.parametrize(("n", "rest", "p"), [(2174, 1143, 0.61), (400, 600, 0.05), (30, 970, 0.4)])
def test_a_gap_to_everyone_allows_for_the_group_being_part_of_them(n, rest, p):
    """Size 5%; as if the two were independent it was .0008 where the group is most of the whole."""
    rng = np.random.default_rng(15)
    x, y = rng.binomial(n, p, MANY), rng.binomial(rest, p, MANY)
    within = _covers(newcombe_within(x, n, x + y, n + rest), 0.0)
    assert 0.945 <= within <= 0.965
    if n > rest:
        assert _covers(newcombe_hybrid(x, n, x + y, n + rest), 0.0) > 0.99


@pytest.mark.parametrize(
    ("tpr", "fpr", "n1", "n0"),
    [(1.0, 0.05, 50, 200), (0.999, 0.1, 50, 500), (0.99, 0.001, 100, 1000), (0.95, 0.01, 20, 100)],
)
def test_predictive_values_where_a_rate_is_at_an_edge(tpr, fpr, n1, n0):
    """Also given that everybody sought was found; adding to both rates covered .58 to .87."""
    rng = np.random.default_rng(16)
    x1, x0 = rng.binomial(n1, tpr, MANY), rng.binomial(n0, fpr, MANY)
    truth = tpr * 0.01 / (tpr * 0.01 + fpr * 0.99)
    low, high = mercaldo_logit(x1, n1, x0, n0, 0.01)
    assert _covers((low, high), truth) >= 0.935
    all_found = x1 == n1
    assert _covers((low[all_found], high[all_found]), truth) >= 0.91


@pytest.mark.parametrize("number", [5, 10, 20])
@pytest.mark.parametrize("giant", [False, True])
def test_few_clusters_and_one_that_holds_half(number, giant):
    rng = np.random.default_rng(17)
    hits = 0
    for _ in range(800):
        n = rng.poisson(20, number) + 1
        if giant:
            n[0] = 20 * number
        low, high = linearised(rng.binomial(n, rng.beta(1.2, 2.8, number)), n).interval()
        hits += low <= 0.3 <= high
    assert hits / 800 >= 0.925  # .73 to .86 with as many degrees of freedom as there are rows


def test_gaps_of_clustered_groups_carry_their_covariance():
    """Evenings differ, and all groups of an evening with them: gaps are not as wide as rates."""
    rng = np.random.default_rng(18)
    hits, plain = 0, 0
    for _ in range(400):
        n = rng.poisson(15, (2, 25)) + 1
        own = rng.beta(1.5, 3.5, 25)
        x = rng.binomial(n, own[None, :])
        both, trials = (np.vstack([c.sum(axis=0), c]) for c in (x, n))
        rate = Proportions("ppv", ("ALL", "a", "b"), both.sum(axis=1), trials.sum(axis=1))
        rate = rate.with_clusters(linearised(both, trials, 0), "evening")
        low, high = gap_interval(rate)
        hits += low[1] <= 0.0 <= high[1]
        plain += high[1] - low[1] < 0.6 * np.subtract(*reversed(rate.interval()))[1]
    assert 0.93 <= hits / 400 <= 0.985
    assert plain / 400 > 0.9


def test_the_surest_of_equal_groups_is_seldom_sure_and_their_widest_gap_may_be_0():
    """17% of six equal groups were told apart where each was looked at by itself."""
    rng = np.random.default_rng(19)
    names = ("ALL", *"abcdef")
    told = held = 0
    for _ in range(600):
        x = rng.binomial(300, 0.2, 6)
        rate = Proportions(
            "fpr", names, np.append(x.sum(), x).astype(float), np.append(1800.0, np.full(6, 300.0))
        )
        told += surest_group(rate, "a") is not None
        held += widest_gap(rate)[1] == 0.0
    assert told / 600 <= 0.06
    assert held / 600 >= 0.94


def test_the_widest_gap_of_groups_that_differ_is_held():
    rng = np.random.default_rng(20)
    rates = np.array([0.1, 0.15, 0.3, 0.22])
    hits = 0
    for _ in range(1500):
        x = rng.binomial(250, rates)
        rate = Proportions("fpr", ("ALL", *"abcd"), np.append(x.sum(), x).astype(float),
                           np.append(1000.0, np.full(4, 250.0)))  # fmt: skip
        _, low, high = widest_gap(rate)
        hits += low <= 0.2 <= high
    assert hits / 1500 >= 0.95


@pytest.mark.parametrize(("whole", "first", "second"), [(30, 0.3, 0.3), (100, 0.15, 0.1)])
def test_two_short_lists(whole, first, second):
    """Chao's interval on the logarithm covered .84 to .88."""
    rng = np.random.default_rng(21)
    on = rng.random((1000, 2, whole)) < np.array([first, second])[None, :, None]
    hits = 0
    for lists in on:
        found = chapman(*(int(one.sum()) for one in (*lists, lists[0] & lists[1])))
        hits += found.low <= whole <= (np.inf if found.high is None else found.high)
    assert 0.94 <= hits / 1000 <= 0.99


def test_begg_greenes_of_a_small_audit():
    rng = np.random.default_rng(22)
    hits = 0
    for _ in range(1000):
        positives = rng.binomial(20_000, 0.01)
        tp, fp = rng.binomial(positives, 0.7), rng.binomial(20_000 - positives, 0.04)
        quiet, missed = 20_000 - tp - fp, positives - tp
        found = int(rng.hypergeometric(missed, quiet - missed, 300))
        rate = begg_greenes(tp + fp, tp + fp, tp, [Stratum("all", quiet, 300, found)])["tpr"]
        hits += rate.low <= 0.7 <= rate.high
    assert hits / 1000 >= 0.945


def test_as_many_false_alarms_come_as_are_expected():
    rng = np.random.default_rng(23)
    n = np.full(120, 40)
    stated = {"periods_between_false_alarms": 30.0}
    expected, bound = false_alarms(n, 0.15, np.random.default_rng(0), replicates=600, **stated)
    raised = [
        sum(d.alarm is not None for d in watch(rng.binomial(n, 0.15), n, **stated).drifts)
        for _ in range(600)
    ]
    assert np.mean(raised) == pytest.approx(expected, abs=0.05)
    assert np.mean(raised) <= bound


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
    assert {f.method.code for f in found} == {"chapman_midp"}
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
    cells = np.array([40, 30, 20, 110])
    drawn = resampled(cells, np.random.default_rng(13), 4000)
    rates = drawn[:, 1] / (drawn[:, 1] + drawn[:, 3])
    rng = np.random.default_rng(14)
    rows = np.repeat(np.arange(4), cells)
    plain = []
    for _ in range(4000):
        again = np.bincount(rng.choice(rows, len(rows)), minlength=4)
        plain.append(again[1] / (again[1] + again[3]))
    assert rates.mean() == pytest.approx(np.mean(plain), abs=0.002)
    assert rates.std() == pytest.approx(np.std(plain), rel=0.05)


def test_equity_of_equal_groups_may_be_equality_and_of_others_is_held():
    rng = np.random.default_rng(24)
    names = ("ALL", "a", "b", "c")

    def rate(name, n, p):
        x = rng.binomial(n, p)
        return Proportions(name, names, np.append(x.sum(), x).astype(float),
                           np.append(sum(n), n).astype(float))  # fmt: skip

    alike, held = [], []
    for _ in range(120):
        for hits, p in ((alike, [0.1] * 3), (held, [0.05, 0.1, 0.2])):
            rates = {
                "fpir": rate("fpir", [400, 800, 300], p),
                "fnir_rank1": rate("fnir_rank1", [200, 300, 200], p),
            }
            truth = {"fpir_max_over_geomean": max(p) / np.prod(p) ** (1 / 3),
                     "garbe_a0.5": gini_of_groups(p),
                     "fdr_fair_a0.5": 1 - max(p) + min(p)}  # fmt: skip
            rows = {one.statistic: one.estimate for one in equity_statements(0.5, rates, rng)}
            hits.append([rows[n].low <= value + 1e-9 and value - 1e-9 <= rows[n].high
                         for n, value in truth.items()])  # fmt: skip
    assert (np.mean(alike, axis=0) >= 0.9).all()  # never, where it was a percentile of a gap
    assert (np.mean(held, axis=0) >= 0.88).all()
