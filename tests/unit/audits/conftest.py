"""A small town of square zones, and what was predicted there."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import numpy as np
import pytest

#: Degrees that are about a kilometre at 34.6 degrees south.
STEP_LON, STEP_LAT = 0.01090, 0.00902
WEST, SOUTH = -58.40, -34.60
GROUPS = ["white", "black"]


def square(column, row, width=1.0, height=1.0):
    x, y = WEST + column * STEP_LON, SOUTH + row * STEP_LAT
    dx, dy = width * STEP_LON, height * STEP_LAT
    ring = [[x, y], [x + dx, y], [x + dx, y + dy], [x, y + dy], [x, y]]
    return {"type": "Polygon", "coordinates": [ring]}


def feature(name, geometry, **properties):
    return {"type": "Feature", "properties": {"id": name, **properties}, "geometry": geometry}


def town(columns=8, rows=5, seed=0, **more):
    """Features of a town; `more` gives a property of every zone from its number."""
    rng = np.random.default_rng(seed)
    features = []
    for number in range(columns * rows):
        population = int(rng.integers(400, 2500))
        black = int(population * rng.beta(1.5, 3.0))
        white = int((population - black) * rng.beta(6.0, 2.0))
        households = population // 3
        features.append(
            feature(
                f"06001{number // 4:04d}{number % 4}",
                square(number % columns, number // columns),
                population=population, white=white, black=black, households=households,
                poor=int(households * rng.beta(2.0, 4.0)),
                **{name: value(number) for name, value in more.items()},
            )
        )  # fmt: skip
    return features


def write_zones(path: Path, features) -> Path:
    text = json.dumps({"type": "FeatureCollection", "features": features})
    if path.suffix == ".gz":
        path.write_bytes(gzip.compress(text.encode()))
    else:
        path.write_text(text, encoding="utf-8")
    return path


def middle(feature):
    ring = np.array(feature["geometry"]["coordinates"][0][:4])
    return ring.mean(axis=0)


def write_boxes(path: Path, rows) -> Path:
    lines = [
        "lat,lon,count",
        *(f"{float(lat)!r},{float(lon)!r},{count}" for lon, lat, count in rows),
    ]
    text = "\n".join(lines) + "\n"
    if path.suffix == ".gz":
        path.write_bytes(gzip.compress(text.encode()))
    else:
        path.write_text(text, encoding="utf-8")
    return path


def boxes_in(features, seed=1, each=3):
    """Boxes about the middles of the zones, more where more of `black` live."""
    rng = np.random.default_rng(seed)
    rows = []
    for one in features:
        share = one["properties"]["black"] / max(one["properties"]["population"], 1)
        x, y = middle(one)
        for _ in range(each):
            count = int(rng.poisson(2.0 + 20.0 * share))
            rows.append(
                (float(x + rng.uniform(-0.4, 0.4) * STEP_LON),
                 float(y + rng.uniform(-0.4, 0.4) * STEP_LAT), count)
            )  # fmt: skip
    return rows


@pytest.fixture
def files(tmp_path):
    """Zones and boxes on disk."""
    features = town()
    zones = write_zones(tmp_path / "zones.geojson.gz", features)
    return zones, write_boxes(tmp_path / "boxes.csv.gz", boxes_in(features))
