"""What is said of a gain: by its verdict, its interval and whether weeks resemble one another."""

from __future__ import annotations

import numpy as np
from msgspec.structs import replace
from scipy import stats

from veedor.report.words import words_in
from veedor.report.words.examination import how_it_did, verdict
from veedor.statistics import SerialDependence
from veedor.statistics.codes import Denominator, Method
from veedor.statistics.estimates import Estimate

WORDS = words_in("en")


def gained(made, value, low, high, **changes):
    method, of = Method("expanded_percentile", {"blocks": 16}), Denominator("incidents_in_cells")
    found = Estimate(value, low, high, 0.95, method, 512, of)
    means = {"PriorCounts": np.ones(4), "Recency": np.ones(4)}
    examined = made.examined("shootings", means, np.ones((6, 4), dtype=np.int64))
    row = replace(examined.comparisons[0], gain=made.judged(found, **changes))
    return {"verdict": verdict(row.gain), "sentence": how_it_did(WORDS, examined, row)}


def test_sentence_for_better(made):
    told = gained(made, 0.012, 0.003, 0.021, weeks_low=0.004)
    assert told["verdict"] == "better"
    assert told["sentence"] == (
        "Recency forecast recorded shootings better than PriorCounts: information gain 0.012 nats "
        "per incident (95% interval 0.003 to 0.021; out of 512 incidents recorded in the cells). "
        "By weeks alone the interval is 0.004 to 0.021; if PriorCounts were right, chance would "
        "give ±0.0098 (95%); p = 0.04 after Holm, over 4 comparisons. "
        "Per incident, what was recorded was 1.21% more probable under its forecast."
    )


def resembling(code, effective):
    p = 0.002 if code == "resemble_the_one_before" else 0.31
    return SerialDependence(code, 0.44, p, 16, effective)


def test_weeks_that_resemble_the_one_before_are_told_beside_a_gain(made):
    found = resembling("resemble_the_one_before", 6.2)
    told = gained(made, 0.012, 0.003, 0.021, dependence=found)["sentence"]
    wide = np.sqrt(16 / 6.2) * stats.t.ppf(0.975, 5.2) / stats.t.ppf(0.975, 15)
    assert round(wide, 2) == 1.92
    assert (
        "Weeks resemble the one before by more than chance (autocorrelation of the gain 0.44, "
        "p = 0.002): 16 of them tell about as much as 6 independent ones, and the interval by "
        "weeks alone is too narrow. It is taken 1.92 times as wide; for a gain that drifts over "
        "many weeks that is still too little."
    ) in told


def test_weeks_that_resemble_the_one_before_by_chance_are_told_to_stretch_no_more(made):
    found = resembling("no_more_than_chance", 6.2)
    told = gained(made, 0.012, 0.003, 0.021, dependence=found)["sentence"]
    assert "Since weeks may resemble the one before" in told
    assert "the interval by weeks is taken 1.92 times as wide." in told
    assert "by more than chance" not in told
    nothing = gained(made, 0.012, 0.003, 0.021, dependence=resembling("no_more_than_chance", 16.0))
    assert "resemble" not in nothing["sentence"]
    assert "resemble" not in gained(made, 0.012, 0.003, 0.021)["sentence"]


def test_sentence_for_not_shown(made):
    told = gained(made, 0.012, -0.003, 0.021)
    assert told["verdict"] == "not_shown"
    assert "was not shown to be better than PriorCounts" in told["sentence"]
    assert "The interval includes 0." in told["sentence"]
    assert "smallest gain that could have been shown here is about 0.015" in told["sentence"]
    assert "did not beat" not in told["sentence"]


def test_an_interval_clear_of_0_is_not_enough_among_many_comparisons(made):
    changes = {"verdict": "not_shown", "p_adjusted": 0.12, "comparisons": 12}
    told = gained(made, 0.012, 0.001, 0.021, **changes)
    assert told["verdict"] == "not_shown"
    assert "among so many comparisons chance does that too" in told["sentence"]
    assert "p = 0.12 after Holm, over 12 comparisons" in told["sentence"]


def test_the_same_forecast_is_not_compared(made):
    told = gained(made, 0.0, 0.0, 0.0, verdict="same", p_adjusted=None)
    assert told["verdict"] == "same"
    assert "it is one forecast, and nothing is compared" in told["sentence"]


def test_sentence_for_worse(made):
    told = gained(made, -0.3, -0.4, -0.2)
    assert told["verdict"] == "worse"
    assert "forecast recorded shootings worse than PriorCounts" in told["sentence"]
    assert "if Recency were right" in told["sentence"]


def test_sentence_without_an_interval_concludes_nothing(made):
    told = gained(made, 0.3, None, None)
    assert told["verdict"] == "not_shown"
    assert "Without an interval nothing can be concluded" in told["sentence"]
