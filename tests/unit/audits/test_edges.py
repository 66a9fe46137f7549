"""Answers and warnings of the audits of places, at each threshold from both sides."""

from types import SimpleNamespace

import numpy as np
import pytest

from veedor.audits.audit import Statement, Subject
from veedor.audits.places import warnings
from veedor.audits.places.performance import largest_group
from veedor.audits.places.ratios import answer_of
from veedor.statistics.codes import Denominator, Method
from veedor.statistics.estimates import Estimate

UP, DOWN = 1.0 + 1e-9, 1.0 - 1e-9


def stated(low, high):
    estimate = Estimate(1.0, low, high, 0.95, Method("made_up"), 100, Denominator("zones"))
    return Statement(Subject("a", "centre"), "ratio_count", estimate)


@pytest.mark.parametrize(
    ("low", "over_low", "answer"),
    [
        (1.2 * UP, UP, "more"),
        (1.2, UP, "cannot_tell"),
        (1.2 * UP, 1.0, "cannot_tell"),
        (0.5, 0.5, "cannot_tell"),
        (1e-9, 1e-9, "cannot_tell"),
    ],
)
def test_more_exposed_begins_above_what_is_expected_and_above_1(low, over_low, answer):
    assert answer_of(stated(low, 9.0), 1.2, stated(over_low, 9.0)) == answer


@pytest.mark.parametrize(
    ("high", "over_high", "answer"),
    [
        (0.8 * DOWN, DOWN, "less"),
        (0.8, DOWN, "cannot_tell"),
        (0.8 * DOWN, 1.0, "cannot_tell"),
        (1.5, 1.5, "cannot_tell"),
    ],
)
def test_less_exposed_begins_below_what_is_expected_and_below_1(high, over_high, answer):
    assert answer_of(stated(0.01, high), 0.8, stated(0.01, over_high)) == answer


def test_without_an_interval_or_what_is_expected_nothing_is_told():
    sure = stated(2.0, 3.0)
    assert answer_of(sure, 1.0, sure) == "more"
    assert answer_of(sure, None, sure) == "cannot_tell"
    assert answer_of(stated(None, None), 1.0, sure) == "cannot_tell"
    assert answer_of(sure, 1.0, stated(None, None)) == "cannot_tell"


def assigned(count, total):
    return SimpleNamespace(count=np.asarray(count, dtype=float), total=total, assignment="centre")


@pytest.mark.parametrize(("matched", "warned"), [(95, False), (94, True)])
def test_few_matched_below_95_percent(matched, warned):
    found = warnings.matching(assigned([matched, 7.0], 100), np.array([True, False]))
    assert bool(found) == warned


@pytest.mark.parametrize(("without", "warned"), [(10, False), (11, True)])
def test_many_zones_without_above_a_quarter(without, warned):
    count = np.where(np.arange(40) < without, 0.0, 3.0)
    assert bool(warnings.empty_zones("centre", count)) == warned


@pytest.mark.parametrize(("zones", "warned"), [(30, False), (29, True)])
def test_few_zones_below_30(zones, warned):
    found = warnings.few_zones(SimpleNamespace(population=np.ones(zones)))
    assert bool(found) == warned


# Two of ten ranks, d apart, exchanged: a correlation of 1 - 12 d^2 / 990.
@pytest.mark.parametrize(("swapped", "warned"), [(2, False), (3, True)])
def test_stored_and_assigned_counts_disagree_below_a_correlation_of_0_9(swapped, warned):
    stored = np.arange(10.0)
    other = stored.copy()
    other[[0, swapped]] = other[[swapped, 0]]
    found = warnings.disagreement(
        assigned(stored, 45), assigned(other, 45), np.ones(10, dtype=bool)
    )
    assert bool(found) == warned


def test_one_resident_makes_a_group_the_largest_and_none_makes_none():
    groups = [SimpleNamespace(of="population"), SimpleNamespace(of="population")]
    members = np.array([[0.0, 1.0, 0.0, 4.0], [0.0, 0.0, 1.0, 4.0]])
    residents = SimpleNamespace(groups=groups, members=members)
    assert largest_group(residents).tolist() == [-1, 0, 1, 0]  # the first of those level
