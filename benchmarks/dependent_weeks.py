"""Gains of weeks that resemble the one before: how often a verdict errs, and how real gains are.

    python -m benchmarks.dependent_weeks [--weeks 8 13 26 52 104] [--datasets 2000]
    python -m benchmarks.dependent_weeks --real

The first table is of made-up records without a gain, and with one of three standard errors of as
many independent weeks: how often a verdict says better or worse by weeks as if they were
independent, by weeks stretched for what they are worth (what a report says), and, beside them, by
equally weighted cosines, 0.4 n^(2/3) of them, with Student's t (Lazarus, Lewis, Stock & Watson
2018, https://doi.org/10.1080/07350015.2018.1506926). What the forecasts imply plays no part.

`--real` forecasts 52 weeks of Chicago and 60 months of Rio de Janeiro with forecasters that cost
little and prints the lag-1 autocorrelation of each gain, without its bias. Where the development
data are not there it is skipped.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable, Iterator, Sequence
from datetime import date
from typing import TypeAlias

import numpy as np
import numpy.typing as npt
from scipy import stats

from benchmarks import area_forecasts, chicago
from benchmarks.test_sizes import autocorrelated
from veedor.arrays import Ints
from veedor.backtest import Absence, Plan
from veedor.backtest.making import make_each
from veedor.forecasters import Entry, Task
from veedor.forecasts import Forecast
from veedor.statistics import BlockBootstrap, SerialDependence
from veedor.statistics.codes import Denominator
from veedor.verification import ImpliedGain, judge, log_score

Floats = npt.NDArray[np.float64]
#: Record, forecaster, reference, gain and incidents by period.
Row: TypeAlias = tuple[str, str, str, Floats, Floats]

WEEKS = (8, 13, 26, 52, 104)
#: In standard errors of the mean of as many independent weeks.
GAIN = 3.0
BY_WEEK = (
    "PriorCounts",
    "PastMean",
    "Kernel",
    "RecentMean",
    "PooledCounts",
    "Recency",
    "SeasonalNaive",
)
BY_MONTH = ("RecentMean", "PriorCounts", "PastMean", "SeasonalNaive")
OFFENCES = ("hom_doloso_feminicidio", "roubo_veiculo", "roubo_carga", "furto_veiculos")


def slow_wave(rng: np.random.Generator, n: int) -> Floats:
    """A third of the variance is a wave of autocorrelation 0.85: lag 1 shows 0.30 of it only."""
    return np.sqrt(0.35) * autocorrelated(rng, n, 0.85) + np.sqrt(0.65) * rng.normal(size=n)


RECORDS: dict[str, Callable[[np.random.Generator, int], Floats]] = {
    **{
        f"autocorrelation {share}": lambda rng, n, share=share: autocorrelated(rng, n, share)
        for share in (0.0, 0.2, 0.4, 0.6)
    },
    "a slow wave beneath noise": slow_wave,
}


def by_cosines(values: Floats) -> bool:
    """Whether the test by equally weighted cosines rejects a mean of 0 at 5%."""
    n = len(values)
    many = max(1, int(0.4 * n ** (2.0 / 3.0)))
    at = np.pi * np.outer(np.arange(1, many + 1), (np.arange(n) + 0.5) / n)
    weighted = np.sqrt(2.0 / n) * np.cos(at) @ values
    statistic = values.mean() / np.sqrt((weighted**2).mean() / n)
    return bool(2.0 * stats.t.sf(abs(statistic), many) <= 0.05)


def sizes(weeks: int, datasets: int) -> None:
    """Print a row of each record."""
    rng = np.random.default_rng([18, weeks])
    bootstrap = BlockBootstrap(np.arange(weeks), rng, replicates=2000)
    nothing = ImpliedGain(*np.zeros((5, weeks)))
    for name, record in RECORDS.items():
        found = np.zeros((2, 3))
        for _ in range(datasets):
            noise, size = record(rng, weeks), rng.poisson(200.0, weeks).astype(float)
            for number, shift in enumerate((0.0, GAIN / np.sqrt(weeks))):
                gain = 4.0 * (noise + shift * size / 200.0)
                one = judge(bootstrap, gain, size, nothing, of=Denominator("incidents"))
                found[number] += [
                    one.weeks_low > 0.0 or one.weeks_high < 0.0,
                    one.verdict in ("better", "worse"),
                    by_cosines(gain),
                ]
        rates = " | ".join(f"{rate:.3f}" for rate in (found / datasets).ravel())
        print(f"| {weeks} | {name} | {rates} |", flush=True)


def real() -> None:
    """Print the autocorrelation of gains of real records."""
    print("| record | forecaster | reference | autocorrelation | p | worth |\n" + "|---" * 6 + "|")
    every: dict[str, list[SerialDependence]] = {"weeks": [], "months": []}
    for periods, rows in (("weeks", _chicago()), ("months", _rio())):
        for record, who, reference, gain, incidents in rows:
            blocks = BlockBootstrap(np.arange(len(gain)), np.random.default_rng(0), replicates=1)
            one = blocks.dependence(gain, incidents)
            if one is not None:
                every[periods].append(one)
                print(
                    f"| {record} | {who} | {reference} | {one.autocorrelation:+.2f} "
                    f"| {one.p_value:.3f} | {one.effective:.0f} of {one.periods} |",
                    flush=True,
                )
    for periods, found in every.items():
        if found:
            rho = np.array([one.autocorrelation for one in found])
            ends = ", ".join(f"{one:.2f}" for one in np.percentile(rho, [0, 25, 50, 75, 100]))
            n, beyond = found[0].periods, np.mean([one.p_value <= 0.05 for one in found])
            print(
                f"{len(found)} gains of {n} {periods}: mean {rho.mean():.2f}; least, quartiles, "
                f"most {ends}; standard error of each about {1.0 / np.sqrt(n):.2f}; above 0 "
                f"beyond chance {beyond:.0%}"
            )


def _chicago() -> Iterator[Row]:
    """Weeks of 2017, all forecast from what was recorded since 2016, cells of 500 m."""
    if not chicago.is_there():
        return
    ready = chicago.prepared(500, "week", 52, first_day=date(2017, 1, 1))
    entries = tuple(Entry.of(name) for name in BY_WEEK)
    plan = Plan(ready.tasks, entries, ready.periods, 1)
    for category in plan.categories:
        tasks = [plan.task(category, number) for number in range(52)]
        weeks = [plan.periods_of(number) for number in range(52)]
        made = [list(make_each(entries, *one)) for one in zip(tasks, weeks, strict=True)]
        counts = plan.task(category).counts_in(plan.periods).values
        yield from _gains(f"Chicago, {category.lower()}", made, counts)


def _rio() -> Iterator[Row]:
    """Months of municipalities, each forecast from the edition that was out."""
    if not area_forecasts.FOLDER.is_dir():
        print("skipped: the development data are not there (areas/rj)")
        return
    areas = area_forecasts.read_editions()
    record, cells, periods = area_forecasts.laid_out(areas, OFFENCES, months=60)
    entries = [Entry.of(name) for name in BY_MONTH]
    for offence in OFFENCES:
        made = []
        for number in range(len(periods)):
            month = periods.part(number, number + 1)
            known = record.until(month.edges[0])
            task = Task(known, offence, cells, area_forecasts.MONTH)
            made.append(list(make_each(entries, task, month)))
        yield from _gains(
            f"Rio de Janeiro, {offence}", made, record.counts(offence, periods, cells).values
        )


def _gains(
    record: str, made: Sequence[Sequence[Forecast | Absence]], counts: Ints
) -> Iterator[Row]:
    """Gain of each forecaster over the first, period by period."""
    scores: dict[str, list[float]] = {}
    for forecasts, seen in zip(made, counts, strict=True):
        for one in forecasts:
            if isinstance(one, Forecast):
                score = log_score(one.distribution, seen[None, :]).sum()
                scores.setdefault(one.forecaster, []).append(float(score))
    reference, *others = (name for name, all_of in scores.items() if len(all_of) == len(made))
    for who in others:
        gain = np.subtract(scores[reference], scores[who])
        yield record, who, reference, gain, counts.sum(axis=1).astype(float)


def main() -> None:
    """Print one of the tables."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--weeks", type=int, nargs="+", default=WEEKS)
    parser.add_argument("--datasets", type=int, default=2000)
    parser.add_argument("--real", action="store_true", help="gains of real records instead")
    asked = parser.parse_args()
    began = time.perf_counter()
    if asked.real:
        real()
    else:
        print(
            "| weeks | record | said without a gain: weeks as independent | verdict | cosines "
            "| said of a gain: weeks as independent | verdict | cosines |\n" + "|---" * 8 + "|"
        )
        for weeks in asked.weeks:
            sizes(weeks, asked.datasets)
    print(f"\n{time.perf_counter() - began:.0f} s")


if __name__ == "__main__":
    main()
