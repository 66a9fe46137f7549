"""Coverage of the intervals, and size of the tests, of the patterns of places, by simulation.

``python -m benchmarks.pattern_coverage_places [simulations]`` prints a line each. The truth of an
interval is the mean of its statistic over 4,000 other records of the same length (concentration),
or the ratio of the means over the simulated ones (Knox).
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from functools import partial

import numpy as np
from scipy import stats
from shapely import box

from veedor.patterns import concentration, empirical_bayes_rates, map_change, near_repeats
from veedor.patterns.pairs import districts
from veedor.spacetime import Cells, SquareLattice, StudyArea
from veedor.statistics import (
    false_discovery_q,
    generalised_gini,
    permutation_p_values,
    share_of_places_holding,
)

Rng = np.random.Generator
_GRID = Cells.on_lattice(
    StudyArea(box(0, 0, 5000, 5000), "EPSG:32721", "made up"), SquareLattice(250.0)
)
_WHOLE: dict[str, Callable[..., np.ndarray]] = {
    "generalised Gini": generalised_gini,
    "cells holding 25%": partial(share_of_places_holding, share=0.25),
    "cells holding 50%": partial(share_of_places_holding, share=0.5),
}


def line(name: str, hits: int, of: int, began: float) -> None:
    """Print a share with its interval."""
    low, high = stats.binomtest(hits, of).proportion_ci()
    took = time.perf_counter() - began
    print(f"{name:62} {hits / of:.3f} ({low:.3f} to {high:.3f}) {of} {took:.0f} s", flush=True)


def weekly(rng: Rng, rate: np.ndarray, weeks: int, repeats: float) -> np.ndarray:
    """Counts by week and place; each incident brings on average `repeats` more, there and then."""
    first = rng.poisson(rate / (1 + repeats), (weeks, len(rate)))
    return first + rng.poisson(repeats * first)


def coverage_of_concentration(simulations: int) -> None:
    """Intervals for records as long as this one, of 52 weeks."""
    for name, places, mean, repeats in (
        ("3,100 incidents, 300 cells", 300, 3100, 0.0),
        ("3,100 incidents, 300 cells, repeats of 0.5", 300, 3100, 0.5),
        ("20,000 incidents, 300 cells", 300, 20_000, 0.0),
        ("150 incidents, 1,000 cells", 1000, 150, 0.0),
    ):
        began = time.perf_counter()
        rng = np.random.default_rng([1, places, mean, int(10 * repeats)])
        rate = rng.gamma(0.5, 1.0, places)
        rate *= mean / 52 / rate.sum()
        many = np.array([weekly(rng, rate, 52, repeats).sum(axis=0) for _ in range(4000)])
        truth = {key: float(np.mean(measure(many))) for key, measure in _WHOLE.items()}
        held, known = dict.fromkeys(truth, 0), dict.fromkeys(truth, 0)
        for _ in range(simulations):
            one = concentration(weekly(rng, rate, 52, repeats), rng, simulations=1)
            for key, found in zip(
                truth, (one.generalised_gini, *one.holding.values()), strict=True
            ):
                if found.low is not None and found.high is not None:
                    known[key] += 1
                    held[key] += found.low <= truth[key] <= found.high
        for key in truth:
            line(f"{key}, {name}", held[key], known[key], began)


def _places(rng: Rng, centres: np.ndarray, weight: np.ndarray, n: int) -> np.ndarray:
    chosen = rng.choice(len(weight), n, p=weight)
    return centres[:, chosen] + rng.normal(0.0, 200.0, (2, n))


def coverage_of_knox(simulations: int) -> None:
    """Interval of the ratio: clustered places, a common season, a repeat of one in ten."""
    centres = np.random.default_rng(2).uniform(0, 8000, (2, 200))
    weight = np.random.default_rng(3).gamma(1.0, 1.0, 200)
    weight /= weight.sum()
    for name, n, repeats in (("clustered", 1500, 0.0), ("planted repeats", 1500, 0.1)):
        began = time.perf_counter()
        rng = np.random.default_rng([4, n, int(10 * repeats)])
        tables = []
        for _ in range(simulations):
            x, y = _places(rng, centres, weight, n)
            day = np.floor(365 * rng.beta(1.5, 1.5, n)).astype(int)
            again = rng.integers(0, n, rng.poisson(repeats * n))
            angle, far = rng.uniform(0, 2 * np.pi, len(again)), rng.uniform(10, 90, len(again))
            x = np.r_[x, x[again] + far * np.cos(angle)]
            y = np.r_[y, y[again] + far * np.sin(angle)]
            day = np.r_[day, day[again] + rng.integers(1, 8, len(again))]
            found = near_repeats(x, y, day, rng, permutations=1, seasonal_permutations=1)
            tables.append([found.observed, found.expected, found.low, found.high])
        observed, expected, low, high = np.moveaxis(np.array(tables), 1, 0)
        truth = observed.mean(axis=0) / expected.mean(axis=0)
        for words, d, t in (("1 to 100 m, 1 to 7 days", 1, 1), ("200 to 300 m, 8 to 14", 3, 2)):
            known = np.isfinite(low[:, d, t])
            within = (low[known, d, t] <= truth[d, t]) & (truth[d, t] <= high[known, d, t])
            text = f"Knox ratio, {name}, {words}, truth {truth[d, t]:.2f}"
            line(text, int(within.sum()), int(known.sum()), began)


def coverage_of_seasonal_range(simulations: int) -> None:
    """How often the ratio of a plain seasonal record lies in the range given for one."""
    began, rng = time.perf_counter(), np.random.default_rng(5)
    within = 0
    for _ in range(simulations):
        x, y = rng.uniform(0, 4000, (2, 2000))
        season = districts(x, y, 500)
        day = (90 * season + np.floor(200 * rng.beta(2, 2, 2000)).astype(int)) % 365
        found = near_repeats(x, y, day, rng, permutations=1, seasonal_permutations=99)
        within += int(found.seasonal_low[2, 1] <= found.ratio[2, 1] <= found.seasonal_high[2, 1])
    line("seasonal range holds the ratio of a seasonal record", within, simulations, began)


def size_of_rates(simulations: int) -> None:
    """Hot spots of rates where every resident's risk is the same."""
    aside = np.hypot(_GRID.x_m - 2500, _GRID.y_m - 2500)
    maps = {
        "like": np.random.default_rng(6).integers(300, 600, len(_GRID)).astype(float),
        "a dense centre, 30 to 1": 2000 * np.exp(-aside / 700) + 60,
        "a dense centre, 1,000 to 1": 2000 * np.exp(-aside / 350) + 2,
    }
    for name, people in maps.items():
        for mean in (2.0, 20.0) if name != "like" else (2.0,):
            began, rng = time.perf_counter(), np.random.default_rng([7, int(mean)])
            cells, below, anywhere = 0, 0, 0
            for _ in range(simulations):
                counts = rng.poisson(mean * people / people.mean())
                rates = empirical_bayes_rates(counts, people)
                more, less = permutation_p_values(rates, _GRID.neighbours, rng, permutations=19_999)
                p = np.minimum(1.0, 2 * np.minimum(more, less))
                cells, below = cells + 1, below + int(p[rng.integers(len(p))] <= 0.05)
                anywhere += int(np.min(false_discovery_q(p)) <= 0.05)
            text = f"rates, residents {name}, mean {mean:g} a cell"
            line(f"{text}: one cell", below, cells, began)
            line(f"{text}: any q", anywhere, cells, began)


def size_of_map_change(simulations: int) -> None:
    """The robust S index, two maps drawn from one."""
    for mean in (2.0, 20.0):
        began, rng, below = time.perf_counter(), np.random.default_rng([8, int(mean)]), 0
        for _ in range(simulations):
            one, two = rng.poisson(rng.gamma(0.5, 2 * mean, (1, 400)), (2, 400))
            below += int((map_change(one, two, rng).test.p_value or 1.0) <= 0.05)
        line(f"S index against no change, mean {mean:g} a cell", below, simulations, began)


def main(simulations: int) -> None:
    """Simulate all."""
    coverage_of_concentration(simulations)
    size_of_rates(simulations)
    coverage_of_knox(simulations)
    coverage_of_seasonal_range(simulations)
    size_of_map_change(simulations)


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 1000)
