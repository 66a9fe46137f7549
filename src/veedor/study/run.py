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
from veedor.errors import DataError, StudyError, VeedorError
from veedor.files import replacing
from veedor.forecasts import write_cells
from veedor.incidents import QualityReport, assess, read
from veedor.spacetime import Counts
from veedor.study.audits import run_audits
from veedor.study.config import FILE_NAME, Study, load_study, parse_study
from veedor.study.manifest import fingerprint, input_files, output_files, versions
from veedor.study.patterns import FOLDER as PATTERNS
from veedor.study.patterns import Patterns, describe, require
from veedor.study.preparation import Prepared, lay_out, prepare, study_periods
from veedor.study.progress import Progress, Silent
from veedor.study.results import build_results, to_bytes
from veedor.study.workspace import WORK, temporary_workspace

RESULTS = "results"
CHECKED = "check"
_OLD = "results-old"


@dataclass(frozen=True, eq=False)
class Outcome:
    """What a finished run hands on.

    Parameters
    ----------
    results, quality, manifest : dict
        The documents as written.
    folder : Path
        Where they are.
    prepared : Prepared
    backtest : Backtest
    outcomes : dict of Counts, by category
    patterns : Patterns or None
        What the record shows, where study.toml has ``[patterns]``.
    """

    results: dict[str, Any]
    quality: dict[str, Any]
    manifest: dict[str, Any]
    folder: Path
    prepared: Prepared
    backtest: Backtest
    outcomes: dict[str, Counts]
    patterns: Patterns | None = None


#: Turns a finished run into further files in a folder: the report, which sits above this room.
Publisher = Callable[[Outcome, Path], None]


@dataclass(frozen=True)
class Checked:
    """What a check hands on.

    Parameters
    ----------
    quality : QualityReport
    path : Path
        Where it was written to.
    hindrance : VeedorError or None
        Why the study cannot be run as it stands; the quality report then does not say how many
        incidents lie outside its area.
    """

    quality: QualityReport
    path: Path
    hindrance: VeedorError | None


def check_study(folder: Path, progress: Progress | None = None) -> Checked:
    """Read and screen the incidents of a study, write the quality report, forecast nothing.

    It goes to ``results/quality.json``, or beside a finished run's results, which stay as they
    were, to ``check/quality.json``. What can be read is reported on even where periods and cells
    cannot be laid over it.

    Parameters
    ----------
    folder : Path
        Of the study.
    progress : Progress, optional
    """
    text = _study_text(folder)
    target = (folder / RESULTS).resolve()
    progress = progress or Silent()
    with temporary_workspace(target.parent) as workspace:
        _recover(target.parent / WORK, target)
        study = parse_study(text)
        progress.step("Reading incidents", None)
        reading = read(study.source(folder), workspace=workspace, progress=progress.advance)
        hindrance = None
        try:
            quality = lay_out(study, folder, reading, study_periods(study)).quality
        except (StudyError, DataError) as error:
            hindrance, quality = error, assess(reading)
        finished = (target / "manifest.json").exists()
        path = (folder / CHECKED if finished else target) / "quality.json"
        _write(path, to_bytes(quality.to_dict()))
        return Checked(quality, path, hindrance)


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
    versions are the same.
    """
    progress = progress or Silent()
    executor = executor or make_executor()
    clock = _Clock()
    started = datetime.now(UTC).isoformat(timespec="seconds")
    text = _study_text(folder) if study_text is None else study_text
    study = parse_study(text)
    target = (folder / RESULTS if into is None else into).resolve()
    work = target.parent / WORK
    _require_ours(target)
    with temporary_workspace(target.parent) as workspace:
        _recover(work, target)
        prepared = _prepare(study, folder, workspace, progress)
        inputs = input_files(prepared, folder)
        packages = versions(study.forecaster_names)
        building = work / f"run-{fingerprint(text, inputs, packages)[:16]}"
        building.mkdir(parents=True, exist_ok=True)
        backtest = Backtest(
            prepared.history,
            study.forecast_categories,
            study.forecaster_names,
            prepared.periods,
            study.periods.periods_per_origin,
            building,
        )
        clock.lap("read and check")
        by_forecaster = _forecast(backtest, executor, progress)
        clock.lap("forecast")
        progress.step("Scoring", None)
        outcomes = {name: backtest.outcomes(name) for name in backtest.categories}
        results = build_results(prepared, backtest, outcomes, executor)
        quality = prepared.quality.to_dict()
        _write(building / "results.json", to_bytes(results))
        _write(building / "quality.json", to_bytes(quality))
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
        for unfinished in building.rglob("*.part"):
            unfinished.unlink()
        manifest["outputs"] = output_files(building)
        _write(building / "manifest.json", to_bytes(manifest))
        _swap(building, target)
        for outdated in work.glob("run-*"):
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
    return (folder / FILE_NAME).read_bytes()


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


def _require_ours(target: Path) -> None:
    """Refuse to replace a folder that holds files of someone else's."""
    if target.is_dir() and any(target.iterdir()) and not (target / "quality.json").exists():
        raise StudyError(
            "The results folder must be new, empty, or an earlier run's: a run replaces it.",
            found="other files",
            where=target.name,
            remedy="move them elsewhere",
        )


def _swap(building: Path, target: Path) -> None:
    """Put the finished folder in the place of the old one."""
    old = building.parent / _OLD
    if target.exists():
        target.rename(old)
    building.rename(target)
    shutil.rmtree(old, ignore_errors=True)


def _recover(work: Path, target: Path) -> None:
    """Bring back old results that a crash left between the two renames of `_swap`."""
    old = work / _OLD
    if old.exists() and not target.exists():
        old.rename(target)
    shutil.rmtree(old, ignore_errors=True)
