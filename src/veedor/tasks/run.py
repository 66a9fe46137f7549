"""Read, check, forecast, score and report: everything, into STUDY/results/.

STUDY is a folder with study.toml, as `veedor init` writes it. A run that was stopped goes on
where it was. Old results are replaced only when the new ones are complete.

    results/report.html    for people
    results/results.json   every number of the report
    results/quality.json   what the incidents, or the counts by area, are like
    results/forecasts/     every forecast, as Parquet
    results/outcomes/      what was then recorded
    results/expected_places.csv  the most expected places of the last period
    results/patterns/      what the record shows, where study.toml has [patterns]
    results/manifest.json  hashes, versions, seed, command
"""

from __future__ import annotations

import time
from collections.abc import Generator, Iterator
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

from veedor.errors import phrase
from veedor.tasks.context import Context
from veedor.tasks.request import Folder, argument, jobs, request, scheduler, store
from veedor.tasks.use_case import Done, use_case

if TYPE_CHECKING:
    import numpy as np

    from veedor.areas.quality_report import AreaQuality
    from veedor.backtest import Backtest, Executor
    from veedor.forecasts import Forecast
    from veedor.forecasts.expected_places import ExpectedPlace, ExpectedZone
    from veedor.incidents.quality_report import QualityReport
    from veedor.report.document import Document
    from veedor.report.maps import Maps
    from veedor.spacetime import Counts
    from veedor.study.area_patterns import AreasDescribed
    from veedor.study.manifest import RunManifest
    from veedor.study.patterns import Described
    from veedor.study.prepared import Prepared
    from veedor.study.results import StudyResults

RESULTS = "results"


@request
class Request:
    """Which study to run."""

    study: Folder = argument()
    jobs: int | None = jobs()
    scheduler: str | None = scheduler(default=None)
    store: str | None = store(default=None)


@dataclass(frozen=True, eq=False)
class Outcome:
    """What a finished run hands on.

    Parameters
    ----------
    results : StudyResults
    quality : QualityReport, or AreaQuality of counts
    manifest : RunManifest
    folder : Path
        Where they are.
    prepared : Prepared
    backtest : Backtest
    outcomes : dict of Counts, by category
    patterns : Described, AreasDescribed or None
        What the record shows, where study.toml has ``[patterns]``.
    page : Document or None
        As it was written; None where no page was asked for.
    """

    results: StudyResults
    quality: QualityReport | AreaQuality
    manifest: RunManifest
    folder: Path
    prepared: Prepared
    backtest: Backtest
    outcomes: dict[str, Counts]
    patterns: Described | AreasDescribed | None
    page: Document | None = None


#: A run under way; see `running`.
Running: TypeAlias = Generator[int, None, Outcome]


@use_case
def perform(request: Request, context: Context) -> Done:
    """Run a study.

    Returns
    -------
    Done
        ``results`` is the `Outcome`; ``folder`` is ``results/``.

    Notes
    -----
    Files are made under ``.veedor/`` and moved to ``results/`` at the end: a crash leaves the old
    results. Forecasts made before a crash or Ctrl-C are used by the next run if study, inputs and
    versions are the same, and this user's veedor made them: each is sealed with a key that lies
    outside of the study, and what else is found there is removed unread.
    """
    return run_as(f"veedor run {request.study.resolve().name}", request, context)


def run_as(command: str, request: Request, context: Context) -> Done:
    """Run a study, and name in its manifest the command that was typed."""
    from veedor.backtest import make_executor
    from veedor.report.words import words_in
    from veedor.report.words.studies import ran

    outcome = run_study(
        request.study,
        context,
        context.executor or make_executor(request.jobs, request.scheduler, request.store),
        command=command,
    )
    if outcome.page is None:
        raise AssertionError("a run that is asked for writes its page")
    words, place = words_in(context.language), request.study / RESULTS
    return Done(outcome.folder, outcome, ran(words, outcome.page, outcome.results, place))


def run_study(folder: Path, context: Context, executor: Executor, **how: Any) -> Outcome:
    """Run a study into ``results/``; the parameters are those of `running`."""
    with closing(running(folder, context, executor, **how)) as run:
        return to_its_end(run)


def to_its_end(run: Running) -> Outcome:
    """Go on with a run until it is finished."""
    while True:
        try:
            next(run)
        except StopIteration as ended:
            outcome: Outcome = ended.value
            return outcome


def running(
    folder: Path,
    context: Context,
    executor: Executor,
    *,
    command: str,
    report: bool = True,
    into: Path | None = None,
    study_text: bytes | None = None,
) -> Running:
    """Run a study step by step: its record is read, its forecasts are made, it is finished.

    Whoever runs several can so have the forecasts of one made while another is scored.

    Parameters
    ----------
    folder : Path
        Of the study.
    context : Context
    executor : Executor
    command : str
        As typed, for the manifest.
    report : bool
        Whether to write the page too.
    into : Path, optional
        Instead of ``results/``.
    study_text : bytes, optional
        Instead of the study's own file.

    Yields
    ------
    int
        How many tasks of its forecasts are left: all once the record is read, 0 before anything is
        scored. Closed before its end, a run leaves what it made to be gone on with.

    Returns
    -------
    Outcome
    """
    import shutil

    from veedor.backtest import Backtest, Plan
    from veedor.files.folders import put, recover, require_own, write_manifest
    from veedor.files.json_file import write_json
    from veedor.files.replacing import content, replacing
    from veedor.files.sealed import Seals, key
    from veedor.forecasts import write_cells
    from veedor.forecasts.expected_places import FILE as EXPECTED
    from veedor.forecasts.expected_places import write_expected
    from veedor.study.area_patterns import describe_study
    from veedor.study.config import MOST_BYTES, load_study, parse_study
    from veedor.study.laying_out import reading_of
    from veedor.study.manifest import RunManifest, fingerprint, input_files, versions
    from veedor.study.patterns import FOLDER as PATTERNS
    from veedor.study.patterns import describe, require
    from veedor.study.preparation import prepare
    from veedor.study.prepared import PreparedCounts, PreparedIncidents
    from veedor.study.results import build_results
    from veedor.study.section_checks import FILE_NAME
    from veedor.study.workspace import WORK, temporary_workspace
    from veedor.tasks.audits_of_study import run_audits
    from veedor.tasks.forecasts_of_run import make_forecasts

    clock, started = _Clock(), context.clock().isoformat(timespec="seconds")
    if study_text is None:
        load_study(folder)
        study_text = content(folder / FILE_NAME, MOST_BYTES, FILE_NAME)
    study = parse_study(study_text)
    target = folder.resolve() / RESULTS if into is None else into.absolute()
    work = target.parent / WORK
    require_own(target)
    with temporary_workspace(target.parent) as workspace:
        recover(target)
        context.step(reading_of(study), None)
        prepared = prepare(study, folder, workspace, context.advance)
        if study.patterns is not None and isinstance(prepared, PreparedIncidents):
            require(prepared, folder)
        inputs = input_files(prepared, folder)
        packages = versions(study.forecasters.entries)
        depends = fingerprint(study_text, inputs, packages)
        building = work / f"run-{depends[:16]}"
        seals = Seals(building, work / f"seals-{depends[:16]}", depends, key())
        seals.clear()
        plan = Plan(
            prepared.tasks,
            study.forecasters.entries,
            prepared.periods,
            study.periods.periods_per_origin,
            study.lead,
        )
        backtest = Backtest(plan, building, seals)
        clock.lap("read and check")
        by_forecaster = yield from make_forecasts(backtest, executor, context)
        clock.lap("forecast")
        context.step(phrase("Scoring"), None)
        outcomes = {name: backtest.outcomes(name) for name in plan.categories}
        results = build_results(prepared, backtest, outcomes, executor)
        write_json(results, building / "results.json")
        quality = prepared.checked
        write_json(quality, building / "quality.json")
        with replacing(building / FILE_NAME) as part:
            part.write_bytes(study_text)
        write_cells(prepared.cells, building / "cells.geojson", prepared.gazetteer)
        expected = _expected(prepared, backtest, outcomes, results)
        write_expected(expected, building / EXPECTED)
        clock.lap("score")
        run_audits(study, folder, building, context)
        clock.lap("audit")
        described: Described | AreasDescribed | None = None
        if study.patterns is not None:
            if isinstance(prepared, PreparedIncidents):
                described = describe(prepared, folder, building / PATTERNS, context)
            elif isinstance(prepared, PreparedCounts):
                described = describe_study(prepared, building / PATTERNS, context)
            clock.lap("patterns")
        manifest = RunManifest(
            veedor=packages["veedor"],
            python=packages["python"],
            packages=packages,
            command=command,
            seed=study.study.seed,
            started=started,
            seconds=clock.seconds,
            fit_and_predict_seconds=by_forecaster,
            inputs=inputs,
            study_toml=study_text.decode("utf-8-sig"),
        )
        outcome = Outcome(
            results, quality, manifest, target, prepared, backtest, outcomes, described
        )
        if report:
            context.step(phrase("Writing the report"), None)
            outcome = replace(outcome, page=_write_reports(outcome, building, context.language))
        write_manifest(building, manifest)
        context.go_on()
        put(building, target)
        for outdated in (*work.glob("run-*"), *work.glob("seals-*")):
            shutil.rmtree(outdated, ignore_errors=True)
    return outcome


def _write_reports(outcome: Outcome, folder: Path, language: str) -> Document:
    """Write ``report.html``, and that of the patterns beside theirs; give the first."""
    from veedor.report import area_patterns, patterns
    from veedor.report.document import write_document
    from veedor.report.words import words_in
    from veedor.report.write import write_report
    from veedor.study.area_patterns import AreasDescribed

    words, described = words_in(language), outcome.patterns
    shown, chapter = None, None
    if isinstance(described, AreasDescribed):
        shown = area_patterns.document(described, words)
        chapter = area_patterns.chapter(described, words)
    elif described is not None:
        shown = patterns.document(described, words)
        chapter = patterns.chapter(described.found, words)
    page = write_report(
        outcome.results,
        outcome.quality,
        outcome.manifest,
        _maps(outcome),
        folder / "report.html",
        chapter or (),
        language,
    )
    if shown is not None and described is not None:
        write_document(shown, described.folder / "report.html", language)
    return page


def _maps(outcome: Outcome) -> Maps:
    """Cells on the ground, with what each forecaster expected and what was recorded."""
    import numpy as np

    from veedor.report.base_layer import base_layer
    from veedor.report.maps import Maps

    backtest, cells = outcome.backtest, outcome.prepared.cells
    polygons, base = cells.lonlat_polygons(), outcome.prepared.base
    return Maps(
        polygons=polygons,
        base=None if base is None else base_layer(base, polygons),
        area_km2=cells.area_km2,
        observed={name: counts.values for name, counts in outcome.outcomes.items()},
        means={
            category.name: {
                who: np.concatenate([one.mean for one in backtest.forecasts(category.name, who)])
                for who in category.fitted
            }
            for category in outcome.results.categories
        },
        zones=outcome.prepared.zones,
        gazetteer=outcome.prepared.gazetteer,
        expected=_expected(outcome.prepared, outcome.backtest, outcome.outcomes, outcome.results),
        expected_zones=_expected_zones(outcome, polygons),
    )


def _expected(
    prepared: Prepared, backtest: Backtest, outcomes: dict[str, Counts], results: StudyResults
) -> list[ExpectedPlace]:
    """Name the most expected places of the last period, by the forecaster that the verdict is on.

    As the map beside them does: by the reference where that one has no forecast.
    """
    from veedor.forecasts.expected_places import most_expected

    made: list[ExpectedPlace] = []
    for name, last in _last(backtest, results):
        made += most_expected(last, prepared.gazetteer, outcomes[name].values[-1])
    return made


def _expected_zones(outcome: Outcome, polygons: np.ndarray[Any, Any]) -> list[ExpectedZone]:
    """Name the zones with most expected, as `_expected` names places; none without zones."""
    from veedor.forecasts.expected_places import most_expected_zones

    zones = outcome.prepared.zones
    if zones is None:
        return []
    made: list[ExpectedZone] = []
    zone = zones.holding(polygons)
    for name, last in _last(outcome.backtest, outcome.results):
        made += most_expected_zones(last, zones.names, zone, outcome.outcomes[name].values[-1])
    return made


def _last(backtest: Backtest, results: StudyResults) -> Iterator[tuple[str, Forecast]]:
    """Yield the last forecast of each category by the forecaster that the verdict is on."""
    from veedor.forecasters import REFERENCE
    from veedor.report.study_cover import of_study

    chosen = of_study(results).chosen
    for name in backtest.plan.categories:
        who = REFERENCE if chosen is None or backtest.absences(name, chosen.name) else chosen.name
        yield name, backtest.forecasts(name, who)[-1]


class _Clock:
    """Seconds between laps, by name."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = {}
        self._last = time.perf_counter()

    def lap(self, name: str) -> None:
        """Name the time since the last lap."""
        now = time.perf_counter()
        self.seconds[name] = round(now - self._last, 2)
        self._last = now
