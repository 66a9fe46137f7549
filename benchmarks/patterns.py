"""Time and memory of `veedor patterns` on two years of Chicago, and of the Knox test alone.

``python -m benchmarks.patterns`` prints them. Four categories, 250 m cells, 999 permutations.
"""

from __future__ import annotations

import resource
import tempfile
import time
from pathlib import Path

import numpy as np

from benchmarks.chicago import is_there, study_toml
from veedor.patterns import Recorded, near_repeats
from veedor.patterns.pairs import PairCounter
from veedor.tasks import Context, patterns

_SIZE_M = 250
_ORDERS, _SEASONAL = 999, 199
_LAGS = np.array([0, 7, 14, 21, 28], dtype=np.int16)


def knox(record: Recorded, many: int) -> tuple[float, float]:
    """Seconds of the Knox test on so many incidents drawn from all, and of numpy's own loop.

    The floor is numpy comparing as many lags with as many edges, counting and shuffling nothing.
    """
    incidents = record.incidents
    rows = np.flatnonzero(incidents.located & (record.day >= 0))
    rng = np.random.default_rng(1)
    rows = rng.choice(rows, many, replace=False)
    x_m, y_m, day = incidents.x_m[rows], incidents.y_m[rows], record.day[rows]
    near_repeats(x_m[:500], y_m[:500], day[:500], rng, permutations=19)  # compiles
    began = time.perf_counter()
    near_repeats(x_m, y_m, day, rng, permutations=_ORDERS, seasonal_permutations=_SEASONAL)
    took = time.perf_counter() - began
    edges = np.array([1.0, 100.0, 200.0, 300.0, 400.0])
    counter = PairCounter.of(x_m, y_m, np.zeros(many, dtype=np.int64), edges, _LAGS)
    lags_compared = int(counter.at_any_time().sum()) * (_ORDERS + _SEASONAL)
    one, other = rng.integers(0, 700, (2, 4_000_000)).astype(np.int16)
    began = time.perf_counter()
    lag = np.abs(one - other)
    for edge in _LAGS:
        np.less_equal(lag, edge)
    return took, (time.perf_counter() - began) * lags_compared / len(one)


def main() -> None:
    """Measure and print."""
    if not is_there():
        return
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "study.toml").write_text(study_toml(_SIZE_M), encoding="utf-8")
        began, worked = time.perf_counter(), time.process_time()
        found = patterns.perform(patterns.Request(study=Path(folder)), Context()).results
        took, work = time.perf_counter() - began, time.process_time() - worked
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(
        f"all patterns, with the report: {took:.1f} s ({work:.1f} s of processor), {memory:.0f} MB"
    )
    for many in (20_000, 100_000):
        took, floor = knox(found.record, many)
        print(
            f"Knox, {_ORDERS} permutations, {many:,} incidents: {took:.1f} s, "
            f"{took / floor:.2f} of numpy comparing as many lags on one core"
        )


if __name__ == "__main__":
    main()
