"""Places inside a text, and places that are named: read by check and run as coordinates are."""

from __future__ import annotations

import json

import duckdb
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from veedor.errors import StudyError
from veedor.files.json_file import plain
from veedor.incidents import Category, Columns, Source, assess, propose, read
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


@given(st.text(max_size=30) | st.sampled_from(WAYS).map(lambda way: way.format(x=LON, y=LAT)))
def test_sql_reads_as_python_does(text):
    x, y = sql_point("v", x_first=False)
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
