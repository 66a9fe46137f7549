"""The map's data survive their packing, within the error the page states."""

from __future__ import annotations

import re

import numpy as np
import pytest
import shapely

from veedor.errors import SameGroundError
from veedor.report import Maps
from veedor.report.maps import pack, pack_means, pack_polygons, unpack
from veedor.report.static_maps import Drawing


def rebuild(packed):
    """A plain reader of the packed polygons, as the page's script does it."""
    points = unpack(packed["coordinates"], "<i4").reshape(-1, 2) / 1e6
    rings, parts = unpack(packed["ring_sizes"], "<u4"), unpack(packed["part_sizes"], "<u4")
    shapes, point, ring, part = [], 0, 0, 0
    for size in unpack(packed["cell_sizes"], "<u4"):
        polygons = []
        for _ in range(size):
            lines = []
            for _ in range(parts[part]):
                lines.append(points[point : point + rings[ring]])
                point, ring = point + rings[ring], ring + 1
            polygons.append(shapely.Polygon(lines[0], lines[1:]))
            part += 1
        shapes.append(shapely.MultiPolygon(polygons))
    return shapes


def test_polygons_with_holes_and_parts_come_back():
    hole = shapely.Polygon([(0, 0), (4, 0), (4, 4), (0, 4)], [[(1, 1), (1, 2), (2, 2), (2, 1)]])
    two = shapely.MultiPolygon([shapely.box(10, 10, 11, 11), shapely.box(12, 10, 13, 11)])
    shapes = np.array([hole, two, shapely.box(-1.5, -2.25, -1.25, -2)], dtype=object)
    back = rebuild(pack_polygons(shapes))
    assert [a.equals(b) for a, b in zip(shapes, back, strict=True)] == [True] * 3


@pytest.mark.parametrize("top", [1e-3, 0.7, 50.0, 5e3])
def test_means_come_back_within_the_stated_error(top):
    means = np.random.default_rng(3).lognormal(-4, 3, 5000)
    means *= top / means.max()
    packed = pack_means(means)
    back = packed["small"] * np.expm1(unpack(packed["steps"], "<u2") * packed["width"])
    assert np.all(np.abs(back - means) <= packed["error"] * (means + packed["small"]) * (1 + 1e-9))
    assert packed["error"] < 1e-3
    assert packed["small"] == pytest.approx(top / 1e5)


def test_recorded_counts_come_back_exactly(made):
    _, maps = made.results(side=4, count=3)
    large = {name: seen + (300 if name == "robbery" else 0) for name, seen in maps.observed.items()}
    maps = Maps(maps.polygons, maps.cell_ids, maps.area_km2, large, maps.means)
    for category in pack(maps, ["a", "b", "c"], {})["categories"]:
        kept = unpack(category["observed"]["values"], "<" + category["observed"]["kind"])
        assert np.array_equal(kept.reshape(3, 16), large[category["name"]])


def test_still_maps_draw_every_cell_where_it_lies(made):
    _, maps = made.results(side=4, count=1)
    ground = str(Drawing(maps).ground())
    starts = re.findall(r"M(\d+) (\d+)l", ground)
    assert len(set(starts)) == len(starts) == 16
    assert max(int(x) for x, _ in starts) <= 2000


@pytest.mark.parametrize("broken", ["cell_ids", "area_km2", "observed", "means", "polygons"])
def test_maps_on_different_ground_are_refused(made, broken):
    _, maps = made.results(side=4, count=2)
    parts = {name: getattr(maps, name) for name in Maps.__dataclass_fields__}
    parts[broken] = {
        "cell_ids": maps.cell_ids[1:],
        "area_km2": maps.area_km2[1:],
        "observed": {"robbery": maps.observed["robbery"]},
        "means": {name: {"A": np.zeros((2, 5))} for name in maps.means},
        "polygons": maps.polygons[:0],
    }[broken]
    with pytest.raises(SameGroundError):
        Maps(**parts)
