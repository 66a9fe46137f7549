"""Each threshold of the rules, from just below and just above."""

import numpy as np
import pytest
from msgspec.structs import replace
from scipy import stats

from veedor.forecasts import CountDistribution
from veedor.statistics import SerialDependence, serial_dependence
from veedor.statistics.codes import Denominator, Method
from veedor.statistics.estimates import Estimate
from veedor.statistics.resampling import BlockBootstrap
from veedor.verification import (
    ImpliedGain,
    Judged,
    capture_table,
    diebold_mariano,
    e_process,
    judge,
    judge_family,
    model_confidence_set,
    skill_change,
    space_test,
)
from veedor.verification.judging import together


def judged(value, p_value, blocks=10, weeks_error=0.1, by_chance=0.05):
    method, of = (
        Method("expanded_percentile", {"blocks": blocks}),
        Denominator("incidents_in_cells"),
    )
    estimate = Estimate(value, value - 1.0, value + 1.0, 0.95, method, 100, of)
    return Judged(estimate, None, None, weeks_error, blocks, by_chance, by_chance, p_value)


def verdicts(*p_values, value=1.0):
    return [one.verdict for one in judge_family([judged(value, p) for p in p_values])]


def test_a_gain_is_shown_at_a_p_value_of_5_percent_and_not_above():
    assert verdicts(0.05) == ["better"]
    assert verdicts(0.05, value=-1.0) == ["worse"]
    assert verdicts(np.nextafter(0.05, 1.0)) == ["not_shown"]


def test_the_family_is_held_to_5_percent_together():
    assert verdicts(0.025, 0.05) == ["better", "better"]
    assert verdicts(np.nextafter(0.025, 1.0), 0.05) == ["not_shown", "not_shown"]
    assert verdicts(0.025, np.nextafter(0.05, 1.0)) == ["better", "not_shown"]
    assert verdicts(0.025, None) == ["better", "undefined"]  # what has no p-value is no comparison


def test_the_smallest_gain_shown_is_the_larger_of_both_ways():
    by_weeks = judge_family([judged(1.0, 0.05, weeks_error=0.2, by_chance=0.05)])[0]
    assert by_weeks.smallest_shown == pytest.approx(0.2 * stats.t.ppf(0.975, 9), rel=1e-12)
    by_chance = judge_family([judged(1.0, 0.05, weeks_error=0.01, by_chance=0.05)] * 2)[0]
    assert by_chance.smallest_shown == pytest.approx(0.05 * stats.norm.ppf(0.9875), rel=1e-12)


def dependence(effective, periods=10):
    return SerialDependence("no_more_than_chance", 0.1, 0.3, periods, effective)


def test_the_smallest_gain_shown_is_by_what_weeks_are_worth():
    """`weeks_error` holds what dependence adds; Student's t is that of the effective weeks."""
    one = replace(judged(1.0, 0.05, weeks_error=0.2), dependence=dependence(4.0))
    found = judge_family([one, one])[0]
    assert found.smallest_shown == pytest.approx(0.2 * stats.t.ppf(0.9875, 3), rel=1e-12)


def test_a_range_that_holds_together_is_by_what_weeks_are_worth():
    one = replace(judged(0.1, 1.0), weeks_low=-0.1, weeks_high=0.4, dependence=dependence(4.0))
    low, high = together(judge_family([one])[0])
    wide = np.sqrt(10 / 4) * stats.t.ppf(0.975, 3) / stats.t.ppf(0.975, 9)
    assert (low, high) == pytest.approx((0.1 - 0.2 * wide, 0.1 + 0.3 * wide), rel=1e-12)


@pytest.mark.parametrize(("weeks", "defined"), [(5, False), (6, True)])
def test_weeks_tell_what_they_resemble_from_six_on(weeks, defined):
    values = np.arange(weeks) % 4.0
    assert (serial_dependence(values) is not None) == defined
    bootstrap = BlockBootstrap(np.arange(weeks), np.random.default_rng(0))
    assert (bootstrap.dependence(values, np.ones(weeks)) is not None) == defined
    assert bootstrap.dependence(values, np.zeros(weeks)) is None
    assert bootstrap.dependence(2.0 * np.ones(weeks), np.ones(weeks)) is None


def test_days_resemble_by_their_weeks():
    """Days of a week are one block: what is told is of sums of weeks, each less its share."""
    days = np.random.default_rng(2).normal(size=70)
    weeks = BlockBootstrap(np.arange(70) // 7, np.random.default_rng(0))
    sums = days.reshape(10, 7).sum(axis=1)
    assert weeks.dependence(days, np.ones(70)) == serial_dependence(sums - 7 * days.mean())


def test_weeks_are_worth_no_more_than_they_are_and_no_less_than_three():
    swinging = serial_dependence(np.tile([1.0, -1.0], 5))
    assert (swinging.effective, swinging.inflation, swinging.stretch(0.95)) == (10.0, 1.0, 1.0)
    drifting = serial_dependence(np.arange(10.0))
    assert (drifting.autocorrelation, drifting.effective) == (1.0, 3.0)
    assert drifting.inflation == pytest.approx(np.sqrt(10 / 3))
    wide = np.sqrt(10 / 3) * stats.t.ppf(0.975, 2) / stats.t.ppf(0.975, 9)
    assert drifting.stretch(0.95) == pytest.approx(wide, rel=1e-9)


@pytest.mark.parametrize(("weeks", "defined"), [(5, False), (6, True)])
def test_weeks_give_an_interval_from_six_on(weeks, defined):
    bootstrap = BlockBootstrap(np.arange(weeks), np.random.default_rng(0))
    made = bootstrap.ratio(np.arange(float(weeks)), np.ones(weeks), of=Denominator("incidents"))
    assert made.value == (weeks - 1) / 2
    assert (made.low is not None) == (made.high is not None) == defined


@pytest.mark.parametrize(("periods", "defined"), [(2, False), (3, True)])
def test_scores_are_compared_from_three_periods_on(periods, defined):
    made = diebold_mariano(np.zeros(periods), np.arange(1.0, periods + 1.0), lags=0)
    assert (made.p_value is not None) == defined


@pytest.mark.parametrize(("periods", "defined"), [(7, False), (8, True)])
def test_a_confidence_set_is_made_from_eight_periods_on(periods, defined):
    scores = np.random.default_rng(0).normal([0.0, 5.0], 1.0, (periods, 2))
    made = model_confidence_set(scores, ["good", "bad"], block_length=1)
    assert (made.p_values["good"] is not None) == defined
    assert made.members == (("good",) if defined else ("good", "bad"))


@pytest.mark.parametrize(("periods", "defined"), [(11, False), (12, True)])
def test_a_change_is_looked_for_from_twelve_periods_on(periods, defined):
    gains = np.where(np.arange(periods) < periods // 2, 1.0, 0.0) + np.arange(periods) % 2 * 0.1
    made = skill_change(gains, block_length=1, replicates=99)
    assert (made.test.p_value is not None) == (made.period is not None) == defined


def test_a_difference_at_its_bound_is_no_difference_beyond_it():
    whole = e_process(np.ones(3), bound=1.0)
    assert whole.capped == 0
    assert e_process(np.full(3, 1.001), bound=1.0, cap=True).capped == 3


def test_evidence_convinces_at_one_over_the_level():
    made = e_process(np.full(40, 0.5), bound=1.0)
    at = made.rejected_at(0.05)
    assert made.log_e[at] >= np.log(20.0) > made.log_e[at - 1]
    # Evidence that is exactly what the level asks for is enough; the next level down is not met.
    exactly = float(np.exp(-made.log_e[at]))
    assert made.rejected_at(exactly * (1.0 + 1e-12)) == at
    assert made.rejected_at(exactly * (1.0 - 1e-12)) > at


def test_sides_of_the_evidence_mirror_each_other():
    gains = np.array([0.3, -0.1, 0.2, 0.4])
    better, worse = (e_process(gains, bound=1.0, alternative=side) for side in ("better", "worse"))
    mirrored = e_process(-gains, bound=1.0, alternative="worse")
    assert better.log_e.tolist() == mirrored.log_e.tolist()
    assert better.log_e[-1] > 0.0 > worse.log_e[-1]


def implied(if_reference, if_forecast, periods=10):
    each = [np.full(periods, float(one)) for one in (0.0, 0.0, if_reference, if_forecast, 1.0)]
    return ImpliedGain(*each)


def held(gains, if_reference, if_forecast, **options):
    gains = np.asarray(gains, dtype=float)
    bootstrap = BlockBootstrap(np.arange(len(gains)), np.random.default_rng(1))
    incidents = np.full(len(gains), 5.0)
    chance = implied(if_reference, if_forecast, len(gains))
    return judge(bootstrap, gains, incidents, chance, of=Denominator("incidents"), **options)


STEADY = 1.0 + np.tile([0.1, -0.1], 5)  # ten weeks that hardly differ


def test_an_interval_reaches_as_far_as_chance_on_either_side():
    made = held(STEADY, if_reference=4.0, if_forecast=9.0)
    z, total = stats.norm.ppf(0.975), 50.0
    assert made.estimate.value == pytest.approx(10.0 / total)
    assert made.estimate.low == pytest.approx(0.2 - z * np.sqrt(40.0) / total, rel=1e-12)
    assert made.estimate.high == pytest.approx(0.2 + z * np.sqrt(90.0) / total, rel=1e-12)
    assert made.weeks_low == pytest.approx(0.2, abs=0.02)
    # Where chance reaches less far than weeks do, weeks say the ends.
    sure = held(STEADY, if_reference=1e-9, if_forecast=1e-9)
    assert (sure.estimate.low, sure.estimate.high) == (sure.weeks_low, sure.weeks_high)


def test_a_gain_is_held_against_the_reference_and_a_loss_against_the_forecast():
    better = held(STEADY, if_reference=4.0, if_forecast=1e9)
    assert better.p_value == pytest.approx(2.0 * stats.norm.sf(10.0 / np.sqrt(40.0)), rel=1e-9)
    worse = held(-STEADY, if_reference=1e9, if_forecast=9.0)
    assert worse.p_value == pytest.approx(2.0 * stats.norm.sf(10.0 / np.sqrt(90.0)), rel=1e-9)
    # Steady weeks alone would show both.
    assert held(STEADY, 1e-9, 1e-9).verdict == "better"
    assert held(-STEADY, 1e-9, 1e-9).verdict == "worse"
    assert better.verdict == worse.verdict == "not_shown"


def test_the_same_forecast_is_neither_better_nor_unshown():
    made = held(np.zeros(10), 0.0, 0.0, same=True)
    assert (made.verdict, made.p_value) == ("same", None)
    few = held(np.zeros(5), 0.0, 0.0, same=True)
    assert few.verdict == "same"
    assert held(STEADY[:5], 1e-9, 1e-9).verdict == "not_shown"  # five weeks show nothing


def test_a_forecast_that_varies_more_bears_more_clumping():
    seen = np.zeros((1, 20), dtype=int)
    seen[0, 0], seen[0, 1:14] = 7, 1
    p_values = [
        space_test(CountDistribution(np.ones((1, 20)), dispersion), seen, seed=1).p_value
        for dispersion in (0.0, 0.5, 0.99, 1.5)
    ]
    assert p_values[0] < 0.1
    assert np.all(np.diff(p_values) > 0.05)


def test_places_are_captured_at_1_5_and_20_percent_unless_others_are_given():
    bootstrap = BlockBootstrap(np.arange(2), np.random.default_rng(0))
    rows = capture_table(
        {"Own": np.ones((2, 4))}, np.ones((2, 4), dtype=int), np.ones(4), bootstrap
    )
    assert [row.area_fraction for row in rows if row.ranking == "Own"] == [0.01, 0.05, 0.2]
