"""Ensign et al. (2018) and Lum & Isaac (2016): what they found, found again.

Ensign, D. et al. (2018). Runaway feedback loops in predictive policing. PMLR 81, 160-171: with
discovered incidents only, an urn with unequal rates ends with all visits in one zone, one with
equal rates anywhere; reported incidents attenuate that and do not remove it; keeping a discovered
incident with probability one minus the zone's share removes it.

Lum, K. & Isaac, W. (2016). To predict and serve? Significance 13 (5), 14-19,
https://doi.org/10.1111/j.1740-9713.2016.00960.x: a system that flags the places with most recorded
incidents keeps sending patrols to where the record began, though use is even over the city.
"""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from veedor.audits.places.feedback import REMEDIES, Counting, Urn, World, simulate, top

REMEDY = {remedy.name: remedy for remedy in REMEDIES}


def test_discovered_only_the_zone_with_the_higher_rate_takes_all():
    assert Urn((1.01, 1.0)).limits() == (1.0,)
    urn = Urn((3.0, 1.0))
    assert urn.limits() == (1.0,)
    shares = urn.simulate((3.0, 3.0), days=3000, runs=200, rng=np.random.default_rng(0))
    assert shares[-1].mean() > 0.97
    assert shares[-1].mean() > shares[100].mean() > 3 / 4


def test_discovered_only_equal_rates_end_anywhere():
    """Polya's urn: uniform from one and one, when each visit adds one."""
    urn = Urn((1.0, 1.0))
    assert urn.limits() == ()
    shares = urn.simulate((50.0, 50.0), days=6000, runs=400, rng=np.random.default_rng(1))
    # With additions of Poisson size 1 the limit's variance is p(1-p) times 2/(n+1), about.
    spread = shares[-1].std()
    assert spread == pytest.approx(np.sqrt(0.25 * 2 / 101), rel=0.15)


@pytest.mark.parametrize("weight", [0.5, 2.0])
def test_reported_incidents_attenuate_and_do_not_remove(weight):
    urn = Urn((1.5, 1.0), reported=(1.5 * weight, 1.0 * weight))
    (limit,) = urn.limits()
    assert 0.6 < limit < 1.0
    assert limit < Urn((1.5, 1.0), reported=(0.15 * weight, 0.1 * weight)).limits()[0]
    shares = urn.simulate((20.0, 20.0), days=4000, runs=200, rng=np.random.default_rng(2))
    assert shares[-1].mean() == pytest.approx(limit, abs=0.025)


@pytest.mark.parametrize("reported", [(0.0, 0.0), (0.75, 0.5)])
def test_the_correction_finds_the_true_share(reported):
    urn = Urn((1.5, 1.0), reported=reported, corrected=True)
    assert urn.limits() == pytest.approx((0.6,))
    shares = urn.simulate((5.0, 15.0), days=6000, runs=100, rng=np.random.default_rng(3))
    assert shares[-1].mean() == pytest.approx(0.6, abs=0.02)


def test_the_simulator_agrees_with_the_urn():
    """Where discovery is rare it is linear in presence, and shares move as the urn's drift says."""
    world = World.of([150.0, 100.0], reporting=0.5, detection=0.005)
    world = world.with_discovered_fraction(0.6)
    found = simulate(world, Counting(), rounds=2000, runs=20)
    told = world.true_rate * world.reporting
    hidden = world.true_rate * (1.0 - world.reporting) * 2 * 0.005
    record, shares = world.prior.copy(), []
    for _ in range(2000):
        shares.append(record[0] / record.sum())
        record = record + told + hidden * record / record.sum()
    assert found.last_share[:, 0].mean() == pytest.approx(np.mean(shares[-200:]), abs=0.005)
    (limit,) = Urn(tuple(hidden), tuple(told)).limits()
    assert 0.6 < shares[100] < shares[-1] < limit


def test_the_remedies_find_the_truth_in_the_simulator_too():
    world = World.of([30.0, 20.0], detection=0.05, prior=[20.0, 20.0])
    runs = {
        name: simulate(world, Counting(), remedy=REMEDY[name], rounds=1500, runs=60)
        for name in ("none", "thinned_by_share", "weighted_by_presence")
    }
    assert runs["none"].last_share[:, 0].mean() > 0.75
    for name in ("thinned_by_share", "weighted_by_presence"):
        assert runs[name].last_share[:, 0].mean() == pytest.approx(0.6, abs=0.015)


def test_patrols_stay_where_the_record_began_though_rates_are_even():
    zones = 50
    rate, prior = np.full(zones, 4.0), np.full(zones, 10.0)
    prior[:5] = 20.0
    world = World.of(rate, detection=0.05, prior=prior)
    found = simulate(world, Counting(), allocation=top(0.1), rounds=200, runs=50)
    assert found.last_share[:, :5].sum(axis=1).min() == pytest.approx(1.0)
    told = World.of(rate, reporting=0.5, detection=0.05, prior=prior)
    fair = simulate(
        told, Counting(half_life=20), allocation=top(0.1), rounds=400, runs=200,
        remedy=REMEDY["reported_only"],
    )  # fmt: skip
    # Fed with what is reported everywhere alike, the first five are flagged as often as others.
    share = fair.last_share[:, :5].sum(axis=1)
    assert stats.ttest_1samp(share, 0.1).pvalue > 0.001
