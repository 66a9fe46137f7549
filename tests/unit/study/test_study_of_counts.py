"""A study of counts by area: what study.toml must say, before any data is read."""

from __future__ import annotations

import re

import pytest

from veedor.errors import StudyError
from veedor.forecasters import DEFAULT_FORECASTERS_OF_COUNTS
from veedor.study.config import parse_study

COUNTS = """
[counts]
files = ["a.csv", "b.csv"]
layout = "long"
unit = "facts"
time_zone = "America/Argentina/Buenos_Aires"
crs = "EPSG:32721"

[counts.published]
"a.csv" = 2024-03-20
"""
TEXT = f"""
[study]
title = "Counts"
{COUNTS}
[[categories]]
name = "robbery"
known_by = "reported"

[cells]
shape = "polygon"
file = "areas.geojson"
id = "code"

[periods]
length = "1 month"
history_from = 2020-01-01
until = 2024-01-01
origins = 3

[forecasters]
use = ["PriorCounts"]
"""
INCIDENTS = """
[incidents]
files = ["incidents.csv"]
time_zone = "America/Argentina/Buenos_Aires"
crs = "EPSG:32721"
"""


def test_a_study_of_counts_has_its_own_time_zone_and_crs():
    study = parse_study(TEXT.encode())

    assert study.incidents is None and study.layout is None
    assert study.recorded.crs == "EPSG:32721"
    assert str(study.until) == "2024-01-01T03:00:00.000000"  # midnight in Buenos Aires
    assert study.counts is not None and study.counts.published == {"a.csv": "2024-03-20"}


@pytest.mark.parametrize(("there", "found"), [(INCIDENTS + COUNTS, "both"), ("", "neither")])
def test_a_study_is_of_one_kind_of_record(there, found):
    with pytest.raises(StudyError, match=rf"single incidents.*counts by area.*{found}"):
        parse_study(TEXT.replace(COUNTS, there).encode())


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ('id = "code"\n', "", r"outlines of the areas as cells.*id None"),
        (
            'shape = "polygon"\nfile = "areas.geojson"\nid = "code"',
            "size_m = 500",
            r"outlines of the areas as cells.*'square'",
        ),
        ("[periods]", '[area]\nlines = "roads.gpkg"\n\n[periods]', r"single incidents.*lines"),
        (
            '["PriorCounts"]',
            '["NearRepeat", "PastMean"]',
            r"counts only.*NearRepeat, which",
        ),
        ("[periods]", "[patterns]\nnear_repeat_days = [7]\n\n[periods]", r"near_repeat_days"),
        ("2024-03-20", '"March"', r"published must be a local date|publication must be a local"),
        ('"a.csv" = 2024', '"c.csv" = 2024', r"one of the files under.*c\.csv"),
        ('["a.csv", "b.csv"]', "[]", r"must have a file"),
    ],
)
def test_what_counts_by_area_cannot_be_with_is_refused_by_name(old, new, told):
    text = TEXT.replace(old, new, 1)
    assert text != TEXT
    with pytest.raises(StudyError, match=re.compile(told, re.DOTALL)):
        parse_study(text.encode())


def test_a_study_of_counts_that_names_no_forecaster_has_those_of_counts():
    study = parse_study(TEXT.split("[forecasters]")[0].encode())

    assert study.forecaster_names == DEFAULT_FORECASTERS_OF_COUNTS


def test_a_lead_of_days_is_kept_before_a_month_of_counts():
    text = TEXT.replace("origins = 3", 'origins = 3\nlead = "5 days"')
    study = parse_study(text.encode())

    assert str(study.cutoff(study.until)) == "2023-12-27T03:00:00.000000"


def test_what_needs_single_incidents_says_so(tmp_path):
    with pytest.raises(StudyError, match="needs single incidents"):
        parse_study(TEXT.encode()).source(tmp_path)


def test_an_unknown_time_zone_is_said_of_its_section():
    with pytest.raises(StudyError, match=r"\[counts\]"):
        parse_study(TEXT.replace("America/Argentina/Buenos_Aires", "Nowhere", 1).encode())
