"""Places that a record names, their dates, and what the cover of its page says of them."""

from __future__ import annotations

import csv

import msgspec
import numpy as np
import pytest

from veedor.patterns.findings import Asked, Findings
from veedor.patterns.named_places import named_places, write_named
from veedor.patterns.of_times import EmergingCounts, _since
from veedor.report.pattern_cover import named_for_the_page
from veedor.report.words import words_in
from veedor.report.words.pattern_cover import what
from veedor.spacetime import Gazetteer, Place

GAZETTEER = Gazetteer(
    tuple(Place(name, -34.6, -58.4, "Boedo", ("Colombres",), 0.0) for name in "abcd")
)
COLUMNS = {
    "recorded": np.array([5, 9, 9, 1]),
    "hot_spot": np.array([1, 1, 0, -1]),
    "q_value": np.array([0.01, 0.02, 0.5, 0.01]),
    "hot_class": np.array(["none", "new", "rising", "falling"]),
    "hot_since": np.array(["", "2022-12-01", "", ""]),
    "trend_q_value": np.array([np.nan, 0.4, 0.01, 0.01]),
    "trend_change_a_year": np.array([np.nan, 0.1, 0.8, -0.5]),
}


def test_hot_spots_and_what_emerges_are_named_with_most_recorded_first_and_nothing_else():
    found = named_places("robo", COLUMNS, GAZETTEER)
    told = [(one.kind, one.rank, one.place.cell_id, one.recorded) for one in found]
    assert told == [
        ("hot_spot", 1, "b", 9),
        ("hot_spot", 2, "a", 5),
        ("emerging", 1, "b", 9),
        ("emerging", 2, "c", 9),
    ]
    assert {one.recorded_in_all for one in found} == {24}
    assert [one.q_value for one in found] == [0.02, 0.01, 0.4, 0.01]
    assert [one.change_a_year for one in found] == [None, None, 0.1, 0.8]


def test_a_short_record_has_hot_spots_and_nothing_that_emerges():
    few = {name: COLUMNS[name] for name in ("recorded", "hot_spot", "q_value")}
    assert [(one.kind, one.since) for one in named_places("robo", few, GAZETTEER)] == [
        ("hot_spot", "")
    ] * 2


def test_since_is_the_first_step_of_the_last_run():
    hot = np.array([[1, 1, 0, 0], [0, 1, 1, 0], [1, 1, 0, 0], [1, 1, 0, 1]], dtype=bool)
    assert _since(hot).tolist() == [2, 0, -1, 3]


def test_only_what_has_a_date_is_said_to_be_since_then():
    hot_b, hot_a, new, rising = named_places("robo", COLUMNS, GAZETTEER)
    words = words_in("en")
    monthly, weekly = (
        EmergingCounts(step, 12, ("2022-01-01", "2022-12-01"), {}, {}, (), 1.0, None)
        for step in ("month", "week")
    )
    assert what(words, hot_b, monthly) == "hot spot since December 2022"
    assert what(words, hot_a, monthly) == "hot spot"
    assert what(words, new, weekly) == "new hot spot since 1 December 2022"
    assert what(words, rising, monthly) == "rising in the whole record"


def test_a_hot_spot_in_the_first_step_may_be_older_than_the_record():
    hot_b, *_ = named_places("robo", COLUMNS, GAZETTEER)
    begins = EmergingCounts("month", 12, ("2022-12-01", "2023-01-01"), {}, {}, (), 1.0, None)
    assert what(words_in("en"), hot_b, begins) == "hot spot since December 2022 or before"


def asked(*kinds):
    """Every question that names a place, of which some found a pattern."""
    every = ("hot_spots", "hot_spots_of_single_steps", "trends_of_places")
    each = tuple(Asked(kind, "robo", 0.001, 0.01, kind in kinds) for kind in every)
    return msgspec.defstruct("Made", ["findings"])(Findings(len(each), each))


@pytest.mark.parametrize(
    ("kinds", "told"),
    [
        ((), []),
        (("hot_spots",), ["hot spot", "hot spot"]),
        (("trends_of_places",), ["rising in the whole record"]),
        (("hot_spots_of_single_steps",), ["new hot spot since December 2022"]),
        (
            ("hot_spots", "hot_spots_of_single_steps"),
            ["hot spot since December 2022", "hot spot", "new hot spot since December 2022"],
        ),
    ],
)
def test_a_cover_names_no_place_by_a_test_that_the_page_as_a_whole_does_not_name(kinds, told):
    """Else a page of a record without that pattern would name places of it more often than said."""
    monthly = EmergingCounts("month", 12, ("2022-01-01",), {}, {}, (), 1.0, None)
    found = named_for_the_page(asked(*kinds), named_places("robo", COLUMNS, GAZETTEER), "robo")
    assert [what(words_in("en"), one, monthly) for one in found] == told
    rising_and_hot = {**COLUMNS, "hot_class": np.array(["none", "intensifying", "none", "none"])}
    named = named_for_the_page(
        asked(*kinds), named_places("robo", rising_and_hot, GAZETTEER), "robo"
    )
    assert not [one for one in named if one.kind == "emerging"]  # neither of its tests is enough


def test_the_table_of_named_places_has_a_row_each(tmp_path):
    found = named_places("=robo()", COLUMNS, GAZETTEER)
    write_named(found, tmp_path / "n.csv")
    with (tmp_path / "n.csv").open(newline="") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == 4
    assert rows[0]["category"] == "'=robo()"
    assert (rows[0]["cell_id"], rows[0]["zone"], rows[0]["streets"]) == ("b", "Boedo", "Colombres")
    assert rows[1]["since"] == ""
