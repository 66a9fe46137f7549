"""Running a study: read, check, forecast, score, report; results appear whole or not at all."""

from __future__ import annotations

import shutil
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from veedor.backtest import Backtest, Executor, make_executor
from veedor.files.folders import (
    put,
    recover,
    require_own,
    write_manifest,
)
from veedor.files.json_file import plain, write_json
from veedor.files.replacing import content, replacing
from veedor.files.sealed import Seals, key
from veedor.forecasts import write_cells
from veedor.progress import Progress, Silent
from veedor.spacetime import Counts
from veedor.study.audits import run_audits
from veedor.study.config import MOST_BYTES, Study, load_study, parse_study
from veedor.study.manifest import fingerprint, input_files, versions
from veedor.study.patterns import FOLDER as PATTERNS
from veedor.study.patterns import Described, describe, require
from veedor.study.preparation import Prepared, prepare
from veedor.study.results import StudyResults, build_results
from veedor.study.section_checks import FILE_NAME
from veedor.study.workspace import WORK, temporary_workspace

RESULTS = "results"


@dataclass(frozen=True, eq=False)
class Outcome:
    """What a finished run hands on.

    Parameters
    ----------
    results : StudyResults
    quality, manifest : dict
        The documents as written.
    folder : Path
        Where they are.
    prepared : Prepared
    backtest : Backtest
    outcomes : dict of Counts, by category
    patterns : Described or None
        What the record shows, where study.toml has ``[patterns]``.
    """

    results: StudyResults
    quality: dict[str, Any]
    manifest: dict[str, Any]
    folder: Path
    prepared: Prepared
    backtest: Backtest
    outcomes: dict[str, Counts]
    patterns: Described | None = None


#: Turns a finished run into further files in a folder: the report, which sits above this room.
Publisher = Callable[[Outcome, Path], None]


def run_study(
    folder: Path,
    *,
    command: str,
    publish: Publisher | None = None,
    executor: Executor | None = None,
    progress: Progress | None = None,
    into: Path | None = None,
    study_text: bytes | None = None,
) -> Outcome:
    """Run a study into ``results/``.

    Parameters
    ----------
    folder : Path
        Of the study.
    command : str
        As typed, for the manifest.
    publish : callable, optional
        Called with the outcome and the folder being filled, before it takes its place.
    executor : Executor, optional
        One process a core by default.
    progress : Progress, optional
    into : Path, optional
        Instead of ``results/``.
    study_text : bytes, optional
        Instead of the study's own file.

    Notes
    -----
    Files are made under ``.veedor/`` and moved to ``results/`` at the end: a crash leaves the old
    results. Forecasts made before a crash or Ctrl-C are used by the next run if study, inputs and
    versions are the same, and this user's veedor made them: each is sealed with a key that lies
    outside of the study, and what else is found there is removed unread.
    """
    progress = progress or Silent()
    executor = executor or make_executor()
    clock = _Clock()
    started = datetime.now(UTC).isoformat(timespec="seconds")
    text = _study_text(folder) if study_text is None else study_text
    study = parse_study(text)
    target = folder.resolve() / RESULTS if into is None else into.absolute()
    work = target.parent / WORK
    require_own(target)
    with temporary_workspace(target.parent) as workspace:
        recover(target)
        prepared = _prepare(study, folder, workspace, progress)
        inputs = input_files(prepared, folder)
        packages = versions(study.forecasters.entries)
        depends = fingerprint(text, inputs, packages)
        building = work / f"run-{depends[:16]}"
        seals = Seals(building, work / f"seals-{depends[:16]}", depends, key())
        seals.clear()
        backtest = Backtest(
            prepared.tasks,
            study.forecasters.entries,
            prepared.periods,
            study.periods.periods_per_origin,
            building,
            seals,
            study.lead,
        )
        clock.lap("read and check")
        by_forecaster = _forecast(backtest, executor, progress)
        clock.lap("forecast")
        progress.step("Scoring", None)
        outcomes = {name: backtest.outcomes(name) for name in backtest.categories}
        results = build_results(prepared, backtest, outcomes, executor)
        quality = plain(prepared.quality)
        write_json(results, building / "results.json")
        write_json(quality, building / "quality.json")
        _write(building / FILE_NAME, text)
        write_cells(prepared.cells, building / "cells.geojson")
        clock.lap("score")
        run_audits(study, folder, building, progress.step)
        clock.lap("audit")
        described = None
        if study.patterns is not None:
            described = describe(prepared, folder, building / PATTERNS, progress)
            clock.lap("patterns")
        manifest = {
            "veedor": packages["veedor"],
            "python": packages["python"],
            "packages": packages,
            "command": command,
            "seed": study.study.seed,
            "started": started,
            "seconds": clock.seconds,
            "fit_and_predict_seconds": by_forecaster,
            "inputs": inputs,
            "study_toml": text.decode("utf-8-sig"),
        }
        outcome = Outcome(
            results, quality, manifest, target, prepared, backtest, outcomes, described
        )
        if publish is not None:
            progress.step("Writing the report", None)
            publish(outcome, building)
        manifest |= write_manifest(building, manifest)
        put(building, target)
        for outdated in (*work.glob("run-*"), *work.glob("seals-*")):
            shutil.rmtree(outdated, ignore_errors=True)
    return outcome


def _forecast(backtest: Backtest, executor: Executor, progress: Progress) -> dict[str, float]:
    seconds = dict.fromkeys(backtest.forecasters, 0.0)
    progress.step("Forecasting", len(backtest.categories) * len(backtest.origins))
    for done, made in enumerate(backtest.run(executor), start=1):
        for name, value in made.seconds.items():
            seconds[name] += value
        progress.advance(done)
    return {name: round(value, 2) for name, value in seconds.items()}


def _prepare(study: Study, folder: Path, workspace: Path, progress: Progress) -> Prepared:
    progress.step("Reading incidents", None)
    prepared = prepare(study, folder, workspace, progress.advance)
    if study.patterns is not None:
        require(prepared, folder)
    return prepared


def _study_text(folder: Path) -> bytes:
    load_study(folder)
    return content(folder / FILE_NAME, MOST_BYTES, FILE_NAME)


def _write(path: Path, content: bytes) -> None:
    with replacing(path) as partial:
        partial.write_bytes(content)


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
