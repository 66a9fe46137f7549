"""Small cells, claims and what is published, at each threshold from both sides."""

import math

import numpy as np
import pytest
from scipy import stats

from veedor.audits.alerts import AlertCounts, Settings, proportions, state, suppress
from veedor.audits.alerts.claims import error_free_trials, judge, one_sided_e_value
from veedor.audits.alerts.rates import count_statements, rate_statements
from veedor.audits.alerts.suppression import SMALL, SUPPRESSED, is_small
from veedor.tasks import audit_alerts
from veedor.tasks.request import described

LARGE = [300, 300, 300, 300, 0, 0]


def rows(*cells):
    counts = AlertCounts.of(tuple("abc"[: len(cells)]), cells)
    return count_statements("all", None, counts) + rate_statements("all", None, proportions(counts))


def hidden(made):
    return {
        (one.subject.group, one.statistic)
        for one in suppress(made)
        if one.estimate.method == SUPPRESSED
    }


def test_everywhere_small_is_below_30():
    (default,) = (given for name, _, given, _ in described(audit_alerts.Request) if name == "small")
    assert SMALL == Settings().small == default == 30


@pytest.mark.parametrize(("positives", "small"), [(29, True), (30, False)])
def test_a_rate_out_of_29_is_small_and_suppressed_and_out_of_30_neither(positives, small):
    made = rows([positives - 9, 300, 9, 300, 0, 0], LARGE, LARGE)
    tpr = next(one for one in made if (one.subject.group, one.statistic) == ("a", "tpr"))
    assert tpr.out_of == positives
    assert is_small(tpr) == small
    assert (("a", "tpr") in hidden(made)) == small
    if not small:
        assert hidden(made) == set()


@pytest.mark.parametrize(("people", "small"), [(29, True), (30, False)])
def test_counts_of_a_group_of_29_are_suppressed(people, small):
    made = rows([1, 1, 1, people - 3, 0, 0], LARGE, LARGE)
    assert (("a", "n") in hidden(made)) == small


@pytest.mark.parametrize(("people", "small"), [(0, False), (1, True), (29, True), (30, False)])
def test_no_one_at_all_is_no_small_cell(people, small):
    assert is_small(state("all", None, "a", "fpr", None, 0, people)) == small


def test_a_claim_is_supported_at_a_p_value_of_5_percent():
    enough = error_free_trials(0.1)
    assert 0.9**enough <= 0.05 < 0.9 ** (enough - 1)
    assert judge("<", 0.1, 0, enough).verdict == "supported"
    assert judge("<", 0.1, 0, enough - 1).verdict == "not_enough_data"
    assert judge(">", 0.9, enough, enough).verdict == "supported"
    assert judge(">", 0.9, enough - 1, enough - 1).verdict == "not_enough_data"
    # Every one of two wrong: 0.2^2 is below 5%, and one of one is not.
    assert judge("<=", 0.2, 2, 2).verdict == "contradicted"
    assert judge("<=", 0.2, 1, 1).verdict == "not_enough_data"


def test_what_was_ruled_out_and_came_is_all_the_evidence_there_is():
    assert one_sided_e_value(1, 5, 0.0) == math.inf
    assert one_sided_e_value(0, 5, 0.0) == one_sided_e_value(5, 5, 1.0) == 1.0
    assert one_sided_e_value(4, 5, 1.0, rising=False) == math.inf
    assert one_sided_e_value(0, 0, 0.5) == 1.0


@pytest.mark.parametrize("limit", [0.02, 0.3, 0.8])
def test_evidence_against_a_rate_at_its_limit_is_1_on_average(limit):
    n = np.arange(13)
    likely = stats.binom.pmf(n, 12, limit)
    for rising in (True, False):
        evidence = [one_sided_e_value(int(x), 12, limit, rising=rising) for x in n]
        assert likely @ evidence == pytest.approx(1.0, rel=1e-9)
        assert np.all(np.diff(evidence) > 0.0) == rising  # the more events, the more a rise shows


def test_a_claim_says_how_many_trials_would_settle_it():
    assert judge("<", 0.1, 5, 50).trials_to_settle == error_free_trials(0.1) == 29
    assert judge(">", 0.98, 5, 50).trials_to_settle == error_free_trials(0.02) == 149
    few, many = judge("<", 0.1, 2, 30), judge(">", 0.1, 2, 30)
    assert few.p_if_false == many.p_if_true == pytest.approx(stats.binom.cdf(2, 30, 0.1))
    assert few.p_if_true == many.p_if_false == pytest.approx(stats.binom.sf(1, 30, 0.1))
    assert judge("<", 0.1, 30, 30).p_if_false == judge("<", 0.1, 0, 30).p_if_true == 1.0


def test_a_gap_over_groups_goes_with_the_rate_it_rests_on_and_with_no_other():
    made = rows([20, 300, 9, 300, 0, 0], LARGE, LARGE)  # 29 positives: what is out of them goes
    gone = {metric for _, metric in hidden(made)}
    assert "tpr" in gone
    assert "alert_rate" not in gone
    gaps = [state("all", None, "ALL", f"{rate}_widest_gap", 0.1) for rate in ("tpr", "alert_rate")]
    kept = {one.statistic: one.estimate.value for one in suppress([*made, *gaps])[-2:]}
    assert kept == {"tpr_widest_gap": None, "alert_rate_widest_gap": 0.1}


def test_a_verdict_carries_the_evidence_of_its_own_counts():
    made = judge("<", 0.1, 8, 20)
    assert made.e_against == pytest.approx(one_sided_e_value(8, 20, 0.1))
    assert made.e_for == pytest.approx(one_sided_e_value(8, 20, 0.1, rising=False))
    assert made.e_against > 1.0 > made.e_for
