"""Do the intervals cover, and do fits give back what was simulated?"""

import numpy as np
import pytest

from veedor.forecasters.dispersion import fit_dispersion
from veedor.forecasts import CountDistribution
from veedor.spacetime import Length, Periods, week_blocks
from veedor.statistics import BlockBootstrap
from veedor.statistics.codes import Denominator, Method
from veedor.verification import ImpliedGain, judge

INCIDENTS = Denominator("incidents")


@pytest.mark.parametrize("weeks", [6, 8, 16, 52])
def test_bootstrap_intervals_of_a_ratio_cover_with_few_weeks_too(weeks):
    """A 95% interval leaves the true ratio out about one time in twenty, six weeks or fifty."""
    missed = 0
    for seed in range(1000):
        rng = np.random.default_rng(seed)
        size = rng.poisson(200.0, weeks).astype(float)
        gain = 0.03 * size + rng.normal(0.0, 4.0, weeks)
        estimate = BlockBootstrap(np.arange(weeks), rng, replicates=1500).ratio(
            gain, size, of=INCIDENTS
        )
        missed += not estimate.low <= 0.03 <= estimate.high
    assert 0.02 <= missed / 1000 <= 0.075


def resembling(rng, weeks, share):
    """Incidents and gains of weeks whose gains have an autocorrelation; the true ratio is 0.03."""
    size = rng.poisson(200.0, weeks).astype(float)
    noise = rng.normal(0.0, 4.0, weeks)
    for week in range(1, weeks):
        noise[week] = share * noise[week - 1] + np.sqrt(1 - share**2) * noise[week]
    return size, 0.03 * size + noise


@pytest.mark.parametrize("weeks", [16, 104])
def test_weeks_that_resemble_the_one_before_make_intervals_too_narrow(weeks):
    """As the page of intervals says: of an autocorrelation of 0.4 a fifth leave the truth out.

    Those of judged gains are stretched, see below. Who mends the others changes that page, and
    this test.
    """
    rng = np.random.default_rng(0)
    missed = 0
    for _ in range(300):
        size, gain = resembling(rng, weeks, 0.4)
        estimate = BlockBootstrap(np.arange(weeks), rng, replicates=1000).ratio(
            gain, size, of=INCIDENTS
        )
        missed += not estimate.low <= 0.03 <= estimate.high
    assert 0.13 <= missed / 300 <= 0.29


@pytest.mark.parametrize("weeks", [8, 13, 26, 52])
@pytest.mark.parametrize("share", [0.0, 0.2, 0.4])
def test_gains_are_judged_by_what_weeks_that_resemble_the_one_before_are_worth(weeks, share):
    """Intervals leave the truth out, and verdicts speak of no gain, hardly oftener than said."""
    rng = np.random.default_rng(weeks)
    bootstrap = BlockBootstrap(np.arange(weeks), rng, replicates=1000)
    nothing = ImpliedGain(*np.zeros((5, weeks)))
    missed = said = 0
    for _ in range(500):
        size, gain = resembling(rng, weeks, share)
        held = judge(bootstrap, gain, size, nothing, of=INCIDENTS).estimate
        missed += not held.low <= 0.03 <= held.high
        said += judge(bootstrap, gain - 0.03 * size, size, nothing, of=INCIDENTS).verdict in (
            "better",
            "worse",
        )
    assert missed / 500 <= (0.11 if share == 0.4 else 0.08)
    assert said / 500 <= (0.11 if share == 0.4 else 0.08)


def test_a_gain_of_weeks_that_resemble_the_one_before_is_still_found():
    """And what they resemble it by is given back; the gain is seven of its standard errors."""
    rng = np.random.default_rng(3)
    bootstrap = BlockBootstrap(np.arange(52), rng, replicates=1000)
    nothing = ImpliedGain(*np.zeros((5, 52)))
    found = []
    for _ in range(100):
        size, gain = resembling(rng, 52, 0.4)
        found.append(judge(bootstrap, gain, size, nothing, of=INCIDENTS))
    told = [one.dependence for one in found]
    assert np.mean([one.autocorrelation for one in told]) == pytest.approx(0.4, abs=0.05)
    assert np.median([one.effective for one in told]) == pytest.approx(52 * 0.6 / 1.4, abs=4.0)
    assert np.mean([one.code == "resemble_the_one_before" for one in told]) >= 0.75
    assert np.mean([one.verdict == "better" for one in found]) >= 0.97


def test_weeks_are_resampled_whole():
    """Days of a week move together: an interval from single days would be far too narrow."""
    rng = np.random.default_rng(0)
    week = np.repeat(rng.normal(0.0, 1.0, 20), 7)
    days = Periods.stepping(
        np.datetime64("2024-01-01", "us"), Length(1, "day"), 0, 140, "America/Chicago"
    )
    blocks = week_blocks(days)
    assert np.bincount(blocks).tolist() == [7] * 20
    ones = np.ones(140)
    whole = BlockBootstrap(blocks, np.random.default_rng(1)).ratio(week, ones, of=INCIDENTS)
    single = BlockBootstrap(np.arange(140), np.random.default_rng(1)).ratio(
        week, ones, of=INCIDENTS
    )
    assert (whole.high - whole.low) > 2.0 * (single.high - single.low)


def test_undefined_stays_undefined_and_few_weeks_give_no_interval():
    rng = np.random.default_rng(0)
    nothing = BlockBootstrap(np.arange(5), rng).ratio(np.zeros(5), np.zeros(5), of=INCIDENTS)
    assert (nothing.value, nothing.low, nothing.high, nothing.n) == (None, None, None, 0)
    few = BlockBootstrap(np.arange(5), rng).ratio(np.ones(5), np.full(5, 2.0), of=INCIDENTS)
    assert few.value == 0.5
    assert few.low is None
    assert few.method == Method("none_few_blocks", {"blocks": 5})


@pytest.mark.parametrize("alpha", [0.05, 0.5, 3.0])
def test_dispersion_is_recovered(alpha):
    rng = np.random.default_rng(7)
    mean = rng.gamma(1.0, 0.5, (20, 3000)) + 0.01
    counts = CountDistribution(mean, alpha).sample(rng, 1)[0]
    assert fit_dispersion(counts, mean) == pytest.approx(alpha, rel=0.15)


def test_poisson_counts_have_next_to_no_dispersion():
    rng = np.random.default_rng(8)
    mean = rng.gamma(1.0, 0.5, (20, 3000)) + 0.01
    assert fit_dispersion(rng.poisson(mean), mean) < 0.02
    assert fit_dispersion(np.zeros(4, dtype=np.int64), np.ones(4)) == 0.0
    assert fit_dispersion(np.zeros(0, dtype=np.int64), np.zeros(0)) == 0.0
