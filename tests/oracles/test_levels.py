"""Comparisons of two stretches of counts, against SciPy's slow distributions and a simulation."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from veedor.statistics.levels import chance_of, lower_tail


@pytest.mark.parametrize("dispersion", [1e-6, 1e-3, 0.05, 1.0, 7.0])
def test_tails_are_those_of_the_beta_binomial_distribution(dispersion: float) -> None:
    rng = np.random.default_rng(1)
    x = rng.integers(0, 1_900, 60)
    y = rng.integers(0, 30_000, 60)
    w, v = rng.integers(1, 13, 60), rng.integers(1, 13, 60)
    slow = stats.betabinom(x + y, w / dispersion, v / dispersion)
    np.testing.assert_allclose(lower_tail(x, y, w, v, dispersion), slow.cdf(x), rtol=1e-5, atol=0)
    np.testing.assert_allclose(chance_of(x, y, w, v, dispersion), slow.pmf(x), rtol=1e-5, atol=0)


@pytest.mark.parametrize("inside", [0, 1, 7, 2_500])
def test_without_dispersion_tails_are_binomial(inside: int) -> None:
    outside = np.array([1, 40, 9_000])
    plain = stats.binom(inside + outside, 1 / 4)
    np.testing.assert_allclose(lower_tail(inside, outside, 1, 3, 0.0), plain.cdf(inside), 1e-9)
    np.testing.assert_allclose(chance_of(inside, outside, 1, 3, 0.0), plain.pmf(inside), 1e-9)


def test_large_counts_go_on_where_summed_ones_end() -> None:
    """From 2,000 on the beta distribution stands in: nothing jumps there."""
    tails = lower_tail([1_999, 2_000, 2_001, 2_002], 20_000, 1, 4, 0.05)
    steps = np.diff(tails) / tails[:-1]
    assert np.abs(steps).max() < 0.01


def test_a_stretch_is_as_often_low_as_its_tail_says() -> None:
    """Counts of one mean and dispersion: P(tail <= 5%) is at most 5%, and not far below."""
    rng = np.random.default_rng(7)
    mean, dispersion, spans = 6.0, 0.4, 15
    rate = mean * rng.gamma(1 / dispersion, dispersion, (40_000, spans))
    counts = rng.poisson(rate)
    x, y = counts[:, :3].sum(axis=1), counts[:, 3:].sum(axis=1)
    share = (lower_tail(x, y, 3, 12, dispersion) <= 0.05).mean()
    assert 0.03 < share <= 0.052


def test_nothing_on_either_side_says_nothing() -> None:
    assert lower_tail([0, 0], [0, 0], 1, 12, [0.0, 0.5]).tolist() == [1.0, 1.0]
