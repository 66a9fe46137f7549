"""Seconds to fit each forecaster, and to score, beside a plain numpy floor in the same run.

    python -m benchmarks.kernels

One category of the development data (124,630 incidents) in squares of 250 m, 91 weeks. The floor of
a fit is one `bincount` of the incidents into cells and weeks; that of a score is one pass of
``log`` over the same means.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from veedor.forecasters import FORECASTERS, History, make_forecaster
from veedor.forecasts import CountDistribution
from veedor.incidents import Category, Columns, Source, read
from veedor.spacetime import Cells, Length, SquareLattice, footprint
from veedor.verification import brier_any, crps, log_score, poisson_deviance

DATA = Path(__file__).resolve().parents[2] / "shared" / "data" / "chicago" / "incidents.parquet"
CUTOFF = np.datetime64("2017-10-01T05:00", "us")


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
    source = Source(
        (str(DATA),),
        Columns(
            time="occurred_at", latitude="latitude", longitude="longitude", category="category"
        ),
        (Category("THEFT", "reported"),),
        "America/Chicago",
        "EPSG:32616",
    )
    incidents = read(source).incidents
    early = incidents.end < CUTOFF
    ground = footprint(incidents.x_m[early], incidents.y_m[early], 250.0, incidents.crs)
    cells = Cells.on_lattice(ground, SquareLattice(250.0))
    history = History.of(
        incidents,
        cells,
        category="THEFT",
        length=Length(1, "week"),
        cutoff=CUTOFF,
        begins=np.datetime64("2016-01-01T06:00", "us"),
        country="US",
    )
    counts = history.counts.values
    week = history.periods.index_of(history.incidents.midpoint)
    inside = (week >= 0) & (history.cell >= 0)
    slot = week[inside] * len(cells) + history.cell[inside]
    floor = best(lambda: np.bincount(slot, minlength=counts.size))
    print(f"{inside.sum():,} incidents, {len(cells):,} cells, {len(counts)} weeks")
    print(f"{'floor: one bincount':28} {floor:.4f} s")
    for name in FORECASTERS:
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
