"""How often each test of `veedor.patterns` speaks at 5% where there is nothing: 1,000 simulations.

``python -m benchmarks.pattern_sizes [simulations]`` prints a line a test: the share below 5%, with
its 95% interval. Null records are those that the tests' pages name.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from datetime import date, timedelta

import numpy as np
from scipy import stats
from shapely import box

from veedor.patterns import (
    calendar_effects,
    concentration,
    find_shifts,
    hot_spots,
    mann_kendall,
    map_change,
    near_repeats,
    poisson_trend,
    weighted_displacement_difference,
)
from veedor.spacetime import Cells, SquareLattice, StudyArea

Rng = np.random.Generator
_GRID = Cells.on_lattice(
    StudyArea(box(0, 0, 5000, 5000), "EPSG:32721", "made up"), SquareLattice(250.0)
)
_DAYS = [date(2022, 1, 1) + timedelta(days=k) for k in range(730)]


def concentration_by_chance(rng: Rng) -> float:
    """200 incidents on 400 places at random."""
    counts = rng.multinomial(20, np.full(400, 1 / 400), size=10)
    return concentration(counts, rng, simulations=99).test.p_value or 1.0


def hot_spots_anywhere(rng: Rng) -> float:
    """The smallest q-value of 400 cells with counts in no order: the family's error."""
    counts = rng.negative_binomial(1, 0.3, len(_GRID))
    return float(np.nanmin(hot_spots(counts, _GRID.neighbours, rng, permutations=19_999).q_value))


def hot_spot_of_one_cell(rng: Rng) -> float:
    """The p-value of one cell."""
    counts = rng.negative_binomial(1, 0.3, len(_GRID))
    return float(hot_spots(counts, _GRID.neighbours, rng, permutations=999).p_value[210])


def near_repeat_band(rng: Rng) -> float:
    """One band of a Knox table of 300 incidents, clustered and seasonal, without interaction."""
    return float(_knox(rng).p_value[2, 1])


def near_repeats_anywhere(rng: Rng) -> float:
    """The smallest q-value of that table."""
    return float(np.nanmin(_knox(rng).q_value))


def _knox(rng: Rng):  # type: ignore[no-untyped-def]
    x, y = rng.normal(rng.choice([0.0, 1500.0], (2, 300)), 400.0)
    day = np.floor(365 * rng.beta(2, 2, 300)).astype(int)
    return near_repeats(x, y, day, rng, permutations=199, seasonal_permutations=1)


def mann_kendall_noise(rng: Rng) -> float:
    """24 independent values."""
    return float(mann_kendall(rng.normal(size=(24, 1))).p_value[0])


def mann_kendall_autocorrelated(rng: Rng) -> float:
    """60 values with autocorrelation 0.4 from one to the next."""
    noise = rng.normal(size=160)
    for k in range(1, 160):
        noise[k] += 0.4 * noise[k - 1]
    return float(mann_kendall(noise[100:, None]).p_value[0])


def poisson_trend_of_one_place(rng: Rng) -> float:
    """One of 100 places in 24 months with a common season."""
    season = 5 * (1 + 0.4 * np.sin(np.arange(24) * np.pi / 6))[:, None]
    counts = rng.poisson(season * rng.gamma(2, 0.5, 100).clip(0.3))
    return float(poisson_trend(counts, np.arange(24) / 12).p_value[0])


def weekday(rng: Rng) -> float:
    """Two years of days with variance twice the mean."""
    counts = rng.negative_binomial(30, 0.5, 730)
    return float(calendar_effects(counts, _DAYS)[1]["weekday"].p_value or 1.0)


def month(rng: Rng) -> float:
    """The same."""
    counts = rng.negative_binomial(30, 0.5, 730)
    return float(calendar_effects(counts, _DAYS)[1]["month"].p_value or 1.0)


def level_shift(rng: Rng) -> float:
    """104 weeks with variance twice the mean."""
    counts = rng.negative_binomial(20, 0.5, 104)
    return find_shifts(counts, np.ones(104), rng, simulations=199).p_value or 1.0


def level_shift_autocorrelated(rng: Rng) -> float:
    """The same, where 30% of the departures last to the next week: not the test's null."""
    noise = rng.normal(size=104)
    for k in range(1, 104):
        noise[k] += 0.3 * noise[k - 1]
    counts = rng.poisson(20 * np.exp(0.2 * noise))
    return find_shifts(counts, np.ones(104), rng, simulations=199).p_value or 1.0


def displacement_difference(rng: Rng) -> float:
    """Eight Poisson counts."""
    t, c, d, dc = (tuple(rng.poisson(m, 2)) for m in (60, 80, 50, 40))
    return weighted_displacement_difference(t, c, d, dc).test.p_value or 1.0


def robust_s_index(rng: Rng) -> float:
    """Two maps of 400 places drawn from one."""
    one, two = rng.poisson(rng.gamma(0.5, 4, (1, 400)), (2, 400))
    return map_change(one, two, rng, simulations=99).test.p_value or 1.0


def place_of_two_maps(rng: Rng) -> float:
    """Fisher's test of a place with about 40 incidents in each."""
    one, two = rng.poisson(np.r_[40.0, np.full(50, 10.0)], (2, 51))
    return float(map_change(one, two, rng, simulations=1).p_value[0])


TESTS: tuple[Callable[[Rng], float], ...] = (
    concentration_by_chance,
    hot_spot_of_one_cell,
    hot_spots_anywhere,
    near_repeat_band,
    near_repeats_anywhere,
    mann_kendall_noise,
    mann_kendall_autocorrelated,
    poisson_trend_of_one_place,
    weekday,
    month,
    level_shift,
    level_shift_autocorrelated,
    displacement_difference,
    robust_s_index,
    place_of_two_maps,
)


def main(simulations: int) -> None:
    """Simulate each, and print its size."""
    for number, test in enumerate(TESTS):
        began = time.perf_counter()
        rng = np.random.default_rng([1, number])
        below = sum(test(rng) <= 0.05 for _ in range(simulations))
        low, high = stats.binomtest(below, simulations).proportion_ci()
        took = time.perf_counter() - began
        print(
            f"{test.__name__:32} {below / simulations:.3f} ({low:.3f} to {high:.3f}) {took:.0f} s",
            flush=True,
        )


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 1000)
