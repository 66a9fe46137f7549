"""How often each test of `veedor.verification` rejects at 5% when its null hypothesis holds.

    python -m benchmarks.test_sizes [--datasets 2000] [--only consistency]

Each row is one test under one kind of record: the share of made-up records, in which the null
hypothesis holds, with a p-value of at most 5%. With 2,000 of them a share of 0.05 is known to
within 0.01. Simulating tests draw 99 times each. Some rows break an assumption on purpose, and
say so.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable, Iterator

import numpy as np
from scipy import signal

from veedor.forecasts import CountDistribution
from veedor.statistics import BlockBootstrap
from veedor.statistics.codes import Denominator
from veedor.verification import (
    category_test,
    conditional_likelihood_test,
    diebold_mariano,
    e_process,
    gain_at_incidents,
    likelihood_test,
    model_confidence_set,
    number_test,
    skill_change,
    space_test,
)

ALPHA = 0.05
DRAWS = 99


def autocorrelated(rng: np.random.Generator, n: int, share: float) -> np.ndarray:
    """First-order autoregressive noise with variance 1, from its stationary distribution."""
    shocks = rng.normal(0.0, np.sqrt(1.0 - share**2), n)
    shocks[0] = rng.normal()
    return signal.lfilter([1.0], [1.0, -share], shocks)


def consistency(rng: np.random.Generator) -> Iterator[tuple[str, Callable[[], float]]]:
    """Forecasts that are true, in a sparse and a less sparse record."""
    for periods, cells, level in ((8, 50, 0.02), (8, 100, 0.15), (52, 100, 0.03)):
        for alpha in (0.0, 0.5):
            mean = rng.gamma(1.0, level, (periods, cells)) + 1e-4
            truth = CountDistribution(mean, alpha)
            totals = CountDistribution(mean.sum(axis=1), alpha / 10.0)
            family = "NB" if alpha else "Poisson"
            record = f"{family}, {periods} periods, {cells} cells, {mean.sum():.0f} expected"

            def number(totals: CountDistribution = totals) -> float:
                return number_test(totals, totals.sample(rng, 1)[0]).result.p_value

            yield f"N-test | {record}", number
            for name, test in (
                ("L-test", likelihood_test),
                ("CL-test", conditional_likelihood_test),
                ("S-test", space_test),
            ):

                def run(test=test, truth: CountDistribution = truth) -> float:
                    seed = int(rng.integers(2**31))
                    drawn = truth.sample(rng, 1)[0]
                    found = test(truth, drawn, simulations=DRAWS, seed=seed).p_value
                    return 1.0 if found is None else found

                yield f"{name} | {record}", run
            kinds = CountDistribution(
                np.array([[0.5, 2.0, 5.0, 12.0]]).repeat(periods, axis=0), alpha / 10.0
            )

            def category(kinds: CountDistribution = kinds) -> float:
                drawn = kinds.sample(rng, 1)[0]
                seed = int(rng.integers(2**31))
                return category_test(kinds, drawn, simulations=DRAWS, seed=seed).p_value

            yield f"M-test by category | {family}, {periods} periods, 4 categories", category


def paired(rng: np.random.Generator) -> Iterator[tuple[str, Callable[[], float]]]:
    """Two forecasts, equally wrong: each has the other's errors, in other cells."""
    error = np.concatenate([np.full(50, 0.4), np.full(50, -0.4)])
    first = np.exp(error) / np.exp(error).mean()
    ratio = np.log(first / first[::-1])
    for expected in (8, 50, 1000):
        for size in (1, 4):
            for name in ("t_test", "w_test"):

                def run(expected=expected, size=size, name=name) -> float:
                    clusters = rng.poisson(expected / 100.0 / size, 100)
                    at = np.repeat(ratio, clusters * size)
                    found = getattr(gain_at_incidents(at, 1.0, 1.0), name).p_value
                    return 1.0 if found is None else found

                broken = "" if size == 1 else " in fours (not independent: assumption broken)"
                yield f"{name.replace('_', '-')} | {expected} incidents expected{broken}", run


def by_period(rng: np.random.Generator) -> Iterator[tuple[str, Callable[[], float]]]:
    """Score differences around 0, independent or not."""
    for periods in (8, 26, 52, 208):
        for share in (0.0, 0.4):
            record = f"{periods} periods, autocorrelation {share}"

            def difference(periods=periods, share=share) -> np.ndarray:
                return autocorrelated(rng, periods, share)

            for kernel, lags in (("bartlett", None), ("rectangular", 0)):

                def run(make=difference, kernel=kernel, lags=lags) -> float:
                    d = make()
                    return diebold_mariano(-d, 0.0 * d, kernel=kernel, lags=lags).p_value

                words = "default lags" if lags is None else "no lags"
                yield f"Diebold-Mariano, {kernel}, {words} | {record}", run
            if periods >= 26:

                def change(make=difference) -> float:
                    seed = int(rng.integers(2**31))
                    return skill_change(make(), replicates=DRAWS, seed=seed).test.p_value

                yield f"Change of skill | {record}", change
            for statistic in ("T_max", "T_R"):

                def left_out(periods=periods, share=share, statistic=statistic) -> float:
                    scores = np.stack(
                        [autocorrelated(rng, periods, share) for _ in range(5)], axis=1
                    )
                    found = model_confidence_set(
                        scores,
                        list("abcde"),
                        statistic=statistic,
                        replicates=DRAWS,
                        seed=int(rng.integers(2**31)),
                    )
                    return found.p_values["a"]

                yield f"MCS leaves out one of 5 best, {statistic} | {record}", left_out


def sequential(rng: np.random.Generator) -> Iterator[tuple[str, Callable[[], float]]]:
    """Looked at after each of 520 periods: whether the null is ever rejected."""
    for kind in ("even coin", "rarely large", "drifting, average 0"):
        for alternative in ("better", "two-sided"):

            def run(kind=kind, alternative=alternative) -> float:
                if kind == "even coin":
                    d = rng.choice([-1.0, 1.0], 520)
                elif kind == "rarely large":
                    d = np.where(rng.random(520) < 0.02, 0.98, -0.02)
                else:
                    # Worse first, better later: the mean so far of expectations is never above 0.
                    d = np.linspace(-0.3, 0.3, 520) + rng.choice([-0.7, 0.7], 520)
                return float(e_process(d, bound=1.0, alternative=alternative).p_values[-1])

            if kind.startswith("drifting") and alternative == "two-sided":
                continue
            yield f"E-process, {alternative}, ever in 520 looks | {kind}", run


def over_weeks(rng: np.random.Generator) -> Iterator[tuple[str, Callable[[], float]]]:
    """Whether the interval of a gain by resampled weeks leaves the truth out: by its p-value."""
    for weeks in (8, 16, 26, 52, 104):
        for share in (0.0, 0.2, 0.4):

            def run(weeks=weeks, share=share) -> float:
                size = rng.poisson(200.0, weeks).astype(float)
                gain = 4.0 * autocorrelated(rng, weeks, share)
                made = BlockBootstrap(np.arange(weeks), rng, replicates=1000)
                found = made.ratio(gain, size, of=Denominator("incidents"))
                return ALPHA / 2.0 if found.low > 0.0 or found.high < 0.0 else 1.0

            yield f"Interval over weeks leaves 0 out | {weeks} weeks, autocorrelation {share}", run


FAMILIES = {
    "paired": paired,
    "by_period": by_period,
    "sequential": sequential,
    "consistency": consistency,
    "over_weeks": over_weeks,
}


def main() -> None:
    """Print a table of sizes."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--datasets", type=int, default=2000)
    parser.add_argument("--only", choices=list(FAMILIES), nargs="+", default=list(FAMILIES))
    chosen = parser.parse_args()
    datasets = chosen.datasets
    rng = np.random.default_rng(20_240_101)
    began = time.perf_counter()
    print(f"| test | record | rejected at 5%, of {datasets} |\n|---|---|---|", flush=True)
    for family in chosen.only:
        for name, run in FAMILIES[family](rng):
            rejected = np.mean([run() <= ALPHA for _ in range(datasets)])
            print(f"| {name} | {rejected:.3f} |", flush=True)
    print(f"\n{time.perf_counter() - began:.0f} s")


if __name__ == "__main__":
    main()
