"""Calibration of sums of sparse cells: its size, and what it finds where single cells cannot."""

import numpy as np
import pytest

from veedor.forecasts import CountDistribution
from veedor.statistics import BlockBootstrap
from veedor.verification import calibration_of_sums, coverage_by_group, reliability_bins

WEEKS, CELLS = 26, 1500


def world(rng, *, own=0.5, common=0.02):
    """Means of sparse cells, and counts that vary by cell and together."""
    mean = np.tile(rng.gamma(0.4, 0.125, CELLS) + 1e-4, (WEEKS, 1))
    together = rng.gamma(1.0 / common, common, (WEEKS, 1)) if common else np.ones((WEEKS, 1))
    alone = rng.gamma(1.0 / own, own, mean.shape) if own else 1.0
    return mean, rng.poisson(mean * together * alone)


def forecast(mean, *, own=0.5, common=0.02, stated=True):
    """The forecast that knows this world: cells with all their variance, totals with theirs."""
    alpha = (1.0 + own) * (1.0 + common) - 1.0
    whole = mean.sum(axis=1)
    excess = alpha * (mean**2).sum(axis=1) + common * (whole**2 - (mean**2).sum(axis=1))
    totals = CountDistribution(whole, excess / whole**2) if stated else None
    return CountDistribution(mean, alpha), totals


def p_value(cells, totals, seen, seed):
    weeks = BlockBootstrap(np.arange(WEEKS), np.random.default_rng(0), replicates=50)
    return calibration_of_sums(
        cells,
        seen,
        reliability_bins(cells.mean, 5),
        weeks,
        totals=totals,
        simulations=199,
        seed=seed,
    ).result.p_value


def rejected(truth, said, tilt=None, n=60, seed=1):
    rng = np.random.default_rng(seed)
    found = []
    for number in range(n):
        mean, seen = world(rng, **truth)
        cells, totals = forecast(mean if tilt is None else tilt(mean), **said)
        found.append(p_value(cells, totals, seen, number) <= 0.05)
    return float(np.mean(found))


@pytest.mark.parametrize("common", [0.0, 0.02, 0.2])
def test_a_calibrated_forecast_is_rejected_no_more_than_one_time_in_twenty(common):
    same = {"common": common}
    assert rejected(same, same, n=100) <= 0.105  # 0.05 and two and a half standard errors


@pytest.mark.parametrize(
    ("truth", "said", "tilt", "power"),
    [
        ({"common": 0.2}, {"common": 0.0, "stated": False}, None, 0.95),  # as if independent
        ({"common": 0.0}, {"common": 0.2}, None, 0.9),  # far too unsure
        ({}, {}, lambda mean: np.where(mean > 0.1, 0.7 * mean, mean), 0.8),  # busy cells too low
        ({}, {}, lambda mean: mean**0.6 * mean.sum() / (mean**0.6).sum() * WEEKS, 0.9),  # too flat
    ],
)
def test_what_is_wrong_is_found(truth, said, tilt, power):
    assert rejected(truth, said, tilt, n=40) >= power


def test_a_group_that_is_not_there_in_some_period_is_left_out_there():
    cells = CountDistribution(np.full((4, 3), 0.5), 0.2)
    group = np.array([[0, 0, 1], [0, 0, 0], [2, 2, 2], [-1, -1, -1]])
    weeks = BlockBootstrap(np.arange(4), np.random.default_rng(0))
    found = calibration_of_sums(cells, np.ones((4, 3), dtype=int), group, weeks)
    assert [(one.group, one.cells, one.expected) for one in found.groups] == [
        (0, 2.5, 1.25),
        (1, 1.0, 0.5),
        (2, 3.0, 1.5),
    ]
    assert found.result.n == 4
    none = calibration_of_sums(cells, np.ones((4, 3), dtype=int), np.full(3, -1), weeks)
    assert (none.groups, none.result.p_value, none.result.statistic) == ((), None, None)


def test_single_cells_cannot_tell_and_sums_can():
    """Incidents come ten times as unevenly in time as stated; intervals of cells hold."""
    rng = np.random.default_rng(3)
    mean, seen = world(rng, common=0.3)
    cells, _ = forecast(mean, common=0.0)
    weeks = BlockBootstrap(np.arange(WEEKS), np.random.default_rng(0))
    (row,) = coverage_by_group(cells, seen, np.zeros(CELLS, dtype=int), weeks, levels=[0.95])
    assert row.coverage.value == pytest.approx(0.95, abs=0.01)
    assert p_value(cells, None, seen, 0) <= 0.01
