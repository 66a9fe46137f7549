"""Calibration of sums of cells against loops, and against counts drawn cell by cell."""

import numpy as np
import pytest

from veedor.forecasts import CountDistribution
from veedor.statistics import BlockBootstrap
from veedor.verification import calibration_of_sums

PERIODS, GROUP = 6, np.array([0, 0, 0, 1, 1, 2, 2, 2])


def common_factor(mean, alpha, total):
    """Variance of the factor that all cells share, from that of their total, by bisection."""
    low, high = 0.0, 50.0
    for _ in range(200):
        tau = (low + high) / 2
        variance = sum(
            alpha[i] * mean[i] ** 2 if i == j else tau * mean[i] * mean[j]
            for i in range(len(mean))
            for j in range(len(mean))
        )
        low, high = (tau, high) if variance < total * mean.sum() ** 2 else (low, tau)
    return low


def variances(mean, alpha, tau):
    """Variance of the sum of each group: Poisson, its cells' own, and what pairs share."""
    found = np.zeros(3)
    for i, one in enumerate(GROUP):
        found[one] += mean[i] + alpha[i] * mean[i] ** 2
        for j, other in enumerate(GROUP):
            if i != j and one == other:
                found[one] += tau * mean[i] * mean[j]
    return found


@pytest.mark.parametrize("total", [None, 0.25])
@pytest.mark.parametrize("times", [1.0, 1.5])
def test_spread_and_p_value_are_those_of_cells_drawn_one_by_one(total, times):
    rng = np.random.default_rng(7)
    mean = rng.gamma(2.0, 0.5, (PERIODS, len(GROUP))) + 0.1
    alpha = np.full(mean.shape, 0.4)
    seen = rng.poisson(times * mean)
    tau = [0.0 if total is None else common_factor(m, a, total)
           for m, a in zip(mean, alpha, strict=True)]  # fmt: skip
    variance = np.array([variances(*row) for row in zip(mean, alpha, tau, strict=True)])

    def statistics(counts):
        error = np.stack([(counts - mean)[..., group == GROUP].sum(axis=-1) for group in range(3)])
        error = np.moveaxis(error, 0, -1)
        spread = (error**2 / variance).sum(axis=(-2, -1))
        return spread, (error.sum(axis=-2) ** 2 / variance.sum(axis=0)).sum(axis=-1)

    size, shared = 20_000, np.array(tau)[None, :, None]
    common = np.ones((size, PERIODS, 1))
    if total is not None:
        common = rng.gamma(1 / shared, shared, common.shape)
    own = (alpha - shared) / (1 + shared)  # so that a cell has its own dispersion in all
    drawn = rng.poisson(mean * common * rng.gamma(1 / own, own, (size, *mean.shape)))
    (spread, lean), (spreads, leans) = statistics(seen), statistics(drawn)
    sides = min(np.mean(spreads >= spread), np.mean(spreads <= spread))
    wanted = min(1.0, 2 * min(2 * sides, np.mean(leans >= lean)))

    totals = None if total is None else CountDistribution(mean.sum(axis=1), total)
    weeks = BlockBootstrap(np.arange(PERIODS), np.random.default_rng(0), replicates=50)
    found = calibration_of_sums(
        CountDistribution(mean, alpha), seen, GROUP, weeks, totals=totals, simulations=20_000
    )
    assert found.result.statistic == pytest.approx(spread / variance.size, rel=1e-6)
    assert found.result.p_value == pytest.approx(wanted, abs=0.02)
    for group, one in enumerate(found.groups):
        held = (seen - mean)[:, group == GROUP].sum(axis=1)
        assert one.spread == pytest.approx(np.mean(held**2 / variance[:, group]), rel=1e-6)
