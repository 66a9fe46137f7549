"""A made-up town: what every golden command reads, in a few small files.

48 squares of 500 m, 24 zones of 600 x 625 m with residents of two groups, 34 weeks of two
offence categories of which the study sees 26, a vendor's boxes, and a table of alerts.
"""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
from pyproj import Transformer

EAST, NORTH = 372_000.0, 6_170_000.0
#: Metres from the corner of the lattice to the corner of the town: its border cells are clipped.
ASIDE = 150.0
WIDE, HIGH = 3_600.0, 2_500.0
WEEKS, KNOWN_WEEKS = 34, 26
ORIGINS = 10
FORECASTERS = ("PriorCounts", "PastMean", "Kernel")
FIRST = np.datetime64("2024-01-01T00:00", "m")
_TO_DEGREES = Transformer.from_crs("EPSG:32721", "EPSG:4326", always_xy=True)

#: How a study reads made-up incidents, here and elsewhere in the tests.
RECORD = """\
[incidents]
files = ["incidents.csv"]
time_zone = "America/Argentina/Buenos_Aires"
crs = "EPSG:32721"

[incidents.columns]
id = "id"
time = "occurred_at"
latitude = "lat"
longitude = "lon"
category = "category"
"""
_STUDY = f"""
[study]
title = "A made-up town"
seed = 3

{RECORD}
[[categories]]
name = "robbery"
known_by = "reported"

[[categories]]
name = "theft"
known_by = "reported"

[area]
zones = "zones.geojson"

[cells]
size_m = 500

[periods]
length = "1 week"
history_from = 2024-01-01
until = 2024-07-01
origins = {ORIGINS}
lead = "1 day"

[forecasters]
use = {json.dumps(FORECASTERS)}

[patterns]
near_repeat_m = [200.0, 400.0]
near_repeat_days = [7, 14]
permutations = 99
"""


def build(folder: Path) -> None:
    """Write the study and the inputs of the audits; the same files each time."""
    rng = np.random.default_rng(14)
    folder.mkdir(parents=True)
    (folder / "study.toml").write_text(_STUDY, encoding="utf-8")
    _write_incidents(folder / "incidents.csv", rng)
    _write_zones(folder / "zones.geojson", rng)
    _write_boxes(folder / "boxes.csv", rng)
    _write_reporting(folder, rng)
    _write_feedback(folder, rng)
    _write_alerts(folder / "decisions.csv", rng)
    _write_devices(folder, np.random.default_rng(17))


def build_small(folder: Path, number: int) -> None:
    """Write a study of the same town by other incidents, which a run is soon done with."""
    folder.mkdir(parents=True)
    text = _STUDY[: _STUDY.index("[patterns]")].replace(f"origins = {ORIGINS}", "origins = 6")
    (folder / "study.toml").write_text(text, encoding="utf-8")
    _write_incidents(folder / "incidents.csv", np.random.default_rng(100 + number))
    _write_zones(folder / "zones.geojson", np.random.default_rng(200))


def _degrees(x: np.ndarray, y: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Longitude and latitude of metres from the corner of the town, to 0.1 m."""
    lon, lat = _TO_DEGREES.transform(EAST + ASIDE + x, NORTH + ASIDE + y)
    return np.round(lon, 6), np.round(lat, 6)


def _write_incidents(path: Path, rng: np.random.Generator) -> None:
    """Robberies around two corners and growing, thefts around a third; some nowhere or outside."""
    rows = []
    for category, a_week, corners in (
        ("robbery", 22.0, ((700.0, 700.0), (2_600.0, 1_500.0))),
        ("theft", 12.0, ((1_800.0, 1_900.0),)),
    ):
        for week in range(WEEKS):
            for _ in range(rng.poisson(a_week * (1.0 + week / 68.0))):
                minute = week * 10_080 + int(rng.integers(0, 10_080))
                if rng.uniform() < 0.35:
                    x, y = rng.uniform((0.0, 0.0), (WIDE, HIGH))
                else:
                    x, y = corners[rng.integers(len(corners))] + rng.normal(0.0, 350.0, 2)
                rows.append((minute, category, x, y))
    rows.sort()
    lon, lat = _degrees(*np.array([row[2:] for row in rows]).T)
    lines = ["id,occurred_at,lat,lon,category,note"]
    for n, (minute, category, _, _) in enumerate(rows):
        where = "," if n % 90 == 7 else f"{lat[n]:.6f},{lon[n]:.6f}"
        lines.append(f"{n},{FIRST + minute},{where},{category},kept by nobody")
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")


def _write_zones(path: Path, rng: np.random.Generator) -> None:
    """Six by four zones; more tenants in the west, more owners in the east."""
    features = []
    for number in range(24):
        column, row = number % 6, number // 6
        x, y = column * 600.0, row * 625.0
        lon, lat = _degrees(
            np.array([x, x + 600.0, x + 600.0, x, x]), np.array([y, y, y + 625.0, y + 625.0, y])
        )
        residents = int(rng.integers(400, 1_600))
        tenants = int(rng.binomial(residents, 0.75 - 0.1 * column))
        features.append({
            "type": "Feature",
            "properties": {
                "id": f"z{number:02d}", "residents": residents, "tenants": tenants,
                "owners": residents - tenants,
            },
            "geometry": {
                "type": "Polygon", "coordinates": [np.stack([lon, lat], axis=1).tolist()]
            },
        })  # fmt: skip
    path.write_text(json.dumps({"type": "FeatureCollection", "features": features}), "utf-8")


def _write_boxes(path: Path, rng: np.random.Generator) -> None:
    """A vendor's boxes of 150 m: three in five around the first corner of the robberies."""
    near = rng.normal((700.0, 700.0), 400.0, (60, 2))
    anywhere = rng.uniform((0.0, 0.0), (WIDE, HIGH), (40, 2))
    inside = np.clip(np.concatenate([near, anywhere]), 100.0, (WIDE - 100.0, HIGH - 100.0))
    lon, lat = _degrees(*inside.T)
    counts = rng.integers(1, 6, len(inside))
    lines = [f"{lat[n]:.6f},{lon[n]:.6f},{counts[n]}" for n in range(len(inside))]
    path.write_text("\n".join(["lat,lon,count", *lines]) + "\n", encoding="utf-8")
    found = rng.poisson(3.0, len(inside))
    lines = [
        f"{lat[n]:.6f},{lon[n]:.6f},{found[n]},{('reported', 'discovered')[n % 3 == 0]}"
        for n in range(len(inside))
    ]
    text = "\n".join(["lat,lon,count,known_by", *lines]) + "\n"
    path.with_name("recorded.csv").write_text(text, encoding="utf-8")


def _write_reporting(folder: Path, rng: np.random.Generator) -> None:
    """Recorded counts of twelve places, and two categories' ranges of reporting."""
    lines = ["place,category,count,residents,tenants,owners"]
    for place in range(12):
        residents = int(rng.integers(300, 900))
        tenants = residents * (12 - place) // 13
        for category, mean in (("robbery", 6.0 + 2 * place), ("theft", 30.0 - 2 * place)):
            lines.append(
                f"p{place:02d},{category},{rng.poisson(mean)},{residents},{tenants},"
                f"{residents - tenants}"
            )
    (folder / "counts.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    rates = "category,low,high\nrobbery,0.5,0.7\ntheft,0.25,0.4\n"
    (folder / "rates.csv").write_text(rates, encoding="utf-8")


def _write_feedback(folder: Path, rng: np.random.Generator) -> None:
    """Four zones to simulate, and ten periods of twenty places whose flags find more."""
    world = "zone,true_rate,reporting\nnorth,6,0.4\neast,5,0.4\nsouth,4,0.3\nwest,3,0.2\n"
    (folder / "world.csv").write_text(world, encoding="utf-8")
    lines = ["period,place,reported,discovered,flagged"]
    for period in range(10):
        for place in range(20):
            flagged = int(rng.uniform() < 0.1 + 0.02 * place)
            lines.append(
                f"{period},q{place:02d},{rng.poisson(4.0)},{rng.poisson(1.0 + 2.0 * flagged)},"
                f"{flagged}"
            )
    (folder / "observed.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")


def _write_alerts(path: Path, rng: np.random.Generator) -> None:
    """600 decisions with a score and an outcome; scores of group b are a little too high."""
    lines = ["decision_id,score,outcome,group_side,decided_at"]
    for n in range(600):
        side, outcome = "ab"[n % 3 == 0], int(rng.uniform() < 0.15)
        score = np.clip(0.3 + 0.3 * outcome + 0.06 * (side == "b") + rng.normal(0.0, 0.15), 0, 1)
        lines.append(f"{n},{score:.3f},{outcome},{side},2024-{n // 50 + 1:02d}-15")
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")


def _write_devices(folder: Path, rng: np.random.Generator) -> None:
    """Cameras and plate readers as a map's contributors tag them, and two ways through the town."""
    lon, lat = _degrees(rng.uniform(-50.0, WIDE, 70), rng.uniform(0.0, HIGH, 70))
    features = []
    for n in range(len(lon)):
        tags = {"man_made": "surveillance", "surveillance:type": "ALPR" if n % 4 == 0 else "camera"}
        if n % 4:
            tags["camera:type"] = ("fixed", "dome", "panning")[n % 3]
        if n % 5:
            tags["camera:direction"] = str(int(rng.integers(0, 360)))
        features.append({
            "type": "Feature", "properties": {"@id": f"node/{n}", **tags},
            "geometry": {"type": "Point", "coordinates": [lon[n], lat[n]]},
        })  # fmt: skip
    ways = []
    for name, x, y in (
        ("way to school", [0.0, 2_000.0, 2_000.0], [300.0, 300.0, 2_200.0]),
        ("way to market", [300.0, 3_300.0], [2_100.0, 900.0]),
    ):
        ways.append({
            "type": "Feature", "properties": {"name": name},
            "geometry": {"type": "LineString", "coordinates": np.stack(
                _degrees(np.array(x), np.array(y)), axis=1
            ).tolist()},
        })  # fmt: skip
    for name, made in (("devices.geojson", features), ("ways.geojson", ways)):
        (folder / name).write_text(
            json.dumps({"type": "FeatureCollection", "features": made}), "utf-8"
        )
