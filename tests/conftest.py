"""Made-up incidents, cells and studies that the tests share."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from hypothesis import settings
from shapely import box
from tests.golden.town import RECORD

from veedor.forecasters import Task
from veedor.incidents import Category, Incidents
from veedor.record import Points
from veedor.spacetime import Cells, Length, SquareLattice, StudyArea

_WEEK = Length(1, "week")
CRS = "EPSG:32721"
ZONE = "America/Argentina/Buenos_Aires"
# Where a change is judged, the same examples are drawn each time; elsewhere new ones.
# No example has a deadline: the first call of a compiled function takes as long as it takes.
settings.register_profile("fresh", deadline=None)
settings.register_profile("steady", derandomize=True, deadline=None)
settings.load_profile("steady" if os.environ.get("CI") else "fresh")

SHARED = Path(os.environ.get("VEEDOR_SHARED", Path(__file__).parents[2] / "shared"), "data")


@pytest.fixture(autouse=True, scope="session")
def state(tmp_path_factory: pytest.TempPathFactory) -> None:
    """Keep the tests' key for going on with a run apart from the user's own."""
    os.environ["XDG_STATE_HOME"] = str(tmp_path_factory.mktemp("state"))


@pytest.fixture(autouse=True)
def wide(monkeypatch: pytest.MonkeyPatch) -> None:
    """Lines of 120 characters, whatever the runner of the tests sets."""
    monkeypatch.setenv("COLUMNS", "120")


@pytest.fixture
def shared_data() -> Path:
    if not SHARED.is_dir():
        pytest.skip("the development data is not here, and the project may not ship it")
    return SHARED


@pytest.fixture
def grid() -> Callable[[int, int], Cells]:
    def make(columns: int, rows: int, size_m: float = 500.0) -> Cells:
        ground = box(0.0, 0.0, columns * size_m, rows * size_m)
        return Cells.on_lattice(StudyArea(ground, CRS, "made up"), SquareLattice(size_m))

    return make


@pytest.fixture
def make_incidents() -> Callable[..., Incidents]:
    def make(
        start: np.ndarray,
        x_m: np.ndarray,
        y_m: np.ndarray,
        *,
        end: np.ndarray | None = None,
        reported_at: np.ndarray | None = None,
        category: np.ndarray | None = None,
        names: tuple[str, ...] = ("theft",),
        time_zone: str = ZONE,
    ) -> Incidents:
        start = np.asarray(start, dtype="datetime64[us]")
        return Incidents(
            id=np.arange(len(start)),
            category=np.zeros(len(start), dtype=np.int16) if category is None else category,
            start=start,
            end=start.copy() if end is None else np.asarray(end, dtype="datetime64[us]"),
            reported_at=reported_at,
            x_m=np.asarray(x_m, dtype=float),
            y_m=np.asarray(y_m, dtype=float),
            precision_m=None,
            categories=tuple(Category(name, "reported") for name in names),
            crs=CRS,
            time_zone=time_zone,
        )

    return make


@pytest.fixture
def recorded(make_incidents) -> Callable[..., Task]:
    """Histories of Poisson incidents from Monday 2022-01-03 on; the first category's is forecast.

    `rates` are incidents a cell and week by category, of shape (cells,) or (weeks, cells).
    """

    def make(
        seed: int,
        cells: Cells,
        rates: dict[str, np.ndarray],
        weeks: int,
        *,
        length: Length = _WEEK,
        delay_days: float = 0.0,
        **options: object,
    ) -> Task:
        rng = np.random.default_rng(seed)
        begins = np.datetime64("2022-01-03T03:00", "us")
        parts = []
        for number, rate in enumerate(rates.values()):
            n = rng.poisson(np.broadcast_to(rate, (weeks, len(cells))))
            week, cell = (np.repeat(index, n[n > 0]) for index in np.nonzero(n))
            parts.append(np.stack([week, cell, np.full(len(week), number)]))
        week, cell, category = np.concatenate(parts, axis=1)
        minute = week * 10080 + rng.integers(0, 10080, len(week))
        start = begins + minute.astype("timedelta64[m]")
        aside = rng.uniform(-200.0, 200.0, (2, len(week)))
        late = (rng.exponential(1.0, len(week)) * delay_days * 86_400e6).astype("timedelta64[us]")
        incidents = make_incidents(
            start,
            cells.x_m[cell] + aside[0],
            cells.y_m[cell] + aside[1],
            reported_at=start + late if delay_days else None,
            category=category.astype(np.int16),
            names=tuple(rates),
        )
        return Task(
            Points.of(incidents, cutoff=begins + np.timedelta64(7 * weeks, "D"), begins=begins),
            next(iter(rates)),
            cells,
            length,
            **options,
        )

    return make


_SMALL_STUDY = f"""
[study]
title = "Small"
seed = 3

{RECORD}
[[categories]]
name = "robo"
known_by = "reported"

[cells]
size_m = 500

[periods]
length = "1 week"
history_from = 2024-01-01
until = 2024-07-01
origins = 6

[holidays]
country = "AR"

[forecasters]
use = ["PriorCounts", "Recency", "Kernel", "PastMean"]
"""


@pytest.fixture
def small_study(tmp_path: Path) -> Path:
    """A study folder of 600 made-up incidents in half a year."""
    folder = tmp_path / "small"
    folder.mkdir()
    (folder / "study.toml").write_text(_SMALL_STUDY, encoding="utf-8")
    rng = np.random.default_rng(0)
    minutes = np.sort(rng.integers(0, 182 * 24 * 60, 600))
    when = np.datetime64("2024-01-01T00:00") + minutes.astype("timedelta64[m]")
    centre = rng.integers(0, 3, 600)
    lat = -34.60 + 0.01 * centre + rng.normal(0, 0.004, 600)
    lon = -58.40 + 0.01 * centre + rng.normal(0, 0.004, 600)
    rows = [f"{n},{when[n]},{lat[n]:.6f},{lon[n]:.6f},robo,secret {n}" for n in range(600)]
    text = "\n".join(["id,occurred_at,lat,lon,category,note", *rows]) + "\n"
    (folder / "incidents.csv").write_text(text, encoding="utf-8")
    return folder
