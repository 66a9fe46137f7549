"""Logs of made-up forecasts, kept by a clock that the test sets."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from shapely import box

from veedor.forecasts import CountDistribution, Forecast, write_cells, write_forecast
from veedor.record.recorded import RecordedIncidents
from veedor.sealing import Terms, clock, create_key, score, seal
from veedor.spacetime import Cells, Length, Periods, SquareLattice, StudyArea

FIRST = np.datetime64("2026-11-23T03:00", "us")
CUTOFF = FIRST - np.timedelta64(3, "h")
EAST, NORTH = 372_000.0, 6_170_000.0
WEEK = np.timedelta64(7, "D")


class Clock:
    """Stands still until it is set."""

    def __init__(self) -> None:
        self.at = FIRST - np.timedelta64(2, "h")

    def __call__(self) -> np.datetime64:
        return self.at


@pytest.fixture
def time(monkeypatch) -> Clock:
    own = Clock()
    monkeypatch.setattr(clock, "now", own)
    return own


@pytest.fixture
def grid() -> Callable[[int, int], Cells]:
    """Squares of 500 m near Buenos Aires: a real place, so that degrees tell where it is."""

    def make(columns: int, rows: int) -> Cells:
        ground = box(EAST, NORTH, EAST + columns * 500.0, NORTH + rows * 500.0)
        return Cells.on_lattice(StudyArea(ground, "EPSG:32721", "made up"), SquareLattice(500.0))

    return make


@pytest.fixture
def place(tmp_path, grid) -> Path:
    """A folder of forecasts, their cells in it."""
    folder = tmp_path / "next"
    write_cells(grid(3, 2), folder / "cells.geojson")
    return folder


@pytest.fixture
def forecast(place, grid) -> Callable[..., Path]:
    """Write the forecast of one week; `tilt` makes it another forecaster's."""

    def make(name: str, week: int = 0, *, tilt: float = 0.0, category: str = "theft") -> Path:
        cells = grid(3, 2)
        periods = Periods.stepping(
            FIRST, Length(1, "week"), week, week + 1, "America/Argentina/Buenos_Aires"
        )
        mean = 2.0 + tilt * np.arange(len(cells))[None, :]
        path = place / "forecasts" / category / name / f"{week}.parquet"
        issued = periods.edges[0] - np.timedelta64(3, "h")
        write_forecast(
            Forecast(
                CountDistribution(mean, 0.1),
                cells,
                periods,
                category,
                name,
                "1",
                min(CUTOFF, issued),
                issued,
            ),
            path,
        )
        return path

    return make


@pytest.fixture
def incidents(grid, make_incidents) -> Callable[..., RecordedIncidents]:
    """A theft every six hours from six weeks before, until `until`; the most in the last cell."""

    def make(until: np.datetime64, *, more: int = 0) -> RecordedIncidents:
        cells = grid(3, 2)
        start = np.arange(FIRST - 6 * WEEK, until, np.timedelta64(6, "h")).astype("datetime64[us]")
        start = np.concatenate([start, np.repeat(FIRST + np.timedelta64(1, "h"), more)])
        rng = np.random.default_rng(4)
        cell = rng.choice(len(cells), len(start), p=[0.05, 0.1, 0.15, 0.2, 0.2, 0.3])
        return RecordedIncidents(make_incidents(start, cells.x_m[cell], cells.y_m[cell]))

    return make


@pytest.fixture
def log_key(tmp_path):
    return create_key(tmp_path / "log.key")


@pytest.fixture
def kept_log(tmp_path, time, forecast, incidents, log_key) -> Path:
    """A log of two weeks: a reference and a forecast each, scored, one of them twice."""
    log = tmp_path / "log"
    terms = Terms(promised_by="the city")
    for week in range(3):
        if week:
            time.at = FIRST + week * WEEK - np.timedelta64(1, "h")
            score(log, log_key, incidents(time.at))
        if week < 2:
            time.at = FIRST + week * WEEK - np.timedelta64(1, "m")
            reference = forecast("PriorCounts", week)
            files = [forecast("Tilted", week, tilt=0.2)]
            seal(files, log, log_key, references=[reference], terms=terms)
    time.at = FIRST + 2 * WEEK + np.timedelta64(1, "h")
    score(log, log_key, incidents(time.at))
    score(log, log_key, incidents(time.at, more=3))
    return log
