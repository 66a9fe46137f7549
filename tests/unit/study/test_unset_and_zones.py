"""What waits to be set is said at once; a record of zones is checked on its own zones."""

from __future__ import annotations

import json
from importlib import resources

import pytest
from tests.asking import ask

from veedor.errors import StudyError
from veedor.files.json_file import plain
from veedor.study.config import parse_study
from veedor.tasks import check, init


@pytest.fixture
def record(tmp_path):
    path = tmp_path / "a.csv"
    lines = [
        f"2023-{n % 12 + 1:02d}-{n % 27 + 1:02d},Robbery,{('NUNOA', 'Maipú')[n % 2]}"
        for n in range(400)
    ]
    path.write_text("\n".join(["date,offense,comuna", *lines, "2023-05-05,Robbery,Talca"]) + "\n")
    return path


def test_all_that_waits_to_be_set_is_said_at_once(tmp_path, record):
    made = ask(init, study=tmp_path / "s", incidents=(record,)).results
    assert made.proposal.notes[0].startswith("No place was found")
    with pytest.raises(StudyError) as error:
        parse_study(made.path.read_bytes())
    for name in ("time_zone", "crs", "latitude and longitude", "history_from", "until"):
        assert name in error.value.found


def test_a_record_of_zones_is_counted_by_zone(tmp_path, record):
    folder = tmp_path / "s"
    folder.mkdir()
    features = [
        {
            "type": "Feature",
            "properties": {"nombre": name},
            "geometry": {
                "type": "Polygon",
                "coordinates": [[[x, y], [x + w, y], [x + w, y + w], [x, y + w], [x, y]]],
            },
        }
        for name, x, y, w in (("Ñuñoa", -70.62, -33.47, 0.04), ("MAIPU", -70.80, -33.53, 0.05))
    ]
    (folder / "zones.geojson").write_text(
        json.dumps({"type": "FeatureCollection", "features": features})
    )
    text = """
[study]
title = "zones"
[incidents]
files = ["../a.csv"]
time_zone = "America/Santiago"
crs = "EPSG:32719"
[incidents.columns]
date = "date"
category = "offense"
zone = "comuna"
[[categories]]
name = "Robbery"
known_by = "reported"
[cells]
shape = "polygon"
file = "zones.geojson"
id = "nombre"
[periods]
length = "1 month"
history_from = 2023-01-01
until = 2024-01-01
origins = 2
"""
    (folder / "study.toml").write_text(text, encoding="utf-8")
    checked = ask(check, study=folder)
    assert checked.hindrances == ()
    places = checked.results.places
    assert places.located.numerator == 400
    assert places.outside_area.numerator == 0
    assert plain(places.other_zones) == [{"value": "Talca", "count": 1}]
    (folder / "study.toml").write_text(text.replace('id = "nombre"', ""), encoding="utf-8")
    with pytest.raises(StudyError, match="must have the zones as cells"):
        ask(check, study=folder)
    both = text.replace('zone = "comuna"', 'zone = "comuna"\nlatitude = "lat"\nlongitude = "lon"')
    assert parse_study(text.encode()).source(folder).zones is not None
    assert parse_study(both.encode()).source(folder).zones is None  # coordinates say the place


def test_names_of_zones_need_zones():
    demo = resources.files("veedor.demo").joinpath("study.toml").read_text(encoding="utf-8")
    text = demo.replace('zones = "zones.geojson"', 'zones = "zones.geojson"\nzone_names = "name"')
    assert parse_study(text.encode()).area.zone_names == "name"
    with pytest.raises(StudyError, match="zone_names without zones"):
        parse_study(text.replace('zones = "zones.geojson"', "", 1).encode())
