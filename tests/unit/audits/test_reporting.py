"""Reporting rates, true counts, labels and disparities."""

from __future__ import annotations

import numpy as np
import pytest

from veedor.audits.places.reporting import (
    Questions,
    audit_reporting,
    break_even_ratio,
    closing_ratio,
    exposure_per_1000,
    nearest_swap,
    published_intervals,
    published_rates,
    rank_stability,
    ratio_bounds,
    read_counts,
    read_forecast_counts,
    read_rates,
    true_total,
)
from veedor.errors import DataError, StudyError, UnreadableError
from veedor.statistics.codes import Denominator
from veedor.tables.rows import read_table

COUNTS = """place,category,count,zone,population,a,b,area_km2,flagged
p1,theft,30,north,100,80,20,1,1
p2,theft,24,south,100,20,80,1,0
p3,theft,5,south,100,50,50,2,0
"""
RATES = "category,low,high\ntheft,0.4,0.6\n"


@pytest.fixture
def made(tmp_path):
    def make(counts=COUNTS, rates=RATES, by=""):
        (tmp_path / "c.csv").write_text(counts, encoding="utf-8")
        (tmp_path / "r.csv").write_text(rates, encoding="utf-8")
        return read_counts(tmp_path / "c.csv"), read_rates(tmp_path / "r.csv", by=by)

    return make


def figure(found, statistic, *, assignment="shared", group="all"):
    (one,) = [
        f.estimate
        for f in found.statements
        if (f.subject.assignment, f.subject.group, f.statistic) == (assignment, group, statistic)
    ]
    return one


def test_one_shared_rate_cannot_change_a_rank_and_own_rates_can(made):
    found, outcomes = audit_reporting(*made(), Questions())
    assert [one.label_shared for one in outcomes] == ["robust"] * 3
    assert [one.label_own for one in outcomes] == ["fragile", "fragile", "robust"]
    assert figure(found, "share_flagged_robust").value == 1.0
    assert figure(found, "share_flagged_fragile", assignment="own").value == 1.0


def test_rates_by_zone_are_shared_within_it(made):
    rates = "category,low,high,zone\ntheft,.4,.41,north\ntheft,.6,.61,\n"
    _, outcomes = audit_reporting(*made(rates=rates, by="zone"), Questions())
    # 30 / .41 > 24 / .6: the north stays ahead whatever the rates are.
    assert [one.label_shared for one in outcomes] == ["robust"] * 3
    assert outcomes[0].true_low == pytest.approx(30 / 0.41)


def test_categories_with_other_rates_can_swap_places_that_share_them(made):
    counts = "place,category,count\np1,theft,10\np1,robbery,0\np2,theft,0\np2,robbery,9\n"
    rates = "category,low,high\ntheft,.8,.9\nrobbery,.3,.85\n"
    _, outcomes = audit_reporting(*made(counts, rates), Questions(top=1))
    assert [one.label_shared for one in outcomes] == ["fragile", "fragile"]


def test_ties_stay_as_they_are_flagged():
    counts, rate = np.full((4, 1), 7.0), np.array([[0.5]])
    flagged = np.array([False, True, True, False])
    found = rank_stability(counts, rate, rate, np.zeros(4, dtype=int), flagged)
    assert found.label.tolist() == ["robust"] * 4
    found = rank_stability(0 * counts, rate, rate, np.zeros(4, dtype=int), flagged)
    assert found.label.tolist() == ["robust"] * 4


def test_a_flag_that_the_counts_never_support_is_fragile():
    counts, rate = np.array([[1.0], [9.0]]), np.array([[0.5]])
    found = rank_stability(counts, rate, rate, np.zeros(2, dtype=int), np.array([True, False]))
    assert found.label.tolist() == ["fragile", "fragile"]


def test_the_densest_ground_is_flagged_up_to_the_area(made):
    _, outcomes = audit_reporting(*made(), Questions(area_fraction=0.5))
    assert [one.flagged for one in outcomes] == [1, 1, 0]
    with pytest.raises(StudyError, match="at least one place"):
        audit_reporting(*made(), Questions(area_fraction=0.1))


def test_bounds_on_totals_and_disparities(made):
    groups = {"a": "a", "b": "b"}
    questions = Questions(groups=groups, reference="b", pairs=[("p1", "p2")])
    found, _ = audit_reporting(*made(), questions)
    total = figure(found, "true_count_bounds", group="theft")
    assert (total.low, total.high) == pytest.approx((59 / 0.6, 59 / 0.4))
    recorded = figure(found, "ratio_per_1000_recorded", group="a").value
    by_hand = (0.8 * 30 + 0.2 * 24 + 0.5 * 5) / (0.2 * 30 + 0.8 * 24 + 0.5 * 5)
    assert recorded == pytest.approx(by_hand)
    shared = figure(found, "ratio_per_1000", group="a")
    assert (shared.low, shared.high) == pytest.approx((by_hand, by_hand))
    own = figure(found, "ratio_per_1000", assignment="own", group="a")
    assert own.low < by_hand < own.high
    assert figure(found, "break_even_ratio", assignment="own", group="p1 / p2").value == 1.25
    closing = figure(found, "break_even_reporting_ratio", group="a").value
    assert closing > 1.0


def test_the_closing_ratio_closes_the_disparity():
    values = np.array([30.0, 24.0, 5.0])
    a, b, people = np.array([80.0, 20, 50]), np.array([20.0, 80, 50]), np.full(3, 100.0)
    t = closing_ratio(values, a, b, people)
    true = values / (1 + (t - 1) * a / people)
    assert exposure_per_1000(true, a, people) == pytest.approx(exposure_per_1000(true, b, people))
    assert closing_ratio(values, a, a * 0, people) is None
    # All of one group live in places of their own and nothing is recorded with the other.
    alone = closing_ratio(np.array([5.0, 0.0]), np.array([9.0, 0]), np.array([0.0, 9]),
                          np.array([9.0, 9]))  # fmt: skip
    assert alone is None


def test_what_cannot_be_computed_is_undefined():
    nobody, people = np.zeros(2), np.ones(2)
    rate, counts = np.full((1, 1), 0.5), np.ones((2, 1))
    row = np.zeros(2, dtype=int)
    assert ratio_bounds(counts, rate, rate, row, nobody, people, people).value is None
    assert exposure_per_1000(people, nobody, people) is None
    assert break_even_ratio(3.0, 0.0) is None
    assert nearest_swap(people, np.array([True, True])) is None
    assert true_total(0.0, 0.5, 0.1, of=Denominator("x")).value is None


@pytest.mark.parametrize(
    ("rates", "words"),
    [
        ("category,low,high\ntheft,0,0.5\n", "0 < low"),
        ("category,low,high\ntheft,0.6,0.5\n", "0 < low"),
        ("category,low,high\ntheft,40,60\n", "percentages"),
        ("category,low,high\ntheft,.4,.6\ntheft,.4,.6\n", "must have one row"),
        ("category,low,high\nfraud,.4,.6\n", "reporting rate"),
        ("category,rate\ntheft,.4\n", "standard_error"),
    ],
)
def test_rates_that_make_no_sense_are_refused(made, rates, words):
    with pytest.raises(DataError, match=words):
        audit_reporting(*made(rates=rates), Questions())


@pytest.mark.parametrize(
    ("counts", "words"),
    [
        ("place,count\na,1\na,2\n", "one row"),
        ("place,count,zone,category\na,1,n,x\na,2,s,y\n", "the same in all rows"),
        ("place,count\na,-1\n", "at least 0"),
    ],
)
def test_counts_that_make_no_sense_are_refused(made, counts, words):
    with pytest.raises(DataError, match=words):
        made(counts=counts)


def test_categories_without_rates_are_told_with_those_that_have_some(made):
    with pytest.raises(DataError) as caught:
        audit_reporting(*made(rates="category,low,high\n,.4,.6\n"), Questions())
    assert "none for theft" in caught.value.found
    assert "(no name)" in caught.value.remedy


def test_a_place_without_rates_is_named(made):
    rates = "category,low,high,zone\ntheft,.4,.6,north\n"
    with pytest.raises(DataError, match="south"):
        audit_reporting(*made(rates=rates, by="zone"), Questions())


def test_something_must_say_what_is_flagged(made):
    counts, rates = made("place,category,count\na,theft,1\nb,theft,2\n")
    with pytest.raises(StudyError, match="--top"):
        audit_reporting(counts, rates, Questions())
    with pytest.raises(StudyError, match="Between 1 and 2"):
        audit_reporting(counts, rates, Questions(top=3))


def test_facts_of_places_are_joined_by_name(made, tmp_path):
    counts, _ = made("place,count\nb,2\na,1\n")
    path = tmp_path / "p.csv"
    path.write_text("cell_id,zone\na,north\nb,south\nc,west\n", encoding="utf-8")
    assert counts.joined(read_table(path, ())).fact("zone").tolist() == ["north", "south"]
    path.write_text("place,zone\na,north\n", encoding="utf-8")
    with pytest.raises(DataError, match="every place"):
        counts.joined(read_table(path, ()))


def test_a_forecast_counts_as_its_means(tmp_path):
    import pyarrow as pa
    import pyarrow.parquet as pq

    path = tmp_path / "f.parquet"
    rows = {"category": ["x"] * 4, "cell_id": ["a", "b", "a", "b"], "mean": [1.0, 2.0, 3.0, 4.0]}
    pq.write_table(pa.table(rows), path)
    counts = read_forecast_counts(path)
    assert counts.counts.ravel().tolist() == [4.0, 6.0]
    (tmp_path / "g.parquet").write_bytes(b"no")
    with pytest.raises(UnreadableError):
        read_forecast_counts(tmp_path / "g.parquet")


def test_every_published_rate_is_a_share_with_its_source():
    rates = published_rates()
    assert {r.survey.split("-")[0] for r in rates} == {"us", "mx", "ar"}
    for rate in rates:
        assert 0.0 < rate.rate < 1.0
        assert rate.standard_error is None or 0.0 < rate.standard_error < 0.1
        assert rate.url.startswith("https://")
        assert rate.agency
        assert rate.measure
    assert len({(r.survey, r.area, r.category) for r in rates}) == len(rates)


def test_published_rates_become_intervals():
    rates = published_intervals("us-ncvs-2017", "United States")
    column = rates.categories.index("Robbery")
    half = 1.959964 * 0.0478
    assert rates.low[0, column] == pytest.approx(0.49 - half)
    assert rates.high[0, column] == pytest.approx(0.49 + half)
    with pytest.raises(DataError, match="standard errors"):
        published_intervals("mx-envipe-2020", "Mexico")
