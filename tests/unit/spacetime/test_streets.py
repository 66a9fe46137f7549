"""Streets are read from anyone's file, name cells, and hold no address."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing

import numpy as np
import pyogrio.raw
import pytest
import shapely

from veedor.errors import PersonalDataRefusal, StudyError, UnreadableError
from veedor.spacetime import Cells, Gazetteer, Outlines, Streets, read_shapes

LINES = shapely.linestrings([
    [[-58.40, -34.60], [-58.38, -34.60]],
    [[-58.39, -34.61], [-58.39, -34.59]],
])  # fmt: skip


def _write(path, names, lines=LINES, crs="EPSG:4326", column="name"):
    if path.suffix == ".geojson":
        features = [
            {
                "type": "Feature",
                "properties": {column: name},
                "geometry": json.loads(shapely.to_geojson(line)),
            }
            for name, line in zip(names, lines, strict=True)
        ]
        path.write_text(json.dumps({"type": "FeatureCollection", "features": features}))
    else:
        pyogrio.raw.write(
            path,
            geometry=shapely.to_wkb(lines),
            field_data=[np.array(names, dtype=object)],
            fields=[column],
            geometry_type="LineString",
            crs=crs,
        )
    return path


@pytest.mark.parametrize("ending", [".geojson", ".gpkg", ".shp", ".fgb"])
def test_every_format_gives_the_same_streets(tmp_path, ending):
    names = ["Av. Corrientes", "Calle 50"]
    found = Streets.read(_write(tmp_path / f"streets{ending}", names))
    by_name = dict(zip(found.names, found.lines, strict=True))
    assert sorted(by_name) == sorted(names)
    assert all(by_name[n].equals(line) for n, line in zip(names, LINES, strict=True))


def test_metres_become_degrees(tmp_path):
    from pyproj import Transformer

    there = Transformer.from_crs("EPSG:4326", "EPSG:22185", always_xy=True)
    metres = shapely.transform(LINES, lambda xy: np.column_stack(there.transform(*xy.T)))
    found = Streets.read(_write(tmp_path / "s.gpkg", ["A", "B"], metres, "EPSG:22185"))
    assert shapely.get_coordinates(found.lines) == pytest.approx(
        shapely.get_coordinates(LINES), abs=1e-8
    )


@pytest.mark.parametrize(
    "names",
    [
        ["Av. Corrientes 1234", "Calle Florida"],
        ["100 N State St", "Calle Florida"],
        ["Presidente Perón 2300", "Yatay 410"],
        ["victim: John Smith", "Calle Florida"],
    ],
)
def test_addresses_and_persons_are_no_streets(tmp_path, names):
    with pytest.raises(PersonalDataRefusal) as caught:
        Streets.read(_write(tmp_path / "s.geojson", names))
    assert "1234" not in str(caught.value)
    assert "Smith" not in str(caught.value)


@pytest.mark.parametrize(
    "names",
    [
        ["Calle 50", "Diagonal 74"],
        ["Calle 844", "Calle 1234"],
        ["US Highway 41", "Ruta Nacional 3"],
        ["25 de Mayo", "9 de Julio"],
        ["E 95th Street", "W 63rd St"],
        ["Yatay", "Tucumán 1810"],
    ],
)
def test_streets_that_are_numbered_are_streets(tmp_path, names):
    assert sorted(Streets.read(_write(tmp_path / "s.geojson", names)).names) == sorted(names)


@pytest.mark.parametrize("column", ["addr:housenumber", "Domicilio", "altura", "full_address"])
def test_a_column_of_addresses_is_refused_by_its_name(tmp_path, column):
    path = _write(tmp_path / "s.geojson", ["A", "B"], column=column)
    with pytest.raises(PersonalDataRefusal):
        Streets.read(path, column)


def test_a_column_that_is_not_there_is_named_with_those_that_are(tmp_path):
    path = _write(tmp_path / "s.geojson", ["A", "B"], column="nom_calle")
    with pytest.raises(StudyError, match="nom_calle"):
        Streets.read(path)
    assert Streets.read(path, "nom_calle").names == ("A", "B")


def test_lines_without_a_name_are_passed_over_and_none_at_all_is_an_error(tmp_path):
    assert Streets.read(_write(tmp_path / "s.geojson", [None, "B"])).names == ("B",)
    with pytest.raises(StudyError, match="none with a name"):
        Streets.read(_write(tmp_path / "n.geojson", [None, ""]))


def _text(name, text):
    return lambda folder: (folder / name).write_bytes(text)


def _view(folder):
    _write(folder / "x.gpkg", ["A", "B"])
    with closing(sqlite3.connect(folder / "x.gpkg")) as database, database:
        database.execute("CREATE VIEW endless AS SELECT * FROM x")
        database.execute("UPDATE gpkg_contents SET table_name = 'endless'")


def _two_layers(folder):
    _write(folder / "x.gpkg", ["A", "B"])
    pyogrio.raw.write(
        folder / "x.gpkg", geometry=shapely.to_wkb(LINES), field_data=[], fields=[], layer="more",
        geometry_type="LineString", crs="EPSG:4326", append=True,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("name", "make"),
    [
        # GDAL would follow these to other files, or to the internet.
        ("x.shp", _text("x.shp", b'<OGRVRTDataSource><OGRVRTLayer name="x"/></OGRVRTDataSource>')),
        ("x.gpkg", _text("x.gpkg", b'{"type": "gdal_streamed_alg", "command_line": "x"}')),
        ("x.geojson", _text("x.geojson", b'{"type": "gdal_streamed_alg", "command_line": "x"}')),
        ("x.kml", _text("x.kml", b"<kml/>")),
        ("x.geojson", _text("x.geojson", b"[1, 2]")),
        ("x.gpkg", _text("x.gpkg", b"SQLite format 3\x00" + b"\x00" * 200)),
        ("x.fgb", _text("x.fgb", b"fgb\x03fgb\x00" + b"\xff" * 200)),
        ("x.shp", _text("x.shp", b"\x00\x00\x27\x0a" + b"\xff" * 200)),
        ("gone.gpkg", lambda folder: None),
        ("x.gpkg", _view),
        ("x.gpkg", _two_layers),
    ],
)
def test_what_is_no_file_of_lines_is_one_clear_error(tmp_path, name, make):
    make(tmp_path)
    with pytest.raises(UnreadableError) as caught:
        read_shapes(tmp_path / name)
    assert name in caught.value.where


def test_points_alone_are_no_ground(tmp_path):
    path = tmp_path / "p.geojson"
    path.write_text('{"type": "Feature", "geometry": {"type": "Point", "coordinates": [1, 2]}}')
    with pytest.raises(UnreadableError, match="none of them a line"):
        read_shapes(path)


@pytest.fixture
def three() -> Cells:
    """Squares of 1 km beside one another, from (500000, 6170000) of UTM zone 21 south."""
    x = 500_000.0 + 1000.0 * np.arange(3)
    squares = shapely.box(x, 6_170_000.0, x + 1000.0, 6_171_000.0)
    return Cells.from_polygons(squares, ["a", "b", "c"], "EPSG:32721", source="made up")


def _degrees(shapes):
    from pyproj import Transformer

    back = Transformer.from_crs("EPSG:32721", "EPSG:4326", always_xy=True)
    return shapely.transform(shapes, lambda xy: np.column_stack(back.transform(*xy.T)))


def test_cells_are_named_by_the_streets_that_cross_them_else_by_the_nearest(three):
    lines = shapely.linestrings([
        [[500_100, 6_170_500], [500_900, 6_170_500]],  # 800 m in a
        [[500_200, 6_170_100], [500_200, 6_170_400]],  # 300 m in a
        [[500_300, 6_170_100], [500_300, 6_170_300]],  # 200 m in a
        [[500_400, 6_170_100], [500_400, 6_170_300]],  # the same street once more: 400 m in all
        [[500_000, 6_175_000], [503_000, 6_175_000]],  # 4 km from all
    ])  # fmt: skip
    streets = Streets(("Long", "Middle", "Short", "Short", "Far"), _degrees(lines))
    a, b, c = Gazetteer.of(three, None, streets).places
    assert (a.streets, a.streets_m) == (("Long", "Short"), 0.0)
    assert (b.streets, b.streets_m) == (("Long",), pytest.approx(100.0, abs=0.2))
    assert (c.streets, c.streets_m) == (("Long",), pytest.approx(1100.0, abs=0.2))
    alone = Gazetteer.of(three, None, Streets(("Far",), _degrees(lines[4:]))).places
    assert [(one.streets, one.streets_m) for one in alone] == [((), None)] * 3


def test_places_have_the_coordinates_and_the_zone_of_their_middle(three):
    west = shapely.box([499_000], [6_169_000], [501_600], [6_172_000])
    found = Gazetteer.of(three, Outlines(("West",), _degrees(west)))
    assert [one.zone for one in found.places] == ["West", "West", ""]
    exact = shapely.get_coordinates(shapely.centroid(three.lonlat_polygons()))
    for one, (lon, lat) in zip(found.places, exact.tolist(), strict=True):
        assert (one.lat, one.lon) == (round(lat, 4), round(lon, 4))


def test_the_middle_of_a_cell_of_two_parts_lies_in_it():
    parts = shapely.multipolygons([shapely.box([0.0, 3.0], 0, [1.0, 4.0], 1)])
    place = Gazetteer.at(["a"], parts).places[0]
    assert shapely.contains(parts[0], shapely.Point(place.lon, place.lat))
