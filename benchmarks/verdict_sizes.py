"""How often a forecast is called better where it is not, and where it is.

    python -m benchmarks.verdict_sizes [--datasets 200]

Made-up records of 8, 16 and 52 weeks, each with a forecast and a reference whose expected gain is
known. For each: how often the interval by weeks alone would say better (or worse), how often the
verdict does, how often each interval holds the expected gain, and how often the e-process ever
speaks. The last table is of families: eight forecasters in each study, any of which may be called
better or worse.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable

import numpy as np

from veedor.forecasts import CountDistribution
from veedor.statistics import BlockBootstrap
from veedor.statistics.codes import Denominator
from veedor.verification import (
    e_process,
    implied_gain,
    judge,
    judge_family,
    log_score,
    plausible_gain,
)

WEEKS = (8, 16, 52)
FAMILY = 8
Means = tuple[np.ndarray, np.ndarray, np.ndarray]


def rare(rng: np.random.Generator, each: float) -> Means:
    """The reference is right; the forecast cuts 100 cells that are hardly ever hit to 1/20."""
    mean = np.concatenate([rng.gamma(2.0, 0.5, 50), np.full(100, each)])
    cut = np.where(np.arange(150) < 50, mean, mean / 20.0)
    return mean, cut * mean.sum() / cut.sum(), mean


def few_skewed(rng: np.random.Generator) -> Means:
    """Three incidents a week in twenty very unlike cells; the reference is right."""
    mean = rng.lognormal(0.0, 3.0, 20)
    mean *= 3.0 / mean.sum()
    return mean, _off(mean, rng, 1.5), mean


def equally_off(rng: np.random.Generator) -> Means:
    """Both are off by as much, in other cells."""
    mean = rng.gamma(1.0, 0.2, 250) + 1e-3
    return mean, _off(mean, rng, 0.2), _off(mean, rng, 0.2)


def slightly_off(rng: np.random.Generator) -> Means:
    """The reference is right, the forecast a little off: a stationary city."""
    mean = rng.gamma(1.0, 0.2, 250) + 1e-3
    return mean, _off(mean, rng, 0.05), mean


def better(rng: np.random.Generator, noise: float) -> Means:
    """The forecast is right, the reference off."""
    mean = rng.gamma(1.0, 0.2, 250) + 1e-3
    return mean, mean, _off(mean, rng, noise)


def new_places(rng: np.random.Generator) -> Means:
    """The forecast knows of five places that record eight times as much as before."""
    before = rng.gamma(1.0, 0.2, 250) + 1e-3
    now = before.copy()
    now[:5] = 8.0 * before[:5] + 0.05
    return now, now, before


def worse(rng: np.random.Generator) -> Means:
    """The forecast thinks all cells alike."""
    mean = rng.gamma(1.0, 0.2, 250) + 1e-3
    return mean, np.full(250, mean.mean()), mean


WORLDS: dict[str, Callable[[np.random.Generator], Means]] = {
    "cuts rare cells, 0.05 hits a week": lambda rng: rare(rng, 5e-4),
    "cuts rare cells, 0.005 hits a week": lambda rng: rare(rng, 5e-5),
    "stationary, forecast slightly off": slightly_off,
    "both off by as much": equally_off,
    "few skewed cells, 3 a week": few_skewed,
    "better: reference off by 12%": lambda rng: better(rng, 0.12),
    "better: reference off by 30%": lambda rng: better(rng, 0.3),
    "better: knows five new places": new_places,
    "worse: all cells alike": worse,
}


def _off(mean: np.ndarray, rng: np.random.Generator, noise: float) -> np.ndarray:
    other = mean * rng.lognormal(0.0, noise, len(mean))
    return other * mean.sum() / other.sum()


def _weekly(mean: np.ndarray, weeks: int, alpha: float) -> CountDistribution:
    return CountDistribution(np.tile(mean, (weeks, 1)), alpha)


def _row(world: Callable, weeks: int, alpha: float, datasets: int, seed: int) -> np.ndarray:
    rng = np.random.default_rng([seed, weeks])
    found = np.zeros(8)
    for _ in range(datasets):
        means = world(rng)
        truth, forecast, reference = (_weekly(mean, weeks, alpha) for mean in means)
        seen = truth.sample(rng, 1)[0]
        gain = (log_score(reference, seen) - log_score(forecast, seen)).sum(axis=1)
        implied = implied_gain(forecast, reference)
        one = judge(
            BlockBootstrap(np.arange(weeks), rng, replicates=1000),
            gain,
            seen.sum(axis=1).astype(float),
            implied,
            of=Denominator("incidents"),
        )
        if one.weeks_low is None:
            continue
        # The expected gain of a period, exactly, from the moments of each against the truth.
        expected = (
            implied_gain(forecast, truth).mean_if_reference
            - implied_gain(reference, truth).mean_if_reference
        ).sum() / truth.mean.sum()
        bound = plausible_gain(implied)
        sides = [
            e_process(gain, bound=bound, cap=True, alternative=side).rejected_at() is not None
            for side in ("better", "worse")
        ]
        found += [
            one.weeks_low > 0.0,
            one.verdict == "better",
            one.weeks_high < 0.0,
            one.verdict == "worse",
            one.weeks_low <= expected <= one.weeks_high,
            one.estimate.low <= expected <= one.estimate.high,
            *sides,
        ]
    return found / datasets


def families(datasets: int) -> None:
    """Print how often any of eight forecasters, each slightly off, is called anything."""
    print(
        "| weeks | any better, by weeks | any better | any worse, by weeks | any worse |\n"
        "|---|---|---|---|---|"
    )
    for weeks in WEEKS:
        rng = np.random.default_rng([9, weeks])
        found = np.zeros(4)
        for _ in range(datasets):
            mean = rng.gamma(1.0, 0.2, 250) + 1e-3
            reference = _weekly(mean, weeks, 0.2)
            seen = reference.sample(rng, 1)[0]
            incidents = seen.sum(axis=1).astype(float)
            bootstrap = BlockBootstrap(np.arange(weeks), rng, replicates=1000)
            each = []
            for _ in range(FAMILY):
                forecast = _weekly(_off(mean, rng, 0.02), weeks, 0.2)
                gain = (log_score(reference, seen) - log_score(forecast, seen)).sum(axis=1)
                implied = implied_gain(forecast, reference)
                each.append(judge(bootstrap, gain, incidents, implied, of=Denominator("incidents")))
            told = [one.verdict for one in judge_family(each)]
            found += [
                any(one.weeks_low > 0.0 for one in each),
                "better" in told,
                any(one.weeks_high < 0.0 for one in each),
                "worse" in told,
            ]
        print(f"| {weeks} | " + " | ".join(f"{x:.3f}" for x in found / datasets) + " |", flush=True)


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--datasets", type=int, default=200)
    datasets = parser.parse_args().datasets
    began = time.perf_counter()
    print(
        "| record | weeks | better: by weeks | verdict | worse: by weeks | verdict "
        "| held: by weeks | by both | e-process: better | worse |\n" + "|---" * 10 + "|"
    )
    for number, (name, world) in enumerate(WORLDS.items()):
        for weeks in WEEKS:
            row = _row(world, weeks, 0.0, datasets, number)
            print(f"| {name} | {weeks} | " + " | ".join(f"{x:.3f}" for x in row) + " |", flush=True)
    print()
    families(datasets)
    print(f"\n{datasets} records a row; {time.perf_counter() - began:.0f} s")


if __name__ == "__main__":
    main()
