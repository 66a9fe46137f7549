"""What is looked at part by part is what it is at once, and what a slow plain version finds."""

from collections import Counter

import numpy as np
import pytest
from shapely import Point

from veedor.incidents import duplicates, stacks
from veedor.incidents.duplicates import identical
from veedor.incidents.stacks import ROUNDED_M, TOP, find_stacks
from veedor.spacetime import SquareLattice, areas, footprint
from veedor.spacetime.cells import Cells


@pytest.fixture(params=["whole", "parts"])
def parts(request, monkeypatch):
    """All at once, and in parts much smaller than the columns."""
    if request.param == "parts":
        monkeypatch.setattr(duplicates, "_AT_ONCE", 70)
        monkeypatch.setattr(duplicates, "_CHUNK", 50)
        monkeypatch.setattr(stacks, "_AT_ONCE", 70)
        monkeypatch.setattr(stacks, "_CHUNK", 50)
        monkeypatch.setattr(areas, "_CHUNK", 50)
        monkeypatch.setattr("veedor.spacetime.cells._CHUNK", 50)


def places(seed=3, n=2_000):
    rng = np.random.default_rng(seed)
    x = 300_000.0 + 250.0 * rng.integers(0, 40, n) ** 1.2
    y = 6_100_000.0 + 250.0 * rng.integers(0, 30, n)
    x[rng.random(n) < 0.1] = np.nan
    y[np.isnan(x)] = np.nan
    return x, y


@pytest.mark.parametrize("seed", range(3))
def test_stacks_are_those_of_a_plain_count(parts, seed):
    x, y = places(seed)
    x[1_000:1_300], y[1_000:1_300] = 300_123.0, 6_100_321.0  # more than a part holds
    plain = Counter((a, b) for a, b in zip(x.tolist(), y.tolist(), strict=True) if a == a)
    found = find_stacks(x, y)
    assert found.distinct_points == len(plain)
    assert found.stacked.denominator == sum(plain.values())
    assert found.stacked.numerator == sum(count for count in plain.values() if count > 1)
    assert [one.count for one in found.top] == [count for _, count in plain.most_common(TOP)]
    assert found.top[0].count >= 300
    assert found.top[0].suspected
    assert (found.top[0].x_m, found.top[0].y_m) == (300_100, 6_100_300)
    rounded = {
        (round(a / ROUNDED_M) * ROUNDED_M, round(b / ROUNDED_M) * ROUNDED_M, count)
        for (a, b), count in plain.items()
    }
    assert {(one.x_m, one.y_m, one.count) for one in found.top} <= rounded


def test_stacks_of_nothing_and_of_points_alone(parts):
    nowhere = np.full(3, np.nan)
    assert find_stacks(nowhere, nowhere).distinct_points == 0
    alone = find_stacks(np.arange(300.0), np.zeros(300))
    assert (alone.distinct_points, alone.stacked.numerator, alone.top) == (300, 0, [])


def test_identical_rows_are_those_of_a_plain_count(parts):
    rng = np.random.default_rng(4)
    content = {
        "category": rng.integers(0, 3, 900).astype(np.int16),
        "start": rng.integers(0, 40, 900),
        "x_m": np.where(rng.random(900) < 0.2, np.nan, rng.integers(0, 4, 900)),
    }
    rows = Counter(zip(*(map(str, values) for values in content.values()), strict=True))
    assert identical(content, 900) == 900 - len(rows)


def test_a_footprint_is_of_those_it_is_told_to_look_at(parts):
    x, y = places()
    among = np.arange(len(x)) % 3 == 0
    told = footprint(x, y, 500.0, "EPSG:32721", among=among)
    alone = footprint(x[among], y[among], 500.0, "EPSG:32721")
    assert told.polygon.equals(alone.polygon)
    assert not told.polygon.equals(footprint(x, y, 500.0, "EPSG:32721").polygon)
    for a, b in zip(x[among], y[among], strict=True):
        if np.isfinite(a):
            square = np.floor(np.array([a, b]) / 500.0) * 500.0 + 250.0
            assert told.polygon.contains_properly(Point(*square))


def test_every_point_is_located_as_it_is_alone(parts):
    x, y = places()
    area = footprint(x[:200], y[:200], 500.0, "EPSG:32721")
    cells = Cells.on_lattice(area, SquareLattice(500.0))
    at = cells.locate(x, y)
    assert at.dtype == np.int32
    assert (at[np.isnan(x)] == -1).all()
    assert (at >= 0).sum() > 200
    alone = [cells.tiling.locate(x[n : n + 1], y[n : n + 1])[0] for n in np.flatnonzero(x == x)]
    assert at[np.isfinite(x)].tolist() == alone
