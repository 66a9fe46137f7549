"""`PriorCounts`, which everything is compared with, against plain loops over cells."""

import numpy as np
import pytest
from scipy import stats

from veedor.forecasters import PriorCounts
from veedor.spacetime import Length, Periods

SIDE_M = 500.0


def weight(steps, width):
    """Mass of a normal of so many cell widths in a square so many steps away, along one axis."""
    if abs(steps) > 4 * width:
        return 0.0
    return stats.norm.cdf((steps + 0.5) / width) - stats.norm.cdf((steps - 0.5) / width)


def expected_by_surroundings(cells, counts, width):
    """What the kernel mean of the other cells suggests, each by a loop over all others."""
    column, row = (np.rint(at / SIDE_M - 0.5).astype(int) for at in (cells.x_m, cells.y_m))
    area, own = cells.area_km2, weight(0, width) ** 2
    everywhere = (counts.sum() + 0.5) / area.sum()
    steady = 0.1 * own * np.median(area)
    found = []
    for cell in range(len(cells)):
        near = ground = 0.0
        for other in range(len(cells)):
            if other != cell:
                share = weight(column[cell] - column[other], width)
                share *= weight(row[cell] - row[other], width)
                near += share * counts[other]
                ground += share * area[other]
        found.append((near + steady * everywhere) / (ground + steady) * area[cell])
    return np.array(found)


@pytest.mark.parametrize(("seed", "unlike"), [(1, 0.5), (2, 3.0)])
def test_shares_are_those_of_a_plain_search_over_widths_and_strengths(grid, recorded, seed, unlike):
    cells = grid(7, 6)
    rng = np.random.default_rng(seed)
    smooth = np.exp(np.sin(cells.x_m / 900.0))
    rate = 0.15 * smooth * rng.gamma(unlike, 1.0 / unlike, len(cells))
    past = recorded(seed, cells, {"theft": rate}, 30)
    counts = past.counts.values.sum(axis=0).astype(float)

    best = (-np.inf, 0.0, 0.0, counts)
    for width in (1, 2, 4, 8):
        m = expected_by_surroundings(cells, counts, width)
        for strength in np.exp(np.linspace(-4.0, 8.0, 2401)):
            p = strength / (strength + m)
            likelihood = stats.nbinom.logpmf(counts, strength, p).sum()
            best = max(best, (likelihood, width, strength, m), key=lambda one: one[0])
    _, width, strength, m = best
    posterior = (strength + counts) / (strength / m + 1.0)

    fitted = PriorCounts().fit(past)
    ahead = Periods.stepping(past.cutoff, Length(1, "week"), 0, 1, past.record.zone)
    assert fitted.bandwidth_m_ == pytest.approx(width * SIDE_M)
    assert fitted.strength_ == pytest.approx(strength, rel=0.01)
    shares = fitted.shares(past, ahead)[0]
    np.testing.assert_allclose(shares, posterior / posterior.sum(), rtol=2e-3)
