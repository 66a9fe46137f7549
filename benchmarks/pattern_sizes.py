"""How often each test of `veedor.patterns` speaks at 5% where there is nothing: 1,000 simulations.

``python -m benchmarks.pattern_sizes [simulations [name]]`` prints a line a test: the share below
5%, with its 95% interval; then the size and power of Mann-Kendall by length and autocorrelation,
and the weeks from one false alarm of the weekly watch to the next, each series with a baseline of
its own. Null records are those that the tests' pages name. `power_of_` lines have something to
find. A name picks the lines that hold it.
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
    baseline,
    calendar_effects,
    concentration,
    find_shifts,
    hot_spots,
    mann_kendall,
    map_change,
    near_repeats,
    poisson_trend,
    weekly_watch,
    weighted_displacement_difference,
)
from veedor.patterns.departures import draw_counts
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


def _knox(rng: Rng):
    x, y = rng.normal(rng.choice([0.0, 1500.0], (2, 300)), 400.0)
    day = np.floor(365 * rng.beta(2, 2, 300)).astype(int)
    return near_repeats(x, y, day, rng, permutations=199, seasonal_permutations=1)


def mann_kendall_noise(rng: Rng) -> float:
    """24 independent values."""
    return float(mann_kendall(rng.normal(size=(24, 1))).p_value[0])


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


def level_shift_lasting(rng: Rng) -> float:
    """The same, where 30% of a departure lasts to the next week."""
    counts = draw_counts(np.full((1, 104), 20.0), 2.0, rng, 0.3)[0]
    return find_shifts(counts, np.ones(104), rng, simulations=199).p_value or 1.0


def level_shift_of_a_wave(rng: Rng) -> float:
    """Poisson counts about a level of which 30% of a departure lasts: not just the test's null."""
    noise = rng.normal(size=204)
    for k in range(1, 204):
        noise[k] += 0.3 * noise[k - 1]
    counts = rng.poisson(20 * np.exp(0.2 * noise[100:]))
    return find_shifts(counts, np.ones(104), rng, simulations=199).p_value or 1.0


def level_shift_of_a_slow_wave(rng: Rng) -> float:
    """Poisson counts about a level of which 60% lasts; variance twice the mean of 15.

    Neighbouring counts have correlation 0.3, as those of `level_shift_lasting`, but it dies out
    more slowly.
    """
    spread = np.sqrt(np.log1p(1.0 / 15.0))
    level = rng.normal(0.0, spread, 104)
    for k in range(1, 104):
        level[k] = 0.6 * level[k - 1] + 0.8 * level[k]
    counts = rng.poisson(15.0 * np.exp(level - spread**2 / 2.0))
    return find_shifts(counts, np.ones(104), rng, simulations=199).p_value or 1.0


def power_of_level_shift(rng: Rng) -> float:
    """A rise by 30% after 60 of 104 weeks with mean 20 and variance twice the mean."""
    counts = rng.negative_binomial(np.r_[np.full(60, 20.0), np.full(44, 26.0)], 0.5)
    return find_shifts(counts, np.ones(104), rng, simulations=199).p_value or 1.0


def power_of_level_shift_lasting(rng: Rng) -> float:
    """The same, where 30% of a departure lasts to the next week."""
    mean = np.r_[np.full(60, 20.0), np.full(44, 26.0)]
    counts = draw_counts(mean[None], 2.0, rng, 0.3)[0]
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
    poisson_trend_of_one_place,
    weekday,
    month,
    level_shift,
    level_shift_lasting,
    level_shift_of_a_wave,
    level_shift_of_a_slow_wave,
    power_of_level_shift,
    power_of_level_shift_lasting,
    displacement_difference,
    robust_s_index,
    place_of_two_maps,
)


def mann_kendall_table(simulations: int) -> None:
    """Size, and power for a trend that an independent series of that length shows 3 times in 4."""
    for steps in (12, 24, 60, 120):
        for carried in (0.0, 0.2, 0.4, 0.6):
            rng = np.random.default_rng([3, steps, round(10 * carried)])
            noise = rng.normal(size=(steps + 50, 5 * simulations))
            for k in range(1, len(noise)):
                noise[k] += carried * noise[k - 1]
            null = noise[50:]
            # As large beside what the series' long-run variance leaves uncertain of a slope.
            slope = 2.7 * np.sqrt(12 / steps**3) / (1 - carried)
            found = null + slope * np.arange(steps)[:, None]
            size, power = (np.mean(mann_kendall(one).p_value <= 0.05) for one in (null, found))
            print(
                f"mann_kendall {steps:3} steps, autocorrelation {carried:.1f}: size {size:.3f}, "
                f"power {power:.2f}",
                flush=True,
            )


def watch_runs(simulations: int) -> None:
    """Weeks to a false alarm, end to end: 78 weeks before, 26 watched, 20 areas or one series."""
    records: tuple[tuple[float, float, float, bool, int], ...] = (
        (10.0, 1.5, 0.0, True, 20),
        (10.0, 1.5, 0.3, True, 20),
        (10.0, 1.5, 0.0, False, 20),
        (2.0, 1.0, 0.0, True, 20),
        (200.0, 5.0, 0.0, True, 1),
        (200.0, 5.0, 0.3, True, 1),
    )
    years = (np.arange(104) + 0.5) * 7 / 365.25
    for mean, dispersion, carried, seasonal, areas in records:
        rng = np.random.default_rng([4, round(mean), round(10 * carried), seasonal])
        season = np.exp(0.25 * seasonal * np.cos(2 * np.pi * years))
        alarms, expected, weeks = 0, 0.0, 0
        for _ in range(max(1, simulations // areas)):
            counts = draw_counts(
                np.broadcast_to(mean * season, (areas, 104)), dispersion, rng, carried
            ).T
            base = baseline(counts[:78], counts[:78].sum(axis=1), years[:78], years[78:])
            found = weekly_watch(
                counts[78:],
                base.expected,
                rng,
                dispersion=base.dispersion,
                carried=base.carried,
                error=base.error,
                known_from=base.weeks,
                simulations=500,
            )
            alarms += int(found.alarm.sum())
            expected += found.false_alarms
            weeks += found.alarm.size
        low, high = stats.chi2.ppf([0.025, 0.975], [2 * alarms, 2 * alarms + 2]) / 2
        print(
            f"watch, {mean:g} a week, dispersion {dispersion}, autocorrelation {carried}, "
            f"{'with' if seasonal else 'without'} a season, {areas} series at a time: one alarm in "
            f"{weeks / max(alarms, 1):.0f} weeks ({weeks / high:.0f} to {weeks / low:.0f}), said "
            f"one in {weeks / expected:.0f}",
            flush=True,
        )


def main(simulations: int, name: str = "") -> None:
    """Simulate each, and print its size."""
    for number, test in enumerate(TESTS):
        if name not in test.__name__:
            continue
        began = time.perf_counter()
        rng = np.random.default_rng([1, number])
        below = sum(test(rng) <= 0.05 for _ in range(simulations))
        low, high = stats.binomtest(below, simulations).proportion_ci()
        took = time.perf_counter() - began
        print(
            f"{test.__name__:32} {below / simulations:.3f} ({low:.3f} to {high:.3f}) {took:.0f} s",
            flush=True,
        )
    if name in "mann_kendall":
        mann_kendall_table(simulations)
    if name in "watch":
        watch_runs(simulations)


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 1000, *sys.argv[2:3])
