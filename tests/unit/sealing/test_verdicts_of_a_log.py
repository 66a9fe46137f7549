"""What is said of all rounds of a log together."""

import numpy as np

from veedor.report.sealed import sealed_document
from veedor.sealing.findings import NEVER, SCORED, _together


def round_(week, gain, variance, forecaster="Vendor"):
    begins = np.datetime64("2025-01-06") + 7 * week
    by_period = {
        "gain": [gain],
        "incidents": [50],
        "variance_if_reference": [variance],
        "variance_if_forecast": [variance],
    }
    results = {"information_gain": {"value": gain / 50, "by_period": by_period}}
    return {
        "category": "theft",
        "forecaster": forecaster,
        "reference": "PriorCounts",
        "late": False,
        "state": SCORED,
        "begins": f"{begins}T00:00:00.000000Z",
        "ends": f"{begins + 7}T00:00:00.000000Z",
        "scorings": [{"results": results}],
    }


def rounds(variance, forecaster="Vendor"):
    return [round_(week, 5.0 + 0.1 * (week % 3), variance, forecaster) for week in range(10)]


def test_rounds_that_agree_are_not_enough_where_the_reference_allows_for_more():
    (surely,) = _together(rounds(0.01))
    assert surely["gain"]["verdict"] == "better"
    (chance,) = _together(rounds(1000.0))
    gain = chance["gain"]
    assert gain["verdict"] == "not shown"
    assert gain["weeks_low"] > 0.0 > gain["low"]


def test_verdicts_on_several_forecasters_hold_together():
    many = [one for name in "abcdefgh" for one in rounds(60.0, name)]
    found = _together(many)
    alone = _together(rounds(60.0))[0]["gain"]
    assert [one["gain"]["comparisons"] for one in found] == [8] * 8
    assert alone["verdict"] == "better"
    assert {one["gain"]["verdict"] for one in found} == {"not shown"}


def page(promises):
    return sealed_document({
        "log": {"name": "a log", "entries": 10, "key_sha256": "0"},
        "promises": [],
        "together": _together(promises),
        "as_of": "2025-06-01",
        "holds": True,
        "problems": [],
        "proven": [],
        "not_proven": [],
        "notices": [],
        "authority_checked": False,
    })  # fmt: skip


def test_the_page_says_so():
    (told,) = page(rounds(1000.0)).plain.points
    assert "not shown to be better" in told
    assert "if PriorCounts were right, chance would give" in told
    assert "smallest gain that could have been shown" in told
    assert "It went worse than PriorCounts in 0 of 10 scored rounds." in told
    assert "never scored" not in told


def test_better_is_only_of_the_rounds_that_were_scored():
    hidden = [round_(week, -50.0, 0.01) | {"state": NEVER, "scorings": []} for week in (11, 12)]
    (told,) = page(rounds(0.01) + hidden).plain.points
    assert "better than the reference in the rounds that were scored" in told
    assert "2 rounds are due and were never scored" in told
    assert "may be those that went badly" in told
