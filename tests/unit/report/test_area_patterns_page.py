"""The page on patterns of area counts: what it may say, what it must not, in both languages."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from typing import Any

import numpy as np
import pytest
from tests.made_areas import area_counts, outlines, populations

from veedor.areas import SeriesBreak
from veedor.errors import phrase
from veedor.patterns.areas import AreaGround, AreaPatternSettings
from veedor.progress import Silent
from veedor.report import area_charts as charts
from veedor.report.area_patterns import cover, document
from veedor.report.area_sections import hidden_areas, names_of, sections_of
from veedor.report.document import rendered
from veedor.report.drawn_maps import Drawing
from veedor.report.words import area_sections as text
from veedor.report.words import words_in
from veedor.study.area_patterns import AreasDescribed, describe_areas

EN = words_in("en")
SETTINGS = AreaPatternSettings(permutations=99, simulations=99)
MONTHS, AREAS = 84, 9


def counts(seed: int = 3) -> np.ndarray:
    """Nine areas of two offences, of which the first rises by half a year in area 02."""
    values = np.random.default_rng(seed).poisson(20.0, (MONTHS, 2, AREAS))
    years = np.arange(MONTHS) / 12
    values[:, 0, 1] = np.random.default_rng(4).poisson(15 * 1.4**years)
    return values


def described(folder: Any, values: np.ndarray | None = None, **more: Any) -> AreasDescribed:
    """What is found in made-up counts, with outlines and people unless others are given."""
    given = {"populations": populations(np.full(AREAS, 5e4)), "cells": outlines(AREAS, 3)} | more
    record = given.pop("record", None) or area_counts(counts() if values is None else values)
    ground = AreaGround(record, **given)
    return describe_areas(ground, ["o0", "o1"], SETTINGS, "A made-up region", folder, Silent())


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> AreasDescribed:
    return described(tmp_path_factory.mktemp("areas"))


def section(made: AreasDescribed, title: str) -> Any:
    drawing = None if made.ground.cells is None else Drawing(made.ground.cells.lonlat_polygons())
    found = [one for one in sections_of(made, EN, drawing) if one.title.startswith(title)]
    assert len(found) == 1
    return found[0]


@pytest.mark.parametrize("language", ["en", "es"])
def test_the_page_is_written_whole_without_numbers_that_are_none(made, language):
    page = rendered(document(made, words_in(language)), language)
    shown = re.sub(r"<style.*?</style>|<script.*?</script>|<path[^>]*>", "", page, flags=re.DOTALL)
    assert not re.search(r"\b(nan|None|inf)\b", shown)
    assert "mathdefault" not in shown


def test_the_finding_names_the_offence_and_only_the_directions_that_are_shown(made):
    said = cover(made, EN, None).finding
    assert said.startswith(
        "offence 0: what was recorded rose in 1 of 9 areas, January 2014 to December 2020"
    )
    assert said.endswith("a fall is shown of none")


def test_level_counts_name_nothing_and_do_not_say_that_nothing_changed(tmp_path):
    level = np.random.default_rng(6).poisson(20.0, (MONTHS, 2, AREAS))
    first = cover(described(tmp_path, level), EN, None)
    assert first.finding == "No rise, fall or shift of level is shown of any area"
    assert "none names anything" in first.because
    assert first.tone == "open"


def test_areas_stand_in_the_order_of_the_publication_and_none_is_ranked(made):
    for title in (text.TRENDS, text.RATES):
        for table in section(made, title).behind:
            codes = [row[0] for row in table.rows if row[0] != "all areas together"]
            assert codes == sorted(codes), table.caption


def test_without_populations_there_is_no_rate_no_funnel_and_it_says_why(tmp_path):
    bare = described(tmp_path, populations=None)
    for title in (text.RATES, text.FUNNELS, text.NEIGHBOURS):
        assert section(bare, title).sentences == [text.NO_POPULATION]
        assert not section(bare, title).tables
    assert "per 100,000" not in rendered(document(bare, EN)).split("<body")[1].replace(
        text.NO_POPULATION, ""
    )


def test_without_outlines_nothing_is_said_of_neighbours_and_no_map_is_drawn(tmp_path):
    bare = described(tmp_path, cells=None)
    assert section(bare, text.NEIGHBOURS).sentences == [text.NO_OUTLINES]
    assert not section(bare, text.RATES).figures
    first = cover(bare, EN, None)
    assert first.picture is not None
    assert "course" in first.picture.finding


def test_rates_name_who_says_how_many_people_there_are(made):
    assert "People by census office, 2013 projections." in section(made, text.RATES).sentences
    assert "census office, 2013 projections" in (cover(made, EN, _drawing(made)).picture.about)


def _drawing(made: AreasDescribed) -> Drawing:
    assert made.ground.cells is not None
    return Drawing(made.ground.cells.lonlat_polygons())


def test_what_is_lower_after_a_gap_is_asked_about_and_never_called_a_fall(tmp_path):
    values = counts()
    values[50:, 1, 4] //= 5
    missing = np.zeros(values.shape, bool)
    missing[45:50, 1, 4] = True
    made = described(tmp_path, record=area_counts(values, missing=missing))
    shifts = [
        row
        for table in section(made, text.TRENDS).behind
        if table.caption == "offence 1: level shifts"
        for row in table.rows
        if row[0] == "Area 05"
    ]
    assert [row[-1] for row in shifts] == ["not reported?"]
    runs = section(made, text.LEFT_OUT).behind[0].rows
    assert runs == [["Area 05", "2017-10", "2018-02", "5", "not reported"]]


def test_a_break_is_named_with_what_changed_and_who_says_so(tmp_path):
    what = phrase("Femicide is counted apart.")
    told = SeriesBreak(date(2019, 1, 1), what, "its publisher", ("o0",))
    made = described(tmp_path, record=area_counts(counts(), breaks=(told,)))
    said = [one for one in section(made, text.TRENDS).sentences if "means something else" in one]
    assert said == [
        "offence 0 means something else from 1 January 2019 on (its publisher): Femicide is "
        "counted apart. No trend crosses that day; January 2014 to December 2018 is described."
    ]


def test_the_areas_outside_of_the_funnel_are_those_of_its_table_and_its_marks(tmp_path):
    values = counts()
    values[-12:, 1, 7] = 60
    made = described(tmp_path, values, populations=populations(np.full(AREAS, 5e4)))
    of = made.found.offences[1].rates
    assert of is not None
    outside = [names_of(made)[one.area] for one in of.areas if one.position in ("above", "below")]
    table = section(made, text.FUNNELS).tables[1]
    assert [row[1] for row in table.rows if row[0] == "offence 1"] == outside
    for row in table.rows:
        assert row[2] in ("above the 99.8% limits", "below the 99.8% limits")


def test_files_hold_a_row_an_offence_and_area_and_name_what_was_left_out(made):
    rates = (made.folder / "rates.csv").read_text(encoding="utf-8").splitlines()
    series = (made.folder / "series.csv").read_text(encoding="utf-8").splitlines()
    assert len(rates) == 1 + 2 * AREAS
    assert len(series) == 1 + 2 * (AREAS + 1)
    assert (made.folder / "patterns.json").exists()
    assert replace(made, folder=made.folder).found.title == "A made-up region"


def test_small_counts_stand_in_no_table_and_no_sum_gives_them_back(tmp_path):
    values = np.random.default_rng(9).poisson(20.0, (MONTHS, 2, AREAS))
    values[:, 1, 2] = 0
    values[-3, 1, 2] = 4
    made = described(tmp_path, values)
    tables = {table.caption: table.rows for table in section(made, text.RATES).behind}
    rows = next(rows for caption, rows in tables.items() if caption.startswith("offence 1"))
    hidden = [row for row in rows if row[1] == "hidden"]
    assert "Area 03" in [row[0] for row in hidden]
    assert len(hidden) >= 2  # one alone would be the rest of what is said of all
    assert all(cell == "" for row in hidden for cell in row[3:])
    of = made.found.offences[1].rates
    assert of is not None
    told = charts.funnel(EN, made.found.offences[1], names_of(made), "f", hidden_areas(of))
    assert f"{len(hidden)} with small counts are not drawn" in told
