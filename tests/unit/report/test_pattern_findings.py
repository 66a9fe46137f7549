"""What the first lines of a page of patterns say, where they say it, and where not."""

from copy import deepcopy

import msgspec
import numpy as np
import pytest

from veedor.patterns import CategoryPatterns, Changes, Clock, DatedShift, NearRepeats, Patterns
from veedor.patterns.changes import ShiftedSeries, Watched
from veedor.patterns.findings import findings
from veedor.patterns.of_places import PlaceHotSpots, RateHotSpots, SpanConcentration
from veedor.patterns.of_times import (
    BeforeAfter,
    EmergingCounts,
    MapChangeCounts,
    Seasons,
    Trends,
)
from veedor.patterns.seasons import Effect
from veedor.report.words import words_in
from veedor.report.words.pattern_cover import finding as cover_finding
from veedor.report.words.patterns import COUNTED, NAMED, points
from veedor.statistics.codes import Denominator, Finding
from veedor.statistics.estimates import Estimate
from veedor.statistics.estimates import TestResult as HypothesisTest

_KNOX = [[0.9, 0.9], [0.9, 0.9]]
_BETWEEN = {
    "low": 1.2,
    "high": 1.6,
    "value": 1.4,
    "level": 0.95,
    "n": 90,
    "denominator": Denominator("incidents"),
}


@pytest.fixture
def results():
    """Every question asked once, none with an answer."""
    shift = {
        "week": "2023-05-01",
        "ratio": 1.4,
        "low": 1.2,
        "high": 1.6,
        "signs": [Finding("category_shifted_back", {"category": "no place"})],
    }
    one = {
        "name": "theft",
        "concentration": [
            {
                "incidents": 900,
                "holding": {"0.5": {"value": 0.1}},
                "chance": {"0.5": {"mean": 0.4}},
                "test": {"p_value": 0.5},
            }
        ],
        "hot_spots": {
            "p_value": 0.5, "hot": 4, "cold": 1, "tested": 90, "recorded": 900,
            "recorded_in_hot": 300,
            "rates": {"p_value": 0.5, "of": "residents", "hot": 2, "cold": 0, "tested": 80},
        },
        "near_repeats": {
            "p_value": deepcopy(_KNOX),
            "ratio": [[1, 1], [1, 1.5]], "low": [[1, 1], [1, 1.3]], "high": [[1, 1], [1, 1.8]],
            "seasonal_high": [[1, 1], [1, 1.1]],
            "distances_m": (1.0, 100.0), "days": (0, 7),
        },
        "emerging": {
            "step": "month", "steps": 24, "steps_p_value": 0.5, "hot_by_step": [0, 2],
            "trends": {"p_value": 0.5, "rising": 3, "falling": 0, "tested": 70},
        },
        "seasons": {
            "clock": {"q_value": [0.5, 0.5, np.nan]},
            "effects": [
                {
                    "name": "monday", "ratio": 1.4, "p_value": 0.5, "q_value": 0.5, "low": 1.2,
                    "high": 1.6,
                }
            ],
        },
        "map_change": {
            "p_value": 0.5, "base": ["2022-01-01"], "test": ["2023-01-01"],
            "places_rose": 2, "places_fell": 1, "places_tested": 80,
        },
        "before_after": {"test": {"p_value": 0.5}, "total": _BETWEEN},
    }  # fmt: skip
    series = {"category": "theft", "p_value": 0.5, "shifts": [shift]}
    return {
        "categories": [one],
        "changes": {
            "seasonal": True,
            "categories": [series],
            "areas": [{**series, "area": "r1c1"}],
            "recording": [
                {
                    "of_recording": Finding("share_without_a_place"),
                    "p_value": 0.5,
                    "shifts": [shift],
                }
            ],
        },
        "watch": {"p_value": 0.5, "weeks": ["w"] * 26, "alarms": 9, "false_alarms_expected": 1.0,
                  "baseline_weeks": 104},
    }  # fmt: skip


#: Name of what is made -> its type; what a test does not give is None.
_TYPES = {
    "concentration": SpanConcentration,
    "hot_spots": PlaceHotSpots,
    "rates": RateHotSpots,
    "near_repeats": NearRepeats,
    "emerging": EmergingCounts,
    "trends": Trends,
    "seasons": Seasons,
    "clock": Clock,
    "effects": Effect,
    "map_change": MapChangeCounts,
    "before_after": BeforeAfter,
    "total": Estimate,
    "test": HypothesisTest,
    "watch": Watched,
    "changes": Changes,
    "recording": ShiftedSeries,
    "areas": ShiftedSeries,
    "shifts": DatedShift,
    "holding": dict,
    "chance": dict,
}


def _typed(value, name=""):
    """Make the results of a tree of dictionaries; those of `_TYPES` are of their types."""
    if isinstance(value, dict):
        made = {key: _typed(one, key) for key, one in value.items()}
        kind = _TYPES.get(name)
        if name == "categories":
            kind = CategoryPatterns if "hot_spots" in made else ShiftedSeries
        if kind is dict:
            return made
        if kind is None:
            return msgspec.defstruct("Made", list(made))(**made)
        missing = {field.name: None for field in msgspec.structs.fields(kind) if field.required}
        return kind(**missing | made)
    if isinstance(value, list):
        made = [_typed(one, name) for one in value]
        whole = bool(made) and isinstance(made[0], msgspec.Struct)
        return tuple(made) if whole else _array(made)
    return value


def _array(values):
    return np.array(values) if np.array(values).dtype.kind in "if" else values


def _found(results):
    categories = [_typed(one, "categories") for one in results["categories"]]
    changes, watch = _typed(results["changes"], "changes"), _typed(results["watch"], "watch")
    return Patterns(
        span=("2022-01-01", "2024-01-01"),
        cells=None,
        categories=tuple(categories),
        changes=changes,
        watch=watch,
        findings=findings(categories, changes, watch),
    )


def _said(results):
    return points(words_in("en"), _found(results))


def test_a_page_without_a_finding_names_none_and_does_not_say_that_there_is_none(results):
    first, category = _said(results)
    assert first.startswith("14 questions are asked of the record; 0 of them found a pattern")
    assert "in 5% of cases at most" in first
    assert "No pattern is shown that chance alone would not give." in category
    assert "Not shown, which is not the same as absent: concentration, hot spots" in category
    assert not any(word in category for word in ("concentrated", "shifted", "cells rose"))


def test_every_question_has_words_and_is_asked_once(results):
    kinds = [one.kind for one in _found(results).findings.each if one.category == "theft"]
    assert sorted(kinds) == sorted([*NAMED, *COUNTED])


_PLACES = {
    "concentration": (("concentration", 0, "test"), "half of them were in 10% of the cells"),
    "hot_spots": (("hot_spots",), "4 of 90 cells are hot spots, with 300 of 900 incidents"),
    "hot_spots_by_rate": (("hot_spots", "rates"), "By residents, 2 of 80 cells"),
    "trends_of_places": (("emerging", "trends"), "3 of 70 cells rose and 0 fell"),
    "kinds_of_day": (("seasons", "effects", 0), "Monday (1.4 times, 1.2 to 1.6)"),
    "change_of_the_map": (("map_change",), "2 of 80 cells rose and 1 fell"),
    "before_and_after": (("before_after", "test"), "1.4 (95% interval 1.2 to 1.6"),
}


@pytest.mark.parametrize("kind", list(_PLACES))
def test_a_finding_is_told_where_it_holds_for_the_whole_page_and_not_at_5_percent(results, kind):
    path, words = _PLACES[kind]
    for p_value, told in ((0.04, False), (0.004, False), (0.003, True)):
        place = results["categories"][0]
        for step in path:
            place = place[step]
        place["p_value"] = p_value
        if "q_value" in place:
            place["q_value"] = p_value
        category = _said(results)[1]
        assert (words in category) == told, (p_value, category)
        others = category.partition("Not shown, which is not the same as absent: ")[2]
        assert (f"{kind.replace('_', ' ')}," in others.replace("and level", ",")) != told


def test_pairs_that_seasons_alone_would_give_are_told_as_such(results):
    knox = results["categories"][0]["near_repeats"]
    knox["p_value"][1][1] = 0.001
    assert "more than the 1.1 that a plain seasonal record gives at most" in _said(results)[1]
    knox["seasonal_high"][1][1] = 1.7
    assert "seasons that differ between districts alone give up to 1.7" in _said(results)[1]


def test_shifts_of_categories_areas_and_the_recording_are_told_apart(results):
    changes = results["changes"]
    changes["categories"][0]["p_value"] = 0.0001
    assert "Its level shifted in the week from 1 May 2023 to 1.4 times" in _said(results)[1]
    assert "signs of recording (code: no place)" in _said(results)[1]
    assert "larger areas" not in _said(results)[1].partition("Not shown")[0]
    changes["areas"][0]["p_value"] = 0.0001
    assert "1 of 1 larger areas have a level shift" in _said(results)[1]
    assert len(_said(results)) == 2
    changes["recording"][0]["p_value"] = 0.0001
    assert _said(results)[2].startswith("The recording changed: the share of incidents without a")
    results["watch"]["p_value"] = 0.001
    assert (
        "alarmed 9 times, where a record without a change gives 1 on average" in _said(results)[3]
    )


def test_where_a_season_looks_like_a_shift_or_an_alarm_the_first_lines_say_so(results):
    results["changes"]["categories"][0]["p_value"] = results["watch"]["p_value"] = 0.0001
    assert "season" not in "".join(_said(results))
    results["changes"]["seasonal"] = False
    results["watch"]["baseline_weeks"] = 26
    _, category, watch = _said(results)
    assert "shorter than a year, and in such a record a season looks the same" in category
    assert watch.endswith("so a season alarms like any other rise.")


def test_hours_that_differ_are_counted(results):
    results["categories"][0]["seasons"]["clock"]["q_value"] = [0.0001, 0.5, np.nan]
    assert "1 of 3 hours of the week differ from the mean hour." in _said(results)[1]


def test_a_short_record_asks_fewer_questions(results):
    results["changes"] = results["watch"] = None
    results["categories"][0] |= {"near_repeats": None, "emerging": None, "map_change": None}
    results["categories"][0]["seasons"]["effects"] = None
    results["categories"][0]["before_after"] = None
    assert _found(results).findings.tests == 4


def _cover_of(results):
    results["categories"][0]["counted"] = {"recorded": 900}
    return cover_finding(words_in("en"), _found(results))


def test_a_cover_of_cold_spots_alone_does_not_say_that_no_place_stands_out(results):
    spots = results["categories"][0]["hot_spots"]
    spots["p_value"] = 0.0001
    assert _cover_of(results) == (
        "theft: 4 of 90 places stand out, with 300 of 900 recorded incidents"
    )
    spots |= {"hot": 0, "recorded_in_hot": 0}
    assert _cover_of(results) == (
        "theft: 1 of 90 places have fewer than chance would give, and none has more"
    )


@pytest.mark.parametrize(
    ("path", "told"),
    [
        (("seasons", "effects", 0), "theft: it has patterns in time, and none shown in space"),
        (("map_change",), "Shown for theft: change of the map"),
        (("emerging", "trends"), "Shown for theft: trends of places"),
        (("hot_spots", "rates"), "Shown for theft: hot spots by rate"),
        (("before_after", "test"), "Shown for theft: before and after"),
    ],
)
def test_a_cover_says_that_none_is_shown_in_space_only_where_none_is(results, path, told):
    place = results["categories"][0]
    for step in path:
        place = place[step]
    place["p_value"] = 0.0001
    if "q_value" in place:
        place["q_value"] = 0.0001
    assert _cover_of(results) == told


def test_what_is_shown_of_the_record_as_a_whole_is_no_absence_of_a_pattern(results):
    assert _cover_of(results) == "No pattern is shown that chance alone would not give"
    results["watch"]["p_value"] = 0.0001
    assert _cover_of(results).startswith("The last weeks differ from those before; no pattern of")
    results["changes"]["recording"][0]["p_value"] = 0.0001
    assert _cover_of(results).startswith("The way of recording changed; no pattern of")
