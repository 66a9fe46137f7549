"""How often the intervals of an audit of exposure hold the truth, in simulated cities.

Zones are drawn anew each time from a superpopulation whose figures are known: shares of two groups,
predictions that depend on the share and vary more than Poisson, a tenth of zones never predicted.

    python -m benchmarks.audit_coverage 1000 400
    python -m benchmarks.audit_coverage clustered 1000
    python -m benchmarks.audit_coverage regression 1000
    python -m benchmarks.audit_coverage margins 1000
"""

from __future__ import annotations

import sys
import time
from collections import defaultdict

import numpy as np
import shapely

from veedor.audits.places import (
    GroupFigures,
    PeopledZones,
    Residents,
    ZoneResampling,
    drawn_columns,
    fit_counts,
    make_groups,
    margin_figures,
)
from veedor.audits.places.inequality import gini, hoover, share_holding_half

GROUPS = make_groups(["white", "black"], "population", "white")
SUPERPOPULATION = 400_000
_SPREADS = {"gini_population": gini, "hoover_population": hoover,
            "population_share_holding_half": share_holding_half}  # fmt: skip


def city(rng, n):
    """Zones of one simulated city: who lives there, and predictions of each zone."""
    people = rng.lognormal(7.2, 0.35, n).round()
    black = 1.0 / (1.0 + np.exp(-rng.normal(-1.2, 1.0, n)))
    white = (1.0 - black) * rng.beta(5.0, 2.0, n)
    area = rng.lognormal(-0.5, 0.6, n)
    rate = np.exp(3.0 + 1.2 * (black - 0.3)) * rng.gamma(1.5, 1 / 1.5, n)
    count = rng.poisson(rate * (rng.random(n) > 0.1)).astype(float)
    members = np.array([np.round(white * people), np.round(black * people)])
    return Residents(people, area, GROUPS, members, np.array([people, people])), count


def figures_of(residents, count, units):
    """Every figure that has an interval, by group and statistic."""
    found = {
        (figure.group, figure.statistic): figure.estimate
        for figure in GroupFigures("centre", residents, count, units).figures()
    }
    made = {key: (each.value, each.low, each.high) for key, each in found.items()}
    for name, spread in _SPREADS.items():
        value = float(spread(count, residents.population))
        ends = units.percentiles(value, spread(count, residents.population, units.weights))
        made["all", name] = (value, *(None if not np.isfinite(end) else end for end in ends))
    return made


def truth():
    """Figures of the superpopulation, by group and statistic."""
    residents, count = city(np.random.default_rng(0), SUPERPOPULATION)
    units = ZoneResampling(np.zeros(SUPERPOPULATION, dtype=np.int64), np.random.default_rng(0), 2)
    return {key: value for key, (value, _, _) in figures_of(residents, count, units).items()}


def coverage(cities, zones, replicates=1000, seed=7):
    """Share of intervals that hold the truth, below and above it, by group and statistic."""
    real, held = truth(), defaultdict(list)
    for number in range(cities):
        rng = np.random.default_rng([seed, number])
        residents, count = city(rng, zones)
        units = ZoneResampling(np.arange(zones), rng, replicates)
        for key, (_, low, high) in figures_of(residents, count, units).items():
            if low is not None:
                held[key].append(np.sign((real[key] > high) * 1.0 - (real[key] < low)))
    return real, {key: np.array(signs) for key, signs in held.items()}


def clustered_coverage(cities, clusters, each=4, replicates=1000, seed=8):
    """Share of cluster intervals that hold the truth, where zones of a cluster rise together."""
    held = defaultdict(list)
    real = None
    for number in range(-1, cities):
        rng = np.random.default_rng([seed, number + 1])
        n = 100_000 if number < 0 else clusters
        residents, count = city(rng, n * each)
        count = np.round(count * np.repeat(rng.gamma(3.0, 1 / 3.0, n), each))
        cluster = np.repeat(np.arange(n), each)
        if number < 0:
            units = ZoneResampling(np.zeros(n * each, dtype=np.int64), rng, 2)
            real = {
                key: value for key, (value, _, _) in figures_of(residents, count, units).items()
            }
            continue
        zones = ZoneResampling(np.arange(n * each), rng, replicates)
        clustered = ZoneResampling(cluster, rng, replicates)
        for row in GroupFigures("centre", residents, count, zones, clustered).figures():
            name = row.statistic.removesuffix("_tract")
            low, high = row.estimate.low, row.estimate.high
            if low is not None and (row.group, name) in real:
                held[row.group, row.statistic].append(low <= real[row.group, name] <= high)
    return {key: (float(np.mean(inside)), len(inside)) for key, inside in held.items()}


def regression_coverage(cities, blocks=60, each=6, seed=9):
    """Share of regression intervals that hold a known rate ratio, with effects of blocks."""
    held = defaultdict(list)
    for number in range(cities):
        rng = np.random.default_rng([seed, number])
        block = np.repeat(np.arange(blocks), each)
        share = np.clip(
            np.repeat(rng.beta(2, 4, blocks), each) + rng.normal(0, 0.1, len(block)), 0, 1
        )
        effect = np.repeat(rng.normal(0, 0.4, blocks), each) + rng.normal(0, 0.4, len(block))
        count = rng.poisson(np.exp(2.0 + 1.0 * share + effect)).astype(float)
        design = np.column_stack([np.ones(len(block)), share])
        for family in ("poisson", "negative_binomial"):
            low, high = fit_counts(count, design, block, family).interval(1)
            held[family].append(low <= 1.0 <= high)
    return {key: (float(np.mean(inside)), len(inside)) for key, inside in held.items()}


def margin_coverage(cities, zones=100, draws=100, seed=10):
    """Share of census intervals that hold the figure of the true counts."""
    held = defaultdict(list)
    ends = {}
    for number in range(cities):
        rng = np.random.default_rng([seed, number])
        residents, count = city(rng, zones)
        true = dict(zip(("white", "black"), residents.members, strict=True))
        margins = {name: 1.645 * np.sqrt(8.0 * values + 100.0) for name, values in true.items()}
        seen = {**drawn_columns(true, margins, rng), "population": residents.population}
        seen |= {name: np.minimum(seen[name], 0.98 * residents.population) for name in true}
        squares = shapely.box(np.arange(zones) * 1e3, 0, np.arange(zones) * 1e3 + 1e3, 1e3)
        for made, columns in (("true", {**seen, **true}), ("seen", seen)):
            peopled = PeopledZones(
                np.arange(zones).astype(str), squares, squares, residents.area_km2,
                residents.population, GROUPS, np.array([columns[name] for name in true]),
                residents.everyone, margins, columns, None, "local", "local", 0, (), (),
            )  # fmt: skip
            size = 1 if made == "true" else draws
            for row in margin_figures("centre", peopled, count, rng, replicates=size):
                ends[made, row.group, row.statistic] = row.estimate
        for made, group, statistic in list(ends):
            if made == "seen":
                one = ends[made, group, statistic]
                value = ends["true", group, statistic].value
                held[group, statistic].append(one.low <= value <= one.high)
    return {key: (float(np.mean(inside)), len(inside)) for key, inside in held.items()}


def main():
    """Print how often each interval held the truth."""
    if sys.argv[1:2] == ["clustered"]:
        for key, (share, n) in sorted(clustered_coverage(int(sys.argv[2]), 100).items()):
            print(*key, f"held {share:.3f}  n {n}")
        return
    if sys.argv[1:2] == ["margins"]:
        for key, (share, n) in sorted(margin_coverage(int(sys.argv[2])).items()):
            print(*key, f"held {share:.3f}  n {n}")
        return
    if sys.argv[1:2] == ["regression"]:
        for family, (share, n) in regression_coverage(int(sys.argv[2])).items():
            print(family, f"held {share:.3f}  n {n}")
        return
    cities, zones = (int(text) for text in (sys.argv[1:3] or ("1000", "400")))
    started = time.perf_counter()
    real, held = coverage(cities, zones)
    print(f"{cities} cities of {zones} zones; nominal 95%")
    for (group, statistic), signs in sorted(held.items()):
        print(
            f"{group:6} {statistic:32} truth {real[group, statistic]:9.4f}  "
            f"held {np.mean(signs == 0):.3f}  truth below {np.mean(signs < 0):.3f} "
            f"above {np.mean(signs > 0):.3f}  n {len(signs)}"
        )
    print(f"{time.perf_counter() - started:.0f} s")


if __name__ == "__main__":
    main()
