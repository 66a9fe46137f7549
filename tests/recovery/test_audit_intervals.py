"""Intervals of the audits hold a known truth about as often as they say."""

import numpy as np
import pytest

from veedor.audits.places import (
    Exposed,
    Ground,
    Residents,
    exposure_statements,
    make_groups,
    mapped_correlation,
    mid_ranks,
)
from veedor.audits.places.dependence import coefficient_chance
from veedor.statistics import fit_counts, morans_i, morans_i_p_value, queen_neighbours

CITIES = 120
GROUPS = make_groups(["white", "black"], "population", "white")


class Town:
    """Zones on a grid; who lives where and the predictions both change slowly over it."""

    def __init__(self, side, smooth, *, size=0.0, tie=0.0, spread=0.6):
        x, y = (v.ravel().astype(float) for v in np.meshgrid(np.arange(side), np.arange(side)))
        apart = np.hypot(x[:, None] - x, y[:, None] - y)
        correlation = np.exp(-apart / smooth) if smooth else np.eye(len(x))
        self.root = np.linalg.cholesky(correlation + 1e-9 * np.eye(len(x)))
        self.ground = Ground(500.0 * x, 500.0 * y, np.random.default_rng(0))
        self.n, self.size, self.tie, self.spread = len(x), size, tie, spread

    def draw(self, rng):
        """Residents, predictions, and the ratio by zone of what was expected."""
        black = 1.0 / (1.0 + np.exp(1.2 - self.root @ rng.normal(size=self.n)))
        white = 0.9 * (1.0 - black)
        people = 1500.0 * np.exp(self.size * rng.normal(size=self.n))
        area = 0.25 * np.exp(-3.0 * self.size * (black - black.mean()))
        expected = 12.0 * people / 1500.0 * np.exp(self.tie * black)
        effect = np.exp(self.spread * self.root @ rng.normal(size=self.n) - self.spread**2 / 2)
        count = rng.poisson(expected * effect).astype(float)
        members = np.array([white, black]) * people
        residents = Residents(people, area, GROUPS, members, np.array([people, people]))
        per_zone = members @ expected / members.sum(axis=1)
        return residents, count, per_zone[1] / per_zone[0]


@pytest.mark.parametrize(
    ("side", "smooth", "tie"), [(12, 0.0, 0.0), (12, 3.0, 0.0), (10, 6.0, 0.0), (12, 3.0, 1.0)]
)
def test_intervals_hold_the_expected_figures_where_neighbours_are_alike(side, smooth, tie):
    """Resampling zones one by one holds about half of them where both are smooth over 3 zones."""
    town, held, rank = Town(side, smooth, tie=tie), [], []
    for number in range(CITIES):
        residents, count, truth = town.draw(np.random.default_rng([1, number]))
        made, _ = exposure_statements(Exposed("centre", residents, count, town.ground))
        found = {(f.subject.group, f.statistic): f.estimate for f in made}
        ratio = found["black", "ratio_count"]
        if ratio.low is not None:
            held.append(ratio.low <= truth <= ratio.high)
        ranks = mid_ranks(residents.shares(1)), mid_ranks(count)
        low, high = mapped_correlation(town.ground, *ranks).interval(0.95)
        if np.isfinite(low):
            rank.append(low <= 0.0 <= high)
    # The standard error of a share is 2 points.
    assert len(held) > 0.8 * CITIES
    assert np.mean(held) > 0.90, np.mean(held)
    if tie == 0.0:
        assert np.mean(rank) > 0.90, np.mean(rank)


@pytest.mark.parametrize(("smooth", "size"), [(3.0, 0.0), (3.0, 0.4), (0.0, 0.4)])
def test_more_exposed_is_rarely_said_without_a_tie(smooth, size):
    """Not of any denominator: not per km2 either, where zones of the group are small."""
    town, wrong = Town(12, smooth, size=size), []
    for number in range(CITIES):
        residents, count, _ = town.draw(np.random.default_rng([2, number]))
        made, verdicts = exposure_statements(Exposed("centre", residents, count, town.ground))
        figures = {f.statistic: f.estimate.value for f in made if f.subject.group == "black"}
        wrong.append([verdict.answer != "cannot_tell" for verdict in verdicts])
    if size:
        assert figures["ratio_per_km2_expected"] > 1.05
    assert len(verdicts) == 3
    assert np.max(np.mean(wrong, axis=0)) < 0.09, np.mean(wrong, axis=0)


@pytest.mark.parametrize("family", ["poisson", "negative_binomial"])
def test_a_coefficient_holds_where_deviations_are_smooth(family):
    """Leaving out blocks one by one, as if they were independent, holds fewer."""
    town, held, alone = Town(12, 3.0, tie=1.0), [], []
    for number in range(CITIES):
        residents, count, _ = town.draw(np.random.default_rng([4, number]))
        design = np.column_stack([np.ones(town.n), residents.shares(1)])
        fit = fit_counts(count, design, np.arange(town.n) // 2, family)
        half = coefficient_chance(fit, count, design, 1, town.ground).reach(0.95)
        held.append(abs(fit.coefficients[1] - 1.0) <= half)
        low, high = fit.interval(1)
        alone.append(low <= 1.0 <= high)
    assert np.mean(held) > 0.89, np.mean(held)
    assert np.mean(alone) < np.mean(held)


def test_more_exposed_is_said_where_it_is_so():
    town, said = Town(14, 1.5, tie=2.0), []
    for number in range(40):
        residents, count, _ = town.draw(np.random.default_rng([3, number]))
        _, verdicts = exposure_statements(Exposed("centre", residents, count, town.ground))
        said.append(all(verdict.answer == "more" for verdict in verdicts))
    assert np.mean(said) > 0.8


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
    found = [morans_i_p_value(rng.poisson(2.0, 49) * 1.0, near, rng, 99) for _ in range(400)]
    assert 0.02 < np.mean(np.array(found) <= 0.05) < 0.09
    slope = x.ravel() + rng.normal(0.0, 0.5, 49)
    assert morans_i(slope, near) > 0.5
    assert morans_i_p_value(slope, near, rng, 99) == 0.01
