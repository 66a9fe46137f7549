"""`examine`: everything that is asked of forecasts, once, whoever made them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import Flag, auto
from functools import lru_cache

import numpy as np

from veedor.arrays import Floats
from veedor.forecasts import CountDistribution
from veedor.statistics import BlockBootstrap
from veedor.statistics.codes import Denominator
from veedor.statistics.estimates import Estimate, TestResult
from veedor.verification.area_swept import area_swept
from veedor.verification.comparing import best, compare, implied_errors
from veedor.verification.concentration import concentration_table
from veedor.verification.consistency import (
    category_test,
    conditional_tests,
    likelihood_test,
)
from veedor.verification.corp import brier_decomposition
from veedor.verification.coverage import coverage_by_group
from veedor.verification.examination import (
    Calibration,
    Consistency,
    Examination,
    Examined,
    LevelCoverage,
    PeriodSeries,
    Places,
    Recorded,
    TriedPeriods,
    ZoneCoverage,
)
from veedor.verification.group_sums import calibration_of_sums
from veedor.verification.pit import (
    pit_by_period,
    pit_histogram,
    randomised_pit,
    randomised_pit_histogram,
)
from veedor.verification.places import capture_rates, capture_table, captured
from veedor.verification.reliability import mean_reliability, reliability_bins, reliability_curve
from veedor.verification.score_sums import ScoreSums, score_sums
from veedor.verification.scores import SCORES
from veedor.verification.stability import stability_table
from veedor.verification.total_number import number_test
from veedor.verification.trial import CategoryTotals, ForecastSeries, Trial

AREA_FRACTIONS = (0.01, 0.05, 0.20)
COVERAGE_LEVELS = (0.5, 0.8, 0.95)
SIMULATIONS = 999
#: Share of the area whose captured incidents are told period by period.
CAPTURED_AT = 0.05
#: Groups of cells by level of forecast whose sums are checked; each expects about as much.
SUM_GROUPS = 5
_BINS = 10
_PIT_EDGES = np.linspace(0.0, 1.0, _BINS + 1)
_INTERVAL_EDGES = np.array(
    [(1.0 + side * level) / 2.0 for level in COVERAGE_LEVELS for side in (-1, 1)]
)


class Ask(Flag):
    """Questions beside scores and the gain over the reference."""

    CAPTURE = auto()
    RANKINGS = auto()
    PERIODS = auto()
    CALIBRATION = auto()
    CONSISTENCY = auto()
    TESTS = auto()
    WHERE = auto()
    NOTHING_MORE = 0
    ALL = CAPTURE | RANKINGS | PERIODS | CALIBRATION | CONSISTENCY | TESTS | WHERE


@dataclass(frozen=True)
class Questions:
    """What is asked of a trial.

    Parameters
    ----------
    scores : tuple of str
        Of `SCORES`.
    ask : Ask
        ``CAPTURE`` (incidents in the area ranked first), ``RANKINGS`` (area swept, stability,
        concentration), ``PERIODS`` (one by one), ``CALIBRATION``, ``CONSISTENCY`` (N-, L-, CL- and
        S-test), ``TESTS`` (the gain at the same totals, T- and W-test, Diebold-Mariano, e-process,
        change, confidence set), ``WHERE`` (the gain by lead time, month and zone).
    area_fractions : tuple of float
        Of the area, in (0, 1].
    simulations : int
        Of the consistency tests.
    """

    scores: tuple[str, ...] = tuple(SCORES)
    ask: Ask = Ask.ALL
    area_fractions: tuple[float, ...] = AREA_FRACTIONS
    simulations: int = SIMULATIONS


def examine(
    trial: Trial,
    questions: Questions | None = None,
    *,
    seed: int = 0,
    advance: Callable[[int], None] | None = None,
) -> Examination:
    """Examine all forecasters of one category.

    Parameters
    ----------
    trial : Trial
        Every period as forecast from every issue time. All but skill by lead time is asked of
        each period's last forecast.
    questions : Questions, optional
        All of them by default.
    seed : int
        Of intervals and simulations; each question has a generator of its own.
    advance : callable, optional
        Told how many forecasters are done.

    Returns
    -------
    Examination
        Its verdicts are those of comparisons alone; see `judged_together`.
    """
    asked = questions or Questions()
    latest = trial.latest()
    return _examined(trial, latest, asked, score_sums([(latest, asked.scores)])[0], seed, advance)


def examine_each(
    trials: Sequence[Trial], questions: Sequence[Questions], seeds: Sequence[int]
) -> list[Examination]:
    """Examine many trials at once: ten thousand small ones take seconds, not minutes.

    Every score is computed for many trials in one call; a forecast that several share, as a
    reference, once.
    """
    latest = [trial.latest() for trial in trials]
    sums = score_sums([(one, asked.scores) for one, asked in zip(latest, questions, strict=True)])
    return [
        _examined(trial, one, asked, mine, seed, None)
        for trial, one, asked, mine, seed in zip(
            trials, latest, questions, sums, seeds, strict=True
        )
    ]


def captured_by(
    trial: Trial, forecaster: str, area_fractions: Sequence[float], seed: int
) -> tuple[Estimate, ...]:
    """Capture rates of one forecaster as `examine` gives them, without those of all others.

    Raises
    ------
    ValueError
        If a fraction is not in (0, 1].
    """
    latest = trial.latest()
    mean = latest.forecasts[forecaster].cells.mean
    bootstrap = _bootstrap(latest.weeks.tobytes(), seed)
    return capture_rates(mean, latest.observed, latest.cells.area_km2, bootstrap, area_fractions)


def category_tests(
    totals: Sequence[CategoryTotals], *, seed: int = 0, simulations: int = SIMULATIONS
) -> dict[str, TestResult]:
    """M-like test of every forecaster that forecasts all categories for the same periods.

    Parameters
    ----------
    totals : sequence of CategoryTotals
        Of `Trial.totals`, one a category.
    seed, simulations : int

    Returns
    -------
    dict of str to TestResult
        By forecaster; empty where categories or periods do not allow it.
    """
    same = len(totals) > 1 and all(
        np.array_equal(one.start, totals[0].start) and np.array_equal(one.end, totals[0].end)
        for one in totals
    )
    if not same:
        return {}
    observed = np.column_stack([one.observed for one in totals])
    found: dict[str, TestResult] = {}
    for name in totals[0].forecasts:
        if all(name in one.forecasts for one in totals):
            theirs = [one.forecasts[name] for one in totals]
            joined = CountDistribution(
                np.column_stack([one.mean for one in theirs]),
                np.column_stack([one.dispersion for one in theirs]),
            )
            found[name] = category_test(joined, observed, simulations=simulations, seed=seed)
    return found


@lru_cache(maxsize=8)
def _bootstrap(weeks: bytes, seed: int) -> BlockBootstrap:
    """Draws of whole weeks; trials of the same weeks and one seed share theirs."""
    return BlockBootstrap(np.frombuffer(weeks, dtype=np.int64), np.random.default_rng(seed))


def _examined(
    every: Trial,
    trial: Trial,
    asked: Questions,
    sums: ScoreSums,
    seed: int,
    advance: Callable[[int], None] | None,
) -> Examination:
    bootstrap = _bootstrap(trial.weeks.tobytes(), seed)
    forecasters = []
    for number, (name, series) in enumerate(trial.forecasts.items()):
        forecasters.append(_forecaster(trial, name, series, asked, sums[name], bootstrap, seed))
        if advance is not None:
            advance(number + 1)
    starts, ends = trial.labels
    several = len(trial.forecasts) > 1 and Ask.TESTS in asked.ask
    errors = implied_errors(trial, asked.scores) if several else None
    return Examination(
        category=trial.category,
        reference=trial.reference,
        reference_made=trial.reference_made,
        cells=len(trial.cells),
        periods=TriedPeriods(start=starts, end=ends, forecast_again=len(every) - len(trial)),
        recorded=Recorded(
            inside=int(trial.observed.sum()),
            unlocated=int(trial.unlocated.sum()),
            outside=int(trial.outside.sum()),
            by_period=tuple(trial.observed.sum(axis=1).tolist()),
        ),
        forecasters=tuple(forecasters),
        places=_places(trial, asked, bootstrap, seed),
        comparisons=compare(
            every,
            trial,
            sums,
            bootstrap,
            seed,
            errors=errors,
            where=Ask.WHERE in asked.ask,
        ),
        best={} if errors is None else best(trial, sums, errors, seed),
    )


def _forecaster(
    trial: Trial,
    name: str,
    series: ForecastSeries,
    asked: Questions,
    sums: Mapping[str, Floats],
    bootstrap: BlockBootstrap,
    seed: int,
) -> Examined:
    cells, periods = len(trial.cells), len(trial)
    size = np.full(periods, float(cells))
    of = Denominator("cells_by_periods", {"cells": cells, "periods": periods})
    return Examined(
        forecaster=name,
        scores={score: bootstrap.ratio(sums[score], size, of=of) for score in asked.scores},
        totals_stated=series.totals_stated,
        by_period=_by_period(trial, series, sums["log_score"] / cells)
        if Ask.PERIODS in asked.ask
        else None,
        calibration=_calibration(trial, series, bootstrap, seed)
        if Ask.CALIBRATION in asked.ask
        else None,
        consistency=_consistency(trial, series, asked.simulations, seed)
        if Ask.CONSISTENCY in asked.ask
        else None,
    )


def _by_period(trial: Trial, series: ForecastSeries, log_score: Floats) -> PeriodSeries:
    hits = captured(series.cells.mean, trial.observed, trial.cells.area_km2, CAPTURED_AT)
    return PeriodSeries(
        expected=tuple(series.totals.mean.tolist()),
        low=tuple(series.totals.quantile(0.025).tolist()),
        high=tuple(series.totals.quantile(0.975).tolist()),
        log_score=tuple(log_score.tolist()),
        captured=tuple(
            float(some / whole) if whole > 0.0 else None
            for some, whole in zip(hits, trial.incidents, strict=True)
        ),
    )


def _places(trial: Trial, asked: Questions, bootstrap: BlockBootstrap, seed: int) -> Places:
    """Rankings beside chance and the oracle (what was recorded), on the same cells."""
    means = {name: series.cells.mean for name, series in trial.forecasts.items()}
    given = (means, trial.observed, trial.cells.area_km2)
    fractions = asked.area_fractions
    some, more = Ask.CAPTURE in asked.ask, Ask.RANKINGS in asked.ask
    rng = np.random.default_rng(seed)
    return Places(
        captured=tuple(capture_table(*given, bootstrap, fractions=fractions)) if some else (),
        area_swept=tuple(area_swept(*given, bootstrap)) if more else (),
        stability=tuple(stability_table(*given, bootstrap, fractions=fractions)) if more else (),
        concentration=tuple(concentration_table(*given, rng)) if more else (),
    )


def _calibration(
    trial: Trial, series: ForecastSeries, bootstrap: BlockBootstrap, seed: int
) -> Calibration:
    observed, given = trial.observed, (series.cells, trial.observed)
    probability, happened = series.cells.probability_of_any(), observed > 0
    level = reliability_bins(series.cells.mean, _BINS)
    pit = pit_by_period(*given, np.concatenate([_PIT_EDGES, _INTERVAL_EDGES]))
    zones: tuple[ZoneCoverage, ...] = ()
    if trial.zones is not None:
        names, number = trial.zones
        zones = tuple(
            ZoneCoverage(zone=names[row.group], coverage=row)
            for row in coverage_by_group(*given, number, bootstrap, levels=COVERAGE_LEVELS)
        )
    return Calibration(
        pit=tuple(pit_histogram(pit[: len(_PIT_EDGES)].mean(axis=1)).tolist()),
        randomised_pit=tuple(
            randomised_pit_histogram(
                randomised_pit(*given, np.random.default_rng(seed)), _BINS
            ).tolist()
        ),
        coverage=_coverage(trial, series, pit[len(_PIT_EDGES) :], bootstrap),
        coverage_by_level=tuple(
            coverage_by_group(*given, level, bootstrap, levels=COVERAGE_LEVELS)
        ),
        coverage_by_zone=zones,
        means=tuple(mean_reliability(series.cells.mean, observed, level, bootstrap)),
        sums=calibration_of_sums(
            *given,
            reliability_bins(series.cells.mean, SUM_GROUPS),
            bootstrap,
            totals=series.totals if series.totals_stated else None,
            seed=seed,
        ),
        brier=brier_decomposition(probability, happened),
        reliability=reliability_curve(probability, happened, np.random.default_rng(seed)),
    )


def _coverage(
    trial: Trial, series: ForecastSeries, cells: Floats, bootstrap: BlockBootstrap
) -> tuple[LevelCoverage, ...]:
    """Coverage of central intervals; the PIT of `cells` is given at their ends, by period."""
    count = float(len(trial.cells))
    totals = pit_by_period(
        series.totals[:, None], trial.observed.sum(axis=1)[:, None], _INTERVAL_EDGES
    )

    def held(ends: Floats, number: int, size: float, of: Denominator) -> Estimate:
        inside = (ends[2 * number + 1] - ends[2 * number]) * size
        return bootstrap.ratio(inside, np.full(len(trial), size), of=of)

    return tuple(
        LevelCoverage(
            level=level,
            cells=held(cells, number, count, Denominator("cell_periods")),
            totals=held(totals, number, 1.0, Denominator("periods")),
        )
        for number, level in enumerate(COVERAGE_LEVELS)
    )


def _consistency(trial: Trial, series: ForecastSeries, simulations: int, seed: int) -> Consistency:
    given = (series.cells, trial.observed)
    conditional, space = conditional_tests(*given, simulations=simulations, seed=seed)
    return Consistency(
        number=number_test(series.totals, trial.observed.sum(axis=1)),
        likelihood=likelihood_test(*given, simulations=simulations, seed=seed),
        conditional_likelihood=conditional,
        space=space,
    )
