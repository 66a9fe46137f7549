"""results.json: every number of the report, with a schema version, the same bytes each time."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import msgspec
import numpy as np

import veedor
from veedor.backtest import Archive, Backtest, Executor, Plan, unpacked
from veedor.forecasters import REFERENCE, Entry, find_forecaster
from veedor.spacetime import Counts, week_blocks
from veedor.spacetime.periods import local_iso
from veedor.statistics import BlockBootstrap
from veedor.statistics.estimates import TestResult
from veedor.study.config import Study
from veedor.study.counted import StudyCounts, level_scores, study_counts
from veedor.study.history_worth import HistoryWorth, history_worth, worth_together
from veedor.study.prepared import Prepared, PreparedCounts
from veedor.verification import (
    SIMULATIONS,
    CategoryTotals,
    Examination,
    LevelScores,
    Trial,
    category_tests,
    examine,
    judged_together,
)

SCHEMA_VERSION = 4


class StudyAbout(msgspec.Struct, frozen=True, kw_only=True):
    """What the study is."""

    title: str
    seed: int
    time_zone: str
    crs: str
    reference: str


class StudyCells(msgspec.Struct, frozen=True, kw_only=True):
    """The cells.

    Border cells are clipped to the study area, and pieces below 0.01 km2 join a neighbour;
    `lost_km2` lie in isolated specks that belong to no cell.
    """

    shape: str
    size_m: float | None
    count: int
    area_km2: float
    smallest_km2: float
    area_source: str
    lost_km2: float


class StudyPeriods(msgspec.Struct, frozen=True, kw_only=True):
    """Forecast periods (local ISO 8601), their origins and cut-offs."""

    length: str
    start: tuple[str, ...]
    end: tuple[str, ...]
    origins: tuple[str, ...]
    data_cutoffs: tuple[str, ...]
    lead: str | None
    per_origin: int


class StudyForecaster(msgspec.Struct, frozen=True, kw_only=True):
    """A forecaster as it was set."""

    name: str
    kind: str
    package: str
    version: str
    description: str
    is_reference: bool
    parameters: dict[str, Any]


class TrainedOn(msgspec.Struct, frozen=True, kw_only=True):
    """What was recorded before the last cut-off."""

    first: str
    last: str
    incidents: int


class Absent(msgspec.Struct, frozen=True, kw_only=True):
    """A forecaster that had too little data at some origins, and why at the last of them."""

    forecaster: str
    origins_absent: int
    origins: int
    reason: str


class StudyCategory(msgspec.Struct, frozen=True, kw_only=True):
    """One category: its examination, and what only a study knows.

    `fitted` are each forecaster's parameters as fitted at the last cut-off. `levels` are scores of
    counts by area at every level, by first and latest editions apart; empty of single incidents.
    """

    examination: Examination
    known_by: str
    trained_on: TrainedOn
    fitted: dict[str, dict[str, Any]]
    absent: tuple[Absent, ...]
    history: HistoryWorth
    levels: tuple[LevelScores, ...] = ()

    @property
    def name(self) -> str:
        """Of the category."""
        return self.examination.category


class StudyResults(msgspec.Struct, frozen=True, kw_only=True):
    """Content of results.json, without times of day or names of machines.

    `counts` is None of single incidents.
    """

    schema_version: int
    veedor: str
    simulations: int
    study: StudyAbout
    cells: StudyCells
    periods: StudyPeriods
    forecasters: tuple[StudyForecaster, ...]
    categories: tuple[StudyCategory, ...]
    category_tests: dict[str, TestResult]
    counts: StudyCounts | None = None


@dataclass(frozen=True, eq=False)
class _Scored:
    """What the examination of a category needs, wherever it runs."""

    study: Study
    plan: Plan
    outcomes: Mapping[str, Counts]


def build_results(
    prepared: Prepared, backtest: Backtest, outcomes: dict[str, Counts], executor: Executor
) -> StudyResults:
    """Examine every forecast of a backtest, a task a category, and what its record is worth.

    The same study, seed and versions give the same results.
    """
    study, cells, periods = prepared.study, prepared.cells, prepared.periods
    plan = backtest.plan
    zone, seed = study.recorded.time_zone, study.study.seed
    starts, ends = periods.labels()
    bootstrap = BlockBootstrap(week_blocks(periods), np.random.default_rng(seed))
    shared = _Scored(study, plan, outcomes)
    archive = Archive(backtest.folder)
    kept = ((name, archive.files(name, plan.forecasters, plan.origins)) for name in plan.categories)
    made = {one.name: one for one in executor.run(_category, shared, kept)}
    ordered = [made[name] for name in plan.categories]
    together = judged_together([one.examination for one in ordered])
    worth = worth_together(history_worth(backtest, outcomes, bootstrap, executor))
    return StudyResults(
        schema_version=SCHEMA_VERSION,
        veedor=veedor.__version__,
        simulations=SIMULATIONS,
        study=StudyAbout(
            title=study.study.title,
            seed=seed,
            time_zone=zone,
            crs=study.recorded.crs,
            reference=REFERENCE,
        ),
        cells=StudyCells(
            shape=cells.shape,
            size_m=cells.size_m,
            count=len(cells),
            area_km2=float(cells.area_km2.sum()),
            smallest_km2=float(cells.area_km2.min()),
            area_source=cells.source,
            lost_km2=cells.lost_km2,
        ),
        periods=StudyPeriods(
            length=str(study.length),
            start=tuple(starts),
            end=tuple(ends),
            origins=tuple(local_iso(origin, zone) for origin in plan.origins),
            data_cutoffs=tuple(local_iso(cutoff, zone) for cutoff in plan.cutoffs),
            lead=None if plan.lead is None else str(plan.lead),
            per_origin=plan.periods_per_origin,
        ),
        forecasters=tuple(_forecaster(entry) for entry in plan.entries),
        categories=tuple(
            StudyCategory(
                examination=judged,
                known_by=one.known_by,
                trained_on=one.trained_on,
                fitted=one.fitted,
                absent=one.absent,
                history=worth[one.name],
                levels=one.levels,
            )
            for one, judged in zip(ordered, together, strict=True)
        ),
        category_tests=category_tests([one.totals for one in ordered], seed=seed),
        counts=study_counts(prepared, plan) if isinstance(prepared, PreparedCounts) else None,
    )


def _forecaster(entry: Entry) -> StudyForecaster:
    known, maker = find_forecaster(entry.kind), entry.make()
    return StudyForecaster(
        name=entry.name,
        kind=type(maker).__name__,
        package=known.package,
        version=known.version,
        description=(type(maker).__doc__ or "").strip().split("\n")[0],
        is_reference=entry.name == REFERENCE,
        parameters=maker.get_params(),
    )


@dataclass(frozen=True, eq=False)
class _Examined:
    """What a task on one category found."""

    name: str
    examination: Examination
    totals: CategoryTotals
    known_by: str
    trained_on: TrainedOn
    fitted: dict[str, dict[str, Any]]
    absent: tuple[Absent, ...]
    levels: tuple[LevelScores, ...]


def _category(shared: _Scored, kept: tuple[str, dict[str, bytes]]) -> _Examined:
    """Examine one category, from its files in the archive."""
    plan, seed = shared.plan, shared.study.study.seed
    name, files = kept
    with unpacked(files) as archive:
        absences = {who: archive.absences(name, who, plan.origins) for who in plan.forecasters}
        forecasts = {
            who: archive.forecasts(name, who, plan.origins, plan.cells)
            for who, absent in absences.items()
            if not absent
        }
    trial = Trial.of(
        forecasts,
        [shared.outcomes[name]],
        reference=REFERENCE,
        time_zone=shared.study.recorded.time_zone,
        reference_made=True,
    )
    first = plan.task(name, len(plan.origins) - 1)
    return _Examined(
        name=name,
        examination=examine(trial, seed=seed),
        totals=trial.totals,
        known_by=next(c.known_by for c in shared.study.categories if c.name == name),
        trained_on=TrainedOn(
            first=first.periods.labels()[0][0],
            last=first.periods.labels()[1][-1],
            incidents=first.counts.total,
        ),
        fitted={who: made[-1].parameters for who, made in forecasts.items()},
        absent=tuple(
            Absent(
                forecaster=who,
                origins_absent=len(absent),
                origins=len(plan.origins),
                reason=absent[-1].reason,
            )
            for who, absent in absences.items()
            if absent
        ),
        levels=level_scores(plan, trial, seed),
    )
