"""Where a forecast stands, for a reader without statistics, and the range that says so."""

import numpy as np
import pytest
from msgspec.structs import replace
from scipy import stats

from veedor.statistics.codes import Denominator, Method
from veedor.statistics.estimates import Estimate
from veedor.verification.judging import Judged, judge_family, standing, together


def judged(value, weeks=0.004, chance=0.001, p_value=0.5, blocks=16):
    """A gain with symmetric errors: `weeks` of the interval by weeks, on Student's t."""
    half = weeks * stats.t.ppf(0.975, blocks - 1)
    method, of = (
        Method("expanded_percentile", {"blocks": blocks}),
        Denominator("incidents_in_cells"),
    )
    estimate = Estimate(value, value - half, value + half, 0.95, method, 600, of)
    return Judged(
        estimate, value - half, value + half, weeks, blocks, chance, chance, p_value, verdict="?"
    )


def first(many, *others, **changes):
    gains = [judged(**changes), *(judged(0.0, p_value=1.0) for _ in range(many - 1)), *others]
    return judge_family(gains)[0]


def test_alone_the_range_is_that_of_the_estimate():
    low, high = together(first(1, value=0.002))
    assert (low, high) == pytest.approx(
        (0.002 - 0.004 * stats.t.ppf(0.975, 15), 0.002 + 0.004 * stats.t.ppf(0.975, 15))
    )


@pytest.mark.parametrize("many", [2, 4, 72])
def test_among_many_the_range_is_bonferronis(many):
    quantile = stats.t.ppf(1 - 0.025 / many, 15)
    ends = together(first(many, value=0.002))
    assert ends == pytest.approx((0.002 - 0.004 * quantile, 0.002 + 0.004 * quantile))


def test_where_chance_reaches_further_the_range_does_too():
    low, high = together(first(4, value=0.0, chance=0.02))
    assert (low, high) == pytest.approx(
        (-0.02 * stats.norm.isf(0.00625), 0.02 * stats.norm.isf(0.00625))
    )


@pytest.mark.parametrize(
    ("changes", "verdict", "holds"),
    [
        # Holm calls what Bonferroni's range alone would not: the range ends at 0.
        ({"value": 0.0085, "p_value": 0.04}, "better", lambda low, high: low == 0.0 < high),
        ({"value": -0.0085, "p_value": 0.04}, "worse", lambda low, high: low < 0.0 == high),
        # Nothing is called: 0 is among what may be, whatever the errors say.
        ({"value": 0.0085, "weeks": 0.001, "p_value": 0.2}, "not_shown", lambda low, _: low == 0.0),
        ({"value": 0.1, "p_value": 1e-6}, "better", lambda low, _: low > 0.08),
    ],
)
def test_the_range_lies_on_the_side_of_the_verdict(changes, verdict, holds):
    found = judge_family([judged(**changes), judged(-0.2, p_value=1e-9)])[0]
    assert found.verdict == verdict
    assert holds(*together(found))


@pytest.mark.parametrize(
    ("changes", "found"),
    [
        ({"value": 0.0, "weeks": 0.01}, "about_as_good"),
        # e^0.0488 - 1 is 5%: the same range a little wider, or a little off, does not tell.
        ({"value": 0.0, "weeks": 0.0486 / stats.t.ppf(0.975, 15)}, "about_as_good"),
        ({"value": 0.0, "weeks": 0.0490 / stats.t.ppf(0.975, 15)}, "not_enough"),
        ({"value": 0.03, "weeks": 0.0120, "p_value": 0.2}, "not_enough"),
        ({"value": 0.01, "weeks": 0.001, "p_value": 0.01}, "better"),
        ({"value": -0.01, "weeks": 0.001, "p_value": 0.01}, "worse"),
    ],
)
def test_about_as_good_needs_a_narrow_range(changes, found):
    assert standing(first(1, **changes)) == found


def test_what_is_narrow_alone_may_be_wide_among_many():
    assert standing(first(1, value=0.0, weeks=0.02)) == "about_as_good"
    assert standing(first(50, value=0.0, weeks=0.02)) == "not_enough"


def test_without_an_interval_nothing_is_about_as_good():
    gain = judged(0.0, p_value=None)
    gain = replace(gain, weeks_low=None, weeks_high=None, weeks_error=None, verdict="not_shown")
    assert together(gain) is None
    assert standing(gain) == "not_enough"


def test_what_is_undefined_or_the_same_stays_so():
    gain = replace(judged(0.0), verdict="same")
    assert standing(gain) == "same"
    nothing = replace(gain, estimate=replace(gain.estimate, value=None), verdict="undefined")
    assert (standing(nothing), together(nothing)) == ("undefined", None)


def test_ranges_hold_all_gains_together():
    """Recovery: of many studies with normal weeks, 95% or more hold all true gains at once."""
    rng, many, blocks, truth = np.random.default_rng(5), 6, 16, np.array([0.0, 0.01, -0.03] * 2)
    held = 0
    for _ in range(400):
        weeks = truth + rng.normal(0.0, 0.05, (blocks, many))
        means, errors = weeks.mean(axis=0), weeks.std(axis=0, ddof=1) / np.sqrt(blocks)
        p = 2 * stats.t.sf(np.abs(means / errors), blocks - 1)
        family = judge_family(
            [
                judged(mean, error, 0.0, float(one), blocks)
                for mean, error, one in zip(means.tolist(), errors.tolist(), p, strict=True)
            ]
        )
        ends = np.array([together(one) for one in family])
        held += bool(np.all((ends[:, 0] <= truth) & (truth <= ends[:, 1])))
    assert held / 400 >= 0.93
