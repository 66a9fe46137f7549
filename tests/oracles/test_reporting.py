"""Labels and bounds under reporting intervals against every corner of the box and random rates."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest

from veedor.audits.places.reporting import rank_stability, ratio_bounds


def outside(counts, rates, stratum, flagged, weight):
    """Which places are as they are not flagged, plainly: i leaves if what lies above fills up."""
    value = [sum(n / r for n, r in zip(counts[i], rates[stratum[i]], strict=True))
             for i in range(len(counts))]  # fmt: skip
    budget = sum(weight[flagged])
    tie = 1e-9 * max(value)
    changed = []
    for i, own in enumerate(value):
        above = sum(
            weight[j]
            for j, other in enumerate(value)
            if j != i and other > own + (-tie if flagged[j] and not flagged[i] else tie)
        )  # fmt: skip
        inside = above + weight[i] <= budget * (1 + 1e-9)
        changed.append(inside != flagged[i])
    return np.array(changed)


@pytest.mark.parametrize("categories", [1, 2, 3])
@pytest.mark.parametrize("strata", [1, 2])
@pytest.mark.parametrize("by_area", [False, True])
def test_labels_hold_at_every_corner_and_inside(categories, strata, by_area):
    rng = np.random.default_rng([categories, strata, by_area])
    seen = set()
    for _ in range(12):
        n = 9
        counts = rng.poisson(6.0, (n, categories)).astype(float)
        stratum = rng.integers(0, strata, n)
        low = rng.uniform(0.3, 0.6, (strata, categories))
        high = low + rng.uniform(0.0, 0.25, low.shape)
        weight = rng.integers(1, 4, n) / 2.0 if by_area else np.ones(n)
        flagged = np.zeros(n, dtype=bool)
        flagged[np.argsort(-counts.sum(axis=1), kind="stable")[:3]] = True
        found = rank_stability(counts, low, high, stratum, flagged, weight=weight)
        corners = [
            np.where(np.reshape(end, low.shape), high, low)
            for end in product((False, True), repeat=low.size)
        ]
        inside = [low + (high - low) * rng.random(low.shape) for _ in range(100)]
        changes = np.zeros(n, dtype=bool)
        for rates in corners:
            changes |= outside(counts, rates, stratum, flagged, weight)
        ever = changes.copy()
        for rates in inside:
            ever |= outside(counts, rates, stratum, flagged, weight)
        assert not ever[found.label == "robust"].any()
        assert changes[found.label == "fragile"].all()
        if categories == 1:
            assert set(found.label) <= {"robust", "fragile"}
            np.testing.assert_array_equal(found.label == "fragile", changes)
        seen |= set(found.label)
    assert {"robust", "fragile"} <= seen or (categories, strata) == (1, 1)


def test_labels_of_own_rates_are_exact():
    rng = np.random.default_rng(5)
    for _ in range(30):
        n, categories = 5, 2
        counts = rng.poisson(5.0, (n, categories)).astype(float)
        low = rng.uniform(0.3, 0.6, (n, categories))
        high = low + rng.uniform(0.0, 0.3, low.shape)
        flagged = np.arange(n) < 2
        found = rank_stability(counts, low, high, np.arange(n), flagged)
        changes = np.zeros(n, dtype=bool)
        for end in product((False, True), repeat=n):
            rates = np.where(np.array(end)[:, None], high, low)
            changes |= outside(counts, rates, np.arange(n), flagged, np.ones(n))
        np.testing.assert_array_equal(found.label, np.where(changes, "fragile", "robust"))


def test_bounds_of_a_ratio_are_reached_at_a_corner_and_nowhere_exceeded():
    rng = np.random.default_rng(2)
    for _ in range(20):
        n, strata, categories = 8, 3, 2
        counts = rng.poisson(3.0, (n, categories)).astype(float)
        stratum = rng.integers(0, strata, n)
        low = rng.uniform(0.2, 0.5, (strata, categories))
        high = low + rng.uniform(0.0, 0.4, low.shape)
        a, b = rng.integers(0, 50, (2, n)).astype(float)
        people = a + b + 10.0
        found = ratio_bounds(counts, low, high, stratum, a, b, people)
        ratios = []
        for end in product((False, True), repeat=low.size):
            rates = np.where(np.reshape(end, low.shape), high, low)
            true = (counts / rates[stratum]).sum(axis=1)
            top, bottom = ((g / people * true).sum() / g.sum() for g in (a, b))
            ratios.append(top / bottom)
        assert found.low == pytest.approx(min(ratios))
        assert found.high == pytest.approx(max(ratios))


def test_many_categories_are_labelled_soundly():
    rng = np.random.default_rng(3)
    n, categories = 30, 9
    counts = rng.poisson(3.0, (n, categories)).astype(float)
    low = rng.uniform(0.3, 0.6, (1, categories))
    high = low + 0.1
    flagged = np.zeros(n, dtype=bool)
    flagged[np.argsort(-counts.sum(axis=1))[:6]] = True
    stratum = np.zeros(n, dtype=int)
    found = rank_stability(counts, low, high, stratum, flagged)
    for _ in range(300):
        rates = low + (high - low) * rng.integers(0, 2, low.shape)
        changed = outside(counts, rates, stratum, flagged, np.ones(n))
        assert not changed[found.label == "robust"].any()
