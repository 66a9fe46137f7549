"""The map's data survive their packing, within the error the page states."""

from __future__ import annotations

import re
from dataclasses import replace

import msgspec
import numpy as np
import pytest
import shapely

from veedor.errors import SameGroundError
from veedor.report.base_layer import MOST_CORNERS, base_layer
from veedor.report.drawn_maps import Drawing
from veedor.report.maps import Maps, pack, pack_means, pack_polygons, unpack
from veedor.report.scales import Scale
from veedor.report.words import words_in
from veedor.spacetime import Gazetteer, Outlines, Shapes


def rebuild(packed):
    """A plain reader of the packed polygons, as the page's script does it."""
    points = unpack(packed.coordinates, "<i4").reshape(-1, 2) / 1e6
    rings, parts = unpack(packed.ring_sizes, "<u4"), unpack(packed.part_sizes, "<u4")
    shapes, point, ring, part = [], 0, 0, 0
    for size in unpack(packed.shape_sizes, "<u4"):
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
    back = packed.small * np.expm1(unpack(packed.steps, "<u2") * packed.width)
    assert np.all(np.abs(back - means) <= packed.error * (means + packed.small) * (1 + 1e-9))
    assert packed.error < 1e-3
    assert packed.small == pytest.approx(top / 1e5)


def test_recorded_counts_come_back_exactly(made):
    _, maps = made.results(side=4, count=3)
    large = {name: seen + (300 if name == "robbery" else 0) for name, seen in maps.observed.items()}
    maps = Maps(maps.polygons, maps.gazetteer, maps.area_km2, large, maps.means)
    for category in pack(maps, ["a", "b", "c"], words_in("en"), {}).categories:
        kept = unpack(category.observed.values, "<" + category.observed.kind)
        assert np.array_equal(kept.reshape(3, 16), large[category.name])


def test_still_maps_draw_every_cell_where_it_lies(made):
    _, maps = made.results(side=4, count=1)
    ground = str(Drawing(maps.polygons).ground())
    lines = ground[ground.index("ground-lines") :]
    starts = {(int(x), int(y)) for x, y in re.findall(r"M(\d+) (\d+)l", lines)}
    across, along = sorted({x for x, _ in starts}), sorted({y for _, y in starts})
    assert starts == {(x, y) for x in across for y in along}
    assert (len(across), len(along)) == (4, 4)
    assert np.ptp(np.diff(across)) <= 1
    assert max(across) <= 2000


def test_cells_of_the_commonest_class_are_hatched_where_its_legend_is():
    squares = shapely.box(np.arange(3.0), 0.0, np.arange(3.0) + 1.0, 1.0)
    scale = Scale([0.5, 1.5], ["#fff", "#999", "#000"], ["0", "1", "2"])
    plain, hatched = (
        str(Drawing(squares).panel("P", "about", np.array(values), scale, hatch_from=2))
        for values in ([0, 0, 1], [2, 2, 1])
    )
    over = '<use href="#ground-cells" fill="url(#ground-hatch)"/>'
    assert over not in plain
    assert hatched.count(over) == 1


def test_a_panel_colours_each_cell_by_its_class_and_hatches_where_asked():
    squares = shapely.box([0.0, 1, 2], 0, [1.0, 2, 3], 1)
    scale = Scale([1.0, 2.0], ["#aaaaaa", "#bbbbbb", "#cccccc"], ["0", "1", "2 or more"])
    panel = str(Drawing(squares).panel("P", "about", np.array([0, 0, 2]), scale, hatch_from=2))
    assert '<use href="#ground-cells" fill="#aaaaaa"/>' in panel
    third = re.search(r'<path fill="#cccccc" d="M(\d+) (\d+)l([^z]*)z"/>', panel)
    steps = np.array(third[3].split(), dtype=int).reshape(-1, 2)
    xs = int(third[1]) + np.concatenate([[0], np.cumsum(steps[:, 0])])
    assert (xs.min(), xs.max()) == (1333, 2000)
    assert "#bbbbbb" not in panel.split("</svg>")[0]
    assert panel.count('<path fill="url(#ground-hatch)"') == 1
    assert panel.count('<li class="hatched">') == 1
    assert "2 or more" in panel


def test_zones_with_the_most_are_named_inside_the_drawing_and_others_not():
    squares = shapely.box(np.arange(8.0), 0, np.arange(8.0) + 1, 8)
    names = (*(f"Zone <{k}>" for k in range(7)), "with a name much longer than its zone is wide")
    drawing = Drawing(squares, Outlines(names, squares))
    by = np.array([5.0, 4, 3, 2, 1, 0, 0, 9])
    panel = str(drawing.panel("P", "about", by, Scale([], ["#aaaaaa"], ["0"]), named_by=by))
    named = re.findall(r'class="zone-name" x="(\d+)" y="\d+">([^<]*)<', panel)
    assert [words for _, words in named][:2] == [names[7], "Zone &lt;0&gt;"]
    assert "Zone &lt;4&gt;" not in panel
    assert "Zone &lt;5&gt;" not in panel
    assert all(0 <= int(x) <= 2000 for x, _ in named)


def test_zones_of_cells_come_back_and_cells_outside_have_none(made):
    _, maps = made.results(side=4, count=1)
    west, south, east, north = shapely.total_bounds(maps.polygons)
    half = Outlines(("West",), np.array([shapely.box(west, south, (west + east) / 2, north)]))
    packed = pack(replace(maps, zones=half), ["a"], words_in("en"), {}).zones
    expected = np.tile([0, 0, -1, -1], 4)
    assert np.array_equal(unpack(packed.of_cell, "<i4"), expected)
    assert packed.names == ["West"]


@pytest.mark.parametrize("broken", ["gazetteer", "area_km2", "observed", "means", "polygons"])
def test_maps_on_different_ground_are_refused(made, broken):
    _, maps = made.results(side=4, count=2)
    parts = {name: getattr(maps, name) for name in Maps.__dataclass_fields__}
    parts[broken] = {
        "gazetteer": Gazetteer(maps.gazetteer.places[1:]),
        "area_km2": maps.area_km2[1:],
        "observed": {"robbery": maps.observed["robbery"]},
        "means": {name: {"A": np.zeros((2, 5))} for name in maps.means},
        "polygons": maps.polygons[:0],
    }[broken]
    with pytest.raises(SameGroundError):
        Maps(**parts)


def _wiggles(lines, points):
    x = np.linspace(0.0, 1.0, points)
    rng = np.random.default_rng(4)
    return shapely.linestrings([
        np.column_stack([x, k / lines + 3e-5 * rng.normal(size=points)]) for k in range(lines)
    ])  # fmt: skip


def test_a_base_layer_is_simplified_until_it_is_small_and_says_by_how_much():
    ground = shapely.box([0.0], 0.0, [1.0], 1.0)
    lines = _wiggles(50, 2000)
    found = base_layer(Shapes(lines, {}), ground)
    assert 0 < found.corners <= MOST_CORNERS < shapely.get_num_coordinates(lines).sum()
    assert found.moved_m > 2.0
    metre = 1 / 111_320
    assert len(found.lines) == len(lines)
    apart = shapely.hausdorff_distance(found.lines, lines)  # each from its own
    assert apart.max() <= 1.01 * found.moved_m * metre
    few = base_layer(Shapes(lines[:2], {}), ground)
    assert few.moved_m == 2.0


def test_a_base_layer_is_cut_to_the_map_and_polygons_are_outlines():
    ground = shapely.box([0.0], 0.0, [1.0], 1.0)
    shapes = np.array([shapely.box(0.2, 0.2, 5.0, 0.4), shapely.box(7, 7, 8, 8)], dtype=object)
    found = base_layer(Shapes(shapes, {}), ground)
    assert shapely.total_bounds(found.lines) == pytest.approx([0.2, 0.2, 1.05, 0.4])
    assert set(shapely.get_type_id(found.lines).tolist()) == {1}
    assert base_layer(Shapes(shapes[1:], {}), ground) is None


def test_a_base_layer_is_drawn_still_and_packed_for_the_script(made):
    _, maps = made.results(side=4, count=1)
    west, south, east, north = shapely.total_bounds(maps.polygons)
    line = shapely.linestrings([[[west, south], [east, north]]])
    layer = base_layer(Shapes(line, {}), maps.polygons)
    assert "M0 " in str(Drawing(maps.polygons, base=layer).ground()).split("ground-lines")[1]
    packed = pack(replace(maps, base=layer), ["a"], words_in("en"), {}).base
    back = unpack(packed.coordinates, "<i4").reshape(-1, 2) / 1e6
    assert back == pytest.approx(shapely.get_coordinates(layer.lines), abs=1e-6)
    assert unpack(packed.sizes, "<u4").tolist() == [2]


def test_streets_and_middles_of_cells_come_back(made):
    _, maps = made.results(side=2, count=1)
    places = [
        msgspec.structs.replace(place, streets=streets, streets_m=metres)
        for place, streets, metres in zip(
            maps.gazetteer.places,
            [("B", "A"), ("A",), (), ("C",)],
            [0.0, 0.0, None, 12.5],
            strict=True,
        )
    ]
    packed = pack(replace(maps, gazetteer=Gazetteer(tuple(places))), ["a"], words_in("en"), {})
    assert packed.places.streets == ["A", "B", "C"]
    assert unpack(packed.places.of_cell, "<i4").tolist() == [1, 0, 0, -1, -1, -1, 2, -1]
    assert unpack(packed.places.crossed, "u1").tolist() == [1, 1, 0, 0]
    middles = unpack(packed.places.middles, "<i4").reshape(-1, 2) / 1e4
    expected = np.array([(one.lat, one.lon) for one in places])
    assert middles == pytest.approx(expected, abs=1e-9)
