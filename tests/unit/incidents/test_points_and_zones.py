"""Places inside a text, and places that are named: read by check and run as coordinates are."""

from __future__ import annotations

import json

import duckdb
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyproj import Transformer

from veedor.errors import StudyError
from veedor.files.json_file import plain
from veedor.incidents import Category, Columns, Source, assess, propose, read
from veedor.incidents.misplaced import require_places
from veedor.incidents.named_zones import NamedZones
from veedor.tables.points import read_point, sql_point

LON, LAT = -96.792965, 32.777875
WAYS = [
    "POINT ({x} {y})",
    "point({x} {y})",
    "SRID=4326;POINT Z ({x} {y} 12.5)",
    "({y}, {x})",
    "1400 MAIN ST\nDALLAS, TX 75201\n({y}, {x})",
    "{y}, {x}",
    "{y} {x}",
    '{{"type": "Point", "coordinates": [{x}, {y}]}}',
    "{{'latitude': '{y}', 'longitude': '{x}', 'human_address': '{{}}'}}",
    '{{"longitude": "{x}", "needs_recoding": false, "latitude": "{y}"}}',
]


def table(tmp_path, name, texts):
    path = tmp_path / "a.csv"
    quoted = ['"' + text.replace('"', '""') + '"' for text in texts]
    lines = [f"{n},2023-01-{n % 27 + 1:02d},Robbery,{text}" for n, text in enumerate(quoted)]
    path.write_text("\n".join([f"id,date,offense,{name}", *lines]) + "\n", encoding="utf-8")
    return path


def source(path, columns, crs="EPSG:32614", zone="America/Chicago", **more):
    return Source(
        paths=(str(path),),
        columns=Columns(time="date", id="id", category="offense", **columns),
        categories=(Category("Robbery", "reported"),),
        time_zone=zone,
        crs=crs,
        **more,
    )


@pytest.mark.parametrize("way", WAYS)
def test_a_place_inside_a_text_is_read(tmp_path, way):
    texts = [way.format(x=LON + n / 1000, y=LAT) for n in range(20)]
    path = table(tmp_path, "location", [*texts, "", "1400 MAIN ST"])
    proposal = propose([str(path)])
    assert proposal.column("point") == "location"
    assert proposal.time_zone == "America/Chicago"
    reading = read(source(path, {"point": "location"}))
    assert reading.tally.unlocated == {"no coordinates": 1, "coordinates not numbers": 1}
    assert reading.incidents.located.tolist() == [True] * 20 + [False] * 2
    east = np.diff(reading.incidents.x_m[:20])
    np.testing.assert_allclose(east, 93.7, rtol=0.01)  # a thousandth of a degree at 32.8 north
    assert read_point(texts[0]) == (LON, LAT)


ANGLES = (
    "34°36'12.5\"S 58°22'54\"W", "S 34° 36' 12\", O 58° 22' 54\"", "(34°36'S; 58°22'W)",
    "34°36'S 58°70'W", "-34,6037; -58,3816", "[-34.6037, -58.3816]", "12 S 34 E",
)  # fmt: skip


@given(
    st.text(max_size=30) | st.sampled_from([*(way.format(x=LON, y=LAT) for way in WAYS), *ANGLES])
)
def test_sql_reads_as_python_does(text):
    x, y = sql_point("v")
    with duckdb.connect() as connection:
        found = connection.execute(f"SELECT {x}, {y} FROM (SELECT ?::VARCHAR AS v)", [text])
        assert (read_point(text) or (None, None)) == found.fetchone()


def test_pairs_that_cannot_be_latitude_first_are_longitude_first(tmp_path):
    path = table(tmp_path, "where", [f"({LON + n / 1000}, {LAT})" for n in range(20)])
    assert read(source(path, {"point": "where"})).incidents.located.all()


def zones():
    names = ["Ñuñoa", "San José (centro)", "007", "MCKINLEY"]
    return NamedZones(names, np.arange(4.0) * 1000 + 5e5, np.full(4, 6e6))


def test_zones_are_matched_without_case_accents_and_first_zeros(tmp_path):
    path = table(tmp_path, "comuna", ["NUNOA", "san jose, Centro", "7", "McKinley", "Talca", ""])
    reading = read(source(path, {"zone": "comuna"}, "EPSG:32719", zones=zones()))
    assert reading.incidents.x_m[:4].tolist() == [500000.0, 501000.0, 502000.0, 503000.0]
    assert reading.tally.unlocated == {"zone that is none of the study's": 1, "no coordinates": 1}
    assert plain(assess(reading).places.other_zones) == [{"value": "Talca", "count": 1}]
    json.dumps(plain(assess(reading)), allow_nan=False)


def test_zones_of_one_name_are_refused():
    with pytest.raises(StudyError, match="differ by more"):
        NamedZones(["San Jose", "SAN JOSÉ"], np.zeros(2), np.zeros(2))


def test_a_column_of_zones_needs_zones(tmp_path):
    path = table(tmp_path, "comuna", ["Ñuñoa"])
    with pytest.raises(StudyError, match="must come with the zones"):
        source(path, {"zone": "comuna"})


def test_a_place_is_given_once():
    with pytest.raises(StudyError, match="given once"):
        Columns(time="t", point="p", latitude="a", longitude="b")


def recorded(folder, header, rows):
    path = folder / "r.csv"
    lines = [f"{n};2023-0{n % 9 + 1}-1{n % 10} 1{n % 10}:0{n % 7};robo;{row}" for n, row in rows]
    path.write_text("\n".join([f"id;fecha;tipo;{header}", *lines]) + "\n", encoding="utf-8")
    return path


def here(n):
    """A place in Buenos Aires of the n-th row."""
    return -34.6 - n / 10_000, -58.4 - n / 10_000


def angle(degrees, letters):
    whole, rest = divmod(abs(degrees), 1)
    minutes, rest = divmod(rest * 60, 1)
    return f"{whole:.0f}°{minutes:02.0f}'{rest * 60:05.2f}''{letters[degrees < 0]}"


PLACES = {
    "angles": ("latitud;longitud", lambda y, x: f"{angle(y, 'NS')};{angle(x, 'EO')}"),
    "letters": ("lat;lon", lambda y, x: f"{-y:.6f} S;{-x:.6f} W"),
    "angles in one": ("coordenadas", lambda y, x: f"{angle(y, 'NS')} {angle(x, 'EW')}"),
    "commas in one": ("ubicacion", lambda y, x: f"{y:.6f}, {x:.6f}".replace(".", ",")),
    "brackets": ("ubicacion", lambda y, x: f"[{y:.6f}, {x:.6f}]"),
    "longitude first": ("ubicacion", lambda y, x: f"{x:.6f},{y:.6f}"),
    "well-known and turned": ("ubicacion", lambda y, x: f"POINT ({y:.6f} {x:.6f})"),
}  # fmt: skip


@pytest.mark.parametrize(("header", "way"), PLACES.values(), ids=PLACES)
def test_places_are_proposed_and_read_however_people_write_them(tmp_path, header, way):
    path = recorded(tmp_path, header, [(n, way(*here(n))) for n in range(60)])
    proposal = propose([str(path)])
    assert (proposal.time_zone, proposal.crs) == ("America/Argentina/Buenos_Aires", "EPSG:32721")
    incidents = read(proposal.source([str(path)])).incidents
    to_degrees = Transformer.from_crs("EPSG:32721", "EPSG:4326", always_xy=True)
    lon, lat = to_degrees.transform(incidents.x_m, incidents.y_m)
    wanted = np.array([here(n) for n in range(60)])
    np.testing.assert_allclose(np.column_stack((lat, lon)), wanted, atol=3e-6)


@pytest.mark.parametrize("way", ["{:.0f};{:.0f}", "{:,.0f};{:,.0f}"])
def test_degrees_that_lost_their_mark_are_said_to_have(tmp_path, way):
    rows = [(n, way.format(*(axis * 1e6 for axis in here(n))).replace(",", ".")) for n in range(60)]
    proposal = propose([str(recorded(tmp_path, "lat;lon", rows))])
    assert "no decimal mark" in proposal.notes[0]
    assert proposal.time_zone is None


def test_metres_below_headers_that_say_degrees_did_not_lose_a_mark(tmp_path):
    rows = [(n, f"{6_165_758 + n};{366_700 + n}") for n in range(60)]
    proposal = propose([str(recorded(tmp_path, "lat;lon", rows))])
    assert "not in degrees" in proposal.notes[0]


def cause(folder, rows):
    path = recorded(folder, "lat;lon", rows)
    proposal = propose([str(path)])
    with pytest.raises(StudyError) as told:
        require_places(read(proposal.source([str(path)])))
    return told.value


def test_rows_that_lost_their_mark_among_others_are_told_so(tmp_path):
    rows = [
        (n, "{};{}".format(*(int(axis * 1e6) if n % 5 == 0 else axis for axis in here(n))))
        for n in range(60)
    ]
    assert "lost their decimal mark" in cause(tmp_path, rows).found


def test_where_only_some_rows_are_exchanged_the_columns_are_not(tmp_path):
    rows = [(n, "{};{}".format(*(here(n)[:: -1 if n % 5 == 0 else 1]))) for n in range(60)]
    told = cause(tmp_path, rows)
    assert "exchanged" in told.found
    assert "of those rows" in told.remedy
    assert "the two columns" not in told.remedy
