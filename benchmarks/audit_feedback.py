"""The reporting and feedback audits: their speed, and the coverage of their intervals.

python -m benchmarks.audit_feedback [--replicates 2000]
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable

import numpy as np

from veedor.audits.places.feedback import (
    Counting,
    Observed,
    World,
    crossing,
    discovered_per_reported,
    excess_deviation,
    mean_over_runs,
    persistence,
    simulate,
)
from veedor.audits.places.reporting import rank_stability, true_total
from veedor.statistics.codes import Denominator


def timed(what: str, goal: float, work: Callable[[], object]) -> None:
    """Print the seconds of the second call: the first one compiles."""
    work()
    began = time.perf_counter()
    work()
    print(f"{what}: {time.perf_counter() - began:.2f} s (goal: under {goal:g} s)", flush=True)


def stability(categories: int, strata: int) -> Callable[[], object]:
    """Labels of 20,000 places of which 1,000 are flagged."""
    rng, n = np.random.default_rng(0), 20_000
    mixture = rng.dirichlet(np.ones(categories), n) * categories
    counts = rng.poisson(rng.gamma(0.5, 4.0, (n, 1)) * mixture).astype(np.float64)
    rate = rng.uniform(0.3, 0.6, (strata, categories))
    stratum = np.arange(n) if strata == n else rng.integers(0, strata, n)
    flagged = np.zeros(n, dtype=bool)
    flagged[np.argsort(-counts.sum(axis=1), kind="stable")[:1000]] = True
    return lambda: rank_stability(counts, 0.9 * rate, 1.1 * rate, stratum, flagged)


def record(
    rng: np.random.Generator, effect: float, uneven: float, periods: int, places: int
) -> Observed:
    """A record whose system is fed by all that becomes known."""
    level = rng.gamma(1.0, 3.0, places)
    found = 0.3 * np.exp(uneven * rng.normal(size=places))
    known = rng.poisson(2.0 * level).astype(np.float64)
    reported, discovered = np.zeros((2, periods, places))
    flagged = np.zeros((periods, places), dtype=bool)
    for period in range(periods):
        flagged[period, np.argsort(-known - 0.1 * rng.random(places))[: places // 8]] = True
        now = level * rng.gamma(4.0, 0.25, places)
        reported[period] = rng.poisson(0.5 * now)
        discovered[period] = rng.poisson(now * found * np.exp(effect * flagged[period]))
        known = 0.8 * known + reported[period] + discovered[period]
    names = np.arange(periods).astype(str), np.arange(places).astype(str)
    return Observed(*names, reported, discovered, flagged, "simulated")


def ratio(replicates: int) -> None:
    """Coverage and size of the ratio of discovered to reported."""
    for within, effect, uneven, periods, places in (
        ("period", 0.0, 0.0, 20, 60),
        ("period", 0.4, 0.0, 20, 60),
        ("place", 0.0, 0.3, 20, 60),
        ("place", 0.4, 0.3, 20, 60),
        ("place", 0.4, 0.3, 30, 200),
        ("period", 0.0, 0.3, 30, 200),
    ):
        rng = np.random.default_rng(1)
        hits = rejected = defined = 0
        for _ in range(replicates):
            made = record(rng, effect, uneven, periods, places)
            estimate, test = discovered_per_reported(made, within=within)
            if estimate.low is None or estimate.high is None or test.p_value is None:
                continue
            defined += 1
            hits += estimate.low <= np.exp(effect) <= estimate.high
            rejected += test.p_value < 0.05
        broken = ", its assumption broken" if within == "period" and uneven else ""
        print(
            f"ratio within {within}, {places} places, {periods} periods, effect {effect}, "
            f"uneven {uneven}{broken}: covered {hits / defined:.3f}, "
            f"p < .05 {rejected / defined:.3f}, out of {defined} of {replicates}",
            flush=True,
        )


def totals(replicates: int) -> None:
    """Coverage of true totals."""
    rng = np.random.default_rng(2)
    for incidents, rate, error in ((300, 0.4, 0.02), (2000, 0.6, 0.05), (20000, 0.3, 0.01)):
        hits = 0
        for n, r in zip(
            rng.binomial(incidents, rate, replicates),
            rng.normal(rate, error, replicates),
            strict=True,
        ):
            found = true_total(float(n), float(r), error, of=Denominator("incidents"))
            hits += (found.low or 0.0) <= incidents <= (found.high or 0.0)
        print(f"true total of {incidents}: covered {hits / replicates:.3f}", flush=True)


def lasting(replicates: int) -> None:
    """Size of the persistence test, and coverage of its three intervals."""
    rng = np.random.default_rng(3)
    values, intervals, rejected = [], [], 0
    for _ in range(replicates):
        level = rng.gamma(1.5, 2.0, 150)
        shown, hidden = rng.poisson(level / 2, (2, 12, 150)).astype(np.float64)
        total = np.cumsum(hidden, axis=0)
        flagged = np.zeros((12, 150), dtype=bool)
        for period in range(1, 12):
            flagged[period, np.lexsort([-total[-1], -total[period - 1]])[:15]] = True
        names = np.arange(12).astype(str), np.arange(150).astype(str)
        found = persistence(Observed(*names, shown, hidden, flagged, "simulated"))
        three = (found.flags, found.reports, found.difference)
        values.append([one.value for one in three])
        intervals.append([(one.low, one.high) for one in three])
        rejected += (found.test.p_value or 1.0) < 0.05
    truth = np.array(values, dtype=float).mean(axis=0)
    ends = np.array(intervals, dtype=float)
    covered = ((ends[:, :, 0] <= truth) & (truth <= ends[:, :, 1])).mean(axis=0)
    print(f"persistence of flags, of reports, difference: covered {covered.round(3)}, "
          f"p < .05 {rejected / replicates:.3f}", flush=True)  # fmt: skip


def thresholds(replicates: int) -> None:
    """Coverage of means over runs and of the threshold, a pool of runs as the truth."""
    world = World.of([4.5, 4.0, 3.5], reporting=0.4, detection=0.2)
    fractions = np.linspace(0.6, 1.0, 5)
    columns = []
    for fraction in fractions:
        here = world.with_discovered_fraction(float(fraction))
        both = (simulate(here, Counting(), rounds=100, runs=5000, loop=x) for x in (True, False))
        columns.append(excess_deviation(*both))
    pool = np.stack(columns, axis=1)
    tolerance = float(pool.mean(axis=0)[2])
    truth = crossing(fractions, pool, tolerance, 0.95, 0).value or np.inf
    rng = np.random.default_rng(4)
    for runs in (50, 200):
        hits = mean_hits = 0
        for _ in range(replicates):
            drawn = pool[rng.integers(0, len(pool), runs)]
            found = crossing(fractions, drawn, tolerance, 0.95, int(rng.integers(1 << 30)))
            low = np.inf if found.low is None else found.low
            hits += low <= truth <= (np.inf if found.high is None else found.high)
            mean = mean_over_runs(drawn[:, -1], 0.95, Denominator("simulated_runs"))
            mean_hits += (mean.low or 0.0) <= pool[:, -1].mean() <= (mean.high or 0.0)
        print(f"{runs} runs: mean covered {mean_hits / replicates:.3f}, "
              f"threshold covered {hits / replicates:.3f}", flush=True)  # fmt: skip


def main() -> None:
    """Print speed, then coverage."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--replicates", type=int, default=2000)
    replicates = parser.parse_args().replicates
    for categories, strata in ((1, 1), (4, 1), (4, 50), (4, 20_000), (8, 1)):
        what = f"labels of 20,000 places, {categories} categories, {strata} strata"
        timed(what, 5.0, stability(categories, strata))
    rate = np.random.default_rng(0).gamma(1.0, 0.5, 500) + 0.05
    city = World.of(rate, reporting=0.3, detection=0.02)
    simulate(city, Counting(), rounds=10, runs=10)
    began = time.perf_counter()
    simulate(city, Counting(), rounds=500, runs=1000)
    print(f"1,000 runs of 500 rounds in 500 zones: {time.perf_counter() - began:.1f} s "
          "(goal: under 60 s)", flush=True)  # fmt: skip
    totals(replicates)
    ratio(replicates)
    lasting(replicates)
    thresholds(replicates)


if __name__ == "__main__":
    main()
