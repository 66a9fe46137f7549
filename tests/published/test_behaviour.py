"""Published interrupted time series, done again from their data.

Lopez Bernal, Cummins & Gasparrini (2017), https://doi.org/10.1093/ije/dyw098: acute coronary
events in Sicily and the ban on smoking of January 2005. The rates of 48 articles, as in Penney
(2016), https://doi.org/10.15779/Z38SS13, are those of like articles, not of his.
"""

import csv

import numpy as np
import pytest

from veedor.audits.behaviour import Question, audit_behaviour, read_panel

pytestmark = pytest.mark.shared_data


@pytest.fixture
def sicily(shared_data, tmp_path):
    with (shared_data / "chilling" / "sicily.csv").open() as file:
        rows = [
            f"{one['year']}-{int(one['month']):02},events,sensitive,{one['aces']},{one['stdpop']}"
            for one in csv.DictReader(file)
        ]
    path = tmp_path / "sicily.csv"
    path.write_text("\n".join(["date,series,role,value,denominator", *rows]))
    return path


@pytest.fixture
def articles(shared_data, tmp_path):
    with (shared_data / "chilling" / "wikipedia_terrorism.csv").open() as file:
        rows = [
            ",".join([one["month"], one["article"], "sensitive", one["views"], one["zero_days"]])
            for one in csv.DictReader(file)
        ]
    path = tmp_path / "articles.csv"
    path.write_text("\n".join(["date,series,role,value,zero_days", *rows]))
    return path


@pytest.mark.parametrize(
    ("design", "pairs", "published", "dispersion"),
    [
        ("poisson", 0, (0.894, 0.865, 0.925), 1.0),
        ("quasi-poisson", 0, (0.894, 0.839, 0.953), 3.56),
        ("quasi-poisson", 2, (0.885, 0.839, 0.933), 2.26),
    ],
)
def test_coronary_events_in_sicily(sicily, design, pairs, published, dispersion):
    question = Question(
        event="2005-01", because="smoking was banned in all indoor public places",
        design=design, shape="level", harmonics=pairs,
    )  # fmt: skip
    found = audit_behaviour(read_panel(sicily), question)
    assert found.segmented is not None
    level = found.segmented.of("level")
    assert np.exp([level.value, level.low, level.high]).round(3) == pytest.approx(published)
    assert found.segmented.dispersion == pytest.approx(dispersion, abs=0.005)
    assert (found.before, found.after) == (36, 23)
    assert found.verdict == "none"
    stated = next(one for one in found.statements if one.statistic == "segmented_level")
    assert stated.estimate.value == pytest.approx(published[0], abs=5e-4)


QUESTION = Question(
    event="2013-06", because="reports on the surveillance of reading were published",
    design="ols", harmonics=0, ramp_from=1,
)  # fmt: skip


def test_views_until_june_2014(articles):
    found = audit_behaviour(read_panel(articles, missing_days="zero_days"), QUESTION)
    assert (found.before, found.after) == (17, 13)
    fit = found.segmented
    for name, value, error in (
        ("trend", 67_266, 17_650),
        ("level", -1_092_201, 267_225),
        ("ramp", -85_701, 31_778),
    ):
        assert fit.of(name).value == pytest.approx(value, abs=0.5)
        assert fit.of(name).error == pytest.approx(error, abs=0.5)
    assert fit.durbin_watson == pytest.approx(1.73, abs=0.005)


def test_two_months_of_stored_zeros_change_the_answer_and_are_told(articles):
    found = audit_behaviour(read_panel(articles), QUESTION)
    assert (found.before, found.after) == (17, 15)
    level = found.segmented.of("level")
    assert (level.value, level.error) == (
        pytest.approx(-634_276, abs=0.5), pytest.approx(368_064, abs=0.5),
    )  # fmt: skip
    assert [one.period for one in found.lows] == ["2014-07", "2014-08"]
    assert found.lows[1].zeros == 35
    told = {one.code: one.arguments for one in found.warnings}
    assert told["behaviour_lows"] == {"n": 2}
    assert told["behaviour_days_unused"] == {"column": "zero_days"}
