"""Forecasts of one forecaster, made in a process of its own so that its memory can be told.

Seconds are of `fit`, which counts the history too, and of `predict`. Memory is the largest resident
set while fitting and predicting, beside what was resident once the data were read.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor, as_completed
from contextlib import suppress
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

from benchmarks.accuracy.cases import Case
from veedor.backtest import Absence, Archive, Backtest, slug
from veedor.errors import TooLittleDataError
from veedor.files.replacing import replacing
from veedor.forecasters import make_forecaster


def make_missing(
    tasks: list[tuple[Case, str]], categories: tuple[str, ...], folder: Path, jobs: int
) -> Iterator[tuple[Case, str, str | None]]:
    """Make every forecast that the folder lacks, each (case, forecaster) in a process of its own.

    Yields
    ------
    case, forecaster, and what went wrong or None
    """
    wanting = [task for task in tasks if _lacks(*task, categories, folder)]
    with ThreadPoolExecutor(jobs) as pool:
        running = {
            pool.submit(_in_own_process, case, name, categories, folder, jobs): (case, name)
            for case, name in wanting
        }
        for done in as_completed(running):
            yield (*running[done], done.result())


def costs(case: Case, category: str, name: str, folder: Path) -> dict[str, Any]:
    """Return what was noted while the forecasts were made; empty where they were not."""
    path = _costs_path(case, category, name, folder)
    if not path.exists():
        return {}
    found: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return found


def _lacks(case: Case, name: str, categories: tuple[str, ...], folder: Path) -> bool:
    archive = Archive(folder / case.name)
    return not all(
        archive.has(category, name, origin)
        for category in categories
        for origin in case.origin_instants()
    )


def _in_own_process(
    case: Case, name: str, categories: tuple[str, ...], folder: Path, jobs: int
) -> str | None:
    task = json.dumps([asdict(case), name, categories, str(folder)])
    threads = str(max(1, (os.cpu_count() or 1) // jobs))
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.accuracy.making", task],
        cwd=Path(__file__).resolve().parents[2],
        env={**os.environ, "OMP_NUM_THREADS": threads, "NUMBA_NUM_THREADS": threads},
        stderr=subprocess.PIPE,
        text=True,
        check=False,
    )
    if done.returncode == 0:
        return None
    return (done.stderr.strip().splitlines() or [f"exit code {done.returncode}"])[-1]


def _make(case: Case, name: str, categories: tuple[str, ...], folder: Path) -> None:
    """Make the missing forecasts here, category by category, and note what they cost."""
    backtest = case.backtest(folder, categories, (name,))
    loaded = _resident_mib("VmRSS")
    for category in categories:
        noted = costs(case, category, name, folder)
        noted = {"fit": {}, "predict": {}, "loaded_mib": loaded, **noted}
        _forget_peak()
        _make_category(backtest, case, category, name, noted)
        noted["peak_mib"] = max(_resident_mib("VmHWM"), noted.get("peak_mib", 0.0))
        with replacing(_costs_path(case, category, name, folder)) as partial:
            partial.write_text(json.dumps(noted), encoding="utf-8")


def _make_category(
    backtest: Backtest, case: Case, category: str, name: str, noted: dict[str, Any]
) -> None:
    archive = Archive(backtest.folder)
    for number, origin in enumerate(backtest.plan.origins):
        if archive.has(category, name, origin):
            continue
        history = case.known(backtest.plan.task(category), origin)
        began = time.perf_counter()
        try:
            fitted = make_forecaster(name).fit(history)
        except TooLittleDataError as error:
            archive.add(Absence(category, name, origin, error.reason, error.remedy))
            continue
        between = time.perf_counter()
        forecast = fitted.predict(backtest.plan.periods_of(number))
        ended = time.perf_counter()
        archive.add(replace(forecast, forecaster=name))
        noted["fit"][str(origin)] = between - began
        noted["predict"][str(origin)] = ended - between


def _costs_path(case: Case, category: str, name: str, folder: Path) -> Path:
    return folder / case.name / "costs" / slug(category) / f"{slug(name)}.json"


def _resident_mib(field: str) -> float:
    """Resident memory now (VmRSS) or at its largest (VmHWM), in MiB (Linux)."""
    for line in Path("/proc/self/status").read_text().splitlines():
        if line.startswith(field):
            return int(line.split()[1]) / 1024.0
    raise KeyError(field)


def _forget_peak() -> None:
    """Let the largest resident set be that from now on."""
    with suppress(OSError):  # where it may not be written, it is the peak since the start
        Path("/proc/self/clear_refs").write_text("5")


if __name__ == "__main__":
    told, *rest, where = json.loads(sys.argv[1])
    _make(Case(**told), rest[0], tuple(rest[1]), Path(where))
