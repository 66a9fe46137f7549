"""Seconds and memory to score six forecasters of 10,000 cells over a year of days, on one run.

    python -m benchmarks.verification

Made-up counts: cells differ as places do (gamma rates), days rise and fall together, counts are
negative binomial. Three forecasters are Poisson and three negative binomial; each is scored by
every score of `SCORES`, then ranked and checked for calibration. A forecaster is made when it is
its turn, as a reader of files would. Beside it the floor: one pass of ``log`` over the same means.
"""

from __future__ import annotations

import argparse
import resource
import time
from collections import Counter

import numpy as np

from veedor.forecasts import CountDistribution
from veedor.statistics import BlockBootstrap
from veedor.verification import (
    SCORES,
    area_swept,
    brier_decomposition,
    capture_table,
    coverage_by_group,
    pit_by_period,
    reliability_bins,
    stability_table,
)

_PIT_EDGES = np.linspace(0.0, 1.0, 11)


def forecasters(rate: np.ndarray, season: np.ndarray, rng: np.random.Generator):
    """Yield six forecasts that know the truth more or less, one at a time."""
    for number in range(6):
        noise = rng.gamma(10.0, 0.1, rate.shape) if number % 3 else 1.0
        mean = (season if number % 2 else 1.0) * rate * noise + 1e-4
        mean = np.broadcast_to(mean, (len(season), len(rate)))
        yield CountDistribution(mean, 0.3 if number >= 3 else 0.0)


def main() -> None:
    """Print seconds of each part, their sum and the most memory that was held."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--cells", type=int, default=10_000)
    parser.add_argument("--periods", type=int, default=365)
    options = parser.parse_args()
    rng = np.random.default_rng(0)
    rate = rng.gamma(0.5, 0.4, options.cells)
    season = rng.gamma(50.0, 0.02, (options.periods, 1))
    truth = CountDistribution(rate * season + 1e-4, 0.3)
    seen = truth.sample(rng, 1)[0]
    area = np.full(options.cells, 0.0625)
    zone = np.arange(options.cells) * 20 // options.cells
    weeks = BlockBootstrap(np.arange(options.periods) // 7, rng, replicates=1000)
    print(f"{options.cells:,} cells x {options.periods} periods, {seen.sum():,} incidents")
    seconds: Counter[str] = Counter()
    processor: Counter[str] = Counter()

    def timed(name, function):
        began, busy = time.perf_counter(), time.process_time()
        result = function()
        seconds[name] += time.perf_counter() - began
        processor[name] += time.process_time() - busy
        return result

    rankings = {}
    for number, forecast in enumerate(forecasters(rate, season, rng)):
        rankings[f"forecaster {number}"] = forecast.mean
        timed("floor: one log", lambda f=forecast: np.log(f.mean))
        means = {}
        for name, one in SCORES.items():
            scored = timed(name, lambda f=forecast, s=one.function: s(f, seen))
            means[name] = scored.mean()
        timed(
            "CORP",
            lambda f=forecast: brier_decomposition(f.probability_of_any(), seen >= 1),
        )
        timed("PIT", lambda f=forecast: pit_by_period(f, seen, _PIT_EDGES))
        bins = timed("bins of means", lambda f=forecast: reliability_bins(f.mean))
        for group in (bins, zone):
            timed("coverage", lambda f=forecast, g=group: coverage_by_group(f, seen, g, weeks))
        print(" ".join(f"{name} {value:.4f}" for name, value in means.items()))
    for name, table in (
        ("capture table", capture_table),
        ("area swept", area_swept),
        ("stability", stability_table),
    ):
        timed(name, lambda t=table: t(rankings, seen, area, weeks))
    print(f"{'':28} {'elapsed':>9} {'processor':>9}")
    for name in seconds:
        print(f"{name:28} {seconds[name]:8.2f}s {processor[name]:8.2f}s")
    for name, parts in (("all scores", SCORES), ("everything", seconds)):
        elapsed, busy = (sum(c[part] for part in parts) for c in (seconds, processor))
        print(f"{name:28} {elapsed:8.2f}s {busy:8.2f}s (goal for scores: 20 s)")
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024.0**2
    print(f"{'most memory':28} {peak:7.2f} GB (goal: 2 GB)")


if __name__ == "__main__":
    main()
