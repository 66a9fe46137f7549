"""Seconds and memory to fit `SelfExciting`, beside a plain numpy floor in the same run.

    python -m benchmarks.selfexciting [--quick]

Chicago, thefts and all four categories taken as one, at two reaches, on one core. Two ways to make
a record smaller: a shorter stretch of time (density stays, pairs grow with n) and a random subset
of the whole time (density falls, pairs grow with n squared). The floor is one ``np.take`` of a
kernel table at the bin of every pair, which any method that visits all pairs must pay. Each line
runs in a process of its own, for its peak memory; compiled code comes from numba's cache.
"""

from __future__ import annotations

import multiprocessing
import os
import resource
import sys
import time
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from typing import Any

import numpy as np

from benchmarks.chicago import is_there, source
from veedor.forecasters import AreaTotals, Region, Task
from veedor.forecasters.selfexciting import Kernels, SelfExciting, ring_edges
from veedor.forecasters.selfexciting.events import Events
from veedor.forecasters.selfexciting.fitting import fit
from veedor.forecasters.selfexciting.ground import Ground
from veedor.forecasters.selfexciting.likelihood import Likelihood
from veedor.forecasters.selfexciting.pairs import Grid, Pairs, sums_by_parent
from veedor.incidents import Category, read
from veedor.record import Points
from veedor.spacetime import Cells, Length, Periods, SquareLattice, footprint

BEGINS = np.datetime64("2016-01-01T06:00", "us")
CUTOFF = np.datetime64("2018-01-01T06:00", "us")
EARLIER = np.datetime64("2017-10-01T05:00", "us")
REACHES = ((500.0, 60), (1000.0, 120))
SIZES = (5_000, 20_000, 100_000, None)


def whole(joined: bool) -> Task:
    """Thefts, or all four categories under one name, with squares of 250 m."""
    incidents = read(source()).incidents
    if joined:
        one = Category("THEFT", "reported")
        incidents = replace(
            incidents, category=np.zeros_like(incidents.category), categories=(one,)
        )
    early = incidents.end < CUTOFF
    ground = footprint(incidents.x_m[early], incidents.y_m[early], 250.0, incidents.crs)
    return Task(
        Points.of(incidents, cutoff=CUTOFF, begins=BEGINS),
        "THEFT",
        Cells.on_lattice(ground, SquareLattice(250.0)),
        Length(1, "week"),
        Region("US"),
    )


def smaller(history: Task, n: int | None, way: str) -> Task:
    """Return about n incidents: the last ones in time, or a random subset."""
    incidents = history.points.incidents
    used = history.points.located(history.category, history.cells)
    if n is None or n >= len(used):
        return history
    if way == "time":
        begins = np.sort(incidents.start[used])[-n]
        return replace(history, record=history.record.since(begins))
    drawn = np.sort(np.random.default_rng(0).choice(used, n, replace=False))
    record = Points.of(incidents.take(drawn), cutoff=CUTOFF, begins=BEGINS)
    return replace(history, record=record)


def measure(joined: bool, n: int | None, way: str, reach: tuple[float, int]) -> dict[str, Any]:
    """Fit once, part by part, with the loops loaded before."""
    warm()
    history = smaller(whole(joined), n, way)
    clock = time.perf_counter
    began = clock()
    totals = AreaTotals(history)
    ground = Ground.of(history.cells, 100.0)
    record = Events.of(history, totals, ground)
    prepared = clock() - began
    kernels = Kernels("exponential", "gaussian", reach[1], ring_edges(reach[0], 100.0))
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    began = clock()
    likelihood = Likelihood(record, kernels)
    pairs = len(likelihood.pairs)
    found = clock() - began
    began = clock()
    fitted = fit(likelihood, "cells")
    estimated = clock() - began
    began = clock()
    likelihood.draw(fitted.state.parameters)
    once = clock() - began
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    table = likelihood.table(fitted.state.parameters).ravel()
    began = clock()
    np.take(table, likelihood.pairs.index)
    floor = clock() - began
    return {
        "n": len(record),
        "pairs": pairs,
        "prepare": prepared,
        "find": found,
        "fit": estimated,
        "iterations": fitted.iterations,
        "converged": fitted.converged,
        "ns": 1e9 * once / max(pairs, 1),
        "floor_ns": 1e9 * floor / max(pairs, 1),
        "peak": peak / 1024.0,
        "grown": (peak - before) / 1024.0,
        "kappa": float(np.exp(fitted.state.parameters[1])),
        "kernels": kernels.values(fitted.state.parameters[2:]),
    }


def warm() -> float:
    """Compile or load the loops; seconds."""
    began = time.perf_counter()
    from veedor.forecasters.selfexciting.compiled import add_scores, divide

    x, day = np.arange(30.0), np.arange(30)
    grid, edges = Grid.of(x, x, day, 300.0, 5), ring_edges(300.0, 100.0)
    pairs = Pairs.of(grid, x, x, day, edges, 5)
    bins = 5 * (len(edges) - 1)
    pairs.sums(np.ones((bins, 1)))
    pairs.by_bin(np.ones(30), bins)
    sums_by_parent(grid, pairs, x, x, day, edges, 5, np.ones(bins), np.ones(30))
    one, first = np.ones(30), np.zeros(30, dtype=np.int64)
    divide(
        one, day, first, one, one[:1], one[:1], one[:1], one.copy(), one.copy(), one[:1].copy()
    )  # fmt: skip
    add_scores(one, one, np.ones((30, 3)), one > 0.0, np.zeros(4), np.zeros((4, 4)))
    return time.perf_counter() - began


def in_its_own_process(*arguments: Any) -> dict[str, Any]:
    """Run `measure` where nothing else has used memory."""
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(max_workers=1, mp_context=context) as pool:
        return pool.submit(measure, *arguments).result()


def main() -> None:
    """Print a line for each size, way and reach, and exponents of growth."""
    if not is_there():
        return
    for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
        os.environ[name] = "1"
    print(f"compiled code loaded (or compiled, if not cached) in {warm():.1f} s")
    sizes = (5_000, 20_000, None) if "--quick" in sys.argv else SIZES
    for reach in REACHES:
        print(f"\nreach {reach[0]:.0f} m, {reach[1]} days")
        print(
            f"{'subset':8}{'n':>9}{'pairs':>13}{'total s':>9}{'prepare':>9}{'find':>7}{'fit':>7}"
            f"{'passes':>8}{'ns/pair':>9}{'take':>7}{'peak MiB':>10}  kappa, kernels"
        )
        for way in ("time", "random"):
            lines = []
            runs = [(False, n) for n in sizes if n is not None or way == "time"]
            runs += [(True, None)] if way == "time" else []
            for joined, n in runs:
                line = in_its_own_process(joined, n, way, reach)
                total = line["prepare"] + line["find"] + line["fit"]
                lines.append((line["n"], line["pairs"], total))
                shown = ", ".join(f"{k} {v:.3g}" for k, v in line["kernels"].items())
                print(
                    f"{way if n else ('all' if joined else 'thefts'):8}{line['n']:>9,}"
                    f"{line['pairs']:>13,}{total:>9.2f}{line['prepare']:>9.2f}{line['find']:>7.2f}"
                    f"{line['fit']:>7.2f}{line['iterations']:>8}{line['ns']:>9.2f}"
                    f"{line['floor_ns']:>7.2f}{line['peak']:>10.0f}  {line['kappa']:.3f}, {shown}"
                    f"{'' if line['converged'] else ', NOT CONVERGED'}"
                )
            n, pairs, seconds = np.log(np.array(lines, dtype=float)).T
            by_n, by_pairs = np.polyfit(n, seconds, 1)[0], np.polyfit(pairs, seconds, 1)[0]
            last = (seconds[-1] - seconds[0]) / (n[-1] - n[0])
            print(
                f"{way}: seconds grow as n^{by_n:.2f} (first to last {last:.2f}), "
                f"as pairs^{by_pairs:.2f}; pairs as n^{np.polyfit(n, pairs, 1)[0]:.2f}"
            )
    standard()


def standard() -> None:
    """Print what a study pays: a whole fit of thefts, and shares of a week, each a second time."""
    history = whole(False)
    cut = history.until(EARLIER)
    seconds = []
    for _ in range(2):
        began = time.perf_counter()
        fitted = SelfExciting().fit(history)
        seconds.append(time.perf_counter() - began)
    print(
        f"\nthefts, {len(history.cells):,} cells of 250 m, 500 m and 60 days, with shares of six "
        f"earlier weeks for the dispersion: fit {seconds[0]:.2f} s, again {seconds[1]:.2f} s"
    )
    for name, known in (("fitted record", history), ("cut 13 weeks earlier", cut)):
        ahead = Periods.stepping(
            known.cutoff, Length(1, "week"), 0, 1, known.points.incidents.time_zone
        )
        began = time.perf_counter()
        fitted.shares(known, ahead)
        print(f"shares of a week, {name}: {time.perf_counter() - began:.2f} s")


if __name__ == "__main__":
    main()
