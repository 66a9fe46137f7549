"""Zones to find a map by: their names from the file, and which zone a cell lies in."""

from __future__ import annotations

import json

import pytest

from veedor.errors import StudyError
from veedor.spacetime import Outlines


def write(path, *properties):
    square = [[0, 0], [1, 0], [1, 1], [0, 1], [0, 0]]
    features = [
        {
            "type": "Feature",
            "properties": given,
            "geometry": {"type": "Polygon", "coordinates": [[[x + k, y] for x, y in square]]},
        }
        for k, given in enumerate(properties)
    ]
    path.write_text(json.dumps({"type": "FeatureCollection", "features": features}))
    return path


@pytest.mark.parametrize(
    ("properties", "names"),
    [
        (({"id": 1, "name": "A"}, {"id": 2, "name": None}), ("A", "")),
        (({"id": 1, "name": "A"}, {"id": 2}), ("1", "2")),
        (({"name": "A"}, {"id": 2}), ("", "")),
    ],
    ids=["name", "id, as one lacks a name", "neither"],
)
def test_names_are_those_that_every_zone_has(tmp_path, properties, names):
    assert Outlines.read(write(tmp_path / "zones.geojson", *properties)).names == names


def test_the_property_asked_for_is_taken_and_must_be_there(tmp_path):
    path = write(tmp_path / "zones.geojson", {"barrio": "Sur", "name": "x"}, {"barrio": "Norte"})
    assert Outlines.read(path, "barrio").names == ("Sur", "Norte")
    with pytest.raises(StudyError, match="Did you mean 'barrio'"):
        Outlines.read(path, "bario")
    with pytest.raises(StudyError, match="1 of 2 zones without 'name'"):
        Outlines.read(path, "name")
