"""Intervals over weeks against every way in which the weeks can be drawn."""

import itertools

import numpy as np
import pytest
from scipy import stats

from veedor.statistics import BlockBootstrap
from veedor.statistics.codes import Denominator

#: Thirteen periods in six blocks, and what they add up to.
BLOCKS = np.array([0, 0, 0, 1, 1, 2, 3, 3, 3, 4, 4, 5, 5])
COUNTS = Denominator("incidents")


def every_ratio(gain, incidents):
    """Ratios of sums of all draws of six blocks with replacement, in rising order."""
    top, below = (
        [sum(one for one, at in zip(of, BLOCKS, strict=True) if at == block) for block in range(6)]
        for of in (gain, incidents)
    )
    drawn = np.array(list(itertools.product(range(6), repeat=6)))
    return np.sort(np.array(top)[drawn].sum(axis=1) / np.array(below)[drawn].sum(axis=1))


@pytest.fixture(params=[0.0, 0.15, 0.35])
def made(request):
    rng = np.random.default_rng(3)
    incidents = rng.poisson(40.0, 13).astype(float)
    gain = request.param * incidents + rng.normal(0.0, 5.0, 13)
    bootstrap = BlockBootstrap(BLOCKS, np.random.default_rng(4), replicates=100_000)
    return gain, incidents, every_ratio(gain, incidents), bootstrap


def test_ends_are_expanded_percentiles_of_all_draws(made):
    """As many lie beyond an end as Hesterberg's percentile of six blocks says."""
    gain, incidents, ratios, bootstrap = made
    found = bootstrap.ratio(gain, incidents, of=COUNTS)
    assert found.value == pytest.approx(gain.sum() / incidents.sum())
    tail = stats.norm.cdf(-np.sqrt(6 / 5) * stats.t.ppf(0.975, 5))
    assert np.mean(ratios < found.low) == pytest.approx(tail, abs=0.001)
    assert np.mean(ratios > found.high) == pytest.approx(tail, abs=0.001)


def test_p_values_are_of_the_share_of_all_draws_beyond_0(made):
    """The normal quantile of that share, by the same root, beside Student's t of five."""
    gain, incidents, ratios, bootstrap = made
    found = bootstrap.spread(gain, incidents)
    beyond = min(np.mean(ratios <= 0.0), np.mean(ratios >= 0.0))
    if beyond > 0.006:  # below half a per cent the tail is taken as normal
        wanted = 2 * stats.t.cdf(stats.norm.ppf(beyond) / np.sqrt(6 / 5), 5)
        assert found.p_value == pytest.approx(wanted, abs=0.01)
    else:
        assert found.p_value < 0.1
    held = bootstrap.ratio(gain, incidents, of=COUNTS)
    assert (found.p_value <= 0.05) == (not held.low <= 0.0 <= held.high)
