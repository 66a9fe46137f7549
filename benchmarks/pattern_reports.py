"""How often a whole report of patterns names anything where there is nothing.

``python -m benchmarks.pattern_reports [records [kind]]`` simulates records of two years in 144
cells without any pattern, lets ``veedor patterns`` describe each, and prints as it goes the share
of reports that name something: as a finding of the whole report, and in any section at its own 5%.
Three kinds of record: independent incidents; weeks whose departures last (autocorrelation 0.3,
variance twice the mean), all places alike; and the same in each of nine areas by itself, where
near repeats of an area's weeks are no accident.
"""

from __future__ import annotations

import sys
import tempfile
from collections import Counter
from pathlib import Path
from typing import Any

import numpy as np
from scipy import stats

from veedor.patterns import Patterns
from veedor.patterns.departures import draw_counts
from veedor.tasks import Context, patterns

Rng = np.random.Generator

_WEEKS, _SIDE, _SIZE_M = 104, 12, 500.0
_A_WEEK = {"theft": 40.0, "robbery": 15.0}
_STUDY = """
[study]
title = "Without a pattern"
seed = {seed}

[incidents]
files = ["incidents.csv"]
time_zone = "UTC"
crs = "EPSG:32721"
input_crs = "EPSG:32721"

[incidents.columns]
time = "time"
x = "x"
y = "y"
category = "category"

[[categories]]
name = "theft"
known_by = "reported"

[[categories]]
name = "robbery"
known_by = "reported"

[cells]
size_m = 500

[area]
file = "area.geojson"

[periods]
length = "1 week"
history_from = 2022-01-03
until = 2024-01-01
origins = 6

[patterns]
permutations = 199
area_m = 2000
"""
KINDS = ("independent", "lasting", "lasting in areas")


def places(kind: str, mean: float, rng: Rng) -> tuple[np.ndarray, np.ndarray]:
    """Week, and cell, of every incident of a category."""
    cells = _SIDE * _SIDE
    if kind == "lasting in areas":
        owner = (np.arange(cells) // _SIDE // 4) * 3 + np.arange(cells) % _SIDE // 4
        level = np.full((9, _WEEKS), mean / 9)
        weekly = draw_counts(level, 2.0, rng, 0.3).astype(int)
        area, week = (np.repeat(one.ravel(), weekly.ravel()) for one in np.indices(weekly.shape))
        members = np.argsort(owner, kind="stable").reshape(9, -1)
        return week, members[area, rng.integers(0, members.shape[1], len(week))]
    dispersion, carried = (1.0, 0.0) if kind == "independent" else (2.0, 0.3)
    weekly = draw_counts(np.full((1, _WEEKS), mean), dispersion, rng, carried)[0].astype(int)
    week = np.repeat(np.arange(_WEEKS), weekly)
    return week, rng.integers(0, cells, len(week))


def write(folder: Path, kind: str, rng: Rng, seed: int) -> None:
    """Write a study of a record without a pattern."""
    rows = ["time,x,y,category"]
    for name, mean in _A_WEEK.items():
        week, cell = places(kind, mean, rng)
        minute = week * 10_080 + rng.integers(0, 10_080, len(week))
        when = np.datetime64("2022-01-03T00:00") + minute.astype("timedelta64[m]")
        x, y = (
            base + (part + rng.random(len(cell))) * _SIZE_M
            for base, part in ((300_000.0, cell % _SIDE), (6_170_000.0, cell // _SIDE))
        )
        rows += [f"{t},{a:.1f},{b:.1f},{name}" for t, a, b in zip(when, x, y, strict=True)]
    (folder / "incidents.csv").write_text("\n".join(rows) + "\n", encoding="utf-8")
    (folder / "study.toml").write_text(_STUDY.format(seed=seed), encoding="utf-8")


def _ground(folder: Path) -> None:
    from json import dumps

    from pyproj import Transformer

    back = Transformer.from_crs("EPSG:32721", "EPSG:4326", always_xy=True)
    side = _SIDE * _SIZE_M
    corners = [(0, 0), (side, 0), (side, side), (0, side), (0, 0)]
    ring = [back.transform(300_000.0 + a, 6_170_000.0 + b) for a, b in corners]
    shape = {"type": "Polygon", "coordinates": [ring]}
    feature = {"type": "Feature", "properties": {}, "geometry": shape}
    text = dumps({"type": "FeatureCollection", "features": [feature]})
    (folder / "area.geojson").write_text(text, encoding="utf-8")


def _smallest(q_values: Any) -> float:
    return float(np.nanmin(np.array(q_values, dtype=float)))


def sections(found: Patterns) -> list[str]:
    """Name the sections that name something at their own 5%."""
    made, changes, watch = [], found.changes, found.watch
    for one in found.categories:
        knox, emerging, moved = one.near_repeats, one.emerging, one.map_change
        effects = one.seasons.effects
        trends = emerging.trends
        made += [
            name
            for name, named in (
                ("concentration", one.concentration[0].test.p_value <= 0.05),
                ("hot spots", one.hot_spots.hot + one.hot_spots.cold),
                ("near repeats", _smallest(knox.q_value) <= 0.05),
                ("classes", sum(n for key, n in emerging.hot.items() if key != "none")),
                ("trends", trends.rising + trends.falling),
                ("two maps", moved.places_changed or moved.outcome.p_value <= 0.05),
                ("kinds of day", _smallest([each.q_value for each in effects]) <= 0.05),
                ("hours", np.min(one.seasons.clock.q_value) <= 0.05),
            )
            if named
        ]  # fmt: skip
    for kind in ("categories", "areas", "recording"):
        if any(series.shifts for series in getattr(changes, kind)):
            made.append(f"shifts of {kind}")
    if watch.alarms:
        made.append("alarms of the watch")
    return made


def main(records: int, only: str = "") -> None:
    """Simulate, describe and print."""
    for number, kind in enumerate(KINDS):
        if only not in ("", kind):
            continue
        named, anything, by_section, by_finding = 0, 0, Counter[str](), Counter[str]()
        for record in range(records):
            with tempfile.TemporaryDirectory() as name:
                folder = Path(name)
                _ground(folder)
                write(folder, kind, np.random.default_rng([5, number, record]), record)
                done = patterns.perform(patterns.Request(study=folder), Context())
                found = done.results.found
            mine = sections(found)
            by_section.update(set(mine))
            anything += any(one != "alarms of the watch" for one in mine)
            each = found.findings.each
            by_finding.update({one.kind for one in each if one.named})
            named += any(one.named for one in each)
            if (record + 1) % 20 and record + 1 < records:
                continue
            low, high = stats.binomtest(named, record + 1).proportion_ci()
            print(
                f"{kind}, {record + 1} records: the whole report names something in "
                f"{named / (record + 1):.3f} ({low:.3f} to {high:.3f}), any section in "
                f"{anything / (record + 1):.3f}; findings {dict(by_finding)}, sections "
                f"{dict(by_section)}",
                flush=True,
            )


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 200, *sys.argv[2:3])
