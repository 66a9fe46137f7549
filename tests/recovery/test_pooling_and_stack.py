"""Pooling, corrections, mixtures and dispersion: simulate, fit, and get back what is true."""

from dataclasses import replace

import numpy as np
import pytest

from veedor.forecasters import PriorCounts, make_forecaster
from veedor.forecasters.additive import Additive
from veedor.forecasters.dispersion import DispersionCurve
from veedor.forecasters.features import features_at
from veedor.forecasters.poisson_trees import PoissonTrees
from veedor.forecasters.pooled_counts import PooledCounts
from veedor.forecasters.stack import Stack
from veedor.forecasts import CountDistribution
from veedor.spacetime import Periods
from veedor.verification import log_score, pit_cdf


def ahead(past, periods=1):
    return Periods.stepping(past.cutoff, past.length, 0, periods, past.record.zone)


def distance(forecaster, past, rate):
    """Kullback-Leibler divergence of the forecast shares from the true ones."""
    truth = rate / rate.sum()
    shares = forecaster.fit(past).shares(past, ahead(past))[0]
    return float(truth @ np.log(truth / shares))


def test_a_sparse_category_borrows_from_one_that_shares_its_places(grid, recorded):
    cells = grid(15, 15)
    pooled, alone = [], []
    for seed in range(4):
        surface = np.random.default_rng(seed).gamma(0.8, 1.0, len(cells)) + 0.02
        rates = {"sparse": 0.02 * surface, "busy": 1.0 * surface}
        past = recorded(seed, cells, rates, 60)
        pooled.append(distance(PooledCounts(), past, surface))
        alone.append(distance(PriorCounts(), past, surface))
    assert np.mean(pooled) < 0.5 * np.mean(alone)


def test_a_category_elsewhere_does_no_harm(grid, recorded):
    cells = grid(15, 15)
    pooled, alone = [], []
    for seed in range(4):
        mine, others = np.random.default_rng(seed).gamma(0.8, 1.0, (2, len(cells))) + 0.02
        past = recorded(seed, cells, {"sparse": 0.05 * mine, "busy": others}, 60)
        pooled.append(distance(PooledCounts(), past, mine))
        alone.append(distance(PriorCounts(), past, mine))
    assert np.mean(pooled) < 1.03 * np.mean(alone)


def episodes(rng, weeks, cells, times, length):
    """Factors of 1, and of `times` for spells of so many weeks, in a third of all cases."""
    spells = -(-weeks // length)
    wild = rng.random((spells, cells)) < 1.0 / 3.0
    return np.where(np.repeat(wild, length, axis=0)[-weeks:], times, 1.0)


def corrected(past):
    """What `Additive` multiplies the long-run shares by, and these."""
    base = features_at(past, past.cutoff).base
    return Additive().fit(past).shares(past, ahead(past))[0] / base, base


def test_a_place_that_runs_at_double_is_corrected_upwards(grid, recorded):
    cells = grid(10, 10)
    factor = episodes(np.random.default_rng(0), 104, len(cells), 2.5, 26)
    past = recorded(1, cells, {"theft": 1.5 * factor}, 104)
    made = Additive().fit(past)
    # The last spell is over at the cut-off: half of it is what is recent.
    middle = past.until(past.cutoff - np.timedelta64(7 * 8, "D"))
    correction, base = corrected(middle)
    correction = correction / (base @ correction)
    up = factor[-9] > 1.0
    long_run = factor[:-8].mean(axis=0)
    should = factor[-9] / long_run
    should = should / (long_run / long_run.sum() @ should)
    assert correction[up].mean() > 1.15
    assert correction[~up].mean() < 1.0
    assert np.corrcoef(np.log(correction), np.log(should))[0, 1] > 0.8
    total = sum(value for name, value in made.coefficients_.items() if name.endswith("days, cell"))
    assert total > 0.0


def test_a_steady_record_is_hardly_corrected(grid, recorded):
    cells = grid(10, 10)
    rate = np.random.default_rng(2).gamma(1.0, 1.0, len(cells))
    past = recorded(3, cells, {"theft": rate}, 80)
    made = Additive().fit(past)
    correction, _ = corrected(past)
    assert np.std(np.log(correction)) < 0.1
    assert distance(made, past, rate) < 1.2 * distance(PooledCounts(), past, rate) + 1e-3


@pytest.mark.parametrize(
    ("side", "rate", "most"),
    [
        pytest.param(20, 0.4, {PoissonTrees: 0.010, Stack: 0.005}, id="400 cells"),
        pytest.param(20, 0.1, {PoissonTrees: 0.010, Stack: 0.006}, id="400 with few incidents"),
        pytest.param(10, 0.5, {PoissonTrees: 0.010, Stack: 0.005}, id="100 cells"),
    ],
)
def test_where_nothing_moves_trees_and_stack_find_next_to_nothing(grid, recorded, side, rate, most):
    """Steady ground, a category with few incidents beside one with many."""
    cells = grid(side, side)
    further: dict[type, list[float]] = {PoissonTrees: [], Stack: []}
    for seed in range(4):
        rng = np.random.default_rng(seed)
        rates = {name: rng.gamma(1.0, r, len(cells)) for name, r in (("a", rate), ("b", rate / 4))}
        record = recorded(seed, cells, rates, 80)
        for category, steady in rates.items():
            past = replace(record, category=category)
            plain = distance(PooledCounts(), past, steady)
            for forecaster, found in further.items():
                found.append(distance(forecaster(), past, steady) - plain)
    for forecaster, found in further.items():
        assert np.mean(found) < most[forecaster]


@pytest.mark.parametrize("moving", [False, True])
def test_a_stack_is_not_worse_than_its_best_member(grid, recorded, moving):
    cells = grid(10, 10)
    members = ("PriorCounts", "PooledCounts", "Recency")
    lost, between = [], []
    for seed in range(2):
        rng = np.random.default_rng(seed)
        rate = 1.5 * rng.gamma(0.8, 1.0, len(cells))
        weekly = np.tile(rate, (60, 1))
        if moving:
            weekly = np.stack([np.roll(rate, 30 * (week // 12)) for week in range(60)])
        past = recorded(seed, cells, {"theft": weekly}, 60)
        seen = rng.poisson(weekly[-1], (50, len(cells)))

        def loss(maker, past=past, seen=seen):
            distribution = maker.fit(past).predict(ahead(past)).distribution
            return float(log_score(distribution, seen).sum(axis=1).mean() / seen.sum(axis=1).mean())

        alone = [loss(make_forecaster(name)) for name in members]
        lost.append(loss(Stack(members)) - min(alone))
        between.append(max(alone) - min(alone))
    # Nats per incident; weights learned over half a year lag behind where places keep moving.
    assert np.mean(lost) < max(0.003, 0.1 * np.mean(between))


def test_the_weight_goes_where_the_truth_is(grid, recorded):
    cells = grid(10, 10)
    rate = 3.0 * np.random.default_rng(5).gamma(0.8, 1.0, len(cells))
    moving = np.stack([np.roll(rate, 30 * (week // 12)) for week in range(60)])
    past = recorded(5, cells, {"theft": moving}, 60)
    assert Stack(("PriorCounts", "Recency")).fit(past).weights_["Recency"] > 0.8


def negative_binomial(rng, mean, alpha):
    return rng.poisson(rng.gamma(1.0 / alpha, alpha * mean))


@pytest.mark.parametrize(("quadratic", "proportional"), [(0.5, 0.2), (0.2, 1.0), (1.0, 0.4)])
def test_the_dispersion_curve_comes_back(quadratic, proportional):
    rng = np.random.default_rng(6)
    mean = np.exp(rng.normal(0.0, 1.5, (50, 800)))
    curve = DispersionCurve.fit(negative_binomial(rng, mean, quadratic + proportional / mean), mean)
    assert curve.quadratic == pytest.approx(quadratic, rel=0.1)
    assert curve.proportional == pytest.approx(proportional, rel=0.15)


@pytest.mark.parametrize("wrong_by", [0.5, 2.0])
def test_recalibration_gives_intervals_that_hold(wrong_by):
    rng = np.random.default_rng(7)
    mean = np.exp(rng.normal(0.5, 1.2, (10, 1000)))
    true = DispersionCurve(0.4, 0.3)
    counts = negative_binomial(rng, mean, true.at(mean))
    wrong = true.times(wrong_by)
    curve = wrong.recalibrated(counts, mean)
    assert curve.quadratic == pytest.approx(true.quadratic, rel=0.08)

    new = negative_binomial(rng, mean, true.at(mean))

    def covered(curve, level):
        distribution = CountDistribution(mean, curve.at(mean))
        low, high = pit_cdf(distribution, new, [0.5 - level / 2, 0.5 + level / 2])
        return float((high - low).mean())

    for level in (0.5, 0.8, 0.95):
        assert covered(curve, level) == pytest.approx(level, abs=0.015)
        assert abs(covered(wrong, level) - level) > abs(covered(curve, level) - level)
