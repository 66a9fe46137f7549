"""Seconds to fit each forecaster, and to score, beside a plain numpy floor in the same run.

    python -m benchmarks.kernels

Thefts of the development data before October 2017 in squares of 250 m, 91 weeks. The floor of
a fit is one `bincount` of the incidents into cells and weeks; that of a score is one pass of
``log`` over the same means.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import numpy as np

from benchmarks.chicago import OF_INCIDENTS, is_there, prepared
from veedor.forecasters import make_forecaster
from veedor.forecasts import CountDistribution
from veedor.verification import brier_any, crps, log_score, poisson_deviance


def best(function: Callable[[], Any], repeats: int = 3) -> float:
    """Fewest seconds of a few repeats, after one that warms up."""
    function()
    seconds = []
    for _ in range(repeats):
        began = time.perf_counter()
        function()
        seconds.append(time.perf_counter() - began)
    return min(seconds)


def main() -> None:
    """Print a line for each."""
    if not is_there():
        return
    ready = prepared(250)
    history = next(one for one in ready.tasks if one.category == "THEFT")
    history = history.until(ready.periods.edges[0])
    incidents, cells = history.points.incidents, ready.cells
    counts = history.counts.values
    week = history.periods.index_of(incidents.midpoint)
    theft = incidents.category == incidents.index_of("THEFT")
    cell = history.points.cell_of(cells)
    inside = theft & (week >= 0) & (cell >= 0)
    slot = week[inside] * len(cells) + cell[inside]
    floor = best(lambda: np.bincount(slot, minlength=counts.size))
    print(f"{inside.sum():,} incidents, {len(cells):,} cells, {len(counts)} weeks")
    print(f"{'floor: one bincount':28} {floor:.4f} s")
    for name in OF_INCIDENTS:
        seconds = best(lambda name=name: make_forecaster(name).fit(history))
        print(f"fit {name:24} {seconds:.4f} s, {seconds / floor:.0f} times the floor")

    rng = np.random.default_rng(0)
    mean = rng.gamma(0.5, 0.4, 2_000_000) + 1e-4
    distribution = CountDistribution(mean, 0.3)
    seen = distribution.sample(rng, 1)[0]
    floor = best(lambda: np.log(mean))
    print(f"{mean.size:,} counts\n{'floor: one log':28} {floor:.4f} s")
    for score in (log_score, poisson_deviance, brier_any, crps):
        seconds = best(lambda score=score: score(distribution, seen))
        print(f"{score.__name__:28} {seconds:.4f} s, {seconds / floor:.0f} times the floor")


if __name__ == "__main__":
    main()
