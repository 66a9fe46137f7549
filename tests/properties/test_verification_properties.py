import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from sklearn.isotonic import IsotonicRegression

from veedor.files.json_file import plain
from veedor.forecasts import CountDistribution
from veedor.statistics import BlockBootstrap, generalised_gini, gini, serial_dependence
from veedor.statistics.codes import Denominator
from veedor.verification import ImpliedGain, brier_decomposition, judge, quantiles
from veedor.verification import weighted_interval_score_of_quantiles as wis

levels = st.sampled_from([0.0, 0.1, 0.25, 0.5, 0.75, 1.0])
pairs = st.lists(st.tuples(levels, st.booleans()), min_size=1, max_size=30)


@given(pairs)
def test_corp_parts_are_at_least_zero_add_up_and_know_no_order(given_pairs):
    p, event = (np.array(column) for column in zip(*given_pairs, strict=True))
    parts = brier_decomposition(p, event)
    assert parts.score == pytest.approx(np.mean((p - event) ** 2))
    assert parts.miscalibration >= -1e-15
    assert parts.discrimination >= -1e-15
    assert parts.miscalibration - parts.discrimination + parts.uncertainty == pytest.approx(
        parts.score, abs=1e-15
    )
    refitted = IsotonicRegression().fit(p, event).predict(p)
    calibrated = np.mean((refitted - event) ** 2)
    assert parts.miscalibration == pytest.approx(parts.score - calibrated, abs=1e-12)
    assert plain(brier_decomposition(p[::-1], event[::-1])) == pytest.approx(plain(parts))


@given(hnp.arrays(np.int64, st.integers(1, 12), elements=st.integers(0, 9)))
def test_generalised_gini_is_between_zero_and_the_plain(counts):
    if counts.sum() == 0:
        assert np.isnan(generalised_gini(counts))
        return
    value = generalised_gini(counts)
    assert -1e-12 <= value <= gini(counts) + 1e-12
    assert generalised_gini(counts[::-1]) == pytest.approx(value)
    differences = np.abs(counts[:, None] - counts[None]).sum()
    assert gini(counts) == pytest.approx(differences / (2 * len(counts) * counts.sum()), abs=1e-12)


@given(st.floats(1e-4, 5e3), st.sampled_from([0.0, 1e-3, 0.5, 10.0]))
def test_quantiles_rise_with_the_level(mean, alpha):
    found = quantiles(CountDistribution(np.array([mean]), alpha), [0.05, 0.3, 0.5, 0.8, 0.99])
    assert (np.diff(found[:, 0]) >= 0).all()


@given(st.lists(st.integers(0, 20), min_size=5, max_size=5).map(sorted), st.integers(0, 30))
def test_weighted_interval_score_is_never_negative_and_zero_only_if_certain(ends, seen):
    score = wis(np.array(ends)[:, None], [seen], [0.5, 0.9])[0]
    assert score >= 0.0
    assert (score == 0.0) == (set(ends) == {seen})


weekly = hnp.arrays(
    np.float64,
    st.integers(6, 40),
    elements=st.floats(-50.0, 50.0, allow_subnormal=False).map(round),
)


@given(weekly, st.floats(0.01, 100.0), st.floats(-10.0, 10.0))
def test_dependence_knows_no_unit_no_level_and_no_direction_of_time(values, unit, level):
    found = serial_dependence(values)
    if np.ptp(values) == 0.0:
        assert found is None
        return
    assert -1.0 <= found.autocorrelation <= 1.0
    assert 3.0 <= found.effective <= found.periods == len(values)
    assert found.inflation >= 1.0
    assert found.stretch(0.95) >= found.inflation - 1e-12
    assert (found.p_value <= 0.05) == (found.code == "resemble_the_one_before")
    for other in (values[::-1], unit * values + level):
        again = serial_dependence(other)
        assert again.autocorrelation == pytest.approx(found.autocorrelation, abs=1e-6)
        assert again.effective == pytest.approx(found.effective, rel=1e-5)


@given(weekly, st.integers(0, 5))
def test_no_gain_is_surer_than_by_independent_weeks(gain, seed):
    """And it is called where the interval leaves 0 out, however many weeks are worth."""
    n = len(gain)
    bootstrap = BlockBootstrap(np.arange(n), np.random.default_rng(seed), replicates=200)
    nothing = ImpliedGain(*np.zeros((5, n)))
    found = judge(bootstrap, gain, np.full(n, 20.0), nothing, of=Denominator("incidents"))
    held, plain_ends = found.estimate, found.of_independent_weeks
    assert held.low <= plain_ends.low + 1e-9
    assert held.high >= plain_ends.high - 1e-9
    alone = bootstrap.spread(gain, np.full(n, 20.0))
    assert found.p_value >= alone.p_value - 1e-9
    assert found.weeks_error >= alone.error - 1e-12
    # With fewer than eight weeks the end is a percentile of the tail that is taken as normal.
    if n >= 8 and min(abs(held.low), abs(held.high)) > 1e-9:
        assert (found.p_value <= 0.05) == (held.low > 0.0 or held.high < 0.0)
