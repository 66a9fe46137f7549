"""Intervals of the audits hold a known truth about as often as they say."""

import numpy as np
import pytest

from veedor.audits.places import (
    ZoneResampling,
    correlation,
    fit_counts,
    gini,
    mid_ranks,
    morans_i,
    permutation_p_value,
    queen_neighbours,
)
from veedor.audits.places.association import resampled_spearman

CITIES, ZONES = 200, 300


def city(rng, n):
    share = 1.0 / (1.0 + np.exp(-rng.normal(-1.0, 1.0, n)))
    people = rng.lognormal(7.0, 0.3, n)
    count = rng.poisson(np.exp(2.5 + share) * rng.gamma(3.0, 1 / 3.0, n)).astype(float)
    return share, people, count


def test_intervals_of_ratios_correlations_and_unevenness():
    share, people, count = city(np.random.default_rng(0), 300_000)

    def terms(share, people, count):
        return np.column_stack([share * people, share * count * people, people, people * count])

    power = np.array([[-1.0, 1.0, 1.0, -1.0]])
    truth = [
        float(np.exp(np.log(terms(share, people, count).sum(axis=0)) @ power[0])),
        float(correlation(mid_ranks(share), mid_ranks(count))),
        float(gini(count, people)),
    ]  # fmt: skip
    held = np.zeros((CITIES, 3))
    for number in range(CITIES):
        rng = np.random.default_rng([1, number])
        share, people, count = city(rng, ZONES)
        units = ZoneResampling(np.arange(ZONES), rng, 600)
        low, high = units.log_ratios(terms(share, people, count), power)
        rho = resampled_spearman(share, count, np.vstack([np.ones(ZONES), units.weights]))
        ends = [
            (low[0], high[0]),
            units.percentiles(rho[0], rho[1:]),
            units.percentiles(float(gini(count, people)), gini(count, people, units.weights)),
        ]
        held[number] = [a <= value <= b for (a, b), value in zip(ends, truth, strict=True)]
    # The standard error of each share is 1.5 points.
    assert np.all(held.mean(axis=0) > 0.90), held.mean(axis=0)
    assert np.all(held.mean(axis=0) < 0.99), held.mean(axis=0)


@pytest.mark.parametrize("family", ["poisson", "negative_binomial"])
def test_intervals_of_the_regression_with_effects_of_blocks(family):
    block, held = np.repeat(np.arange(40), 5), []
    for number in range(300):
        rng = np.random.default_rng([2, number])
        x = np.repeat(rng.normal(size=40), 5) + rng.normal(size=200)
        effect = np.repeat(rng.normal(0.0, 0.4, 40), 5)
        count = rng.poisson(np.exp(2.0 + 0.2 * x + effect)).astype(float)
        low, high = fit_counts(count, np.column_stack([np.ones(200), x]), block, family).interval(1)
        held.append(low <= 0.2 <= high)
    assert 0.91 < np.mean(held) < 0.99


def test_size_of_the_test_of_clustering():
    import shapely

    x, y = np.meshgrid(np.arange(7.0), np.arange(7.0))
    near = queen_neighbours(shapely.box(*(100 * v.ravel() for v in (x, y, x + 1, y + 1))))
    rng = np.random.default_rng(3)
    found = [permutation_p_value(rng.poisson(2.0, 49) * 1.0, near, rng, 99) for _ in range(400)]
    assert 0.02 < np.mean(np.array(found) <= 0.05) < 0.09
    slope = x.ravel() + rng.normal(0.0, 0.5, 49)
    assert morans_i(slope, near) > 0.5
    assert permutation_p_value(slope, near, rng, 99) == 0.01
